"""Every way in which a child can come to a seat, each tried without the consent that V4 asks and with it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from activities.emails import action_url
from activities.models import Booking, SignUp
from activities.operations import attendance as sheets
from activities.operations import consents, lifecycle, locks, offers, sign_ups
from people.models import Consent, Family, Guardianship, Person
from people.operations import family as families
from people.operations import merging
from people.operations import staff as people_staff
from portal.refusals import Refusal, caught
from tests.conftest import NOW
from tests.staff import client_of, staff_user


class World:
    """A mother with an account, her children, an activity for them, and staff."""

    def __init__(self, neighbourhood, make_person, make_child, make_activity) -> None:
        self.neighbourhood = neighbourhood
        self.make_person, self.make_child, self.make_activity = make_person, make_child, make_activity
        self.mother = make_person(user=True, name="母亲")
        self.child = make_child(self.mother, 15, name="孩子")
        self.activity = make_activity(minors="14_and_over", capacity=4, starts_at=NOW + timedelta(days=5))
        self.clerk = staff_user("committee_admin", neighbourhood)

    def account_of(self, person: Person) -> Client:
        if person.user is None:
            person.user = baker.make("people.User", email=f"account{person.pk}@example.org", is_active=True)
            person.save()
        client = Client(headers={"accept-language": "en"})
        client.cookies["django_language"] = "en"
        client.force_login(person.user)
        return client

    def agree(self, child: Person | None = None, activity=None) -> None:
        child, activity = child or self.child, activity or self.activity
        consents.record_consent(
            locks.lock(activity.pk), child, child.guardianships_as_child.get(), at=NOW, channel="paper"
        )

    def queue(self, **fields):
        """A full activity, the child first in its queue; returns the booking whose seat can become free."""
        self.activity = self.make_activity(
            minors="14_and_over", capacity=1, starts_at=NOW + timedelta(days=5), **fields
        )
        first = self.make_person()
        taken = sign_ups.sign_up(self.activity, [first], made_by=first, at=NOW)
        sign_ups.sign_up(
            self.activity, [self.child], made_by=self.mother, at=NOW, channel="phone", entered_by=self.clerk
        )
        return taken


@pytest.fixture
def world(neighbourhood, make_person, make_child, make_activity) -> World:
    return World(neighbourhood, make_person, make_child, make_activity)


def own_sign_up_on_the_web(world: World, agreed: bool) -> None:
    if agreed:
        world.agree()
    client = world.account_of(world.child)
    client.post(world.activity.get_sign_up_url(), {"who": [world.child.pk]})


def a_guardian_on_the_web(world: World, agreed: bool) -> None:
    data = {"who": [world.child.pk]} | ({"consent": "on"} if agreed else {})
    world.account_of(world.mother).post(world.activity.get_sign_up_url(), data)


def somebody_else_of_the_family(world: World, agreed: bool) -> None:
    grandmother = world.make_person(user=True)
    family = baker.make(Family, neighbourhood=world.neighbourhood)
    family.members.add(grandmother, world.child)
    if agreed:
        world.agree()
    data = {"who": [grandmother.pk, world.child.pk], "consent": "on"}  # a tick that is not hers to make
    world.account_of(grandmother).post(world.activity.get_sign_up_url(), data)


def staff_enter_what_was_rung_up(world: World, agreed: bool) -> None:
    enter(world, "phone", agreed)


def staff_type_in_a_paper_sheet(world: World, agreed: bool) -> None:
    enter(world, "paper", agreed)


def enter(world: World, channel: str, agreed: bool) -> None:
    url = reverse("admin:volunteers_shift_enter", args=[world.activity.pk])
    data = {"people": [world.child.pk], "channel": channel, "note": "", "sheet_number": "7"}
    answer = client_of(world.clerk).post(url, data | ({"consented": "on"} if agreed else {}))
    assert answer.status_code == 302, answer.context["form"].errors


def moving_up_from_the_waiting_list(world: World, agreed: bool) -> None:
    taken = world.queue()
    if agreed:
        world.agree()
    sign_ups.withdraw(list(taken.sign_ups.all()), at=NOW, by_staff=world.clerk)


def more_seats_for_those_who_wait(world: World, agreed: bool) -> None:
    world.queue()
    if agreed:
        world.agree()
    lifecycle.change_capacity(world.activity, 2, at=NOW, by=world.clerk)


def an_offer_taken_by_the_link_in_the_mail(world: World, agreed: bool) -> None:
    taken = world.queue(promotion="offer")
    if agreed:
        world.agree()
    sign_ups.withdraw(list(taken.sign_ups.all()), at=NOW, by_staff=world.clerk)
    booking = world.activity.bookings.get(sign_ups__person=world.child)
    assert booking.sign_ups.get().status == "offered"
    Client().post(action_url("accept", booking, world.mother), {"who": [world.child.pk]})


def an_offer_answered_by_phone(world: World, agreed: bool) -> None:
    taken = world.queue(promotion="offer")
    if agreed:
        world.agree()
    sign_ups.withdraw(list(taken.sign_ups.all()), at=NOW, by_staff=world.clerk)
    offers.accept(world.activity.bookings.get(sign_ups__person=world.child), at=NOW, by_staff=world.clerk)


def coming_with_fewer(world: World, agreed: bool) -> None:
    world.activity = world.make_activity(minors="14_and_over", capacity=2, starts_at=NOW + timedelta(days=5))
    first, brother = world.make_person(), world.make_child(world.mother, 16)
    taken = sign_ups.sign_up(world.activity, [first, world.make_person()], made_by=first, at=NOW)
    both = [world.child, brother]
    booking = sign_ups.sign_up(
        world.activity, both, made_by=world.mother, at=NOW, channel="phone", entered_by=world.clerk
    )
    sign_ups.withdraw([taken.sign_ups.get(person=first)], at=NOW, by_staff=world.clerk)
    if agreed:
        world.agree()
    booking.refresh_from_db()
    offers.accept(booking, at=NOW, by=world.mother, people=[world.child])


def those_invited_first(world: World, agreed: bool) -> None:
    """S25: having painted a cover opens the window early, and nothing else."""
    before = world.make_activity(starts_at=NOW - timedelta(days=30), status="done")
    booking = baker.make(Booking, activity=before, sequence=1, made_by=world.mother, made_at=NOW)
    baker.make(SignUp, booking=booking, activity=before, person=world.child, status="attended")
    world.activity.invite_first, world.activity.opens_to_all_at = before.activity_ptr, NOW + timedelta(days=1)
    world.activity.save()
    if agreed:
        world.agree()
    own_sign_up_on_the_web(world, False)


def a_consent_by_the_link_in_the_mail(world: World, agreed: bool) -> None:
    """The other way round: a yes by somebody who is no guardian (any more)."""
    booking = sign_ups.sign_up(
        world.activity, [world.child], made_by=world.mother, at=NOW, channel="phone", entered_by=world.clerk
    )
    link = action_url("consent", booking, world.mother)
    if not agreed:
        Guardianship.objects.update(ended_at=NOW)
    Client().post(link, {"who": [world.child.pk], "action": "agree"})


def a_consent_typed_in_by_staff(world: World, agreed: bool) -> None:
    """Without the consent to the data the one to the activity is not enough."""
    booking = sign_ups.sign_up(
        world.activity, [world.child], made_by=world.mother, at=NOW, channel="phone", entered_by=world.clerk
    )
    if not agreed:
        Consent.objects.filter(purpose="data").update(revoked_at=NOW)
    url = reverse("admin:volunteers_shift_consent", args=[world.activity.pk, booking.sign_ups.get().pk])
    client_of(world.clerk).post(url, {"what": "agree", "guardian": world.mother.pk, "channel": "phone"})


def confirmed_before(world: World) -> SignUp:
    world.agree()
    booking = sign_ups.sign_up(
        world.activity, [world.child], made_by=world.mother, at=NOW, channel="phone", entered_by=world.clerk
    )
    return booking.sign_ups.get()


def a_new_time(world: World, agreed: bool) -> None:
    confirmed_before(world)
    day = timedelta(days=1)
    activity = world.activity
    times = {"starts_at": activity.starts_at + day, "ends_at": activity.ends_at + day}
    lifecycle.move(activity, at=NOW, by=world.clerk, location=activity.location, **times)
    if agreed:
        consents.give_consent(SignUp.objects.get(), world.mother, at=NOW)


def a_guardian_who_leaves(world: World, agreed: bool) -> None:
    father = world.make_person()
    baker.make(Guardianship, guardian=father, child=world.child, declared_at=NOW)
    world.agree = lambda: consents.record_consent(  # type: ignore[method-assign]
        locks.lock(world.activity.pk),
        world.child,
        Guardianship.objects.get(guardian=father if agreed else world.mother),
        at=NOW,
        channel="paper",
    )
    confirmed_before(world)
    families.remove_child(world.mother, world.child)


def a_birth_date_corrected(world: World, agreed: bool) -> None:
    confirmed_before(world)
    if not agreed:
        SignUp.objects.get().activity.consents.all().delete()
    people_staff.age_corrected(world.child)


def two_records_joined_and_taken_apart(world: World, agreed: bool) -> None:
    """The seat that was given up comes back only with the consent."""
    double = world.make_child(world.mother, 15, name="小孩")
    for child in (world.child, double):
        world.agree(child)
        sign_ups.sign_up(world.activity, [child], made_by=world.mother, at=NOW, channel="phone", entered_by=world.clerk)
    done = merging.merge(double, world.child, reason="一个孩子", by=world.clerk, at=NOW)
    assert world.activity.sign_ups.live().get().person == double
    merging.undo(done, by=world.clerk, at=NOW)
    if not agreed:
        again = merging.merge(double, world.child, reason="一个孩子", by=world.clerk, at=NOW)
        world.activity.consents.filter(child=world.child).update(revoked_at=NOW)
        merging.undo(again, by=world.clerk, at=NOW)


def a_yes_to_what_is_no_longer_for_that_age(world: World, agreed: bool) -> None:
    """Corrected to be a minor where adults only come: no guardian's yes makes it right (V5)."""
    minors = "14_and_over" if agreed else "no"
    world.activity = world.make_activity(minors=minors, capacity=4, starts_at=NOW + timedelta(days=5))
    born, world.child.birth_date = world.child.birth_date, NOW.date().replace(year=1990)
    world.child.save()
    sign_ups.sign_up(world.activity, [world.child], made_by=world.child, at=NOW)
    world.child.birth_date = born
    world.child.save()
    people_staff.age_corrected(world.child)
    row = SignUp.objects.get()
    assert row.status == "consent_pending"
    if agreed:
        consents.give_consent(row, world.mother, at=NOW)
    else:
        with pytest.raises(Refusal, match="adults only"):
            consents.give_consent(row, world.mother, at=NOW)


def attendance(world: World, agreed: bool) -> None:
    if agreed:
        world.agree()
    sign_ups.sign_up(
        world.activity, [world.child], made_by=world.mother, at=NOW, channel="phone", entered_by=world.clerk
    )
    with caught():  # refused while the consent is missing
        sheets.record_attendance(
            world.activity, {world.child.pk: "attended"}, at=world.activity.starts_at, by=world.clerk
        )


WAYS: list[Callable[[World, bool], None]] = [
    own_sign_up_on_the_web,
    a_guardian_on_the_web,
    somebody_else_of_the_family,
    staff_enter_what_was_rung_up,
    staff_type_in_a_paper_sheet,
    moving_up_from_the_waiting_list,
    more_seats_for_those_who_wait,
    an_offer_taken_by_the_link_in_the_mail,
    an_offer_answered_by_phone,
    coming_with_fewer,
    those_invited_first,
    a_consent_by_the_link_in_the_mail,
    a_consent_typed_in_by_staff,
    a_new_time,
    a_guardian_who_leaves,
    a_birth_date_corrected,
    two_records_joined_and_taken_apart,
    a_yes_to_what_is_no_longer_for_that_age,
    attendance,
]
