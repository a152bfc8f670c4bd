"""What this app has to say when a child is taken off a guardian's page, or when it has to look again at their seats."""

from django.utils.translation import gettext as _

from activities.models import SignUp
from activities.operations import consents
from people import clock
from people.models import Guardianship, Person


def seat_still_held(guardian: Person, child: Person) -> str | None:
    """A child with a seat to come keeps at least one guardian, who answers for it and gets its messages (V4)."""
    if Guardianship.objects.filter(child=child, ended_at=None).exclude(guardian=guardian).exists():
        return None
    ahead = SignUp.objects.live().filter(person=child, activity__starts_at__gt=clock.now())
    held = ahead.select_related("activity").order_by("activity__starts_at").first()
    if held is None:
        return None
    return _("%(name)s is signed up for “%(title)s”. Please withdraw there first.") % {
        "name": child.name,
        "title": held.activity.title,
    }


def look_again(person: Person) -> None:
    """V4: a seat to come that no consent covers any more waits for one (people.consenting)."""
    consents.look_again(person, at=clock.now())
