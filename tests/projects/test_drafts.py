"""P2: versions are numbered, public once and for all, and final only when all is answered and the notice is over."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from model_bakery import baker

from people.models import Photo
from portal.refusals import Refusal
from projects.models import DesignDraft
from projects.operations import drafts, feedback
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TODAY = NOW.date()
DAY = timedelta(days=1)


def prepared(project, picture, **fields):
    values = {"kind": "first", "summary": "十幅画"} | fields
    made = drafts.prepare(project, **values)
    drafts.add_image(made, picture(), alt="十幅画")
    return made


def test_versions_are_numbered_and_each_is_based_on_the_one_before(project, picture):
    first = drafts.publish(prepared(project, picture), at=NOW)
    second = drafts.publish(prepared(project, picture, kind="revision"), at=NOW)

    assert [(one.version, one.based_on) for one in (first, second)] == [(1, None), (2, first)]


def test_only_one_version_is_in_preparation(project, picture):
    prepared(project, picture)

    with pytest.raises(Refusal, match="Version 1 is still in preparation. Publish it first, or go on with it."):
        drafts.prepare(project, kind="revision", summary="再来")
    with pytest.raises(IntegrityError), transaction.atomic():
        baker.make(DesignDraft, project=project, version=2, kind="revision", published_at=None)


def test_the_number_of_a_version_given_up_is_free_again(project, picture):
    drafts.discard(prepared(project, picture))

    assert prepared(project, picture).version == 1


def test_what_is_public_stays_as_it_is(draft):
    """P2: immutable; a mistake is a new version."""
    for act in (
        lambda: drafts.change(draft, summary="改一改"),
        lambda: drafts.discard(draft),
        lambda: drafts.publish(draft, at=NOW),
        lambda: drafts.remove_image(draft.images.get()),
        lambda: drafts.describe_image(draft.images.get(), alt="别的", columns=1, rows=1),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert str(refused.value) == (
            "Version 1 is public and stays as it is. What should be different becomes version 2."
        )
    draft.refresh_from_db()
    assert draft.summary == "十幅画，前三幅讲周边历史，加入老物件线描"
    assert draft.images.count() == 1


def test_publishing_shows_the_pictures_and_nothing_before(project, picture):
    made = prepared(project, picture)
    assert Photo.objects.get().published_at is None

    drafts.publish(made, at=NOW, closes_on=TODAY + DAY)

    photo = Photo.objects.get()
    assert photo.published_at == NOW
    assert photo.folder
    assert list(made.rounds.values_list("opens_on", "closes_on")) == [(TODAY, TODAY + DAY)]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"summary": "  "}, "Please write first what version 1 shows."),
        (
            {"kind": "revision"},
            "Version 1 is the first draft and no other is. Please choose another kind for version 1.",
        ),
        (
            {"notice_from": TODAY, "notice_until": TODAY + 9 * DAY},
            "Only a version for approval has a public notice. Leave the days out, or choose that kind.",
        ),
    ],
)
def test_what_is_not_ready_is_not_published(project, picture, fields, sentence):
    made = prepared(project, picture)
    drafts.change(made, **fields)

    with pytest.raises(Refusal) as refused:
        drafts.publish(made, at=NOW)

    assert str(refused.value) == sentence
    assert not DesignDraft.objects.published().exists()


def test_a_version_needs_a_picture(project):
    made = drafts.prepare(project, kind="first", summary="十幅画")

    with pytest.raises(Refusal, match="Version 1 has no picture yet. Add one, with words for those who cannot"):
        drafts.publish(made, at=NOW)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (None, None, "A version for approval needs its public notice: please give the first and the last day."),
        (
            TODAY - DAY,
            TODAY + 9 * DAY,
            "The public notice cannot have begun before the version is public. Start it today or later.",
        ),
        (
            TODAY,
            TODAY + 5 * DAY,
            "The public notice has to run for 7 days at least; these are 6. Please choose a later last day.",
        ),
        (
            TODAY,
            TODAY,
            "The public notice has to run for 7 days at least; this is one day. Please choose a later last day.",
        ),
    ],
)
def test_a_version_for_approval_needs_its_notice(draft, project, picture, first, last, sentence):
    made = prepared(project, picture, kind="final", notice_from=first, notice_until=last)

    with pytest.raises(Refusal) as refused:
        drafts.publish(made, at=NOW)

    assert str(refused.value) == sentence


def test_a_notice_is_a_feedback_round(draft, project, picture):
    made = prepared(project, picture, kind="final", notice_from=TODAY, notice_until=TODAY + 6 * DAY)

    drafts.publish(made, at=NOW)

    round_ = made.rounds.get()
    assert (round_.opens_on, round_.closes_on) == (TODAY, TODAY + 6 * DAY)
    with pytest.raises(Refusal, match="These are the days of the public notice, which run as announced."):
        drafts.move_end(round_, TODAY + 3 * DAY, at=NOW)


# --- final ---


@pytest.fixture
def approval(make_draft):
    """Version 2, for approval, whose notice ended yesterday."""
    make_draft(round=None)
    return make_draft(
        kind="final",
        notice_from=TODAY - 8 * DAY,
        notice_until=TODAY - DAY,
        published_at=NOW - 8 * DAY,
        round=(TODAY - 8 * DAY, TODAY - DAY),
    )


def test_a_version_becomes_final_when_all_is_answered_and_the_notice_over(approval):
    item = feedback.give(approval, "好", at=NOW - 3 * DAY)
    feedback.answer(item, disposition="adopted", reply="谢谢", at=NOW)

    drafts.finalise(approval, at=NOW)

    approval.refresh_from_db()
    assert (approval.is_final, approval.finalised_at) == (True, NOW)
    with pytest.raises(Refusal, match="Version 2 is final already"):
        drafts.finalise(approval, at=NOW)


def test_final_counts_what_is_open_in_every_version(approval):
    feedback.give(approval, "好", at=NOW - 3 * DAY)
    drafts.FeedbackRound.objects.create(draft=approval.project.drafts.get(version=1), opens_on=TODAY, closes_on=TODAY)
    feedback.give(approval.project.drafts.get(version=1), "颜色淡一点", at=NOW)

    with pytest.raises(Refusal) as refused:
        drafts.finalise(approval, at=NOW)

    assert str(refused.value) == (
        "2 pieces of feedback have no answer yet. Answer them first; then version 2 can become final."
    )
    assert refused.value.about == "pending"
    approval.refresh_from_db()
    assert not approval.is_final


def test_final_waits_for_the_end_of_the_notice(approval):
    """The last day belongs to it until midnight."""
    with pytest.raises(
        Refusal, match="The public notice of version 2 runs until Wed 19 Dec. Please come back on the day after"
    ):
        drafts.finalise(approval, at=NOW - DAY)


def test_a_version_without_a_notice_does_not_become_final(draft):
    with pytest.raises(Refusal, match="Version 1 has had no public notice. Publish a version for approval first"):
        drafts.finalise(draft, at=NOW)


def test_an_older_version_does_not_become_final(approval, make_draft):
    make_draft()

    with pytest.raises(Refusal, match="There is a newer version, 3. Go on with that one"):
        drafts.finalise(approval, at=NOW)


def test_the_database_knows_no_final_version_without_notice(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        DesignDraft.objects.filter(pk=draft.pk).update(is_final=True, finalised_at=NOW)


def test_after_final_a_mistake_is_still_a_new_version(approval, project, picture):
    """And what is said of that one can be answered again."""
    drafts.finalise(approval, at=NOW)
    with pytest.raises(Refusal, match="The design is final: version 2. A later wish is best told to the residents'"):
        drafts.open_round(approval, opens_on=TODAY, closes_on=TODAY)

    third = drafts.publish(prepared(project, picture, kind="revision"), at=NOW, closes_on=TODAY)
    item = feedback.give(third, "好", at=NOW)
    feedback.answer(item, disposition="adopted", reply="谢谢", at=NOW)

    assert third.feedback.pending().count() == 0


# --- taking in ---


def test_a_version_takes_in_what_was_adopted_and_nothing_else(draft, project, picture):
    items = [feedback.give(draft, text, at=NOW) for text in ("画历史", "淡一点", "加广告", "还没看")]
    for item, disposition in zip(items, ["adopted", "partly_adopted", "not_adopted"], strict=False):
        feedback.answer(item, disposition=disposition, reply="理由", at=NOW)
    second = prepared(project, picture, kind="revision")

    with pytest.raises(Refusal, match="Only what was adopted, and is in no version yet, can be taken in."):
        drafts.publish(second, at=NOW, takes_in=items[:3])
    drafts.publish(second, at=NOW, takes_in=items[:2])

    assert [one.number for one in second.took_in.order_by("number")] == [1, 2]


def test_nothing_of_another_project_is_taken_in(draft, project, picture, make_draft, elsewhere):
    far = baker.make("projects.Project", neighbourhood=elsewhere, slug="far", is_published=True)
    item = feedback.give(make_draft(of=far), "好", at=NOW)
    feedback.answer(item, disposition="adopted", reply="好", at=NOW)

    with pytest.raises(Refusal, match="Only what was adopted"):
        drafts.publish(prepared(project, picture, kind="revision"), at=NOW, takes_in=[item])


# --- rounds ---


def test_rounds_of_a_version_do_not_overlap(draft):
    with pytest.raises(Refusal, match="Another round of this version lies in these days."):
        drafts.open_round(draft, opens_on=TODAY + DAY, closes_on=TODAY + 4 * DAY)
    with pytest.raises(Refusal, match="The last day must not lie before the first. Please correct one of the two."):
        drafts.open_round(draft, opens_on=TODAY + 5 * DAY, closes_on=TODAY + 4 * DAY)

    drafts.open_round(draft, opens_on=TODAY + 2 * DAY, closes_on=TODAY + 4 * DAY)
    assert draft.rounds.count() == 2


def test_a_round_runs_longer_but_never_ends_yesterday(draft):
    round_ = draft.rounds.get()
    drafts.move_end(round_, TODAY + 5 * DAY, at=NOW)
    round_.refresh_from_db()
    assert round_.closes_on == TODAY + 5 * DAY

    with pytest.raises(
        Refusal,
        match="A round ends today at the soonest, so that nobody comes in vain. Please choose today or a later day.",
    ):
        drafts.move_end(round_, TODAY - DAY, at=NOW)
    drafts.open_round(draft, opens_on=TODAY + 7 * DAY, closes_on=TODAY + 9 * DAY)
    with pytest.raises(Refusal, match="The next round of this version has begun by then."):
        drafts.move_end(round_, TODAY + 8 * DAY, at=NOW)


def test_parts_of_a_picture_have_names(draft):
    image = draft.images.get()

    assert image.parts == [f"{letter}{row}" for row in (1, 2) for letter in "ABCDEF"]
    assert [image.part_at(x, y) for x, y in ((0, 0), (100, 100), (50, 49.9), (16.7, 50))] == ["A1", "F2", "D1", "B2"]
    for part in image.parts:
        assert image.part_at(*image.middle_of(part)) == part
    assert image.middle_of("G1") is None
    assert image.middle_of("A3") is None
