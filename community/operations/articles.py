"""Publishing notices and articles, and taking them back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.models import Article


class ArticleRefused(Exception):
    """A sentence fit to show."""


def publish(article: Article, *, at: datetime) -> None:
    """From now on everybody may read it. An article keeps the day on which it first came out."""
    with transaction.atomic():
        article = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
        if article.published_at is not None and article.published_at <= at:
            raise ArticleRefused(_("“%(title)s” is published already.") % {"title": article.title})
        if not article.title.strip() or not article.body.strip():
            raise ArticleRefused(_("“%(title)s” has no text yet.") % {"title": article.title or "–"})
        if article.public_until is not None and article.public_until <= at:
            raise ArticleRefused(_("“%(title)s” would be out of date at once.") % {"title": article.title})
        article.published_at = at
        article.save(update_fields=["published_at"])


def take_back(article: Article) -> None:
    """Nobody but staff reads it any more."""
    with transaction.atomic():
        article = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
        if article.published_at is None:
            raise ArticleRefused(_("“%(title)s” is not published.") % {"title": article.title})
        article.published_at = None
        article.save(update_fields=["published_at"])
