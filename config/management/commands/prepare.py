"""``manage.py prepare``: translations, migrations, static files, and the demo year in a trial; safe to call again."""

from pathlib import Path
from typing import Any

import polib
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

from config.start import refuse_unreachable
from people.models import Neighbourhood


class Command(BaseCommand):
    help = (
        "Bring translations and database up to date; in trial mode load the demo year into an empty database, "
        "otherwise collect the static files."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unreachable()
        compile_catalogues()
        self.stdout.write("Bringing the database up to date …")
        call_command("migrate", interactive=False, verbosity=1 if options["verbosity"] > 1 else 0)
        if not settings.TRIAL:
            self.stdout.write("Collecting the static files …")
            call_command("collectstatic", interactive=False, verbosity=0)
            write_closed_page()
        elif apps.is_installed("demo") and not Neighbourhood.objects.exists():
            self.stdout.write("Loading the demo year …")
            call_command("load_demo", stdout=self.stdout, stderr=self.stderr)


def write_closed_page() -> None:
    """For nginx, which shows it while the portal itself is away (deploy/nginx.conf)."""
    page = render_to_string("503.html", {"phone": settings.COMPLAINT_PHONE})
    (Path(settings.STATIC_ROOT) / "closed.html").write_text(page, encoding="utf-8")


def compile_catalogues() -> None:
    """Make the .mo files that are missing or older than their .po; a plain Debian has no msgfmt."""
    for folder in settings.LOCALE_PATHS:
        for po in Path(folder).glob("*/LC_MESSAGES/*.po"):
            mo = po.with_suffix(".mo")
            if not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns:
                polib.pofile(str(po)).save_as_mofile(str(mo))
