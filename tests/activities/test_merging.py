"""Two records of one person: found, compared, joined and taken apart again; one person never has two seats."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.models import Activity, ActivityConsent, SignUp
from activities.operations import locks, queue, sign_ups
from activities.pages.thanks import participation
from activities.rules import eligibility
from people.models import Consent, Family, Guardianship, Person, PersonMerge, PossibleDuplicate, User
from people.operations import duplicates, merging, staff
from people.rules import consent as consenting
from portal.refusals import Refusal
from projects.models import Follow
from tests.conftest import NOW
from tests.parallel import at_once
from tests.staff import client_of, said, staff_user
from volunteers.models import ServiceRecord, Turn

pytestmark = pytest.mark.django_db
BORN = NOW.date() - timedelta(days=365 * 10 + 90)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def clerk(db) -> User:
    return User.objects.create_user("clerk@example.org")


@pytest.fixture
def twins(make_child, make_person):
    """One child added by both parents: (mother, her record of it, father, his)."""
    mother, father = make_person(user=True, name="母亲"), make_person(user=True, name="父亲")
    mine = make_child(mother, name="小满", birth_date=BORN)
    his = make_child(father, name="小满", birth_date=BORN)
    duplicates.note(his)
    return mother, mine, father, his


@pytest.fixture
def one_family(twins):
    """The parents are one family, each of whom added the child."""
    mother, mine, father, his = twins
    Family.objects.create(neighbourhood=mine.neighbourhood).members.set([mother, father, mine, his])
    return twins


def join(kept, dropped, clerk, reason="一个孩子，父母各加了一次", paper="户口簿"):
    return merging.merge(kept, dropped, reason=reason, paper=paper, by=clerk, at=NOW)


def live(activity) -> list[tuple[str, str]]:
    return list(activity.sign_ups.live().order_by("pk").values_list("person__name", "status"))


def test_the_same_child_under_two_parents_is_found(twins):
    _mother, mine, _father, his = twins
    pair = PossibleDuplicate.objects.get()
    assert (pair.person, pair.other, pair.reason) == (his, mine, "same name and birth date")
    duplicates.note(mine)  # looked at from the other side
    assert PossibleDuplicate.objects.count() == 1


def test_before_joining_the_second_parent_of_a_family_is_told_and_takes_no_second_seat(activity, one_family):
    """S4: within one family a double is refused with a sentence."""
    mother, mine, father, his = one_family
    sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, guardian_consents=True)
    with pytest.raises(Refusal, match=r"signed up here already, perhaps by the other parent.*10000000001"):
        sign_ups.sign_up(activity, [father, his], made_by=father, at=NOW, guardian_consents=True)
    assert live(activity) == [("母亲", "confirmed"), ("小满", "confirmed")]


def test_to_strangers_nothing_is_said_and_nobody_is_kept_away(make_activity, twins, make_person, make_child, clerk):
    """S4: an invented child of a known name is no way to learn where that child will be, nor to take its place."""
    activity = make_activity()
    mother, mine, stranger, invented = twins
    PossibleDuplicate.objects.all().delete()
    sign_ups.sign_up(activity, [stranger, invented], made_by=stranger, at=NOW, guardian_consents=True)
    sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, guardian_consents=True)
    assert [status for _name, status in live(activity)] == ["confirmed"] * 4
    pair = PossibleDuplicate.objects.get()  # staff see the two
    assert {pair.person, pair.other} == {mine, invented}
    assert (pair.state, pair.reason) == ("open", "same name and birth date")


def test_of_two_seats_the_earlier_stays_and_is_as_sure_as_the_later(make_activity, one_family, clerk):
    """S4: on joining the earlier keeps the seat; it waits for no consent that the other parent has given."""
    mother, mine, father, his = one_family
    Person.objects.filter(pk=his.pk).update(name="满满")
    his.refresh_from_db()
    activity = make_activity()
    sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, channel="phone", entered_by=clerk)
    assert SignUp.objects.get(person=mine).status == "consent_pending"
    sign_ups.sign_up(activity, [father, his], made_by=father, at=NOW, guardian_consents=True)
    join(mine, his, clerk)
    row = SignUp.objects.live().get(person=mine)
    assert (row.booking.made_by, row.status) == (mother, "confirmed")


def test_a_clash_names_the_other_place_only_to_whoever_may_know(make_activity, person, clerk):
    """S4: whoever writes somebody down for them is not told where they are at that time."""
    there, here = make_activity(title="支部会议"), make_activity(title="浇水")
    sign_ups.sign_up(there, [person], made_by=person, at=NOW)
    with pytest.raises(Refusal, match="支部会议"):
        sign_ups.sign_up(here, [person], made_by=person, at=NOW)
    with pytest.raises(Refusal, match="has a seat elsewhere") as refused:
        sign_ups.sign_up(here, [person], made_by=person, at=NOW, channel="phone", entered_by=clerk)
    assert "支部会议" not in str(refused.value)


def test_two_children_of_one_name_whom_staff_told_apart_both_come(make_activity, one_family, clerk):
    activity = make_activity()
    mother, mine, father, his = one_family
    staff.tell_apart(PossibleDuplicate.objects.get(), by=clerk)
    sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, guardian_consents=True)
    sign_ups.sign_up(activity, [father, his], made_by=father, at=NOW, guardian_consents=True)
    assert len(live(activity)) == 4


def test_joined_both_parents_answer_for_the_one_record(twins, clerk):
    mother, mine, father, his = twins
    join(mine, his, clerk)
    assert set(Guardianship.objects.filter(child=mine, ended_at=None).values_list("guardian__name", flat=True)) == {
        "母亲",
        "父亲",
    }
    assert Consent.objects.in_force().filter(person=mine, purpose="data").count() == 2
    assert PossibleDuplicate.objects.get().state == "joined"
    assert list(Person.objects.wards_of(father)) == [mine]
    his.refresh_from_db()
    assert his.merged_into == mine
    assert his not in Person.objects.living_records()


def test_joining_frees_the_seat_of_the_double_and_the_next_moves_up(make_activity, twins, people, clerk):
    """Both had seats, as it may be where no birth date told it."""
    mother, mine, father, his = twins
    Person.objects.filter(pk=his.pk).update(birth_date=None, birth_year=BORN.year)
    his.refresh_from_db()
    activity = make_activity(capacity=4)
    sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, guardian_consents=True)
    sign_ups.sign_up(activity, [father, his], made_by=father, at=NOW, guardian_consents=True)
    sign_ups.sign_up(activity, [people[0]], made_by=people[0], at=NOW)

    merge = join(mine, his, clerk)
    assert live(activity) == [
        ("母亲", "confirmed"),
        ("小满", "confirmed"),
        ("父亲", "confirmed"),
        (people[0].name, "confirmed"),
    ]
    assert ActivityConsent.objects.in_force().filter(child=mine).count() == 2  # kept, both
    with pytest.raises(Refusal, match="joined with another"):
        sign_ups.sign_up(activity, [his], made_by=father, at=NOW, guardian_consents=True)
    assert sign_ups.sign_up(activity, [mine], made_by=father, at=NOW, guardian_consents=True).made_by == mother

    left = merging.undo(merge, by=clerk, at=NOW)
    assert left == ["The place of 小满 at “盖草帘” has gone on; please sign them up anew."]


def test_a_seat_stays_before_a_place_in_the_queue_whichever_record_goes(make_activity, twins, people, clerk):
    mother, mine, father, his = twins
    Person.objects.filter(pk=his.pk).update(name="满满")
    his.refresh_from_db()
    activity = make_activity(capacity=3)
    sign_ups.sign_up(activity, [father, his], made_by=father, at=NOW, guardian_consents=True)
    sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, guardian_consents=True)
    join(mine, his, clerk)
    assert ("小满", "confirmed") in live(activity)
    row = SignUp.objects.live().get(person=mine)
    assert row.booking.made_by == father


@pytest.mark.parametrize(
    ("mine_came", "his_came", "counted"),
    [
        ("attended", "attended", ["attended"]),
        ("absent", "attended", ["attended"]),
        ("attended", "excused", ["attended"]),
        ("confirmed", "absent", ["confirmed"]),
    ],
)
@pytest.mark.parametrize("status", ["done", "published"])
def test_attendance_typed_for_both_counts_once_and_comes_back(
    make_activity, twins, clerk, mine_came, his_came, counted, status
):
    """Yearly figures count rows: one person who came once stands there once, and twice again when it is undone."""
    mother, mine, father, his = twins
    past = make_activity(starts_at=NOW - timedelta(days=3), status=status)
    rows = [
        baker.make(SignUp, activity=past, booking__activity=past, booking__sequence=n, person=person, status=came,
                   booking__made_by=person)
        for n, (person, came) in enumerate([(mine, mine_came), (his, his_came)], start=1)
    ]  # fmt: skip
    assert "“盖草帘”: both stand in its list; the person counts once from now on." in merging.follows(mine, his)

    merge = join(mine, his, clerk)
    assert list(SignUp.objects.live().values_list("person", "status")) == [(mine.pk, *counted)]
    assert participation(mine.neighbourhood).children == (counted == ["attended"])
    assert SignUp.objects.filter(status="attended").count() == counted.count("attended")

    assert merging.undo(merge, by=clerk, at=NOW) == []
    for row, person, came in zip(rows, (mine, his), (mine_came, his_came), strict=True):
        row.refresh_from_db()
        assert (row.person, row.status, row.ended_at, row.end_reason) == (person, came, None, "")


def test_undone_both_are_as_they_were(make_activity, twins, clerk):
    mother, mine, father, his = twins
    Family.objects.create(neighbourhood=mine.neighbourhood).members.set([father, his])
    Person.objects.filter(pk=his.pk).update(nickname="满满")
    his.refresh_from_db()
    activity = make_activity()
    sign_ups.sign_up(activity, [father, his], made_by=father, at=NOW, guardian_consents=True)
    consent = ActivityConsent.objects.get()

    merge = join(mine, his, clerk)
    mine.refresh_from_db()
    assert mine.nickname == "满满"
    assert SignUp.objects.live().get(person=mine).status == "confirmed"
    assert merging.undo(merge, by=clerk, at=NOW) == []

    mine.refresh_from_db()
    his.refresh_from_db()
    consent.refresh_from_db()
    assert (mine.nickname, his.merged_into, his.anonymised_at) == ("", None, None)
    assert consent.child == his
    assert list(Person.objects.wards_of(father)) == [his]
    assert list(his.families.all()) == list(father.families.all())
    assert SignUp.objects.live().get(person=his).status == "confirmed"
    assert PossibleDuplicate.objects.get().state == "open"
    merge.refresh_from_db()
    assert (merge.merged_by, merge.undone_by, merge.reason) == (clerk, clerk, "一个孩子，父母各加了一次")
    assert mine.history.first().history_change_reason == "joining undone"


def test_what_changed_since_is_left_and_said(twins, clerk):
    _mother, mine, father, his = twins
    merge = join(mine, his, clerk)
    Guardianship.objects.filter(guardian=father).delete()
    assert merging.undo(merge, by=clerk, at=NOW) == ["2 entries were changed since and stay as they are."]
    with pytest.raises(Refusal, match="undone already"):
        merging.undo(merge, by=clerk, at=NOW)


def test_a_later_joining_is_undone_first(twins, clerk, make_person):
    _mother, mine, _father, his = twins
    third = make_person(None, name="小满", birth_date=BORN, email="")
    first = join(mine, his, clerk)
    join(third, mine, clerk)
    with pytest.raises(Refusal, match="undo that first"):
        merging.undo(first, by=clerk, at=NOW)


def test_everything_of_an_adult_typed_twice_moves(make_activity, make_person, clerk, neighbourhood, location):
    """Service, a followed project, a promise, a membership; what would count twice is taken out, and comes back."""
    kept, typed = make_person(name="顾建国"), make_person(name="顾建国", phone="10000000009")
    shift = make_activity(starts_at=NOW - timedelta(days=3), status="done")
    record = baker.make(
        ServiceRecord, neighbourhood=neighbourhood, activity=shift, person=typed, started_at=NOW - timedelta(days=3),
        ended_at=NOW - timedelta(days=3) + timedelta(hours=2), minutes=120, entered_at=NOW, source="sheet",
    )  # fmt: skip
    project, other = (baker.make("projects.Project", neighbourhood=neighbourhood, slug=f"p{n}") for n in (1, 2))
    for person, followed in ((kept, project), (typed, project), (typed, other)):
        baker.make(Follow, person=person, project=followed)
    team = baker.make("people.Team", neighbourhood=neighbourhood, code="flower", name="护花小队")
    rota = baker.make("volunteers.Rota", team=team, location=location, title="晨扫", since=NOW.date())
    turn = baker.make(Turn, rota=rota, person=typed, weekday=3, since=NOW.date(), until=None, accepted_at=NOW)

    merge = join(kept, typed, clerk)
    for row in (record, turn):
        row.refresh_from_db()
        assert row.person == kept
    assert sorted(Follow.objects.values_list("person", "project")) == sorted(
        [(kept.pk, project.pk), (kept.pk, other.pk)]
    )
    kept.refresh_from_db()
    assert kept.phone == "10000000009"
    merging.undo(merge, by=clerk, at=NOW)
    assert Follow.objects.filter(person=typed).count() == 2
    record.refresh_from_db()
    assert record.person == typed


def test_one_person_does_not_serve_in_two_places_at_once(make_activity, make_person, clerk, neighbourhood):
    """V2."""
    kept, typed = make_person(name="顾建国"), make_person(name="顾建国")
    for person in (kept, typed):
        baker.make(
            ServiceRecord, neighbourhood=neighbourhood, activity=make_activity(), person=person, minutes=60,
            started_at=NOW - timedelta(hours=2), ended_at=NOW - timedelta(hours=1), entered_at=NOW, source="sheet",
        )  # fmt: skip
    with pytest.raises(Refusal, match="One of the two must be corrected first"):
        join(kept, typed, clerk)
    assert not PersonMerge.objects.exists()


def test_the_account_goes_along_and_two_accounts_are_refused(make_person, clerk):
    kept, typed = make_person(name="顾建国"), make_person(name="顾建国", user=True)
    account = typed.user
    merge = join(kept, typed, clerk)
    kept.refresh_from_db()
    assert kept.user == account
    merging.undo(merge, by=clerk, at=NOW)
    kept.refresh_from_db()
    typed.refresh_from_db()
    assert (kept.user, typed.user) == (None, account)

    both = make_person(name="顾建国", user=True)
    with pytest.raises(Refusal, match="Both have an account.*switched off"):
        join(both, typed, clerk)
    User.objects.filter(pk=account.pk).update(is_active=False)
    join(both, typed, clerk)
    both.refresh_from_db()
    assert both.user is not None
    assert both.user.is_active


@pytest.mark.parametrize("case", ["birth", "guardian", "reason", "own", "elsewhere"])
def test_refusals_say_what_to_do(make_person, make_child, clerk, elsewhere, case):
    kept = make_person(name="顾建国")
    other, by, reason = make_person(name="顾建国"), clerk, "一个人"
    match case:
        case "birth":
            Person.objects.filter(pk=other.pk).update(birth_date=BORN)
            words = "correct the wrong one first"
        case "guardian":
            other = make_child(kept, birth_date=kept.birth_date)
            words = "other's guardian"
        case "reason":
            reason, words = " ", "Please say why"
        case "own":
            Person.objects.filter(pk=other.pk).update(user=clerk)
            words = "ask a colleague"
        case "elsewhere":
            other = make_person(name="顾建国", place=elsewhere)
            words = "same residential area"
    with pytest.raises(Refusal, match=words):
        join(kept, other, by, reason)


def test_a_no_on_one_record_counts_on_the_joined_one(twins, clerk, guardian_text):
    """V5: whoever said yes before; the photo of one record is not shown by the consent on the other."""
    mother, mine, father, his = twins
    yes = {"person": his, "given_by": father, "given_at": NOW - timedelta(days=9)}
    baker.make(Consent, purpose="photo", text=guardian_text, **yes)
    no = {"person": mine, "given_by": mother, "given_at": NOW - timedelta(days=20)}
    baker.make(Consent, purpose="photo", text=guardian_text, revoked_at=NOW - timedelta(days=2), **no)
    merge = join(mine, his, clerk)
    assert not consenting.has(mine, "photo")
    merging.undo(merge, by=clerk, at=NOW)
    assert consenting.has(his, "photo")


def test_staff_compare_join_and_undo(neighbourhood, twins):
    """The page says what stays and goes before anything is done; who opened a child's record is noted (V6)."""
    mother, mine, _father, his = twins
    office = client_of(staff_user("committee_admin", neighbourhood))
    pair = PossibleDuplicate.objects.get()
    page = office.get(reverse("admin:people_possibleduplicate_change", args=[pair.pk])).content.decode()
    assert "母亲" in page
    assert "父亲" in page
    url = reverse("admin:people_possibleduplicate_act", args=["join"]) + f"?ids={pair.pk}"
    assert office.get(url).status_code == 200
    assert mine.access_log.count() == his.access_log.count() == 1

    data = {"ids": pair.pk, "stays": mine.pk, "reason": "母亲电话里说是一个孩子"}
    without = office.post(url, data).content.decode()
    assert "which paper shows who the guardian is" in without
    data["paper"] = "户口簿，母亲 5 月 3 日出示"
    asked = office.post(url, data)
    assert "Press once more" in asked.content.decode()
    assert "It can be undone" in asked.content.decode()
    assert not PersonMerge.objects.exists()
    seen = asked.context["form"]["seen"].value()
    done = office.post(url, data | {"seen": seen}, follow=True)
    assert said(done)[-1].startswith("Joined.")
    merge = PersonMerge.objects.get()
    assert merge.paper == "户口簿，母亲 5 月 3 日出示"
    assert (merge.kept, merge.dropped, merge.merged_by.email) == (mine, his, "committee_admin-lane-600@example.org")

    undo = reverse("admin:people_personmerge_act", args=["undo"])
    assert said(office.post(f"{undo}?ids={merge.pk}", {"ids": merge.pk}, follow=True))[-1] == "Both records are back."


@pytest.mark.django_db(transaction=True)
def test_both_parents_at_once_take_one_seat(make_activity, one_family):
    activity = make_activity()
    mother, mine, father, his = one_family
    calls = [
        lambda: sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, guardian_consents=True),
        lambda: sign_ups.sign_up(activity, [father, his], made_by=father, at=NOW, guardian_consents=True),
    ]
    results = at_once(*calls)
    assert sum(isinstance(result, Refusal) for result in results) == 1, results
    assert activity.sign_ups.live().filter(person__name="小满").count() == 1


@pytest.mark.django_db(transaction=True)
def test_joining_beside_a_sign_up_leaves_one_seat(make_activity, twins, clerk):
    activity = make_activity()
    mother, mine, father, his = twins
    Person.objects.filter(pk=his.pk).update(name="满满")
    sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, guardian_consents=True)
    his.refresh_from_db()
    results = at_once(
        lambda: join(mine, his, clerk),
        lambda: sign_ups.sign_up(activity, [father, his], made_by=father, at=NOW, guardian_consents=True),
    )
    assert isinstance(results[0], PersonMerge), results
    assert activity.sign_ups.live().filter(person__in=[mine, his]).count() == 1
    assert not SignUp.objects.live().filter(person=his).exists()


@pytest.mark.django_db(transaction=True)
def test_the_negative_control_takes_two_seats_without_the_lock(make_activity, one_family, monkeypatch):
    """Both parents looked before either signed up: what the lock of the activity prevents."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no row locks to take out: there the transaction itself is the lock.")
    activity = make_activity()
    mother, mine, father, his = one_family
    both_looked = threading.Barrier(2)
    look = eligibility.check_no_twin

    def look_together(*args):
        look(*args)
        both_looked.wait(timeout=20)

    monkeypatch.setattr(eligibility, "check_no_twin", look_together)
    monkeypatch.setattr(locks, "lock", lambda pk, people=(): Activity.objects.get(pk=pk))
    monkeypatch.setattr(queue, "must_wait", lambda *args, **kwargs: False)
    numbers = iter([1, 2])
    guard = threading.Lock()

    def next_number():
        with guard:
            return next(numbers)

    monkeypatch.setattr(queue, "next_sequence", lambda activity: next_number())
    at_once(
        lambda: sign_ups.sign_up(activity, [mother, mine], made_by=mother, at=NOW, guardian_consents=True),
        lambda: sign_ups.sign_up(activity, [father, his], made_by=father, at=NOW, guardian_consents=True),
    )
    assert activity.sign_ups.live().filter(person__name="小满").count() == 2
