"""Staff pages of the season plans, in the order of the work: candidates, vote, hands, decision, planting (G2)."""

from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.models import Activity, Status
from people.access import minors
from people.admin.party import covered
from people.admin.shared import Act, ActForm, PortalAdmin, PortalInline, Rows, Told
from people.models import PartnerUnit, Person, Team, User
from portal import clock
from portal.dates import day, moment
from portal.fields import CleanCharField, ManyRows
from portal.forms import field_of
from portal.refusals import in_form
from portal.words import listed, money
from projects.admin.garden import KeepsUnseen, of_the_team
from projects.models import Bed, PlantCandidate, SeasonPlan
from projects.operations import gardening, seasons
from projects.rules import fitting
from projects.rules.season_votes import vote_ended_at

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

Stand = SeasonPlan.Status
MEETINGS = 24  # to choose from, the newest first


class Votes(TypedDict):
    """What ``with_votes`` counts for each candidate."""

    votes: int


class CandidateForm(KeepsUnseen, forms.ModelForm):
    keeps_unseen = ("proposed_by",)

    class Meta:
        widgets = {"beds": forms.CheckboxSelectMultiple}


class CandidateFormSet(Rows):
    """G2, asked with the plan as it is about to be saved; the candidates stand once the vote is open."""

    def clean(self) -> None:
        super().clean()
        if self.instance.status != Stand.COLLECTING:
            return
        for form, data in self.typed():
            chosen, beds = data.get("plant"), data.get("beds")
            if chosen is None or beds is None:
                continue
            with in_form(form, "beds" if fitting.poison(chosen, beds) or not beds else "note"):
                seasons.check_candidate(self.instance, chosen, list(beds), data.get("note", ""))


class CandidateInline(PortalInline, admin.StackedInline):
    model = PlantCandidate
    form = CandidateForm
    formset = CandidateFormSet
    autocomplete_fields = ["plant", "proposed_by"]
    extra = 0

    def get_queryset(self, request):
        self._reader = request.user
        rows = super().get_queryset(request).select_related("plant", "proposed_by", "plan")
        return rows.prefetch_related("beds").with_votes()

    def get_fields(self, request, obj=None):
        numbers = ("quantity", "unit_price")
        if obj is None or obj.status == Stand.COLLECTING:
            return ["plant", "beds", numbers, "proposed_by", "note"]
        return [("plant", "counted"), ("beds", "proposer"), numbers, "note"]

    @admin.display(description=gettext_lazy("proposed by"))
    def proposer(self, candidate):
        return minors.name_for(self._reader, candidate.proposed_by) if candidate.proposed_by else "–"

    def get_readonly_fields(self, request, obj=None):
        if obj is None or obj.status == Stand.COLLECTING:
            return []
        fixed = ["plant", "beds", "proposer", "note", "counted"]
        return fixed if obj.status in {Stand.VOTING, Stand.CLOSED} else [*fixed, "quantity", "unit_price"]

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.status == Stand.COLLECTING)

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and (obj is None or obj.status == Stand.COLLECTING)

    @admin.display(description=gettext_lazy("votes"))
    def counted(self, candidate):
        words = ngettext("%(n)d vote", "%(n)d votes", candidate.votes) % {"n": candidate.votes}
        if candidate.hands is not None:
            words += " · " + _("%(online)d online, %(hands)d by hand") % {
                "online": candidate.online,
                "hands": candidate.hands,
            }
        return f"{words} · {_('chosen')}" if candidate.chosen else words

    def circle(self, request):
        return of_the_team(request)


class OpenForm(ActForm):
    until = forms.SplitDateTimeField(
        label=gettext_lazy("vote until"),
        widget=AdminSplitDateTime(),
        help_text=gettext_lazy("Best until the evening before the monthly meeting, where the others raise a hand."),
    )


def open_vote(request, plan: SeasonPlan, data: dict) -> str:
    seasons.open_vote(plan, until=data["until"], at=clock.now())
    return _("The vote is open until %(moment)s.") % {"moment": moment(data["until"])}


def close_vote(request, plan: SeasonPlan, data: dict) -> str:
    seasons.close_vote(plan)
    return _("The online vote is closed. Now count the hands at the meeting.")


def not_yet(plan: SeasonPlan) -> list[Person]:
    """Members who may still raise a hand."""
    voted = plan.ballots.values("person")
    return list(Person.objects.filter(pk__in=seasons.voters(plan, clock.now())).exclude(pk__in=voted).order_by("name"))


def on_hands(request, plan: SeasonPlan) -> Told:
    left = not_yet(plan)
    names = listed(minors.name_for(request.user, person) for person in left) or "–"
    return Told(
        facts=[
            ngettext("%(n)d member has voted online.", "%(n)d members have voted online.", plan.ballots.count())
            % {"n": plan.ballots.count()},
            _("Count only the hands of those who have not: %(names)s.") % {"names": names},
        ],
        warnings=[_("Whoever voted online does not raise a hand: each member counts once.")],
    )


class HandsForm(ActForm):
    """A number for each candidate of the one plan."""

    room = forms.IntegerField(
        label=gettext_lazy("members in the room who had not voted online"), min_value=0, max_value=999
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = list(self.rows[0].candidates.select_related("plant")) if len(self.rows) == 1 else []
        for candidate in self.candidates:
            self.fields[f"hands_{candidate.pk}"] = forms.IntegerField(
                label=_("hands for %(plant)s") % {"plant": candidate.plant.name},
                min_value=0,
                max_value=999,
                initial=candidate.hands or 0,
            )


def count_hands(request, plan: SeasonPlan, data: dict) -> str:
    hands = {int(name.removeprefix("hands_")): value for name, value in data.items() if name.startswith("hands_")}
    seasons.count_hands(plan, hands, voters_in_room=data["room"], at=clock.now())
    return _("Counted. Online votes and hands stand as one total.")


class DecideForm(ActForm):
    chosen = ManyRows(
        label=gettext_lazy("chosen"), queryset=PlantCandidate.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    meeting = forms.ModelChoiceField(label=gettext_lazy("decided at"), queryset=Activity.objects.none())
    reason = CleanCharField(
        label=gettext_lazy("why not by the votes"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only where something with more votes is not chosen. Public."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if len(self.rows) != 1:
            return
        plan = self.rows[0]
        chosen: Any = self.fields["chosen"]
        chosen.queryset = plan.candidates.with_votes().select_related("plant")
        chosen.label_from_instance = self.words
        chosen.initial = [candidate.pk for candidate in plan.candidates.filter(chosen=True)]
        meeting: Any = self.fields["meeting"]
        meeting.queryset = meetings_for(plan)
        meeting.label_from_instance = lambda one: f"{day(one.starts_at)} {one.title}"
        meeting.initial = plan.decided_by_id

    @staticmethod
    def words(candidate: "WithAnnotations[PlantCandidate, Votes]") -> str:
        votes = ngettext("%(n)d vote", "%(n)d votes", candidate.votes) % {"n": candidate.votes}
        cost = candidate.cost
        price = _("%(sum)s yuan") % {"sum": money(cost)} if cost is not None else _("cost not known yet")
        return f"{candidate.plant}: {votes}, {price}"


def meetings_for(plan: SeasonPlan):
    """The team's meetings, and the deliberations about the project."""
    rows = Activity.objects.filter(neighbourhood=plan.neighbourhood_id, kind__in=["meeting", "deliberation"])
    rows = rows.exclude(status__in=[Status.DRAFT, Status.CANCELLED])
    fitting = rows.filter(Q(team=plan.team_id) | Q(about_projects__project=plan.project_id)).distinct()
    newest = fitting.order_by("-starts_at").values("pk")[:MEETINGS]
    return Activity.objects.filter(pk__in=[row["pk"] for row in newest]).order_by("-starts_at")


def decide(request, plan: SeasonPlan, data: dict) -> str:
    seasons.decide(plan, list(data["chosen"]), meeting=data["meeting"], at=clock.now(), reason=data["reason"])
    return _("Decided. Now it can be planted and written into the planting log.")


class TakeBackForm(ActForm):
    reason = CleanCharField(
        label=gettext_lazy("What is corrected, and why"), max_length=200, help_text=gettext_lazy("Public.")
    )


def take_back(request, plan: SeasonPlan, data: dict) -> str:
    seasons.take_back_decision(plan, reason=data["reason"])
    return _("The choice is taken back. The votes stand; decide anew.")


def on_deciding(request, plan: SeasonPlan) -> Told:
    facts = [_("The budget is %(sum)s yuan.") % {"sum": money(plan.budget)}] if plan.budget is not None else []
    unknown = [one.plant.name for one in plan.candidates.select_related("plant") if one.cost is None]
    missing = _("Numbers or prices are missing for %(plants)s: write them down on the plan first.")
    ended = vote_ended_at(plan)
    facts.append(_("The vote decides: those with the most votes. Of equal ones the meeting chooses."))
    if ended is not None:
        facts.append(_("The vote ended on %(moment)s; the meeting was later.") % {"moment": moment(ended)})
    return Told(facts, [missing % {"plants": listed(unknown)}] if unknown else [])


class PlantForm(ActForm):
    """Which of what was chosen, where, how many."""

    what = forms.ChoiceField(label=gettext_lazy("what and where"))
    quantity = forms.IntegerField(label=gettext_lazy("how many"), min_value=1, max_value=100_000)
    on = forms.DateField(label=gettext_lazy("planted on"), widget=forms.DateInput(attrs={"type": "date"}))
    donor = forms.ModelChoiceField(label=gettext_lazy("given by"), queryset=PartnerUnit.objects.none(), required=False)
    note = CleanCharField(label=gettext_lazy("note"), max_length=200, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()
        self.pairs: dict[str, tuple[PlantCandidate, Bed]] = {}
        if len(self.rows) == 1:
            plan = self.rows[0]
            done = set(plan.plantings.values_list("plant", "bed"))
            for candidate in plan.candidates.filter(chosen=True).select_related("plant").prefetch_related("beds"):
                for bed in candidate.beds.all():
                    if (candidate.plant_id, bed.pk) not in done:
                        self.pairs[f"{candidate.pk}-{bed.pk}"] = (candidate, bed)
            field_of(self, "donor", forms.ModelChoiceField).queryset = PartnerUnit.objects.filter(
                neighbourhood=plan.neighbourhood_id
            )
        field_of(self, "what", forms.ChoiceField).choices = [
            (key, f"{bed.code} {bed.title}: {candidate.plant}") for key, (candidate, bed) in self.pairs.items()
        ]

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("what"):
            data["pair"] = self.pairs[data["what"]]
        return data


def plant(request, plan: SeasonPlan, data: dict) -> str:
    candidate, bed = data["pair"]
    gardening.record_planting(
        bed,
        candidate.plant,
        quantity=data["quantity"],
        on=data["on"],
        plan=plan,
        donor=data["donor"],
        note=data["note"] or candidate.note,
    )
    return _("%(plant)s in %(bed)s: it stands in the planting log.") % {"plant": candidate.plant, "bed": bed.code}


class PlanForm(forms.ModelForm):
    staff: User  # PortalAdmin sets it

    def clean(self):
        data = super().clean() or self.cleaned_data
        project, team = data.get("project"), data.get("team")
        grants = team_grants_of(self.staff)
        if grants is not None and team is not None and team.pk not in grants:
            self.add_error(
                "team", _("This would be outside of what your role covers. Please choose a team that you lead.")
            )
        if project is not None and not self.errors and not Bed.objects.filter(project=project).exists():
            self.add_error("project", _("This project has no beds yet. Add its beds first."))
        return data


def team_grants_of(user) -> set[int] | None:
    """Ids of the teams a plan may be for; None without a limit."""
    rows = Team.objects.filter(covered(user, "projects.change_seasonplan", team="pk"))
    everything = covered(user, "projects.change_seasonplan")
    return None if Team.objects.filter(everything).exists() else set(rows.values_list("pk", flat=True))


@admin.register(SeasonPlan)
class SeasonPlanAdmin(PortalAdmin):
    form = PlanForm
    list_display = ["__str__", "project", "team", "status", "plant_by", "vote_until"]
    list_select_related = ["project", "team"]
    list_filter = ["status", "project", "season", "year"]
    search_fields = ["project__title", "note"]
    inlines = [CandidateInline]
    fields = [
        "neighbourhood",
        ("project", "team"),
        ("season", "year"),
        ("plant_by", "budget"),
        "note",
        ("status", "vote_until", "voters_in_room"),
        "decided_by",
    ]
    acts: ClassVar[tuple[Act, ...]] = (
        Act(
            name="open",
            label=gettext_lazy("open the vote"),
            run=open_vote,
            form=OpenForm,
            applies=lambda plan: plan.status == Stand.COLLECTING,
            many=False,
            css="go",
        ),
        Act(
            name="close",
            label=gettext_lazy("close the vote"),
            run=close_vote,
            applies=lambda plan: plan.status == Stand.VOTING,
            many=False,
        ),
        Act(
            name="hands",
            label=gettext_lazy("count the raised hands"),
            run=count_hands,
            form=HandsForm,
            told=on_hands,
            applies=lambda plan: plan.status == Stand.CLOSED,
            many=False,
        ),
        Act(
            name="decide",
            label=gettext_lazy("decide"),
            run=decide,
            form=DecideForm,
            told=on_deciding,
            applies=lambda plan: plan.status == Stand.CLOSED,
            many=False,
            css="go",
        ),
        Act(
            name="take-back",
            label=gettext_lazy("take the choice back"),
            run=take_back,
            form=TakeBackForm,
            applies=lambda plan: plan.status == Stand.DECIDED and not plan.plantings.exists(),
            many=False,
        ),
        Act(
            name="plant",
            label=gettext_lazy("write down a planting"),
            run=plant,
            form=PlantForm,
            applies=lambda plan: plan.status == Stand.DECIDED,
            many=False,
            css="go",
        ),
    )

    def narrow(self, request, queryset):
        return queryset.filter(covered(request.user, "projects.view_seasonplan", team="team"))

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), "status", "vote_until", "voters_in_room", "decided_by"]
        if obj is not None:
            fields += ["project", "team", "season", "year"]
            if obj.status in {Stand.DECIDED, Stand.PLANTED}:
                fields += ["budget"]
            if obj.status != Stand.COLLECTING:
                fields += ["plant_by"]  # the warnings were answered for this day
        return fields

    def get_fields(self, request, obj=None):
        return super().get_fields(request, obj) if obj is not None else self.fields[:5]

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def get_view_on_site_url(self, obj=None):
        return super().get_view_on_site_url(obj) if obj is not None and obj.pk else None
