"""For a server: everything that matters must be set, and what is missing stops the start with one sentence."""

from config.settings import environment as env
from config.settings.base import *  # noqa: F403 - settings modules extend each other this way
from config.settings.base import DATABASES, STORAGES


def _secret_key() -> str:
    key = env.text("SECRET_KEY", expected="a random text of at least 50 characters")
    if len(key) < 50 or len(set(key)) < 5:
        raise env.SettingError(
            "SECRET_KEY is too short or too simple; it must be a random text of at least 50 characters."
        )
    return key


def _allowed_hosts() -> list[str]:
    hosts = env.words("ALLOWED_HOSTS", expected="the portal's host names, separated by commas")
    for host in hosts:
        if "/" in host or (":" in host and not host.startswith("[")):
            raise env.SettingError(
                f"ALLOWED_HOSTS holds {host!r}, but must hold host names without scheme, port or path."
            )
    return hosts


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = _allowed_hosts()
SITE_URL = env.address("SITE_URL")
TRIAL = False

DATABASES["default"] = {
    **env.database(),
    "CONN_HEALTH_CHECKS": True,
    "CONN_MAX_AGE": env.integer("CONN_MAX_AGE", default=60),
}
CELERY_BROKER_URL = env.broker(memory=False)
globals().update(env.email())
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", expected="the sender of all mails, like portal@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.text("CACHE_URL", default=CELERY_BROKER_URL),
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 3, "socket_timeout": 3},  # pages go on when it is away
    }
}
CACHES["shared"] = CACHES["default"]
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
STORAGES["staticfiles"] = {"BACKEND": "config.statics.JoinedStaticFilesStorage"}

# HTTPS=false is for a trial behind nothing at all, or a bench; a portal that people use runs with HTTPS.
HTTPS = env.switch("HTTPS", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [
    r"^healthz$",
    r"^readyz$",
]  # asked by the machine itself, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# nginx stands in front and says who asked; rates are counted by that address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", default=1)
