"""Staff pages of trails and of the words said about their places (S18, L2). Nobody sees anybody's stamps here."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access import minors
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import Act, ActForm, PortalAdmin, PortalInline, Told
from portal.fields import CleanCharField
from projects.admin.on_paper import KeepsOnPaper
from projects.models import Trail, TrailPoint, TrailWord
from projects.operations import trails

State = TrailWord.State


class PointInline(PortalInline, admin.TabularInline):
    model = TrailPoint
    fields = ["piece", "order"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("piece", "trail")


@admin.register(Trail)
class TrailAdmin(KeepsOnPaper, PortalAdmin):
    on_paper = "slug"
    list_display = ["title", "walk_minutes", "wheelchair", "is_published"]
    list_filter = ["is_published"]
    search_fields = ["title", "slug"]
    autocomplete_fields = ["place"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [PointInline]
    fields = ["neighbourhood", "title", "slug", "text", "place", ("walk_minutes", "wheelchair"), "is_published"]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj is not None else super().get_prepopulated_fields(request, obj)

    def view_on_site(self, obj):
        return obj.get_absolute_url()


class ReasonForm(ActForm):
    reason = CleanCharField(
        label=gettext_lazy("why"), max_length=200, help_text=gettext_lazy("Whoever said it reads this.")
    )


def show(request: StaffRequest, word: TrailWord, data: dict) -> str:
    trails.show(word, by=request.user)
    return _("The words are shown now.")


def refuse(request: StaffRequest, word: TrailWord, data: dict) -> str:
    trails.refuse(word, **data, by=request.user)
    return _("The words are not shown; the reason is kept.")


def remove(request: StaffRequest, word: TrailWord, data: dict) -> str:
    trails.remove(word, **data, by=request.user)
    return _("The words are no longer shown; the reason is kept.")


def who_said_it(request: StaffRequest, word: TrailWord) -> Told:
    """L2: who it is, is known to those who may know people; the page shows the chosen name."""
    if word.person is None:
        return Told([_("Whoever said it is not on record.")])
    if word.point.trail.neighbourhood_id not in neighbourhoods_with(request.user, "people.view_person"):
        return Told()
    name = minors.name_for(request.user, word.person)
    return Told([_("Said by %(name)s, shown as “%(chosen)s”.") % {"name": name, "chosen": word.name}])


@admin.register(TrailWord)
class TrailWordAdmin(PortalAdmin):
    neighbourhood_paths = ("point__trail__neighbourhood",)
    list_display = ["words", "name", "place", "said_on", "state"]
    list_filter = ["state", "said_on"]
    list_select_related = ["point__piece"]
    search_fields = ["words", "name"]
    readonly_fields = ["place", "words", "name", "said_on", "state", "reason", "decided_by", "decided_at"]
    fields = [*readonly_fields]
    acts = (
        Act(
            name="show",
            label=gettext_lazy("show"),
            run=show,
            told=who_said_it,
            applies=lambda word: word.state != State.SHOWN,
            css="go",
        ),
        Act(
            name="refuse",
            label=gettext_lazy("do not show"),
            run=refuse,
            told=who_said_it,
            form=ReasonForm,
            applies=lambda word: word.state == State.WAITING,
        ),
        Act(
            name="remove",
            label=gettext_lazy("remove"),
            run=remove,
            told=who_said_it,
            form=ReasonForm,
            applies=lambda word: word.state == State.SHOWN,
            css="danger",
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person", "point__trail", "point__piece", "decided_by")

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("place"))
    def place(self, word):
        return word.point.piece
