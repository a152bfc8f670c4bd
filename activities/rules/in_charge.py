"""Who is in charge of an activity, and is told at once of what cannot wait for a look at the staff pages."""

from datetime import datetime

from activities.models import Activity
from activities.rules.staff_scope import covers
from people.access.roles import roles_with
from people.models import Person, RoleGrant

ENTERS_SIGN_UPS = "activities.add_signup"


def in_charge(activity: Activity, *, at: datetime) -> list[Person]:
    """The leader of the activity's team; without one, the staff who enter sign-ups to it, as the people they are here."""
    leader = activity.team.leader if activity.team else None
    if leader is not None and leader.anonymised_at is None:
        return [leader]
    grants = RoleGrant.objects.filter(neighbourhood=activity.neighbourhood_id, role__in=roles_with(ENTERS_SIGN_UPS))
    users = {grant.user for grant in grants.in_force(at).select_related("user")}
    able = [user.pk for user in users if covers(user, ENTERS_SIGN_UPS, activity)]
    people = Person.objects.filter(user__in=able, neighbourhood=activity.neighbourhood_id, anonymised_at=None)
    return list(people.select_related("user").order_by("pk"))
