"""What this app tells the registries, and what each role may do with its records (docs/permissions.md)."""

from people import emails, outbox, tasks  # noqa: F401  importing emails registers the kinds of mail
from people.access.roles import Role, allow
from people.models import (
    AccessLog,
    GuardianInvitation,
    Heartbeat,
    Message,
    Occasion,
    OptOut,
    PossibleDuplicate,
    SearchDocument,
    TrialClock,
    User,
)
from people.operations import photos
from people.search.photos import register_photos
from people.views import home, me
from portal import clock
from portal.page_cache import version
from portal.panels import home_panels, me_sections
from portal.sweeps import sweeps

PLACES = ["neighbourhood", "compound", "building", "location"]
ORGANISATIONS = ["superior", "committee", "propertycompany", "partnerunit", "dualregistration"]


def register() -> None:
    clock.keep_trial_time_in(TrialClock)
    permissions()
    # The search's pages are not cached, so its table says nothing on those that are.
    version.quiet(AccessLog, GuardianInvitation, Heartbeat, Message, Occasion, OptOut)
    version.quiet(PossibleDuplicate, SearchDocument, TrialClock, User)
    home_panels.register(0, home.greeting)
    me_sections.register(10, me.greeting)
    me_sections.register(40, me.family_section)
    me_sections.register(50, me.consents_section)
    me_sections.register(60, me.settings_section)
    register_photos()
    sweeps.add(tasks.sweep_search, order=10)
    sweeps.add(photos.make_due_renditions, order=15)
    sweeps.add(outbox.dispatch, order=100)  # what the others wrote is sent


def permissions() -> None:
    for role in Role.values:
        if role in {Role.OWNERS_COMMITTEE, Role.PARTNER_UNIT, Role.BUILDING_LEADER}:
            continue  # these have no staff pages yet
        for model in PLACES:
            allow(role, f"people.{model}", "view")
    for role in (Role.COMMITTEE_ADMIN, Role.SYSTEM_ADMIN):
        allow(role, "people.neighbourhood", "change")
        for model in PLACES[1:]:
            allow(role, f"people.{model}", "add", "change")
    for role in (Role.COMMITTEE_ADMIN, Role.PARTY_ADMIN):
        for model in ORGANISATIONS:
            allow(role, f"people.{model}", "view", "add", "change")
    for role in (Role.COMMITTEE_ADMIN, Role.VOLUNTEER_COORDINATOR):
        allow(role, "people.person", "view", "add", "change")
        allow(role, "people.minor", "view")  # V6: no model, but whose records they may open (people/access/minors.py)
        allow(role, "people.family", "view", "add", "change")
        allow(role, "people.guardianship", "view", "add", "change")
        allow(role, "people.consent", "view", "add")
        allow(role, "people.possibleduplicate", "view", "change")
        allow(role, "people.personmerge", "view", "change")
        allow(role, "people.team", "view", "add", "change")
        allow(role, "people.teammembership", "view", "add", "change")
        allow(role, "people.privatefile", "view", "add")
    # Messages are read and sent again only as far as the role covers what they are about (people/access/message_scope.py).
    for role in (
        Role.COMMITTEE_ADMIN,
        Role.VOLUNTEER_COORDINATOR,
        Role.SYSTEM_ADMIN,
        Role.PARTY_ADMIN,
        Role.BRANCH_SECRETARY,
    ):
        allow(role, "people.message", "view", "change")
    for role in (Role.COMMITTEE_ADMIN, Role.EDITOR, Role.VOLUNTEER_COORDINATOR):
        allow(role, "people.photo", "view", "add", "change")
        allow(role, "people.photopair", "view", "add", "change", "delete")
    for role in (Role.TEAM_LEADER,):
        allow(role, "people.team", "view")
        allow(role, "people.teammembership", "view")
    for role in (Role.PARTY_ADMIN,):
        allow(role, "people.person", "view", "add", "change")
        for model in ("partyorg", "partymember", "committeepost"):
            allow(role, f"people.{model}", "view", "add", "change")
    for role in (Role.BRANCH_SECRETARY,):
        for model in ("partyorg", "partymember", "committeepost"):
            allow(role, f"people.{model}", "view")
    allow(Role.COMMITTEE_ADMIN, "people.committeepost", "view", "add", "change")
    allow(Role.COMMITTEE_ADMIN, "people.consenttext", "view", "add")
    allow(Role.COMMITTEE_ADMIN, "people.accesslog", "view")
    for model in ("user", "rolegrant"):
        allow(Role.SYSTEM_ADMIN, f"people.{model}", "view", "add", "change")
