"""The act by which staff say what a shift, a rota or a record worked on."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access.requests import StaffRequest
from people.admin.shared import Act, ActForm
from portal.fields import CleanCharField
from volunteers.forms import CODES
from volunteers.operations import worked_on


class PiecesForm(ActForm):
    codes = CleanCharField(label=gettext_lazy("Worked on"), max_length=200, required=False, help_text=CODES)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if len(self.rows) == 1:
            known = self.rows[0].pieces.order_by("code").values_list("code", flat=True)
            self.fields["codes"].initial = ", ".join(known)


def place_of(row: Any) -> Any:
    return row.team.neighbourhood if not hasattr(row, "neighbourhood") else row.neighbourhood


def on_say(request: StaffRequest, row: Any, data: dict[str, Any]) -> str:
    pieces = worked_on.pieces_named(data["codes"], place_of(row))
    worked_on.say(row, pieces)
    return _("Noted: %(codes)s.") % {"codes": _(", ").join(piece.code for piece in pieces) or "–"}


def pieces_act(**more: Any) -> Act:
    return Act(
        "pieces",
        gettext_lazy("say what was worked on"),
        on_say,
        form=PiecesForm,
        intro=gettext_lazy("Shown on one's own page, and as sums on the page of the cover, panel or bed."),
        **more,
    )
