"""Certificates of service: asked for, checked, issued with a number and a code, void when issued anew (V3)."""

import secrets
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from people.models import Committee, Guardianship, Neighbourhood, Person, User
from portal import clock
from portal.refusals import Refusal
from volunteers import emails
from volunteers.models import Certificate, CertificateLine, ServiceRecord

State = Certificate.State
#: Without the letters and digits that look alike on paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def may_ask_for(reader: Person, person: Person, on: date) -> bool:
    """One's own, and for minors their guardian."""
    if reader.pk == person.pk:
        return person.is_adult_on(on)
    if person.is_adult_on(on):
        return False
    return Guardianship.objects.filter(guardian=reader, child=person, ended_at=None).exists()


def may_read(reader: Person | None, certificate: Certificate, on: date) -> bool:
    """Whether ``reader`` may see it: whom it is for, who asked for it, and today's guardian of a minor."""
    return reader is not None and (
        reader.pk == certificate.person_id
        or reader.pk == certificate.asked_by_id
        or may_ask_for(reader, certificate.person, on)
    )


def records_of(person: Person, since: date, until: date):
    """The confirmed records whose day lies in the period; only these are certified, and none of whoever was marked absent."""
    rows = ServiceRecord.objects.counted().filter(person=person, neighbourhood=person.neighbourhood_id)
    return [
        record
        for record in rows.select_related("activity").order_by("started_at", "pk")
        if since <= clock.local_date(record.started_at) <= until
    ]


def to_issue_anew():
    """Issued ones that rest on a record which was corrected since, or which breaks a rule of today (T0)."""
    lines = CertificateLine.objects.filter(record__in=ServiceRecord.objects.doubtful().values("pk"))
    return Certificate.objects.filter(
        Q(pk__in=lines.values("certificate")) | Q(outdated_at__isnull=False), state=State.ISSUED
    )


def ask(person: Person, *, by: Person, since: date, until: date, purpose: str, at: datetime) -> Certificate:
    """Apply for a certificate; staff check it. Free of charge, one application at a time; the same asked twice is once."""
    with transaction.atomic():
        today = clock.local_date(at)
        if not may_ask_for(by, person, today):
            raise Refusal(_("A certificate is asked for by the volunteer; for minors by their guardian."))
        if until < since:
            raise Refusal(_("The last day lies before the first."))
        if since > today:
            raise Refusal(_("This period has not begun yet."))
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        asked = Certificate.objects.filter(person=person, state=State.REQUESTED)
        if same := asked.filter(asked_by=by, since=since, until=until).first():
            return same
        if asked.exists():
            raise Refusal(_("An application is being checked already. It can be taken back, or wait for the answer."))
        if not records_of(person, since, until):
            raise Refusal(
                _(
                    "There is no confirmed service in this period. Records that still wait are confirmed by whoever led the activity."
                )
            )
        return Certificate.objects.create(
            neighbourhood_id=person.neighbourhood_id,
            person=person,
            asked_by=by,
            asked_at=at,
            purpose=purpose.strip()[:80],
            since=since,
            until=until,
        )


def take_back(certificate: Certificate, *, by: Person, at: datetime) -> None:
    """Delete an application that is still being checked; refuses for anybody who may not read it."""
    with transaction.atomic():
        row = _locked(certificate)
        if not may_read(by, row, clock.local_date(at)) or row.state != State.REQUESTED:
            raise Refusal(_("Only an application that is still being checked can be taken back."))
        row.delete()


def _locked(certificate: Certificate) -> Certificate:
    return Certificate.objects.select_for_update(of=("self",)).select_related("person").get(pk=certificate.pk)


def issue(
    certificate: Certificate, *, issuer: Committee, handler: str, responsible: str, by: User, at: datetime
) -> Certificate:
    """Fix what it says, number it, give it its code, and tell whoever asked for it."""
    with transaction.atomic():
        # One number after the other: the area's row is the counter's lock.
        neighbourhood = Neighbourhood.objects.select_for_update(no_key=True).get(pk=certificate.neighbourhood_id)
        row = _locked(certificate)
        if row.state != State.REQUESTED:
            raise Refusal(_("This application is settled already: %(state)s.") % {"state": row.get_state_display()})
        if row.person.user_id == by.pk:
            raise Refusal(_("Nobody issues their own certificate. Please ask a colleague."))
        if not issuer.can_issue_certificates or issuer.neighbourhood_id != neighbourhood.pk:
            raise Refusal(_("%(issuer)s may not issue certificates.") % {"issuer": issuer})
        records = records_of(row.person, row.since, row.until)
        if not records:
            raise Refusal(_("There is no confirmed service in this period; there is nothing to certify."))
        row.issuer, row.handler, row.responsible = issuer, handler.strip()[:60], responsible.strip()[:60]
        row.issued_on = clock.local_date(at)
        row.total_minutes = sum(record.minutes or 0 for record in records)
        row.number = next_number(neighbourhood, row.issued_on)
        row.code = new_code()
        CertificateLine.objects.bulk_create(
            CertificateLine(
                certificate=row,
                record=record,
                title=record.activity.title,
                day=clock.local_date(record.started_at),
                minutes=record.minutes or 0,
            )
            for record in records
        )
        row.state = State.ISSUED
        row.save()
        if row.replaces is not None:
            void(row.replaces, reason=_("Replaced by %(number)s.") % {"number": row.number}, at=at)
        emails.certificate_settled(row, at=at)
    return row


def next_number(neighbourhood: Neighbourhood, day: date) -> str:
    """BC600-2018-0003: the area's letters, the year, a running number; the caller holds the area's lock."""
    stem = f"{neighbourhood.certificate_prefix or neighbourhood.slug.upper()}-{day.year}-"
    last = Certificate.objects.filter(neighbourhood=neighbourhood, number__startswith=stem).order_by("-number").first()
    return f"{stem}{int(str(last.number).rpartition('-')[2]) + 1 if last else 1:04}"


def new_code() -> str:
    """Eight signs that nobody guesses: 7Q4M-2KXD."""
    while True:
        signs = "".join(secrets.choice(ALPHABET) for _number in range(8))
        code = f"{signs[:4]}-{signs[4:]}"
        if not Certificate.objects.filter(code=code).exists():
            return code


def refuse(certificate: Certificate, *, reason: str, at: datetime) -> Certificate:
    """Do not issue it; ``reason`` is mailed to whoever asked."""
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why; whoever asked for it reads it."))
        row = _locked(certificate)
        if row.state != State.REQUESTED:
            raise Refusal(_("This application is settled already: %(state)s.") % {"state": row.get_state_display()})
        row.state, row.reason, row.ended_on = State.REFUSED, reason.strip()[:200], clock.local_date(at)
        row.save()
        emails.certificate_settled(row, at=at)
    return row


def void(certificate: Certificate, *, reason: str, at: datetime) -> Certificate:
    """It stays with its number and code, and whoever verifies it reads that it no longer holds."""
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why it no longer holds."))
        row = _locked(certificate)
        if row.state != State.ISSUED:
            raise Refusal(_("Only an issued certificate can be made void."))
        row.state, row.reason, row.ended_on = State.VOID, reason.strip()[:200], clock.local_date(at)
        row.save()
    return row


def ask_anew(certificate: Certificate, *, at: datetime) -> Certificate:
    """A new one for the same period, after a correction; issuing it makes the old one void."""
    with transaction.atomic():
        row = _locked(certificate)
        if row.state != State.ISSUED:
            raise Refusal(_("Only an issued certificate is issued anew."))
        try:
            with transaction.atomic():
                return Certificate.objects.create(
                    neighbourhood_id=row.neighbourhood_id,
                    person=row.person,
                    asked_by=row.asked_by,
                    asked_at=at,
                    purpose=row.purpose,
                    since=row.since,
                    until=row.until,
                    replaces=row,
                )
        except IntegrityError as error:
            raise Refusal(_("A new one is being prepared already.")) from error
