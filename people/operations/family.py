"""Children and who answers for them (V4, V6; docs/rules/children.md)."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import Consent, Family, Guardianship, Person, User
from people.models.person import ADULT
from people.operations import consents, duplicates
from people.rules import consent
from people.rules.consent import Purpose, decides_alone, is_guardian
from portal import clock
from portal.refusals import Refusal
from portal.registry import Registry

OLDEST = 120


@dataclass(frozen=True)
class Child:
    """What a guardian tells of a child; ``agreed`` are the purposes ticked."""

    name: str
    nickname: str
    birth_date: date
    relation: str
    agreed: frozenset[str]


#: Upper apps add a reason why a child cannot be taken off the page yet (a seat that is still held), or None.
reasons_to_stay = Registry[Callable[[Person, Person], str | None]]("reasons to stay in a family")


def add_child(guardian: Person, child: Child, *, by: User | None = None) -> Person:
    """Add a child to the guardian's family; the guardianship counts as declared until somebody confirms it.

    Raises Refusal for an adult, a birth date that cannot be, or a child already in the family.
    """
    with transaction.atomic():
        if not guardian.is_adult_on(clock.today()):
            raise Refusal(_("Only an adult can add children. Please tell us on your page that you are 18 or over."))
        _check_age(child.birth_date)
        _check_data_consent(child)
        Person.objects.select_for_update(no_key=True).get(pk=guardian.pk)  # two taps add one child
        _check_no_double(guardian, child)
        person = Person.objects.create(
            neighbourhood=guardian.neighbourhood,
            name=child.name,
            nickname=child.nickname,
            birth_date=child.birth_date,
            language=guardian.language,
            building=guardian.building,
            added_at=clock.now(),
        )
        Guardianship.objects.create(guardian=guardian, child=person, relation=child.relation, declared_at=clock.now())
        family = guardian.families.order_by("pk").first()
        if family is None:
            family = Family.objects.create(neighbourhood=guardian.neighbourhood)
            family.members.add(guardian)
        family.members.add(person)
        _set_consents(guardian, person, child.agreed, by=by)
        duplicates.note(person)  # the other parent may have added the child already
    return person


def change_child(
    guardian: Person, person: Person, child: Child, *, by: User | None = None, only: Collection[str] | None = None
) -> None:
    """Correct a child's facts and the guardian's consents; raises Refusal as :func:`add_child` does.

    only: the facts that the guardian wrote anew; the others stay as they stand under the lock, None: all are meant.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if only is not None:
            kept = {name: getattr(person, name) for name in ("name", "nickname", "birth_date") if name not in only}
            child = replace(child, **{name: value for name, value in kept.items() if value is not None})
        _check_age(child.birth_date)
        _check_no_double(guardian, child, but=person)
        if (
            person.birth_date
            and child.birth_date != person.birth_date
            and _crosses_a_limit(person.birth_date, child.birth_date)
        ):
            # 14 and 18 change who may agree to what: a typing error is for the committee to mend, with the papers.
            raise Refusal(
                _("This would change which rules apply. Please ask the residents' committee."), about="birth_date"
            )
        person.name = child.name
        person.nickname = child.nickname
        person.birth_date = child.birth_date
        person.save()
        Guardianship.objects.filter(guardian=guardian, child=person, ended_at=None).update(relation=child.relation)
        _set_consents(guardian, person, child.agreed, by=by)
        duplicates.note(person)  # by its new name it may be a child that is known


def remove_child(guardian: Person, person: Person) -> None:
    """End this guardianship and take back what this guardian agreed to; another guardian's stays.

    Raises Refusal while an app has a reason against it, e.g. a seat the child still holds.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if not is_guardian(guardian, person):
            raise Refusal(_("This child is not in your family."))
        for reason in reasons_to_stay:
            if sentence := reason(guardian, person):
                raise Refusal(sentence)
        for purpose in (
            Consent.objects.in_force().filter(person=person, given_by=guardian).values_list("purpose", flat=True)
        ):
            consents.revoke(person, purpose, revoked_by=guardian, given_by=guardian)
        Guardianship.objects.filter(guardian=guardian, child=person, ended_at=None).update(ended_at=clock.now())
        for family in Family.objects.filter(members=guardian).filter(members=person):
            family.members.remove(person)
        consent.look_again(person)  # what this guardian agreed to elsewhere does not count any more


def _check_no_double(guardian: Person, child: Child, but: Person | None = None) -> None:
    """Within the family alone: what other families have entered is nobody's to learn."""
    same = Person.objects.wards_of(guardian).living_records().called(child.name).filter(birth_date=child.birth_date)
    if same.exclude(pk=but.pk if but else None).exists():
        raise Refusal(_("This child is already in your family."), about="name")


def _check_age(birth_date: date) -> None:
    today = clock.today()
    if birth_date > today:
        raise Refusal(_("This day is still to come."), about="birth_date")
    age = Person(birth_date=birth_date).age_on(today) or 0
    if age > OLDEST:
        raise Refusal(_("Please look at the year again."), about="birth_date")
    if age >= ADULT:
        raise Refusal(_("Whoever is 18 or over signs in with their own e-mail address."), about="birth_date")


def _check_data_consent(child: Child) -> None:
    if Purpose.DATA not in child.agreed:
        raise Refusal(_("Without this agreement we may not keep the child's name."), about=Purpose.DATA)


def _crosses_a_limit(before: date, after: date) -> bool:
    today = clock.today()
    old, new = (Person(birth_date=day) for day in (before, after))
    return old.gives_own_data_consent_on(today) != new.gives_own_data_consent_on(today) or old.is_adult_on(
        today
    ) != new.is_adult_on(today)


def _set_consents(guardian: Person, child: Person, agreed: Iterable[str], *, by: User | None) -> None:
    agreed = set(agreed)
    in_force = set(Consent.objects.in_force().filter(person=child).values_list("purpose", flat=True))
    for purpose in Purpose.values:
        if decides_alone(child, purpose, clock.today()):
            continue
        if purpose in agreed:
            consents.agree(child, purpose, actor=guardian, by=by)
        elif purpose in in_force:
            consents.revoke(child, purpose, revoked_by=guardian)
