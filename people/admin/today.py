"""The jobs of people on the staff's first page."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.access import message_scope, second_yes
from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import admin_url, list_url
from people.models import Guardianship, Message, Photo, PossibleDuplicate, RoleGrant
from people.operations import log_in_codes
from people.outbox import staff
from people.pages.staff_jobs import SHOWN, Job, Line
from portal import clock
from portal.dates import day

DENIED_FOR = 14  # days that a guardian's no about another stands in the list
MOST = 100  # counted exactly up to here; one query gives the number and the first lines


def messages(request: StaffRequest) -> Job | None:
    if not neighbourhoods_with(request.user, message_scope.VIEW):
        return None
    now = clock.now()
    State = Message.State
    stuck = Q(state__in=[State.FAILED, State.IN_DOUBT]) & (Q(expires_at=None) | Q(expires_at__gt=now))
    rows = message_scope.readable_by(request.user).filter(staff.is_late(now) | staff.is_to_be_told(now) | stuck)
    found = list(rows.order_by("expires_at", "pk").only("state", "channel", "kind", "due_at", "expires_at")[:MOST])
    failed = sum(message.state == State.FAILED for message in found)
    doubt = sum(message.state == State.IN_DOUBT for message in found)
    phone = sum(message.channel == Message.Channel.PHONE for message in found)
    late = len(found) - failed - doubt - phone
    parts = [
        (phone, "phone", _("To be told by phone"), reverse("admin:people_message_phone_list"), _("Phone list")),
        (failed, "failed", _("Failed"), "", _("Look")),
        (doubt, "in_doubt", _("In doubt"), "", _("Look")),
        (late, "late", _("Late"), "", _("Look")),
    ]
    lines = [
        Line(
            title,
            ngettext("%(n)d message", "%(n)d messages", count) % {"n": count},
            list_url(Message, what=what) if not url or not request.user.has_perm("people.view_person") else url,
            action,
        )
        for count, what, title, url, action in parts
        if count
    ]
    return Job(
        _("Messages that need somebody"),
        len(found),
        list_url(Message),
        lines,
        nothing=_("Everything has gone out."),
        urgent=bool(found),
    )


def duplicates(request: StaffRequest) -> Job | None:
    neighbourhoods = neighbourhoods_with(request.user, "people.change_possibleduplicate")
    if not neighbourhoods:
        return None
    rows = PossibleDuplicate.objects.filter(
        person__neighbourhood__in=neighbourhoods, state__in=PossibleDuplicate.TO_DO
    ).select_related("person", "other")
    found = list(rows.order_by("-noted_at")[:MOST])
    fresh = PossibleDuplicate.State.OPEN
    lines = [
        Line(
            str(pair.person),
            pair.why if pair.state == fresh else pair.get_state_display(),
            admin_url(pair),
            _("Compare"),
        )
        for pair in found[:SHOWN]
    ]
    return Job(
        _("Possibly the same person twice"),
        len(found),
        list_url(PossibleDuplicate, state__in=",".join(PossibleDuplicate.TO_DO)),
        lines,
        nothing=_("No records look alike."),
    )


def guardians(request: StaffRequest) -> Job | None:
    neighbourhoods = neighbourhoods_with(request.user, "people.change_guardianship")
    if not neighbourhoods:
        return None
    State = Guardianship.State
    denied = Q(state=State.REFUSED, ended_at__gt=clock.now() - timedelta(days=DENIED_FOR))
    rows = Guardianship.objects.filter(
        Q(state=State.DECLARED, ended_at=None) | denied, child__neighbourhood__in=neighbourhoods
    ).select_related("guardian", "child")
    found = list(rows.order_by("-declared_at")[:MOST])
    lines = [
        Line(str(bond), bond.get_state_display(), admin_url(bond), _("Look"))
        if bond.state == State.REFUSED
        else Line(str(bond), _("declared %(day)s") % {"day": day(bond.declared_at)}, admin_url(bond), _("Confirm"))
        for bond in found[:SHOWN]
    ]
    return Job(
        _("Guardians not confirmed yet"),
        len(found),
        list_url(Guardianship, state__in=",".join([State.DECLARED, State.REFUSED])),
        lines,
        nothing=_("All guardians are confirmed."),
    )


def many_codes(request: StaffRequest) -> Job | None:
    """S10: somebody may be flooding mailboxes; nobody is refused, and staff see it."""
    if not neighbourhoods_with(request.user, message_scope.VIEW) or not log_in_codes.are_many():
        return None
    words = _(
        "Codes for unusually many addresses were asked for within an hour. Each is sent a little later; please watch it."
    )
    return Job(
        _("Unusually many log-ins"),
        1,
        reverse("people:status"),
        [Line(words, "", reverse("people:status"), _("Look"))],
        urgent=True,
    )


def proposed_roles(request: StaffRequest) -> Job | None:
    """Roles that take two (S8): for who may say yes, and for those who keep the roles."""
    neighbourhoods = neighbourhoods_with(request.user, "people.view_rolegrant")
    if not neighbourhoods:
        return None
    rows = RoleGrant.objects.waiting(clock.now()).filter(neighbourhood__in=neighbourhoods)
    keeps = neighbourhoods_with(request.user, "people.change_rolegrant")
    found = [
        (grant, second_yes.may_answer(request.user, grant))
        for grant in rows.select_related("user", "given_by").order_by("given_at")[:MOST]
    ]
    found = [(grant, may) for grant, may in found if may or grant.neighbourhood_id in keeps]
    lines = [
        Line(
            str(grant),
            _("proposed by %(who)s, %(day)s") % {"who": grant.given_by or _("the server"), "day": day(grant.given_at)},
            admin_url(grant),
            _("Say yes or no") if may else _("Look"),
        )
        for grant, may in found[:SHOWN]
    ]
    return Job(
        _("Roles that wait for a second yes"),
        len(found),
        list_url(RoleGrant, needs_yes=1),
        lines,
        nothing=_("No role waits for a yes."),
        urgent=any(may for _grant, may in found),
    )


def photos_without_words(request: StaffRequest) -> Job | None:
    """Without words a photo cannot be published; many are kept at once and wait for theirs (L7)."""
    neighbourhoods = neighbourhoods_with(request.user, "people.change_photo")
    if not neighbourhoods:
        return None
    rows = Photo.objects.filter(neighbourhood__in=neighbourhoods).without_words()
    found = list(rows.order_by("-pk")[:MOST])
    lines = [
        Line(str(photo), day(photo.taken_on) if photo.taken_on else "", admin_url(photo), _("Write the words"))
        for photo in found[:SHOWN]
    ]
    return Job(
        _("Photos that wait for their words"),
        len(found),
        list_url(Photo, shown="wordless"),
        lines,
        nothing=_("Every photo says what can be seen."),
    )
