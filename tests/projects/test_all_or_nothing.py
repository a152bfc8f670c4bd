"""What one press asks for is written whole, or not at all, when a part of it is refused."""

from datetime import date

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import Photo, PrivateFile
from people.operations import photos
from portal.refusals import Refusal
from projects.models import DesignDraft, Follow, PlanPicture
from projects.operations import covers, drafts, plan
from tests.staff import client_of, save_page, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def desk(neighbourhood):
    return client_of(staff_user("committee_admin", neighbourhood))


def no(*args, **kwargs):
    raise Refusal("A colleague was faster. Please look once more.")


def test_what_is_refused_behind_the_lock_keeps_what_was_typed(desk, make_draft, monkeypatch):
    """It was a message on a page from which everything typed was gone."""
    draft = make_draft(published=False)
    monkeypatch.setattr(drafts, "change", no)

    page = save_page(desk, reverse("admin:projects_designdraft_change", args=[draft.pk]), summary="写了很久的说明")

    assert page.status_code == 200
    assert page.content.decode().count("A colleague was faster. Please look once more.") == 1
    assert "写了很久的说明" in page.content.decode()
    assert DesignDraft.objects.get().summary != "写了很久的说明"


def test_a_record_that_is_gone_is_said_in_the_list(desk, make_draft, monkeypatch):
    draft = make_draft(published=False)

    def gone(row, **fields):
        DesignDraft.objects.filter(pk=row.pk).delete()
        no()

    monkeypatch.setattr(drafts, "change", gone)
    url = reverse("admin:projects_designdraft_change", args=[draft.pk])
    page = save_page(desk, url, summary="写了很久的说明")
    assert page.status_code == 200  # the deletion was part of what was refused
    assert DesignDraft.objects.exists()


def test_a_newcomer_follows_or_is_not_known(client, project, make_person, elsewhere, resident_text):
    """The name typed was lost, and the newcomer known without having followed."""
    client.cookies["django_language"] = "en"
    user = make_person(user=True, place=elsewhere).user
    client.force_login(user)
    url = f"{project.get_absolute_url()}follow/"
    page = client.post(url, {"name": "新来的孩子", "agrees": "on"}).content.decode()

    assert "We write only to people of 14 or over" in page
    assert 'value="新来的孩子"' in page
    assert (user.people.filter(neighbourhood=project.neighbourhood).exists(), Follow.objects.exists()) == (False, False)


def test_every_loose_finding_is_passed_on_or_none(make_cover):
    cover = make_cover()
    for day in (3, 20):
        baker.make("projects.CoverInspection", cover=cover, condition="loose", inspected_on=date(2018, 12, day))
    with pytest.raises(Refusal):
        covers.pass_all_on(cover, to="物业", on=date(2018, 12, 10))  # before the second was found
    assert cover.inspections.open_loose().count() == 2

    assert covers.pass_all_on(cover, to="物业", on=date(2018, 12, 20)) == 2
    with pytest.raises(Refusal, match="Nothing is waiting"):
        covers.pass_all_on(cover, to="物业", on=date(2018, 12, 20))


def test_a_picture_that_may_not_be_shown_leaves_no_file(neighbourhood, picture, photo_folders, monkeypatch):
    here = baker.make(PlanPicture, neighbourhood=neighbourhood, title="图", notice="示意", text_alternative="路")
    monkeypatch.setattr(photos, "publish", no)
    with pytest.raises(Refusal):
        plan.show_picture(here, picture())

    here.refresh_from_db()
    assert (here.photo, Photo.objects.count(), PrivateFile.objects.count()) == (None, 0, 0)
    assert [one for one in photo_folders.rglob("*") if one.is_file()] == []
