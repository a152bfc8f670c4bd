"""What neighbours remember: stories told or sent in, moderated, and shown as far as the narrator agreed (P5, V5)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.access.viewer import Viewer
from people.models import Channel, Neighbourhood, Person, Photo, Seal, Sealed, SealedQuerySet, User
from projects.models.project import Project


class OralHistoryQuerySet(SealedQuerySet):
    def visible_to(self, viewer: Viewer):
        """The published ones; whoever looks after the stories sees them all."""
        if viewer.neighbourhood is None:
            return self.none()
        rows = self.filter(neighbourhood=viewer.neighbourhood)
        return (
            rows if viewer.has_perm("projects.change_oralhistory") else rows.filter(state=OralHistory.State.PUBLISHED)
        )


class OralHistory(Sealed):
    """``told_by``: how the narrator wants to be called in public. Consent is kept for each kind of publication by itself."""

    class State(models.TextChoices):
        RECEIVED = "received", _("to be read")
        KEPT = "kept", _("kept in the archive")
        PUBLISHED = "published", _("published")
        DECLINED = "declined", _("not taken")
        WITHDRAWN = "withdrawn", _("taken back")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="oral_histories", verbose_name=_("residential area")
    )
    project = models.ForeignKey(
        Project, models.SET_NULL, null=True, blank=True, related_name="oral_histories", verbose_name=_("project")
    )
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("story"), blank=True)
    topics = models.JSONField(_("topics"), default=list, blank=True)
    told_on = models.DateField(_("told on"))
    minutes = models.PositiveSmallIntegerField(_("length of the recording, minutes"), null=True, blank=True)
    narrator = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="told_stories", verbose_name=_("narrator")
    )
    told_by = models.CharField(
        _("narrator's name in public"), max_length=30, blank=True, help_text=_("As the narrator wants to be called.")
    )
    interviewers = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name=_("written down by"))
    sent_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="sent_stories", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent at"), editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.IN_PERSON)
    text_agreed = models.BooleanField(_("the text may be published"), default=False)
    recording_agreed = models.BooleanField(_("the recording may be published"), default=False)
    photo_agreed = models.BooleanField(_("the photos may be published"), default=False)
    agreed_on = models.DateField(_("narrator agreed on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.RECEIVED)
    reply = models.CharField(_("reply"), max_length=200, blank=True)
    decided_at = models.DateTimeField(pgettext_lazy("when", "decided at"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("decided by")
    )

    objects = OralHistoryQuerySet.as_manager()
    seal = Seal("state", (State.PUBLISHED,), ("title", "text", "told_by", "told_on"), taken_back=True)

    class Meta:
        verbose_name = _("told story")
        verbose_name_plural = _("told stories")
        ordering = ["neighbourhood", "-told_on", "-pk"]
        indexes = [models.Index(fields=["neighbourhood", "state", "-told_on"], name="story_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(text_agreed=True, agreed_on__isnull=False),
                name="story_published_with_consent",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:story", args=[self.neighbourhood.slug, self.pk])


class StoryPhoto(models.Model):
    """An old photo; shown while its story is published, the narrator agreed to photos, and the photo itself is published."""

    story = models.ForeignKey(OralHistory, models.CASCADE, related_name="story_photos", verbose_name=_("told story"))
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+", verbose_name=_("photo"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("photo of the story")
        verbose_name_plural = _("photos of the story")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["story", "photo"], name="story_photo_once")]

    def __str__(self) -> str:
        return str(self.photo)
