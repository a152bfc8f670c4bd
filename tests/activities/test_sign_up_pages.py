"""Signing up in a browser: the newcomer's way, the resident's two taps, the guardian's family, every refusal's words."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.models import ActivityConsent, Booking, SignUp
from activities.operations import sign_ups
from activities.rules.guardian_consent import risks_hash, terms_hash
from people.models import Consent, Family, Guardianship, Person, User
from people.operations import consents
from portal import clock
from portal.refusals import Refusal
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def signed_in(client, person):
    client.force_login(person.user)
    return client


def sign_up_url(activity) -> str:
    return reverse("activities:sign-up", args=["lane-600", activity.pk])


def post(client, activity, *people: Person, **fields):
    data = {"who": [person.pk for person in people]} | fields
    return client.post(sign_up_url(activity), data)


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return {name: list(map(str, found)) for name, found in response.context["form"].errors.items()}


def who_is_in(activity) -> dict[str, str]:
    return dict(activity.sign_ups.live().values_list("person__name", "status"))


# The way in


def test_a_visitor_is_asked_who_they_are_and_comes_back(client, activity):
    response = client.get(sign_up_url(activity))

    assert response.status_code == 302
    assert response.url == f"/accounts/join/?next=/lane-600/activities/{activity.pk}/sign-up/%3Fstep%3D4"


def test_a_newcomer_signs_up_with_name_address_and_code(client, activity, mailoutbox, resident_text):
    where = client.get(sign_up_url(activity)).url
    client.post(where, {"email": "new@example.org"})
    code = next(word for word in mailoutbox[-1].body.split() if word.isdigit() and len(word) == 6)
    client.post(reverse("people:join-code"), {"code": code})
    back = client.post(reverse("people:join-name"), {"name": "新来的", "adult": "on", "agrees": "on"})
    form = client.get(back.url)
    done = client.post(back.url, {"who": [pick.value for pick in form.context["form"].picks if pick.checked]})
    page = client.get(done.url)

    assert back.url == f"{sign_up_url(activity)}?step=4"
    assert who_is_in(activity) == {"新来的": "confirmed"}
    assert "Done, you are signed up" in page.content.decode()


def test_two_taps_are_enough_for_a_resident(signed_in, activity, person):
    """The card on home leads to this page; its button sends the form with the reader ticked."""
    page = signed_in.get(activity.get_absolute_url())
    text = page.content.decode()

    assert '<button class="btn" type="submit" form="sign-up">Sign up</button>' in text
    assert text.index('id="risk"') < text.index('form="sign-up"')  # V1: the risks before the way to sign up
    done = post(signed_in, activity, *[person for pick in page.context["form"].picks if pick.checked])
    assert who_is_in(activity) == {person.name: "confirmed"}
    words = signed_in.get(done.url).content.decode()
    assert "Done, you are signed up" in words
    assert "We will remind you on Sat 22 Dec, 18:00 by e-mail." in words


def test_pressing_twice_does_no_harm(signed_in, activity, person):
    first = post(signed_in, activity, person)
    second = post(signed_in, activity, person)

    assert (second.status_code, second.url) == (302, first.url)
    assert Booking.objects.count() == 1


def test_whoever_comes_too_late_waits_and_reads_their_place(signed_in, make_activity, make_person, person):
    activity = make_activity(capacity=1)
    for _ in range(3):
        early = make_person()
        sign_ups.sign_up(activity, [early], made_by=early, at=NOW)

    words = signed_in.get(post(signed_in, activity, person).url).content.decode()

    assert "You are on the waiting list" in words
    assert "2 bookings wait before you." in words


# Families


@pytest.fixture
def family(person, make_child):
    return [make_child(person, 14, name="诺诺"), make_child(person, 10, name="小鸣")]


def test_a_guardian_signs_up_two_children_in_one_booking(signed_in, activity, person, family):
    """V4: one tick, stored per child with the words, the risks and the bond."""
    page = signed_in.get(sign_up_url(activity)).content.decode()
    assert "诺诺, 小鸣" in page
    assert "14 on the day" in page

    post(signed_in, activity, person, *family, consent="on", terms=terms_hash(activity))

    assert who_is_in(activity) == {person.name: "confirmed", "诺诺": "confirmed", "小鸣": "confirmed"}
    assert Booking.objects.count() == 1
    given = ActivityConsent.objects.values_list("child__name", "guardian", "relation", "risks_sha256")
    assert sorted(given) == sorted((child.name, person.pk, "母亲", risks_hash(activity)) for child in family)


def test_consent_is_never_ticked_beforehand(signed_in, activity, family):
    form = signed_in.get(sign_up_url(activity)).context["form"]
    assert not form["consent"].value()


def test_on_a_family_activity_the_children_are_ticked(signed_in, make_activity, person, family):
    activity = make_activity(open_to=["families"], minors="with_guardian")
    picks = signed_in.get(activity.get_absolute_url()).context["form"].picks
    assert [pick.label for pick in picks if pick.checked] == [f"{person.name} (you)", "诺诺", "小鸣"]


def test_a_child_without_consent_is_refused_with_a_sentence(signed_in, activity, person, family):
    response = post(signed_in, activity, person, family[1], note="走得慢")

    assert errors(response) == {
        "consent": [
            "Please tick that you, as guardian, agree to 小鸣 taking part. Without it 小鸣 cannot be signed up."
        ]
    }
    assert who_is_in(activity) == {}
    # What was typed stays.
    assert "走得慢" in response.content.decode()
    assert [pick.label for pick in response.context["form"].picks if pick.checked] == [f"{person.name} (you)", "小鸣"]


def test_consent_to_risks_that_changed_meanwhile_does_not_count(signed_in, activity, person, family):
    old = terms_hash(activity)
    type(activity).objects.filter(pk=activity.pk).update(risks="脚手架")

    response = post(signed_in, activity, person, family[0], consent="on", terms=old)

    assert errors(response) == {
        "consent": ["Place, time or risks have changed in the meantime. Please read them once more."]
    }


def test_a_child_whose_data_we_may_not_keep_is_refused(signed_in, activity, person, make_child):
    child = make_child(person, 9, name="果果", data=False)
    response = post(signed_in, activity, person, child, consent="on")
    assert errors(response) == {
        "who": ["Before 果果 can join, please give the consent to keep their data, under “Me”, “Family”."]
    }
    assert f'href="/me/family/{child.pk}/?next=' in response.content.decode()  # and comes back from there


def test_a_child_alone_needs_an_adult(signed_in, activity, family):
    assert errors(post(signed_in, activity, family[1], consent="on")) == {
        "who": ["小鸣 needs an adult who comes along: please sign up together with one."]
    }


def test_a_child_follows_an_adult_who_is_signed_up_already(signed_in, activity, person, family):
    post(signed_in, activity, person)
    post(signed_in, activity, family[1], consent="on")

    row = SignUp.objects.get(person=family[1])
    assert (row.status, row.companion) == ("confirmed", person)
    assert "Sign up another one" in signed_in.get(activity.get_absolute_url()).content.decode()


def test_the_companion_can_be_chosen(signed_in, make_activity, make_person, person, family, neighbourhood):
    activity = make_activity(capacity=9)
    aunt = make_person(name="阿姨")
    home = baker.make(Family, neighbourhood=neighbourhood)
    home.members.set([person, aunt, *family])

    refused = post(signed_in, activity, person, family[1], consent="on", companion=aunt.pk)
    assert errors(refused) == {
        "companion": ["阿姨 is not coming along. Please tick 阿姨 above too, or choose somebody else."]
    }
    post(signed_in, activity, person, aunt, family[1], consent="on", companion=aunt.pk)
    assert SignUp.objects.get(person=family[1]).companion == aunt


def test_a_relative_who_is_no_guardian_cannot_consent(
    signed_in, make_activity, person, make_person, make_child, neighbourhood
):
    """V4: a helper's booking keeps the child's seat until a guardian agrees, who is asked by mail."""
    activity = make_activity(capacity=5)
    mother = make_person(name="妈妈")
    child = make_child(mother, 9, name="果果")
    baker.make(Family, neighbourhood=neighbourhood).members.set([person, child])

    form = signed_in.get(sign_up_url(activity)).context["form"]
    assert "consent" not in form.fields
    post(signed_in, activity, person, child, consent="on")

    assert who_is_in(activity) == {person.name: "confirmed", "果果": "consent_pending"}
    assert not ActivityConsent.objects.exists()


def test_nobody_is_offered_beyond_ones_own(signed_in, activity, person, make_person, make_child, elsewhere):
    make_person(name="邻居")
    former = make_child(person, 8, name="前")
    Guardianship.objects.filter(child=former).update(ended_at=NOW)
    make_child(person, 7, place=elsewhere, name="外")

    picks = signed_in.get(sign_up_url(activity)).context["form"].picks

    assert [pick.label for pick in picks] == [f"{person.name} (you)"]


# Every refusal is a sentence beside its question


@pytest.mark.parametrize(
    "foreign", ["somebody else's child", "another neighbourhood's", "no number", "nul", "huge", "none"]
)
def test_a_foreign_id_gets_a_sentence_and_tells_nothing(
    signed_in, activity, make_person, make_child, elsewhere, foreign
):
    secret = {
        "somebody else's child": lambda: make_child(make_person(), 8, name="秘密"),
        "another neighbourhood's": lambda: make_person(place=elsewhere, name="秘密"),
    }
    value = {"no number": "x", "nul": "1\x00", "huge": "9" * 40, "none": "-1"}.get(foreign) or secret[foreign]().pk

    response = signed_in.post(sign_up_url(activity), {"who": [value], "companion": value, "coach": value})

    assert errors(response)["who"] == ["Please choose from the people named here."]
    assert "秘密" not in response.content.decode()
    assert who_is_in(activity) == {}


def test_nobody_ticked(signed_in, activity):
    assert errors(post(signed_in, activity)) == {"who": ["Please tick who is coming."]}


def test_a_note_with_nul_or_too_long(signed_in, activity, person):
    assert "note" in errors(post(signed_in, activity, person, note="a\x00b"))
    assert errors(post(signed_in, activity, person, note="长" * 201))["note"] == [
        "At most 200 characters, please; these are 201."
    ]


def test_a_clash_asks_once(signed_in, make_activity, person):
    other = make_activity(title="合唱")
    sign_ups.sign_up(other, [person], made_by=person, at=NOW)
    activity = make_activity(title="盖草帘")

    page = signed_in.get(sign_up_url(activity)).content.decode()
    refused = post(signed_in, activity, person)

    assert "I know, sign up anyway" not in page
    assert errors(refused) == {"accept_clash": [f"{person.name} is signed up for “合唱” at that time."]}
    assert "I know, sign up anyway" in refused.content.decode()
    post(signed_in, activity, person, accept_clash="on")
    assert who_is_in(activity) == {person.name: "confirmed"}


def test_coach_seats_run_out(signed_in, make_activity, person, make_person):
    activity = make_activity(coach_seats=1)
    rider = make_person()
    sign_ups.sign_up(activity, [rider], made_by=rider, coach={rider.pk}, at=NOW)

    assert errors(post(signed_in, activity, person, coach=person.pk)) == {
        "coach": ["The coach has 0 free seats. Please come on your own, or choose fewer for the coach."]
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"minors": "no"},
            "小鸣 cannot join: this is for adults only. Sign up without them, or choose an activity that is open to children.",
        ),
        (
            {"minors": "14_and_over"},
            "小鸣 cannot join: one must be 14 on the day. Sign up without them, or choose an activity that is open to children.",
        ),
        ({"min_age": 12}, "小鸣 cannot join: one must be at least 12 on the day."),
        ({"max_age": 9}, "小鸣 cannot join: one must be at most 9 on the day."),
    ],
)
def test_ages_are_told_before_and_after(signed_in, make_activity, family, fields, sentence):
    """V4: the row that cannot be ticked says why; sent all the same, the operation says it too."""
    activity = make_activity(**fields)

    pick = next(pick for pick in signed_in.get(sign_up_url(activity)).context["form"].picks if pick.label == "小鸣")
    response = post(signed_in, activity, family[1], consent="on")

    assert (pick.disabled, pick.words) == (True, sentence)
    assert errors(response) == {"who": [sentence]}


def test_whoever_it_is_not_for_reads_so_before_and_after(signed_in, make_activity, person):
    activity = make_activity(open_to=["members", "partner_units"])
    sentence = f"{person.name} cannot join here: it is for Party members, partner units."

    page = signed_in.get(activity.get_absolute_url())
    refused = post(signed_in, activity, person)

    assert page.context["form"] is None
    assert sentence in page.content.decode()
    assert "sign-up/" not in page.content.decode()
    assert errors(refused) == {"who": [sentence]}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "cancelled"}, "This activity has been cancelled."),
        ({"signup_from": NOW + timedelta(hours=3)}, "Sign-up begins on Thu 20 Dec, 12:00."),
        (
            {"signup_until": NOW - timedelta(hours=1)},
            "Sign-up has ended. If you still want to come, please ask the committee: 10000000001.",
        ),
        ({"open_to": []}, "Nobody needs to sign up for this."),
        (
            {"starts_at": NOW - timedelta(hours=1)},
            "This activity takes no more sign-ups: it has begun or is over.",
        ),
    ],
)
def test_a_closed_door_says_why(signed_in, make_activity, person, fields, sentence):
    activity = make_activity(**fields)

    page = signed_in.get(sign_up_url(activity))
    refused = post(signed_in, activity, person)

    assert page.context["closed"] == sentence
    assert errors(refused) == {"__all__": [sentence]}
    assert sentence in refused.content.decode()


def test_an_account_of_elsewhere_is_asked_its_name(client, activity, elsewhere, make_person, resident_text):
    visitor = make_person(place=elsewhere, user=True)
    client.force_login(visitor.user)

    page = client.get(sign_up_url(activity))
    client.post(sign_up_url(activity), {"name": "访客", "adult": "on", "agrees": "on"})

    assert "does not know you as a resident yet" in page.content.decode()
    assert Person.objects.get(user=visitor.user, neighbourhood=activity.neighbourhood).name == "访客"
    assert not SignUp.objects.exists()


def test_a_minor_decides_only_for_themself(client, activity, make_child, person, neighbourhood):
    teen = make_child(person, 15, name="大鸣")
    teen.user = User.objects.create_user("teen@example.org")
    teen.save()
    baker.make(Family, neighbourhood=neighbourhood).members.set([person, teen])
    client.force_login(teen.user)

    form = client.get(sign_up_url(activity)).context["form"]

    assert [pick.label for pick in form.picks] == ["大鸣 (you)"]
    assert "consent" not in form.fields


def test_consents_of_minors_hold_only_with_the_right_data_consent(signed_in, activity, person, make_child):
    """V4: from 14 the child's own word counts for the data; the guardian's does not."""
    teen = make_child(person, 15, name="大鸣", data=False)
    baker.make(
        Consent, person=teen, purpose="data", given_by=person, given_at=NOW, text=baker.make("people.ConsentText")
    )
    assert "Before 大鸣 can join" in errors(post(signed_in, activity, person, teen, consent="on"))["who"][0]


def test_reading_the_form_changes_nothing(signed_in, activity, family):
    before = (Booking.objects.count(), Consent.objects.count(), clock.now())
    signed_in.get(sign_up_url(activity))
    signed_in.head(sign_up_url(activity))
    assert (Booking.objects.count(), Consent.objects.count(), clock.now()) == before


# What one says stands on the page, and what was taken back is taken back


def test_an_adult_is_asked_for_the_tick_that_stands_there(client, make_activity, make_person, resident_text):
    """A4: not sent to another page or to a parent, with the tick below."""
    activity = make_activity(minors="no")
    person = make_person(None, user=True)
    client.cookies["django_language"] = "en"
    client.force_login(person.user)

    refused = client.post(sign_up_url(activity), {"who": [person.pk]})
    assert errors(refused) == {
        "adult": ["Please tick this if you are 18 or over. If you are not, a parent signs you up."]
    }

    client.post(sign_up_url(activity), {"who": [person.pk], "adult": "on"})
    assert who_is_in(activity) == {person.name: "confirmed"}
    person.refresh_from_db()
    assert person.declared_adult_at == NOW


@pytest.mark.parametrize(("minors", "said"), [("no", False), ("with_guardian", True)])
def test_children_are_promised_only_where_they_may_come(client, make_activity, minors, said):
    """A6: every sentence has its condition."""
    client.cookies["django_language"] = "en"
    page = client.get(make_activity(minors=minors).get_absolute_url()).content.decode()
    assert ("Children are added in the same go." in page) is said


def test_who_took_back_their_data_is_not_written_down_anew(signed_in, activity, person, resident_text):
    """A8, V5."""
    consents.give(person, "data", given_by=person)
    consents.revoke(person, "data", revoked_by=person)

    refused = post(signed_in, activity, person)
    assert "it was taken back that the committee keeps personal data" in errors(refused)["who"][0]
    assert 'href="/me/consents/"' in refused.content.decode()

    consents.give(person, "data", given_by=person)
    post(signed_in, activity, person)
    assert who_is_in(activity) == {person.name: "confirmed"}


def test_a_child_whose_volunteering_was_taken_back_is_signed_up_for_none(
    make_activity, person, make_child, resident_text, guardian_text
):
    """A8, V5: a film is another matter."""
    child = make_child(person)
    consents.give(child, "service", given_by=person)
    consents.revoke(child, "service", revoked_by=person)
    shift, film = make_activity(kind="shift"), make_activity(kind="learning", starts_at=NOW + timedelta(days=9))
    with pytest.raises(Refusal, match="it was taken back that they take part in volunteering"):
        sign_ups.sign_up(shift, [person, child], made_by=person, at=NOW, guardian_consents=True)
    sign_ups.sign_up(film, [person, child], made_by=person, at=NOW, guardian_consents=True)
