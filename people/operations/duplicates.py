"""Two records that may be one person: listed for staff, who decide (DESIGN.md §2)."""

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from people.models import Person, PossibleDuplicate
from portal import clock, names
from portal.refusals import Refusal

BY_HAND = _("put together by hand")
AT_MOST = 20  # a name like 王芳 is common; staff are helped by the first few, not by a page of them


def note(person: Person) -> None:
    """List whoever of the neighbourhood has the name or e-mail address of this new or changed record.

    Why is kept untranslated: whoever reads it later may read another language (``PossibleDuplicate.why``).
    """
    alike = Q(name_key=names.key(person.name))
    if person.email:
        alike |= Q(email__iexact=person.email)
    others = Person.objects.in_neighbourhood(person.neighbourhood).living_records().exclude(pk=person.pk).filter(alike)
    for other in others.order_by("pk")[:AT_MOST]:
        if not same_name(person, other) and _is_minor(other):
            continue  # a child who is reached through a parent's address is not that parent
        if person.birth_date and other.birth_date and person.birth_date != other.birth_date:
            continue
        note_pair(person, other)


def note_pair(person: Person, other: Person) -> None:
    """List the two, once, whichever was looked at first."""
    if PossibleDuplicate.objects.filter(person=other, other=person).exists():
        return
    same_address = bool(person.email) and other.email.lower() == person.email.lower()
    same_birth = bool(person.birth_date) and person.birth_date == other.birth_date and same_name(person, other)
    reason = _("same name and birth date") if same_birth else _("same name")
    PossibleDuplicate.objects.get_or_create(
        person=person,
        other=other,
        defaults={
            "reason": _("same e-mail address") if same_address and not same_birth else reason,
            "noted_at": clock.now(),
        },
    )


def check_pair(person: Person, other: Person) -> None:
    """Whether the two can be put together by hand; raises Refusal where there is nothing to compare or they stand there already."""
    if person.pk == other.pk:
        raise Refusal(gettext("This is one record. Please choose two."), about="other")
    if person.neighbourhood_id != other.neighbourhood_id:
        raise Refusal(gettext("Only two records of the same residential area can be joined."), about="other")
    both = [person.pk, other.pk]
    known = PossibleDuplicate.objects.filter(person__in=both, other__in=both).first()
    if known is not None:
        raise Refusal(
            gettext("These two stand in the list already: %(state)s.") % {"state": known.get_state_display()},
            about="other",
        )


def same_name(one: Person, other: Person) -> bool:
    """Whether the two are called the same, however either was typed."""
    return names.key(one.name) == names.key(other.name)


def _is_minor(person: Person) -> bool:
    return person.age_on(clock.today()) is not None and not person.is_adult_on(clock.today())
