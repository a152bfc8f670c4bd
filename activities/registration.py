"""What this app tells the registries below it, and its roles (docs/permissions.md)."""

from activities import emails, tasks  # noqa: F401  importing emails registers the kinds of mail
from activities.models import FeedToken, ReminderRun
from activities.operations import consents
from activities.operations import merging as seats_joined
from activities.pages import home, me, search, thanks
from activities.pages.figures import participation
from activities.rules import guardianship
from activities.rules.staff_scope import hidden_occasions
from activities.views import building_leader, feeds, poster
from people.access import message_scope
from people.access.roles import Role, allow
from people.operations import family as families
from people.operations import merging
from people.pages import figures
from people.rules import consent
from portal.page_cache import version
from portal.panels import home_panels, me_sections
from portal.sweeps import sweeps

STAFF = [Role.COMMITTEE_ADMIN, Role.VOLUNTEER_COORDINATOR, Role.PARTY_ADMIN]


def register() -> None:
    figures.register(10, participation)
    search.register()
    poster.register()
    for role in [*STAFF, Role.BRANCH_SECRETARY, Role.TEAM_LEADER, Role.EDITOR]:
        allow(role, "activities.activity", "view")
    for role in [*STAFF, Role.BRANCH_SECRETARY, Role.TEAM_LEADER]:
        allow(role, "activities.activity", "change", "attendance")
        allow(role, "activities.circular", "view", "add")
    for role in [*STAFF, Role.TEAM_LEADER]:
        allow(role, "activities.signup", "view", "add")
        allow(role, "activities.booking", "view", "add")
    for role in [Role.COMMITTEE_ADMIN, Role.VOLUNTEER_COORDINATOR]:
        allow(role, "activities.activityconsent", "view", "add")
    for role in [*STAFF, Role.BRANCH_SECRETARY]:
        allow(role, "activities.invitation", "view", "add", "change", "delete")
        allow(role, "activities.activitymove", "view")
    for order, sweep in enumerate((tasks.lapse_offers, tasks.queue_due_reminders, tasks.finish_past_activities)):
        sweeps.add(sweep, order=20 + order)
    message_scope.register(hidden_occasions)
    if guardianship.seat_still_held not in families.reasons_to_stay:
        families.reasons_to_stay.append(guardianship.seat_still_held)
    if consents.look_again_now not in consent.on_change:
        consent.on_change.append(consents.look_again_now)
    merging.EVIDENCE.add("activities.ActivityConsent")
    for steps, step in (
        (merging.before, seats_joined.end_doubles),
        (merging.after, seats_joined.pass_on),
        (merging.on_undo, seats_joined.give_back),
        (merging.foretold, seats_joined.foretold),
    ):
        if step not in steps:
            steps.append(step)  # type: ignore[arg-type]
    version.quiet(FeedToken, ReminderRun)
    home_panels.register(1, me.mine_next)
    me_sections.register(20, me.my_sign_ups)
    home_panels.register(20, home.coming_up)
    home_panels.register(90, thanks.panel)
    me_sections.register(25, building_leader.my_building)
    me_sections.register(70, feeds.feed_section)
