"""The trial on one machine: SQLite, embedded worker and beat, mails to files. URLs in the environment replace each."""

import secrets

from config.settings import environment as env
from config.settings.base import *  # noqa: F403 - settings modules extend each other this way
from config.settings.base import INSTALLED_APPS, STATIC_ROOT, VAR_DIR

INSTALLED_APPS = [*INSTALLED_APPS, "demo"]  # the demo year and its command load_demo, for trials

DEBUG = env.switch("DEBUG", default=False)
TRIAL = env.switch("TRIAL", default=True)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])


def _own_secret_key() -> str:
    """A key made on the first start and kept, so that sessions and links in mails outlive a restart."""
    path = VAR_DIR / "secret_key"
    try:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # empty, but whitenoise asks for it
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text().strip()
    except OSError as error:
        raise env.SettingError(f"the folder {VAR_DIR} cannot be written ({error.strerror}).") from error


SECRET_KEY = env.text("SECRET_KEY", default=_own_secret_key())

WHITENOISE_USE_FINDERS = True  # no collectstatic in the trial

if mail := env.email(default=""):
    globals().update(mail)
elif TRIAL:
    EMAIL_BACKEND = "portal.mail.MailboxBackend"
else:
    raise env.SettingError("EMAIL_URL is not set; without TRIAL it must be an SMTP address.")
