"""My service: hours, own reports; certificates and their verification."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.models import SEAT_HOLDING, Activity, Status
from people.access.requests import PortalRequest, SignedInRequest
from people.models import Guardianship, Person
from people.outbox import absolute
from people.views.me import OwnPage
from portal import clock
from portal.panels import Part
from portal.qr import svg
from portal.refusals import as_message, in_form
from volunteers.forms import CertificateForm, ReportForm, moment_of
from volunteers.models import Certificate, ServiceRecord
from volunteers.operations import certificates, service
from volunteers.pages import my_service

REPORTABLE = timedelta(days=30)


class MyServiceView(OwnPage, View):
    """Hours by month and by place, the records, an own report; the star only for whoever asks (V7)."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page(ReportForm(activities=self.reportable()))

    def page(self, form: ReportForm) -> HttpResponse:
        reader = self.request.viewer.known_person
        context = {
            "service": my_service.of(reader),
            "form": form if form.activities else None,
            "certificates": list(
                Certificate.objects.filter(asked_by=reader) | Certificate.objects.filter(person=reader)
            ),
            "show_star": self.request.GET.get("star") == "1",
            "tab": "me",
        }
        return render(self.request, "volunteers/my_service.html", context)

    def reportable(self) -> list[Activity]:
        """What the reader held a seat in lately and has no record of."""
        reader, at = self.request.viewer.known_person, clock.now()
        recorded = ServiceRecord.objects.standing().filter(person=reader).values("activity")
        return list(
            Activity.objects.filter(
                sign_ups__person=reader,
                sign_ups__status__in=SEAT_HOLDING,
                kind="shift",
                starts_at__lte=at,
                starts_at__gte=at - REPORTABLE,
            )
            .exclude(status=Status.CANCELLED)
            .exclude(pk__in=recorded)
            .order_by("-starts_at")
            .distinct()[:20]
        )

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = ReportForm(request.POST, activities=self.reportable())
        if not form.is_valid():
            return self.page(form)
        data, activity = form.cleaned_data, form.chosen
        with in_form(form):
            service.enter(
                activity,
                request.viewer.known_person,
                moment_of(activity, data["came"]),
                moment_of(activity, data["left"]),
                at=clock.now(),
                source=ServiceRecord.Source.SELF_REPORT,
                break_minutes=data["break_minutes"],
                pieces=data["worked_on"],
            )
            messages.success(request, _("Noted. Whoever led it confirms the time."))
            return redirect(request.path)
        return self.page(form)


class AskCertificateView(OwnPage, View):
    def get(self, request: SignedInRequest) -> HttpResponse:
        today = clock.today()
        initial = {"since": today.replace(month=1, day=1), "until": today}
        return self.page(CertificateForm(people=self.people(), initial=initial))

    def page(self, form: CertificateForm) -> HttpResponse:
        return render(self.request, "volunteers/certificate_ask.html", {"form": form, "tab": "me"})

    def people(self) -> list[Person]:
        reader = self.request.viewer.known_person
        bonds = Guardianship.objects.filter(guardian=reader, ended_at=None).select_related("child").order_by("pk")
        found = [reader, *(bond.child for bond in bonds)]
        return [person for person in found if certificates.may_ask_for(reader, person, clock.today())]

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = CertificateForm(request.POST, people=self.people())
        if form.is_valid():
            data = form.cleaned_data
            with in_form(form):
                made = certificates.ask(
                    form.chosen,
                    by=request.viewer.known_person,
                    since=data["since"],
                    until=data["until"],
                    purpose=data["purpose"],
                    at=clock.now(),
                )
                messages.success(request, _("The committee checks it and writes to you. It is free of charge."))
                return redirect(made)
        return self.page(form)


class CertificateView(OwnPage, View):
    """One's own certificate, to print on A4 with room for the stamp; staff in scope read it in the admin."""

    def find(self, pk: int) -> Certificate:
        found = (
            Certificate.objects.select_related("person", "issuer", "neighbourhood").filter(pk=pk).first()
            if pk < 2**63
            else None
        )
        if found is None or not certificates.may_read(self.request.viewer.known_person, found, clock.today()):
            raise Http404
        return found

    def get(self, request: SignedInRequest, pk: int) -> HttpResponse:
        return render(request, "volunteers/certificate.html", sheet(self.find(pk)) | {"tab": "me"})

    def post(self, request: SignedInRequest, pk: int) -> HttpResponse:
        with as_message(request):
            certificates.take_back(self.find(pk), by=request.viewer.known_person, at=clock.now())
            messages.info(request, _("The application is taken back."))
            return redirect("volunteers:my-service")
        return redirect(request.path)


def sheet(certificate: Certificate) -> dict:
    """What the printed page shows."""
    address = absolute(f"/verify/{certificate.code}/") if certificate.code else ""
    return {
        "certificate": certificate,
        "lines": list(certificate.lines.all()),
        "verify_url": address,
        "qr": svg(address) if address else "",
    }


@require_safe
@never_cache
def verify(request: PortalRequest, code: str) -> HttpResponse:
    """V3: number, issuer, period, total and state with a masked name, for minors only 小志愿者; nothing else."""
    wanted = "".join(char for char in code.upper() if char.isalnum() and char.isascii())[:8]
    wanted = f"{wanted[:4]}-{wanted[4:]}"
    found = (
        Certificate.objects.filter(code=wanted, state__in=[Certificate.State.ISSUED, Certificate.State.VOID])
        .select_related("person", "issuer", "neighbourhood")
        .first()
    )
    context = {"certificate": found, "code": code[:20], "name": masked(found) if found else ""}
    if found is not None:
        request.neighbourhood = found.neighbourhood
    return render(request, "volunteers/verify.html", context, status=200 if found else 404)


def masked(certificate: Certificate) -> str:
    """葛**; whoever is a minor, or was when it was issued, is a young volunteer."""
    person, on = certificate.person, certificate.issued_on or clock.today()
    if person.anonymised_at is not None:
        return _("a volunteer")
    if not person.is_adult_on(on) or not person.is_adult_on(clock.today()):
        return _("a young volunteer")
    return person.masked_name


def my_hours(request: PortalRequest) -> Part | None:
    """On "me": the way to the hours; the page itself must not cost a query for them."""
    return ("volunteers/_my_hours.html", {}) if request.viewer.person is not None else None
