"""A walk along pieces (打卡, S18): stamps that only their owner sees, and words under a name of one's own choosing."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.access.viewer import Viewer
from people.models import Location, Neighbourhood, Person, User
from projects.models.piece import Piece


class TrailQuerySet(models.QuerySet["Trail"]):
    def visible_to(self, viewer: Viewer):
        if viewer.neighbourhood is None:
            return self.none()
        rows = self.filter(neighbourhood=viewer.neighbourhood)
        return rows if viewer.has_perm("projects.change_project") else rows.filter(is_published=True)


class Trail(models.Model):
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="trails", verbose_name=_("residential area")
    )
    slug = models.SlugField(_("address"))
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), blank=True)
    place = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    walk_minutes = models.PositiveSmallIntegerField(
        _("minutes on foot"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    wheelchair = models.BooleanField(_("without steps all the way"), null=True, blank=True)
    is_published = models.BooleanField(_("shown to the public"), default=False)

    objects = TrailQuerySet.as_manager()

    class Meta:
        verbose_name = _("trail")
        verbose_name_plural = _("trails")
        ordering = ["neighbourhood", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["neighbourhood", "slug"],
                name="trail_slug_unique",
                violation_error_message=_("Another trail has this address already. Please choose another one."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:trail", args=[self.neighbourhood.slug, self.slug])


class TrailPoint(models.Model):
    """``order``: along the walk."""

    trail = models.ForeignKey(Trail, models.CASCADE, related_name="points", verbose_name=_("trail"))
    piece = models.ForeignKey(Piece, models.PROTECT, related_name="trail_points", verbose_name=_("piece"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    #: Set for the trail's page (views/trail.py): its number on the walk, what it looks like, and whether the reader was there.
    number: int
    picture: Any
    is_stamped: bool

    class Meta:
        verbose_name = _("point of the trail")
        verbose_name_plural = _("points of the trail")
        ordering = ["trail", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["trail", "piece"], name="trail_point_once")]

    def __str__(self) -> str:
        return str(self.piece)


class TrailStamp(models.Model):
    """That somebody was there. No day, no order, no count: it is shown to its owner and to nobody else, staff included."""

    point = models.ForeignKey(TrailPoint, models.CASCADE, related_name="stamps")
    person = models.ForeignKey(Person, models.CASCADE, related_name="trail_stamps")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["point", "person"], name="trail_stamp_once")]

    def __str__(self) -> str:
        return str(self.point)


class TrailWordQuerySet(models.QuerySet["TrailWord"]):
    def shown(self):
        return self.filter(state=TrailWord.State.SHOWN)

    def waiting(self):
        return self.filter(state=TrailWord.State.WAITING)


class TrailWord(models.Model):
    """A few words about a place under a chosen name; public only once staff have read them (L2)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("to be read")
        SHOWN = "shown", _("shown")
        REFUSED = "refused", _("not shown")
        REMOVED = "removed", _("removed")

    point = models.ForeignKey(TrailPoint, models.CASCADE, related_name="words", verbose_name=_("place"))
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="trail_words",
        verbose_name=pgettext_lazy("of words left behind", "by"),
        editable=False,
    )
    name = models.CharField(_("chosen name"), max_length=30)
    words = models.CharField(_("words"), max_length=200)
    said_on = models.DateField(_("said on"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(pgettext_lazy("when", "decided at"), null=True, blank=True)

    objects = TrailWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("words about a place")
        verbose_name_plural = _("words about places")
        ordering = ["-said_on", "-pk"]
        indexes = [models.Index(fields=["state", "said_on"], name="trail_word_queue")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "removed"]) | ~Q(reason=""), name="trail_word_refused_with_reason"
            ),
            models.UniqueConstraint(
                fields=["point", "person"], condition=Q(state="waiting"), name="trail_word_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}：{self.words}"
