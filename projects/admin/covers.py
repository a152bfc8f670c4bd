"""Staff pages of manhole covers: the register, the owner's yes, a whole round on a phone, what has to be seen to (P4)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.fields import ScanField
from people.admin.shared import Act, ActForm, Button, ListFilter, PortalAdmin, PortalInline, Told, list_url, page
from portal import clock
from portal.dates import day_year
from portal.fields import CleanCharField
from portal.refusals import in_form
from projects.admin.piece import PIECE_PHOTOS, PiecePhotoInline
from projects.models import Cover, CoverArtist, CoverInspection, CoverRepaint
from projects.operations import covers

Condition = CoverInspection.Condition
INSPECT = "projects.add_coverinspection"


class State(ListFilter):
    """What has to be done."""

    title = gettext_lazy("to be done")
    parameter_name = "todo"

    def lookups(self, request, model_admin):
        return [
            ("due", _("inspection due")),
            ("faded", _("faded, to be repainted")),
            ("loose", _("loose, not passed on")),
            ("owner", _("owner not asked")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "due":
                return queryset.due(clock.today())
            case "faded":
                return queryset.faded()
            case "loose":
                return queryset.filter(loose_open=True)
            case "owner":
                return queryset.filter(consent_on=None)
        return queryset


class DayField(forms.DateField):
    """A day up to today; today is filled in."""

    def __init__(self, **kwargs) -> None:
        super().__init__(widget=AdminDateWidget(), initial=clock.today, **kwargs)


class ConsentForm(ActForm):
    said_by = CleanCharField(label=gettext_lazy("who said yes for the owner"), max_length=80)
    said_on = DayField(label=gettext_lazy("on"))
    sheet = ScanField(label=gettext_lazy("the owner's paper"))


class PaintForm(ActForm):
    painted_on = DayField(label=gettext_lazy("painted on"))
    anti_slip = forms.BooleanField(label=gettext_lazy("Anti-slip paint was used"), required=False)


class RepaintForm(ActForm):
    painted_on = DayField(label=gettext_lazy("repainted on"))
    note = CleanCharField(label=gettext_lazy("note"), max_length=200, required=False)


class PassOnForm(ActForm):
    to = CleanCharField(
        label=gettext_lazy("passed on to"),
        max_length=120,
        help_text=gettext_lazy("The property company, the owner, a number."),
    )
    on = DayField(label=gettext_lazy("on"))


def publish(request: StaffRequest, cover: Cover, data: dict) -> str:
    covers.publish(cover)
    return _("The cover is shown now.")


def withdraw(request: StaffRequest, cover: Cover, data: dict) -> str:
    covers.withdraw(cover)
    return _("The cover is no longer shown.")


def consent(request: StaffRequest, cover: Cover, data: dict) -> str:
    covers.record_consent(cover, said_by=data["said_by"], said_on=data["said_on"], sheet=data["sheet"], by=request.user)
    return _("The owner's yes is recorded.")


def paint(request: StaffRequest, cover: Cover, data: dict) -> str:
    covers.paint(cover, **data)
    return _("The painting is recorded.")


def repaint(request: StaffRequest, cover: Cover, data: dict) -> str:
    covers.repaint(cover, **data, entered_by=request.user)
    return _("The repainting is recorded.")


def pass_on(request: StaffRequest, cover: Cover, data: dict) -> str:
    covers.pass_all_on(cover, **data)
    return _("Passed on. It no longer stands on the first page.")


def owner_told(request: StaffRequest, cover: Cover) -> Told:
    facts = [_("The owner: %(owner)s.") % {"owner": cover.owner}]
    if cover.has_consent:
        facts.append(_("%(name)s said yes on %(day)s.") % {"name": cover.consent_by, "day": day_year(cover.consent_on)})
        return Told(facts)
    return Told(facts, [_("The owner has not said yes yet.")])


def may_inspect(model_admin: Any, request: StaffRequest, cover: Cover) -> bool:
    return cover.neighbourhood_id in neighbourhoods_with(request.user, INSPECT)


class ArtistInline(PortalInline, admin.TabularInline):
    model = CoverArtist
    fields = ["person", "order"]
    autocomplete_fields = ["person"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person", "cover")


class InspectionForm(forms.ModelForm):
    note = CleanCharField(label=gettext_lazy("note"), max_length=200, required=False)
    action = CleanCharField(label=gettext_lazy("what is to be done"), max_length=120, required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        day = data.get("inspected_on")
        cover = self.instance.cover if self.instance.cover_id else data.get("cover")
        if day and cover:
            with in_form(self, "inspected_on"):
                covers.check_inspection(cover, day)
        return data


class InspectionInline(PortalInline, admin.TabularInline):
    model = CoverInspection
    form = InspectionForm
    fields = ["inspected_on", "inspected_by", "condition", "note", "action", "passed_to", "passed_on"]
    readonly_fields = ["passed_to", "passed_on"]
    autocomplete_fields = ["inspected_by"]
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("inspected_by", "cover")


class RepaintInline(PortalInline, admin.TabularInline):
    model = CoverRepaint
    fields = ["painted_on", "note"]
    extra = 0
    max_num = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("cover")


class RoundForm(forms.Form):
    """One round along all covers: the day, who walked it, and for each cover one of three words."""

    on = DayField(label=gettext_lazy("looked at on"))

    def __init__(self, *args, covers: list[Cover], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.covers = covers
        choices = [("", _("not looked at")), *Condition.choices]
        for cover in covers:
            self.fields[f"c{cover.pk}"] = forms.ChoiceField(
                label=str(cover), choices=choices, required=False, widget=forms.RadioSelect
            )
            self.fields[f"n{cover.pk}"] = CleanCharField(
                label=_("Note on %(cover)s") % {"cover": cover.code}, max_length=200, required=False
            )

    def found(self) -> list[covers.Seen]:
        data = self.cleaned_data
        return [
            covers.Seen(cover, condition, data.get(f"n{cover.pk}", ""))
            for cover in self.covers
            if (condition := data.get(f"c{cover.pk}"))
        ]

    def clean(self):
        data = super().clean() or self.cleaned_data
        for cover in self.covers:
            if data.get(f"n{cover.pk}") and not data.get(f"c{cover.pk}"):
                self.add_error(f"c{cover.pk}", _("Say how it was, too: good, faded or loose."))
        if not self.errors and not self.found():
            raise forms.ValidationError(_("Nothing is ticked: choose for each cover that you looked at how it was."))
        return data


@admin.register(Cover)
class CoverAdmin(PortalAdmin):
    change_list_template = "admin/portal/covers.html"
    list_display = ["code", "title", "utility", "owner_state", "last_look", "next_look", "is_published"]
    list_display_links = ["code", "title"]
    list_filter = [State, "utility", "theme", "is_published"]
    search_fields = ["code", "title", "message"]
    ordering = ["order", "pk"]
    autocomplete_fields = ["project", "place"]
    inlines = [ArtistInline, PiecePhotoInline, InspectionInline, RepaintInline]
    readonly_fields = ["is_published", "consent_by", "consent_on", "sheet", "painted_on", "anti_slip"]
    fieldsets = [
        (
            None,
            {"fields": ["neighbourhood", "project", ("code", "order"), "title", "theme", "message", "is_published"]},
        ),
        (gettext_lazy("The cover"), {"fields": ["utility", "mark", "diameter_cm", "place", ("x", "y")]}),
        (gettext_lazy("The owner"), {"fields": ["owner", ("consent_by", "consent_on"), "sheet"]}),
        (gettext_lazy("The painting"), {"fields": ["team", ("painted_on", "anti_slip")]}),
    ]
    acts = (
        PIECE_PHOTOS,
        Act(
            name="consent",
            label=gettext_lazy("owner said yes"),
            run=consent,
            form=ConsentForm,
            told=owner_told,
            many=False,
        ),
        Act(
            name="paint",
            label=gettext_lazy("was painted"),
            run=paint,
            form=PaintForm,
            told=owner_told,
            applies=lambda cover: cover.painted_on is None,
        ),
        Act(
            name="publish",
            label=gettext_lazy("publish"),
            run=publish,
            told=owner_told,
            applies=lambda cover: not cover.is_published,
        ),
        Act(
            name="withdraw",
            label=gettext_lazy("no longer show"),
            run=withdraw,
            applies=lambda cover: cover.is_published,
            css="danger",
        ),
        Act(
            name="repaint",
            label=gettext_lazy("was repainted"),
            run=repaint,
            form=RepaintForm,
            applies=lambda cover: cover.painted_on is not None,
            may=may_inspect,
        ),
        Act(
            name="pass-on",
            label=gettext_lazy("loose: passed on"),
            run=pass_on,
            form=PassOnForm,
            applies=lambda cover: cover.loose_open,
            may=may_inspect,
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_upkeep().select_related("neighbourhood")

    @admin.display(description=gettext_lazy("owner said yes"), boolean=True)
    def owner_state(self, cover):
        return cover.has_consent

    @admin.display(description=gettext_lazy("last inspection"), ordering="seen_on")
    def last_look(self, cover):
        if cover.seen_on is None:
            return "–"
        return f"{day_year(cover.seen_on)} {Condition(cover.seen_condition).label}"

    @admin.display(description=gettext_lazy("due by"))
    def next_look(self, cover):
        due = cover.next_inspection(cover.seen_on)
        return day_year(due) if due else "–"

    @admin.display(description=gettext_lazy("the owner's paper"))
    def sheet(self, cover):
        return cover.consent_sheet or "–"

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def notes(self, request, obj):
        if obj.utility in Cover.NEVER_PAINTED:
            return [_("Covers over gas and electricity are never painted: it stays in the register only.")]
        if not obj.has_consent:
            return [_("Before it is painted or shown, ask the owner and record the yes above.")]
        return []

    # --- a whole round ---

    def get_urls(self):
        own = path("round/", self.admin_site.admin_view(self.round_view), name="projects_cover_round")
        return [own, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        may = bool(neighbourhoods_with(request.user, INSPECT))
        rounds = [Button(reverse("admin:projects_cover_round"), _("Enter a whole round"), "go")] if may else []
        return super().changelist_view(request, {**(extra_context or {}), "rounds": rounds})

    def round_view(self, request: StaffRequest) -> HttpResponseBase:
        neighbourhoods = neighbourhoods_with(request.user, INSPECT)
        rows = list(self.get_queryset(request).filter(neighbourhood__in=neighbourhoods, painted_on__isnull=False))
        if not rows:
            messages.error(
                request,
                _(
                    "There is no painted cover to look at, or it is none of yours. Please record the painting of a cover first."
                ),
            )
            return HttpResponseRedirect(list_url(Cover))
        form = RoundForm(request.POST if request.method == "POST" else None, covers=rows)
        if request.method == "POST" and form.is_valid():
            with in_form(form):
                made = covers.record_round(
                    form.found(),
                    inspected_on=form.cleaned_data["on"],
                    inspected_by=request.user.people.filter(neighbourhood=rows[0].neighbourhood).first(),
                    entered_by=request.user,
                )
                text = ngettext("%(n)d inspection is recorded.", "%(n)d inspections are recorded.", made)
                messages.success(request, text % {"n": made})
                return HttpResponseRedirect(list_url(Cover))
        return page(
            self,
            request,
            title=_("A round along the covers"),
            submit=_("Save the round"),
            form=form,
            intro=_("Choose how each cover was that you looked at. What is left open is not counted."),
            back=list_url(Cover),
        )
