"""Following a project: the button on its page, the page for whoever has to be asked something first, the list under "me"."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from people.access.requests import PortalRequest, SignedInRequest
from people.access.viewer import is_marked
from people.forms.coming_in import KnowMeForm
from people.models import Person
from portal import clock, tokens
from portal.addresses import wanted_page
from portal.cookies import as_the_mail_spoke
from portal.fields import is_id
from portal.panels import Part
from portal.refusals import caught, in_form
from projects.emails import UNFOLLOW
from projects.models import Follow, Project
from projects.operations import following
from projects.pages.sections import ProjectPage


@method_decorator(never_cache, name="dispatch")
class FollowPage(View):
    """GET shows one button and changes nothing; POST follows or, with ``stop``, no longer does."""

    request: SignedInRequest

    project: Project

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        found = Project.objects.visible_to(self.request.viewer).filter(slug=kwargs["slug"], is_published=True).first()
        if found is None:
            raise Http404
        self.project = found
        self.project.neighbourhood = self.request.neighbourhood
        if self.request.viewer.is_anonymous:
            return HttpResponseRedirect(f"{reverse('people:join')}?{urlencode({'next': request.path})}")
        return super().dispatch(request, *args, **kwargs)

    @property
    def reader(self) -> Person | None:
        return self.request.viewer.person

    def get(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        return self.page()

    def post(self, request: SignedInRequest, *args, **kwargs) -> HttpResponse:
        if self.reader is None:
            return self.become_known()
        if "stop" in request.POST:
            following.unfollow(self.project, self.reader)
            messages.success(request, _("You no longer follow “%(title)s”.") % {"title": self.project.title})
            return self.back()
        with caught() as no:
            following.follow(self.project, self.reader, at=clock.now(), says_adult=bool(request.POST.get("adult")))
            return self.thank()
        return self.page(refusal=no.sentence)

    def become_known(self) -> HttpResponse:
        form = KnowMeForm(self.request.POST)
        if not form.is_valid():
            return self.page(form=form)
        with in_form(form):
            following.follow_as_newcomer(self.project, self.request.user, at=clock.now(), **form.answers())
            return self.thank()
        return self.page(form=form)

    def thank(self) -> HttpResponse:
        messages.success(
            self.request,
            _("You follow “%(title)s”. When there is news, we write on Friday evening, once a week at most.")
            % {"title": self.project.title},
        )
        return self.back()

    def back(self) -> HttpResponse:
        return redirect(wanted_page(self.request) or self.project.get_absolute_url())

    def page(self, **more: Any) -> HttpResponse:
        reader = self.reader
        context = {
            "project": self.project,
            "follows": reader is not None and reader.follows.filter(project=self.project).exists(),
            "form": KnowMeForm() if reader is None else None,
            "tab": "projects",
            **more,
        }
        return render(self.request, "projects/follow.html", context)


# In a mail program's own browser no cookie comes back; the signed token says who asks, so a forged form could do no more.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class UnfollowPage(View):
    """Where the week's mail leads whoever has enough of one project: no log-in, one button, and looking changes nothing."""

    request: PortalRequest

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args, token: str, **kwargs) -> HttpResponseBase:
        try:
            data = tokens.read(UNFOLLOW, token)
        except tokens.Unreadable as refusal:
            return self.refuse(request, expired=refusal.expired)
        people = data.get("people")
        keys = [pk for pk in people if is_id(pk)] if isinstance(people, list) else []
        found = Project.objects.filter(pk=data["project"] if is_id(data.get("project")) else 0, is_published=True)
        project = found.select_related("neighbourhood").first()
        readers = list(Person.objects.filter(pk__in=keys, anonymised_at=None))
        if project is None or not readers:
            return self.refuse(request, expired=False)
        self.project, self.readers = project, readers
        self.request.neighbourhood = project.neighbourhood
        with as_the_mail_spoke(request, readers[0].language):
            return super().dispatch(request, *args, **kwargs)

    def get(self, request: PortalRequest) -> HttpResponse:
        follows = Follow.objects.filter(person__in=self.readers, project=self.project).exists()
        return self.page(request, over=not follows)

    def post(self, request: PortalRequest) -> HttpResponse:
        for reader in self.readers:
            following.unfollow(self.project, reader)
        return self.page(request, over=True)

    def page(self, request: PortalRequest, **context: Any) -> HttpResponse:
        context |= {"project": self.project, "tab": "projects"}
        return render(request, "projects/unfollow.html", context)

    def refuse(self, request: HttpRequest, *, expired: bool) -> HttpResponse:
        if expired:
            text = _("This link is too old. You can end it on the project's page, or under “Me”.")
        else:
            text = _("This link is not complete. Please open it from the mail again, or end it under “Me”.")
        return render(request, "projects/unfollow.html", {"refusal": text}, status=410 if expired else 404)


def button(page: ProjectPage) -> Part | None:
    """On a project's page, for everybody: whoever is signed out is asked to sign in."""
    if not page.project.is_published:
        return None
    url = reverse("projects:follow", args=[page.project.neighbourhood.slug, page.project.slug])
    return "projects/_follow.html", {
        "follow_url": url,
        "follows": page.project.is_followed,
        "may_press": page.viewer.person is not None,
    }


def my_follows(request: PortalRequest) -> Part | None:
    """The projects that the reader follows, each with the button that ends it."""
    person = request.viewer.person
    if person is None or not is_marked(person, "has_follows"):
        return None
    rows = list(Follow.objects.filter(person=person, project__is_published=True).select_related("project")[:50])
    for row in rows:
        row.project.neighbourhood = person.neighbourhood
    return ("projects/_my_follows.html", {"follows": rows}) if rows else None
