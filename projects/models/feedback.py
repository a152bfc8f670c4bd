"""What people said about a version, what was answered, and which version took it in (P2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Person, User
from people.models.fractions import per_cent
from projects.models.draft import DesignDraft, DraftImage

if TYPE_CHECKING:
    from people.access.viewer import Viewer


class Channel(models.TextChoices):
    WECHAT_GROUP = "wechat_group", _("WeChat group")
    OFFICIAL_ACCOUNT = "official_account", _("official account")
    OWNERS_COMMITTEE = "owners_committee", _("owners' committee")
    WEB_FORM = "web_form", _("this website")
    PAPER_BOX = "paper_box", _("paper box")
    DOOR_VISIT = "door_visit", _("door visit")


class Disposition(models.TextChoices):
    PENDING = "pending", _("to be answered")
    ADOPTED = "adopted", _("adopted")
    PARTLY_ADOPTED = "partly_adopted", _("partly adopted")
    NOT_ADOPTED = "not_adopted", _("not adopted")


TAKEN_UP = (Disposition.ADOPTED, Disposition.PARTLY_ADOPTED)


@dataclass(frozen=True)
class Tally:
    """How many items there are, by what became of them and by the way they came; the same on page, admin and export."""

    total: int
    by_disposition: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)

    @property
    def pending(self) -> int:
        return self.by_disposition.get(Disposition.PENDING, 0)

    @property
    def dispositions(self) -> list[tuple[str, object, int]]:
        """(code, words, count) of those that occur."""
        return [(one.value, one.label, self.by_disposition[one]) for one in Disposition if self.by_disposition.get(one)]

    @property
    def channels(self) -> list[tuple[str, object, int]]:
        return [(one.value, one.label, self.by_channel[one]) for one in Channel if self.by_channel.get(one)]


PER_PAGE = 25  # on the page of a version


def tally_of(counted: Iterable[tuple[str, str, int]]) -> Tally:
    """From (channel, disposition, number) triples."""
    by_channel: dict[str, int] = {}
    by_disposition: dict[str, int] = {}
    for channel, disposition, number in counted:
        by_channel[channel] = by_channel.get(channel, 0) + number
        by_disposition[disposition] = by_disposition.get(disposition, 0) + number
    return Tally(sum(by_channel.values()), by_disposition, by_channel)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, viewer: Viewer):
        """What belongs to versions the reader may see. Whether the *words* are shown is ``Feedback.is_shown``."""
        return self.filter(draft__in=DesignDraft.objects.visible_to(viewer).order_by().values("pk"))

    def of_project(self, project):
        return self.filter(draft__project=project)

    def pending(self):
        return self.filter(disposition=Disposition.PENDING)

    def to_take_in(self):
        """Adopted, also in part, and in no version yet."""
        return self.filter(disposition__in=TAKEN_UP, in_version=None)

    def tally(self) -> Tally:
        """One query, whatever the number."""
        rows = self.order_by().values_list("channel", "disposition").annotate(Count("pk"))
        return tally_of(rows)


class Feedback(models.Model):
    """One thing that somebody said about one version; ``number`` counts within the version, as the pins do.

    Nobody is named in public: a reader learns the channel and the day (V6). ``x``, ``y``: per cent of ``image``, or
    ``quote``: words out of the version's text. ``revision`` grows with each answer, ``told_revision`` is the last that
    the person was told of. ``released_at``: since when the words are public; before, staff have not read them yet.
    """

    draft = models.ForeignKey(DesignDraft, models.PROTECT, related_name="feedback", verbose_name=_("design draft"))
    number = models.PositiveIntegerField(_("number"))
    channel = models.CharField(_("came by"), max_length=16, choices=Channel.choices)
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="feedback",
        verbose_name=_("from"),
        help_text=_("Only if known. Never shown in public."),
    )
    image = models.ForeignKey(
        DraftImage, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    x = per_cent()
    y = per_cent()
    quote = models.CharField(_("about the words"), max_length=200, blank=True)
    text = models.TextField(_("what was said"), max_length=1000)
    received_on = models.DateField(_("came on"))
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    released_at = models.DateTimeField(_("words public since"), null=True, blank=True)
    withheld = models.CharField(_("why the words are not public"), max_length=200, blank=True)
    disposition = models.CharField(_("answer"), max_length=14, choices=Disposition.choices, default=Disposition.PENDING)
    reply = models.TextField(_("reply"), max_length=1000, blank=True)
    replied_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    replied_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    in_version = models.ForeignKey(
        DesignDraft,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="took_in",
        verbose_name=_("taken in by version"),
    )
    revision = models.PositiveSmallIntegerField(default=0, editable=False)
    told_revision = models.PositiveSmallIntegerField(default=0, editable=False)

    take_back_url: str  # where its writer may take it back, where a page put that there

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["draft", "number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="feedback_number_once"),
            models.CheckConstraint(
                condition=Q(disposition=Disposition.PENDING, reply="", replied_at=None)
                | (~Q(disposition=Disposition.PENDING) & ~Q(reply="") & Q(replied_at__isnull=False)),
                name="feedback_answered_with_a_reply",
            ),
            models.CheckConstraint(
                condition=Q(in_version=None) | Q(disposition__in=TAKEN_UP), name="feedback_taken_in_was_adopted"
            ),
            models.CheckConstraint(
                condition=Q(x=None, y=None) | Q(x__range=(0, 100), y__range=(0, 100)), name="feedback_on_the_picture"
            ),
            models.CheckConstraint(condition=Q(quote="") | Q(x=None), name="feedback_one_place"),
        ]
        indexes = [
            models.Index(fields=["draft"], condition=Q(disposition="pending"), name="feedback_to_answer"),
            models.Index(fields=["replied_at"], condition=Q(told_revision__lt=F("revision")), name="feedback_to_tell"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.number}"

    @property
    def is_shown(self) -> bool:
        """Whether everybody may read the words: staff have read them and nothing speaks against it."""
        return self.released_at is not None and not self.withheld

    def page_url(self) -> str:
        """Where it stands among what was said about its version; one query, as what was taken back leaves gaps in the numbers."""
        before = Feedback.objects.filter(draft=self.draft_id, number__lt=self.number).count()
        return f"{self.draft.get_absolute_url()}?page={before // PER_PAGE + 1}#fb{self.number}"

    @property
    def is_answered(self) -> bool:
        return self.disposition != Disposition.PENDING

    @property
    def has_pin(self) -> bool:
        return self.image_id is not None and self.x is not None

    @property
    def part(self) -> str:
        """The name of the place on the picture, "" without one; reads ``image``."""
        return self.image.part_at(self.x, self.y) if self.image is not None and self.x is not None else ""
