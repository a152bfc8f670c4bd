"""The settings of production without its demands: the bench sets up its own database and asks nobody for a host name."""

import os

from config.settings.base import *  # noqa: F403 - settings modules extend each other this way
from config.settings.base import DATABASES, MIDDLEWARE, STORAGES

SECRET_KEY = "bench-" + "0123456789" * 6
ALLOWED_HOSTS = ["127.0.0.1"]
SITE_URL = "http://127.0.0.1"
TRIAL = False
DEBUG = False
ROOT_URLCONF = "bench.urls"
DATABASES["default"]["CONN_MAX_AGE"] = 600
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
if CACHE_URL := os.environ.get("BENCH_CACHE_URL", ""):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_URL,
            "KEY_PREFIX": "bench",
        }
    }
    CACHES["shared"] = CACHES["default"]
    CELERY_BROKER_URL = CACHE_URL
else:
    SESSION_ENGINE = "django.contrib.sessions.backends.db"
    CELERY_BROKER_URL = "memory://"
EMAIL_BACKEND = (
    "portal.mail.SMTPBackend" if os.environ.get("BENCH_SMTP_BACKEND") else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("BENCH_SMTP_PORT", "2525"))
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
LOGGING = {"version": 1, "disable_existing_loggers": True}
ACCOUNT_RATE_LIMITS = False
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "bench" / "templates"]  # type: ignore[has-type]  # noqa: F405
