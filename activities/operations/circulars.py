"""Writing to everyone in an activity or a team: once, through the outbox, children through one guardian each."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from activities import emails
from activities.models import Activity, Circular, SignUp, SignUpStatus, Status
from activities.operations import locks
from activities.rules import expected
from activities.rules.recipients import readers_for
from people.models import Person, Team, TeamMembership, User
from people.outbox import address_of
from portal import by_id, clock
from portal.dates import moment
from portal.refusals import Refusal

SAME = timedelta(days=1)  # the very same words do not go to the same people again within


@dataclass
class Addressed:
    """{reader: whom it is for}; a guardian of two children is one reader."""

    readers: dict[Person, list[Person]] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return len({person.pk for group in self.readers.values() for person in group})

    @property
    def for_others(self) -> int:
        """Readers who get it for their children, or for whom they signed up."""
        return sum(reader not in group for reader, group in self.readers.items())

    @property
    def without_mail(self) -> list[Person]:
        return [reader for reader in self.readers if not address_of(reader)]


def addressed(to: Activity | Team, at: datetime) -> Addressed:
    """Who would be written to now: those expected, and after it those who came; a team's members of today."""
    if isinstance(to, Team):
        members = TeamMembership.objects.on(clock.local_date(at)).filter(team=to).values_list("person_id", flat=True)
        day = clock.local_date(at)
        triples = [(person, None) for person in _people_of(members)]
    else:
        day = clock.local_date(to.starts_at)
        came = SignUp.objects.filter(activity=to.pk, status=SignUpStatus.ATTENDED).values_list("person_id", flat=True)
        ids = {one.person_id for one in expected.pairs([to.pk])} | set(came)
        live = SignUp.objects.live().filter(activity=to.pk).order_by()
        made_by = {row.person_id: row.booking.made_by for row in by_id.with_related(live, "booking__made_by__user")}
        triples = [(person, made_by.get(person.pk)) for person in _people_of(ids)]
    told = readers_for([(person, by, day) for person, by in triples])
    found = Addressed()
    known: dict[int, Person] = {}
    for person, _by in triples:
        reader = told[person.pk]
        found.readers.setdefault(known.setdefault(reader.pk, reader), []).append(person)
    return found


def _people_of(ids) -> list[Person]:
    found = by_id.read(Person.objects.filter(anonymised_at=None), ids, "user")
    return [found[pk] for pk in sorted(found)]


def send(to: Activity | Team, *, subject: str, text: str, at: datetime, by: User) -> Circular:
    """Write it to everyone once. Raises Refusal with the sentence to show."""
    with transaction.atomic():
        subject, text = subject.strip(), text.strip()
        if not subject or not text:
            raise Refusal(_("Please write a subject and a text."))
        if isinstance(to, Activity):
            to = locks.lock(to.pk)
            if to.status in {Status.DRAFT, Status.CANCELLED}:
                raise Refusal(
                    _("“%(title)s” is not published or was cancelled: nobody is expected there.") % {"title": to.title}
                )
            group: dict[str, Activity | Team] = {"activity": to}
        else:
            to = Team.objects.select_for_update(no_key=True).get(pk=to.pk)
            group = {"team": to}
        again = Circular.objects.filter(**group, subject=subject, text=text, sent_at__gt=at - SAME).first()
        if again is not None:
            raise Refusal(
                _("These very words went out on %(when)s already. Please change them if something is new.")
                % {"when": moment(again.sent_at)}
            )
        found = addressed(to, at)
        if not found.readers:
            raise Refusal(_("Nobody is there to write to: nobody is signed up, or the team has no members today."))
        circular = Circular.objects.create(
            neighbourhood_id=to.neighbourhood_id,
            subject=subject,
            text=text,
            sent_at=at,
            sent_by=by,
            readers=len(found.readers),
            by_phone=len(found.without_mail),
            **group,
        )
        emails.circular(circular, found.readers, at=at)
    return circular
