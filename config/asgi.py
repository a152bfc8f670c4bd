"""The ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

from config.start import GUNICORN_BOOT_ERROR, read_settings_or_stop

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
read_settings_or_stop(code=GUNICORN_BOOT_ERROR)

application = get_asgi_application()
