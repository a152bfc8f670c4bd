"""Posters and tags of covers, panels and beds, and of trails."""

from people.views import posters

urlpatterns = [
    *posters.paths("place", "<slug:neighbourhood>/places/<slug:code>/"),
    *posters.paths("trail", "<slug:neighbourhood>/trails/<slug:slug>/", prefix="trail-"),
]
