"""Brakes on codes for the log-in (S6, S10). Each looks the same for an address with an account and for one without."""

import hashlib
import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from people.models import CodeAsked, Neighbourhood
from people.rules.mailbox import mailbox as box_of
from portal import clock
from portal.refusals import Refusal

log = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
AT_ONCE = 3  # mails to one mailbox within an hour that leave at once
STEP, LONGEST = timedelta(seconds=30), timedelta(minutes=3)  # what each further one waits more, and the most it waits
ADDRESSES_PER_ORIGIN = 120  # within an hour: sixty newcomers on one network at an event, each with a slip of the finger
MANY, SLOW = (
    600,
    timedelta(seconds=20),
)  # addresses within an hour from everywhere, and how long each waits from then on


@transaction.atomic
def ask(email: str, origin: str, *, neighbourhood: Neighbourhood | None) -> tuple[CodeAsked, timedelta]:
    """Note that a browser asks for a code; how long its mail has to wait.

    An address is slowed down, never refused. Refused is an address that an origin has not asked for within the hour, once
    it has asked for very many.
    """
    now, mailbox, source = clock.real_now(), digest(box_of(email)), digest(origin)
    CodeAsked.objects.filter(asked_at__lt=now - timedelta(days=1)).delete()
    lately = CodeAsked.objects.filter(asked_at__gt=now - HOUR)
    from_here = lately.filter(origin=source)
    if (
        from_here.values("mailbox").distinct().count() >= ADDRESSES_PER_ORIGIN
        and not from_here.filter(mailbox=mailbox).exists()
    ):
        phone = neighbourhood.phone if neighbourhood else ""
        words = _(
            "Very many addresses were entered from this network within an hour. Please try again later, or with mobile data."
        )
        raise Refusal(f"{words} {_('Or phone %(phone)s.') % {'phone': phone}}" if phone else words, about="email")
    wait = min(STEP * max(lately.filter(mailbox=mailbox).count() + 1 - AT_ONCE, 0), LONGEST)
    if are_many():
        log.warning("Codes are asked for more than %s addresses within an hour.", MANY)
        wait = max(wait, SLOW)
    return CodeAsked.objects.create(mailbox=mailbox, origin=source, asked_at=now), wait


def are_many() -> bool:
    """Unusually many addresses from everywhere: all are slowed down a little, and staff are told."""
    lately = CodeAsked.objects.filter(asked_at__gt=clock.real_now() - HOUR)
    return lately.values("mailbox").distinct().count() > MANY


def may_try(pk: int, most: int) -> bool:
    """Count a try before the code is compared, so that many at once do not slip past; False when all are spent."""
    return bool(CodeAsked.objects.filter(pk=pk, tries__lt=most).update(tries=F("tries") + 1))


def tries_left(pk: int, most: int) -> int:
    """Of one browser's code; none where nothing is known of it any more."""
    tried = CodeAsked.objects.filter(pk=pk).values_list("tries", flat=True).first()
    return max(most - (most if tried is None else tried), 0)


def digest(words: str) -> str:
    """So that the table names neither addresses nor networks."""
    return hashlib.sha256(words.encode()).hexdigest()
