"""From a proven e-mail address to an account and a person the committee knows (DESIGN.md §2)."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.models import Consent, Neighbourhood, OptOut, Person, RoleGrant, User
from people.operations import consents, duplicates, role_grants
from portal import clock
from portal.refusals import Refusal


def welcome(email: str, neighbourhood: Neighbourhood, *, name: str, adult: bool, is_known: bool = True) -> User:
    """Make the account of a proven address, known in ``neighbourhood`` from the first moment on (A1).

    Asked twice, or in two windows, it is one account and one person.
    """
    with transaction.atomic():
        user = account_with(email)
        if user is None:
            try:
                with transaction.atomic():
                    user = User.objects.create_user(User.objects.normalize(email))
            except IntegrityError:  # the same address proved itself in two windows at once
                user = User.objects.get(email=User.objects.normalize(email))
        note_proven(user, email)
        become_known(user, neighbourhood, name=name, adult=adult, is_known=is_known)
    return user


@transaction.atomic
def note_proven(user: User, email: str) -> None:
    """The code that went to ``email`` came back: the address is this account's, and verified."""
    email = User.objects.normalize(email)
    address, made = EmailAddress.objects.get_or_create(
        user=user,
        email=email,
        defaults={"verified": True, "primary": not EmailAddress.objects.filter(user=user, primary=True).exists()},
    )
    if not made and not address.verified:
        address.set_verified()


def account_with(email: str) -> User | None:
    """The account that this address logs in to: its own address, or a verified further one."""
    email = User.objects.normalize(email)
    proven = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    return proven.user if proven else User.objects.filter(email=email).first()


def known_by_address(email: str, neighbourhood: Neighbourhood) -> Person | None:
    """The one adult of the neighbourhood who has the address and no account: never a child's record, never one of two."""
    here = Person.objects.in_neighbourhood(neighbourhood).living_records().filter(email__iexact=email, user=None)
    adults = [person for person in here.order_by("pk") if person.is_adult_on(clock.today())]
    return adults[0] if len(adults) == 1 else None


def become_known(user: User, neighbourhood: Neighbourhood, *, name: str, adult: bool, is_known: bool = True) -> Person:
    """Link ``user`` to the person the committee already knows by this proven address, or make a new one.

    is_known: whether that person (:func:`known_by_address`) is who came; two may share a mailbox. A new record that looks
    like another is listed for staff. The data consent is recorded with it.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if mine := Person.objects.filter(user=user, neighbourhood=neighbourhood).first():
            return mine
        known = known_by_address(user.email, neighbourhood) if is_known else None
        if known is not None:
            person = Person.objects.select_for_update(no_key=True).get(pk=known.pk)
            person.user = user
            person.email = user.email
            person.save()
        else:
            person = Person.objects.create(
                neighbourhood=neighbourhood,
                user=user,
                name=name,
                email=user.email,
                declared_adult_at=clock.now() if adult else None,
                language=_language(),
                added_at=clock.now(),
            )
            duplicates.note(person)
        consents.give(person, Consent.Purpose.DATA, given_by=person)
    return person


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


@transaction.atomic
def declare_adult(person: Person) -> None:
    """The person's own word that they are 18 or over; refused where a known birth date says otherwise."""
    now = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    age = now.age_on(clock.today())
    if age is not None and not now.is_adult_on(clock.today()):
        raise Refusal(_("According to the birth date we have, you are not 18 yet."), about="adult")
    if now.declared_adult_at is None:
        now.declared_adult_at = clock.now()
        now.save()
    person.declared_adult_at = now.declared_adult_at


def follow_address(user: User) -> None:
    """After the account's address changed and was proven: the people of this account are reached there too."""
    for person in Person.objects.filter(user=user, anonymised_at=None).exclude(email=user.email):
        person.email = user.email
        person.save()


def change_settings(person: Person, *, changed: dict[str, str], wanted: set[str], optional: set[str]) -> None:
    """Store a person's own choices. ``changed``: of name, nickname and language what the person wrote anew; the rest stays as
    it stands under the lock. ``wanted``: codes out of ``optional`` (kinds of message) that may be sent."""
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        for name, value in changed.items():
            setattr(person, name, value)
        person.save()
        OptOut.objects.filter(person=person, kind__in=wanted).delete()
        for kind in sorted(optional - wanted):
            OptOut.objects.get_or_create(person=person, kind=kind, defaults={"since": clock.now()})


def grant_role(
    email: str,
    role: str,
    neighbourhood: Neighbourhood,
    *,
    scope: Model | None = None,
    given_by: User | None = None,
    until: datetime | None = None,
) -> RoleGrant:
    """Give the account of ``email`` (made if there is none) a staff role; granting twice returns the grant that stands.
    What takes two is only proposed by it, but for the first two holders of an area (people.operations.role_grants).

    ``scope``: the branch, team, building, body or unit that a scoped role is for. Raises Refusal where it is
    missing or of another neighbourhood.
    """
    with transaction.atomic():
        needed = RoleGrant.SCOPES.get(role)
        if needed and scope is None:
            raise Refusal(_("This role is for one %(what)s; please name it.") % {"what": needed})
        if scope is not None:
            if not needed or not isinstance(scope, RoleGrant._meta.get_field(needed).related_model):  # type: ignore[arg-type]
                raise Refusal(_("This role has no such scope."))
            if getattr(scope, "neighbourhood_id", None) != neighbourhood.pk:
                raise Refusal(_("This belongs to another residential area."))
        user = account_with(email) or User.objects.create_user(User.objects.normalize(email))
        target = {needed: scope} if needed else {}
        grants = RoleGrant.objects.filter(user=user, role=role, neighbourhood=neighbourhood, **target)
        standing = grants.in_force(clock.now()).first() or grants.waiting(clock.now()).first()
        if standing is not None:
            return standing
        return role_grants.give(
            RoleGrant(user=user, role=role, neighbourhood=neighbourhood, until=until, **target), by=given_by
        )
