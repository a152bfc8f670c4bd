"""How the wall was made; the told stories, sending one in and taking it back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from people.access.public_names import credits
from people.access.requests import PortalRequest, SignedInRequest
from people.access.viewer import is_marked
from people.media.pictures import shown_all
from portal import clock
from portal.dates import day, days
from portal.page_cache import cached_page
from portal.paging import PagedListView
from portal.refusals import as_message, in_form
from portal.words import listed
from projects.forms.wall import StoryForm
from projects.models import OralHistory, Project, Wall, WallStage
from projects.operations import stories

PER_PAGE = 24


@cached_page()
class WallPage(TemplateView):
    """The wall's facts, the steps of the work, what the surveys found."""

    request: PortalRequest

    template_name = "projects/wall.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        seen = Project.objects.visible_to(self.request.viewer).filter(slug=kwargs["wall"])
        wall = Wall.objects.filter(project__in=seen.order_by().values("pk")).select_related("project", "place").first()
        if wall is None:
            raise Http404
        wall.project.neighbourhood = self.request.neighbourhood
        today = clock.today()
        return super().get_context_data(
            tab="projects",
            wall=wall,
            project=wall.project,
            up_url=wall.project.get_absolute_url(),
            stages=[stage_item(stage, today) for stage in wall.stages.all()],
            surveys=list(wall.surveys.order_by("-surveyed_on", "-pk")),
        )


def stage_item(stage: WallStage, today) -> dict:
    """What ``components/_stages.html`` draws."""
    when = ""
    if stage.start is not None and stage.end is not None:
        when = day(stage.start) if stage.start == stage.end else days(stage.start, stage.end)
    elif stage.start is not None:
        when = _("since %(day)s") % {"day": day(stage.start)}
    who = "" if stage.who == WallStage.Who.NOBODY else stage.get_who_display()
    return {
        "title": str(stage),
        "when": when,
        "text": " · ".join(filter(None, [str(who), stage.note])),
        "correction": stage.correction,
        "live": stage.start is not None and stage.start <= today and stage.end is None,
        "later": stage.start is None or stage.start > today,
    }


@cached_page("page")
class StoryList(PagedListView):
    request: PortalRequest
    template_name = "projects/stories.html"
    paginate_by = PER_PAGE
    extra_context = {"tab": "projects"}

    def get_queryset(self):
        rows = OralHistory.objects.visible_to(self.request.viewer).filter(state=OralHistory.State.PUBLISHED)
        return rows.order_by("-told_on", "-pk")

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["stories"] = list(context["page_obj"].object_list)
        for story in context["stories"]:
            story.neighbourhood = self.request.neighbourhood
        context["tell_url"] = reverse("projects:story-tell", args=[self.request.neighbourhood.slug])
        return context


def story_of(request: PortalRequest, pk: int) -> OralHistory:
    """One the reader may see; one's own whatever became of it."""
    if pk > 2**63 - 1:
        raise Http404
    viewer = request.viewer
    story = OralHistory.objects.filter(neighbourhood=viewer.neighbourhood, pk=pk).select_related("project").first()
    if story is None:
        raise Http404
    seen = story.state == OralHistory.State.PUBLISHED or viewer.has_perm("projects.change_oralhistory")
    if not seen and not stories.may_take_back(story, viewer.person):
        raise Http404
    story.neighbourhood = request.neighbourhood
    return story


@cached_page()
class StoryPage(TemplateView):
    request: PortalRequest
    template_name = "projects/story.html"

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        story = story_of(self.request, kwargs["pk"])
        links = story.story_photos.select_related("photo") if story.photo_agreed else []
        mine = stories.may_take_back(story, self.request.viewer.person)
        project = story.project if story.project is not None and story.project.is_published else None
        if project is not None:
            project.neighbourhood = story.neighbourhood
        return super().get_context_data(
            tab="projects",
            story=story,
            project=project,
            photos=shown_all(link.photo for link in links),
            written_by=listed(credits(story.interviewers.all(), story.told_on)),
            up_url=reverse("projects:stories", args=[story.neighbourhood.slug]),
            take_back_url=reverse("projects:story-take-back", args=[story.neighbourhood.slug, story.pk])
            if mine
            else "",
        )


class TellPage(View):
    """A resident sends a story in; whoever is signed out signs in first and comes back."""

    request: SignedInRequest

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if self.request.viewer.person is None:
            return redirect_to_login(request.path, reverse("people:join"), "next")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        return self.page(StoryForm())

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        form = StoryForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        with in_form(form):
            story = stories.send(
                form.told(),
                neighbourhood=request.neighbourhood,
                by=request.viewer.known_person,
                user=request.user,
                at=clock.now(),
            )
            messages.success(
                request, _("Thank you for telling. The committee reads it and writes here what becomes of it.")
            )
            return HttpResponseRedirect(story.get_absolute_url())
        return self.page(form)

    def page(self, form: StoryForm) -> HttpResponse:
        up_url = reverse("projects:stories", args=[self.request.neighbourhood.slug])
        return render(self.request, "projects/story_tell.html", {"form": form, "tab": "projects", "up_url": up_url})


class TakeBackPage(View):
    """One question and one button (V5: as easily as it was given)."""

    request: SignedInRequest

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args, **kwargs):
        if self.request.viewer.person is None:
            return redirect_to_login(request.path, reverse("people:join"), "next")
        self.story = story_of(self.request, kwargs["pk"])
        if not stories.may_take_back(self.story, self.request.viewer.person):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        return render(request, "projects/story_take_back.html", {"story": self.story, "tab": "projects"})

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        with as_message(request):
            stories.take_back(self.story, by=request.viewer.known_person, user=request.user, at=clock.now())
            messages.success(request, _("It is taken back. Nobody reads it any more."))
        return HttpResponseRedirect(reverse("projects:stories", args=[request.neighbourhood.slug]))


def my_stories(request: PortalRequest):
    """On "me": what one sent in, and what became of it."""
    person = request.viewer.person
    if person is None or not is_marked(person, "has_stories"):
        return None
    rows = list(OralHistory.objects.filter(sent_by=person).order_by("-sent_at", "-pk")[:12])
    for story in rows:
        story.neighbourhood = person.neighbourhood
    return ("projects/_my_stories.html", {"stories": rows}) if rows else None
