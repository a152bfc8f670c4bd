"""Who comes: bookings of those who come together, a sign-up for each, and guardians' consents to one activity."""

from datetime import date, datetime

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from activities.models.sign_up_states import (
    COMING,
    ENDED,
    SEAT_HOLDING,
    SEAT_KEPT,
    EndCode,
    Mover,
    SignUpStatus,
    may_move,
)
from people.models import Channel, ConsentText, Guardianship, Person, PrivateFile, User


class Booking(models.Model):
    """Those who come together: one place in the queue (``sequence``, taken under the activity's lock), all or none."""

    activity = models.ForeignKey(
        "activities.Activity", models.PROTECT, related_name="bookings", verbose_name=_("activity")
    )
    sequence = models.PositiveIntegerField(_("place in the queue"))
    made_by = models.ForeignKey(Person, models.CASCADE, related_name="bookings", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    note = models.CharField(_("to be kept in mind"), max_length=200, blank=True)
    offered_at = models.DateTimeField(_("offered at"), null=True, blank=True)
    offer_until = models.DateTimeField(_("offer ends at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    asked_fewer_at = models.DateTimeField(_("asked to come with fewer"), null=True, blank=True)

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["activity", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "sequence"], name="booking_sequence_unique"),
            models.CheckConstraint(
                condition=Q(offered_at=None) | Q(offer_until__isnull=False), name="booking_offer_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id}/{self.sequence}"


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def live(self):
        """Not cancelled, lapsed or declined; at most one per activity and person."""
        return self.exclude(status__in=ENDED)

    def holding_seats(self):
        return self.filter(status__in=SEAT_HOLDING)

    def waiting(self):
        return self.filter(status=SignUpStatus.WAITING)

    def coming(self):
        return self.filter(status__in=COMING)

    def may_be_changed_by(self, person: Person, *, on: date):
        """Those ``person`` may answer for and withdraw: their own, those they booked, and those of their wards.

        Whoever has come of age by ``on`` is nobody's ward.
        """
        bonds = Guardianship.objects.filter(guardian=person, ended_at=None)
        wards = Person.objects.minors_on(on).filter(pk__in=bonds.values("child")).values("pk")
        # A union, because an OR over two tables makes the database read every sign-up there is.
        rows = SignUp.objects.order_by()
        own = rows.filter(person=person).values("pk")
        return self.filter(
            pk__in=own.union(
                rows.filter(booking__made_by=person).values("pk"), rows.filter(person__in=wards).values("pk")
            )
        )

    def in_queue(self):
        """As the bookings came: each is written under the activity's lock. Their own table is not asked (portal/by_id.py)."""
        return self.order_by("booking_id", "pk")

    def with_position(self):
        """Annotate ``ahead``: how many bookings wait in front of this row's, by the order of the queue."""
        before = (
            SignUp.objects.filter(
                activity=OuterRef("activity"),
                status=SignUpStatus.WAITING,
                booking__sequence__lt=OuterRef("booking__sequence"),
            )
            .order_by()
            .values("activity")
            .annotate(bookings=Count("booking", distinct=True))
            .values("bookings")
        )
        return self.annotate(ahead=Coalesce(Subquery(before, output_field=models.IntegerField()), 0))

    def with_consent_of(self, guardian: Person):
        """Annotate what a guardian decides by.

        ``is_ward``: this is their child; ``has_consent``: some guardian agreed to this activity; ``own_consent``: the id of
        a consent in force that ``guardian`` may take back, their own or the other guardian's, or None.
        """
        given = ActivityConsent.objects.filter(
            activity=OuterRef("activity"), child=OuterRef("person"), revoked_at=None, outdated_at=None
        ).order_by()
        wards = Guardianship.objects.filter(guardian=guardian, ended_at=None)
        theirs = Q(guardian=guardian) | Q(child__in=wards.values("child"))
        bond = Guardianship.objects.filter(child=OuterRef("person"), guardian=guardian, ended_at=None)
        return self.annotate(
            is_ward=Exists(bond),
            has_consent=Exists(given),
            own_consent=Subquery(given.filter(theirs).values("pk")[:1]),
        )

    def clashing(self, person_ids, start: datetime, end: datetime):
        """Seats these people hold in published activities that overlap the time."""
        return self.filter(
            person__in=person_ids,
            status__in=SEAT_KEPT,
            activity__status="published",
            activity__starts_at__lt=end,
            activity__ends_at__gt=start,
        )


class SignUp(models.Model):
    """One person's place. Exists only by their own, their guardian's or a recorded helper's act; a cancelled row is never revived.

    ``changes``: how often its status changed; calendars go by it (activities.emails.family).
    """

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="sign_ups", verbose_name=_("booking"))
    activity = models.ForeignKey(
        "activities.Activity", models.PROTECT, related_name="sign_ups", verbose_name=_("activity")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="sign_ups", verbose_name=_("person"))
    status = models.CharField(_("status"), max_length=15, choices=SignUpStatus.choices)
    companion = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="accompanies", verbose_name=_("accompanied by")
    )
    takes_coach = models.BooleanField(_("takes the coach"), default=False)
    settled_at = models.DateTimeField(_("seat since"), null=True, blank=True)
    consent_until = models.DateTimeField(_("consent wanted by"), null=True, blank=True)
    consent_asks = models.PositiveSmallIntegerField(_("consent asked for again"), default=0, editable=False)
    consent_reminded_at = models.DateTimeField(_("reminded of the consent at"), null=True, blank=True, editable=False)
    changes = models.PositiveIntegerField(default=0, db_default=1, editable=False)
    seen_revision = models.PositiveIntegerField(_("knows of revision"), default=1)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_code = models.CharField(
        _("why it ended"), max_length=20, choices=EndCode.choices, blank=True, default="", db_default=""
    )
    end_reason = models.CharField(_("reason"), max_length=120, blank=True)
    marked_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("attendance by")
    )

    objects = SignUpQuerySet.as_manager()

    #: Annotated by :meth:`SignUpQuerySet.with_position` and :meth:`SignUpQuerySet.with_consent_of`.
    ahead: int
    has_consent: bool
    own_consent: int | None

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["booking__sequence", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"], condition=~Q(status__in=ENDED), name="sign_up_live_once"
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "status"], name="sign_up_by_status"),
            models.Index(fields=["person", "status"], name="sign_up_by_person"),
            models.Index(fields=["consent_until"], condition=Q(status="consent_pending"), name="sign_up_consent_due"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.activity}"

    @property
    def is_live(self) -> bool:
        return self.status not in ENDED

    @property
    def end_words(self) -> str:
        """Why it ended, in the reader's language: by its code, else as whoever ended it wrote."""
        return str(self.get_end_code_display()) if self.end_code else self.end_reason

    def move_to(self, status: str, *, by: Mover) -> None:
        """Set the status, not saved yet; a move that TRANSITIONS does not declare is an error of ours."""
        if not may_move(self.status, status, by):
            raise ValueError(f"A sign-up that is {self.status or 'new'!r} cannot become {status!r} by {by.name}.")
        self.changes += status != self.status
        self.status = status


class ActivityConsentQuerySet(models.QuerySet["ActivityConsent"]):
    def in_force(self):
        """Neither taken back nor given to something that has changed since."""
        return self.filter(revoked_at=None, outdated_at=None)


class ActivityConsent(models.Model):
    """A guardian's consent to one activity (V4): which words, which risks, who, how they are related, how it reached us, when.

    ``terms_sha256``: place, time, risks and safeguards as they were; it counts only while they are the same.
    """

    activity = models.ForeignKey(
        "activities.Activity", models.PROTECT, related_name="consents", verbose_name=_("activity")
    )
    child = models.ForeignKey(Person, models.CASCADE, related_name="activity_consents", verbose_name=_("child"))
    guardian = models.ForeignKey(
        Person, models.CASCADE, related_name="activity_consents_given", verbose_name=_("guardian")
    )
    relation = models.CharField(_("relation"), max_length=20, blank=True)
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+", verbose_name=_("text"))
    risks_sha256 = models.CharField(max_length=64, editable=False)
    terms_sha256 = models.CharField(max_length=64, default="", editable=False)
    given_at = models.DateTimeField(_("given at"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    sheet = models.ForeignKey(
        PrivateFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed sheet")
    )
    sheet_number = models.CharField(_("sheet number"), max_length=60, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    outdated_at = models.DateTimeField(_("outdated since"), null=True, blank=True)

    objects = ActivityConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to an activity")
        verbose_name_plural = _("consents to activities")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "child", "guardian"],
                condition=Q(revoked_at=None, outdated_at=None),
                name="activity_consent_in_force_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.child}: {self.activity}"


class ReminderRun(models.Model):
    """That the reminders of one activity, revision and lead were written; keeps the minute sweep from looking again."""

    activity = models.ForeignKey("activities.Activity", models.CASCADE, related_name="reminder_runs")
    revision = models.PositiveIntegerField()
    lead = models.CharField(max_length=8)  # "evening" or "hours"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "revision", "lead"], name="reminder_run_once")]

    def __str__(self) -> str:
        return f"{self.activity_id} r{self.revision} {self.lead}"


class FeedToken(models.Model):
    """The secret address of someone's calendar feed; a new token revokes the old address."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="feed_token")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person_id)
