"""Stamps and words of a trail (S18, L2; docs/rules/pieces.md)."""

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import Person, User
from portal import clock
from portal.refusals import Refusal
from projects.models import Trail, TrailPoint, TrailStamp, TrailWord

State = TrailWord.State


def stamp(point: TrailPoint, person: Person) -> bool:
    """Stamp the place for ``person``; two taps make one. Returns whether it is new. Nothing else is kept, no time either."""
    with transaction.atomic():
        _lock(person)
        _stamp, is_new = TrailStamp.objects.get_or_create(point=point, person=person)
    return is_new


def _lock(person: Person) -> None:
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def erase_stamps(trail: Trail, person: Person) -> int:
    """Delete all stamps of ``person`` on the trail; returns how many there were."""
    count, _models = TrailStamp.objects.filter(point__trail=trail, person=person).delete()
    return count


def say(point: TrailPoint, person: Person, *, name: str, words: str) -> TrailWord:
    """Hand in a few words. Sent twice they are one row; nobody sees them before staff have read them."""
    with transaction.atomic():
        _lock(person)
        waiting = TrailWord.objects.waiting().filter(point=point, person=person).first()
        if waiting is not None:
            if (waiting.name, waiting.words) == (name, words):
                return waiting
            raise Refusal(
                _(
                    "Your words about this place are still being read. Take them back first if you want to say it otherwise."
                )
            )
        if not person.is_adult_on(clock.today()) and person.name and person.name in name:
            raise Refusal(_("Choose a name that is not your own full name: these words are public."))
        return TrailWord.objects.create(point=point, person=person, name=name, words=words, said_on=clock.today())


@transaction.atomic
def take_back(word: TrailWord, person: Person) -> None:
    """Whoever said it deletes it, at any time."""
    if word.person_id != person.pk:
        raise Refusal(
            _(
                "These words are somebody else's, so only they can take them back. "
                "If they should not be read, please tell the residents' committee."
            )
        )
    word.delete()


def show(word: TrailWord, *, by: User) -> TrailWord:
    """Let everybody read the words; also such as were refused or removed before."""
    return _decide(word, State.SHOWN, "", by, open_states=[State.WAITING, State.REFUSED, State.REMOVED])


def refuse(word: TrailWord, *, reason: str, by: User) -> TrailWord:
    """Keep waiting words off the page; ``reason`` is noted for whoever said them and asks."""
    return _decide(word, State.REFUSED, reason, by, open_states=[State.WAITING])


def remove(word: TrailWord, *, reason: str, by: User) -> TrailWord:
    """Take shown words out of sight; the record of what, why and by whom stays (L2)."""
    return _decide(word, State.REMOVED, reason, by, open_states=[State.SHOWN])


def _decide(word: TrailWord, state: str, reason: str, by: User, *, open_states: list) -> TrailWord:
    with transaction.atomic():
        word = TrailWord.objects.select_for_update(of=("self",)).get(pk=word.pk)
        if word.state not in open_states:
            raise Refusal(
                _("These words are already “%(state)s”; look at them once more.") % {"state": word.get_state_display()}
            )
        if state != State.SHOWN and not reason.strip():
            raise Refusal(_("Write down why: whoever said it may ask."))
        word.state, word.reason = state, reason.strip()
        word.decided_by, word.decided_at = by, clock.now()
        word.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return word
