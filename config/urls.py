"""The portal's addresses (DESIGN.md §4); people print them on posters, so they stay.

Each app writes its own full paths, because most apps have some below a neighbourhood and some beside it.
The order matters twice: /accounts/join/ (people) is asked before allauth's /accounts/, and whatever starts with
a neighbourhood's slug comes after the fixed words, so that no neighbourhood can be called "admin".
Refusals and errors are Django's own views with templates/400.html to 500.html.
"""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from config.health import healthz, readyz
from config.media import public_file
from config.robots import favicon, robots

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("favicon.ico", favicon),
    path("robots.txt", robots),
    path("media/<path:path>", public_file, name="public-file"),
    # /admin/status/ is a page of people, and the admin site would answer everything below /admin/ itself.
    re_path(r"^admin/(?!status/)", admin.site.urls),
    path("", include("people.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("activities.urls")),
    path("", include("projects.urls")),
    path("", include("volunteers.urls")),
    path("", include("events.urls")),
    path("", include("community.urls")),
]

handler500 = "portal.errors.server_error"
