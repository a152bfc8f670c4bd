"""Sessions of an account, as allauth's usersessions lists them (S9)."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from people.models import User
from portal import clock

SHARED = "shared_computer"  # in a session: the tick at the log-in


@transaction.atomic
def end_all(user: User) -> None:
    """Every session of the account ends, listed or not, for each is bound to this moment; the caller renews its own."""
    UserSession.objects.filter(user=user).delete()
    user.sessions_since = clock.real_now()
    user.save(update_fields=["sessions_since"])


def note_seen(session_key: str | None) -> None:
    """Of a session that stands in the list; nothing for any other."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=clock.real_now())
