"""What happens when; the base of shifts, learning events, meetings and deliberations."""

from datetime import datetime, timedelta

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from activities.models.kinds import activity_kinds
from activities.models.sign_up_states import SEAT_HOLDING, SignUpStatus
from people.access.roles import Reach, reach_of
from people.access.viewer import Viewer, by_period
from people.models import Location, Neighbourhood, PartyOrg, Person, Sealed, SealedQuerySet, Team, User
from portal import clock


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    CANCELLED = "cancelled", _("cancelled")
    DONE = "done", _("done")


class Audience(models.TextChoices):
    MEMBERS = "members", _("Party members")
    RESIDENTS = "residents", _("residents")
    FAMILIES = "families", _("families with children")
    STUDENTS = "students", _("students")
    PARTNER_UNITS = "partner_units", _("partner units")


class Minors(models.TextChoices):
    NO = "no", _("adults only")
    WITH_GUARDIAN = "with_guardian", _("with a guardian present")
    FROM_14 = "14_and_over", _("alone from 14, with the guardian's consent")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("everyone")
    ORGANISATION = "organisation", _("members of the Party organisation")
    TEAM = "team", _("members of the team")


class Promotion(models.TextChoices):
    AUTO = "auto", _("automatically")
    OFFER = "offer", _("by asking first")


def validate_audience(value: object) -> None:
    if not isinstance(value, list) or not set(value) <= set(Audience.values):
        raise ValidationError(_("Choose from the groups listed."))


class ActivityQuerySet(SealedQuerySet):
    def visible_to(self, viewer: Viewer):
        """What ``viewer`` may know of: the neighbourhood's public ones, their own circles' on that day, and what their role covers.

        An organisation's means its members on the day (post holders for committee meetings), invited people, and staff
        whose role and scope cover it; drafts are for staff. Everything that lists activities starts here.
        """
        if viewer.neighbourhood is None:
            return self.none()
        shown = ~Q(status=Status.DRAFT)
        allowed = Q(visibility=Visibility.PUBLIC) & shown
        if viewer.person is not None:
            for kind, ids, time in by_period(viewer.circles, "starts_at"):
                if kind == "team":
                    theirs = Q(visibility=Visibility.TEAM, team__in=ids)
                else:
                    holders = kind == "post"
                    theirs = Q(visibility=Visibility.ORGANISATION, organisation__in=ids, post_holders_only=holders)
                allowed |= shown & theirs & time
            invited = Invitation.objects.filter(activity=OuterRef("pk"), person=viewer.person)
            allowed |= shown & ~Q(visibility=Visibility.PUBLIC) & Q(Exists(invited))
        allowed |= self.staff_scope(viewer, "activities.view_activity")
        return self.filter(neighbourhood=viewer.neighbourhood).filter(allowed)

    @staticmethod
    def staff_scope(viewer: Viewer, permission: str) -> Q:
        """What the viewer's grants that carry ``permission`` cover; a condition no row meets when there are none."""
        covered = Q(pk__in=[])
        for grant in viewer.roles(permission):
            match reach_of(grant):
                case Reach.PARTY:
                    covered |= Q(visibility=Visibility.ORGANISATION) | Q(organisation__isnull=False)
                case Reach.BRANCH:
                    covered |= Q(organisation=grant.org_id) | Q(organisation__parent=grant.org_id)
                case Reach.TEAM:
                    covered |= Q(team=grant.team_id)
                case Reach.COMMITTEE:
                    covered |= ~Q(visibility=Visibility.ORGANISATION)
        return covered

    def upcoming(self, at: datetime):
        return self.filter(ends_at__gte=at).order_by("starts_at", "pk")

    def between(self, start: datetime, end: datetime):
        """Those that touch the time from ``start`` up to ``end``."""
        return self.filter(starts_at__lt=end, ends_at__gt=start).order_by("starts_at", "pk")

    def appointments(self):
        """Whole appointments: a part (M9) is its parent's record, not another entry in a diary."""
        return self.filter(part_of=None)

    def with_seats_left(self):
        """Annotate ``seats_left`` (0 when full, None without a limit) and ``waiting`` (people); one query whatever the length."""
        taken = Count("sign_ups", filter=Q(sign_ups__status__in=SEAT_HOLDING), distinct=True)
        waiting = Count("sign_ups", filter=Q(sign_ups__status=SignUpStatus.WAITING), distinct=True)
        left = Case(
            When(capacity=None, then=None),
            default=Greatest(F("capacity") - taken, 0),
            output_field=models.IntegerField(),
        )
        return self.annotate(seats_left=left, waiting=waiting).order_by("starts_at", "pk")

    def open_for_sign_up(self, at: datetime):
        """Those that take sign-ups at ``at``; mirrors :meth:`Activity.takes_sign_ups`."""
        return self.filter(
            Q(signup_from=None) | Q(signup_from__lte=at),
            Q(signup_until=None, starts_at__gt=at) | Q(signup_until__gt=at),
            status=Status.PUBLISHED,
            ends_at__gt=at,
        ).exclude(open_to=[])


class Activity(Sealed):
    """Base of every appointment. Whatever visibility, seats, consent and reminders read stands here.

    Status, time and place of a published activity change only by operations, which tell everyone concerned.
    """

    # --- What it is, and how far it has come ---

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="activities", verbose_name=_("residential area")
    )
    kind = models.CharField(_("kind"), max_length=20, editable=False)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), blank=True)
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=120, blank=True, editable=False)
    # Only where it was written down after it had begun (operations/recording.py): everybody who may see it reads when.
    entered_at = models.DateTimeField(_("entered afterwards at"), null=True, blank=True, editable=False)

    # --- When and where; time and place change by operations.staff.move, which raises the revision ---

    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    location = models.ForeignKey(
        Location, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("location")
    )
    location_note = models.CharField(_("where exactly"), max_length=120, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    told_changes = models.PositiveIntegerField(default=0, db_default=0, editable=False)  # of words, see WordsChange

    # --- Who holds it, and who may know of it ---

    organisation = models.ForeignKey(
        PartyOrg, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("Party organisation")
    )
    post_holders_only = models.BooleanField(
        _("a committee meeting"), default=False, help_text=_("Expects the post holders, not all members.")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("team")
    )
    visibility = models.CharField(_("visible to"), max_length=12, choices=Visibility.choices, default=Visibility.PUBLIC)

    # --- Who may come, and until when they say so ---

    open_to = models.JSONField(
        _("open to"), default=list, blank=True, validators=[validate_audience], help_text=_("Nobody: without sign-up.")
    )
    min_age = models.PositiveSmallIntegerField(_("youngest"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("oldest"), null=True, blank=True)
    signup_from = models.DateTimeField(_("sign-up from"), null=True, blank=True)
    signup_until = models.DateTimeField(
        _("sign-up until"), null=True, blank=True, help_text=_("Empty: until the start.")
    )
    cancel_until = models.DateTimeField(
        _("withdrawal until"), null=True, blank=True, help_text=_("Empty: until the start.")
    )
    invite_first = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("first invite those who came to"),
    )
    opens_to_all_at = models.DateTimeField(
        _("open to all from"), null=True, blank=True, help_text=_("Only with a first invitation.")
    )

    # --- Seats, and how they are filled ---

    capacity = models.PositiveIntegerField(_("seats"), null=True, blank=True, help_text=_("Empty: no limit."))
    people_needed = models.PositiveIntegerField(_("people needed"), null=True, blank=True)
    promotion = models.CharField(
        _("free seats are filled"), max_length=5, choices=Promotion.choices, default=Promotion.AUTO
    )
    coach_seats = models.PositiveIntegerField(_("coach seats"), null=True, blank=True, help_text=_("Empty: no coach."))

    seats_per_account = models.PositiveSmallIntegerField(
        _("places that one account may book, at most"),
        null=True,
        blank=True,
        help_text=_("Empty: as everywhere. Staff, building leaders and partner units may book more."),
    )

    # --- Care for children (V4, V5), and what may happen (V1) ---

    minors = models.CharField(_("minors"), max_length=14, choices=Minors.choices, default=Minors.NO)
    children_per_adult = models.PositiveSmallIntegerField(
        _("children for each adult, at most"), null=True, blank=True, help_text=_("Empty: no limit.")
    )
    confirmed_guardians_only = models.BooleanField(_("guardians must be confirmed"), default=False)
    risks = models.CharField(_("risks"), max_length=300, blank=True)
    safeguards = models.CharField(_("safeguards"), max_length=300, blank=True)
    insurance = models.BooleanField(_("insured"), default=False)

    # --- What whoever comes is told ---

    # Words that are told in many places: each has a line in rules/facts.py as well.
    bring = models.CharField(
        _("what to bring or wear"),
        max_length=160,
        blank=True,
        help_text=_("For example: gloves, shoes that do not slip. Empty: nothing is said about it."),
    )
    extra_reminder_hours = models.PositiveSmallIntegerField(_("second reminder, hours before"), null=True, blank=True)

    objects = ActivityQuerySet.as_manager()
    history = HistoricalRecords(inherit=True)

    #: Counted by :meth:`ActivityQuerySet.with_seats_left` and by lists and pages; a row read plainly has none of them.
    seats_left: int | None
    waiting: int
    #: Set for lists (pages/listing.py): where its page is.
    address: str
    #: Read by the history: whose change the next save is, and why.
    _history_user: User | None
    _change_reason: str

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["neighbourhood", "starts_at"], name="activity_by_start"),
            models.Index(fields=["status", "starts_at"], name="activity_by_status"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activity_ends_after_start"),
            models.CheckConstraint(
                condition=Q(signup_from=None) | Q(signup_until=None) | Q(signup_until__gt=F("signup_from")),
                name="activity_sign_up_window_in_order",
            ),
            models.CheckConstraint(
                condition=Q(min_age=None) | Q(max_age=None) | Q(max_age__gte=F("min_age")),
                name="activity_ages_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(visibility="organisation") | Q(organisation__isnull=False),
                name="activity_organisation_named",
            ),
            models.CheckConstraint(condition=~Q(visibility="team") | Q(team__isnull=False), name="activity_team_named"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        errors: dict[str, object] = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = _("The end must lie after the start.")
        if self.signup_from and self.signup_until and self.signup_until <= self.signup_from:
            errors["signup_until"] = _("Sign-up must end after it begins.")
        if self.signup_until and self.starts_at and self.signup_until > self.starts_at:
            if not self.runs_for_days:
                errors["signup_until"] = _("Sign-up cannot go on after the start, but where it runs for several days.")
            elif self.signup_until > self.ends_at:
                errors["signup_until"] = _("Sign-up cannot go on after the end.")
        if self.cancel_until and self.starts_at and self.cancel_until > self.starts_at:
            errors["cancel_until"] = _("Withdrawal cannot go on after the start.")
        if self.min_age is not None and self.max_age is not None and self.max_age < self.min_age:
            errors["max_age"] = _("The highest age lies below the lowest.")
        if self.children_per_adult is not None and self.children_per_adult < 1:
            errors["children_per_adult"] = _("At least one child, or leave it empty.")
        if self.seats_per_account is not None and self.seats_per_account < 1:
            errors["seats_per_account"] = _("At least one place, or leave it empty.")
        if self.visibility == Visibility.ORGANISATION and self.organisation_id is None:
            errors["organisation"] = _("Say which Party organisation may see it.")
        if self.visibility == Visibility.TEAM and self.team_id is None:
            errors["team"] = _("Say which team may see it.")
        if self.part_of_id and self.part_of_id == self.pk:
            errors["part_of"] = _("An activity is not part of itself.")
        elif self.part_of is not None and (self.part_of.part_of_id or (self.pk and self.parts.exists())):
            errors["part_of"] = _("Parts are one level deep.")
        if self.invite_first_id and self.opens_to_all_at is None:
            errors["opens_to_all_at"] = _("Say from when everyone else may sign up.")
        for name in ("location", "organisation", "team", "part_of", "invite_first"):
            other = getattr(self, name)
            if other is not None and self.neighbourhood_id and other.neighbourhood_id != self.neighbourhood_id:
                errors[name] = _("This belongs to another residential area.")
        if errors:
            raise ValidationError(errors)

    # --- what it is ---

    def get_absolute_url(self) -> str:
        return reverse("activities:detail", args=[self.neighbourhood.slug, self.pk])

    def get_sign_up_url(self) -> str:
        return reverse("activities:sign-up", args=[self.neighbourhood.slug, self.pk])

    def most_derived(self) -> "Activity":
        """The row as the shift, event or meeting it is; itself for a plain one. One query."""
        kind = activity_kinds.get(self.kind)
        if kind is None or type(self)._meta.label == kind.model:
            return self
        return apps.get_model(kind.model)._default_manager.get(pk=self.pk)

    @property
    def kind_label(self):
        kind = activity_kinds.get(self.kind)
        return kind.label if kind else ""

    @property
    def is_cancelled(self) -> bool:
        return self.status == Status.CANCELLED

    # --- when and where ---

    @property
    def duration(self) -> timedelta:
        return self.ends_at - self.starts_at

    def is_past(self, *, at: datetime) -> bool:
        return self.ends_at <= at

    def has_started(self, *, at: datetime) -> bool:
        return self.starts_at <= at

    @property
    def runs_for_days(self) -> bool:
        """It goes on over more than one day, so that one may join while it runs."""
        if not self.starts_at or not self.ends_at:
            return False
        return clock.local_date(self.ends_at) > clock.local_date(self.starts_at)

    @property
    def ics_sequence(self) -> int:
        """Rises with every move and change of words, and once more when cancelled, as RFC 5545 wants it."""
        return self.revision * 2 + self.told_changes + self.is_cancelled

    # --- who may come ---

    @property
    def needs_sign_up(self) -> bool:
        return bool(self.open_to)

    @property
    def is_family_friendly(self) -> bool:
        return self.minors == Minors.WITH_GUARDIAN

    @property
    def signup_ends_at(self) -> datetime:
        return self.signup_until or self.starts_at

    def takes_sign_ups(self, *, at: datetime) -> bool:
        return (
            self.status == Status.PUBLISHED
            and self.needs_sign_up
            and (self.signup_from is None or self.signup_from <= at)
            and at < self.signup_ends_at
        )

    def is_closed(self, *, at: datetime) -> bool:
        """It has begun, and nobody joins it any more: no seat is given, answered for or given back."""
        return at >= max(self.starts_at, self.signup_ends_at)

    @property
    def cancel_ends_at(self) -> datetime:
        return self.cancel_until or self.starts_at

    def may_withdraw(self, *, at: datetime) -> bool:
        return self.status == Status.PUBLISHED and at < min(self.cancel_ends_at, self.starts_at)


class ActivityMove(models.Model):
    """What a published activity's time and place were before they changed."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="moves", verbose_name=_("activity"))
    revision = models.PositiveIntegerField(_("became revision"))
    moved_at = models.DateTimeField(_("moved at"))
    moved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("moved by")
    )
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    old_starts_at = models.DateTimeField(_("started at"))
    old_ends_at = models.DateTimeField(_("ended at"))
    old_location = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("location")
    )

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        ordering = ["activity", "revision"]
        constraints = [models.UniqueConstraint(fields=["activity", "revision"], name="move_once_per_revision")]

    def __str__(self) -> str:
        return f"{self.activity} r{self.revision}"


class Invitation(models.Model):
    """Someone expected at, or let into, an activity beyond its members: a participant, or an observer (列席)."""

    class Part(models.TextChoices):
        PARTICIPANT = "participant", _("participant")
        OBSERVER = "observer", _("observer")

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="invitations", verbose_name=_("activity"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations", verbose_name=_("person"))
    part = models.CharField(_("as"), max_length=12, choices=Part.choices, default=Part.PARTICIPANT)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="invitation_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.activity}"
