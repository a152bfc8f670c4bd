from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = _("What happens and who comes")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from activities import registration

        registration.register()
