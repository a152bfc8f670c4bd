"""What stood in a record before it was put right, beside what stands there now, for staff."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from community.models import Amendment
from community.rules.record_text import label
from people.models import User
from portal.dates import day_year


def amendments_table(record: Any) -> SafeString | str:
    rows = Amendment.objects.filter(activity=record.pk).select_related("made_by")
    return format_html_join("", "{}", ((one_of(record, row),) for row in rows)) or "–"


def one_of(record: Any, row: Amendment) -> SafeString:
    after = row.after or {}
    body = format_html_join(
        "",
        "<tr><th>{}</th><td>{}</td><td>{}</td></tr>",
        (
            (label(record, name), old(row.before.get(name, [])), old(after.get(name, [])))
            for name in {**row.before, **after}
        ),
    )
    head = format_html(
        "<caption>{} · {} · {}</caption><tr><th></th><th>{}</th><th>{}</th></tr>",
        day_year(row.made_at), name_of(row.made_by), row.reason,
        pgettext("of an amendment", "before"), pgettext("of an amendment", "after"),
    )  # fmt: skip
    return format_html("<table>{}{}</table>", head, body)


def old(lines: list[str]) -> SafeString | str:
    return format_html_join("", "{}<br>", ((line,) for line in lines)) or "–"


def name_of(user: User | None) -> str:
    return str(user) if user is not None else "–"
