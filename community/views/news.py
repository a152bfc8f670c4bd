"""News and notices: what the committee tells everyone. Only read here; staff write in the staff pages."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.views.generic import DetailView

from community.models import Article
from community.pages.articles import rows
from community.rules import about
from community.rules.naming import words
from people.access.requests import PortalRequest
from people.media.pictures import of_links, pairs, share_picture, without_paired
from portal import clock
from portal.page_cache import cached_page
from portal.paging import PagedListView

PER_PAGE = 20
PHOTOS = 12
CURRENT = 4  # notices at the head of the list


@cached_page("kind", "page")
class NewsView(PagedListView):
    request: PortalRequest
    template_name = "community/news.html"
    context_object_name = "articles"
    paginate_by = PER_PAGE
    extra_context = {"tab": "news"}

    def get_queryset(self):
        self.kind = self.request.GET.get("kind", "")
        if self.kind not in Article.Kind.values:
            self.kind = ""
        seen = Article.objects.visible_to(self.request.viewer).published_by(clock.now())
        return seen.filter(kind=self.kind) if self.kind else seen

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        at = clock.now()
        context["articles"] = rows(context["page_obj"].object_list, self.request.neighbourhood)
        context["current"] = []
        if not self.kind and context["page_obj"].number == 1:
            board = Article.objects.visible_to(self.request.viewer).current(at).filter(kind=Article.Kind.NOTICE)
            context["current"] = rows(board[:CURRENT], self.request.neighbourhood)
        context["kind"] = self.kind
        context["kinds"] = [("", "?", not self.kind)] + [
            (kind, f"?kind={kind}", kind == self.kind) for kind in Article.Kind.values
        ]
        context["kind_labels"] = dict(Article.Kind.choices)
        context["query"] = f"kind={self.kind}" if self.kind else ""
        return context


@cached_page()
class ArticleView(DetailView):
    request: PortalRequest
    template_name = "community/article.html"
    context_object_name = "article"
    extra_context = {"tab": "news"}

    def get_object(self, queryset=None) -> Article:
        """Only what is out and may be seen: an article about a hidden activity is as hidden as that (404)."""
        seen = Article.objects.visible_to(self.request.viewer).published_by(clock.now())
        article = seen.select_related("author", "activity").filter(pk=self.kwargs["pk"]).first()
        if article is None:
            raise Http404
        article.neighbourhood = self.request.neighbourhood
        return article

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        article: Article = self.object
        at = clock.now()
        if article.activity is not None:
            article.activity.neighbourhood = article.neighbourhood
        links = about.links_of(article, self.request.viewer)
        found = of_links(article.article_photos.all(), article.neighbourhood, most=PHOTOS)
        paired = pairs(article.neighbourhood, among=found)
        pictures = without_paired(found, paired)
        return super().get_context_data(
            byline=byline(article),
            about_links=links,
            pairs=paired,
            photos=pictures,
            share=share_picture([*pictures, *(pair.after for pair in paired)]),
            is_over=article.public_until is not None and article.public_until < at,
            up_url=reverse("community:news", args=[article.neighbourhood.slug]),
            **kwargs,
        )


def byline(article: Article) -> str:
    """Who wrote it, as an author and nothing else; children are not named (V6)."""
    if article.author is None or article.published_at is None:
        return ""
    return words(article.author, "", True, clock.local_date(article.published_at))
