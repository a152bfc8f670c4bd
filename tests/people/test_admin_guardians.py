"""Staff pages of guardians, consents and records that look alike: each changes by an act that notes who and when."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import Consent, ConsentText, Guardianship, PossibleDuplicate, RoleGrant, User
from tests.conftest import NOW, SHANGHAI
from tests.people.admin_pages import *  # noqa: F403
from tests.people.admin_pages import do, url
from tests.staff import client_of, said

pytestmark = pytest.mark.django_db


def test_confirming_a_guardianship_notes_who_and_when(committee, person, make_child, neighbourhood):
    child = make_child(person)
    bond = Guardianship.objects.get(child=child)

    do(committee, "people_guardianship", "confirm", bond)

    bond.refresh_from_db()
    assert (bond.state, bond.confirmed_at) == ("confirmed", NOW)
    assert bond.confirmed_by == User.objects.get(email__startswith="committee_admin")


def test_nobody_confirms_their_own_guardianship(neighbourhood, make_person, make_child):
    guardian = make_person(user=True)
    bond = Guardianship.objects.get(child=make_child(guardian))
    user = guardian.user
    user.is_staff = True
    user.save()
    baker.make(RoleGrant, user=user, role="committee_admin", neighbourhood=neighbourhood, given_at=NOW, until=None)

    refused = do(client_of(user), "people_guardianship", "confirm", bond)

    bond.refresh_from_db()
    assert "Somebody else has to confirm" in said(refused)[-1]
    assert bond.state == "declared"


def test_ending_a_guardianship_takes_back_what_was_agreed(committee, person, make_child):
    child = make_child(person)
    bond = Guardianship.objects.get(child=child)

    do(committee, "people_guardianship", "end", bond)

    bond.refresh_from_db()
    assert bond.ended_at == NOW
    assert not Consent.objects.in_force().filter(person=child).exists()


def test_a_consent_on_paper_is_recorded_and_taken_back(committee, person, make_child, resident_text):
    child = make_child(person)

    do(committee, "people_person", "consent", child, what="give", purposes=["photo"], by=person.pk, channel="paper")
    given = Consent.objects.get(person=child, purpose="photo")
    do(committee, "people_person", "consent", child, what="revoke", purposes=["photo"], by=person.pk, channel="phone")

    assert (given.given_by, given.channel, given.given_at) == (person, "paper", NOW)
    assert given.entered_by.email.startswith("committee_admin")
    given.refresh_from_db()
    assert given.revoked_at == NOW


def test_a_paper_of_another_day_counts_from_that_day_and_shows_when_it_was_typed_in(committee, person, resident_text):
    """T1: with the words that were in force then."""
    older = baker.make(ConsentText, audience="resident", version="0.9", body="旧的说法", published_on=date(2018, 3, 1))
    form = {"what": "give", "purposes": ["record"], "by": person.pk, "channel": "paper"}

    early = do(committee, "people_person", "consent", person, on="2018-02-01", **form)
    late = do(committee, "people_person", "consent", person, on="2018-12-21", **form)
    do(committee, "people_person", "consent", person, on="2018-11-30", **form)

    assert "No wording was in force here on Thu 1 Feb 2018" in said(early)[-1]
    assert "still to come" in said(late)[-1]
    given = Consent.objects.get(person=person)
    assert (given.text, given.entered_at) == (older, NOW)
    assert given.given_at == datetime(2018, 11, 30, tzinfo=SHANGHAI)


def test_an_old_paper_does_not_overrule_a_later_no(committee, person, resident_text):
    """T1, V5: revoked after the day of the paper, so it has to be asked anew; a paper of today may be entered."""
    form = {"purposes": ["photo"], "by": person.pk, "channel": "paper"}
    do(committee, "people_person", "consent", person, what="give", **form)
    do(committee, "people_person", "consent", person, what="revoke", **form)
    ConsentText.objects.update(published_on=date(2018, 1, 1))

    refused = do(committee, "people_person", "consent", person, what="give", on="2018-12-01", **form)
    assert "was taken back on Thu 20 Dec 2018, after that paper" in said(refused)[-1]
    assert not Consent.objects.in_force().exists()

    do(committee, "people_person", "consent", person, what="give", on="2018-12-20", **form)
    assert Consent.objects.in_force().get().entered_at is None


def test_consents_said_at_once_are_recorded_all_or_not_at_all(committee, person, make_child, resident_text):
    """V4: at 15 the guardian gives the photo, but not the data any more; so neither is given, and neither taken back."""
    child = make_child(person, 15, data=False)
    both = {"purposes": ["photo", "data"], "by": person.pk}

    given = do(committee, "people_person", "consent", child, what="give", channel="paper", **both)
    assert "old enough" in said(given)[-1]
    assert not Consent.objects.filter(person=child).exists()

    do(committee, "people_person", "consent", child, what="give", purposes=["photo"], by=person.pk, channel="paper")
    child.user = User.objects.create_user("child@example.org")  # from here on the data are the child's own affair
    child.save()
    taken = do(committee, "people_person", "consent", child, what="revoke", channel="phone", **both)
    assert "old enough" in said(taken)[-1]
    assert Consent.objects.in_force().filter(person=child, purpose="photo").exists()


def test_a_child_cannot_agree_where_a_guardian_must(committee, person, make_child):
    """V4."""
    child = make_child(person)

    refused = do(
        committee, "people_person", "consent", child, what="give", purposes=["photo"], by=child.pk, channel="paper"
    )

    assert "a guardian has to agree" in said(refused)[-1]
    assert not Consent.objects.filter(purpose="photo").exists()


def test_two_records_that_look_alike_are_told_apart(committee, people):
    pair = baker.make(PossibleDuplicate, person=people[0], other=people[1], reason="same name", noted_at=NOW)

    page = committee.get(url("people_possibleduplicate", "change", pair.pk)).content.decode()
    do(committee, "people_possibleduplicate", "different", pair)

    pair.refresh_from_db()
    assert people[0].email in page
    assert people[1].email in page
    assert (pair.state, pair.decided_by.email) == ("different", "committee_admin-lane-600@example.org")


def test_two_records_are_compared_by_what_differs_and_only_acts_change_them(committee, people):
    """M2: nothing to save on a page without fields; why they are listed is said in the reader's language."""
    pair = baker.make(PossibleDuplicate, person=people[0], other=people[1], reason="same name", noted_at=NOW)
    committee.cookies["django_language"] = "zh-hans"
    page = committee.get(url("people_possibleduplicate", "change", pair.pk)).content.decode()
    index = committee.get(reverse("admin:index")).content.decode()
    listing = committee.get(url("people_possibleduplicate", "changelist")).content.decode()

    assert 'name="_save"' not in page
    assert '<tr class="same"><th scope="row">账号' in page
    assert '<tr><th scope="row">电子邮箱' in page
    assert "姓名相同" in page
    assert "姓名相同" in index
    assert "姓名相同" in listing


def test_dates_of_the_staff_pages_read_as_everywhere_else(committee, people):
    """L2: Django's own English would say “Dec. 20, 2018, 9 a.m.”."""
    pair = baker.make(PossibleDuplicate, person=people[0], other=people[1], reason="same name", noted_at=NOW)
    page = committee.get(url("people_possibleduplicate", "change", pair.pk)).content.decode()
    assert "Thu 20 Dec 2018, 9:00" in page


def test_a_wording_people_agreed_to_is_never_edited(committee, resident_text):
    page = committee.get(url("people_consenttext", "change", resident_text.pk)).content.decode()
    committee.post(url("people_consenttext", "change", resident_text.pk), {"body": "别的"})
    committee.post(
        url("people_consenttext", "add"),
        {"audience": "resident", "version": "1.1", "body": "新的", "body_en": "", "published_on": "2019-01-01"},
    )

    assert 'name="body"' not in page
    assert set(ConsentText.objects.values_list("version", "body")) == {("居民告知书 1.0", "同意"), ("1.1", "新的")}
