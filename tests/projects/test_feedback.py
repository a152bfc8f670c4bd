"""P2: feedback belongs to one version, comes in a round, and is answered with a reply; refusals say where to turn."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.refusals import Refusal
from projects.models import Feedback
from projects.operations import drafts, feedback
from projects.operations.feedback import Item, Spot
from tests.conftest import NOW
from tests.staff import staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def clerk(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


def refused(call) -> str:
    with pytest.raises(Refusal) as refusal:
        call()
    return str(refusal.value)


def test_items_are_numbered_within_their_version(draft, make_draft, person):
    second = make_draft()
    numbers = [
        feedback.give(one, f"话{n}", at=NOW, person=person).number for n, one in enumerate((draft, draft, second))
    ]

    assert numbers == [1, 2, 1]


def test_pressing_twice_writes_once(draft, person):
    first = feedback.give(draft, "颜色淡一点 ", at=NOW, person=person)

    assert feedback.give(draft, "颜色淡一点", at=NOW, person=person) == first
    assert Feedback.objects.count() == 1


def test_a_point_or_words_of_the_description(draft, person):
    image = draft.images.get()
    pinned = feedback.give(draft, "这里", at=NOW, person=person, spot=Spot(image, 30.123, 70))
    quoted = feedback.give(draft, "画哪些", at=NOW, person=person, spot=Spot(quote="老物件 线描"))

    pinned.refresh_from_db()
    assert (str(pinned.x), str(pinned.y), pinned.part) == ("30.12", "70.00", "B2")
    assert (quoted.quote, quoted.has_pin) == ("老物件 线描", False)
    assert refused(lambda: feedback.give(draft, "啊", at=NOW, spot=Spot(quote="没有这句"))) == (
        "These words do not stand in version 1. Please copy them from its text."
    )
    assert refused(lambda: feedback.give(draft, "啊", at=NOW, spot=Spot(image, 101, 5))) == (
        "This place is not on the picture. Please choose a part from the list."
    )


def test_a_picture_of_another_version_is_no_place(draft, make_draft):
    other = make_draft().images.get()

    assert refused(lambda: feedback.give(draft, "啊", at=NOW, spot=Spot(other, 5, 5))) == (
        "This picture belongs to another version. Please choose a part from the list."
    )


def test_a_closed_round_says_where_to_turn(make_draft, neighbourhood, person):
    neighbourhood.office = "居委会一楼"
    neighbourhood.save()
    draft = make_draft(round=(TODAY - 3 * DAY, TODAY - DAY))
    give = lambda: feedback.give(draft, "晚了一步", at=NOW, person=person)  # noqa: E731

    assert refused(give) == (
        "Feedback on version 1 closed on Wed 19 Dec. Who still has something to say is welcome here: "
        "居委会一楼, 10000000001."
    )
    make_draft()
    assert refused(give) == "Version 1 takes no more feedback. Version 2 does; please say it there."


def test_the_last_day_runs_until_midnight(make_draft, person):
    draft = make_draft(round=(TODAY, TODAY))
    night = NOW.replace(hour=23, minute=59)

    assert feedback.give(draft, "赶上了", at=night, person=person).received_on == TODAY
    assert "closed on Thu 20 Dec" in refused(lambda: feedback.give(draft, "没赶上", at=night + timedelta(minutes=2)))


def test_before_a_round_it_says_when(make_draft):
    draft = make_draft(round=(TODAY + DAY, TODAY + 3 * DAY))

    assert refused(lambda: feedback.give(draft, "早了", at=NOW)) == (
        "Version 1 takes feedback from Fri 21 Dec on. Until then: 10000000001."
    )


def test_a_version_that_takes_none_says_so(make_draft):
    draft = make_draft(round=None)

    assert refused(lambda: feedback.give(draft, "想说", at=NOW)) == (
        "Version 1 takes no feedback. Who has something to say is welcome here: 10000000001."
    )


def test_nothing_is_said_about_what_is_not_public(make_draft):
    assert (
        refused(lambda: feedback.give(make_draft(published=False), "偷看", at=NOW))
        == "Version 1 is not public yet. Please publish it first, or choose the version that was shown."
    )


def test_after_twenty_somebody_talks_to_them(draft, person):
    for number in range(20):
        feedback.give(draft, f"第{number}条", at=NOW, person=person)

    assert refused(lambda: feedback.give(draft, "还有", at=NOW, person=person)) == (
        "You have sent 20 already. For more, please come by or ring: 10000000001."
    )


# --- typed in by staff ---


def test_staff_type_in_what_came_while_the_round_was_open(make_draft, clerk, person):
    draft = make_draft(round=(TODAY - 9 * DAY, TODAY - 5 * DAY))
    item = feedback.give(
        draft, "字要大一点", at=NOW, by=clerk, channel="paper_box", person=person, received_on=TODAY - 6 * DAY
    )

    assert (item.received_on, item.entered_by, item.is_shown) == (TODAY - 6 * DAY, clerk, True)
    assert refused(
        lambda: feedback.give(draft, "晚到", at=NOW, by=clerk, channel="paper_box", received_on=TODAY - 2 * DAY)
    ) == (
        "No round of version 1 was open on Tue 18 Dec. Correct the day, give it to the version that was open then, "
        "or open a round first."
    )
    assert refused(
        lambda: feedback.give(draft, "未来", at=NOW, by=clerk, channel="paper_box", received_on=TODAY + DAY)
    ) == ("This day is still to come. Please enter the day on which it was said.")


def test_of_many_all_or_none_are_written(draft, clerk):
    items = [Item("一", "wechat_group"), Item("二", "wechat_group", received_on=TODAY + DAY)]

    with pytest.raises(Refusal):
        feedback.give_many(draft, items, at=NOW, by=clerk)

    assert not Feedback.objects.exists()


def test_a_person_of_another_area_is_refused(draft, clerk, make_person, elsewhere):
    far = make_person(place=elsewhere)

    assert refused(lambda: feedback.give(draft, "好", at=NOW, by=clerk, channel="door_visit", person=far)) == (
        "This person belongs to another residential area. Please choose one of this area, or leave it empty."
    )


def test_after_final_the_list_is_complete(make_draft, clerk):
    make_draft(round=None)
    final = make_draft(
        kind="final", notice_from=TODAY - 9 * DAY, notice_until=TODAY - DAY, round=(TODAY - 9 * DAY, TODAY - DAY)
    )
    item = feedback.give(final, "好", at=NOW - 2 * DAY)
    feedback.answer(item, disposition="adopted", reply="谢谢", at=NOW)
    drafts.finalise(final, at=NOW)

    assert refused(
        lambda: feedback.give(final, "漏了", at=NOW, by=clerk, channel="paper_box", received_on=TODAY - 2 * DAY)
    ) == (
        "The design is final since version 2, so the list of feedback is complete. Please keep what comes later as a new idea."
    )
    assert refused(lambda: feedback.answer(item, disposition="not_adopted", reply="不了", at=NOW)) == (
        "The design is final, so its answers stand as they are. What is to be added, please say in a notice about the project."
    )


# --- answering ---


def test_an_answer_needs_its_reply(draft):
    """P2: the reply is obligatory unless pending."""
    item = feedback.give(draft, "画历史", at=NOW)

    assert refused(lambda: feedback.answer(item, disposition="not_adopted", reply=" ", at=NOW)) == (
        "Please write a reply and the reason: whoever said this will read it."
    )
    assert refused(lambda: feedback.answer(item, disposition="pending", reply="再看", at=NOW)) == (
        "Please choose: adopted, partly adopted or not adopted."
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=item.pk).update(disposition="adopted")


def test_answering_shows_the_words_and_counts_a_revision(draft, person):
    item = feedback.give(draft, "画历史", at=NOW, person=person)
    assert not item.is_shown

    item = feedback.answer(item, disposition="adopted", reply="增加三幅", at=NOW)

    assert (item.is_shown, item.revision, item.replied_at) == (True, 1, NOW)


def test_only_a_later_public_version_takes_in(draft, make_draft):
    item = feedback.give(draft, "画历史", at=NOW)
    answer = lambda version, disposition="adopted": feedback.answer(  # noqa: E731
        item, disposition=disposition, reply="好", at=NOW, in_version=version
    )
    second = make_draft()
    third = make_draft(published=False)

    assert refused(lambda: answer(second, "not_adopted")) == (
        "Only what is adopted, also in part, stands in a version. Please leave the version empty, or choose another answer."
    )
    for version in (draft, third):
        assert refused(lambda version=version: answer(version)) == (
            "What was said about version 1 can only be taken in by a later version that is public. "
            "Please choose one of those, or leave it empty."
        )
    assert answer(second).in_version == second
    assert answer(None).in_version == second  # a corrected reply leaves it there
    assert answer(None, "not_adopted").in_version is None


def test_a_colleague_who_was_faster_is_named_by_their_answer(draft):
    item = feedback.give(draft, "画历史", at=NOW)
    feedback.answer(item, disposition="adopted", reply="增加三幅", at=NOW, seen=0)

    assert refused(lambda: feedback.answer(item, disposition="not_adopted", reply="不了", at=NOW, seen=0)) == (
        "A colleague has answered this meanwhile: adopted, “增加三幅”. Look at it once more."
    )


def test_words_kept_back_keep_their_number_and_their_answer(draft):
    item = feedback.give(draft, "三楼老王家的墙", at=NOW)
    assert refused(lambda: feedback.withhold(item, " ")) == (
        "Please say why the words are not shown: everybody will read it."
    )
    feedback.withhold(item, "提到了一位邻居")
    item = feedback.answer(item, disposition="adopted", reply="会注意", at=NOW)
    assert not item.is_shown

    feedback.release(item, at=NOW)
    item.refresh_from_db()
    assert item.is_shown
    assert Feedback.objects.tally().total == 1


def test_the_totals_add_up(draft, make_draft, clerk):
    for number, channel in enumerate(["wechat_group", "wechat_group", "paper_box", "door_visit"]):
        feedback.give(draft, f"第{number}条", at=NOW, by=clerk, channel=channel)
    first = draft.feedback.first()
    feedback.answer(first, disposition="adopted", reply="好", at=NOW)
    tally = Feedback.objects.of_project(draft.project).tally()

    assert (tally.total, tally.pending) == (4, 3)
    assert tally.by_channel == {"wechat_group": 2, "paper_box": 1, "door_visit": 1}
    assert sum(tally.by_disposition.values()) == tally.total


def test_what_is_answered_or_counted_is_not_taken_back(neighbourhood, make_draft, make_person, person, clerk):
    """P2: each refusal says where to turn."""
    neighbourhood.office = "居委会一楼"
    neighbourhood.save()
    draft = make_draft(round=(TODAY, TODAY))
    item = feedback.give(draft, "颜色淡一点", at=NOW, person=person)
    typed = feedback.give(draft, "纸条上写的", at=NOW, person=person, by=clerk, channel="paper_box")
    take = lambda one, who, at=NOW: refused(lambda: feedback.take_back(one, who, at=at))  # noqa: E731

    stranger = take(item, make_person())
    assert stranger == "Only whoever said this here can take it back. Please turn to: 居委会一楼, 10000000001."
    assert take(typed, person) == stranger, "what came on paper is the committee's to mend"
    assert take(item, person, NOW + DAY) == (
        "The round is over, and what was said is counted. If something of it should not be read, turn to: "
        "居委会一楼, 10000000001."
    )
    feedback.answer(item, disposition="adopted", reply="好", at=NOW)
    assert take(item, person) == (
        "This is answered already and stays in the record. If something of it should not be read, turn to: "
        "居委会一楼, 10000000001."
    )
    assert Feedback.objects.count() == 2


def test_there_is_nothing_to_answer_after_it_was_taken_back(draft, person):
    item = feedback.give(draft, "颜色淡一点", at=NOW, person=person)
    feedback.take_back(item, person, at=NOW)

    assert refused(lambda: feedback.answer(item, disposition="adopted", reply="好", at=NOW)) == (
        "Whoever said this has taken it back meanwhile, so there is nothing left to answer. Please go on with the next one."
    )
    feedback.take_back(item, person, at=NOW)  # pressed twice
