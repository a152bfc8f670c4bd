"""What this app adds to the pages that are made of parts."""

from people import emails, sweeps, tasks  # noqa: F401  importing emails registers the kinds of mail
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
from people.page_cache import version
from people.panels import home_panels, me_sections
from people.search.photos import register_photos
from people.views import home, me


def register() -> None:
    # The search's pages are not cached, so its table says nothing on those that are.
    version.quiet(AccessLog, GuardianInvitation, Heartbeat, Message, Occasion, OptOut)
    version.quiet(PossibleDuplicate, SearchDocument, TrialClock, User)
    home_panels.register(0, home.greeting)
    me_sections.register(10, me.greeting)
    me_sections.register(40, me.family_section)
    me_sections.register(50, me.consents_section)
    me_sections.register(60, me.settings_section)
    register_photos()
    sweeps.register(tasks.sweep_search)
    sweeps.register(photos.make_due_renditions)
