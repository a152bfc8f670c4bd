"""What each role may do with the records of this app (docs/permissions.md)."""

from people.roles import Role, allow

PLACES = ["neighbourhood", "compound", "building", "location"]
ORGANISATIONS = ["superior", "committee", "propertycompany", "partnerunit", "dualregistration"]


def register() -> None:
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
        allow(role, "people.minor", "view")  # V6: no model, but whose records they may open (people/minors.py)
        allow(role, "people.family", "view", "add", "change")
        allow(role, "people.guardianship", "view", "add", "change")
        allow(role, "people.consent", "view", "add")
        allow(role, "people.possibleduplicate", "view", "change")
        allow(role, "people.personmerge", "view", "change")
        allow(role, "people.team", "view", "add", "change")
        allow(role, "people.teammembership", "view", "add", "change")
        allow(role, "people.privatefile", "view", "add")
    # Messages are read and sent again only as far as the role covers what they are about (people/message_scope.py).
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
