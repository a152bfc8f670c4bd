"""The week's news of the projects somebody follows: one mail, and none in a week without news."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people import outbox
from people.models import Message, Occasion, Person
from people.outbox import Email, MessageKind
from portal import by_id, tokens
from projects.emails import news
from projects.emails.news import News
from projects.models import Follow, Project

UNFOLLOW = "unfollow"  # purpose of the token
MOST = 12  # lines of one project; the page has the rest


def window_of(at: datetime) -> tuple[str, datetime]:
    """(the week's key, the moment up to which its digest tells): the last Friday evening, or whatever is set."""
    local = timezone.localtime(at)
    day = local.date() - timedelta(days=(local.isoweekday() - settings.DIGEST_WEEKDAY) % 7)
    moment = timezone.make_aware(datetime.combine(day, time.fromisoformat(settings.DIGEST_TIME)))
    if moment > at:
        moment -= timedelta(days=7)
    return key_of(timezone.localtime(moment).date()), moment


def key_of(day: date) -> str:
    """One a week, whatever weekday it is set to."""
    year, week, _weekday = day.isocalendar()
    return f"digest:{year}-{week:02}"


@dataclass(frozen=True)
class Told:
    project: Project
    news: list[News]


def news_for(follows: Iterable[Follow], readers: Mapping[int, int]) -> dict[int, list[Told]]:
    """{person id: what is new for them}, within each one's own window; the same queries whatever the number.

    readers: {person id: id of who is written to}. What that reader was told at once, by another mail, is left out.
    """
    windows = [(one, one.told_from) for one in follows if one.project.is_published and one.told_from is not None]
    if not windows:
        return {}
    since = min(told_from for _follow, told_from in windows)
    until = max(follow.told_until for follow, _told_from in windows)
    by_project: dict[int, list[News]] = defaultdict(list)
    everything = news.of({follow.project_id for follow, _told_from in windows}, since, until)
    for one in everything:
        by_project[one.project_id].append(one)
    heard = told_at_once(set(readers.values()), {key for one in everything for key in one.told})
    found: dict[int, list[Told]] = defaultdict(list)
    for follow, told_from in windows:
        reader = readers.get(follow.person_id)
        fresh = [
            one
            for one in by_project[follow.project_id]
            if told_from < one.at <= follow.told_until and not has_heard(reader, one, heard)
        ]
        if fresh:
            found[follow.person_id].append(Told(follow.project, fresh))
    return dict(found)


Heard = dict[tuple[int | None, str], datetime]


def told_at_once(readers: Collection[int], keys: Collection[str]) -> Heard:
    """{(reader, key): when they were last written to about it}; not what came to nothing."""
    if not readers or not keys:
        return {}
    rows = Occasion.objects.filter(recipient__in=readers, key__in=keys)
    found = list(rows.order_by().values_list("recipient", "key", "message_id"))
    standing = Message.objects.exclude(state__in=[Message.State.EXPIRED, Message.State.FAILED])
    queued = by_id.read(standing.only("queued_at"), {message for _reader, _key, message in found})
    written = sorted((queued[message].queued_at, reader, key) for reader, key, message in found if message in queued)
    return {(reader, key): at for at, reader, key in written}


def has_heard(reader: int | None, one: News, heard: Heard) -> bool:
    return any((at := heard.get((reader, key))) is not None and at >= one.at for key in one.told)


class Digest(MessageKind):
    def load(self, occasions: list[Occasion]) -> dict[int, list[Told]]:
        """Read anew just before sending: who has unfollowed meanwhile hears no more of that project."""
        people = {occasion.subject_person_id for occasion in occasions}
        rows = Follow.objects.filter(person__in=people).order_by("pk")
        follows = by_id.with_related(rows, "project__neighbourhood")
        by_week: dict[str, list[Follow]] = defaultdict(list)
        for follow in follows:
            by_week[key_of(timezone.localtime(follow.told_until).date())].append(follow)
        readers = {occasion.subject_person_id: occasion.message.recipient_id for occasion in occasions}
        fresh = {week: news_for(rows, readers) for week, rows in by_week.items()}
        found = {}
        for occasion in occasions:
            told = fresh.get(occasion.key, {}).get(occasion.subject_person_id)
            if told:
                found[occasion.pk] = told
        return found

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> Email:
        told = merged(subjects)
        first = told[0].project.title
        more = len(told) - 1
        context = {
            "heading": _("What was new this week"),
            "paragraphs": [_("From the projects you follow:")],
            "groups": [group(one, followers(subjects, one.project)) for one in told],
            "action": (_("See the project"), outbox.absolute(told[0].project.get_absolute_url())),
            "why": why(message, subjects),
        }
        subject = (
            _("This week: %(title)s") % {"title": first}
            if not more
            else ngettext("This week: %(title)s and one more", "This week: %(title)s and %(count)d more", more)
            % {"title": first, "count": more}
        )
        return outbox.word("projects/email/items", message, subject, context)

    def spoken(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> str:
        told = merged(subjects)
        return " ".join(f"{one.project.title}: {' '.join(item.words() for item in one.news)}" for one in told)


def merged(subjects: Iterable[tuple[Occasion, list[Told]]]) -> list[Told]:
    """Each project once, also where a guardian hears of it for two children."""
    found: dict[int, Told] = {}
    for _occasion, told in subjects:
        for one in told:
            known = found.get(one.project.pk)
            if known is None or len(one.news) > len(known.news):
                found[one.project.pk] = one
    return list(found.values())


def followers(subjects: Iterable[tuple[Occasion, list[Told]]], project: Project) -> list[int]:
    """Ids of those for whom this reader hears of ``project``."""
    mine = [occasion.subject_person_id for occasion, told in subjects if any(one.project == project for one in told)]
    return sorted(set(mine))


def group(told: Told, people: list[int]) -> dict[str, Any]:
    lines = [
        {"text": one.words(), "url": outbox.absolute(one.path or told.project.get_absolute_url())}
        for one in told.news[-MOST:]
    ]
    token = tokens.make(UNFOLLOW, project=told.project.pk, people=people)
    return {
        "title": told.project.title,
        "url": outbox.absolute(told.project.get_absolute_url()),
        "lines": lines,
        "stop": (_("No longer follow this project"), outbox.absolute(reverse("projects:unfollow", args=[token]))),
    }


def why(message: Message, subjects: list[tuple[Occasion, Any]]) -> str:
    reader: Person = message.recipient
    if all(occasion.subject_person_id != reader.pk for occasion, _told in subjects):
        return _("You get this mail because a child you answer for follows these projects.")
    return _("You get this mail because you follow these projects. It comes once a week at most, and only with news.")


DIGEST = Digest("project_digest", gettext_lazy("Weekly news of projects I follow"), optional=True)
