"""How long somebody served (V2), and the certificate of it (V3)."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, SignUp, SignUpStatus
from activities.models.kinds import SERVICE, codes_not_counting_for
from people.models import Committee, Neighbourhood, Person, Seal, Sealed, SealedQuerySet, User
from projects.models import Piece


class ServiceRecordQuerySet(models.QuerySet["ServiceRecord"]):
    def counted(self):
        """Those that stand: confirmed by somebody else, minutes known, of people who were there (V2)."""
        return self.filter(state=ServiceRecord.State.CONFIRMED).exclude(pk__in=self.doubtful().values("pk"))

    def doubtful(self, rows: "ServiceRecordQuerySet | None" = None, *, future: bool = True):
        """Confirmed rows, or of ``rows``, that break a rule of today: of somebody marked as not there, of what does not count
        as service, or (``future``) confirmed before the time they end. Listed for staff, counted nowhere, never altered."""
        there = SignUp.objects.filter(activity=OuterRef("activity"), person=OuterRef("person"))
        absent = there.filter(status__in=[SignUpStatus.ABSENT, SignUpStatus.EXCUSED]).order_by()
        wrong = Q(Exists(absent)) | Q(activity__kind__in=codes_not_counting_for(SERVICE))
        if future:
            wrong |= Q(confirmed_at__lt=F("ended_at"))
        if rows is None:
            rows = ServiceRecord.objects.filter(state=ServiceRecord.State.CONFIRMED)
        return rows.filter(wrong).order_by()

    def standing(self):
        """Those that are not rejected; at most one per activity and person."""
        return self.exclude(state=ServiceRecord.State.REJECTED)

    def minutes_in_all(self) -> int:
        return self.aggregate(total=Sum("minutes"))["total"] or 0

    def on_piece(self, piece: Piece):
        """Those that worked on it, with ``share``: their minutes, shared evenly among all that was worked on that time."""
        links = ServiceRecord.pieces.through.objects.filter(servicerecord=OuterRef("pk")).order_by()
        number = links.values("servicerecord").annotate(n=Count("pk")).values("n")  # type: ignore[misc]
        rows = self.filter(pieces=piece.pk).annotate(number=Subquery(number, output_field=IntegerField()))
        return rows.annotate(share=F("minutes") / F("number"))

    def overlapping(self, start: datetime, end: datetime):
        """Those that share time with ``start`` to ``end``; one without an end counts as a moment."""
        return self.filter(started_at__lt=end).filter(Q(ended_at__gt=start) | Q(ended_at=None, started_at__gte=start))


class ServiceRecord(models.Model):
    """One person's time at one activity. ``minutes`` = out − in − breaks, actual service only, no travel (V2).

    Minutes are the truth; a total is summed in minutes and shown in half hours, floored once. Without a check-out the
    minutes are empty and the record is pending: nobody guesses them. ``started_at`` is the later of arrival and start, or
    what a correction says; ``arrived_at`` is when they came, unknown for rows of before.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REJECTED = "rejected", _("rejected")

    class Source(models.TextChoices):
        QR = "qr", _("code at the spot")
        SHEET = "sheet", _("sign-in sheet")
        SELF_REPORT = "self_report", _("own report")
        ROSTER = "roster", _("rota")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="service_records", verbose_name=_("residential area")
    )
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="service_records", verbose_name=_("activity"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="service_records", verbose_name=_("person"))
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    started_at = models.DateTimeField(_("counts from"))
    ended_at = models.DateTimeField(_("left"), null=True, blank=True)
    break_minutes = models.PositiveSmallIntegerField(_("breaks, minutes"), default=0)
    minutes = models.PositiveIntegerField(_("minutes served"), null=True, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=11, choices=Source.choices)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PENDING)
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    pieces = models.ManyToManyField(Piece, blank=True, related_name="service_records", verbose_name=_("worked on"))

    objects = ServiceRecordQuerySet.as_manager()

    #: Set for one's own page (pages/my_service.py).
    is_doubtful: bool

    class Meta:
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["neighbourhood", "state", "-started_at"], name="service_by_state"),
            models.Index(fields=["person", "-started_at"], name="service_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"], condition=~Q(state="rejected"), name="service_once_an_activity"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at")), name="service_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(minutes__isnull=False), name="service_confirmed_has_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.activity}"

    @property
    def time(self) -> str:
        """h:mm, or "" while nobody checked out."""
        return hours_and_minutes(self.minutes) if self.minutes is not None else ""


class ServiceCorrection(models.Model):
    """What a record said before it was corrected, who corrected it and why (V2)."""

    record = models.ForeignKey(ServiceRecord, models.CASCADE, related_name="corrections", verbose_name=_("record"))
    old_started_at = models.DateTimeField(_("came, before"), null=True, blank=True)
    old_ended_at = models.DateTimeField(_("left, before"), null=True, blank=True)
    old_minutes = models.PositiveIntegerField(_("minutes, before"), null=True, blank=True)
    corrected_at = models.DateTimeField(_("corrected at"))
    corrected_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("corrected by")
    )
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["corrected_at", "pk"]

    def __str__(self) -> str:
        return f"{self.record}: {self.reason}"


class Certificate(Sealed):
    """A certificate of service (V3): only confirmed records, numbered, with a code anybody can verify; free of charge.

    What it says is fixed when it is issued (``CertificateLine``). A new issue makes the old one void and keeps it.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("being checked")
        ISSUED = "issued", _("issued")
        VOID = "void", _("void")
        REFUSED = "refused", _("refused")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="certificates", verbose_name=_("residential area")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates", verbose_name=_("for whom"))
    asked_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked for at"))
    purpose = models.CharField(_("what for"), max_length=80, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.REQUESTED)
    number = models.CharField(_("number"), max_length=30, unique=True, null=True, blank=True, editable=False)
    code = models.CharField(_("verify code"), max_length=12, unique=True, null=True, blank=True, editable=False)
    issuer = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("issuer")
    )
    handler = models.CharField(_("handled by"), max_length=60, blank=True)
    responsible = models.CharField(_("responsible"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    total_minutes = models.PositiveIntegerField(_("minutes in all"), null=True, blank=True, editable=False)
    ended_on = models.DateField(_("void or refused on"), null=True, blank=True)
    outdated_at = models.DateTimeField(_("a record was corrected at"), null=True, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    objects = SealedQuerySet.as_manager()
    seal = Seal(
        "state",
        (State.ISSUED, State.VOID),
        (
            "neighbourhood", "purpose", "since", "until", "number", "code", "issuer", "handler", "responsible",
            "issued_on", "total_minutes",
        ),
        ("person", "asked_by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="certificate_days_in_order"),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | Q(
                    number__isnull=False,
                    code__isnull=False,
                    issuer__isnull=False,
                    issued_on__isnull=False,
                    total_minutes__isnull=False,
                ),
                name="certificate_issued_is_whole",
            ),
        ]

    def __str__(self) -> str:
        """By its number, or by what stands in the way of one."""
        return f"{self.number or self.get_state_display()} {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("volunteers:certificate", args=[self.pk])

    @property
    def hours(self) -> str:
        return half_hours(self.total_minutes or 0)


class CertificateLine(Sealed):
    """One activity of an issued certificate, as it was confirmed then."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="lines", verbose_name=_("certificate"))
    record = models.ForeignKey(
        ServiceRecord, models.SET_NULL, null=True, related_name="certificate_lines", verbose_name=_("record")
    )
    title = models.CharField(_("activity"), max_length=120)
    day = models.DateField(_("day"))
    minutes = models.PositiveIntegerField(_("minutes"))

    objects = SealedQuerySet.as_manager()
    seal = Seal("state", Certificate.seal.states, ("title", "day", "minutes"), of="certificate", grows=True)

    class Meta:
        verbose_name = _("line of a certificate")
        verbose_name_plural = _("lines of a certificate")
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def time(self) -> str:
        return hours_and_minutes(self.minutes)


def served(started_at: datetime, ended_at: datetime | None, break_minutes: int) -> int | None:
    """Whole minutes of service (V2); None without an end, never below 0."""
    if ended_at is None:
        return None
    return max(int((ended_at - started_at) / timedelta(minutes=1)) - break_minutes, 0)


def hours_and_minutes(minutes: int) -> str:
    """2:45"""
    return f"{minutes // 60}:{minutes % 60:02}"


def half_hours(minutes: int) -> str:
    """A total in hours, floored once to the half hour (V2): 6.5 for 415 minutes."""
    halves = minutes // 30
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)
