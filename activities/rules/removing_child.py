"""Why a child may not be taken off a guardian's page: a seat to come is still held (V4)."""

from django.utils.translation import gettext as _

from activities.models import SignUp
from people.models import Guardianship, Person
from portal import clock


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
