"""Sign-ups for staff: who has signed up, entering those who rang up or came, and answering for them."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.admin.forms import AnswerForm, EnterForm, SheetForm, WithdrawForm
from activities.models import Activity, ActivityConsent, SignUp, SignUpStatus
from activities.operations import entered_by_staff, offers, queue, sign_ups
from activities.rules import adult_ratio, ages
from activities.rules.staff_scope import covers
from people.access import minors
from people.access.requests import StaffRequest
from people.admin.shared import Button, PortalAdmin, Told, admin_url, page
from portal import clock
from portal.dates import day, moment
from portal.refusals import in_form

ENTER, CONSENT = "activities.add_signup", "activities.add_activityconsent"


class SignUpPages(PortalAdmin):
    """Base of ActivityAdmin: the list of bookings and the pages that act on them."""

    def get_urls(self):
        pages: list[tuple[str, Callable]] = [
            ("enter", self.enter_view),
            ("withdraw", self.withdraw_view),
            ("answer", self.answer_view),
            ("consent", self.consent_view),
        ]
        own = []
        for name, view in pages:
            route = "<int:pk>/sign-ups/enter/" if name == "enter" else f"<int:pk>/sign-ups/<int:sign_up>/{name}/"
            own.append(path(route, self.admin_site.admin_view(view), name=self._page_name(name)))
        return own + super().get_urls()

    def _page_name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def desk_url(self, name: str, activity: Activity, *args: object) -> str:
        return reverse(f"admin:{self._page_name(name)}", args=[activity.pk, *args])

    # --- the list on the activity's page ---

    def bookings(self, request: StaffRequest, activity: Activity) -> list[dict]:
        """Bookings in the order of the queue, each with its rows; ended rows last. Two queries."""
        rows = (
            SignUp.objects.filter(activity=activity.pk)
            .select_related("person", "booking__made_by", "booking__entered_by", "companion")
            .order_by("booking__sequence", "pk")
        )
        may_enter = covers(request.user, ENTER, activity) and not activity.is_closed(at=clock.now())
        may_consent = covers(request.user, CONSENT, activity)
        found: dict[int, dict] = {}
        waiting_ahead = 0
        for row in rows:
            booking = row.booking
            group = found.setdefault(
                booking.pk,
                {"booking": booking, "made_by": minors.name_for(request.user, booking.made_by), "rows": []},
            )
            if row.status == SignUpStatus.WAITING and "position" not in group:
                waiting_ahead += 1
                group["position"] = waiting_ahead
            group["rows"].append(
                {
                    "row": row,
                    "name": minors.name_for(request.user, row.person),
                    "person_url": self._person_url(request, row),
                    "deadline": self._deadline(row),
                    "unseen": row.is_live and row.seen_revision < activity.revision,
                    "links": self._links(activity, row, may_enter=may_enter, may_consent=may_consent),
                }
            )
        return list(found.values())

    def _person_url(self, request: StaffRequest, row: SignUp) -> str:
        if not request.user.has_perm("people.view_person"):
            return ""
        return admin_url(row.person) if minors.may_see(request.user, row.person) else ""

    @staticmethod
    def _deadline(row: SignUp) -> str:
        if row.status == SignUpStatus.CONSENT_PENDING and row.consent_until:
            return _("until %(when)s") % {"when": moment(row.consent_until)}
        if row.status == SignUpStatus.OFFERED and row.booking.offer_until:
            return _("until %(when)s") % {"when": moment(row.booking.offer_until)}
        return row.end_words if not row.is_live else ""

    def _links(self, activity: Activity, row: SignUp, *, may_enter: bool, may_consent: bool) -> list[Button]:
        if not row.is_live or not may_enter:
            return []
        found = [Button(reverse("activities:slip", args=[activity.neighbourhood.slug, row.booking_id]), _("Slip"))]
        asked = row.booking.asked_fewer_at is not None and row.booking.answered_at is None
        if row.status == SignUpStatus.OFFERED or (row.status == SignUpStatus.WAITING and asked):
            found.append(Button(self.desk_url("answer", activity, row.pk), _("Answer")))
        is_minor = not row.person.is_adult_on(ages.day_of(activity))
        if may_consent and is_minor:
            found.append(Button(self.desk_url("consent", activity, row.pk), _("Guardian's consent")))
        if row.seen_revision < activity.revision:
            told = reverse("admin:activities_signup_act", args=["told"])
            found.append(Button(f"{told}?ids={row.pk}", _("Told of the new time")))
        found.append(Button(self.desk_url("withdraw", activity, row.pk), _("Withdraw")))
        return found

    # --- the pages ---

    def desk_activity(self, request: StaffRequest, pk: int, permission: str) -> Activity | HttpResponseBase:
        """The activity within the user's scope; Django's redirect with a sentence where there is none, 403 without the right."""
        activity = self.get_object(request, str(pk))
        if activity is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))  # type: ignore[attr-defined]
        if not covers(request.user, permission, activity):
            raise PermissionDenied
        return activity

    def desk_page(
        self,
        request: StaffRequest,
        activity: Activity,
        form: forms.Form,
        act: Callable[[dict], str],
        *,
        title: str,
        submit: str,
        facts: list[str] | None = None,
        danger: bool = False,
    ) -> HttpResponseBase:
        """Show the form; on POST do it and go back to the activity, or say beside the form why it is refused."""
        warnings = []
        if request.method == "POST" and form.is_valid():
            with in_form(form):
                sentence = act(form.cleaned_data)
                messages.success(request, sentence)
                self.log_change(request, activity, title)
                return HttpResponseRedirect(admin_url(activity))
        if activity.risks and title == _("Enter a sign-up"):
            warnings.append(_("Risks to be told: %(risks)s") % {"risks": activity.risks})
        return page(
            self,
            request,
            title=title,
            submit=submit,
            form=form,
            rows=[(activity, Told(facts or [], warnings))],
            back=admin_url(activity),
            danger=danger,
        )

    def enter_view(self, request: StaffRequest, pk: int) -> HttpResponseBase:
        activity = self.desk_activity(request, pk, ENTER)
        if not isinstance(activity, Activity):
            return activity
        form = EnterForm(
            *((request.POST, request.FILES) if request.method == "POST" else ()), activity=activity, user=request.user
        )

        def act(data: dict) -> str:
            booking = entered_by_staff.enter(
                activity,
                list(data["people"]),
                made_by=data["made_by"],
                at=clock.now(),
                channel=data["channel"],
                by=request.user,
                consented=data.get("consented", False),
                guardian=data.get("guardian"),
                sheet=data.get("sheet"),
                sheet_number=data.get("sheet_number", ""),
                companion=data.get("companion"),
                accept_clash=data["accept_clash"],
                note=data["note"],
            )
            states = booking.sign_ups.values_list("status").annotate(n=Count("pk")).order_by("status")
            return _("Entered: %(states)s.") % {
                "states": _(", ").join(f"{SignUpStatus(status).label} {n}" for status, n in states)
            }

        return self.desk_page(
            request,
            activity,
            form,
            act,
            title=_("Enter a sign-up"),
            submit=_("Sign them up"),
            facts=[f"{moment(activity.starts_at)} · {activity.location or '–'}", self._free(activity)],
        )

    @staticmethod
    def _free(activity: Activity) -> str:
        free = queue.free_seats(activity)
        if free is None:
            return _("No limit of seats.")
        waiting = activity.sign_ups.waiting().count()
        return _("%(free)d seats are free, %(waiting)d people are waiting.") % {"free": free, "waiting": waiting}

    def _row(self, activity: Activity, sign_up: int) -> SignUp:
        rows = activity.sign_ups.live().select_related("person", "booking__made_by", "activity__neighbourhood")
        return get_object_or_404(rows, pk=sign_up)

    def withdraw_view(self, request: StaffRequest, pk: int, sign_up: int) -> HttpResponseBase:
        activity = self.desk_activity(request, pk, ENTER)
        if not isinstance(activity, Activity):
            return activity
        row = self._row(activity, sign_up)
        form = WithdrawForm(
            *((request.POST,) if request.method == "POST" else ()),
            activity=activity,
            user=request.user,
            booking=row.booking,
            chosen=row,
        )

        def act(data: dict) -> str:
            sign_ups.withdraw(
                list(data["who"]),
                at=clock.now(),
                by_staff=request.user,
                reason=data["reason"],
                new_companion=data["new_companion"],
            )
            done = _("Withdrawn. Whoever it concerns is told, and the next on the waiting list follows.")
            missing = adult_ratio.balance_with(activity).adults_missing
            if missing:
                done += " " + ngettext(
                    "Now one adult is missing for the children who stay.",
                    "Now %(n)d adults are missing for the children who stay.",
                    missing,
                ) % {"n": missing}
            return done

        return self.desk_page(request, activity, form, act, title=_("Withdraw"), submit=_("Withdraw them"), danger=True)

    def answer_view(self, request: StaffRequest, pk: int, sign_up: int) -> HttpResponseBase:
        activity = self.desk_activity(request, pk, ENTER)
        if not isinstance(activity, Activity):
            return activity
        booking = self._row(activity, sign_up).booking
        form = AnswerForm(
            *((request.POST,) if request.method == "POST" else ()),
            activity=activity,
            user=request.user,
            booking=booking,
        )

        def act(data: dict) -> str:
            if data["answer"] == AnswerForm.DECLINE:
                offers.decline(booking, at=clock.now(), by_staff=request.user)
                return _("Noted: they do not come. The next on the waiting list is asked.")
            offers.accept(
                booking,
                at=clock.now(),
                by_staff=request.user,
                people=[row.person for row in data["who"]],
            )
            return _("Noted: they come, and have their seats.")

        facts = [_("Offered until %(when)s.") % {"when": moment(booking.offer_until)}] if booking.offer_until else []
        return self.desk_page(
            request, activity, form, act, title=_("Answer to an offer"), submit=_("Note the answer"), facts=facts
        )

    def consent_view(self, request: StaffRequest, pk: int, sign_up: int) -> HttpResponseBase:
        activity = self.desk_activity(request, pk, CONSENT)
        if not isinstance(activity, Activity):
            return activity
        row = self._row(activity, sign_up)
        form = SheetForm(
            *((request.POST, request.FILES) if request.method == "POST" else ()),
            activity=activity,
            user=request.user,
            sign_up=row,
        )

        def act(data: dict) -> str:
            if data["what"] == SheetForm.TAKE_BACK:
                entered_by_staff.take_consent_back(row, data["guardian"], at=clock.now())
                return _("Taken back. The seat waits for another consent.")
            entered_by_staff.give_consent(
                row,
                data["guardian"],
                at=clock.now(),
                channel=data["channel"],
                by=request.user,
                sheet=data["sheet"],
                sheet_number=data["sheet_number"],
            )
            return _("The consent for %(name)s is recorded.") % {"name": row.person}

        given = ActivityConsent.objects.filter(activity=activity.pk, child=row.person_id, revoked_at=None)
        given = given.select_related("guardian").order_by("given_at")
        facts = [
            _("Child: %(name)s") % {"name": row.person},
            _("Risks: %(risks)s") % {"risks": activity.risks or "–"},
            _("Safeguards: %(safeguards)s") % {"safeguards": activity.safeguards or "–"},
            *(
                (
                    _("Agreed before something changed: %(name)s, %(day)s")
                    if one.outdated_at
                    else _("Agreed already: %(name)s, %(day)s")
                )
                % {"name": one.guardian, "day": day(one.given_at)}
                for one in given
            ),
        ]
        return self.desk_page(
            request, activity, form, act, title=_("Guardian's consent"), submit=_("Record the consent"), facts=facts
        )
