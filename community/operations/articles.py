"""Publishing notices and articles, and taking them back."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from community.models import Article, ArticlePhoto
from people.access.viewer import local_midnight
from people.models import Photo
from portal import clock
from portal.refusals import Refusal


def publish(article: Article, *, at: datetime, first_on: date | None = None) -> None:
    """From now on everybody may read it.

    first_on: an earlier day on which it was put up or sent round. It stands under that day, so it is no news, and its page
    says when it was entered.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
        if article.published_at is not None and article.published_at <= at:
            raise Refusal(
                _("“%(title)s” is published already, so everybody can read it. You need not do anything more.")
                % {"title": article.title}
            )
        if not article.title.strip() or not article.body.strip():
            raise Refusal(_("“%(title)s” has no text yet. Please write it first.") % {"title": article.title or "–"})
        today = clock.local_date(at)
        if first_on is not None and first_on > today:
            raise Refusal(_("This day is still to come. Leave it empty to publish today."), about="first_on")
        is_late = first_on is not None and first_on < today
        out = local_midnight(first_on) if first_on is not None and is_late else at
        if article.public_until is not None and article.public_until <= out:
            raise Refusal(
                _("“%(title)s” would be out of date at once. Please choose a later end of its days in public, or none.")
                % {"title": article.title}
            )
        article.published_at, article.entered_at = out, at if is_late else None
        article.save(update_fields=["published_at", "entered_at"])


def take_back(article: Article) -> None:
    """Nobody but staff reads it any more."""
    with transaction.atomic():
        article = Article.objects.select_for_update(no_key=True).get(pk=article.pk)
        if article.published_at is None:
            raise Refusal(
                _("“%(title)s” is not published, so nobody reads it. You need not do anything more.")
                % {"title": article.title}
            )
        article.published_at = article.entered_at = None
        article.save(update_fields=["published_at", "entered_at"])


def show_with_article(article: Article, photos: Iterable[Photo]) -> None:
    """Put them behind the article's other photos; each is shown as soon as it is published."""
    last = article.article_photos.aggregate(last=Max("order"))["last"] or 0
    ArticlePhoto.objects.bulk_create(
        ArticlePhoto(article=article, photo=photo, order=last + step) for step, photo in enumerate(photos, start=1)
    )
