from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Party learning")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from events import registration

        registration.register()
