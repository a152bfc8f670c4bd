"""What this app adds to the pages that are made of parts."""

from people import sweeps, tasks
from people.operations import photos
from people.panels import home_panels, me_sections
from people.search import upkeep
from people.views import home, me


def register() -> None:
    home_panels.register(0, home.greeting)
    me_sections.register(10, me.greeting)
    me_sections.register(40, me.family_section)
    me_sections.register(50, me.consents_section)
    me_sections.register(60, me.settings_section)
    upkeep.watch()
    sweeps.register(tasks.sweep_search)
    sweeps.register(photos.make_due_renditions)
