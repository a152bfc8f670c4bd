"""Staff pages of projects: stages in order (P1), links only within the area."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from model_bakery import baker
from PIL import Image

from projects.models import Cover, Project
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(neighbourhood):
    return client_of(staff_user("editor", neighbourhood))


def form(*stages: dict, **changes) -> dict:
    data = {"title": "故事墙", "slug": "wall", "illustration": "wall", "governance": ["co_governance"], **changes}
    for name in ("records", "stages", "works", "donations", "project_photos", "project_articles"):
        data |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    data["stages-TOTAL_FORMS"] = str(len(stages))
    for number, stage in enumerate(stages):
        data |= {f"stages-{number}-{name}": value for name, value in stage.items()}
    return data


ADD = "admin:projects_project_add"


def test_a_project_is_added_with_its_stages_in_order(editor):
    response = editor.post(
        reverse(ADD),
        form(
            {"stage": "approved", "start": "2018-06-20", "end": "2018-06-25"},
            {"stage": "deliberating", "start": "2018-06-01", "end": "2018-06-18"},
        ),
    )

    project = Project.objects.get()
    assert response.status_code == 302
    assert project.governance == ["co_governance"]
    assert list(project.stages.values_list("stage", "start", "requires")) == [
        ("deliberating", date(2018, 6, 1), []),
        ("approved", date(2018, 6, 20), ["deliberating", "feedback"]),
    ]


@pytest.mark.parametrize(
    ("stages", "sentence"),
    [
        (
            [{"stage": "deliberating", "start": "2018-06-01"}, {"stage": "approved", "start": "2018-06-20"}],
            "“deliberated” has to be over before this begins.",
        ),
        ([{"stage": "proposed", "start": "2018-06-20", "end": "2018-06-01"}], "The end must lie after the start."),
        ([{"stage": "feedback", "skipped": "on"}], "Say why this stage is skipped."),
        ([{"stage": "proposed", "end": "2018-06-01"}], "Say when it began."),
        ([{"stage": "proposed"}, {"stage": "proposed"}], "duplicate"),
    ],
)
def test_stages_out_of_order_get_a_sentence(editor, stages, sentence):
    """P1."""
    response = editor.post(reverse(ADD), form(*stages))

    assert sentence in response.content.decode()
    assert not Project.objects.exists()


def test_a_skipped_stage_holds_nobody_up(editor):
    response = editor.post(
        reverse(ADD),
        form({"stage": "deliberating", "skipped": "on", "note": "小修"}, {"stage": "approved", "start": "2018-06-20"}),
    )

    assert response.status_code == 302


@pytest.mark.parametrize(
    ("field", "model"),
    [
        ("lead_org", "people.PartyOrg"),
        ("lead_team", "people.Team"),
        ("lead_committee", "people.Committee"),
        ("partner_units", "people.PartnerUnit"),
        ("places", "people.Location"),
        ("derived_from", "projects.Project"),
    ],
)
def test_what_belongs_to_another_area_cannot_be_chosen(editor, elsewhere, field, model):
    row = baker.make(model, neighbourhood=elsewhere)

    response = editor.post(reverse(ADD), form(**{field: str(row.pk)}))

    assert response.status_code == 200
    assert "not one of the available choices" in response.content.decode()


def picture(name: str) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def test_several_photos_are_added_to_one_piece(neighbourhood, photo_folders):
    """Each waits for its words and for being published; the bad file is named and keeps no other out."""
    committee = client_of(staff_user("committee_admin", neighbourhood))
    project = baker.make(Project, neighbourhood=neighbourhood, slug="cover", title="井盖彩绘", is_published=True)
    cover = baker.make(Cover, neighbourhood=neighbourhood, project=project, code="JG-01", title="小鱼", kind="cover")
    url = f"{reverse('admin:projects_cover_act', args=['add-photos'])}?ids={cover.pk}"
    assert client_of(staff_user("party_admin", neighbourhood)).get(url).status_code in {302, 403}
    bad = SimpleUploadedFile("坏.jpg", b"words")

    sent = committee.post(
        url, {"ids": cover.pk, "pictures": [picture("一.png"), bad, picture("二.png")], "caption": "开工"}
    )

    links = list(cover.piece_photos.order_by("order"))
    assert [(link.order, link.photo.caption, link.photo.alt, link.photo.published_at) for link in links] == [
        (1, "开工", "", None),
        (2, "开工", "", None),
    ]
    assert said(sent) == [
        "Not kept, 坏.jpg: This file cannot be read as a picture. Please send a photo as JPEG, PNG or WebP.",
        "2 photos are kept. Write what can be seen under “Photos without words”, then publish them.",
    ]
