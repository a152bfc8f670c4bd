from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The ground floor: no models, but the template tags that every page uses."""

    name = "portal"
