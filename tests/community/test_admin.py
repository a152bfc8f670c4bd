"""Staff pages of articles: published by an act, by the portal's clock; authors without people's records."""

from datetime import timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from community.models import Article, Meeting
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(neighbourhood):
    return client_of(staff_user("editor", neighbourhood))


def do(client, name: str, *articles: Article):
    ids = ",".join(str(article.pk) for article in articles)
    return client.post(reverse("admin:community_article_act", args=[name]), {"ids": ids})


def test_an_article_is_published_by_the_clock_and_taken_back(editor, neighbourhood):
    article = baker.make(Article, neighbourhood=neighbourhood, title="花开了", body="今年的二月兰……")

    do(editor, "publish", article)
    article.refresh_from_db()
    published = article.published_at
    again = do(editor, "publish", article)
    do(editor, "take-back", article)

    article.refresh_from_db()
    assert published == NOW
    assert "is published already" in said(again)[-1]
    assert article.published_at is None


def test_what_has_no_text_or_is_out_of_date_is_not_published(editor, neighbourhood):
    empty = baker.make(Article, neighbourhood=neighbourhood, title="空", body=" ")
    late = baker.make(Article, neighbourhood=neighbourhood, title="旧", body="…", public_until=NOW - timedelta(days=1))

    refused = do(editor, "publish", empty, late)

    assert {sentence.split("”")[1] for sentence in said(refused)} == {
        " has no text yet. Please write it first.",
        " would be out of date at once. Please choose a later end of its days in public, or none.",
    }
    assert not Article.objects.exclude(published_at=None).exists()


def test_an_editor_names_as_author_staff_or_whoever_holds_a_post_and_nobody_else(editor, neighbourhood, people):
    committee = baker.make("people.Committee", neighbourhood=neighbourhood, code="rc")
    baker.make("people.CommitteePost", person=people[0], committee=committee, post="委员")
    data = {"kind": "story", "title": "花开了", "body": "…", "author": people[1].pk}
    data |= {"article_photos-TOTAL_FORMS": "0", "article_photos-INITIAL_FORMS": "0"}

    page = editor.get(reverse("admin:community_article_add")).content.decode()
    refused = editor.post(reverse("admin:community_article_add"), data)
    editor.post(reverse("admin:community_article_add"), {**data, "author": people[0].pk})

    assert people[0].name in page
    assert people[1].name not in page + refused.content.decode()
    assert Article.objects.get().author == people[0]


def test_only_who_should_have_come_can_be_absent(neighbourhood, make_activity, people):
    """M3, M4; and when the record was written down stays visible (M8)."""
    org = baker.make("people.PartyOrg", neighbourhood=neighbourhood, kind="group", parent=None, name="一组")
    branch = baker.make("people.PartyOrg", neighbourhood=neighbourhood, kind="branch", code="b")
    baker.make("people.PartyMember", neighbourhood=neighbourhood, person=people[0], branch=branch, group=org)
    held = make_activity(
        model=Meeting,
        kind="meeting",
        type="party_group_meeting",
        organisation=org,
        visibility="organisation",
        open_to=[],
        status="done",
        starts_at=NOW - timedelta(days=2),
    )
    client = client_of(staff_user("party_admin", neighbourhood))
    address = reverse("admin:community_meeting_change", args=[held.pk])
    data = {
        "title": held.title,
        "agenda": "",
        "resolutions": "整理讲稿",
        "invitations-TOTAL_FORMS": "0",
        "invitations-INITIAL_FORMS": "0",
        "absences-TOTAL_FORMS": "1",
        "absences-INITIAL_FORMS": "0",
        "absences-0-meeting": held.pk,
        "absences-0-reason": "illness",
    }

    refused = client.post(address, {**data, "absences-0-person": people[1].pk})
    client.post(address, {**data, "absences-0-person": people[0].pk})

    held.refresh_from_db()
    assert (
        f"{people[1].name} was not expected at this meeting, so nobody misses them. Please take the line out."
        in refused.content.decode()
    )
    assert [absence.person for absence in held.absences.all()] == [people[0]]
    assert (held.record_state, held.recorded_at, held.resolutions) == ("draft", NOW, ["整理讲稿"])
