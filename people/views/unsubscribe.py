"""Where List-Unsubscribe leads: a page with one button, and the one-click POST of mail programs."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from people import outbox
from people.access.requests import PortalRequest
from people.models import Person
from people.outbox.envelope import UNSUBSCRIBE
from portal import clock, tokens
from portal.cookies import as_the_mail_spoke


# A mail program posts without a cookie; the signed token says who asks, so a forged form could do no more than it.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class UnsubscribeView(View):
    """GET changes nothing, because scanners and previews follow links."""

    request: PortalRequest

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args, token: str, **kwargs) -> HttpResponseBase:
        try:
            data = tokens.read(UNSUBSCRIBE, token)
        except tokens.Unreadable as refusal:
            return self.refuse(request, expired=refusal.expired)
        kind = outbox.message_kinds.get(str(data.get("kind")))
        pk = data.get("person")
        people = Person.objects.filter(pk=pk if isinstance(pk, int) else 0, anonymised_at=None)
        person = people.select_related("neighbourhood").first()
        if kind is None or not kind.optional or person is None:
            return self.refuse(request, expired=False)
        self.kind, self.person = kind, person
        self.request.neighbourhood = person.neighbourhood
        with as_the_mail_spoke(request, person.language):
            return super().dispatch(request, *args, **kwargs)

    def get(self, request: PortalRequest) -> HttpResponse:
        return self.page(request, stopped=self.kind.code in outbox.stopped(self.person))

    def post(self, request: PortalRequest) -> HttpResponse:
        if "resume" in request.POST:
            outbox.resume(self.person, self.kind)
        else:
            outbox.stop(self.person, self.kind, at=clock.now())
        return self.page(request, stopped="resume" not in request.POST, done=True)

    def page(self, request: PortalRequest, **context) -> HttpResponse:
        context |= {"kind": self.kind, "neighbourhood": self.person.neighbourhood}
        return render(request, "people/unsubscribe.html", context)

    def refuse(self, request: HttpRequest, *, expired: bool) -> HttpResponse:
        if expired:
            text = _("This link is too old. You can choose your reminders under “Me”.")
        else:
            text = _(
                "This link is not complete. Please open it from the mail again, or choose your reminders under “Me”."
            )
        return render(request, "people/unsubscribe.html", {"refusal": text}, status=410 if expired else 404)
