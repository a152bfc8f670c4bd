"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from django.utils.translation import gettext_lazy as _

from activities.models.kinds import Kind, activity_kinds
from activities.pages.search import found_as_their_own
from activities.rules import expected, publication, resting
from community import emails
from community.admin import today
from community.operations.deliberations import notice_is_in_time
from community.pages import home, search
from community.pages.meeting_details import meeting_details
from community.pages.results import deliberation_details
from community.rules.expected import at_deliberations, at_meetings, deliberations_of, meetings_of
from community.rules.standing import record_is_signed, result_is_public
from people.access.roles import Role, allow
from people.outbox import message_kinds
from people.pages.panels import home_panels
from people.pages.staff_jobs import staff_jobs
from people.search import search_kinds


def register() -> None:
    meetings()
    deliberations()
    pages()
    staff()
    permissions()


def meetings() -> None:
    activity_kinds.add(
        Kind(
            code="meeting",
            label=_("meeting"),
            model="community.Meeting",
            group="meetings",
            group_label=_("Meetings"),
            detail_template="community/_meeting.html",
            details=meeting_details,
            group_order=90,
        ),
        order=200,
    )
    expected.answers.add(expected.Answer(at_meetings, meetings_of, kinds=frozenset({"meeting"})), order=200)
    resting.own_rows.add("community.Absence", order=200)
    resting.stands.add(record_is_signed, order=200, name="meeting")
    found_as_their_own.add("meeting", order=200)
    search_kinds.add(search.MEETINGS, order=26)


def deliberations() -> None:
    activity_kinds.add(
        Kind(
            code="deliberation",
            label=_("deliberation"),
            model="community.Deliberation",
            group="deliberations",
            group_label=_("Deliberations"),
            detail_template="community/_deliberation.html",
            details=deliberation_details,
            group_order=30,
        ),
        order=201,
    )
    expected.answers.add(
        expected.Answer(at_deliberations, deliberations_of, kinds=frozenset({"deliberation"})), order=201
    )
    publication.checks.add(notice_is_in_time, order=200, name="deliberation")
    parts = ["Participant", "Side", "Opinion", "Option", "FollowUp"]
    resting.own_rows.add_all([f"community.{name}" for name in parts], order=201)
    resting.stands.add(result_is_public, order=201, name="deliberation")
    found_as_their_own.add("deliberation", order=201)
    search_kinds.add(search.DELIBERATIONS, order=25)
    message_kinds.add_all(emails.KINDS, order=200)


def pages() -> None:
    home_panels.add(home.notices, order=10)
    home_panels.add(home.results, order=45)
    home_panels.add(home.news, order=60)
    search_kinds.add(search.ARTICLES, order=30)


def staff() -> None:
    staff_jobs.add(today.results, order=61)
    staff_jobs.add(today.follow_ups, order=63)
    staff_jobs.add(today.records_to_sign, order=59)
    staff_jobs.add(today.team_meetings, order=65)


def permissions() -> None:
    for role in (Role.PARTY_ADMIN, Role.BRANCH_SECRETARY, Role.TEAM_LEADER):
        allow(role, "community.meeting", "view", "add", "change", "delete", "attendance")
        allow(role, "community.absence", "view", "add", "change", "delete")
    allow(Role.COMMITTEE_ADMIN, "community.deliberation", "view", "add", "change", "delete", "attendance")
    for model in ("participant", "side", "opinion", "option", "followup"):
        allow(Role.COMMITTEE_ADMIN, f"community.{model}", "view", "add", "change", "delete")
        allow(Role.EDITOR, f"community.{model}", "view")
    for role in (Role.EDITOR, Role.VOLUNTEER_COORDINATOR):
        allow(role, "community.deliberation", "view")
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR):
        allow(role, "community.article", "view", "add", "change")
        allow(role, "community.articlephoto", "view", "add", "change", "delete")
    allow(Role.VOLUNTEER_COORDINATOR, "community.article", "view")
