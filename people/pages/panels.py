"""The home page and "me": their parts, which each app adds in its ``registration.py`` (portal/panels.py).

On home nothing may touch the session: the page is served from a cache to whoever has none. What a panel looks like is
written down in docs/look.md.
"""

from people.access.requests import PortalRequest
from portal.panels import Panels

#: people: 10 greeting, 40 family, 50 consents, 60 settings; activities: 20 my sign-ups, 25 my building, 70 feed address;
#: projects: 30 what I follow, 35 my stories; volunteers: 15 mornings to note, 31 my rotas, 36 my hours.
me_sections = Panels[PortalRequest]("sections of “me”")
#: people: 0 greeting; activities: 1 mine next, 20 what is on, 90 thanks; community: 10 notices, 45 decided together,
#: 60 news; projects: 40 made together, 46 in flower now; events: 50 learning.
home_panels = Panels[PortalRequest]("panels of the home page")
