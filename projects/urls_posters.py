"""Posters and tags of covers, panels and beds."""

from people.views import posters

urlpatterns = posters.paths("place", "<slug:neighbourhood>/places/<slug:code>/")
