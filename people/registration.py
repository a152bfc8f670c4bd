"""What this app tells the registries, and what each role may do with its records (docs/permissions.md)."""

from django.db.models import Exists, OuterRef

from people import emails, outbox, tasks
from people.access.roles import Role, allow
from people.access.viewer import reader_marks
from people.admin import today
from people.models import (
    AccessLog,
    BondQuestion,
    CodeAsked,
    GuardianInvitation,
    Heartbeat,
    HouseholdAdult,
    Message,
    Occasion,
    OptOut,
    PersonKey,
    PossibleDuplicate,
    PrivateFile,
    SearchDocument,
    SentForm,
    TrialClock,
    User,
)
from people.operations import files, merging, photos
from people.outbox import message_kinds
from people.pages.panels import home_panels, me_sections
from people.pages.staff_jobs import staff_jobs
from people.search import search_kinds
from people.search.photos import PHOTOS
from people.views import home, me
from portal.page_cache.version import quiet_models
from portal.sweeps import sweeps

PLACES = ["neighbourhood", "compound", "building", "location"]
ORGANISATIONS = ["superior", "committee", "propertycompany", "partnerunit", "dualregistration"]


def register() -> None:
    records()
    pages()
    messages()
    staff()
    permissions()


def records() -> None:
    # The search's pages are not cached, so its table says nothing on those that are.
    quiet_models.add_all(
        [AccessLog, BondQuestion, CodeAsked, GuardianInvitation, Heartbeat, Message, Occasion, OptOut], order=0
    )
    quiet_models.add_all([PersonKey, PossibleDuplicate, SearchDocument, SentForm, TrialClock, User], order=10)
    merging.evidence.add_all(["people.Consent", "people.Guardianship", "people.Occasion", "people.Message"], order=0)
    for order, purpose in enumerate(PrivateFile.Purpose.values):
        files.file_readers.add(files.staff_may_read, order=order, name=purpose)
    files.people_in_files.add(photos.people_in, order=0)


def names_adults() -> Exists:
    return Exists(HouseholdAdult.objects.filter(added_by=OuterRef("pk")).order_by())


def pages() -> None:
    reader_marks.add(names_adults, order=100, name="names_adults")
    home_panels.add(home.greeting, order=0)
    me_sections.add(me.greeting, order=10)
    me_sections.add(me.family_section, order=40)
    me_sections.add(me.consents_section, order=50)
    me_sections.add(me.settings_section, order=60)
    search_kinds.add(PHOTOS, order=80)


def messages() -> None:
    message_kinds.add_all(emails.KINDS, order=0)
    sweeps.add(tasks.sweep_search, order=10)
    sweeps.add(photos.make_due_renditions, order=15)
    sweeps.add(outbox.dispatch, order=100)  # what the others wrote is sent


def staff() -> None:
    staff_jobs.add(today.messages, order=10)
    staff_jobs.add(today.many_codes, order=5)
    staff_jobs.add(today.proposed_roles, order=58)
    staff_jobs.add(today.duplicates, order=60)
    staff_jobs.add(today.guardians, order=70)
    staff_jobs.add(today.photos_without_words, order=74)


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
        allow(role, "people.householdadult", "view", "change")
        allow(role, "people.consent", "view", "add")
        allow(role, "people.possibleduplicate", "view", "add", "change")
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
    for role in (Role.COMMITTEE_ADMIN, Role.VOLUNTEER_COORDINATOR, Role.PARTY_ADMIN):
        allow(
            role, "people.rolegrant", "view"
        )  # they say yes to others who are to hold it (people/access/second_yes.py)
    for model in ("user", "rolegrant"):
        allow(Role.SYSTEM_ADMIN, f"people.{model}", "view", "add", "change")
