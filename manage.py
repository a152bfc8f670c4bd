#!/usr/bin/env python
"""Run a management command: ``python manage.py help`` lists them. Settings default to the trial on this machine."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from config.start import (
        read_settings_or_stop,
    )  # after the default above, since this reads the settings

    read_settings_or_stop()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
