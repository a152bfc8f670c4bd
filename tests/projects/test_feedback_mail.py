"""Whoever gave feedback is told what became of it: one mail, when the answers have come to rest (docs/rules/drafts.md)."""

from datetime import timedelta

import pytest
from django.core import mail

from people import outbox
from people.models import Message
from portal import clock
from projects import tasks
from projects.emails import OUTCOME
from projects.models import Feedback
from projects.operations import drafts, feedback
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def person(make_person):
    return make_person(user=True, language="en")


@pytest.fixture
def addressed(make_child):
    """A child with an address of its own, which nothing may use."""

    def make(guardian, age, email, **fields):
        child = make_child(guardian, age, **fields)
        child.email = email
        child.save()
        return child

    return make


@pytest.fixture
def ten(draft, person):
    return [feedback.give(draft, f"第{n}件事", at=NOW, person=person) for n in range(10)]


def answer(item, *, at=NOW, disposition="adopted", reply="照办"):
    return feedback.answer(item, disposition=disposition, reply=reply, at=at)


def sweep(at) -> list:
    """What the sweeps of that moment send."""
    before = len(mail.outbox)
    with clock.frozen(at):
        tasks.tell_feedback_outcomes()
        outbox.dispatch()
    return mail.outbox[before:]


def test_ten_answers_make_one_mail(ten, person):
    for number, item in enumerate(ten):
        answer(item, at=NOW + number * 2 * MINUTE)
        assert sweep(NOW + number * 2 * MINUTE) == []  # still at it

    (sent,) = sweep(NOW + 49 * MINUTE)

    assert sent.to == [person.email]
    assert [word in sent.body for word in ("第0件事", "第9件事", "照办")] == [True] * 3
    assert sweep(NOW + 60 * MINUTE) == []


def test_who_answers_all_day_keeps_nobody_waiting_longer_than_four_hours(ten):
    for number, item in enumerate(ten[:9]):
        answer(item, at=NOW + number * 29 * MINUTE)
        sweep(NOW + number * 29 * MINUTE)
    assert len(sweep(NOW + 241 * MINUTE)) == 1


def test_the_mail_is_in_the_readers_language_and_in_html(ten, person):
    person.language = "zh-hans"
    person.save()
    answer(ten[0], reply="增加三幅 <b>")
    (sent,) = sweep(NOW + 31 * MINUTE)

    assert sent.subject == "您提的意见有答复了：故事墙"
    html = sent.alternatives[0][0]
    for words in ("第1稿 意见1：“第0件事”", "采纳：增加三幅"):
        assert words in sent.body
        assert words in html
    assert "<b>" in sent.body
    assert "增加三幅 &lt;b&gt;" in html


def test_a_new_version_tells_at_once_and_with_it_what_was_answered(ten, draft, person, picture):
    answer(ten[0])
    answer(ten[1], disposition="not_adopted", reply="不设广告")
    second = drafts.prepare(draft.project, kind="revision", summary="改了")
    drafts.add_image(second, picture(), alt="改了")
    drafts.publish(second, at=NOW + MINUTE, takes_in=[Feedback.objects.get(pk=ten[0].pk)])

    (sent,) = sweep(NOW + 2 * MINUTE)

    assert sent.subject == "A new version with what you said: 故事墙"
    for words in ("It stands in version 2.", "not adopted: 不设广告", second.get_absolute_url()):
        assert words in sent.body
    assert sweep(NOW + 60 * MINUTE) == []


def test_quiet_hours_hold(ten):
    night = NOW.replace(hour=21)
    answer(ten[0], at=night)

    assert sweep(night + 31 * MINUTE) == []
    assert len(sweep(NOW.replace(day=21, hour=8))) == 1


def test_an_answer_that_changed_before_its_mail_went_is_told_once_and_as_it_is(ten):
    night = NOW.replace(hour=21)
    answer(ten[0], at=night, reply="先这样")
    sweep(night + 31 * MINUTE)
    answer(ten[0], at=night + 40 * MINUTE, reply="改成那样")
    sweep(night + 71 * MINUTE)

    (sent,) = sweep(NOW.replace(day=21, hour=8))

    assert "改成那样" in sent.body
    assert "先这样" not in sent.body


def test_an_answer_changed_afterwards_is_told_anew(ten):
    answer(ten[0])
    assert len(sweep(NOW + 31 * MINUTE)) == 1
    answer(ten[0], at=NOW + 40 * MINUTE, reply="改了主意")
    (sent,) = sweep(NOW + 71 * MINUTE)
    assert "改了主意" in sent.body


def test_one_click_ends_it(ten, person, client):
    answer(ten[0])
    (sent,) = sweep(NOW + 31 * MINUTE)
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client.post(link[link.index("/mail/") :], {"List-Unsubscribe": "One-Click"})

    assert outbox.stopped(person) == {OUTCOME.code}
    answer(ten[1], at=NOW + 40 * MINUTE)
    assert sweep(NOW + 90 * MINUTE) == []


def test_a_childs_answer_goes_to_the_guardian_or_nowhere(draft, make_person, addressed):
    """V4: below 14 and where no age is known the mail is never the child's own."""
    mother = make_person(name="妈妈", language="en")
    child = addressed(mother, 10, "child@example.org", name="满满")
    teen = addressed(mother, 15, "teen@example.org")
    unknown = make_person(None, email="unknown@example.org")
    for who in (child, teen, unknown):
        answer(feedback.give(draft, f"孩子{who.pk}的话", at=NOW, person=who))

    sent = {one.to[0]: one for one in sweep(NOW + 31 * MINUTE)}

    assert set(sent) == {mother.email, "teen@example.org"}
    assert f"孩子{child.pk}的话" in sent[mother.email].body
    assert "a child" in sent[mother.email].body
    assert "满满" not in sent[mother.email].body


def test_whoever_has_no_address_burdens_no_phone_list(draft, make_person):
    answer(feedback.give(draft, "没邮箱", at=NOW, person=make_person(email="", phone="10000000009")))

    assert sweep(NOW + 31 * MINUTE) == []
    assert not Message.objects.exists()
    assert Feedback.objects.get().told_revision == 1


def test_nothing_is_told_of_a_project_that_is_hidden_again(ten, project):
    night = NOW.replace(hour=21)
    answer(ten[0], at=night)
    sweep(night + 31 * MINUTE)
    project.is_published = False
    project.save()

    assert sweep(NOW.replace(day=21, hour=8)) == []


def test_a_hundred_people_cost_what_one_costs(draft, make_person, django_assert_max_num_queries):
    for number in range(30):
        answer(feedback.give(draft, f"话{number}", at=NOW, person=make_person()))
    with django_assert_max_num_queries(8 + 30 * 5):  # each letter is a message and its occasions, in a savepoint
        assert feedback.tell_settled(NOW + 31 * MINUTE) == 30
    with django_assert_max_num_queries(1):
        assert feedback.tell_settled(NOW + 40 * MINUTE) == 0
