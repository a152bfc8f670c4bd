"""Read or move the clock of a trial: ``manage.py trial_clock --forward 9h``."""

import re
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import clock, sweeps
from portal.dates import day_long, hm

UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def span(text: str) -> timedelta:
    """9h, 30m, 1d, 1d12h …; raises ValueError."""
    if not re.fullmatch(r"(\d{1,4}[dhm])+", text):
        raise ValueError(text)
    return sum((timedelta(**{UNITS[unit]: int(n)}) for n, unit in re.findall(r"(\d+)([dhm])", text)), timedelta())


class Command(BaseCommand):
    help = "Tell the time of a trial, or move its clock forward; every sweep runs after each step of 15 minutes."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forward", metavar="SPAN", help="how far: 9h, 30m, 1d, 1d12h")

    def handle(self, *args, forward: str | None = None, **options) -> None:
        if not clock.is_trial():
            raise CommandError("This portal is not on trial; its clock is the real one.")
        if forward is not None:
            try:
                step = span(forward)
                clock.jump(step, sweeps.run_all)
            except ValueError as error:
                raise CommandError(f"{forward!r} is no way forward; write it like 9h, 30m, 1d or 1d12h.") from error
        now = clock.now()
        self.stdout.write(f"{day_long(now)} {hm(now)}")
