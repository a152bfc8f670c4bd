"""The flowers' year, one season's choice, and writing into a bed's upkeep log."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from people.access.requests import PortalRequest, SignedInRequest
from portal import clock
from portal.page_cache import cached_page
from portal.refusals import as_message, in_form
from projects.forms.garden import UpkeepForm, VoteForm
from projects.models import Bed, Plant, Planting, Project, SeasonPlan
from projects.operations import gardening, seasons
from projects.pages import garden_year
from projects.pages import season as choice


def garden_of(request: PortalRequest, slug: str) -> Project:
    project = Project.objects.visible_to(request.viewer).filter(slug=slug).first()
    if project is None:
        raise Http404
    project.neighbourhood = request.neighbourhood
    return project


@cached_page()
class FlowersPage(TemplateView):
    """What blooms when: the strip, twelve months, the plans, the beds."""

    request: PortalRequest

    template_name = "projects/flowers.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        viewer, today = self.request.viewer, clock.today()
        project = garden_of(self.request, kwargs["garden"])
        beds = list(Bed.objects.visible_to(viewer).filter(project=project).order_by("order", "pk"))
        plans = list(SeasonPlan.objects.visible_to(viewer).filter(project=project).by_time()[:12])
        if not beds and not plans:
            raise Http404
        for row in (*beds, *plans):
            row.neighbourhood, row.project = self.request.neighbourhood, project
        standing = list(
            Planting.objects.standing().filter(bed__in=[bed.pk for bed in beds]).select_related("plant", "bed")
        )
        plants = list(Plant.objects.filter(neighbourhood=viewer.neighbourhood).order_by("name"))
        blooming = {one.bed_id for one in standing if today.month in one.plant.show_months}
        # Not the address's own words: its "neighbourhood" is a slug, the page's is the record.
        return super().get_context_data(
            tab="projects",
            project=project,
            up_url=project.get_absolute_url(),
            seasons=garden_year.strip(viewer, today, project.pk),
            months=garden_year.months(standing, plants, today),
            beds=[
                {
                    "bed": bed,
                    "plants": [one.plant.name for one in standing if one.bed_id == bed.pk],
                    "blooming": bed.pk in blooming,
                }
                for bed in beds
            ],
            plans=plans,
            plants=plants,
        )


class SeasonPage(View):
    """One season's plan: candidates with warnings, votes and what they did last time. Members vote here (POST)."""

    request: SignedInRequest

    plan: SeasonPlan

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        project = garden_of(self.request, kwargs["garden"])
        year_, _dash, season = kwargs["season"].partition("-")
        rows = SeasonPlan.objects.visible_to(self.request.viewer).filter(project=project, season=season)
        plan = rows.filter(year=year_).select_related("team").first() if is_year(year_) else None
        if plan is None:
            raise Http404
        plan.neighbourhood, plan.project = self.request.neighbourhood, project
        self.plan = plan
        if request.method == "POST" and self.request.viewer.person is None:
            return redirect_to_login(plan.get_absolute_url(), reverse("people:join"), "next")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        return self.page(VoteForm(plan=self.plan))

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        form = VoteForm(request.POST, plan=self.plan)
        person, at = request.viewer.known_person, clock.now()
        if "take-back" in request.POST:
            with as_message(request):
                seasons.take_back_vote(self.plan, person, at=at)
                messages.success(request, _("Your vote is taken back. You can vote anew."))
            return HttpResponseRedirect(self.plan.get_absolute_url() + "#vote")
        if not form.is_valid():
            return self.page(form)
        with in_form(form):
            seasons.vote(self.plan, person, list(form.cleaned_data["candidates"]), at=at)
            messages.success(request, _("Thank you, your vote is counted."))
            return HttpResponseRedirect(self.plan.get_absolute_url() + "#vote")
        return self.page(form)

    def page(self, form: VoteForm) -> HttpResponse:
        context = choice.context(self.plan, self.request.viewer, clock.now())
        ticked = {str(value) for value in form["candidates"].value() or []} if form.is_bound else set()
        return render(self.request, "projects/season.html", {**context, "form": form, "ticked": ticked})


def is_year(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) == 4


class UpkeepPage(View):
    """A page of its own, because the bed's page is one that caches keep."""

    request: SignedInRequest

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        bed = Bed.objects.visible_to(self.request.viewer).filter(code=kwargs["code"]).select_related("project").first()
        if bed is None:
            raise Http404
        bed.neighbourhood = self.request.neighbourhood
        self.bed = bed
        if self.request.viewer.person is None:
            return redirect_to_login(request.path, reverse("people:join"), "next")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        return self.page(UpkeepForm())

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        form = UpkeepForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        data = form.cleaned_data
        with in_form(form):
            gardening.log_upkeep(
                self.bed,
                work=data["work"],
                on=data["done_on"],
                text=data["text"],
                picture=data["picture"],
                alt=data["alt"],
                by=request.viewer.known_person,
                at=clock.now(),
                added_by=request.user,
            )
            messages.success(request, _("Thank you, it stands in the log."))
            return redirect(self.bed)
        return self.page(form)

    def page(self, form: UpkeepForm) -> HttpResponse:
        may = gardening.keeps(self.bed, self.request.viewer.known_person, clock.today())
        return render(
            self.request, "projects/upkeep.html", {"bed": self.bed, "form": form, "may": may, "tab": "projects"}
        )
