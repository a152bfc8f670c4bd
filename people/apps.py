from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from simple_history.signals import pre_create_historical_record

from people.forms.formset_limits import limit_formsets
from portal import clock
from portal.fields import say_what_is_missing
from portal.page_cache import version


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People and places")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        say_what_is_missing()  # before any form is made
        limit_formsets()
        from people import registration
        from people.models import TrialClock

        clock.keep_trial_time_in(TrialClock)
        pre_create_historical_record.connect(date_by_the_clock, dispatch_uid="history date")
        registration.register()
        version.watch_connections()


def date_by_the_clock(sender, history_instance, **kwargs) -> None:
    """History is domain data: it carries the portal's time, not the machine's."""
    history_instance.history_date = clock.now()
