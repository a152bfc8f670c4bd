"""What of the activities a staff member's roles cover, in all their neighbourhoods: for lists, and for one row not saved yet."""

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from activities.models import Activity, Circular, Invitation, SignUp, Visibility
from people.access import roles
from people.access.grants import grants_of, neighbourhoods_with
from people.access.roles import Reach, reach_of, roles_with
from people.access.viewer import Viewer
from people.models import Neighbourhood, User


def scope(user: User, permission: str) -> Q:
    """A condition on Activity rows: those that grants carrying ``permission`` cover."""
    covered = Q(pk__in=[])
    for pk in neighbourhoods_with(user, permission):
        viewer = Viewer(Neighbourhood(pk=pk), user)
        covered |= Q(neighbourhood=pk) & Activity.objects.all().staff_scope(viewer, permission)
    return covered


def covers(user: User, permission: str, activity: Activity) -> bool:
    """The same for one activity as it stands in memory."""
    allowed = roles_with(permission)
    org = activity.organisation
    for grant in grants_of(user):
        if grant.role not in allowed or grant.neighbourhood_id != activity.neighbourhood_id:
            continue
        match reach_of(grant):
            case Reach.PARTY:
                found = activity.visibility == Visibility.ORGANISATION or org is not None
            case Reach.BRANCH:
                found = org is not None and grant.org_id in {org.pk, org.parent_id}
            case Reach.TEAM:
                found = activity.team_id is not None and activity.team_id == grant.team_id
            case Reach.COMMITTEE:
                found = activity.visibility != Visibility.ORGANISATION
        if found:
            return True
    return False


def is_narrow(user: User, permission: str) -> bool:
    """Whether the grants cover only what is named, not a neighbourhood without its Party meetings."""
    allowed = roles_with(permission)
    return all(roles.is_narrow(grant) for grant in grants_of(user) if grant.role in allowed)


def hidden_occasions(user: User, permission: str) -> Q:
    """Occasions of messages about activities that the role does not cover (people.access.message_scope)."""
    covered = scope(user, permission)
    if is_narrow(user, permission):
        return ~occasions_about(Activity.objects.filter(covered))
    neighbourhoods = neighbourhoods_with(user, permission)
    return occasions_about(Activity.objects.filter(~covered, neighbourhood__in=neighbourhoods))


def occasions_about(activities) -> Q:
    """Occasions of ``activities`` (a queryset): by a sign-up, by membership, by invitation, by a letter to everyone."""
    ids = activities.order_by().values("pk")

    def keys(word: str, rows, field: str = "pk"):
        return rows.order_by().values_list(Concat(Value(f"{word}:"), Cast(field, CharField())), flat=True)

    return (
        Q(key__in=keys("sign_up", SignUp.objects.filter(activity__in=ids)))
        | Q(key__in=keys("meeting", Activity.objects.filter(pk__in=ids)))
        | Q(key__in=keys("invitation", Invitation.objects.filter(activity__in=ids)))
        | Q(key__in=keys("circular", Circular.objects.filter(activity__in=ids)))
    )
