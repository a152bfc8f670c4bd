"""What the committee tells: notices, open affairs, announcements and reports."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from people.models import Neighbourhood, Person, Photo


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, viewer):
        """Published ones of the neighbourhood; about an activity only to those who may see the activity."""
        if viewer.neighbourhood is None:
            return self.none()
        seen = Activity.objects.visible_to(viewer)
        return self.filter(neighbourhood=viewer.neighbourhood, published_at__isnull=False).filter(
            Q(activity=None) | Q(activity__in=seen.order_by().values("pk"))
        )

    def published_by(self, at):
        """Those out at ``at``; an announcement stays readable after ``public_until``, but is no longer current."""
        return self.filter(published_at__lte=at)

    def current(self, at):
        """What still stands on the notice board."""
        return self.published_by(at).filter(Q(public_until=None) | Q(public_until__gte=at))


class Article(models.Model):
    class Kind(models.TextChoices):
        NOTICE = "notice", _("notice")
        AFFAIRS = "affairs", _("open affairs")
        ACTIVITY = "activity", _("coming up")
        STORY = "story", _("report")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="articles", verbose_name=_("residential area")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    # Only where it was told elsewhere first and entered here later.
    entered_at = models.DateTimeField(_("entered afterwards at"), null=True, blank=True, editable=False)
    public_until = models.DateTimeField(_("current until"), null=True, blank=True)
    author = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="articles", verbose_name=_("author")
    )
    outlet = models.CharField(_("appeared in"), max_length=80, blank=True)
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="articles", verbose_name=_("about the activity")
    )

    objects = ArticleQuerySet.as_manager()

    #: Annotated for the home page: 0 for a notice that still stands.
    rank: int
    #: Set for lists (pages/articles.py): the year of publication, "" for the running one.
    year: int | str

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["neighbourhood", "-published_at"], name="article_by_date")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("community:article", args=[self.neighbourhood.slug, self.pk])


class ArticlePhoto(models.Model):
    """A photo beside an article; shown while the photo is published."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="article_photos", verbose_name=_("article"))
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+", verbose_name=_("photo"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("photo of the article")
        verbose_name_plural = _("photos of the article")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "photo"], name="article_photo_once")]

    def __str__(self) -> str:
        return str(self.photo)
