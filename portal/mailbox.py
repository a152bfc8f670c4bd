"""Reading the mailbox of a trial: the files that portal.mail.MailboxBackend writes."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from typing import Any

from django.conf import settings

NAME = re.compile(r"[0-9]{20}-[0-9]+-[0-9]+\.eml")


@dataclass(frozen=True)
class Entry:
    """A line of the list. ``at``: when it was written, by the trial's clock."""

    name: str
    at: datetime | None
    to: str
    subject: str


@dataclass(frozen=True)
class Attachment:
    number: int
    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Mail:
    entry: Entry
    sender: str
    headers: list[tuple[str, str]]
    text: str
    html: str
    attachments: list[Attachment]


def entries(words: str = "") -> list[Entry]:
    """All mails, the newest first; with ``words`` only those that have them in address or subject."""
    folder = Path(settings.MAILBOX_DIR)
    known = _index(folder)
    names = sorted((path.name for path in folder.glob("*.eml") if NAME.fullmatch(path.name)), reverse=True)
    found = [known.get(name) or _entry(name, _parse(folder / name)) for name in names]
    words = words.strip().casefold()
    return [one for one in found if words in f"{one.to} {one.subject}".casefold()]


def read(name: str) -> Mail | None:
    """The mail in the file ``name``; None when there is none of that name."""
    path = Path(settings.MAILBOX_DIR) / name
    if not NAME.fullmatch(name) or not path.is_file():
        return None
    mime = _parse(path)
    attachments = [
        Attachment(number, part.get_filename() or f"{number}", part.get_content_type(), _bytes(part))
        for number, part in enumerate(mime.iter_attachments(), start=1)
    ]
    return Mail(
        entry=_entry(name, mime),
        sender=_header(mime, "From"),
        headers=[(key, _one_line(value)) for key, value in mime.items()],
        text=_words(mime, "plain"),
        html=_words(mime, "html"),
        attachments=attachments,
    )


def _index(folder: Path) -> dict[str, Entry]:
    path = folder / "index.jsonl"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    found = {}
    for line in lines:
        try:
            row: dict[str, Any] = json.loads(line)
            found[row["file"]] = Entry(
                row["file"], datetime.fromisoformat(row["clock"]), ", ".join(row["to"]), row["subject"]
            )
        except (ValueError, KeyError, TypeError):
            continue  # half a line of a process that was killed; its mail is read from its own file
    return found


def _parse(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _entry(name: str, mime: EmailMessage) -> Entry:
    try:
        at = datetime.fromisoformat(_header(mime, "X-Portal-Clock"))
    except ValueError:
        at = None
    return Entry(name, at, _header(mime, "To"), _header(mime, "Subject"))


def _header(mime: EmailMessage, key: str) -> str:
    return _one_line(mime.get(key, ""))


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


def _words(mime: EmailMessage, subtype: str) -> str:
    part = mime.get_body(preferencelist=(subtype,))
    return part.get_content() if part is not None else ""


def _bytes(part: MIMEPart) -> bytes:
    content = part.get_content()
    return content.encode() if isinstance(content, str) else bytes(content)
