"""What of the committee's words can be found: what is out, and about nothing hidden."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models import Status
from activities.pages.search import STATES, document_of
from community.models import Article, Deliberation, FollowUp, Meeting, Option
from people import search
from people.access.viewer import Viewer


def deliberations(viewer: Viewer, at: datetime) -> QuerySet[Deliberation]:
    seen = Deliberation.objects.visible_to(viewer).exclude(status=Status.DRAFT)
    return seen.select_related("neighbourhood").prefetch_related("options", "follow_ups")


def deliberation_document(deliberation: Deliberation) -> search.Document:
    """The notice; what was decided once the result is public. Opinions are read where their answers stand."""
    words = [*(str(item) for item in [*deliberation.items, *deliberation.materials])]
    if deliberation.is_public_result:
        words += [deliberation.decision, deliberation.agreement, deliberation.not_adopted]
        words += [option.text for option in deliberation.options.all()]
        words += [follow_up.task for follow_up in deliberation.follow_ups.all()]
    return document_of(deliberation, *words)


def meeting_document(meeting: Meeting) -> search.Document:
    """What its page tells everybody: the agenda, and what was resolved once the record stands. Nobody who was there."""
    words = [*map(str, meeting.agenda)]
    if meeting.is_signed:
        words += map(str, meeting.resolutions)
    return document_of(meeting, *words)


ARTICLES = search.Kind(
    code="article",
    label=_("News and notices"),
    model=Article,
    public=lambda viewer, at: Article.objects.visible_to(viewer).published_by(at),
    document=lambda article: search.Document(
        article.title, article.body, article.get_absolute_url(), article.published_at
    ),
    more="community:news",
)
MEETINGS = search.Kind(
    code="meeting",
    label=_("Meetings"),
    model=Meeting,
    public=lambda viewer, at: Meeting.objects.visible_to(viewer).exclude(status=Status.DRAFT),
    document=meeting_document,
    states=STATES,
)
DELIBERATIONS = search.Kind(
    code="deliberation",
    label=_("Deliberations"),
    model=Deliberation,
    public=deliberations,
    document=deliberation_document,
    follows={
        Option: lambda option: [option.deliberation_id],
        FollowUp: lambda follow_up: [follow_up.deliberation_id],
    },
    states=STATES,
    more="community:records",
)
