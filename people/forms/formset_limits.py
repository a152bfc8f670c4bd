"""How many rows a formset may say it has: no more than were sent. Django builds as many as the page claims, thousands."""

from django.forms import formsets
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT, BaseFormSet, ManagementForm
from django.utils.translation import gettext_lazy as _

MOST_ROWS = 1000
MOST_EMPTY = 20  # offered to be filled in, and sent with nothing in them: a tick that is not set sends nothing at all


class RowsThatWereSent(ManagementForm):
    """Refuses numbers of rows that nobody filled in, before one row is built."""

    def clean(self):
        data = super().clean()
        total, initial = data[TOTAL_FORM_COUNT] or 0, data[INITIAL_FORM_COUNT] or 0
        if not 0 <= initial <= MOST_ROWS or not 0 <= total <= min(MOST_ROWS, self._sent() + MOST_EMPTY):
            self.add_error(TOTAL_FORM_COUNT, _("These are more rows than the page has."))
            data |= {TOTAL_FORM_COUNT: 0, INITIAL_FORM_COUNT: 0}
        return data

    def _sent(self) -> int:
        start = f"{self.prefix}-"
        return len({name[len(start) :].partition("-")[0] for name in self.data if name.startswith(start)})


def limit_formsets() -> None:
    """Hold every formset of this process to it, Django's and other packages' too."""
    vars(formsets)["ManagementForm"] = RowsThatWereSent
    sentence = _("A part of this page did not arrive as it was shown. Nothing is saved. Please load the page again.")
    BaseFormSet.default_error_messages = {
        **BaseFormSet.default_error_messages,
        "missing_management_form": sentence,
    }
