"""Who should attend a meeting (M3): members on that day without the exempt, post holders of a committee, a team's members.

At a deliberation, whoever was asked to take part (D2).
"""

from collections.abc import Collection, Iterable

from django.db.models import Q

from activities.models import Activity
from activities.rules.expected import Expected
from community.models import Participant
from people.access.viewer import by_period, circles_of, local_midnight
from people.models import CommitteePost, PartyMember, PartyOrg, Person, TeamMembership
from portal import clock


def at_meetings(activity_ids: Collection[int]) -> Iterable[Expected]:
    """A handful of queries, whatever the number of meetings: memberships are read once and matched by day."""
    meetings = list(
        Activity.objects.filter(pk__in=activity_ids, kind="meeting").select_related("organisation", "team").order_by()
    )
    if not meetings:
        return
    org_ids = {meeting.organisation_id for meeting in meetings if meeting.organisation_id}
    members = list(
        PartyMember.objects.filter(
            Q(branch__in=org_ids) | Q(group__in=org_ids) | Q(branch__parent__in=org_ids)
        ).select_related("branch")
    )
    posts = list(CommitteePost.objects.filter(org__in=org_ids))
    team_ids = {meeting.team_id for meeting in meetings if meeting.team_id and not meeting.organisation_id}
    teams = list(TeamMembership.objects.filter(team__in=team_ids))
    for meeting in meetings:
        day = clock.local_date(meeting.starts_at)
        people: dict[int, None] = {}
        if meeting.organisation and meeting.post_holders_only:
            people |= {
                post.person_id: None for post in posts if post.org_id == meeting.organisation_id and holds(post, day)
            }
        elif meeting.organisation:
            people |= {
                row.person_id: None for row in members if belongs(row, meeting.organisation) and attends(row, day)
            }
        elif meeting.team:
            people |= {row.person_id: None for row in teams if row.team_id == meeting.team_id and holds(row, day)}
            if meeting.team.leader_id:
                people[meeting.team.leader_id] = None
        for person_id in people:
            yield Expected(meeting.pk, person_id, f"meeting:{meeting.pk}")


def belongs(row: PartyMember, org: PartyOrg) -> bool:
    return org.pk in {row.branch_id, row.group_id, row.branch.parent_id}


def holds(row, day) -> bool:
    return (row.since is None or row.since <= day) and (row.until is None or row.until > day)


def attends(row: PartyMember, day) -> bool:
    return holds(row, day) and (row.exempt_from is None or row.exempt_from > day)


def meetings_of(person: Person) -> Q:
    """The meetings where ``person`` should attend, as a condition on Activity rows; cancelled ones too, which feeds tell."""
    mine = Q(pk__in=[])
    circles = circles_of(person)
    exempt = [circle.exempt_from for circle in circles if circle.exempt_from]
    attending = Q(starts_at__lt=local_midnight(min(exempt))) if exempt else Q()
    for kind, ids, time in by_period(circles, "starts_at"):
        if kind == "member":
            mine |= Q(kind="meeting", organisation__in=ids, post_holders_only=False) & time & attending
        elif kind == "post":
            mine |= Q(kind="meeting", organisation__in=ids, post_holders_only=True) & time
        else:
            mine |= Q(kind="meeting", team__in=ids, organisation=None) & time
    return mine & ~Q(status="draft")


def at_deliberations(activity_ids: Collection[int]) -> Iterable[Expected]:
    """Whoever is asked to take part and has not said that they cannot (D2)."""
    rows = Participant.objects.filter(deliberation__in=activity_ids, absence="").order_by("pk")
    for activity_id, person_id in rows.values_list("deliberation", "person"):
        yield Expected(activity_id, person_id, f"meeting:{activity_id}", asked=True)


def deliberations_of(person: Person) -> Q:
    """The deliberations that ``person`` is asked to take part in, as a condition on Activity rows."""
    asked = Participant.objects.filter(person=person, absence="").order_by().values("deliberation")
    return Q(kind="deliberation", pk__in=asked) & ~Q(status="draft")
