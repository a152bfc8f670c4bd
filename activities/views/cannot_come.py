"""Where the link in an invitation leads: one button to say that one cannot come, with room for why; and one to take it back.

GET changes nothing; the token names the appointment, the person and who reads the mail, and ages (portal.tokens).
"""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from activities.emails.wording import details_path
from activities.forms.cannot_come import ReasonForm
from activities.models import Activity, CannotCome, Status
from activities.operations import cannot_come
from activities.views.mail import refuse_link
from people.access.requests import PortalRequest
from people.models import Person
from portal import clock, tokens
from portal.cookies import as_the_mail_spoke
from portal.refusals import in_form


@method_decorator(never_cache, name="dispatch")
class CannotComeView(View):
    request: PortalRequest
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args, token: str, **kwargs) -> HttpResponseBase:
        try:
            data = tokens.read("cannot-come", token)
        except tokens.Unreadable as unreadable:
            return refuse_link(request, expired=unreadable.expired)
        people = (
            Person.objects.filter(anonymised_at=None).select_related("user").in_bulk([data["person"], data["reader"]])
        )
        activity = Activity.objects.select_related("location", "neighbourhood").filter(pk=data["activity"]).first()
        person, reader = people.get(data["person"]), people.get(data["reader"])
        if activity is None or person is None or reader is None:
            return refuse_link(request, expired=False)
        self.activity, self.person, self.reader, self.at = activity, person, reader, clock.now()
        self.request.neighbourhood = activity.neighbourhood
        with as_the_mail_spoke(request, reader.language):
            return super().dispatch(request, *args, **kwargs)

    def get(self, request: PortalRequest) -> HttpResponse:
        return self.page(ReasonForm())

    def post(self, request: PortalRequest) -> HttpResponse:
        form = ReasonForm(request.POST)
        if form.is_valid():
            with in_form(form):
                if "come" in request.POST:
                    cannot_come.take_back(self.activity, self.person, by=self.reader, at=self.at)
                else:
                    reason = form.cleaned_data["reason"]
                    cannot_come.say(self.activity, self.person, by=self.reader, at=self.at, reason=reason)
                return HttpResponseRedirect(request.path)  # where the page says how it stands
        return self.page(form)

    def page(self, form: ReasonForm) -> HttpResponse:
        said = CannotCome.objects.standing().filter(activity=self.activity, person=self.person).first()
        is_open = self.activity.status == Status.PUBLISHED and not self.activity.has_started(at=self.at)
        context = {
            "activity": self.activity,
            "neighbourhood": self.activity.neighbourhood,
            "person": self.person,
            "said": said,
            "is_open": is_open,
            "is_asked": said is not None or cannot_come.is_asked(self.activity, self.person),
            "form": form,
            "details_url": details_path(self.activity),
            "by_mail": True,
        }
        return render(self.request, "activities/cannot_come.html", context)
