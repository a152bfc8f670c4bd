"""The jobs of activities on the staff's first page."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from activities.admin.listing import may_open, own_url
from activities.models import SEAT_KEPT, Activity, Minors, SignUp, SignUpStatus, Status
from activities.rules import account_limit, adult_ratio, ages
from activities.rules.staff_scope import scope
from people.access import minors
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import list_url
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day, moment, span

MOST = 100


def rows_of(request: StaffRequest, permission: str, **conditions: object) -> list[SignUp] | None:
    """Sign-ups to published activities within the user's scope; None where the user has none. One query."""
    if not neighbourhoods_with(request.user, permission):
        return None
    own = Activity.objects.filter(scope(request.user, permission), status=Status.PUBLISHED)
    rows = SignUp.objects.filter(activity__in=own.order_by().values("pk"), **conditions)
    return list(
        rows.select_related("person", "booking__made_by", "activity__organisation").order_by(
            "activity__starts_at", "booking__sequence", "pk"
        )[:MOST]
    )


def url_of(request: StaffRequest, activity: Activity, page: str = "change", *args: object) -> str:
    if not may_open(request.user, activity):
        return list_url(SignUp)
    return f"{own_url(activity)}#bookings"


def lines(request: StaffRequest, rows: Iterable[SignUp], text, action: str) -> list[Line]:
    return [
        Line(
            _("%(name)s, “%(title)s”") % {"name": minors.name_for(request.user, row.person), "title": row.activity},
            text(row),
            url_of(request, row.activity),
            action,
        )
        for row in rows
    ]


def consents(request: StaffRequest) -> Job | None:
    rows = rows_of(request, "activities.add_activityconsent", status=SignUpStatus.CONSENT_PENDING)
    if rows is None:
        return None
    rows.sort(key=lambda row: row.consent_until or row.activity.starts_at)
    return Job(
        _("Waiting for a guardian's consent"),
        len(rows),
        list_url(SignUp, status__exact=SignUpStatus.CONSENT_PENDING, when="coming"),
        lines(
            request,
            rows[:SHOWN],
            lambda row: _("the seat is released on %(when)s") % {"when": moment(row.consent_until)},
            _("Record"),
        ),
        nothing=_("No child is waiting for consent."),
        urgent=bool(rows),
    )


def children_and_adults(request: StaffRequest) -> Job | None:
    """Activities of the next two weeks with too few adults for the children, or a child without an adult at its side (V5)."""
    permission = "activities.view_signup"
    if not neighbourhoods_with(request.user, permission):
        return None
    now = clock.now()
    own = Activity.objects.filter(
        Q(children_per_adult__isnull=False) | Q(minors=Minors.WITH_GUARDIAN),
        scope(request.user, permission),
        status=Status.PUBLISHED,
        starts_at__gt=now,
        starts_at__lt=now + timedelta(days=15),
    )
    rows = SignUp.objects.filter(activity__in=own.order_by().values("pk"), status__in=adult_ratio.CHILDREN_IN)
    by_activity: dict[int, list[SignUp]] = {}
    for row in rows.select_related("person", "activity__organisation").order_by("activity__starts_at", "pk"):
        by_activity.setdefault(row.activity_id, []).append(row)
    found = []
    for group in by_activity.values():
        activity = group[0].activity
        missing = adult_ratio.balance(activity, group).adults_missing
        alone = len(adult_ratio.left_alone(activity, group))
        words = []
        if missing:
            words.append(ngettext("%(n)d adult is missing", "%(n)d adults are missing", missing) % {"n": missing})
        if alone:
            words.append(
                ngettext("%(n)d child without an adult", "%(n)d children without an adult", alone) % {"n": alone}
            )
        if words:
            found.append(Line(str(activity), _(", ").join(words), url_of(request, activity), _("Look")))
    return Job(
        _("Too few adults for the children"),
        len(found),
        list_url(SignUp, when="coming"),
        found[:SHOWN],
        nothing=_("There is an adult for every child."),
        urgent=bool(found),
    )


def wrong_ages(request: StaffRequest) -> Job | None:
    """V4: signed up, but too young or too old by a birth date or a day that was corrected since; nobody lost a seat by it."""
    permission = "activities.view_signup"
    if not neighbourhoods_with(request.user, permission):
        return None
    own = Activity.objects.filter(
        Q(minors__in=[Minors.NO, Minors.FROM_14]) | Q(min_age__isnull=False) | Q(max_age__isnull=False),
        scope(request.user, permission),
        status=Status.PUBLISHED,
        starts_at__gt=clock.now(),
    )
    rows = SignUp.objects.live().filter(activity__in=own.order_by().values("pk"))
    rows = rows.select_related("person", "activity__organisation").order_by("activity__starts_at", "pk")
    found = [row for row in rows if not ages.fits_age(row.activity, row.person)]
    return Job(
        _("Signed up, but not of the age asked for"),
        len(found),
        list_url(SignUp, when="coming"),
        lines(request, found[:SHOWN], lambda row: day(row.activity.starts_at), pgettext("about people", "Decide")),
        nothing=_("Everybody is of the age asked for."),
        urgent=bool(found),
    )


def offers(request: StaffRequest) -> Job | None:
    rows = rows_of(request, "activities.add_signup", status=SignUpStatus.OFFERED)
    if rows is None:
        return None
    rows.sort(key=lambda row: row.booking.offer_until or row.activity.starts_at)
    bookings = list({row.booking_id: row for row in reversed(rows)}.values())[::-1]
    return Job(
        _("Offers waiting for an answer"),
        len(bookings),
        list_url(SignUp, status__exact=SignUpStatus.OFFERED, when="coming"),
        lines(
            request,
            bookings[:SHOWN],
            lambda row: _("answer by %(when)s") % {"when": moment(row.booking.offer_until)},
            _("Answer"),
        ),
        nothing=_("Nobody is being asked just now."),
    )


def not_seen(request: StaffRequest) -> Job | None:
    rows = rows_of(
        request,
        "activities.add_signup",
        seen_revision__lt=F("activity__revision"),
        status__in=SEAT_KEPT,
        activity__starts_at__gt=clock.now(),
    )
    if rows is None:
        return None
    return Job(
        _("Have not seen the new time"),
        len(rows),
        list_url(SignUp, seen="no", when="coming"),
        lines(
            request,
            rows[:SHOWN],
            lambda row: _("now %(when)s") % {"when": f"{day(row.activity.starts_at)} {span(row.activity)}"},
            _("Tell"),
        ),
        nothing=_("Everybody knows the latest times."),
    )


def drafts(request: StaffRequest) -> Job | None:
    permission = "activities.change_activity"
    if not neighbourhoods_with(request.user, permission):
        return None
    now = clock.now()
    rows = Activity.objects.filter(scope(request.user, permission), status=Status.DRAFT)
    found = list(
        rows.filter(starts_at__gte=now, starts_at__lt=now + timedelta(days=8))
        .select_related("organisation")
        .order_by("starts_at", "pk")[:MOST]
    )
    return Job(
        _("Drafts for the next 7 days"),
        len(found),
        list_url(Activity, status__exact=Status.DRAFT, when="week"),
        [
            Line(
                activity.title,
                f"{day(activity.starts_at)} {span(activity)}",
                own_url(activity) if may_open(request.user, activity) else list_url(Activity),
                _("Publish"),
            )
            for activity in found[:SHOWN]
        ],
        nothing=_("Nothing is waiting to be published."),
    )


def many_places(request: StaffRequest) -> Job | None:
    """S5: who has booked as many places as one account may; whether that is a large family is for staff to know."""
    permission = "activities.add_signup"
    if not neighbourhoods_with(request.user, permission):
        return None
    own = Activity.objects.filter(scope(request.user, permission), status=Status.PUBLISHED, starts_at__gt=clock.now())
    booked = (
        SignUp.objects.live()
        .filter(activity__in=own.order_by().values("pk"), booking__entered_by=None)
        .exclude(booking__made_by__email="")
        .order_by()
        .values_list("activity", "booking__made_by__email")
        .annotate(places=Count("pk"))
    )
    counts = list(booked)
    activities = own.select_related("organisation").in_bulk({pk for pk, _address, _places in counts})
    found = account_limit.at_the_limit([(activities[pk], address, places) for pk, address, places in counts])
    return Job(
        _("Many places from one account"),
        len(found),
        list_url(SignUp, when="coming"),
        [
            Line(
                _("%(name)s, “%(title)s”") % {"name": box, "title": activity},
                ngettext("%(n)d place", "%(n)d places", places) % {"n": places},
                url_of(request, activity),
                _("Look"),
            )
            for activity, box, places in found[:SHOWN]
        ],
        nothing=_("No account has booked as many as it may."),
    )


def past_drafts(request: StaffRequest) -> Job | None:
    """T1, T0: drafts whose start has passed, which nobody published, recorded or deleted."""
    permission = "activities.change_activity"
    if not neighbourhoods_with(request.user, permission):
        return None
    rows = Activity.objects.filter(scope(request.user, permission), status=Status.DRAFT, starts_at__lte=clock.now())
    found = list(rows.select_related("organisation").order_by("-starts_at", "-pk")[:MOST])
    return Job(
        _("Drafts whose day has passed"),
        len(found),
        list_url(Activity, status__exact=Status.DRAFT, when="begun"),
        [
            Line(
                activity.title,
                f"{day(activity.starts_at)} {span(activity)}",
                own_url(activity) if may_open(request.user, activity) else list_url(Activity),
                _("Record or delete"),
            )
            for activity in found[:SHOWN]
        ],
        nothing=_("Nothing that has taken place is left as a draft."),
    )
