"""Rows for the bench, made fresh in a database of its own."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from model_bakery import baker

from activities.models import Booking, SignUp
from people.models import Consent, ConsentText, Guardianship, Location, Neighbourhood, Person, User
from portal import clock
from projects.models import Piece, Project
from volunteers.models import Shift


def neighbourhood() -> Neighbourhood:
    neighbourhood = baker.make(
        Neighbourhood, slug="bench", name="宝昌路600弄居民区", short_name="宝昌路600弄", phone="1"
    )
    for number in range(8):
        baker.make(
            Location, neighbourhood=neighbourhood, name=f"地点{number}", kind="room", code=f"l{number}", step_free=True
        )
    baker.make(ConsentText, audience="guardian", version="1", body="同意", published_on=clock.today())
    baker.make(ConsentText, audience="resident", version="1", body="同意", published_on=clock.today())
    return neighbourhood


def shift(neighbourhood: Neighbourhood, *, days: float, title: str, capacity: int | None = 20, **fields) -> Shift:
    start = clock.now() + timedelta(days=days)
    values = {
        "neighbourhood": neighbourhood,
        "kind": "shift",
        "title": title,
        "text": "沿彩虹小路看井盖。",
        "location": neighbourhood.locations.order_by("pk")[0],
        "risks": "行人多",
        "safeguards": "家长同场",
        "open_to": ["residents", "families"],
        "minors": "with_guardian",
        "status": "published",
        "capacity": capacity,
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        **fields,
    }
    return baker.make(Shift, **values)


def piece(neighbourhood: Neighbourhood) -> Piece:
    """A painted cover: what a QR code in the street leads to."""
    project = baker.make(Project, neighbourhood=neighbourhood, slug="covers", title="井盖彩绘", is_published=True)
    return baker.make(
        Piece, neighbourhood=neighbourhood, project=project, code="JG-01", title="节水", kind="", is_published=True
    )


def person(neighbourhood: Neighbourhood, number: int, *, with_account: bool = False) -> Person:
    email = f"bench{number}@example.org"
    user = User.objects.create(email=email, password="!") if with_account else None
    born = clock.today().replace(year=clock.today().year - 40, day=1)
    return Person.objects.create(
        neighbourhood=neighbourhood, user=user, name=f"居民{number}", email=email, birth_date=born, added_at=clock.now()
    )


def child(guardian: Person, number: int) -> Person:
    born = clock.today().replace(year=clock.today().year - 9, day=1)
    kid = Person.objects.create(
        neighbourhood=guardian.neighbourhood, name=f"孩子{number}", birth_date=born, added_at=clock.now()
    )
    Guardianship.objects.create(guardian=guardian, child=kid, relation="母亲", declared_at=clock.now())
    text = ConsentText.objects.filter(audience="guardian")[0]
    Consent.objects.create(person=kid, purpose="data", text=text, given_by=guardian, given_at=clock.now())
    return kid


def book(activity: Shift, people: list[Person], *, status: str = "confirmed") -> None:
    """Sign-ups as they lie in a grown database; not through the operation, which the storm measures."""
    first = activity.bookings.count() + 1
    bookings = Booking.objects.bulk_create(
        [
            Booking(activity_id=activity.pk, sequence=first + index, made_by=one, made_at=clock.now())
            for index, one in enumerate(people)
        ]
    )
    SignUp.objects.bulk_create(
        [
            SignUp(
                booking=booking,
                activity_id=activity.pk,
                person=one,
                status=status,
                settled_at=clock.now() - timedelta(days=1),
            )
            for booking, one in zip(bookings, people, strict=True)
        ]
    )


def session_cookie(user: User) -> str:
    """A log-in as the browser keeps it, without the codes, which have their own tests."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"
