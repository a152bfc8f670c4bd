"""Forms as somebody fills them in who has no bad intentions: read from the page's HTML, each field with something that fits."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.conftest import NOW

TODAY = NOW.date().isoformat()
BY_TYPE = {
    "date": TODAY,
    "time": "08:00",
    "number": "1",
    "email": "new@example.org",
    "tel": "12345",
    "url": "https://example.org",
}


ADMIN = {"vDateField", "vTimeField"}  # Django's own boxes for a day and an hour


@dataclass
class Form:
    """``fields``: what is sent; ``typed``: of these, what somebody has written in words; ``buttons``: (name, value) each.

    others: what else could be chosen in a field.
    """

    action: str
    method: str
    fields: dict[str, list] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)


def paper() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#a83c28").save(out, "PNG")
    return SimpleUploadedFile("paper.png", out.getvalue(), "image/png")


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select: dict | None = None
        self.text: dict | None = None

    def handle_starttag(self, tag, attrs) -> None:
        about = dict(attrs)
        if tag == "form":
            self.form = Form(about.get("action") or "", (about.get("method") or "get").lower())
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input":
            self._input(self.form, about)
        elif tag == "button" and about.get("type", "submit") == "submit":
            self.form.buttons.append((about.get("name") or "", about.get("value") or ""))
        elif tag == "select" and about.get("name"):
            self.select = {"name": about["name"], "values": [], "chosen": []}
        elif tag == "option" and self.select is not None:
            value = about.get("value")
            self.select["values"].append(value)
            if "selected" in about and value:
                self.select["chosen"].append(value)
        elif tag == "textarea" and about.get("name"):
            self.text = {"name": about["name"], "words": "", "most": about.get("maxlength")}

    def _input(self, form: Form, about: dict) -> None:
        name, kind, value = about.get("name"), about.get("type", "text"), about.get("value") or ""
        if not name or "disabled" in about:
            return
        if kind == "hidden":
            form.fields.setdefault(name, []).append(value)
        elif kind == "checkbox":
            form.fields.setdefault(name, []).append(about.get("value") or "on")
        elif kind == "radio":
            if "checked" in about:
                form.fields[name] = [value]
            elif value and form.fields.setdefault(name, [value]) != [value]:
                form.others.setdefault(name, []).append(value)
        elif kind == "file":
            form.fields[name] = [paper()]
        elif kind in {"submit", "image"}:
            form.buttons.append((name, value))
        elif kind in {"text", "search"} and not ADMIN & set((about.get("class") or "").split()):
            self._write(form, name, value, about.get("maxlength"))
        elif kind == "text":
            form.fields[name] = [value or (TODAY if "vDateField" in (about.get("class") or "") else "08:00")]
        else:
            form.fields[name] = [value or BY_TYPE.get(kind, "1")]

    def _write(self, form: Form, name: str, value: str, most: str | None) -> None:
        words = value or f"写的{name.replace('_', '')}"[: int(most or 40)]
        form.fields[name] = [words]
        form.typed[name] = words

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text["words"] += data

    def handle_endtag(self, tag) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select is not None and self.form is not None:
            real = [value for value in self.select["values"] if value]
            chosen = self.select["chosen"] or real[:1]
            if chosen:
                self.form.fields[self.select["name"]] = chosen
                self.form.others[self.select["name"]] = [one for one in real if one not in chosen]
            self.select = None
        elif tag == "textarea" and self.text is not None and self.form is not None:
            self._write(self.form, self.text["name"], self.text["words"].strip(), self.text["most"])
            self.text = None


class AsItStands(Reader):
    """Reads what a browser would send if somebody pressed the button and touched nothing."""

    def _input(self, form: Form, about: dict) -> None:
        name, kind = about.get("name"), about.get("type", "text")
        if kind == "submit":
            form.buttons.append((name or "", about.get("value") or ""))
        if not name or "disabled" in about or kind in {"submit", "image", "file", "button"}:
            return
        if kind in {"checkbox", "radio"} and "checked" not in about:
            return
        form.fields.setdefault(name, []).append(about.get("value", "on" if kind == "checkbox" else ""))

    def _write(self, form: Form, name: str, value: str, most: str | None) -> None:
        form.fields.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs) -> None:
        super().handle_starttag(tag, attrs)
        if tag == "select" and self.select is not None:
            self.select["many"] = "multiple" in dict(attrs)

    def handle_endtag(self, tag) -> None:
        if tag == "select" and self.select is not None and self.form is not None:
            first = [] if self.select["many"] else self.select["values"][:1]
            self.form.fields.setdefault(self.select["name"], []).extend(self.select["chosen"] or first)
            self.select = None
        super().handle_endtag(tag)


def forms_of(html: str, reader: type[Reader] = Reader) -> list[Form]:
    """The forms of a page that are sent by POST, filled in; with :class:`AsItStands` as they stand there."""
    read = reader()
    read.feed(html)
    return [form for form in read.forms if form.method == "post"]
