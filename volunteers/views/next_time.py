"""What somebody wants to be told of when hands are missing; the mails come by staff's call only."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from people import outbox
from people.access.requests import SignedInRequest
from people.views.me import OwnPage
from portal import clock
from portal.refusals import in_form
from volunteers import emails
from volunteers.forms import NextTimeForm
from volunteers.models import Interest
from volunteers.operations import helping


class NextTimeView(OwnPage, View):
    """``?project=slug`` and ``?team=code`` tick beforehand what the reader came from; nothing counts until it is sent."""

    def form(self, data: Any = None, **kwargs: Any) -> NextTimeForm:
        neighbourhood = self.request.neighbourhood
        return NextTimeForm(
            data, projects=helping.free_projects(neighbourhood), teams=helping.free_teams(neighbourhood), **kwargs
        )

    def get(self, request: SignedInRequest) -> HttpResponse:
        rows = list(Interest.objects.filter(person=self.person).select_related("project", "team"))
        project, team = request.GET.get("project", ""), request.GET.get("team", "")
        neighbourhood = request.neighbourhood
        initial = {
            "anything": any(row.project_id is None and row.team_id is None for row in rows),
            "projects": [row.project_id for row in rows if row.project_id]
            + [one.pk for one in helping.free_projects(neighbourhood) if one.slug == project],
            "teams": [row.team_id for row in rows if row.team_id]
            + [one.pk for one in helping.free_teams(neighbourhood) if one.code == team],
        }
        return self.page(self.form(initial=initial))

    def page(self, form: NextTimeForm) -> HttpResponse:
        context = {
            "form": form,
            "is_adult": self.person.is_adult_on(clock.today()),
            "is_off": emails.HELP_WANTED.code in outbox.stopped(self.person),
            "by_phone": not outbox.address_of(self.person),
            "tab": "me",
        }
        return render(self.request, "volunteers/next_time.html", context)

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        data = form.cleaned_data
        projects, teams = list(data.get("projects") or []), list(data.get("teams") or [])
        with in_form(form):
            helping.wish(self.person, anything=data["anything"], projects=projects, teams=teams, at=clock.now())
            if data["anything"] or projects or teams:
                outbox.resume(self.person, emails.HELP_WANTED)
                messages.success(request, _("Noted. When hands are missing there, we will tell you."))
            else:
                messages.info(request, _("Noted. We will not tell you."))
            return redirect(request.path)
        return self.page(form)
