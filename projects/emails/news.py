"""What is new about projects, for the weekly digest: upper apps add their own sources.

A source tells what became public in (since, until]. It names only what everybody may read, and costs the
same queries for one project or a hundred.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from activities.models import Status, Visibility
from community.emails import result_key
from community.models import Article, Deliberation
from people.access.viewer import local_midnight
from portal import clock
from portal.dates import days
from portal.registry import Registry
from projects.models import DesignDraft, Feedback, PiecePhoto, ProjectArticle, ProjectRecord, ProjectStage

Words = Callable[[], str]


@dataclass(frozen=True)
class News:
    """``words()`` is asked when the mail is written, in its reader's language; ``path`` leads there, "" to the project.

    told: keys of the outbox's occasions; whoever was written to about one of them at ``at`` or later has heard of this.
    """

    project_id: int
    at: datetime
    words: Words
    path: str = ""
    told: tuple[str, ...] = ()


Source = Callable[[Collection[int], datetime, datetime], Iterable[News]]
#: ``source(project_ids, since, until)``. projects: 300 (SOURCES); volunteers: 400.
news_sources = Registry[Source]("sources of news about projects")


def of(project_ids: Collection[int], since: datetime, until: datetime) -> list[News]:
    """Everything new of these projects in (since, until], oldest first."""
    found = [one for source in news_sources for one in source(project_ids, since, until)] if project_ids else []
    return sorted((one for one in found if since < one.at <= until), key=lambda one: one.at)


def drafts(project_ids: Collection[int], since: datetime, until: datetime) -> Iterable[News]:
    """Versions that came out, with the days on which one may say something, and the one that became final."""
    rows = DesignDraft.objects.published().filter(project__in=project_ids, published_at__lte=until)
    rows = rows.exclude(published_at__lte=since, finalised_at=None)
    for draft in rows.select_related("project__neighbourhood").prefetch_related("rounds", _with_people("took_in")):
        path = draft.get_absolute_url()
        if draft.published_at is not None and draft.published_at > since:
            told = tuple(f"feedback:{item.pk}" for item in draft.took_in.all())
            yield News(draft.project_id, draft.published_at, _published(draft), path, told)
        if draft.finalised_at is not None and draft.finalised_at > since:
            yield News(draft.project_id, draft.finalised_at, _final(draft), path, (final_key(draft),))


def final_key(draft: DesignDraft) -> str:
    """By what the outbox knows that somebody was told that the version is final."""
    return f"final:{draft.pk}"


def _with_people(name: str) -> Prefetch:
    """What somebody said who can be written to."""
    return Prefetch(name, Feedback.objects.filter(person__isnull=False).only("pk", "in_version"))


def _published(draft: DesignDraft) -> Words:
    def words() -> str:
        said = _("Version %(number)d of the design is out.") % {"number": draft.version}
        for round_ in draft.rounds.all():
            said += " " + _("Feedback: %(days)s.") % {"days": days(round_.opens_on, round_.closes_on)}
        return said

    return words


def _final(draft: DesignDraft) -> Words:
    return lambda: _("The design is final: version %(number)d.") % {"number": draft.version}


def stages(project_ids: Collection[int], since: datetime, until: datetime) -> Iterable[News]:
    """Stages that began or ended, by their day: told at the end of that day at the earliest."""
    first, last = clock.local_date(since), clock.local_date(until)
    rows = ProjectStage.objects.filter(project__in=project_ids, skipped=False)
    for stage in rows.filter(start__range=(first, last)) | rows.filter(end__range=(first, last)):
        if stage.start is not None and first <= stage.start <= last:
            yield News(stage.project_id, _end_of(stage.start), _begun(stage))
        if stage.end is not None and stage.end != stage.start and first <= stage.end <= last:
            yield News(stage.project_id, _end_of(stage.end), _over(stage))


def _end_of(day: date) -> datetime:
    return local_midnight(day + timedelta(days=1))


def _begun(stage: ProjectStage) -> Words:
    if stage.end == stage.start:
        return lambda: _("Done: %(stage)s.") % {"stage": stage.get_stage_display()}
    return lambda: _("It has begun: %(stage)s.") % {"stage": stage.get_stage_display()}


def _over(stage: ProjectStage) -> Words:
    return lambda: _("It is over: %(stage)s.") % {"stage": stage.get_stage_display()}


def articles(project_ids: Collection[int], since: datetime, until: datetime) -> Iterable[News]:
    """Notices and articles about the project that everybody may read, not those about an activity."""
    rows = ProjectArticle.objects.filter(
        project__in=project_ids,
        article__published_at__gt=since,
        article__published_at__lte=until,
        article__activity=None,
    )
    for link in rows.select_related("article__neighbourhood"):
        article = link.article
        assert article.published_at is not None
        yield News(link.project_id, article.published_at, _titled(article), article.get_absolute_url())


def _titled(article: Article) -> Words:
    return lambda: f"{article.get_kind_display()}: {article.title}"


def results(project_ids: Collection[int], since: datetime, until: datetime) -> Iterable[News]:
    """Public results of deliberations about the project, which anybody may see."""
    rows = ProjectRecord.objects.filter(
        project__in=project_ids,
        activity__visibility=Visibility.PUBLIC,
        activity__deliberation__result_state=Deliberation.ResultState.PUBLISHED,
        activity__deliberation__result_at__gt=since,
        activity__deliberation__result_at__lte=until,
    ).exclude(activity__status__in=[Status.DRAFT, Status.CANCELLED])
    told = set()
    for row in rows.select_related("activity__neighbourhood", "activity__deliberation").order_by("pk"):
        activity, held = row.activity, row.activity.deliberation
        at = held.result_at
        assert at is not None
        if (row.project_id, activity.pk) not in told:  # decided and reviewed there is one result
            told.add((row.project_id, activity.pk))
            yield News(row.project_id, at, _result(activity.title), activity.get_absolute_url(), (result_key(held),))


def _result(title: str) -> Words:
    return lambda: _("The result of “%(title)s” is public.") % {"title": title}


def pieces(project_ids: Collection[int], since: datetime, until: datetime) -> Iterable[News]:
    """Covers, panels and beds that can be seen in new pictures; each once, whatever the number of pictures."""
    rows = PiecePhoto.objects.filter(
        piece__project__in=project_ids,
        piece__is_published=True,
        role=PiecePhoto.Role.AFTER,
        photo__published_at__gt=since,
        photo__published_at__lte=until,
    )
    newest: dict[int, News] = {}
    for link in rows.select_related("piece__neighbourhood", "photo").order_by("photo__published_at", "pk"):
        piece, at = link.piece, link.photo.published_at
        assert at is not None
        newest[piece.pk] = News(
            piece.project_id, at, _pictured(f"{piece.code} {piece.title}"), piece.get_absolute_url()
        )
    yield from newest.values()


def _pictured(piece: str) -> Words:
    return lambda: _("%(piece)s can be seen in a new picture.") % {"piece": piece}


SOURCES = (drafts, stages, articles, results, pieces)
