"""Consent asked for again when place, time or risks change, and whatever else makes one count no longer (V4, V5)."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localtime
from model_bakery import baker

from activities.emails import action_url
from activities.models import Activity, ActivityConsent, SignUp
from activities.operations import attendance, consents, entered_by_staff, lifecycle, locks, offers, sign_ups
from activities.rules import guardian_consent
from people.models import Consent, Guardianship, Message, Person, User
from people.operations import consents as own_booking
from people.operations import family
from people.operations import staff as people_staff
from people.outbox.sending import dispatch
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.parallel import at_once
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def clerk(db) -> User:
    return User.objects.create_user("clerk@example.org")


@pytest.fixture
def family_of(make_child, activity, person):
    """Two children of ``person`` with seats, booked apart, and the second guardian of both."""

    def make(second=None):
        activity.capacity = None
        activity.save()
        children = [make_child(person, name="诺诺"), make_child(person, name="小鸣")]
        sign_ups.sign_up(activity, [person, children[0]], made_by=person, at=NOW, guardian_consents=True)
        sign_ups.sign_up(activity, [children[1]], made_by=person, at=NOW, guardian_consents=True)
        if second is not None:
            for child in children:
                baker.make(Guardianship, guardian=second, child=child, relation="父亲", declared_at=NOW)
        Message.objects.all().delete()
        return children

    return make


def states(activity) -> dict[str, str]:
    return dict(activity.sign_ups.live().order_by("pk").values_list("person__name", "status"))


def told() -> list[tuple[str, str, list[str]]]:
    """(recipient, kind, names) of every message waiting."""
    return sorted(
        (
            message.recipient.name,
            message.kind,
            sorted({one.subject_person.name for one in message.occasions.filter(kind=message.kind)}),
        )
        for message in Message.objects.all()
    )


def move(activity, clerk, *, by=LATER, **changes):
    values = {"starts_at": activity.starts_at + by, "ends_at": activity.ends_at + by, "location": activity.location}
    return lifecycle.move(activity, at=NOW, by=clerk, **values | changes)


def test_a_new_time_makes_consents_outdated_and_keeps_the_seats_for_a_while(
    activity, person, make_person, family_of, clerk
):
    """V4: the yes was to another time. One mail a parent, naming both children; either may answer."""
    father = make_person(name="父亲")
    family_of(father)
    move(activity, clerk)

    assert states(activity) == {person.name: "confirmed", "诺诺": "consent_pending", "小鸣": "consent_pending"}
    assert set(SignUp.objects.exclude(consent_until=None).values_list("consent_until", flat=True)) == {
        NOW + timedelta(hours=48)
    }
    assert ActivityConsent.objects.in_force().count() == 0
    assert ActivityConsent.objects.filter(outdated_at=NOW, revoked_at=None).count() == 2
    assert told() == sorted(
        [
            ("父亲", "consent_again", ["小鸣", "诺诺"]),
            (person.name, "activity_moved", sorted([person.name, "诺诺", "小鸣"])),
        ]
    )


def test_the_mails_ask_and_lead_to_the_decision(activity, person, make_person, family_of, clerk):
    """The mail about the new time asks whoever gets it; a link for each booking."""
    family_of(make_person(name="父亲"))
    move(activity, clerk)
    dispatch()
    assert len(mail.outbox) == 2
    for letter in mail.outbox:
        assert letter.body.count("/consent/") == 2
        assert "诺诺" in letter.body
        assert "小鸣" in letter.body


def test_a_new_place_and_new_risks_ask_again_and_new_words_do_not(activity, person, make_child, clerk, neighbourhood):
    child = make_child(person)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    type(activity).objects.update(text="一起盖草帘", location_note="东侧")
    activity.refresh_from_db()
    assert consents.terms_changed(activity, at=NOW) == 0

    type(activity).objects.update(risks="结冰")
    assert consents.terms_changed(activity, at=NOW) == 1
    assert states(activity)[child.name] == "consent_pending"
    row = SignUp.objects.get(person=child)
    consents.give_consent(row, person, at=NOW)
    assert states(activity)[child.name] == "confirmed"

    place = baker.make("people.Location", neighbourhood=neighbourhood, name="活动室")
    move(activity, clerk, by=timedelta(0), location=place)
    assert states(activity)[child.name] == "consent_pending"
    # Every one of the consents is kept as evidence.
    assert list(ActivityConsent.objects.order_by("pk").values_list("outdated_at", flat=True)) == [NOW, NOW]


def test_risks_that_change_twice_are_asked_about_twice(activity, person, family_of):
    family_of()
    for risks in ("结冰", "结冰、高处"):
        type(activity).objects.update(risks=risks)
        consents.terms_changed(activity, at=NOW)
        for row in SignUp.objects.filter(status="consent_pending"):
            consents.give_consent(row, person, at=NOW)
    assert [kind for _name, kind, _names in told()].count("consent_again") == 2


def test_without_an_answer_the_seat_is_passed_on_by_the_start_at_the_latest(activity, person, make_child, clerk):
    child = make_child(person)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    move(activity, clerk, by=timedelta(hours=-60))  # starts in 12 hours
    activity.refresh_from_db()
    row = SignUp.objects.get(person=child)
    assert row.consent_until == activity.starts_at
    assert row.consent_reminded_at == NOW  # the question itself comes that late
    offers.lapse_due(activity.starts_at)
    assert states(activity) == {person.name: "confirmed"}


def test_children_in_the_queue_are_asked_too_and_wait_on(activity, person, make_child, people, clerk):
    activity.capacity = 2
    activity.save()
    sign_ups.sign_up(activity, people[:2], made_by=people[0], at=NOW)
    child = make_child(person)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    move(activity, clerk)
    assert states(activity)[child.name] == "waiting"
    activity.refresh_from_db()
    sign_ups.withdraw(list(activity.sign_ups.filter(person__in=people[:2])), at=NOW, by_staff=clerk)
    assert states(activity)[child.name] == "consent_pending"


def test_a_page_read_before_the_change_gives_no_consent(activity, person, make_child):
    child = make_child(person)
    desk_booking = sign_ups.sign_up(
        activity, [person, child], made_by=person, at=NOW, channel="phone", entered_by=person.user
    )
    url = action_url("consent", desk_booking, person)
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    page = client.get(url)
    read = page.context["form"]["terms"].value()
    type(activity).objects.update(risks="结冰")

    answer = client.post(url, {"who": child.pk, "terms": read, "action": "agree"})
    assert "Place, time or risks have changed in the meantime" in answer.content.decode()
    assert states(activity)[child.name] == "consent_pending"
    again = answer.context["form"]["terms"].value()
    client.post(url, {"who": child.pk, "terms": again, "action": "agree"})
    assert states(activity)[child.name] == "confirmed"


def test_a_missing_consent_is_reminded_of_once_before_the_seat_goes(activity, person, make_child, clerk):
    """One mail a parent, naming all the children."""
    children = [make_child(person), make_child(person)]
    sign_ups.sign_up(activity, [person, *children], made_by=person, at=NOW, channel="phone", entered_by=clerk)
    Message.objects.all().delete()
    assert consents.remind_missing(NOW + timedelta(hours=35)) == 0
    assert consents.remind_missing(NOW + timedelta(hours=37)) == 2
    assert consents.remind_missing(NOW + timedelta(hours=38)) == 0
    assert told() == [(person.name, "consent_missing", sorted(child.name for child in children))]


def test_whoever_agreed_is_not_reminded(activity, person, make_child, clerk):
    child = make_child(person)
    booking = sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, channel="phone", entered_by=clerk)
    consents.give_consent(booking.sign_ups.get(person=child), person, at=NOW)
    assert consents.remind_missing(NOW + timedelta(hours=47)) == 0


def test_either_guardian_gives_and_the_no_of_either_is_enough(activity, person, make_child, make_person):
    father, child = make_person(), make_child(person)
    baker.make(Guardianship, guardian=father, child=child, declared_at=NOW)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    row = SignUp.objects.get(person=child)
    consents.give_consent(row, father, at=NOW)
    client = Client()
    client.force_login(person.user)
    given = ActivityConsent.objects.get(guardian=father)
    client.post(reverse("activities:consent-revoke", args=[given.pk]))
    assert states(activity)[child.name] == "consent_pending"
    assert not ActivityConsent.objects.in_force().exists()


def test_a_guardian_who_leaves_takes_the_consent_along(activity, person, make_child, make_person):
    father, child = make_person(), make_child(person)
    baker.make(Guardianship, guardian=father, child=child, declared_at=NOW)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    Message.objects.all().delete()
    baker.make(Consent, person=child, purpose="data", given_by=father, given_at=NOW)
    family.remove_child(person, child)
    assert states(activity)[child.name] == "consent_pending"
    assert told() == [(father.name, "consent_again", [child.name])]


def test_without_the_consent_to_the_data_the_seat_waits(activity, person, make_child):
    child = make_child(person)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    own_booking.revoke(child, "data", revoked_by=person)
    assert states(activity)[child.name] == "consent_pending"
    with pytest.raises(Refusal, match="keep their data"):
        consents.give_consent(SignUp.objects.get(person=child), person, at=NOW)


def test_whoever_turns_out_to_be_a_minor_waits_for_a_guardian(activity, make_person):
    """An adult by their own word, whose papers say otherwise."""
    grown = make_person(None, declared_adult_at=NOW)
    sign_ups.sign_up(activity, [grown], made_by=grown, at=NOW)
    grown.birth_date = NOW.date() - timedelta(days=365 * 16)
    grown.save()
    people_staff.age_corrected(grown)
    assert states(activity)[grown.name] == "consent_pending"


def test_whoever_is_no_longer_of_the_age_asked_for_is_found_by_staff(
    make_activity, make_person, make_child, neighbourhood
):
    """V4: a corrected birth date takes nobody's seat; staff read on their first page whom to ask."""
    mother = make_person()
    child = make_child(mother, name="满满")
    born = child.birth_date
    from_12 = make_activity(title="小小讲解员", min_age=12)
    Person.objects.filter(pk=child.pk).update(birth_date=NOW.date() - timedelta(days=13 * 365 + 30))
    child.refresh_from_db()
    sign_ups.sign_up(from_12, [mother, child], made_by=mother, at=NOW, guardian_consents=True)
    office = client_of(staff_user("committee_admin", neighbourhood))

    def home() -> str:
        return office.get(reverse("admin:index")).content.decode()

    assert "Everybody is of the age asked for." in home()
    Person.objects.filter(pk=child.pk).update(birth_date=born)
    people_staff.age_corrected(Person.objects.get(pk=child.pk))
    text = home()
    assert "Signed up, but not of the age asked for" in text
    assert "满满, “小小讲解员”" in text
    assert states(from_12)["满满"] == "confirmed"

    sign_ups.withdraw([SignUp.objects.get(person=child)], at=NOW, by=mother)
    assert "Everybody is of the age asked for." in home()


def test_too_old_an_adult_and_a_minor_are_found_where_only_adults_come(make_activity, make_person, neighbourhood):
    up_to_60 = make_activity(title="清洗墙面", minors="no", max_age=60)
    older, younger = make_person(50, name="裴莉"), make_person(30, name="满满")
    for one in (older, younger):
        sign_ups.sign_up(up_to_60, [one], made_by=one, at=NOW)
    Person.objects.filter(pk=older.pk).update(birth_date=NOW.date() - timedelta(days=70 * 366))
    Person.objects.filter(pk=younger.pk).update(birth_date=NOW.date() - timedelta(days=16 * 366))
    office = client_of(staff_user("committee_admin", neighbourhood))

    text = office.get(reverse("admin:index")).content.decode().split("Signed up, but not of the age asked for")[1]

    assert "裴莉, “清洗墙面”" in text
    assert "满满, “清洗墙面”" in text.split("</section>")[0]


def test_moved_before_the_18th_birthday_one_is_a_minor_there(activity, make_person, clerk):
    """V4: the age on the day."""
    birthday = activity.starts_at.date() - timedelta(days=1)
    nearly = make_person(None, birth_date=birthday.replace(year=birthday.year - 18))
    sign_ups.sign_up(activity, [nearly], made_by=nearly, at=NOW)
    move(activity, clerk, by=-timedelta(days=2))
    assert states(activity)[nearly.name] == "consent_pending"


def test_attendance_confirms_nobody_whose_consent_is_missing(activity, person, make_child, clerk):
    child = make_child(person)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, channel="phone", entered_by=clerk)
    with pytest.raises(Refusal, match="has not agreed to"):
        attendance.record_attendance(activity, {child.pk: "attended"}, at=activity.starts_at, by=clerk)


def test_staff_who_rewrite_the_risks_read_whom_that_concerns(activity, person, make_child, neighbourhood):
    """V1, V4; and the page of the move says it before."""
    child = make_child(person)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    office = client_of(staff_user("committee_admin", neighbourhood))
    url = reverse("admin:volunteers_shift_act", args=["move"]) + f"?ids={activity.pk}"
    day = localtime(activity.starts_at + LATER)
    times = {"starts_at_0": f"{day:%Y-%m-%d}", "starts_at_1": "09:00", "ends_at_0": f"{day:%Y-%m-%d}"}
    asked = office.post(url, times | {"ends_at_1": "11:00", "location": activity.location_id, "ids": activity.pk})
    assert "its guardians are asked again" in asked.content.decode()

    page = reverse("admin:volunteers_shift_change", args=[activity.pk])
    form = office.get(page).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    data |= {"risks": "结冰", "invitations-TOTAL_FORMS": "0", "invitations-INITIAL_FORMS": "0"}
    saved = office.post(page, data, follow=True)
    assert any("For 1 child they are asked again" in words for words in said(saved)), said(saved)
    assert states(activity)[child.name] == "consent_pending"

    row = SignUp.objects.get(person=child)
    url = reverse("admin:volunteers_shift_consent", args=[activity.pk, row.pk])
    assert f"Agreed before something changed: {person.name}" in office.get(url).content.decode()
    entered_by_staff.give_consent(row, person, at=NOW, channel="phone", by=person.user)
    assert states(activity)[child.name] == "confirmed"


def waiting_child(make_activity, person, make_child, clerk):
    """A child whose guardian has not answered yet, and what the two do at once: agree, and move."""
    activity, child = make_activity(), make_child(person)
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, channel="phone", entered_by=clerk)
    row = SignUp.objects.get(person=child)
    return activity, row, lambda: consents.give_consent(row, person, at=NOW), lambda: move(activity, clerk)


@pytest.mark.django_db(transaction=True)
def test_a_yes_beside_a_move_confirms_nobody_for_the_old_time(make_activity, person, make_child, clerk):
    activity, row, agree, moved = waiting_child(make_activity, person, make_child, clerk)
    assert not any(isinstance(result, Exception) for result in at_once(agree, moved))
    activity.refresh_from_db()
    row.refresh_from_db()
    assert (row.status == "confirmed") == guardian_consent.consented(activity, row.person)


@pytest.mark.django_db(transaction=True)
def test_the_negative_control_confirms_for_the_old_time_without_the_lock(
    make_activity, person, make_child, clerk, monkeypatch
):
    """The guardian's answer is on its way while the activity moves: what the lock prevents."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no row locks to take out: there the transaction itself is the lock.")
    activity, row, agree, moved = waiting_child(make_activity, person, make_child, clerk)
    read, gone = threading.Event(), threading.Event()
    record = consents.record_consent

    def slowly(*args, **kwargs):
        read.set()
        gone.wait(timeout=20)
        return record(*args, **kwargs)

    def move_meanwhile():
        read.wait(timeout=20)
        try:
            return moved()
        finally:
            gone.set()

    monkeypatch.setattr(consents, "record_consent", slowly)
    monkeypatch.setattr(
        locks, "lock", lambda pk, people=(): Activity.objects.select_related("neighbourhood").get(pk=pk)
    )
    at_once(agree, move_meanwhile)
    activity.refresh_from_db()
    row.refresh_from_db()
    assert row.status == "confirmed"
    assert not guardian_consent.consented(activity, row.person)
