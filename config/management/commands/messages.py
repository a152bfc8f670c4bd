"""Bring the Chinese catalogue up to date; no gettext needed."""

from django.core.management.base import BaseCommand

from config import catalogue


class Command(BaseCommand):
    help = "Collects what code and templates say into locale/zh_Hans, takes out what is no longer said, lists the gaps."

    def handle(self, *args, **options) -> None:
        added, gone = catalogue.update()
        self.stdout.write(f"{added} new, {gone} taken out.")
        for line in catalogue.gaps():
            self.stdout.write(line)
