"""How mail leaves: one kept connection for many mails, and the mailbox of files that a trial sends to."""

import json
import os
import smtplib
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as DjangoSMTPBackend

from portal import clock

SMTP_OF_DJANGO = "django.core.mail.backends.smtp.EmailBackend"
CLOSING = 421  # "service not available, closing the channel": about the server, whatever command it answers
TOO_LARGE = 552  # the one answer to MAIL FROM that is about the mail itself


class NotSent(Exception):
    """A mail did not leave; the text says why, for staff."""


class Unavailable(NotSent):
    """The server takes no mail now; nothing is wrong with the mail."""


class Lost(NotSent):
    """The connection broke. ``in_doubt``: the whole mail may have arrived before it did."""

    def __init__(self, reason: str, *, in_doubt: bool) -> None:
        super().__init__(reason)
        self.in_doubt = in_doubt


class Refused(NotSent):
    """This one mail was refused; others may go. ``for_good``: trying again is useless."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.for_good = for_good


class _Notes(smtplib.SMTP):
    """Remembers whether the server waits for a mail's text (354): what breaks from there on may have arrived."""

    text_asked_for = False

    def getreply(self) -> tuple[int, bytes]:
        code, answer = super().getreply()
        self.text_asked_for = code == 354
        return code, answer


class _SMTP(_Notes):
    pass


class _SMTPOverTLS(_Notes, smtplib.SMTP_SSL):
    pass


class SMTPBackend(DjangoSMTPBackend):
    """Django's, with a connection that knows whether a mail may have arrived before it broke."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SMTPOverTLS if self.use_ssl else _SMTP


class Carrier:
    """Carries mails over one connection, opened at the first and kept for the next ones. Use as a context manager."""

    def __init__(self) -> None:
        self._backend: Any = None
        self.carried = 0  # over the present connection

    def open(self) -> None:
        """Raises Unavailable when there is no connection to be had."""
        if self._backend is not None:
            return
        own = "portal.mail.SMTPBackend" if settings.EMAIL_BACKEND == SMTP_OF_DJANGO else None
        backend = get_connection(own, fail_silently=False)
        try:
            backend.open()
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(_reason(error)) from error
        self._backend, self.carried = backend, 0

    def send(self, mail: EmailMessage) -> None:
        """Raises a NotSent; anything but Refused means that this connection is at its end, and closes it."""
        self.open()
        try:
            self._backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            self._answered(code, answer, error)
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code != TOO_LARGE:
                self.close()
                raise Unavailable(_answer(error.smtp_code, error.smtp_error)) from error
            self._answered(error.smtp_code, error.smtp_error, error)
        except smtplib.SMTPResponseException as error:
            self._answered(error.smtp_code, error.smtp_error, error)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            in_doubt = getattr(getattr(self._backend, "connection", None), "text_asked_for", False)
            self.close()
            raise Lost(_reason(error), in_doubt=in_doubt) from error
        except ValueError as error:  # an address or a header that no server would take
            raise Refused(_reason(error), for_good=True) from error
        except smtplib.SMTPException as error:
            raise Refused(_reason(error), for_good=False) from error
        self.carried += 1

    def _answered(self, code: int, answer: bytes | str, error: Exception) -> None:
        reason = _answer(code, answer)
        if code == CLOSING:
            self.close()
            raise Lost(reason, in_doubt=False) from error
        raise Refused(reason, for_good=code >= 500) from error

    def close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            with suppress(smtplib.SMTPException, OSError):  # a farewell that fails harms nothing
                backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return f"{code} {' '.join(text.split())}"


def _reason(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


_numbers = count()


class MailboxBackend(BaseEmailBackend):
    """Writes each mail as a file of its own to MAILBOX_DIR, where ``/mailbox/`` and any mail program can read it.

    A file appears whole or not at all. ``index.jsonl`` in the same folder lists them, one line each.
    """

    def send_messages(self, email_messages: Any) -> int:
        for mail in email_messages:
            self._write(mail)
        return len(email_messages)

    def _write(self, mail: EmailMessage) -> None:
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        now = clock.now()
        mime = mail.message()
        mime["X-Portal-Clock"] = now.isoformat()
        # Real time first, so that names sort by arrival also after the trial clock was set back with a new database.
        name = f"{time.time_ns():020}-{os.getpid()}-{next(_numbers)}.eml"
        draft = folder / f".{name}.part"
        with draft.open("wb") as file:
            file.write(mime.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / name)
        line = {"file": name, "clock": now.isoformat(), "to": mail.recipients(), "subject": str(mail.subject)}
        with (folder / "index.jsonl").open("a", encoding="utf-8") as index:
            index.write(json.dumps(line, ensure_ascii=False) + "\n")
