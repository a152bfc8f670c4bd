"""``manage.py load_demo``: the demo year into an empty database; ``--check`` only reads the files."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo import coverage, loader, schema
from demo.areas.accounts import told
from demo.source import FOLDER, DemoRefused


class Command(BaseCommand):
    help = "Load the demo year (demo/data/*.yaml) into an empty database, and write its accounts to demo_accounts.txt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER, help="where the files lie (default: demo/data)")
        parser.add_argument("--check", action="store_true", help="only check the files, load nothing")
        parser.add_argument("--outside-trial", action="store_true", help="load although this is no trial installation")

    def handle(self, *args: Any, folder: Path, check: bool, outside_trial: bool, **options: Any) -> None:
        started = time.monotonic()
        if not (check or settings.TRIAL or outside_trial):
            raise CommandError(
                "The demo year was not loaded: this is no trial (TRIAL is off), and the demo's staff accounts have second "
                "factors that everybody can read in its files. Add --outside-trial if you mean it."
            )
        try:
            if check:
                schema.checked(folder)
                self.stdout.write("Every file is as it should be.")
                return
            loaded = loader.load(folder)
        except DemoRefused as refusal:
            count = len(refusal.problems)
            raise CommandError(
                f"The demo year was not loaded ({count} problem{'' if count == 1 else 's'}):\n{refusal}"
            ) from refusal
        sheet = told(loaded.accounts, settings.SITE_URL)
        path = keep_secret(Path(settings.VAR_DIR) / "demo_accounts.txt", sheet)
        self.stdout.write(coverage.told(loaded.files.content))
        self.stdout.write("")
        self.stdout.write(sheet)
        self.stdout.write(f"The accounts stand in {path} too. Loaded in {time.monotonic() - started:.1f} s.")


def keep_secret(path: Path, text: str) -> Path:
    """Write ``text`` so that nobody but the owner ever could read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return path
