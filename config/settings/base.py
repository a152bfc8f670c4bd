"""Settings that hold everywhere. What differs between machines comes from the environment, read here once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from config.settings import environment as env

env.read_file_named_in_environment()

BASE_DIR = env.BASE_DIR
VAR_DIR = Path(env.text("VAR_DIR", default=str(BASE_DIR / "var")))


DEBUG = False
SITE_URL = env.address("SITE_URL", default="http://127.0.0.1:8000")

# The domain, lowest floor of the tower of imports first.
DOMAIN_APPS = ["people", "activities", "community", "projects", "volunteers", "events"]
INSTALLED_APPS = [
    "config",
    "portal",
    *DOMAIN_APPS,
    "config.admin.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "simple_history",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.page_cache.middleware.PageCacheMiddleware",  # a hit spares all below
    "csp.middleware.CSPMiddleware",
    "people.views.sessions.SharedComputerMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "people.views.middleware.PortalMiddleware",
    "people.views.kept_words.KeptWordsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.portal",
            ],
        },
    },
]
# Our templates/ also holds the look of forms, so Django's form renderer searches it too.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# Data. No ATOMIC_REQUESTS: a read inside a transaction would wait for the writer on SQLite; operations open their own.
DATABASES = {"default": env.database(default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # What all processes must agree on at once: the version of the public pages. Files, because a trial has no Redis.
    "shared": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "shared",
    },
}
# Public pages in the memory of each web process (docs/rules/caching.md); 0 turns it off, for web and worker alike.
PAGE_CACHE_BYTES = env.integer("PAGE_CACHE_MB", default=8) * 1024 * 1024

# Words and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Files. Nothing but published derivatives lies in MEDIA_ROOT; all else is private and served by a view that asks.
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", default=str(VAR_DIR / "media")))
PRIVATE_ROOT = Path(env.text("PRIVATE_ROOT", default=str(VAR_DIR / "private")))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "portal.storage.PrivateStorage"},
    "public": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": MEDIA_URL},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Of public files and collected ones, which nginx serves as a user of its own; private ones: portal.storage.
FILE_UPLOAD_PERMISSIONS = 0o644
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755
# These bound the text of a form; files go to disk and are refused by the form itself, with a sentence.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 40
IMAGE_MAX_BYTES = 40 * 1024 * 1024  # what phones of 108 million pixels write
IMAGE_MAX_PIXELS = 24_000_000  # decoded by a web process; what is larger by one of its own, with this much memory:
IMAGE_MEMORY_BYTES = 1024 * 1024 * 1024

# Security
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "people.views.kept_words.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # the first look of a photo stands in the page (portal/renditions.py)
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Accounts (allauth): edited by whoever works on people/ ---
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    # Permissions come from role grants, log-in by password or code from allauth.
    "people.access.grants.RoleBackend",
    "people.adapters.LoginBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/me/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # makes allauth's log-in form ask for one; its sign-up is closed
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
# Codes (people.views.login_code): six digits are read out over a shoulder; time enough to find the mail on another device.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = ACCOUNT_LOGIN_BY_CODE_FORMAT
# Of allauth's own pages; the log-in has brakes in the database that refuse nobody's address (people/operations/log_in_codes.py).
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "40/m/ip,3/m/key,12/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", default=0)
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {"add_email": "people.forms.about_me.AddressForm"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
STAFF_PROOF_HOURS = env.integer("STAFF_PROOF_HOURS", default=12, least=1)  # then the time code is asked for again
# --- end of accounts ---

# The portal
PORTAL_NAME = env.text("PORTAL_NAME", default="宜居家园")
MFA_TOTP_ISSUER = PORTAL_NAME
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONTACT_EMAIL = env.text("CONTACT_EMAIL", default="")  # answers to mails, where a residential area has no e-mail
ICP_NUMBER = env.text("ICP_NUMBER", default="")
POLICE_NUMBER = env.text("POLICE_NUMBER", default="")
OPERATOR_NAME = env.text("OPERATOR_NAME", default="")
COMPLAINT_EMAIL = env.text("COMPLAINT_EMAIL", default="")
COMPLAINT_PHONE = env.text("COMPLAINT_PHONE", default="")
TRIAL = False
TRIAL_STARTS_AT = env.moment("TRIAL_STARTS_AT", default="2018-12-20T09:00:00+08:00")
MAILBOX_DIR = VAR_DIR / "mailbox"
TRAIL_RATE_LIMITS = {"stamp": "60/m/user", "word": "10/h/user"}
COVER_INSPECTION_MONTHS = env.integer("COVER_INSPECTION_MONTHS", default=3, least=1)  # P4: quarterly

# Reminders, offers and messages: docs/rules/messages.md and docs/rules/seats.md. Times of day are Asia/Shanghai.
REMINDER_TIME = env.hour("REMINDER_TIME", default="18:00")
QUIET_FROM = env.hour("QUIET_FROM", default="21:00")
QUIET_UNTIL = env.hour("QUIET_UNTIL", default="08:00")
QUIET_EARLIER = env.hour("QUIET_EARLIER", default="20:30")
OFFER_FROM = env.hour("OFFER_FROM", default="08:00")
OFFER_UNTIL = env.hour("OFFER_UNTIL", default="20:00")
SEATS_PER_ACCOUNT = env.integer(
    "SEATS_PER_ACCOUNT", default=6, least=1
)  # in one activity; an activity may say otherwise
OFFER_HOURS = env.integer("OFFER_HOURS", default=12, least=1)
CONSENT_HOURS = env.integer("CONSENT_HOURS", default=48, least=1)
CONSENT_REMINDER_HOURS = env.integer("CONSENT_REMINDER_HOURS", default=12, least=1)  # before the seat is released
GUARDIAN_INVITATION_DAYS = env.integer("GUARDIAN_INVITATION_DAYS", default=14, least=1)
AUTO_PROMOTION_HOURS = env.integer("AUTO_PROMOTION_HOURS", default=24)
FIRST_FIT_HOURS = env.integer("FIRST_FIT_HOURS", default=24)
OUTBOX_BATCH = env.integer("OUTBOX_BATCH", default=20, least=1)
OUTBOX_LEASE_SECONDS = env.integer("OUTBOX_LEASE_SECONDS", default=120, least=10)
OUTBOX_MAX_ATTEMPTS = env.integer("OUTBOX_MAX_ATTEMPTS", default=6, least=1)
MAIL_TOKEN_DAYS = env.integer("MAIL_TOKEN_DAYS", default=30, least=1)
# Calendar days (D1, D3): between the notice and the day itself, and until the result is due.
DELIBERATION_NOTICE_DAYS = env.integer("DELIBERATION_NOTICE_DAYS", default=5)
COORDINATION_NOTICE_DAYS = env.integer("COORDINATION_NOTICE_DAYS", default=2)
RESULT_DAYS = env.integer("RESULT_DAYS", default=5, least=1)
BOUNCE_MAILBOX = env.imap("BOUNCE_MAILBOX", default="")  # where mails of DEFAULT_FROM_EMAIL come back; empty: not read
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", default=15, least=1)

# Design drafts and the news of projects: docs/rules/drafts.md.
DRAFT_NOTICE_DAYS = env.integer("DRAFT_NOTICE_DAYS", default=7, least=1)
FEEDBACK_SETTLE_MINUTES = env.integer("FEEDBACK_SETTLE_MINUTES", default=30)
DIGEST_WEEKDAY = env.integer("DIGEST_WEEKDAY", default=5, least=1)  # 1 Monday to 7 Sunday
DIGEST_TIME = env.hour("DIGEST_TIME", default="18:00")

# Celery only carries the work; the database rows are the queue of record, so a lost task is caught by the next sweep.
CELERY_BROKER_URL = env.broker(default="memory://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# After this long Redis hands an unfinished task to another worker; the claims on its rows keep two from doing the same.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 15 * 60,
    "socket_connect_timeout": 3,  # a request that wakes the worker must not hang on a broker that is away
}
CELERY_TASK_DEFAULT_QUEUE = "portal"
CELERY_BEAT_SCHEDULER = "config.beat:BeatingScheduler"
# An old sweep has nothing to do that the newest does not: `expires` keeps them from piling up behind a stopped worker.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "dispatch-outbox": {
        "task": "people.tasks.dispatch_outbox",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "queue-due-reminders": {
        "task": "activities.tasks.queue_due_reminders",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "lapse-offers": {
        "task": "activities.tasks.lapse_offers",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "read-bounces": {
        "task": "people.tasks.read_bounces",
        "schedule": 300,
        "options": {"expires": 290},
    },
    "finish-past-activities": {
        "task": "activities.tasks.finish_past_activities",
        "schedule": 300,
        "options": {"expires": 290},
    },
    "tend-rotas": {
        "task": "volunteers.tasks.tend_rotas",
        "schedule": 300,
        "options": {"expires": 290},
    },
    "sweep-search": {
        "task": "people.tasks.sweep_search",
        "schedule": 600,
        "options": {"expires": 590},
    },
    "rebuild-search": {
        "task": "people.tasks.rebuild_search",
        "schedule": crontab(hour="19", minute="40"),  # UTC: at 03:40 in Shanghai nobody searches
    },
    "make-renditions": {
        "task": "people.tasks.make_renditions",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "sweep-public-files": {
        "task": "people.tasks.sweep_public_files",
        "schedule": 600,
        "options": {"expires": 590},
    },
    "tell-feedback-outcomes": {
        "task": "projects.tasks.tell_feedback_outcomes",
        "schedule": 300,
        "options": {"expires": 290},
    },
    "queue-project-digests": {
        "task": "projects.tasks.queue_project_digests",
        "schedule": 300,
        "options": {"expires": 290},
    },
    # Run by a worker, which says so in its row; beat writes its own (config/beat.py), so the two can be told apart.
    "heartbeat": {
        "task": "people.tasks.heartbeat_worker",
        "schedule": 30,
        "options": {"expires": 60},
    },
}
# Ready means: worker and beat were heard within this many seconds.
HEARTBEAT_MAX_AGE_SECONDS = 300

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.text("LOG_LEVEL", default="INFO").upper(),
    },
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.worker.consumer.connection": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "kombu": {"level": "ERROR"},  # it warns that memory:// has no host
    },
}
