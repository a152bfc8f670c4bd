"""The secret address of one's own calendar feed."""

import secrets
from datetime import datetime

from activities.models import FeedToken
from people.models import Person


def renew(person: Person, *, at: datetime) -> FeedToken:
    """Give ``person`` an address for their feed; an earlier one stops answering."""
    values = {"token": secrets.token_urlsafe(32), "made_at": at}
    feed, _made = FeedToken.objects.update_or_create(person=person, defaults=values)
    return feed


def revoke(person: Person) -> None:
    """Let no address of theirs answer any more."""
    FeedToken.objects.filter(person=person).delete()
