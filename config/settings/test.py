"""For pytest: quick and closed. DATABASE_URL is honoured, so that one suite runs on SQLite and on PostgreSQL."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403 - settings modules extend each other this way
from config.settings.base import CACHES, DATABASES, INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]  # tests look at pages with the demo year behind them

SECRET_KEY = "only-for-tests-" + "0" * 50
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
TRIAL = False
SITE_URL = "http://testserver"

# Each run, and each of xdist's processes, has files of its own, so that two runs do not get into each other's way.
# In memory where that is possible: the tests write a database each and wait for no disk.
_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
_FILES = Path(tempfile.mkdtemp(prefix="portal-tests-", dir=_MEMORY))
atexit.register(shutil.rmtree, _FILES, ignore_errors=True)
MEDIA_ROOT = _FILES / "media"
PRIVATE_ROOT = _FILES / "private"
MAILBOX_DIR = _FILES / "mailbox"
STORAGES["public"]["OPTIONS"]["location"] = MEDIA_ROOT
STATIC_ROOT = _FILES / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

# Tests look at what a view makes; those of the page cache turn it on (fixture page_cache).
PAGE_CACHE_BYTES = 0
CACHES["shared"] = {**CACHES["default"], "LOCATION": "shared"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # no scan of all static files for each client

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because tests with threads need more than one connection to the same database; one for each process.
    DATABASES["default"]["TEST"] = {"NAME": str(_FILES / "test.sqlite3")}

# Playwright's event loop runs in the thread of the browser tests, where they also use the ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
