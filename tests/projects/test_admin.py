"""Staff pages of projects: stages in order (P1), links only within the area."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from model_bakery import baker
from PIL import Image

from projects.models import Bed, Cover, Project, WallPanel
from projects.operations import feedback
from tests.conftest import NOW
from tests.staff import client_of, said, save_page, staff_user

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
    """P1: which there are and what each waits for; when they were is written down by acts, behind the gates (T14)."""
    response = editor.post(
        reverse(ADD),
        form(
            {"stage": "approved", "start": "2018-06-20", "end": "2018-06-25", "skipped": "on"},
            {"stage": "deliberating"},
        ),
    )

    project = Project.objects.get()
    assert response.status_code == 302
    assert project.governance == ["co_governance"]
    assert list(project.stages.values_list("stage", "start", "end", "skipped", "requires")) == [
        ("deliberating", None, None, False, []),
        ("approved", None, None, False, ["deliberating", "feedback"]),
    ]


@pytest.mark.parametrize(
    ("stages", "sentence"),
    [
        ([{"stage": "proposed"}, {"stage": "proposed"}], "duplicate"),
        ([{"stage": "proposed", "requires": ["proposed"]}], "“proposed” would wait for itself and could never begin."),
        (
            [{"stage": "designing", "requires": ["preparing"]}, {"stage": "preparing", "requires": ["designing"]}],
            "would wait for itself and could never begin.",
        ),
    ],
)
def test_stages_that_cannot_be_get_a_sentence(editor, stages, sentence):
    """P1."""
    response = editor.post(reverse(ADD), form(*stages))

    assert sentence in response.content.decode()
    assert not Project.objects.exists()


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


@pytest.mark.parametrize("model", [Cover, WallPanel, Bed])
def test_several_photos_are_added_to_one_piece(neighbourhood, photo_folders, model):
    """Each waits for its words and for being published; the bad file is named and keeps no other out."""
    committee = client_of(staff_user("committee_admin", neighbourhood))
    project = baker.make(Project, neighbourhood=neighbourhood, slug="cover", title="井盖彩绘", is_published=True)
    kind = model._meta.model_name.removeprefix("wall")
    piece = baker.make(model, neighbourhood=neighbourhood, project=project, code="JG-01", title="小鱼", kind=kind)
    url = f"{reverse(f'admin:projects_{model._meta.model_name}_act', args=['add-photos'])}?ids={piece.pk}"
    assert client_of(staff_user("party_admin", neighbourhood)).get(url).status_code in {302, 403}
    bad = SimpleUploadedFile("坏.jpg", b"words")

    sent = committee.post(
        url, {"ids": piece.pk, "pictures": [picture("一.png"), bad, picture("二.png")], "caption": "开工"}
    )

    links = list(piece.piece_photos.order_by("order"))
    assert [(link.order, link.photo.caption, link.photo.alt, link.photo.published_at) for link in links] == [
        (1, "开工", "", None),
        (2, "开工", "", None),
    ]
    assert said(sent) == [
        "Not kept, 坏.jpg: This file cannot be read as a picture. Please send a photo as JPEG, PNG or WebP.",
        "2 photos are kept. Write what can be seen under “Photos without words”, then publish them.",
    ]


def test_several_photos_are_added_to_a_project_behind_those_it_has(neighbourhood, make_photo):
    committee = client_of(staff_user("committee_admin", neighbourhood))
    project = baker.make(Project, neighbourhood=neighbourhood, slug="cover", title="井盖彩绘", is_published=True)
    baker.make("projects.ProjectPhoto", project=project, photo=make_photo("第一张"), order=3)

    committee.post(
        f"{reverse('admin:projects_project_act', args=['add-photos'])}?ids={project.pk}",
        {"ids": project.pk, "pictures": [picture("一.png"), picture("二.png")], "caption": "开工"},
    )

    assert list(project.project_photos.order_by("order").values_list("order", "photo__alt")) == [
        (3, "第一张"),
        (4, ""),
        (5, ""),
    ]


def leads_of(client, project) -> dict[str, str]:
    page = client.get(reverse("admin:projects_project_change", args=[project.pk]))
    return {str(one.label): one.url for one in page.context["buttons"] if "__exact" in one.url}


def test_a_projects_page_leads_to_its_drafts_open_feedback_pieces_and_shifts(
    neighbourhood, make_draft, make_activity, person
):
    """In the order of work, each with its number; the lists show only this project's."""
    draft = make_draft()
    project = draft.project
    feedback.give(draft, "淡一点", at=NOW, person=person)
    feedback.answer(feedback.give(draft, "深一点", at=NOW, person=person), disposition="adopted", reply="好", at=NOW)
    baker.make(Bed, neighbourhood=neighbourhood, project=project, code="HT-1", title="一号花坛", kind="bed")
    make_activity(project=project)
    committee = client_of(staff_user("committee_admin", neighbourhood))

    found = leads_of(committee, project)

    assert list(found) == ["Design drafts (1)", "Feedback to answer (1)", "Feedback (2)", "Beds (1)", "Shifts (1)"]
    for words, address in found.items():
        listed = committee.get(address)
        assert (listed.status_code, listed.context["cl"].result_count) == (200, int(words[-2])), words
    other = baker.make(Project, neighbourhood=neighbourhood, slug="new", title="新项目")
    assert list(leads_of(committee, other)) == ["Design drafts", "Shifts"]
    assert leads_of(client_of(staff_user("editor", neighbourhood)), other).keys() <= {"Design drafts"}


@pytest.mark.usefixtures("in_english")
def test_what_is_seldom_changed_is_folded_once_a_project_exists(neighbourhood):
    client = client_of(staff_user("committee_admin", neighbourhood))
    project = baker.make(Project, neighbourhood=neighbourhood, slug="cover", title="井盖彩绘")
    folded = re.compile(r"<summary>\s*<h2[^>]*>\s*([^<]+?)\s*</h2>")

    new = client.get(reverse("admin:projects_project_add")).content.decode()
    old = client.get(reverse("admin:projects_project_change", args=[project.pk])).content.decode()

    rows = [
        "Deliberations about the project",
        "Works",
        "Donations",
        "Photos of the project",
        "Articles about the project",
    ]
    assert folded.findall(new) == rows
    assert folded.findall(old) == ["Who", "What and where", "Money", *rows]


@pytest.mark.usefixtures("in_english")
def test_only_what_can_be_done_to_a_stage_is_offered(editor, neighbourhood):
    project = baker.make(Project, neighbourhood=neighbourhood, slug="cover", title="井盖彩绘")
    stage = project.stages.create(stage="proposed")

    def offered() -> list[str]:
        page = editor.get(reverse("admin:projects_project_change", args=[project.pk]))
        return [str(one.label) for one in page.context["buttons"] if "stage" in one.url]

    assert offered() == ["Start a stage", "Enter a stage that is over", "Leave a stage out"]
    stage.start = NOW.date()
    stage.save()
    assert offered() == ["Finish a stage", "Take back what is entered for a stage"]
    stage.end = NOW.date()
    stage.save()
    assert offered() == ["Take back what is entered for a stage"]


@pytest.mark.parametrize("is_published", [True, False], ids=["public", "not yet"])
@pytest.mark.parametrize("model", ["project", "trail", "bed"])
def test_what_stands_on_paper_stays_also_while_something_else_is_refused(neighbourhood, project, model, is_published):
    """It was a crash of the page, and an address that could neither be sent nor seen: the form had changed the row already."""
    if model == "project":
        row = project
    elif model == "trail":
        row = baker.make("projects.Trail", neighbourhood=neighbourhood, slug="lane", title="沿路走")
    else:
        row = baker.make(
            Bed, neighbourhood=neighbourhood, project=project, code="HT-1", title="花坛", light="full_sun", kind=""
        )
    type(row).objects.filter(pk=row.pk).update(is_published=is_published)
    desk = client_of(staff_user("committee_admin", neighbourhood))
    field = "code" if model == "bed" else "slug"

    url = reverse(f"admin:projects_{model}_change", args=[row.pk])
    answer = save_page(desk, url, title="", is_published=None if is_published else "on")

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert (f'name="{field}"' in answer.content.decode()) == (not is_published)
    assert type(row).objects.get(pk=row.pk).is_published == is_published


def test_sums_are_not_below_zero_and_the_note_on_the_pieces_is_staffs_to_write(neighbourhood, project):
    """P6; P4: what holds for each piece stands above them on the page."""
    desk = client_of(staff_user("committee_admin", neighbourhood))
    url = reverse("admin:projects_project_change", args=[project.pk])

    answer = save_page(desk, url, approved="-1", spent="-0.01")
    assert answer.content.decode().count("A sum is not below zero. Please enter it without the minus.") == 2

    assert save_page(desk, url, approved="100", pieces_note="燃气井盖不画").status_code == 302
    project.refresh_from_db()
    assert (project.approved, project.pieces_note) == (100, "燃气井盖不画")
