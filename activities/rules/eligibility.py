"""Who may join an activity: audience, age on the day, company, consent (V4, V5; docs/rules/children.md).

Everything fails closed: what is not known counts against joining, and the refusal says how to mend it.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from activities.models import Activity, ActivityConsent, Audience, Minors, SignUp, Status
from people.models import Consent, DualRegistration, Guardianship, PartyMember, Person, PossibleDuplicate
from people.rules import consent
from portal import clock
from portal.dates import moment
from portal.refusals import Refusal

OLDEST_STUDENT = 25  # by age alone; whoever is older shows that they study to the staff, who sign them up


def day_of(activity: Activity) -> date:
    return clock.local_date(activity.starts_at)


def minors_among(activity: Activity, people: Iterable[Person]) -> list[Person]:
    """Everyone not known to be 18 on the day of the activity."""
    day = day_of(activity)
    return [person for person in people if not person.is_adult_on(day)]


def check_open(activity: Activity, *, at: datetime, by_staff: bool) -> None:
    """Refuse outside the sign-up window; staff may still enter who rang up, until the start."""
    if activity.status == Status.CANCELLED:
        raise Refusal(_("This activity has been cancelled."))
    if activity.status != Status.PUBLISHED or activity.has_started(at=at):
        raise Refusal(_("This activity takes no more sign-ups: it has begun or is over."))
    if not activity.needs_sign_up:
        raise Refusal(_("Nobody needs to sign up for this."))
    if by_staff:
        return
    if activity.signup_from and at < activity.signup_from:
        raise Refusal(_("Sign-up begins on %(when)s.") % {"when": moment(activity.signup_from)})
    if at >= activity.signup_ends_at:
        raise Refusal(
            _("Sign-up has ended. If you still want to come, please ask the committee: %(phone)s.")
            % {"phone": activity.neighbourhood.phone or activity.neighbourhood}
        )


def check_invited_first(activity: Activity, people: list[Person], made_by: Person, *, at: datetime) -> None:
    """Until ``opens_to_all_at`` only those who came to ``invite_first``, and whoever comes with them."""
    if activity.invite_first_id is None or activity.opens_to_all_at is None or at >= activity.opens_to_all_at:
        return
    known = SignUp.objects.filter(
        activity=activity.invite_first_id, status="attended", person__in=[made_by.pk, *(person.pk for person in people)]
    )
    if not known.exists():
        raise Refusal(
            _("Until %(when)s, those who came to “%(title)s” are invited first. From then on everyone may sign up.")
            % {
                "when": moment(activity.opens_to_all_at),
                "title": activity.invite_first.title if activity.invite_first else "",
            }
        )


def outside_audience(activity: Activity, people: list[Person]) -> list[Person]:
    """Those of ``people``, who come together, whom none of the groups takes that it is open to. At most two queries."""
    groups = set(activity.open_to)
    if Audience.RESIDENTS in groups:
        return []
    minors = minors_among(activity, people)
    if Audience.FAMILIES in groups and minors and len(minors) < len(people):
        return []
    day = day_of(activity)
    left = list(people)
    if Audience.STUDENTS in groups:
        left = [person for person in left if (age := person.age_on(day)) is None or not 14 <= age <= OLDEST_STUDENT]
    if left and groups & {Audience.MEMBERS, Audience.PARTNER_UNITS}:
        ids = [person.pk for person in left]
        registered = set(DualRegistration.objects.filter(person__in=ids).values_list("person", flat=True))
        if Audience.MEMBERS in groups:
            registered |= set(PartyMember.objects.on(day).filter(person__in=ids).values_list("person", flat=True))
        if Audience.PARTNER_UNITS in groups:
            registered |= {person.pk for person in left if person.unit_id}
        left = [person for person in left if person.pk not in registered]
    return left


def check_audience(activity: Activity, people: list[Person]) -> None:
    """Everyone must belong to one of the groups it is open to."""
    left = outside_audience(activity, people)
    if not left:
        return
    if set(activity.open_to) == {Audience.FAMILIES}:
        raise Refusal(_("This is for families: please sign up a child and an adult together."), left[0])
    raise Refusal(for_others(activity, left[0]), left[0])


def for_others(activity: Activity, person: Person) -> str:
    names = _(", ").join(str(Audience(group).label) for group in activity.open_to)
    return _("%(name)s cannot join here: it is for %(groups)s.") % {"name": person.name, "groups": names}


def check_minors_rule(activity: Activity, person: Person) -> None:
    """V4, V5: whether minors of that age come at all, whoever agrees to it."""
    day = day_of(activity)
    adult, age = person.is_adult_on(day), person.age_on(day)
    if not adult and age is None and activity.minors != Minors.WITH_GUARDIAN:
        raise Refusal(
            _("We do not know whether %(name)s is 18. Please confirm it under “Me”, or let a parent do the signing up.")
            % {"name": person.name},
            person,
        )
    if not adult and activity.minors == Minors.NO:
        raise Refusal(
            _(
                "%(name)s cannot join: this is for adults only. Sign up without them, or choose an activity that is open to children."
            )
            % {"name": person.name},
            person,
        )
    if activity.minors == Minors.FROM_14 and age is not None and age < 14:
        raise Refusal(
            _(
                "%(name)s cannot join: one must be 14 on the day. Sign up without them, or choose an activity that is open to children."
            )
            % {"name": person.name},
            person,
        )


def check_ages(activity: Activity, people: list[Person]) -> None:
    """V4: the age on the day, in Shanghai; an unknown age counts as under 14."""
    day = day_of(activity)
    for person in people:
        check_minors_rule(activity, person)
        adult = person.is_adult_on(day)
        age = person.age_on(day)
        lowest = age if age is not None else (18 if adult else 0)
        if activity.min_age is not None and lowest < activity.min_age:
            raise Refusal(
                _("%(name)s cannot join: one must be at least %(age)d on the day.")
                % {"name": person.name, "age": activity.min_age},
                person,
            )
        oldest = person.oldest_age_on(day)
        if activity.max_age is not None and oldest is not None and oldest > activity.max_age:
            raise Refusal(
                _("%(name)s cannot join: one must be at most %(age)d on the day.")
                % {"name": person.name, "age": activity.max_age},
                person,
            )


def fits_age(activity: Activity, person: Person) -> bool:
    """Whether ``check_ages`` would let ``person`` in: of whoever is signed up already, asks no database."""
    try:
        check_ages(activity, [person])
    except Refusal:
        return False
    return True


def companion_for(activity: Activity, people: list[Person], wanted: Person | None) -> Person | None:
    """The adult who stays with the minors of a booking (V5), None where none is needed.

    ``wanted``, else a guardian among ``people``, else any adult among them; or an adult already confirmed here.
    """
    minors = minors_among(activity, people)
    if not minors or activity.minors != Minors.WITH_GUARDIAN:
        return None
    day = day_of(activity)
    adults = [person for person in people if person.is_adult_on(day)]
    if wanted is not None:
        if not wanted.is_adult_on(day):
            raise Refusal(_("Only an adult can accompany a child."), wanted, about="companion")
        if wanted in adults or has_confirmed_seat(activity, wanted):
            return wanted
    guardians = set(
        Guardianship.objects.filter(child__in=minors, guardian__in=adults, ended_at=None).values_list(
            "guardian", flat=True
        )
    )
    adults.sort(key=lambda person: (person.pk not in guardians, person.pk))
    if adults:
        return adults[0]
    own = Guardianship.objects.filter(child__in=minors, ended_at=None).values("guardian")
    seated = (
        SignUp.objects.filter(activity=activity, status="confirmed", person__in=own).select_related("person").first()
    )
    if seated is not None:
        return seated.person
    raise Refusal(
        _("%(name)s needs an adult who comes along: please sign up together with one.") % {"name": minors[0].name},
        minors[0],
    )


def has_confirmed_seat(activity: Activity, person: Person) -> bool:
    return SignUp.objects.filter(activity=activity, person=person, status="confirmed").exists()


def twin_signed_up(activity: Activity, people: list[Person]) -> Person | None:
    """Whoever of ``people`` has the name and birth date of somebody signed up here, unless staff told the two apart.

    A child whom both parents added is two records until staff join them; it takes one seat all the same.
    """
    known = [person for person in people if person.birth_date]
    if not known:
        return None
    alike = Q()
    for person in known:
        alike |= Q(person__name=person.name, person__birth_date=person.birth_date)
    rows = SignUp.objects.live().filter(alike, activity=activity.pk).exclude(person__in=people)
    for other in rows.select_related("person"):
        twin = next(one for one in known if (one.name, one.birth_date) == (other.person.name, other.person.birth_date))
        both = [twin.pk, other.person_id]
        apart = PossibleDuplicate.objects.filter(
            person__in=both, other__in=both, state=PossibleDuplicate.State.DIFFERENT
        )
        if not apart.exists():
            return twin
    return None


def check_no_twin(activity: Activity, people: list[Person]) -> None:
    """One person takes one seat, also by two records and through two parents; the activity is locked by the caller."""
    if twin := twin_signed_up(activity, people):
        raise Refusal(
            _(
                "Somebody of the name and birth date of %(name)s is signed up here already, perhaps by the other parent."
                " If these are two people, please tell the committee: %(phone)s."
            )
            % {"name": twin.name, "phone": activity.neighbourhood.phone or activity.neighbourhood},
            twin,
        )


def data_consent_missing(person: Person, day: date) -> bool:
    """V4: under 14 a guardian consents to the data, from 14 the person themself."""
    return not consent.has(person, Consent.Purpose.DATA, day)


def guardianship(activity: Activity, guardian: Person, child: Person) -> Guardianship | None:
    """The bond by which ``guardian`` may decide for ``child`` here; declared is enough unless confirmation is demanded."""
    return accepted_bonds(activity, [child]).filter(guardian=guardian).first()


def consented(activity: Activity, child: Person) -> bool:
    """Whether a minor may be confirmed here: a guardian's consent to this activity and the consent to the data (V4).

    It counts only while whoever gave it is a guardian whom the activity accepts, and place, time and risks are the same.
    """
    consents = ActivityConsent.objects.in_force().filter(
        activity=activity,
        child=child,
        terms_sha256=terms_hash(activity),
        guardian__in=accepted_bonds(activity, [child]).values("guardian"),
    )
    return consents.exists() and not data_consent_missing(child, day_of(activity))


def accepted_bonds(activity: Activity, children: Iterable[Person]) -> QuerySet[Guardianship]:
    """The guardianships by which somebody may decide for one of ``children`` here."""
    bonds = Guardianship.objects.filter(child__in=list(children), ended_at=None)
    return bonds.filter(state=Guardianship.State.CONFIRMED) if activity.confirmed_guardians_only else bonds


def risks_hash(activity: Activity) -> str:
    return _hash(activity.risks, activity.safeguards)


def terms_hash(activity: Activity) -> str:
    """What a guardian agrees to: place, time, risks and safeguards. Consent to others is none (V4)."""
    times = [moment.astimezone(UTC).isoformat() for moment in (activity.starts_at, activity.ends_at)]
    return _hash(*times, str(activity.location_id or ""), activity.risks, activity.safeguards)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def in_offering_hours(at: datetime) -> bool:
    return settings.OFFER_FROM <= localtime(at).strftime("%H:%M") < settings.OFFER_UNTIL
