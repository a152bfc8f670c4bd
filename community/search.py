"""What of the committee's words can be found: what is out, and about nothing hidden."""

from django.utils.translation import gettext_lazy as _

from community.models import Article
from people import search


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
