"""Addresses and forms of the staff pages of activities, as their tests send them."""

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localtime
from PIL import Image

from community.models import Meeting
from tests.conftest import NOW


def page(name: str, *args, model: str = "volunteers_shift") -> str:
    return reverse(f"admin:{model}_{name}", args=args)


def act(name: str, *rows, model: str = "volunteers_shift") -> str:
    return f"{page('act', name, model=model)}?ids={','.join(str(row.pk) for row in rows)}"


def when(name: str, moment) -> dict[str, str]:
    local = localtime(moment)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


def draft_form(**changes) -> dict[str, str]:
    start = changes.pop("starts_at", NOW + timedelta(days=4))
    return {
        "kind_of": "shift",
        "title": "盖草帘",
        "text": "给花坛盖草帘",
        **when("starts_at", start),
        **when("ends_at", start + timedelta(hours=2)),
        "location": "",
        "visibility": "public",
        "organisation": "",
        "team": "",
        "open_to": "residents",
        "minors": "no",
        "promotion": "auto",
        "risks": "低温",
        "safeguards": "手套",
        "invitations-TOTAL_FORMS": "0",
        "invitations-INITIAL_FORMS": "0",
        **changes,
    }


def enter(desk, activity, **data):
    return desk.post(page("enter", activity.pk), {"channel": "phone", "note": "", "sheet_number": "", **data})


def sheet(name: str = "同意书.png") -> SimpleUploadedFile:
    picture = BytesIO()
    Image.new("RGB", (40, 60), "white").save(picture, "PNG")
    return SimpleUploadedFile(name, picture.getvalue(), "image/png")


def meeting_of(make_activity, org, **fields):
    return make_activity(
        model=Meeting,
        kind="meeting",
        type="party_group_meeting",
        title=f"{org} 党小组会",
        organisation=org,
        visibility="organisation",
        open_to=[],
        **fields,
    )
