"""What may be uploaded: pictures are decoded and written anew, documents are known by their content (DESIGN.md §3).

A refusal is a sentence; nothing here stores anything.
"""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import decoding
from portal.fields import tidy

SHOWN = {"image/jpeg", "image/png", "image/webp"}  # in the browser; every other private file is handed out to be kept
ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/tiff,.heic,.heif"
DOCUMENT_MAX_BYTES = 20 * 1024 * 1024
OFFICE = {
    "word/document.xml": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@dataclass(frozen=True)
class Picture:
    """Bytes that we wrote ourselves: upright, without EXIF, place or camera."""

    data: bytes
    name: str
    content_type: str
    extension: str
    width: int
    height: int


@dataclass(frozen=True)
class Document:
    data: bytes
    name: str
    content_type: str
    extension: str


def _refuse(sentence: str) -> ValidationError:
    return ValidationError(sentence, code="refused_file")


def safe_name(name: str, extension: str) -> str:
    """The file's own name, fit for a database, a header and a disk, with the extension its content has."""
    stem = tidy("".join(char for char in PurePath(name.replace("\\", "/")).stem if char.isprintable()))
    stem = "".join("_" if char in '/\\:*?"<>|;%' else char for char in stem).strip(". ")
    return f"{stem[:80] or 'file'}.{extension}"


def read_picture(upload: UploadedFile) -> Picture:
    """Decode and re-encode an upload, at most decoding.LONG_SIDE pixels long; raises ValidationError with a sentence."""
    if (upload.size or 0) > settings.IMAGE_MAX_BYTES:
        raise _refuse(
            _("This picture has %(size)s; at most %(limit)s can be taken. Please send a smaller one.")
            % {"size": filesizeformat(upload.size or 0), "limit": filesizeformat(settings.IMAGE_MAX_BYTES)}
        )
    data = upload.read()
    if not data:
        raise _refuse(_("This file is empty. Please choose another one."))
    try:
        found = decoding.decode(data, most_pixels=settings.IMAGE_MAX_PIXELS, most_memory=settings.IMAGE_MEMORY_BYTES)
        picture = _written(found, upload.name or "")
        if not decoding.shows_the_same(found.small, decoding.small_of(picture.data)):
            raise _refuse(
                _("This picture would not look the same here. Please save it as an ordinary JPEG or PNG and send that.")
            )
    except decoding.Refused as refused:
        raise _refuse(_why(refused.reason)) from refused
    return picture


def _why(reason: decoding.Reason) -> str:
    match reason:
        case "moving":
            return _("Moving pictures cannot be taken. Please send a photo.")
        case "pages":
            return _("This file has several pages. Please send them one by one, or as one PDF where that can be taken.")
        case "values":
            return _(
                "The brightness of this picture cannot be read. Please save it as an ordinary JPEG or PNG and send that."
            )
        case "pixels":
            return _(
                "This picture has too many pixels; at most %(limit)d million can be taken. Please send a smaller one."
            ) % {"limit": decoding.MOST_PIXELS_EVER // 1_000_000}
        case "memory" | "time":
            return _(
                "This picture is too large to be read here. Please save it as JPEG or in a smaller size and send that."
            )
        case _:
            return _("This file cannot be read as a picture. Please send a photo as JPEG, PNG or WebP.")


def _written(found: decoding.Decoded, name: str) -> Picture:
    out = BytesIO()
    if found.image.mode == "RGBA":
        found.image.save(out, "WEBP", quality=88, method=4)
        extension, content_type = "webp", "image/webp"
    else:
        found.image.save(out, "JPEG", quality=88, optimize=True, progressive=True)
        extension, content_type = "jpg", "image/jpeg"
    return Picture(out.getvalue(), safe_name(name, extension), content_type, extension, *found.image.size)


def read_document(upload: UploadedFile) -> Document:
    """A PDF, DOCX or XLSX by its content, whatever it is called; raises ValidationError with a sentence."""
    if (upload.size or 0) > DOCUMENT_MAX_BYTES:
        raise _refuse(
            _("This document has %(size)s; at most %(limit)s can be taken. Please send a smaller one.")
            % {"size": filesizeformat(upload.size or 0), "limit": filesizeformat(DOCUMENT_MAX_BYTES)}
        )
    data = upload.read()
    if not data:
        raise _refuse(_("This file is empty. Please choose another one."))
    if data.startswith(b"%PDF-"):
        extension, content_type = "pdf", "application/pdf"
    elif found := _office_kind(data):
        extension, content_type = found
    else:
        raise _refuse(
            _("Only PDF, Word (DOCX) and Excel (XLSX) documents can be taken. Please save it as one of these.")
        )
    return Document(data, safe_name(upload.name or "", extension), content_type, extension)


def _office_kind(data: bytes) -> tuple[str, str] | None:
    if not data.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refuse(_("Documents with macros cannot be taken. Please save it without macros."))
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for marker, kind in OFFICE.items() if marker in names), None)


class PictureField(forms.FileField):
    """Cleans to a :class:`Picture`, or None where nothing was sent."""

    widget = forms.ClearableFileInput(attrs={"accept": ACCEPTED})
    default_error_messages = {
        "empty": gettext_lazy("This file is empty. Please choose another one."),
        "max_length": gettext_lazy("The file's name is too long; please shorten it."),
    }

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return read_picture(upload) if isinstance(upload, UploadedFile) else upload


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


@dataclass(frozen=True)
class Pictures:
    """Many pictures sent at once: those that can be kept, and of the others (name of the file, sentence)."""

    kept: list[Picture]
    refused: list[tuple[str, str]]


class PicturesField(forms.FileField):
    """Several pictures at once; cleans to :class:`Pictures`.

    One bad file does not send the good ones back: browsers forget what was chosen, and nobody wants to choose twelve
    photos twice. Only where none can be kept the form itself is refused, with a sentence for each file.
    """

    MOST = 12
    widget = ManyFiles(attrs={"accept": ACCEPTED})
    default_error_messages = {
        **PictureField.default_error_messages,
        "too_many": gettext_lazy("At most %(most)d pictures at a time, please; these are %(count)d."),
    }

    def clean(self, data, initial=None):
        uploads = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not uploads:
            super().clean(None, initial)  # says that one is needed
            return Pictures([], [])
        if len(uploads) > self.MOST:
            raise ValidationError(
                self.error_messages["too_many"],
                code="too_many",
                params={"most": self.MOST, "count": len(uploads)},
            )
        kept, refused = [], []
        for upload in uploads:
            try:
                kept.append(read_picture(super().clean(upload, initial)))
            except ValidationError as error:
                refused.append((safe_name(upload.name or "", _extension(upload.name or "")), error.messages[0]))
        if not kept:
            raise ValidationError([_("%(file)s: %(sentence)s") % {"file": f, "sentence": s} for f, s in refused])
        return Pictures(kept, refused)


def _extension(name: str) -> str:
    return "".join(char for char in PurePath(name).suffix[1:9] if char.isalnum()) or "?"


class DocumentField(forms.FileField):
    """Cleans to a :class:`Document`, or None. Where Party papers may be meant, the page carries the warning of M11."""

    widget = forms.ClearableFileInput(attrs={"accept": ".pdf,.docx,.xlsx"})
    default_error_messages = PictureField.default_error_messages

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault(
            "help_text", gettext_lazy("PDF, Word (DOCX) or Excel (XLSX); no classified or internal papers.")
        )
        super().__init__(**kwargs)

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return read_document(upload) if isinstance(upload, UploadedFile) else upload
