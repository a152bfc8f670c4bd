"""S1: without the second factor, proved lately, whoever holds roles reads and does what a resident can, at every address.

The same account walks every address three times: with all roles but no proof, as the resident they are without roles, and
with the proof. The first two must be answered alike, to the letter; the third shows that there was something to withhold.
"""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import get_resolver, reverse

from activities.models import Activity, Booking, FeedToken
from community.models import Article, Deliberation
from demo import loader
from people.access import roles
from people.models import AccessLog, Neighbourhood, PartyOrg, Photo, PrivateFile, RoleGrant, Team, User
from people.models.sealed import opened
from projects.models import DesignDraft, OralHistory, Piece, Project, SeasonPlan
from tests.config.test_any_input import patterns
from tests.conftest import NOW
from tests.staff import client_of, grant
from volunteers.models import Rota, duties

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

#: What stands before a number in an address: whose number it is.
ROWS = {"files": PrivateFile, "photos": Photo, "slips": Booking, "stories": OralHistory, "news": Article}
NAMES = {"slug", "garden", "wall"}
#: The offer to give the time code, and what differs from one answer to the next.
PASSING = re.compile(
    r'<aside class="wrap prove".*?</aside>|csrfmiddlewaretoken" value="\w+"|name="opened" value="[^"]+"'
    r'|<div class="btns"><a class="btn quiet" href="/admin/">[^<]*</a></div>',
    re.S,
)
FIXED = {
    "code": ["JG-01", "en"],
    "size": ["large"],
    "season": ["2019-spring", "2019-summer"],
    "version": ["1", "2", "3"],
    "number": ["1", "2"],
    "other": ["1", "2"],
}


@pytest.fixture
def place(db) -> Neighbourhood:
    """The demo year with something of each kind taken back from the public."""
    loader.load()
    with opened():
        _take_back()
    return Neighbourhood.objects.get()


def _take_back() -> None:
    Activity.objects.filter(pk__in=some(Activity)[:2]).update(status="draft")
    Project.objects.filter(pk=some(Project)[0]).update(is_published=False)
    Piece.objects.filter(code="JG-01").update(is_published=False)
    OralHistory.objects.filter(pk__in=some(OralHistory)[:1]).update(state="told")
    Article.objects.filter(pk=some(Article)[0]).update(published_at=None)
    last = DesignDraft.objects.exclude(kind="final").order_by("-version").first()
    DesignDraft.objects.filter(pk=last.pk).update(published_at=None)
    SeasonPlan.objects.update(status="draft")
    Deliberation.objects.update(result_state="draft")


@pytest.fixture
def clerk(place) -> User:
    """A resident who holds every role that has staff pages."""
    user = User.objects.get(email="r009@demo.invalid")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    scopes = {"org": PartyOrg.objects.filter(kind="branch").first(), "team": Team.objects.first()}
    for role in RoleGrant.Role.values:
        if roles.has_staff_pages(role):
            scope = RoleGrant.SCOPES.get(role)
            grant(user, role, place, **({scope: scopes[scope]} if scope else {}))
    return user


def some(model, number: int = 3) -> list[int]:
    """The first and the last of them."""
    found = list(model.objects.order_by("pk").values_list("pk", flat=True))
    return [*found[:number], *found[number:][-number:]]


def with_children() -> list[int]:
    rows = Booking.objects.filter(sign_ups__person__birth_date__gt=NOW - timedelta(days=12 * 365))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:3])


def addresses(place: Neighbourhood) -> Iterator[str]:
    for route in patterns(get_resolver()):
        if "^" in route or "logout" in route or route in {"readyz", "healthz"}:
            continue
        paths = [route]
        while any("<" in path for path in paths):
            paths = [path for before in paths for path in filled(before, place)]
        yield from (f"/{path}" for path in paths)


def filled(path: str, place: Neighbourhood) -> list[str]:
    """``path`` with its first place filled in, in several ways."""
    match = re.search(r"<(\w+):(\w+)>", path)
    if match is None:
        return [path]
    before = path[: match.start()].rstrip("/").rpartition("/")[2]
    name = match[2]
    if name == "neighbourhood":
        values = [place.slug]
    elif name == "pk" and before == "slips":
        values = [*map(str, some(Booking)), *map(str, with_children())]
    elif name == "pk" and "/rota/" in path:
        values = [str(pk) for pk in duties(Rota.objects.get().team_id).values_list("pk", flat=True)[:3]]
    elif name == "pk":
        values = [str(pk) for pk in some(ROWS.get(before, Activity))]
    elif name in NAMES:
        values = list(Project.objects.values_list("slug", flat=True)) if "projects" in path else ["rainbow"]
    elif name == "token" and path.endswith(".ics"):
        values = list(FeedToken.objects.values_list("token", flat=True))
    elif name == "team":
        values = [Rota.objects.get().team.code]
    else:
        values = FIXED.get(name, ["x"])
    return [path.replace(match[0], value, 1) for value in values]


def answers(client: Client, paths: list[str]) -> dict[str, tuple[int, str]]:
    """{address: (status, where it leads or what it says)}"""
    found = {}
    for path in paths:
        response = client.get(path)
        words = "" if response.streaming else response.content.decode(errors="replace")
        found[path] = (
            response.status_code,
            response.headers.get("Location", "") or " ".join(PASSING.sub("", words).split()),
        )
    return found


def told_apart(one: tuple[int, str], other: tuple[int, str]) -> str:
    """Where two answers begin to differ."""
    at = next((at for at, (a, b) in enumerate(zip(one[1], other[1], strict=False)) if a != b), 0)
    return f"{one[0]} {one[1][max(at - 60, 0) : at + 60]} / {other[0]} {other[1][max(at - 60, 0) : at + 60]}"


def without_proof(user: User, at: float | None) -> Client:
    """Signed in; the time code was given ``at`` (None: never)."""
    client = client_of(user)
    session = client.session
    session["account_authentication_methods"] = [] if at is None else [{"method": "mfa", "at": at, "type": "totp"}]
    session.save()
    return client


def test_without_the_proof_every_address_answers_as_to_a_resident(place, clerk):
    FeedToken.objects.create(person=clerk.people.get(), token="f" * 32, made_at=NOW)
    paths = list(dict.fromkeys(addresses(place)))
    assert len(paths) > 250
    found = {
        "never": answers(without_proof(clerk, None), paths),
        "over": answers(without_proof(clerk, time.time() - 13 * 3600), paths),
    }
    assert not AccessLog.objects.exists()
    proved = answers(client_of(clerk), paths)

    RoleGrant.objects.filter(user=clerk).delete()
    User.objects.filter(pk=clerk.pk).update(is_staff=False)
    resident = answers(client_of(clerk), paths)
    for when, clerks in found.items():
        assert {
            path: told_apart(clerks[path], resident[path]) for path in paths if clerks[path] != resident[path]
        } == {}, when
    assert {path for path in paths if resident[path][0] >= 500} == set()
    # There was something to withhold.
    opened = {path for path in paths if (proved[path][0], resident[path][0]) in {(200, 404), (200, 302), (200, 403)}}
    kinds = ("/files/", "/slips/", "/attendance/", "/drafts/", "/stories/", "/JG-01/")
    assert {kind for kind in kinds if not any(kind in path for path in opened)} == set()
    assert AccessLog.objects.filter(page="slip").exists()


def test_no_staff_page_opens_without_it(place, clerk):
    """And the way to the proof leads back."""
    client = without_proof(clerk, None)
    for model in admin.site._registry:
        for page in ("changelist", "add"):
            path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")
            for answer in (client.get(path), client.post(path, {})):
                assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={path}"), path


def test_the_page_offers_the_proof_and_leads_back(place, clerk):
    draft = Activity.objects.filter(status="draft").first()
    page = without_proof(clerk, None).get(draft.get_absolute_url())
    assert page.status_code == 404
    assert f'href="/admin/login/?next={draft.get_absolute_url()}"' in page.content.decode()
    page = client_of(clerk).get(draft.get_absolute_url())
    assert page.status_code == 200
    assert "wrap prove" not in page.content.decode()
