"""Guardians' consents to one activity: given, taken back, asked for again, reminded of (docs/rules/children.md)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from activities import emails
from activities.models import Activity, ActivityConsent, Mover, SignUp, SignUpStatus, Status
from activities.operations import locks, queue
from activities.rules import ages, guardian_consent
from people.models import Channel, ConsentText, Guardianship, Person, PrivateFile, User
from portal import by_id, clock
from portal.refusals import Refusal


def record_consent(
    activity: Activity,
    child: Person,
    bond: Guardianship,
    *,
    at: datetime,
    channel: str,
    entered_by: User | None = None,
    sheet: PrivateFile | None = None,
    sheet_number: str = "",
) -> ActivityConsent:
    """Note that the guardian of ``bond`` agrees to what the activity says now; agreeing twice to the same is one row."""
    text = ConsentText.objects.filter(audience=ConsentText.Audience.GUARDIAN).first()
    if text is None:
        raise Refusal(_("No consent text for guardians is published yet; please ask the committee."), about="consent")
    terms = guardian_consent.terms_hash(activity)
    given = ActivityConsent.objects.in_force().filter(activity=activity, child=child, guardian=bond.guardian)
    given.exclude(terms_sha256=terms).update(outdated_at=at)
    consent, _made = ActivityConsent.objects.get_or_create(
        activity=activity,
        child=child,
        guardian=bond.guardian,
        revoked_at=None,
        outdated_at=None,
        defaults={
            "relation": bond.relation,
            "text": text,
            "risks_sha256": guardian_consent.risks_hash(activity),
            "terms_sha256": terms,
            "given_at": at,
            "channel": channel,
            "entered_by": entered_by,
            "sheet": sheet,
            "sheet_number": sheet_number,
        },
    )
    return consent


def give_consent(
    sign_up: SignUp,
    guardian: Person,
    *,
    at: datetime,
    channel: str = Channel.WEB,
    entered_by: User | None = None,
    sheet: PrivateFile | None = None,
    sheet_number: str = "",
) -> ActivityConsent:
    """Record the guardian's consent to one activity (V4); a row that waited for it is confirmed and told."""
    with transaction.atomic():
        activity = locks.lock(sign_up.activity_id, [sign_up.person_id])
        row = activity.sign_ups.select_related("person", "booking").get(pk=sign_up.pk)
        bond = guardian_consent.guardianship(activity, guardian, row.person)
        if bond is None:
            raise Refusal(_("Only a guardian can give this consent."), row.person)
        if not row.is_live:
            raise Refusal(_("This sign-up has ended. Please sign up again."), row.person)
        if activity.status != Status.PUBLISHED or activity.is_closed(at=at):
            raise Refusal(_("This activity takes no more sign-ups: it has begun or is over."))
        ages.check_minors_rule(activity, row.person)  # a birth date was corrected, or the day is another
        consent = record_consent(
            activity,
            row.person,
            bond,
            at=at,
            channel=channel,
            entered_by=entered_by,
            sheet=sheet,
            sheet_number=sheet_number,
        )
        if row.status == SignUpStatus.CONSENT_PENDING:
            if guardian_consent.data_consent_missing(row.person, ages.day_of(activity)):
                raise Refusal(
                    _("Before %(name)s can join, please give the consent to keep their data, under “Me”, “Family”.")
                    % {"name": row.person.name},
                    row.person,
                )
            row.move_to(SignUpStatus.CONFIRMED, by=Mover.CONSENT)
            row.consent_until = None
            row.settled_at = at
            row.save()
            emails.consent_received(row, at=at)
    return consent


def refuse_unread(activity: Activity, terms_read: str) -> None:
    """Refuse a yes to words that are no longer what the activity says; to be asked behind its lock.

    terms_read: ``guardian_consent.terms_hash`` of what the guardian's page showed, "" where there was none.
    """
    if terms_read and terms_read != guardian_consent.terms_hash(activity):
        raise Refusal(
            _("Place, time or risks have changed in the meantime. Please read them once more."), about="consent"
        )


def give_consents(sign_ups: Collection[SignUp], guardian: Person, *, at: datetime, terms_read: str = "") -> None:
    """The guardian's consent for several children of one activity, on its page or by the link in a mail: all or none.

    terms_read: see :func:`refuse_unread`.
    """
    rows = list(sign_ups)
    with transaction.atomic():
        if rows:
            activity = locks.lock(rows[0].activity_id, [row.person_id for row in rows])
            refuse_unread(activity, terms_read)
        for row in rows:
            give_consent(row, guardian, at=at)


def revoke_consent(consent: ActivityConsent, *, at: datetime) -> None:
    """Take a consent back (V5), the other guardian's with it: one no is enough.

    A confirmed seat then waits 48 h, at most to the sign-up end, for a new one.
    """
    with transaction.atomic():
        activity = locks.lock(consent.activity_id, [consent.child_id])
        activity.consents.in_force().filter(child=consent.child_id).update(revoked_at=at)
        row = (
            activity.sign_ups.filter(person=consent.child_id, status=SignUpStatus.CONFIRMED)
            .select_related("person")
            .first()
        )
        if row is None or activity.has_started(at=at) or guardian_consent.consented(activity, row.person):
            return
        queue.await_consent(row, activity, at=at, until=activity.signup_ends_at, by=Mover.CONSENT)
        row.consent_asks += 1
        row.save()
        emails.consent_wanted([row], at=at)


def ask_again(activity: Activity, *, at: datetime) -> list[SignUp]:
    """After place, time or risks changed: consents to what was become outdated, and the seats that stood on them wait.

    The activity is locked by the caller and is as it is now. Returns the rows whose guardians have to be asked: seats that
    wait now, and children in the queue who had a consent. Nobody is told yet.
    """
    old = ActivityConsent.objects.in_force().filter(activity=activity.pk)
    outdated = old.exclude(terms_sha256=guardian_consent.terms_hash(activity))
    children = set(outdated.values_list("child", flat=True))
    outdated.update(outdated_at=at)
    queue = [SignUpStatus.WAITING, SignUpStatus.OFFERED]
    rows = activity.sign_ups.filter(status__in=queue, person__in=children).in_queue()
    behind = by_id.with_related(rows, "person", "booking__made_by")
    for row in behind:
        row.consent_asks += 1
        row.save(update_fields=["consent_asks"])
    return [*hold_without_consent(activity, at=at), *behind]


def hold_without_consent(activity: Activity, *, at: datetime, person: Person | None = None) -> list[SignUp]:
    """Let each confirmed minor (or only ``person``) whose consent does not count wait for one: 48 h, at most to the start.

    No seat is lost by this alone: who was confirmed keeps the seat, even past the sign-up end, while there is time to answer.
    """
    rows = activity.sign_ups.filter(status=SignUpStatus.CONFIRMED)
    if person is not None:
        rows = rows.filter(person=person)
    day = ages.day_of(activity)
    held = [
        row
        for row in by_id.with_related(rows.order_by("pk"), "person", "booking__made_by")
        if not row.person.is_adult_on(day) and not guardian_consent.consented(activity, row.person)
    ]
    for row in held:
        queue.await_consent(row, activity, at=at, until=activity.starts_at, by=Mover.CONSENT)
        row.consent_asks += 1
        row.save()
    return held


def terms_changed(activity: Activity, *, at: datetime) -> int:
    """After staff rewrote risks or safeguards of a published activity: ask every guardian again; returns for how many."""
    with transaction.atomic():
        base = locks.lock(activity.pk)
        if base.status != Status.PUBLISHED or base.has_started(at=at):
            return 0
        rows = ask_again(base, at=at)
        emails.consent_wanted_again(rows, at=at)
    return len(rows)


def look_again_now(person: Person) -> None:
    """As :func:`look_again`, by the clock; people.rules.consent calls it."""
    look_again(person, at=clock.now())


def look_again(person: Person, *, at: datetime) -> None:
    """After ``person``'s guardians, age or consent to the data changed: the seats to come that need another consent wait.

    The caller's transaction has locked the person.
    """
    to_come = Activity.objects.filter(
        status=Status.PUBLISHED,
        starts_at__gt=at,
        sign_ups__person=person,
        sign_ups__status=SignUpStatus.CONFIRMED,
    )
    for pk in sorted(set(to_come.values_list("pk", flat=True))):
        rows = hold_without_consent(locks.lock(pk), at=at, person=person)
        emails.consent_wanted_again(rows, at=at)


def remind_missing(at: datetime) -> int:
    """Remind, once, of consents without which a seat is soon released; returns of how many. The sweep's work."""
    due = SignUp.objects.filter(
        status=SignUpStatus.CONSENT_PENDING,
        consent_reminded_at=None,
        consent_until__gt=at,
        consent_until__lte=at + timedelta(hours=settings.CONSENT_REMINDER_HOURS),
        activity__status=Status.PUBLISHED,
    )
    reminded = 0
    for pk in sorted(set(due.order_by().values_list("activity", flat=True))):
        with transaction.atomic():
            locks.lock(pk)
            mine = due.filter(activity=pk).order_by("pk")
            rows = by_id.with_related(mine, "person", "booking__made_by", "activity")
            SignUp.objects.filter(pk__in=[row.pk for row in rows]).update(consent_reminded_at=at)
            emails.consent_missing(rows, at=at)
            reminded += len(rows)
    return reminded
