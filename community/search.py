"""What of the committee's words can be found: what is out, and about nothing hidden."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models import Status
from activities.search import leave_to_others
from community.models import Article, Deliberation, Option
from people import search
from people.viewer import Viewer


def deliberations(viewer: Viewer, at: datetime) -> QuerySet[Deliberation]:
    seen = Deliberation.objects.visible_to(viewer).exclude(status=Status.DRAFT)
    return seen.select_related("neighbourhood").prefetch_related("options")


def deliberation_document(deliberation: Deliberation) -> search.Document:
    """The notice; what was decided once the result is public. Opinions are read where their answers stand."""
    words = [str(item) for item in deliberation.items]
    if deliberation.is_public_result:
        words += [deliberation.decision, deliberation.agreement, deliberation.not_adopted]
        words += [option.text for option in deliberation.options.all()]
    return search.Document(
        title=deliberation.title,
        body=" · ".join(filter(None, words)),
        path=deliberation.get_absolute_url(),
        at=deliberation.starts_at,
        state=deliberation.status if deliberation.is_cancelled else "",
    )


def register() -> None:
    search.register(
        search.Kind(
            code="article",
            label=_("News and notices"),
            order=30,
            model=Article,
            public=lambda viewer, at: Article.objects.visible_to(viewer).published_by(at),
            document=lambda article: search.Document(
                article.title, article.body, article.get_absolute_url(), article.published_at
            ),
            more="community:news",
        )
    )
    leave_to_others("deliberation")
    search.register(
        search.Kind(
            code="deliberation",
            label=_("Deliberations"),
            order=25,
            model=Deliberation,
            public=deliberations,
            document=deliberation_document,
            follows={Option: lambda option: [option.deliberation_id]},
            states={"cancelled": _("Cancelled")},
            more="community:records",
        )
    )
