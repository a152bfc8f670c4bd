"""A project in full use: 500 items of feedback, 300 pieces and 3,000 photos cost no query more than a small one."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from model_bakery import baker

from people.models import Photo, PrivateFile
from projects.models import Cover, Feedback, Piece, PiecePhoto, Project, ProjectPhoto
from tests.conftest import NOW
from tests.filled import analyse
from tests.staff import client_of, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FEEDBACK, PIECES, PHOTOS = 500, 300, 3000


def fill(draft, covers: int, feedback: int, photos: int) -> None:
    """Add pieces, items of feedback and published photos, of which a third each show the project, a piece before and after."""
    project, place = draft.project, draft.project.neighbourhood
    have = Cover.objects.count()
    pieces = [
        baker.make(
            Cover,
            neighbourhood=place,
            project=project,
            code=f"JG-{number}",
            title=f"井盖{number}",
            kind="cover",
            is_published=True,
            order=number,
            x=number % 100,
            y=50,
        )
        for number in range(have + 1, have + 1 + covers)
    ]
    said = draft.feedback.count()
    Feedback.objects.bulk_create(
        Feedback(
            draft=draft,
            number=said + step,
            channel="paper_box",
            text=f"第{said + step}条",
            received_on=NOW.date(),
            entered_at=NOW,
            released_at=NOW,
        )
        for step in range(1, feedback + 1)
    )
    file = baker.make(PrivateFile, neighbourhood=place, content_type="image/jpeg", added_at=NOW)
    made = Photo.objects.bulk_create(
        Photo(
            neighbourhood=place,
            original=file,
            alt=f"照片{step}",
            taken_on=NOW.date(),
            width=800,
            height=600,
            published_at=NOW,
            folder=f"f{have}-{step}",
            files={"jpeg": [320]},
            rendered_at=NOW,
        )
        for step in range(photos)
    )
    third = photos // 3
    ProjectPhoto.objects.bulk_create(ProjectPhoto(project=project, photo=photo) for photo in made[:third])
    roles = [(PiecePhoto.Role.BEFORE, made[third : 2 * third]), (PiecePhoto.Role.AFTER, made[2 * third :])]
    PiecePhoto.objects.bulk_create(
        PiecePhoto(piece=pieces[step % len(pieces)], photo=photo, role=role)
        for role, some in roles
        for step, photo in enumerate(some)
    )
    analyse(Cover, Piece, Feedback, PrivateFile, Photo, ProjectPhoto, PiecePhoto)


def costs(draft, who: dict[str, Client]) -> dict[str, int]:
    """{reader and address: queries}, each at the second visit, made anew but with what is the same for all readers known."""
    project, slug = draft.project, draft.project.neighbourhood.slug
    public = [
        project.get_absolute_url(),
        draft.get_absolute_url(),
        draft.get_feedback_url(),
        reverse("people:photos", args=[slug]),
        reverse("projects:plan", args=[slug]),
        reverse("projects:list", args=[slug]),
        Cover.objects.order_by("order")[1].get_absolute_url(),
        reverse("people:home", args=[slug]),
    ]
    public = [f"{address}?x=1" for address in public]  # whoever is signed out gets nothing ready-made by that
    desk = [
        reverse("admin:projects_project_change", args=[project.pk]),
        reverse("admin:projects_feedback_changelist"),
        reverse("admin:projects_cover_changelist"),
        reverse("admin:people_photo_changelist"),
    ]
    found = {}
    cache.clear()
    for name, client in who.items():
        for address in [*public, *(desk if name == "staff" else [])]:
            assert client.get(address).status_code == 200, address
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found[f"{name} {address}"] = len(queries)
    return found


def test_a_full_project_costs_no_query_more(make_draft, neighbourhood, person, page_cache, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"  # as on a server
    draft = make_draft()
    resident = Client()
    resident.force_login(person.user)
    readers = {
        "anybody": Client(),
        "resident": resident,
        "staff": client_of(staff_user("committee_admin", neighbourhood)),
    }
    fill(draft, covers=3, feedback=3, photos=30)
    small = costs(draft, readers)
    fill(draft, covers=PIECES - 3, feedback=FEEDBACK - 3, photos=PHOTOS - 30)

    full = costs(draft, readers)

    assert {address: number for address, number in full.items() if number > small[address]} == {}
    details = {address: number for address, number in full.items() if "/projects/wall/" in address}
    assert len(details) == 3 * 3
    assert {address: number for address, number in details.items() if number > 10} == {}
    page = readers["staff"].get(reverse("admin:projects_project_change", args=[draft.project_id])).content.decode()
    assert "More than 40 photos belong to this project" in page
    assert (Feedback.objects.count(), Cover.objects.count(), ProjectPhoto.objects.count()) == (500, 300, 1000)
    assert PiecePhoto.objects.count() == 2000
    assert Project.objects.count() == 1
