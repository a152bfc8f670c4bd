"""Following a project, and the digest of the week (docs/rules/drafts.md)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from people import outbox
from people.models import Person, User
from people.operations import accounts
from people.outbox import About, Letter
from portal import clock
from portal.refusals import Refusal
from projects.emails import DIGEST, recipients, window_of
from projects.emails.digest import news_for
from projects.models import Follow, Project

CHUNK = 500  # follows read at once, whole persons at a time
STALE = timedelta(days=6)  # last week's news are no news


@transaction.atomic
def follow(project: Project, person: Person, *, at: datetime, says_adult: bool = False) -> Follow:
    """Hear of ``project`` once a week at most, from now on; asking twice is the same as once.

    says_adult: the person ticked with it that they are 18 or over.
    """
    if says_adult:
        accounts.declare_adult(person)
    if project.neighbourhood_id != person.neighbourhood_id:
        raise Refusal(
            _("“%(title)s” belongs to another residential area. Please choose one of the projects of your own.")
            % {"title": project.title}
        )
    if person.pk not in recipients([person], clock.local_date(at)):
        raise Refusal(
            _(
                "We write only to people of 14 or over, or to a guardian with an e-mail address. If you are 18 or over, "
                "tick it here; otherwise ask your guardian to follow the project."
            )
        )
    row, _made = Follow.objects.get_or_create(person=person, project=project, defaults={"since": at, "told_until": at})
    return row


def follow_as_newcomer(project: Project, user: User, *, name: str, adult: bool, at: datetime) -> Follow:
    """Of an account that this neighbourhood does not know yet: known and following, or neither."""
    with transaction.atomic():
        person = accounts.become_known(user, project.neighbourhood, name=name, adult=adult)
        return follow(project, person, at=at)


def unfollow(project: Project, person: Person) -> None:
    """No more news; asking twice is the same as once."""
    Follow.objects.filter(person=person, project=project).delete()


def queue_digests(at: datetime) -> int:
    """Write the week's mails to those whose projects have news; returns how many. Nothing new, no mail.

    Safe beside another that does the same: a person's digest of a week is one occasion, and a row that was moved on by
    the one is not read by the other.
    """
    key, moment = window_of(at)
    written = 0
    for follows in _chunks(moment):
        written += _tell(follows, key, moment, at=at)
    return written


def _chunks(moment: datetime) -> Iterator[list[Follow]]:
    """Follows not told up to ``moment`` yet, all of one person in the same chunk."""
    while True:
        waiting = Follow.objects.filter(told_until__lt=moment)
        people = list(waiting.order_by("person").values_list("person", flat=True).distinct()[:CHUNK])
        if not people:
            return
        yield list(
            waiting.filter(person__in=people)
            .select_related("person__user", "project__neighbourhood")
            .order_by("person", "pk")
        )


def _tell(follows: list[Follow], key: str, moment: datetime, *, at: datetime) -> int:
    for one in follows:
        one.told_from, one.told_until = one.told_until, moment
    people = {one.person_id: one.person for one in follows}
    readers = recipients(people.values(), clock.local_date(at))
    fresh = news_for(follows, {pk: reader.pk for pk, reader in readers.items()})
    abouts: dict[int, list[About]] = defaultdict(list)
    for pk, reader in readers.items():
        if pk in fresh:
            abouts[reader.pk].append(About(key, people[pk]))
    by_pk = {reader.pk: reader for reader in readers.values()}
    due = outbox.quiet_due(at, None)
    letters = [
        Letter(by_pk[pk], about, due_at=due, expires_at=max(moment + STALE, due + timedelta(hours=1)))
        for pk, about in abouts.items()
    ]
    with transaction.atomic():
        _move_on(follows, moment)
        return outbox.queue_many(DIGEST, letters, at=at)


def _move_on(follows: list[Follow], moment: datetime) -> None:
    """Note the window that is told now; a row that another sweep has moved on meanwhile keeps what that one noted."""
    waiting = Follow.objects.select_for_update(no_key=True).filter(
        pk__in=[one.pk for one in follows], told_until__lt=moment
    )
    still = set(waiting.order_by("pk").values_list("pk", flat=True))
    windows: dict[datetime | None, list[int]] = defaultdict(list)
    for one in follows:
        if one.pk in still:
            windows[one.told_from].append(one.pk)
    for told_from, ids in windows.items():
        Follow.objects.filter(pk__in=ids).update(told_from=told_from, told_until=moment)
