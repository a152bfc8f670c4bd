"""How many places one account may book in an activity, over all its bookings (S5): nobody empties a list alone."""

from collections import Counter

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _

from activities.models import Activity, Booking, SignUp
from people.models import Person, RoleGrant
from people.rules.mailbox import mailbox
from portal.refusals import Refusal


def limit_of(activity: Activity) -> int:
    return settings.SEATS_PER_ACCOUNT if activity.seats_per_account is None else activity.seats_per_account


def is_exempt(booking: Booking) -> bool:
    """Staff and building leaders, who write down others; partner units, who come in numbers."""
    made_by = booking.made_by
    if booking.entered_by_id is not None or made_by.unit_id is not None:
        return True
    if made_by.user_id is None:
        return False
    grants = RoleGrant.objects.in_force(booking.made_at)
    return grants.filter(user=made_by.user_id, neighbourhood=made_by.neighbourhood_id).exists()


def box_of(person: Person) -> str:
    address = person.user.email if person.user else person.email
    return mailbox(address) if address else f"person {person.pk}"


def booked(activity: Activity, made_by: Person, *, but: Booking) -> int:
    """Live places here that the mailbox of ``made_by`` has booked itself, waiting ones too; one query."""
    rows = SignUp.objects.live().filter(activity=activity.pk, booking__entered_by=None).exclude(booking=but.pk)
    counted = rows.order_by().values_list(
        "booking__made_by", "booking__made_by__user__email", "booking__made_by__email"
    )
    mine = box_of(made_by)
    total = 0
    for pk, account, address, places in counted.annotate(places=Count("pk")):
        known = account or address
        if pk == made_by.pk or (known and mailbox(known) == mine):
            total += places
    return total


def check_limit(activity: Activity, people: list[Person], booking: Booking) -> None:
    """Raises Refusal, with the number to call, when ``people`` would be more than the account may book; asked under the lock."""
    most = limit_of(activity)
    if is_exempt(booking):
        return
    before = booked(activity, booking.made_by, but=booking)
    if before + len(people) > most:
        raise Refusal(
            _(
                "From one account there are at most %(most)d places here, and you have %(before)d already. If more of you want"
                " to come, please call the committee: %(phone)s."
            )
            % {"most": most, "before": before, "phone": activity.neighbourhood.phone or activity.neighbourhood}
        )


def at_the_limit(rows: list[tuple[Activity, str, int]]) -> list[tuple[Activity, str, int]]:
    """(activity, mailbox, places) of ``rows`` (activity, address, places) that reach the limit, those of one mailbox added."""
    places: Counter[tuple[int, str]] = Counter()
    activities = {}
    for activity, address, count in rows:
        places[activity.pk, mailbox(address)] += count
        activities[activity.pk] = activity
    full = [(activities[pk], box, count) for (pk, box), count in places.items()]
    return [row for row in full if row[2] >= limit_of(row[0])]
