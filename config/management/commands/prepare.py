from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand

from config.start import refuse_unreachable
from people.models import Neighbourhood


class Command(BaseCommand):
    help = "Bring the database up to date; in trial mode also load the demo year when the database is empty."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unreachable()
        self.stdout.write("Bringing the database up to date …")
        call_command("migrate", interactive=False, verbosity=1 if options["verbosity"] > 1 else 0)
        if settings.TRIAL and not Neighbourhood.objects.exists() and "load_demo" in get_commands():
            self.stdout.write("Loading the demo year …")
            call_command("load_demo", stdout=self.stdout, stderr=self.stderr)
