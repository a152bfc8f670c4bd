"""Write down anew everything that can be found: ``manage.py rebuild_search``."""

from django.core.management.base import BaseCommand

from people.search import index


class Command(BaseCommand):
    help = "Read every public row again for the search; also done every night, so it is needed only after moving data."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{index.rebuild()} documents can be found.")
