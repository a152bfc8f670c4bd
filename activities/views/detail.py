"""The page of one activity: what, when, where, for whom, what may go wrong, what is promised, and where the reader stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template import TemplateDoesNotExist, loader
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.cache import never_cache

from activities.forms.sign_up import SignUpForm
from activities.models import SEAT_HOLDING, Activity, Audience, Minors, SignUp, SignUpStatus, Status, Visibility
from activities.models.activity import ActivityQuerySet
from activities.models.kinds import activity_kinds
from activities.operations import queue
from activities.pages.own_bookings import OwnBooking, own_bookings, rows_of
from activities.pages.seat_states import seat_state
from activities.rules import ages, family_members
from activities.rules.eligibility import invited_first
from activities.rules.expected import appointments_of, expects_members
from activities.rules.reminder_times import remind_at
from activities.rules.staff_scope import covers
from people.access.requests import PortalRequest, SignedInRequest
from people.access.viewer import Viewer
from people.models import Person
from portal import clock
from portal.addresses import local_path
from portal.dates import day, moment, span
from portal.page_cache import cached_page
from portal.panels import Panel

EXCERPT = 90


class ActivityPage(View):
    """A page of one activity; whoever may not see that finds nothing there."""

    request: PortalRequest

    at: datetime
    activity: Activity

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.at = clock.now()

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        self.activity = self.find(kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def find(self, pk: int) -> Activity:
        """The public ones need no word of who asks, and most are public; the rest go by the reader's circles and roles."""
        if pk > 2**63 - 1:  # more than any id; the database would refuse to compare it
            raise Http404
        viewer = self.request.viewer
        activity = self.first(told().visible_to(Viewer(viewer.neighbourhood)), pk)
        if activity is None and not viewer.is_anonymous:
            seen = told().visible_to(viewer)
            if viewer.person is not None:
                # Most that not all may see expect their members, so it is asked with the row.
                due = appointments_of(viewer.person).filter(pk=Coalesce(OuterRef("part_of"), OuterRef("pk")))
                seen = seen.annotate(expects_reader=Exists(due))
            activity = self.first(seen, pk)
        if activity is None:
            raise Http404
        activity.neighbourhood = self.request.neighbourhood
        count_seats(activity)
        return activity

    @staticmethod
    def first(activities: QuerySet[Activity], pk: int) -> Activity | None:
        return activities.filter(pk=pk).first()

    @property
    def reader(self) -> Person | None:
        return self.request.viewer.person

    @cached_property
    def rows(self) -> list[SignUp]:
        """The live sign-ups here that the reader may change."""
        if self.reader is None or not self.activity.has_sign_ups:  # type: ignore[attr-defined]
            return []
        return rows_of(self.reader, self.activity, at=self.at)

    @cached_property
    def own_bookings(self) -> list[OwnBooking]:
        return own_bookings(self.rows, self.reader, self.at) if self.reader else []

    @cached_property
    def household(self) -> list[family_members.Member]:
        return family_members.members(self.activity, self.reader, self.rows, at=self.at) if self.reader else []

    def sign_up_form(self, data: Any = None) -> SignUpForm:
        assert self.reader is not None, "only somebody this neighbourhood knows signs up"
        on = ages.day_of(self.activity)
        seated = [
            row.person for row in self.rows if row.status == SignUpStatus.CONFIRMED and row.person.is_adult_on(on)
        ]
        return SignUpForm(
            data,
            activity=self.activity,
            reader=self.reader,
            household=self.household,
            seated=seated,
            coach_left=self.coach_left,
            ask_adult=family_members.may_declare(self.reader, self.reader),
        )

    @cached_property
    def coach_left(self) -> int | None:
        if self.activity.coach_seats is None:
            return None
        return max(self.activity.coach_seats - self.activity.sign_ups.live().filter(takes_coach=True).count(), 0)


def how_many(statuses: Iterable[str]) -> Subquery:
    """Sign-ups of an activity in these states, None for none. Not a join: each of the row's columns would be grouped by."""
    rows = SignUp.objects.filter(activity=OuterRef("pk"), status__in=statuses).order_by()
    return Subquery(rows.values("activity").annotate(count=Count("pk")).values("count"))


@cache
def told() -> ActivityQuerySet:
    """Activities with what their page tells beside their columns. Put together once: that takes longer than to ask."""
    parts = Activity.objects.filter(part_of=OuterRef("pk")).order_by()
    booked = SignUp.objects.filter(activity=OuterRef("pk")).order_by()
    found = Activity.objects.annotate(has_parts=Exists(parts), has_sign_ups=Exists(booked)).order_by()
    found = found.annotate(taken=how_many(SEAT_HOLDING), queued=how_many([SignUpStatus.WAITING]))
    return found.select_related("location", "team", "organisation")


def count_seats(activity: Any) -> None:
    """Set ``seats_left`` and ``waiting``, as ActivityQuerySet.with_seats_left does."""
    is_counted = activity.needs_sign_up and activity.status == Status.PUBLISHED
    taken, waiting = (activity.taken or 0, activity.queued or 0) if is_counted else (0, 0)
    activity.seats_left = None if activity.capacity is None else max(activity.capacity - taken, 0)
    activity.waiting = waiting


class OwnActivityPage(ActivityPage):
    """Pages on which somebody acts: they sign in first and come back, and nothing of it is kept by a cache."""

    request: SignedInRequest

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if self.request.viewer.is_anonymous:
            # Nobody is led to the log-in, and made known, for a page they would not find then. Signed out, a draft, a
            # members' meeting and a wrong number look the same; that page offers to sign in.
            self.find(kwargs["pk"])
            return redirect_to_login(self.wanted(), reverse("people:join"), "next")
        return super().dispatch(request, *args, **kwargs)

    def wanted(self) -> str:
        return local_path(self.request.get_full_path()) or "/"


@dataclass(frozen=True)
class Seats:
    """``state``: a key of the seats' words; ``words``: the numbers that stand on this page only."""

    state: str
    words: list[str]
    sentence: str = ""


def seats_of(activity: Activity, at: datetime) -> Seats:
    words = []
    if activity.capacity is not None:
        words.append(ngettext("%(count)d seat", "%(count)d seats", activity.capacity) % {"count": activity.capacity})
        if activity.seats_left:
            words.append(_("%(count)d left") % {"count": activity.seats_left})
    elif activity.people_needed:
        words.append(
            ngettext("%(count)d person is needed", "%(count)d people are needed", activity.people_needed)
            % {"count": activity.people_needed}
        )
    if activity.waiting:
        count = activity.waiting
        words.append(ngettext("%(count)d person is waiting", "%(count)d people are waiting", count) % {"count": count})
    state = seat_state(activity)
    if activity.status != Status.PUBLISHED or activity.is_closed(at=at):
        return Seats(state if state in {"off", "over"} else "closed", [])
    if activity.signup_from and at < activity.signup_from:
        sentence = _("Sign-up begins on %(when)s.") % {"when": moment(activity.signup_from)}
        return Seats("later", words, sentence)
    if at >= activity.signup_ends_at:
        return Seats("closed", words)
    if state == "full":
        return Seats(state, words, _("Whoever signs up now waits, and moves up when a seat becomes free."))
    if activity.waiting and queue.must_wait(activity, 1, at=at):
        # The first of those who wait is a family that does not fit yet (docs/rules/seats.md).
        return Seats(
            "full", words, _("The free seats are kept for those who wait already. Whoever signs up now waits too.")
        )
    return Seats(state, words)


def who_may_come(activity: Activity) -> list[str]:
    """Audience, minors, ages: each a few words."""
    said = [_(", ").join(str(Audience(group).label) for group in activity.open_to), str(activity.get_minors_display())]
    if activity.min_age is not None and activity.max_age is not None:
        said.append(_("from %(min)d to %(max)d years") % {"min": activity.min_age, "max": activity.max_age})
    elif activity.min_age is not None and not (activity.minors == Minors.FROM_14 and activity.min_age <= 14):
        said.append(_("from %(min)d years on") % {"min": activity.min_age})
    elif activity.max_age is not None:
        said.append(_("up to %(max)d years") % {"max": activity.max_age})
    if activity.children_per_adult is not None and activity.minors != Minors.NO:
        said.append(
            ngettext(
                "at most %(n)d child for each adult",
                "at most %(n)d children for each adult",
                activity.children_per_adult,
            )
            % {"n": activity.children_per_adult}
        )
    return said


def promises(activity: Activity, at: datetime) -> list[str]:
    """What whoever signs up can rely on (docs/rules/messages.md)."""
    due = remind_at(activity)
    if due > at:
        reminder = _("We remind you on %(when)s by e-mail; without an address, your building leader tells you.") % {
            "when": moment(due)
        }
    else:
        reminder = _("It begins soon, so the confirmation is your reminder.")
    return [
        reminder,
        _("If time or place change or it is cancelled, we tell you and you need not ask."),
        _("If you cannot come, one press is enough: no reasons, no points lost, nothing made public."),
    ]


@cached_page()
class DetailView(ActivityPage):
    """Public. For a reader who is signed out it carries no form, no token and no session, so that it can be cached."""

    request: PortalRequest

    http_method_names = ["get", "head"]

    def get(self, request: PortalRequest, *args, **kwargs) -> HttpResponse:
        response = render(request, "activities/detail.html", self.context())
        if not request.viewer.is_anonymous:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def context(self) -> dict[str, Any]:
        activity = self.activity
        is_open = activity.takes_sign_ups(at=self.at)
        is_expected = self.is_expected()
        free = [member for member in self.household if member.may_be_chosen] if is_open else []
        form = self.sign_up_form() if free and not self.rows and not is_expected else None
        if is_expected:
            free = [member for member in free if not member.is_self]
        return {
            "activity": activity,
            "tab": "calendar",
            "description": self.description(),
            "seats": seats_of(activity, self.at) if activity.needs_sign_up else None,
            "who": who_may_come(activity) if activity.needs_sign_up else [],
            "promises": promises(activity, self.at) if is_open else [],
            "is_open": is_open,
            "is_over": activity.is_past(at=self.at),
            "invited_first": self.invited_first(),
            "move": self.last_move(),
            "whole": self.whole(),
            "parts": self.parts(),
            "kind_part": self.kind_part(),
            "own_bookings": self.own_bookings,
            "booked": self.just_booked(),
            "form": form,
            "may_add": bool(free) and form is None,
            # Nobody of the household can come: said here, instead of a way to a form that refuses.
            "hindrance": self.household[0].hindrance
            if is_open and self.household and not free and not self.rows
            else "",
            "is_expected": is_expected,
            "takes_attendance": may_take_attendance(self.request, activity),
        }

    def description(self) -> str:
        """For search engines and shared links: when, where, and the first words."""
        activity = self.activity
        place = activity.location.name if activity.location else ""
        text = " ".join(activity.text.split())
        if len(text) > EXCERPT:
            text = text[: EXCERPT - 1] + "…"
        return " · ".join(filter(None, [f"{day(activity.starts_at)} {span(activity)}", place, text]))

    def invited_first(self) -> str:
        activity = self.activity
        if activity.invite_first is None or activity.opens_to_all_at is None or self.at >= activity.opens_to_all_at:
            return ""
        return invited_first(activity)

    def last_move(self):
        if self.activity.revision < 2:
            return None
        return self.activity.moves.select_related("old_location").order_by("revision").last()

    def whole(self) -> Activity | None:
        if self.activity.part_of_id is None:
            return None
        whole = Activity.objects.visible_to(self.request.viewer).filter(pk=self.activity.part_of_id).first()
        if whole is not None:
            whole.neighbourhood = self.request.neighbourhood
        return whole

    def parts(self) -> Sequence[Activity]:
        """What is held within it, as far as the reader may know of it (M9)."""
        if not self.activity.has_parts:  # type: ignore[attr-defined]
            return []
        parts = list(Activity.objects.visible_to(self.request.viewer).filter(part_of=self.activity))
        for part in parts:
            part.neighbourhood = self.request.neighbourhood
        return parts

    def kind_part(self) -> Panel | None:
        """What the app of this kind adds."""
        kind = activity_kinds.get(self.activity.kind)
        if kind is None or not kind.detail_template:
            return None
        try:
            loader.get_template(kind.detail_template)
        except TemplateDoesNotExist:
            return None
        details = kind.details(self.activity, self.request.viewer) if kind.details else {}
        return Panel(kind.detail_template, details)

    def just_booked(self) -> OwnBooking | None:
        """The booking that the reader comes from; somebody else's number in the address shows nothing."""
        wanted = self.request.GET.get("booked", "")
        return next((one for one in self.own_bookings if str(one.booking.pk) == wanted), None)

    def is_expected(self) -> bool:
        """A member or invited person who should come without signing up."""
        activity = self.activity
        if self.reader is None or self.rows or activity.is_cancelled:
            return False
        if activity.visibility == Visibility.PUBLIC and (not expects_members(activity) or activity.is_past(at=self.at)):
            return False  # nobody may be expected beside those signed up, or it does not matter any more
        if hasattr(activity, "expects_reader"):
            return activity.expects_reader
        whole = activity.part_of_id or activity.pk
        return appointments_of(self.reader).filter(pk=whole).exists()


def may_take_attendance(request: PortalRequest, activity: Activity) -> bool:
    """Staff whose role and scope cover the activity."""
    permission = "activities.attendance_activity"
    if request.viewer.is_anonymous or not request.user.is_staff or not request.viewer.has_perm(permission):
        return False
    return covers(request.user, permission, activity)
