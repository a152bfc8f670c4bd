"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from activities import emails, tasks
from activities.admin import arrival_slips, listing, phone_calls, today
from activities.models import FeedToken, ReminderRun
from activities.operations import consents
from activities.operations import merging as seats_joined
from activities.pages import home, search, thanks
from activities.pages import me_sections as me
from activities.pages.figures import participation
from activities.rules import expected, guardian_consent, removing_child, resting
from activities.rules.staff_scope import hidden_occasions
from activities.views import building_leader, feeds, poster
from people.access import message_scope
from people.access.roles import Role, allow
from people.admin.messages import about_words, coming_calls
from people.operations import family, files, merging
from people.outbox import message_kinds
from people.pages.figures import figures
from people.pages.panels import home_panels, me_sections
from people.pages.posters import poster_kinds
from people.pages.staff_jobs import staff_jobs
from people.rules import consent
from people.search import search_kinds
from portal.page_cache.version import quiet_models
from portal.sweeps import sweeps

STAFF = [Role.COMMITTEE_ADMIN, Role.VOLUNTEER_COORDINATOR, Role.PARTY_ADMIN]


def register() -> None:
    people_and_seats()
    pages()
    messages()
    staff()
    permissions()


def people_and_seats() -> None:
    """What people's operations ask about the seats of whoever changes."""
    expected.answers.add(expected.SIGNED_UP, order=100)
    expected.answers.add(expected.INVITED, order=101)
    family.reasons_to_stay.add(removing_child.seat_still_held, order=100)
    consent.on_change.add(consents.look_again_now, order=100)
    merging.evidence.add("activities.ActivityConsent", order=100)
    merging.before.add(seats_joined.end_doubles, order=100)
    merging.after.add(seats_joined.pass_on, order=100)
    merging.on_undo.add(seats_joined.give_back, order=100)
    merging.foretold.add(seats_joined.foretold, order=100)
    files.people_in_files.add(guardian_consent.children_on, order=100)
    quiet_models.add_all([FeedToken, ReminderRun], order=100)
    resting.own_rows.add_all(
        [
            "activities.ActivityMove",
            "activities.CannotCome",
            "activities.Invitation",
            "activities.ReminderRun",
            "activities.SheetAct",
            "activities.WordsChange",
        ],
        order=100,
    )


def pages() -> None:
    home_panels.add(me.mine_next, order=1)
    home_panels.add(home.coming_up, order=20)
    home_panels.add(thanks.panel, order=90)
    me_sections.add(me.my_sign_ups, order=20)
    me_sections.add(building_leader.my_building, order=25)
    me_sections.add(feeds.feed_section, order=70)
    search_kinds.add(search.ACTIVITIES, order=10)
    poster_kinds.add(poster.KIND, order=100)
    figures.add(participation, order=10)


def messages() -> None:
    message_kinds.add_all(emails.KINDS, order=100)
    message_scope.hidden_from.add(hidden_occasions, order=100)
    sweeps.add(tasks.lapse_offers, order=20)
    sweeps.add(tasks.queue_due_reminders, order=21)
    sweeps.add(tasks.finish_past_activities, order=22)


def staff() -> None:
    staff_jobs.add(today.consents, order=20)
    staff_jobs.add(today.children_and_adults, order=22)
    staff_jobs.add(today.wrong_ages, order=24)
    staff_jobs.add(today.many_places, order=26)
    staff_jobs.add(arrival_slips.slips_to_match, order=29)
    staff_jobs.add(today.offers, order=30)
    staff_jobs.add(today.not_seen, order=40)
    staff_jobs.add(today.drafts, order=50)
    staff_jobs.add(today.past_drafts, order=52)
    about_words.add(listing.occasions_of_activity, order=100, name="activity")
    coming_calls.add(phone_calls.tomorrow, order=100)


def permissions() -> None:
    for role in [*STAFF, Role.BRANCH_SECRETARY, Role.TEAM_LEADER, Role.EDITOR]:
        allow(role, "activities.activity", "view")
    for role in [*STAFF, Role.BRANCH_SECRETARY, Role.TEAM_LEADER]:
        allow(role, "activities.activity", "change", "attendance")
        allow(role, "activities.circular", "view", "add")
    for role in STAFF:
        allow(role, "activities.activity", "reopen")
    for role in [*STAFF, Role.TEAM_LEADER]:
        allow(role, "activities.signup", "view", "add")
        allow(role, "activities.booking", "view", "add")
    for role in [Role.COMMITTEE_ADMIN, Role.VOLUNTEER_COORDINATOR]:
        allow(role, "activities.activityconsent", "view", "add")
        allow(role, "activities.arrivalslip", "view", "change")
    for role in [*STAFF, Role.BRANCH_SECRETARY]:
        allow(role, "activities.invitation", "view", "add", "change", "delete")
        allow(role, "activities.activitymove", "view")
