"""Whether a minor has the consents that V4 asks for one activity, and who may give them (docs/rules/children.md)."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date

from django.db.models import QuerySet

from activities.models import Activity, ActivityConsent
from activities.rules.ages import day_of
from people.models import Consent, Guardianship, Person, PrivateFile
from people.rules import consent


def children_on(sheet: PrivateFile) -> QuerySet[Person]:
    """Whose consent the signed sheet is."""
    return Person.objects.filter(activity_consents__sheet=sheet)


def data_consent_missing(person: Person, day: date) -> bool:
    """V4: under 14 a guardian consents to the data, from 14 the person themself."""
    return not consent.has(person, Consent.Purpose.DATA, day)


def guardianship(activity: Activity, guardian: Person, child: Person) -> Guardianship | None:
    """The bond by which ``guardian`` may decide for ``child`` here; declared is enough unless confirmation is demanded."""
    return accepted_bonds(activity, [child]).filter(guardian=guardian).first()


def consented(activity: Activity, child: Person) -> bool:
    """Whether a minor may be confirmed here: a guardian's consent to this activity and the consent to the data (V4).

    It counts only while whoever gave it is a guardian whom the activity accepts, and place, time and risks are the same.
    """
    consents = ActivityConsent.objects.in_force().filter(
        activity=activity,
        child=child,
        terms_sha256=terms_hash(activity),
        guardian__in=accepted_bonds(activity, [child]).values("guardian"),
    )
    return consents.exists() and not data_consent_missing(child, day_of(activity))


def accepted_bonds(activity: Activity, children: Iterable[Person]) -> QuerySet[Guardianship]:
    """The guardianships by which somebody may decide for one of ``children`` here."""
    bonds = Guardianship.objects.filter(child__in=list(children), ended_at=None)
    return bonds.filter(state=Guardianship.State.CONFIRMED) if activity.confirmed_guardians_only else bonds


def risks_hash(activity: Activity) -> str:
    return _hash(activity.risks, activity.safeguards)


def terms_hash(activity: Activity) -> str:
    """What a guardian agrees to: place, time, risks and safeguards. Consent to others is none (V4)."""
    times = [moment.astimezone(UTC).isoformat() for moment in (activity.starts_at, activity.ends_at)]
    return _hash(*times, str(activity.location_id or ""), activity.risks, activity.safeguards)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
