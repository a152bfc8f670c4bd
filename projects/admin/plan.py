"""Staff pages of the plan: the picture, and each place put on it by a click (L5)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import Button, PortalAdmin, page
from people.media.pictures import shown
from people.models import Building, Location
from portal.fields import CleanCharField, is_id
from portal.files import PictureField
from portal.refusals import as_message, in_form
from projects.models import Piece, PlanPicture
from projects.operations import plan as operations

CLICK_WIDTH = 1000  # pixels across the picture that is clicked on


@dataclass(frozen=True)
class Placeable:
    """Rows with x and y that staff put on the plan. ``may``: the permission to change them."""

    code: str
    label: Any
    model: type[Model]
    may: str
    order: tuple[str, ...]


PLACEABLE = [
    Placeable("piece", gettext_lazy("Covers, panels, beds"), Piece, "projects.change_cover", ("kind", "order", "pk")),
    Placeable("place", gettext_lazy("Places"), Location, "people.change_location", ("pk",)),
    Placeable("building", gettext_lazy("Buildings"), Building, "people.change_building", ("compound", "pk")),
]


class PlanForm(forms.ModelForm):
    upload = PictureField(
        label=gettext_lazy("picture"),
        required=False,
        help_text=gettext_lazy(
            "JPEG, PNG or WebP. A new one takes the place of the old, and all pins stay where they are."
        ),
    )
    title = CleanCharField(label=gettext_lazy("title"), max_length=80)
    notice = CleanCharField(
        label=pgettext_lazy("below a picture", "notice"),
        max_length=200,
        help_text=gettext_lazy("That it is a sketch and no survey; stands below the picture."),
    )
    text_alternative = CleanCharField(
        label=gettext_lazy("the same in words"),
        lines=True,
        help_text=gettext_lazy("For those who cannot see the picture."),
    )


class NumbersForm(forms.Form):
    """Where it stands, in numbers; both empty takes it off."""

    x = forms.DecimalField(label=gettext_lazy("from the left, %"), max_digits=5, decimal_places=2, required=False)
    y = forms.DecimalField(label=gettext_lazy("from the top, %"), max_digits=5, decimal_places=2, required=False)


@admin.register(PlanPicture)
class PlanPictureAdmin(PortalAdmin):
    form = PlanForm
    list_display = ["title", "neighbourhood"]
    search_fields = ["title"]
    fields = ["neighbourhood", "title", "notice", "text_alternative", "upload"]

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/pins/", view(self.pins_view), name="projects_planpicture_pins"),
            path("<int:pk>/pins/<slug:kind>/<int:thing>/", view(self.pin_view), name="projects_planpicture_pin"),
        ]
        return own + super().get_urls()

    def buttons(self, request, obj):
        url = reverse("admin:projects_planpicture_pins", args=[obj.pk])
        return [Button(url, _("Put places on it"), "go"), *super().buttons(request, obj)]

    def view_on_site(self, obj):
        return reverse("projects:plan", args=[obj.neighbourhood.slug])

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("upload"):
            with as_message(request):
                operations.show_picture(obj, form.cleaned_data["upload"], by=request.user)

    # --- pins ---

    def plan_of(self, request: StaffRequest, pk: int) -> PlanPicture:
        plan = self.get_object(request, str(pk))
        if plan is None:
            raise Http404
        return plan

    def kinds_for(self, request: StaffRequest, plan: PlanPicture) -> list[Placeable]:
        return [kind for kind in PLACEABLE if plan.neighbourhood_id in neighbourhoods_with(request.user, kind.may)]

    def things(self, plan: PlanPicture, kind: Placeable) -> list[Any]:
        rows = kind.model._default_manager.filter(neighbourhood=plan.neighbourhood_id).order_by(*kind.order)
        return list(rows.select_related("compound") if kind.model is Building else rows)

    def pin_url(self, plan: PlanPicture, kind: Placeable, thing: Any) -> str:
        return reverse("admin:projects_planpicture_pin", args=[plan.pk, kind.code, thing.pk])

    def pins_view(self, request: StaffRequest, pk: int) -> HttpResponseBase:
        plan = self.plan_of(request, pk)
        groups = [
            {
                "label": kind.label,
                "rows": [
                    {"title": str(row), "url": self.pin_url(plan, kind, row), "x": row.x, "y": row.y}
                    for row in self.things(plan, kind)
                ],
            }
            for kind in self.kinds_for(request, plan)
        ]
        return page(
            self,
            request,
            title=_("Put places on the plan"),
            submit="",
            back=reverse("admin:projects_planpicture_change", args=[plan.pk]),
            template="admin/portal/plan_pins.html",
            groups=groups,
        )

    def pin_view(self, request: StaffRequest, pk: int, kind: str, thing: int) -> HttpResponseBase:
        plan = self.plan_of(request, pk)
        found = next((one for one in self.kinds_for(request, plan) if one.code == kind), None)
        rows = self.things(plan, found) if found is not None else []
        row = next((one for one in rows if one.pk == thing), None)
        if found is None or row is None:
            raise Http404
        image = shown(plan.photo)
        ratio = image.height / image.width if image and image.width and image.height else 0.625
        height = round(CLICK_WIDTH * ratio)
        form = NumbersForm(request.POST if "numbers" in request.POST else None, initial={"x": row.x, "y": row.y})
        if request.method == "POST":
            spot = self.spot(request, form, height)
            if spot is not None:
                with in_form(form) if form.is_bound else as_message(request):
                    operations.place(row, x=spot[0], y=spot[1])
                    self.log_change(request, plan, f"{row}: {spot[0]}, {spot[1]}")
                    messages.success(request, _("“%(thing)s” is placed.") % {"thing": row})
                    after = next((one for one in rows if one.x is None and one.pk != row.pk), None)
                    if after is None:
                        return HttpResponseRedirect(reverse("admin:projects_planpicture_pins", args=[plan.pk]))
                    return HttpResponseRedirect(self.pin_url(plan, found, after))
        return page(
            self,
            request,
            title=_("Where is “%(thing)s”?") % {"thing": row},
            submit=_("Save the numbers"),
            form=form,
            intro=_("Click on the spot in the picture, or type the numbers below."),
            back=reverse("admin:projects_planpicture_pins", args=[plan.pk]),
            hidden=[("numbers", "1")],
            template="admin/portal/plan_pin.html",
            image=image,
            width=CLICK_WIDTH,
            height=height,
            mark=self.mark(row, height),
        )

    def spot(
        self, request: StaffRequest, form: NumbersForm, height: int
    ) -> tuple[Decimal | None, Decimal | None] | None:
        """What was clicked or typed; None where it cannot be used, which the page then says."""
        if "numbers" in request.POST:
            return (form.cleaned_data["x"], form.cleaned_data["y"]) if form.is_valid() else None
        clicked = [request.POST.get(name, "") for name in ("at.x", "at.y")]
        if not all(is_id(value) and len(value) < 6 for value in clicked):
            messages.error(request, _("That was no spot in the picture. Please click once more, or type the numbers."))
            return None
        x, y = (int(value) for value in clicked)
        if x == y == 0:  # the picture was "pressed" with a key, which tells no spot
            messages.error(request, _("A key cannot point at a spot: please type the numbers below."))
            return None
        hundredth = Decimal("0.01")
        return (
            (Decimal(x) * 100 / CLICK_WIDTH).quantize(hundredth),
            (Decimal(y) * 100 / height).quantize(hundredth),
        )

    @staticmethod
    def mark(row: Any, height: int) -> dict | None:
        if row.x is None or row.y is None:
            return None
        return {"x": round(float(row.x) * CLICK_WIDTH / 100), "y": round(float(row.y) * height / 100)}
