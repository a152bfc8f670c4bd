"""Deliberations (三会制度 and the residents' assembly): notice, who took part, opinions and replies, votes, result, follow-ups."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import Activity
from community.models.meeting import Absence, Meeting
from people.models import Committee, PartyOrg, Person, Seal, Sealed, SealedQuerySet, Team
from portal import clock


class Group(models.TextChoices):
    """D2: participants are told by group."""

    PARTY_MEMBERS = "party_members", _("Party members")
    RESIDENTS = "residents", _("residents")
    BUILDING_LEADERS = "building_leaders", _("building leaders")
    OWNERS_COMMITTEE = "owners_committee", _("owners' committee")
    PROPERTY = "property", _("property company")
    PARTNER_UNITS = "partner_units", _("partner units")
    OBSERVERS = "observers", _("observers")


class NoticeChannel(models.TextChoices):
    BOARD = "board", _("notice board")
    WECHAT_GROUP = "wechat_group", _("WeChat group")
    OFFICIAL_ACCOUNT = "official_account", _("official account")


def validate_channels(value: object) -> None:
    if not isinstance(value, list) or not set(value) <= set(NoticeChannel.values):
        raise ValidationError(_("Choose from the groups listed."))


class Deliberation(Activity):
    """A hearing, coordination, appraisal or assembly and, once published, its result. Time, place and status stand on the base."""

    class Type(models.TextChoices):
        HEARING = "hearing", _("hearing")
        COORDINATION = "coordination", _("coordination meeting")
        APPRAISAL = "appraisal", _("appraisal meeting")
        RESIDENTS_ASSEMBLY = "residents_assembly", _("residents' assembly")

    class ResultState(models.TextChoices):
        PENDING = "pending", _("not published yet")
        PUBLISHED = "published", _("published")

    RATINGS = ("very_satisfied", "satisfied", "neutral", "unsatisfied")
    COMMITTEE_RATINGS = ("committee_satisfied", "committee_basically", "committee_unsatisfied")
    seal = Seal(
        "result_state",
        (ResultState.PUBLISHED,),
        (
            "title", "text", "starts_at", "ends_at", "location", "location_note", "type", "convener", "led_by",
            "raised_by_org", "raised_by_team", "topic_note", "items", "materials", "notice_on", "notice_channels",
            "short_notice_reason", "should_attend", "attended", "voters", "decision", "not_adopted", "agreement",
            "trial_until", "review_on", *RATINGS, *COMMITTEE_RATINGS, "result_at", "correction",
        ),
        ("chair", "recorder", "mediator"),
        taken_back=True,
        links=("discussed_by",),
    )  # fmt: skip

    type = models.CharField(_("type"), max_length=18, choices=Type.choices)
    convener = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="convened", verbose_name=_("convened by")
    )
    led_by = models.ForeignKey(
        PartyOrg, models.PROTECT, null=True, blank=True, related_name="led_deliberations", verbose_name=_("led by")
    )
    chair = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="chaired_deliberations", verbose_name=_("chair")
    )
    recorder = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="recorded_deliberations",
        verbose_name=_("recorder"),
    )
    raised_by_org = models.ForeignKey(
        PartyOrg, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("raised by (organisation)")
    )
    raised_by_team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("raised by (team)")
    )
    topic_note = models.CharField(_("how the topic came up"), max_length=200, blank=True)
    discussed_by = models.ManyToManyField(
        Meeting, blank=True, related_name="deliberations", verbose_name=_("discussed before at")
    )
    # The notice (D1)
    items = models.JSONField(_("items"), default=list, blank=True)
    materials = models.JSONField(_("materials"), default=list, blank=True)
    notice_on = models.DateField(_("notice given on"), null=True, blank=True)
    notice_channels = models.JSONField(_("told by"), default=list, blank=True, validators=[validate_channels])
    short_notice_reason = models.CharField(_("why the notice is short"), max_length=200, blank=True)
    # How it went (D2)
    should_attend = models.PositiveIntegerField(_("should attend"), null=True, blank=True)
    attended = models.PositiveIntegerField(_("attended"), null=True, blank=True)
    voters = models.PositiveIntegerField(_("with a vote in the room"), null=True, blank=True)
    decision = models.TextField(_("decision"), blank=True)
    not_adopted = models.TextField(_("what was not adopted, and why"), blank=True)
    # A coordination (D4)
    mediator = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="mediated", verbose_name=_("mediator")
    )
    agreement = models.TextField(_("agreement"), blank=True)
    trial_until = models.DateField(_("on trial until"), null=True, blank=True)
    review_on = models.DateField(_("looked at again on"), null=True, blank=True)
    # An appraisal (D4)
    very_satisfied = models.PositiveIntegerField(_("very satisfied"), null=True, blank=True)
    satisfied = models.PositiveIntegerField(_("satisfied"), null=True, blank=True)
    neutral = models.PositiveIntegerField(_("neutral"), null=True, blank=True)
    unsatisfied = models.PositiveIntegerField(_("not satisfied"), null=True, blank=True)
    # What an assembly thinks of its committee
    committee_satisfied = models.PositiveIntegerField(_("satisfied with the committee"), null=True, blank=True)
    committee_basically = models.PositiveIntegerField(_("basically satisfied"), null=True, blank=True)
    committee_unsatisfied = models.PositiveIntegerField(_("not satisfied with it"), null=True, blank=True)
    # Publication (D3)
    result_state = models.CharField(
        pgettext_lazy("of a deliberation", "result"),
        max_length=9,
        choices=ResultState.choices,
        default=ResultState.PENDING,
        editable=False,
    )
    result_at = models.DateTimeField(_("result published at"), null=True, blank=True, editable=False)
    correction = models.CharField(_("why the result was corrected"), max_length=200, blank=True, editable=False)

    #: Set for lists (pages/home.py): a key of its state, and the year, "" for the running one.
    state: str
    year: int | str

    class Meta:
        verbose_name = _("deliberation")
        verbose_name_plural = _("deliberations")
        indexes = [models.Index(fields=["result_state", "-result_at"], name="deliberation_by_result")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result_state="pending") | Q(result_at__isnull=False), name="deliberation_result_dated"
            ),
            models.CheckConstraint(
                condition=Q(attended=None) | Q(should_attend=None) | Q(attended__lte=F("should_attend")),
                name="deliberation_attended_at_most_all",
            ),
            models.CheckConstraint(
                condition=Q(voters=None) | Q(attended=None) | Q(voters__lte=F("attended")),
                name="deliberation_voters_attended",
            ),
        ]

    @property
    def is_public_result(self) -> bool:
        return self.result_state == self.ResultState.PUBLISHED

    @property
    def notice_days(self) -> int:
        """D1: whole days between the notice and the day itself that this type asks for."""
        is_short = self.type == self.Type.COORDINATION
        return settings.COORDINATION_NOTICE_DAYS if is_short else settings.DELIBERATION_NOTICE_DAYS

    @property
    def result_due_on(self) -> date:
        """D3: the last day on which the result is in time."""
        return clock.local_date(self.ends_at) + timedelta(days=settings.RESULT_DAYS)

    def ratings(self, names: tuple[str, ...]) -> list[int] | None:
        """The counts in that order; None where nobody was asked."""
        counts = [getattr(self, name) for name in names]
        return None if all(count is None for count in counts) else [count or 0 for count in counts]

    @property
    def satisfaction(self) -> int | None:
        """D4: (very satisfied + satisfied) of all, in whole per cent."""
        counts = self.ratings(self.RATINGS)
        if counts is None or not sum(counts):
            return None
        return round(100 * (counts[0] + counts[1]) / sum(counts))


def with_the_result(columns: tuple[str, ...], *pointers: str) -> Seal:
    """The seal of what hangs on a deliberation: it stands with the published result."""
    return Seal("result_state", (Deliberation.ResultState.PUBLISHED,), columns, pointers, of="deliberation")


class Participant(Sealed):
    """Somebody asked to take part, for a group or two (D2); present unless absent with a reason."""

    deliberation = models.ForeignKey(
        Deliberation, models.CASCADE, related_name="participants", verbose_name=_("deliberation")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="takes_part", verbose_name=_("person"))
    group = models.CharField(pgettext_lazy("of people", "group"), max_length=16, choices=Group.choices, blank=True)
    absence = models.CharField(_("absent"), max_length=10, choices=Absence.Reason.choices, blank=True)

    objects = SealedQuerySet.as_manager()
    seal = with_the_result(("group", "absence"), "person")

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["deliberation", "person", "group"], name="participant_once_per_group")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.deliberation}"


class Side(Sealed):
    """One of the parties of a coordination (D4)."""

    deliberation = models.ForeignKey(Deliberation, models.CASCADE, related_name="sides", verbose_name=_("deliberation"))
    name = models.CharField(_("party"), max_length=80)
    representative = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("represented by")
    )
    has_signed = models.BooleanField(_("has signed"), default=False)

    objects = SealedQuerySet.as_manager()
    seal = with_the_result(("name", "has_signed"), "representative")

    class Meta:
        verbose_name = _("party to the agreement")
        verbose_name_plural = _("parties to the agreement")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Opinion(Sealed):
    """D2: what somebody said, and what was answered. In public by their group or body, never by name (V6)."""

    class Stance(models.TextChoices):
        SUPPORT = "support", _("support")
        CONCERN = "concern", _("concern")
        OPPOSE = "oppose", _("opposition")

    deliberation = models.ForeignKey(
        Deliberation, models.CASCADE, related_name="opinions", verbose_name=_("deliberation")
    )
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="opinions", verbose_name=_("said by")
    )
    stance = models.CharField(_("stance"), max_length=7, choices=Stance.choices)
    text = models.CharField(_("opinion"), max_length=300)
    reply = models.CharField(_("reply, with the reason"), max_length=300, blank=True)
    group = models.CharField(_("of the group"), max_length=16, choices=Group.choices, blank=True)
    said_as = models.CharField(
        _("in public as"), max_length=80, blank=True, help_text=_("Empty: by the group. Never a name.")
    )

    objects = SealedQuerySet.as_manager()
    seal = with_the_result(("stance", "text", "reply", "group", "said_as"), "person")

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def needs_reply(self) -> bool:
        """D2: a concern or an opposition is answered, with a reason."""
        return self.stance != self.Stance.SUPPORT and not self.reply.strip()


class Option(Sealed):
    """What was voted on. Votes in the room add up to the voters; identified web voters stand apart (D2)."""

    deliberation = models.ForeignKey(
        Deliberation, models.CASCADE, related_name="options", verbose_name=_("deliberation")
    )
    text = models.CharField(_("option or resolution"), max_length=120)
    votes_for = models.PositiveIntegerField(_("in favour"), default=0)
    votes_against = models.PositiveIntegerField(_("against"), default=0)
    abstained = models.PositiveIntegerField(_("abstained"), default=0)
    web_for = models.PositiveIntegerField(_("in favour, on the web"), null=True, blank=True)
    web_against = models.PositiveIntegerField(_("against, on the web"), null=True, blank=True)
    web_abstained = models.PositiveIntegerField(_("abstained, on the web"), null=True, blank=True)
    by_group = models.JSONField(_("by group"), default=dict, blank=True)  # {group: [for, against, abstained]}

    objects = SealedQuerySet.as_manager()
    seal = with_the_result(
        ("text", "votes_for", "votes_against", "abstained", "web_for", "web_against", "web_abstained", "by_group")
    )

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def votes(self) -> list[int]:
        return [self.votes_for, self.votes_against, self.abstained]

    @property
    def web_votes(self) -> list[int] | None:
        counts = [self.web_for, self.web_against, self.web_abstained]
        return None if all(count is None for count in counts) else [count or 0 for count in counts]

    @property
    def is_carried(self) -> bool:
        """More than half of the voters in the room said yes."""
        return self.votes_for * 2 > sum(self.votes)


class FollowUp(Sealed):
    """D3: what is to be done, by whom and until when; public with the result, and flagged when overdue."""

    deliberation = models.ForeignKey(
        Deliberation, models.CASCADE, related_name="follow_ups", verbose_name=_("deliberation")
    )
    task = models.CharField(_("task"), max_length=200)
    owner = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="follow_ups", verbose_name=_("sees to it")
    )
    owner_as = models.CharField(
        _("in public as"), max_length=80, blank=True, help_text=_("Empty: by the post or body. Never a name.")
    )
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)

    objects = SealedQuerySet.as_manager()
    seal = with_the_result(("task", "due_on", "owner_as"), "owner")  # done_on stays open: it is ticked off

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["done_on", "due_on"], name="follow_up_open_by_due")]

    def __str__(self) -> str:
        return self.task

    def is_overdue(self, *, on: date) -> bool:
        return self.done_on is None and self.due_on < on
