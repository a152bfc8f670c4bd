"""Meetings of Party organisations and teams, and who was absent from them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from people.models import Person, Seal, Sealed, SealedQuerySet, User


class Meeting(Activity):
    """A meeting and, once held, its record (M8). Time, place, organisation, visibility and status stand on the base."""

    class Type(models.TextChoices):
        BRANCH_GENERAL = "branch_general_meeting", _("branch general meeting")
        BRANCH_COMMITTEE = "branch_committee_meeting", _("branch committee meeting")
        PARTY_GROUP = "party_group_meeting", _("Party group meeting")
        PARTY_LECTURE = "party_lecture", _("Party lecture")
        THEME_PARTY_DAY = "theme_party_day", _("theme Party day")
        ORGANIZATIONAL_LIFE = "organizational_life_meeting", _("organisation-life meeting")
        DEMOCRATIC_APPRAISAL = "democratic_appraisal", _("democratic appraisal")
        GENERAL_BRANCH_COMMITTEE = "general_branch_committee_meeting", _("general-branch committee meeting")
        TEAM_MEETING = "team_meeting", _("team meeting")

    class RecordState(models.TextChoices):
        PLANNED = "planned", _("planned")
        DRAFT = "draft", _("draft")
        SIGNED = "signed", _("signed")
        AMENDED = "amended", _("amended")

    SIGNED = (RecordState.SIGNED, RecordState.AMENDED)

    seal = Seal(
        "record_state",
        SIGNED,
        (
            "title", "text", "starts_at", "ends_at", "location", "location_note", "organisation", "team",
            "post_holders_only", "type", "agenda", "resolutions", "recorded_at", "signed_at", "should_attend",
            "attended", "is_quorate",
        ),
        ("chair", "recorder"),
    )  # fmt: skip

    # M3: committee meetings expect the post holders of the day, all others the members.
    OF_POST_HOLDERS = (Type.BRANCH_COMMITTEE, Type.GENERAL_BRANCH_COMMITTEE)

    type = models.CharField(_("type"), max_length=34, choices=Type.choices)
    chair = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="chaired_meetings", verbose_name=_("chair")
    )
    recorder = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="recorded_meetings", verbose_name=_("recorder")
    )
    agenda = models.JSONField(_("agenda"), default=list, blank=True)
    resolutions = models.JSONField(_("resolutions"), default=list, blank=True)
    record_state = models.CharField(_("record"), max_length=8, choices=RecordState.choices, default=RecordState.PLANNED)
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True)
    # Signing (M4, M5); counts as they were then, so that who joins or leaves afterwards changes no record.
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True, editable=False)
    signed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("signed by")
    )
    should_attend = models.PositiveIntegerField(_("should attend"), null=True, blank=True, editable=False)
    attended = models.PositiveIntegerField(_("attended"), null=True, blank=True, editable=False)
    is_quorate = models.BooleanField(_("could decide"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    @property
    def is_signed(self) -> bool:
        return self.record_state in self.SIGNED


class Absence(Sealed):
    """Why someone expected was not there (M4)."""

    class Reason(models.TextChoices):
        ILLNESS = "illness", _("ill")
        WORK = "work", _("at work")
        AWAY = "away", _("out of town")
        FAMILY = "family", _("family matters")
        UNEXCUSED = "unexcused", _("without leave")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="absences", verbose_name=_("meeting"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="absences", verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)

    objects = SealedQuerySet.as_manager()
    seal = Seal("record_state", Meeting.SIGNED, ("reason",), ("person",), of="meeting")

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="absence_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_reason_display()}"
