"""Who may join an activity: :func:`admit` asks everything, at sign-up and when the turn of those who waited has come.

Everything fails closed: what is not known counts against joining, and the refusal says how to mend it.
Rules: V4, V5, docs/rules/seats.md, docs/rules/children.md.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from activities.models import Activity, Audience, Booking, Minors, SignUp, SignUpStatus, Status, Visibility
from activities.models.kinds import activity_kinds
from activities.rules import account_limit, adult_ratio, ages
from activities.rules.staff_scope import covers
from people.models import Consent, DualRegistration, Family, Guardianship, PartyMember, Person, PossibleDuplicate
from people.rules import consent
from people.rules.consent import is_guardian
from portal import names
from portal.dates import moment
from portal.refusals import CLASH, Refusal, caught

VOLUNTEERING = "volunteering"  # the group of kinds
OLDEST_STUDENT = 25  # by age alone; whoever is older shows that they study to the staff, who sign them up


def admit(
    activity: Activity,
    people: list[Person],
    booking: Booking,
    *,
    companion: Person | None = None,
    coach: int = 0,
    accept_clash: bool = False,
    waited: bool = False,
) -> Person | None:
    """Whether ``people``, who come together by ``booking``, may have seats; the activity is locked. Raises Refusal if not.

    companion: the adult they named for their minors.  coach: how many of them want a coach seat.
    accept_clash: they know that somebody has a seat elsewhere at that time.
    waited: they were admitted when they signed up; now their turn has come, or they take an offer.
    Returns the adult who stays with the minors (V5); None where none is needed, or that was settled at sign-up.
    """
    if waited:
        # Asked again, for birth dates are corrected and other seats taken meanwhile; the rest was answered at sign-up.
        check_audience(activity, people)
        ages.check_ages(activity, people)
        check_no_twin(activity, people, booking.made_by)
        adult_ratio.check_ratio(activity, people)
        account_limit.check_limit(activity, people, booking)
        if not accept_clash:
            check_clash(activity, people, booking)
        return None
    check_records(activity, people, booking.made_by)
    check_nothing_taken_back(activity, people)
    check_open(activity, at=booking.made_at, by_staff=booking.entered_by is not None)
    check_invited_first(activity, people, booking.made_by, at=booking.made_at)
    check_no_walk_in(activity, people)
    check_audience(activity, people)
    ages.check_ages(activity, people)
    check_no_twin(activity, people, booking.made_by)
    account_limit.check_limit(activity, people, booking)
    adult_ratio.check_ratio(activity, people)
    companion = companion_for(activity, people, companion)
    if not accept_clash:
        check_clash(activity, people, booking)
    check_coach(activity, coach)
    return companion


def against_moving_up(activity: Activity, rows: Sequence[SignUp]) -> Refusal | None:
    """Why a waiting booking (its ``rows``, with booking and persons) may not have its seats now; None when it may.

    One of code CLASH forbids nothing: it is to be asked first, and told of the other seat.
    """
    with caught() as no:
        admit(activity, [row.person for row in rows], rows[0].booking, waited=True)
    return no.refusal


def overlap_words(activity: Activity, rows: Sequence[SignUp]) -> str:
    """What stands against coming to both, for whoever is offered seats here; "" where nothing does."""
    with caught() as no:
        check_clash(activity, [row.person for row in rows], rows[0].booking)
    return no.sentence


def fits_ever(activity: Activity, size: int) -> bool:
    """Whether there are as many seats as ``size`` people need, taken or not."""
    return activity.capacity is None or size <= activity.capacity


def too_many_words(activity: Activity, size: int) -> str:
    """For those who wait together and are more than there are seats; "" for others."""
    if fits_ever(activity, size):
        return ""
    return _(
        "There are only %(seats)d seats in all, so there will never be seats for all %(people)d of you. Take somebody off the"
        " list: the others keep their place in it."
    ) % {"seats": activity.capacity, "people": size}


def check_records(activity: Activity, people: list[Person], made_by: Person) -> None:
    """All of this neighbourhood, and none of them gone into another record."""
    if any(person.neighbourhood_id != activity.neighbourhood_id for person in [*people, made_by]):
        raise Refusal(_("This belongs to another residential area."))
    if gone := next((person for person in people if person.anonymised_at), None):
        raise Refusal(
            _("The record of %(name)s has been joined with another. Please load the page again.") % {"name": gone.name},
            gone,
        )


def check_nothing_taken_back(activity: Activity, people: list[Person]) -> None:
    """V5: taking back means something (A8). Nobody is written down anew whose data may not be kept, and no child is
    signed up for volunteering whose guardian no longer wants that."""
    if gone := next(iter(consent.taken_back(people, Consent.Purpose.DATA)), None):
        raise Refusal(
            _(
                "For %(name)s it was taken back that the committee keeps personal data, so we can write down no sign-up."
                " It can be agreed to again under “Me”, “What I agreed to”."
            )
            % {"name": gone.name},
            gone,
            about="data",
        )
    kind = activity_kinds.get(activity.kind)
    if kind is None or kind.group != VOLUNTEERING:
        return
    minors = ages.minors_among(activity, people)
    if minors and (child := next(iter(consent.taken_back(minors, Consent.Purpose.SERVICE)), None)):
        raise Refusal(
            _(
                "For %(name)s it was taken back that they take part in volunteering. It can be agreed to again under “Me”,"
                " “What I agreed to”."
            )
            % {"name": child.name},
            child,
        )


def check_open(activity: Activity, *, at: datetime, by_staff: bool) -> None:
    """Refuse outside the sign-up window; staff may still enter who rang up, until the start."""
    if activity.status == Status.CANCELLED:
        raise Refusal(_("This activity has been cancelled."))
    if activity.status != Status.PUBLISHED or activity.is_closed(at=at):
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


def check_no_walk_in(activity: Activity, people: list[Person]) -> None:
    """Whoever was entered as having come without a seat needs none."""
    there = activity.walk_ins.filter(person__in=people).select_related("person").first()
    if there is not None:
        raise Refusal(
            _("%(name)s stands on the sheet already, as having come without a sign-up.") % {"name": there.person.name},
            there.person,
        )


def check_invited_first(activity: Activity, people: list[Person], made_by: Person, *, at: datetime) -> None:
    """Until ``opens_to_all_at`` only those who came to ``invite_first``, and whoever comes with them."""
    if activity.invite_first_id is None or activity.opens_to_all_at is None or at >= activity.opens_to_all_at:
        return
    known = SignUp.objects.filter(
        activity=activity.invite_first_id,
        status=SignUpStatus.ATTENDED,
        person__in=[made_by.pk, *(person.pk for person in people)],
    )
    if not known.exists():
        raise Refusal(invited_first(activity))


def invited_first(activity: Activity) -> str:
    """Who may come before ``opens_to_all_at``; what is not public is not named."""
    first, when = activity.invite_first, moment(activity.opens_to_all_at)
    if first is None or first.status == Status.DRAFT or first.visibility != Visibility.PUBLIC:
        return _("Until %(when)s those who were invited first sign up. From then on everyone may.") % {"when": when}
    return _("Until %(when)s those who came to “%(title)s” are invited first. From then on everyone may sign up.") % {
        "when": when,
        "title": first.title,
    }


def outside_audience(activity: Activity, people: list[Person]) -> list[Person]:
    """Those of ``people``, who come together, whom none of the groups takes that it is open to. At most two queries."""
    groups = set(activity.open_to)
    if Audience.RESIDENTS in groups:
        return []
    minors = ages.minors_among(activity, people)
    if Audience.FAMILIES in groups and minors and len(minors) < len(people):
        return []
    day = ages.day_of(activity)
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


def companion_for(activity: Activity, people: list[Person], wanted: Person | None) -> Person | None:
    """The adult who stays with the minors of a booking (V5), None where none is needed.

    ``wanted``, else a guardian among ``people``, else any adult among them; or an adult already confirmed here.
    """
    minors = ages.minors_among(activity, people)
    if not minors or activity.minors != Minors.WITH_GUARDIAN:
        return None
    day = ages.day_of(activity)
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
        SignUp.objects.filter(activity=activity, status=SignUpStatus.CONFIRMED, person__in=own)
        .select_related("person")
        .first()
    )
    if seated is not None:
        return seated.person
    raise Refusal(
        _("%(name)s needs an adult who comes along: please sign up together with one.") % {"name": minors[0].name},
        minors[0],
    )


def has_confirmed_seat(activity: Activity, person: Person) -> bool:
    return SignUp.objects.filter(activity=activity, person=person, status=SignUpStatus.CONFIRMED).exists()


def twins_signed_up(activity: Activity, people: list[Person]) -> list[tuple[Person, SignUp]]:
    """(one of ``people``, the row of somebody else here who has the name and birth date), unless staff told the two apart."""
    known = [person for person in people if person.birth_date]
    if not known:
        return []
    alike = Q()
    for person in known:
        alike |= Q(person__name_key=names.key(person.name), person__birth_date=person.birth_date)
    rows = SignUp.objects.live().filter(alike, activity=activity.pk).exclude(person__in=people)
    found = []
    for row in rows.select_related("person", "booking"):
        wanted = (names.key(row.person.name), row.person.birth_date)
        twin = next(one for one in known if (names.key(one.name), one.birth_date) == wanted)
        both = [twin.pk, row.person_id]
        apart = PossibleDuplicate.objects.filter(
            person__in=both, other__in=both, state=PossibleDuplicate.State.DIFFERENT
        )
        if not apart.exists():
            found.append((twin, row))
    return found


def check_no_twin(activity: Activity, people: list[Person], made_by: Person) -> None:
    """Within one family one person takes one seat, also by two records; the activity is locked by the caller.

    Between strangers nothing is said: whoever invents a child of a known name must not learn where that child will be, nor
    keep it away. Both come, or wait; staff have the pair in their list, and joining leaves the earlier place.
    """
    for twin, row in twins_signed_up(activity, people):
        if row.booking.made_by_id == made_by.pk or one_family(made_by, twin, row.person):
            raise Refusal(
                _(
                    "Somebody of the name and birth date of %(name)s is signed up here already, perhaps by the other parent."
                    " If these are two people, please tell the committee: %(phone)s."
                )
                % {"name": twin.name, "phone": activity.neighbourhood.phone or activity.neighbourhood},
                twin,
            )


def one_family(reader: Person, twin: Person, other: Person) -> bool:
    """Whether the reader may know of ``other`` anyway: both have a guardian in common, or those who answer are of one family."""
    bonds = Guardianship.objects.filter(ended_at=None)
    theirs = set(bonds.filter(child=other).values_list("guardian", flat=True))
    ours = {reader.pk, *bonds.filter(child=twin).values_list("guardian", flat=True)}
    return (
        bool(theirs & ours) or Family.objects.filter(members__in=theirs | {other.pk}).filter(members__in=ours).exists()
    )


def check_clash(activity: Activity, people: Collection[Person], booking: Booking) -> None:
    """Nobody has two seats at one time without knowing it. What the other one is, only those read who may know of it."""
    taken = (
        SignUp.objects.clashing([person.pk for person in people], activity.starts_at, activity.ends_at)
        .exclude(activity=activity)
        .select_related("activity", "person", "booking")
        .first()
    )
    if taken is None:
        return
    words = {"name": taken.person.name, "title": taken.activity.title}
    reader = booking.made_by
    if booking.entered_by_id is not None:  # staff: what their role covers; leaders: what they wrote down themselves
        knows = taken.booking.entered_by_id == booking.entered_by_id or (
            booking.entered_by is not None and covers(booking.entered_by, "activities.view_signup", taken.activity)
        )
    else:
        knows = reader.pk in {taken.booking.made_by_id, taken.person_id} or is_guardian(reader, taken.person)
    if knows:
        sentence = _("%(name)s is signed up for “%(title)s” at that time.") % words
    else:
        sentence = _("%(name)s has a seat elsewhere at that time.") % words
    raise Refusal(sentence, taken.person, about="accept_clash", code=CLASH)


def check_coach(activity: Activity, wanted: int) -> None:
    if not wanted:
        return
    if activity.coach_seats is None:
        raise Refusal(_("No coach goes there."), about="coach")
    left = activity.coach_seats - activity.sign_ups.live().filter(takes_coach=True).count()
    if wanted > left:
        raise Refusal(
            _("The coach has %(left)d free seats. Please come on your own, or choose fewer for the coach.")
            % {"left": max(left, 0)},
            about="coach",
        )
