"""Standing consents: given and revoked per purpose, to the words that were shown (V4, V5; docs/rules/children.md)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from people.access.viewer import local_midnight
from people.models import Channel, Consent, ConsentText, Person, User
from people.operations import photos
from people.rules import consent
from people.rules.consent import GUARDIAN, SELF, Purpose, decides_alone, is_guardian, who_decides, without
from portal import clock
from portal.dates import day_year
from portal.refusals import Refusal

# What the portal cannot do without; everything else is asked for separately and never ticked beforehand.
NECESSARY = Purpose.DATA


def shown_text(audience: str) -> ConsentText:
    """The words in force today for ``audience``, to be shown; unsaved where a portal has none yet, for a page that is
    only looked at writes nothing."""
    text = ConsentText.objects.filter(audience=audience, published_on__lte=clock.today()).first()
    if text is None:
        chinese, english = _own_words(audience)
        text = ConsentText(audience=audience, version="0", body=chinese, body_en=english, published_on=clock.today())
    return text


def current_text(audience: str) -> ConsentText:
    """As :func:`shown_text`, but stored, so that a consent can name it: nobody agrees to nothing."""
    text = shown_text(audience)
    if text.pk is None:
        words = {"body": text.body, "body_en": text.body_en, "published_on": text.published_on}
        text, _made = ConsentText.objects.get_or_create(audience=audience, version=text.version, defaults=words)
    return text


def _own_words(audience: str) -> tuple[str, str]:
    found = []
    for language in ("zh-hans", "en"):
        with override(language):
            if audience == ConsentText.Audience.GUARDIAN:
                words = _(
                    "As the child's guardian I agree to what I have ticked. I can withdraw each point at any time on my"
                    " page, as easily as I gave it."
                )
            else:
                words = _(
                    "I have read the privacy notice and agree that the residents' committee keeps and uses my data as"
                    " written there. I can withdraw this at any time on my page, as easily as I gave it."
                )
            found.append(str(words))
    return found[0], found[1]


def give(
    person: Person,
    purpose: str,
    *,
    given_by: Person,
    channel: str = Channel.WEB,
    entered_by: User | None = None,
    text: ConsentText | None = None,
    on: date | None = None,
) -> Consent:
    """Record a consent to the words in force; giving twice returns the row that stands.

    on: the day on the paper, where staff type it in later: its words and the age are those of that day, and when it was
    entered is kept. Raises Refusal when ``given_by`` is neither the person nor a guardian, or does not decide at that age
    (V4), and for a paper that is older than a later no.
    """
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # two taps give one consent
        if given_by != person and not is_guardian(given_by, person):
            raise Refusal(_("Only the person or a guardian can agree to this."))
        day = on or clock.today()
        if on is not None and on != clock.today():
            _check_day(person, purpose, on)
        decides = who_decides(person, purpose, day)
        if decides == GUARDIAN and given_by == person and person.age_on(day) is not None:
            raise Refusal(_("Under this age a guardian has to agree."))
        if decides == SELF and given_by != person:
            raise Refusal(_("%(name)s is old enough to agree to this themself.") % {"name": person.name})
        is_of_today = day == clock.today()
        audience = ConsentText.Audience.RESIDENT if given_by == person else ConsentText.Audience.GUARDIAN
        in_force = Consent.objects.in_force().filter(person=person, purpose=purpose, given_by=given_by).first()
        if in_force is not None:
            return in_force
        return Consent.objects.create(
            person=person,
            purpose=purpose,
            text=text or (current_text(audience) if is_of_today else _text_of(audience, day)),
            given_by=given_by,
            given_at=clock.now() if is_of_today else local_midnight(day),
            entered_at=None if is_of_today else clock.now(),
            channel=channel,
            entered_by=entered_by,
        )


def _check_day(person: Person, purpose: str, on: date) -> None:
    """A paper of another day counts unless it is to come, or its yes was taken back since (V5)."""
    if on > clock.today():
        raise Refusal(_("This day is still to come. Please enter the day on the paper."), about="on")
    later = Consent.objects.filter(person=person, purpose=purpose, revoked_at__gte=local_midnight(on)).first()
    if later is not None:
        raise Refusal(
            _("“%(purpose)s” was taken back on %(day)s, after that paper. Please ask anew.")
            % {"purpose": later.get_purpose_display(), "day": day_year(later.revoked_at)},
            about="on",
        )


def _text_of(audience: str, day: date) -> ConsentText:
    """The words in force on an earlier day."""
    text = ConsentText.objects.filter(audience=audience, published_on__lte=day).first()
    if text is None:
        raise Refusal(
            _("No wording was in force here on %(day)s. Please enter the paper's own wording first, with its day.")
            % {"day": day_year(day)},
            about="on",
        )
    return text


@transaction.atomic
def give_all(
    person: Person,
    purposes: Iterable[str],
    *,
    given_by: Person,
    channel: str,
    entered_by: User,
    on: date | None = None,
) -> None:
    """What staff were told at once, each as :func:`give` records it: all of it or, where one is refused, nothing."""
    for purpose in purposes:
        give(person, purpose, given_by=given_by, channel=channel, entered_by=entered_by, on=on)


@transaction.atomic
def revoke_all(person: Person, purposes: Iterable[str], *, revoked_by: Person) -> None:
    """Take back at once what staff were told, all or nothing. Raises Refusal where none of it was agreed to."""
    if not sum([revoke(person, purpose, revoked_by=revoked_by) for purpose in purposes]):
        raise Refusal(_("Nothing of this was agreed to."))


@transaction.atomic
def agree(person: Person, purpose: str, *, actor: Person, by: User | None = None) -> Consent:
    """What a button or a tick on ``actor``'s page gives, for themself or for a child of theirs.

    From 14 the child agrees to their data in person, the guardian's phone in hand; the row says whose account it was.
    """
    if actor == person:
        return give(person, purpose, given_by=person)
    if decides_alone(person, purpose, clock.today()):
        raise Refusal(_("%(name)s is old enough to agree to this themself.") % {"name": person.name})
    own = who_decides(person, purpose, clock.today()) == SELF
    if own and is_guardian(actor, person) and not person.is_adult_on(clock.today()):
        return give(person, purpose, given_by=person, channel=Channel.IN_PERSON, entered_by=by)
    return give(person, purpose, given_by=actor)


def revoke(person: Person, purpose: str, *, revoked_by: Person, given_by: Person | None = None) -> int:
    """Take back every consent to ``purpose`` for ``person`` (``given_by``: only that giver's); returns how many stood.

    One guardian's no is enough, whoever said yes. Without photo consent the pictures go at once (V5).
    """
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if revoked_by != person and not is_guardian(revoked_by, person):
            raise Refusal(_("Only the person or a guardian can take this back."))
        if revoked_by != person and given_by is None and decides_alone(person, purpose, clock.today()):
            raise Refusal(_("%(name)s is old enough to decide this themself.") % {"name": person.name})
        in_force = Consent.objects.in_force().filter(person=person, purpose=purpose)
        if given_by is not None:
            in_force = in_force.filter(given_by=given_by)
        taken_back = in_force.update(revoked_at=clock.now(), revoked_by=revoked_by)
        if purpose == Purpose.PHOTO and without([person], Purpose.PHOTO):
            photos.withdraw_all_showing(person)
        if purpose == Purpose.DATA and taken_back:
            consent.look_again(person)
    return taken_back
