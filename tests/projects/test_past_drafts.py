"""T1: a design whose versions were shown before it stood in the portal is entered with its own days, and nobody is told."""

from datetime import date, datetime, timedelta

import pytest

from people.models import Message
from portal.refusals import Refusal
from projects.emails import news
from projects.operations import drafts, feedback
from tests.conftest import NOW, SHANGHAI
from tests.projects.test_drafts import prepared
from tests.staff import staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
JUNE, JULY = date(2018, 6, 1), date(2018, 7, 1)


def test_a_design_of_last_summer_is_entered_with_its_days(project, picture, person):
    """T1, P2: versions, their rounds, what was said then, the notice and the day on which it became final."""
    first = drafts.publish(prepared(project, picture), at=NOW, shown_on=JUNE, closes_on=JUNE + timedelta(days=9))
    user = staff_user("editor", project.neighbourhood)
    item = feedback.give(
        first,
        "字太小",
        at=NOW,
        by=user,
        channel="paper_box",
        person=person,
        received_on=JUNE + timedelta(days=3),
    )
    feedback.answer(item, disposition="adopted", reply="放大", at=NOW)
    Message.objects.all().delete()  # of the answer, which is of today
    final = prepared(project, picture, kind="final", notice_from=JULY, notice_until=JULY + timedelta(days=6))
    final = drafts.publish(final, at=NOW, shown_on=JULY, takes_in=[item])
    drafts.finalise(final, at=NOW, final_on=JULY + timedelta(days=7))

    final.refresh_from_db()
    assert (first.published_at, first.entered_at) == (datetime(2018, 6, 1, tzinfo=SHANGHAI), NOW)
    assert [(one.opens_on, one.closes_on) for one in first.rounds.all()] == [(JUNE, JUNE + timedelta(days=9))]
    assert final.finalised_at == datetime(2018, 7, 8, tzinfo=SHANGHAI)
    item.refresh_from_db()
    assert item.in_version == final
    assert not Message.objects.exists()
    assert list(news.drafts([project.pk], NOW - timedelta(days=7), NOW)) == []


def test_whose_word_a_version_of_then_took_in_is_not_written_to_of_it(project, picture, person):
    """T1: one mail less than a version of today makes."""
    first = drafts.publish(prepared(project, picture), at=NOW, shown_on=JUNE, closes_on=JUNE + timedelta(days=9))
    user = staff_user("editor", project.neighbourhood)
    item = feedback.give(first, "字太小", at=NOW, by=user, channel="paper_box", received_on=JUNE, person=person)
    feedback.answer(item, disposition="adopted", reply="放大", at=NOW)
    Message.objects.all().delete()

    drafts.publish(prepared(project, picture, kind="revision"), at=NOW, shown_on=JULY, takes_in=[item])

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("shown_on", "words"), [(NOW.date() + timedelta(days=1), "still to come"), (JUNE, "Please enter a later day")]
)
def test_a_version_is_not_shown_before_the_one_before_it_nor_in_days_to_come(project, picture, shown_on, words):
    drafts.publish(prepared(project, picture), at=NOW, shown_on=JULY)
    with pytest.raises(Refusal, match=words):
        drafts.publish(prepared(project, picture, kind="revision"), at=NOW, shown_on=shown_on)


def test_a_notice_of_then_is_as_long_as_one_of_today(project, picture):
    """T1, P2: asked as of that day."""
    drafts.publish(prepared(project, picture), at=NOW, shown_on=JUNE)
    short = prepared(project, picture, kind="final", notice_from=JULY, notice_until=JULY + timedelta(days=3))
    with pytest.raises(Refusal, match="7 days at least"):
        drafts.publish(short, at=NOW, shown_on=JULY)


def test_what_became_final_here_has_no_earlier_day(project, picture):
    today = NOW.date()
    drafts.publish(prepared(project, picture), at=NOW)
    final = prepared(project, picture, kind="final", notice_from=today, notice_until=today + timedelta(days=6))
    drafts.publish(final, at=NOW)
    with pytest.raises(Refusal, match="entered afterwards"):
        drafts.finalise(final, at=NOW + timedelta(days=9), final_on=today + timedelta(days=7))


def test_its_page_says_when_it_was_entered(client, project, picture):
    client.cookies["django_language"] = "en"
    first = drafts.publish(prepared(project, picture), at=NOW, shown_on=JUNE)
    assert "Entered afterwards, on Thu 20 Dec 2018." in client.get(first.get_absolute_url()).content.decode()
