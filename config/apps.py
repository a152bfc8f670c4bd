from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Installed only for its management commands (``serve``, ``prepare``); it has no models."""

    name = "config"
