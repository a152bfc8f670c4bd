"""``manage.py open_neighbourhood lane-600 --name …``: the first thing on a new server, before any staff exist."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import get_resolver

from people.models import Neighbourhood


def taken_words() -> set[str]:
    """First words of the portal's own addresses; an area called "admin" would never be found."""
    patterns = list(get_resolver().url_patterns)
    for resolver in get_resolver().url_patterns:
        patterns += getattr(resolver, "url_patterns", [])
    words = {str(pattern.pattern).lstrip("^").partition("/")[0] for pattern in patterns}
    return {word for word in words if word and "<" not in word}


class Command(BaseCommand):
    help = "Make a residential area; its staff follow by add_staff, everything else in the admin."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="its part of every address, as it will stand on posters: lane-600")
        parser.add_argument("--name", required=True, help="its full name: 宝昌路600弄居民区")
        parser.add_argument("--short-name", default="", help="as it stands in the header: 宝昌路600弄")
        parser.add_argument(
            "--closed", action="store_true", help="keep it from the public until staff open it in the admin"
        )

    def handle(self, *args, slug, name, short_name, closed, **options):
        if slug in taken_words():
            raise CommandError(f"“{slug}” is a word of the portal's own addresses; please choose another.")
        area = Neighbourhood(slug=slug, name=name, short_name=short_name, is_open=not closed)
        try:
            area.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        area.save()
        self.stdout.write(f"{area.name} is at {area.get_absolute_url()}")
        self.stdout.write(f"Next: manage.py add_staff name@example.org --role system_admin --neighbourhood {slug}")
