"""Thin shifts, and the call for help to those who ticked "tell me next time" (docs/rules/calls.md)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from activities.models import SEAT_HOLDING, Audience, SignUp, Status, Visibility
from activities.operations import locks
from activities.rules import ages, eligibility
from people.models import Neighbourhood, Occasion, OptOut, Person, Team, User
from portal import by_id, clock
from portal.dates import moment
from portal.refusals import Refusal
from projects.models import Project
from volunteers import emails
from volunteers.models import HelpCall, Interest, Shift

AGAIN = timedelta(days=3)  # the same shift is not called for more often
A_DAY = timedelta(hours=24)  # and nobody gets more than one such mail in that time


def thin(at: datetime, until: datetime):
    """Published shifts and mornings with fewer hands than they need, soonest first; with ``hands``. One query.

    A seat that is offered to somebody counts as taken, until the answer.
    """
    coming = Shift.objects.filter(status=Status.PUBLISHED, starts_at__gt=at, starts_at__lt=until)
    held = Count("sign_ups", filter=Q(sign_ups__status__in=SEAT_HOLDING), distinct=True)
    return coming.annotate(hands=held).filter(hands__lt=F("people_needed")).order_by("starts_at", "pk")


def wish(
    person: Person, *, anything: bool, projects: Collection[Project], teams: Collection[Team], at: datetime
) -> None:
    """Tick and untick at once; what stays ticked keeps its day."""
    with transaction.atomic():
        if not person.is_adult_on(clock.local_date(at)):
            raise Refusal(_("This is for grown-ups. Children hear of it through their family."))
        wanted: list[tuple[int | None, int | None]] = [(project.pk, None) for project in projects]
        wanted += [(None, team.pk) for team in teams]
        if anything:
            wanted.append((None, None))
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # two taps make one row
        known = {(row.project_id, row.team_id): row for row in Interest.objects.filter(person=person)}
        gone = [row.pk for pair, row in known.items() if pair not in wanted]
        Interest.objects.filter(pk__in=gone).delete()
        Interest.objects.bulk_create(
            Interest(person=person, project_id=project, team_id=team, since=at)
            for project, team in wanted
            if (project, team) not in known
        )


def interested(shift: Shift) -> list[Person]:
    """Everyone whose wish covers it, once each, whatever stands against asking them."""
    about = Q(project=None, team=None)
    if shift.project_id:
        about |= Q(project=shift.project_id)
    if shift.team_id:
        about |= Q(team=shift.team_id)
    rows = Interest.objects.filter(about, person__neighbourhood=shift.neighbourhood_id, person__anonymised_at=None)
    people = by_id.read(Person.objects, rows.order_by().values_list("person_id", flat=True), "user")
    return [people[pk] for pk in sorted(people)]


@dataclass
class Asked:
    """Whom a call goes to: ``people``; ``already`` are signed up, ``today`` had such a mail within a day."""

    people: list[Person] = field(default_factory=list)
    already: int = 0
    today: int = 0


def whom_to_ask(shift: Shift, at: datetime) -> Asked:
    """Those who may come, do not come yet, want such mails, and had none today. The same queries whatever the number."""
    everyone = interested(shift)
    signed_up = set(SignUp.objects.live().filter(activity=shift.pk).values_list("person_id", flat=True))
    recent = set(
        Occasion.objects.filter(
            kind=emails.HELP_WANTED.code, recipient__in=everyone, message__queued_at__gt=at - A_DAY
        ).values_list("recipient_id", flat=True)
    )
    unwanted = set(
        OptOut.objects.filter(kind=emails.HELP_WANTED.code, person__in=everyone).values_list("person_id", flat=True)
    )
    outside = {person.pk for person in eligibility.outside_audience(shift, everyone)}
    if Audience.FAMILIES in shift.open_to:
        outside = set()  # they may bring their children; the form says who fits
    asked = Asked()
    for person in everyone:
        if person.pk in signed_up:
            asked.already += 1
        elif person.pk in recent:
            asked.today += 1
        elif person.pk not in unwanted | outside and _fits(shift, person):
            asked.people.append(person)
    return asked


def _fits(shift: Shift, person: Person) -> bool:
    return person.is_adult_on(ages.day_of(shift)) and ages.fits_age(shift, person)


def check_callable(shift: Shift, at: datetime) -> None:
    """Why nobody is called now, with what to do instead."""
    words = {"title": shift.title}
    if shift.kind == "duty":
        raise Refusal(_("“%(title)s” is a morning of the rota: its team is asked by itself. Look at the rota.") % words)
    if shift.status != Status.PUBLISHED or shift.starts_at <= at:
        raise Refusal(_("“%(title)s” is not published, or has begun: nobody is called any more.") % words)
    if shift.visibility != Visibility.PUBLIC:
        raise Refusal(_("“%(title)s” is for its own members only; please write to the team instead.") % words)
    if at >= shift.signup_ends_at:
        raise Refusal(_("Sign-up for “%(title)s” has ended. Please extend it first.") % words)
    if not shift.people_needed:
        raise Refusal(_("“%(title)s” does not say how many people are needed. Please write that first.") % words)
    if missing(shift) <= 0:
        raise Refusal(_("“%(title)s” has enough hands.") % words)
    last = HelpCall.objects.filter(shift=shift).first()
    if last is not None and last.called_at > at - AGAIN:
        raise Refusal(
            _("“%(title)s” was called for on %(when)s. Again from %(again)s on.")
            % {**words, "when": moment(last.called_at), "again": moment(last.called_at + AGAIN)}
        )


def missing(shift: Shift) -> int:
    """How many hands the shift still lacks; below zero where it has more than it needs."""
    hands = SignUp.objects.holding_seats().filter(activity=shift.pk).count()
    return (shift.people_needed or 0) - hands


def call_for_help(shifts: Sequence[Shift], *, by: User, at: datetime) -> dict[Shift, int]:
    """Ask those who wished it, one mail a person naming every shift; returns {shift: people asked}.

    Raises Refusal, and asks nobody, when one of the shifts cannot be called for or nobody is left to be asked.
    """
    with transaction.atomic():
        wanted: dict[int, tuple[Person, list[tuple[Shift, int]]]] = {}
        called: dict[Shift, int] = {}
        for neighbourhood in sorted({shift.neighbourhood_id for shift in shifts}):
            one_after_another(neighbourhood)
        for shift in sorted(shifts, key=lambda one: one.pk):
            locks.lock(shift.pk)
            check_callable(shift, at)
            people = whom_to_ask(shift, at).people
            if not people:
                raise Refusal(
                    _(
                        "Nobody is left to be asked for “%(title)s”: nobody else wished to be told, or all were asked today."
                    )
                    % {"title": shift.title}
                )
            HelpCall.objects.create(shift=shift, called_at=at, called_by=by, people=len(people))
            number = HelpCall.objects.filter(shift=shift).count()
            for person in people:
                wanted.setdefault(person.pk, (person, []))[1].append((shift, number))
            called[shift] = len(people)
        emails.help_wanted(wanted.values(), at=at)
    return called


def one_after_another(place_id: int) -> None:
    """Calls of one area wait for each other, so that whom the first asks is not asked by the second the same day."""
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=place_id)


def free_projects(neighbourhood) -> Iterable[Project]:
    """The published projects of the neighbourhood, for which anybody may be called."""
    return Project.objects.filter(neighbourhood=neighbourhood, is_published=True).order_by("pk")


def free_teams(neighbourhood) -> Iterable[Team]:
    """The public teams of the neighbourhood, for which anybody may be called."""
    return Team.objects.filter(neighbourhood=neighbourhood, is_public=True).order_by("pk")
