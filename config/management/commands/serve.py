"""``manage.py serve``: the trial, with web, worker and beat in one process."""

import re
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from config import embedded
from config.settings import environment as env
from config.start import refuse_unreachable
from portal import clock


class Command(BaseCommand):
    help = "Serve the portal with its worker and beat as one process, for trials and very small installations."
    requires_system_checks = []  # bootstrap.py and CI run them; a second start must be quick

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host",
            default="127.0.0.1",
            help="address to listen on; for other devices also set ALLOWED_HOSTS and SITE_URL (default: this machine only)",
        )
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        refuse_unreachable()
        signal.signal(signal.SIGTERM, _interrupt)
        if not env.env.str("SITE_URL", default=""):
            # Links in mails must lead to where this very process listens.
            settings.SITE_URL = f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}"
        try:
            with embedded.alone_on_the_database():
                self.serve(host, port)
        except embedded.AlreadyServed as refusal:
            raise CommandError(f"The portal did not start: {refusal}") from refusal

    def serve(self, host: str, port: int) -> None:
        try:
            server = embedded.web_server(host, port, get_wsgi_application())
        except OSError as error:
            raise CommandError(
                f"The portal did not start: {host}:{port} cannot be listened on ({error.strerror}); try another --port."
            ) from error
        try:
            with clock.keep_running(), embedded.worker_and_beat():
                self.announce()
                server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            # A second signal while the threads wind down would only leave them half done.
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            server.server_close()
        self.stdout.write("Stopped.")

    def announce(self) -> None:
        self.stdout.write("")
        if settings.TRIAL:
            accounts = Path(settings.VAR_DIR) / "demo_accounts.txt"
            if accounts.is_file():
                # The sheet names the address of the day it was written; this start may have another port.
                sheet = re.sub(r"http://127\.0\.0\.1:\d+", settings.SITE_URL, accounts.read_text(encoding="utf-8"))
                self.stdout.write(sheet.rstrip() + "\n\n")
            self.stdout.write(f"Mails and clock:  {settings.SITE_URL}/mailbox/")
            self.stdout.write(f"Trial clock:      {timezone.localtime(clock.now()):%Y-%m-%d %H:%M}")
        self.stdout.write(
            self.style.SUCCESS(f"{settings.PORTAL_NAME} is at   {settings.SITE_URL}/   (Ctrl-C stops it)")
        )
        self.stdout.flush()
        sys.stderr.flush()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
