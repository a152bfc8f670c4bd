from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Installed in trials and tests only (config/settings/local.py, test.py), for ``load_demo``; it has no models."""

    name = "demo"
