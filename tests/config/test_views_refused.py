"""Whatever a resident is refused, they read the sentence on the page they come to, and what they typed is still there.

Every form of every page is filled in and sent, each of its buttons by itself, while every operation refuses.
"""

import html
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urljoin

import pytest
from django.core import mail
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from model_bakery import baker

from activities.emails import cannot_come_url
from activities.operations import building_leader, cannot_come, lifecycle, sign_ups
from people.emails import decision_url, household_url
from people.models import Consent, ConsentText, Guardianship, Person, Team, TeamMembership, User
from people.operations import guardians, household
from projects.models import Bed, Plant, Project, SeasonPlan, TrailPoint, TrailWord
from projects.operations import seasons
from tests.browser import addresses
from tests.conftest import NOW
from tests.filling import Form, forms_of
from tests.refusing import APPS, everything_refuses, our_code
from tests.staff import client_of, grant, said, staff_user
from volunteers.emails import answer_url
from volunteers.models import Certificate, Rota, Swap, Turn, duties
from volunteers.operations import planning, swaps
from volunteers.operations import service as records

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NO = "This is refused, whatever you do."
LOG_OUT = "/accounts/logout/"
#: What a field asks for beyond what fits its kind.
BETTER = {"birth_date": "2010-05-31", "came": "09:00", "left": "10:00", "quote": ""}
#: Called by views, but not by the name of a method: {operation: why, and the view that meets it}.
BY_HELPERS = {
    "activities.operations.offers.accept": "AnswerView",
    "activities.operations.consents.give_consents": "ConsentView",
}


#: Views whose operations refuse nothing.
NOTHING = {
    "EraseStamps": "one's own stamps, at any time",
    "RevokeConsentView": "a consent is taken back at any time (V5)",
    "SessionsView": "one's own sessions, at any time",
    "SettingsView": "what the form lets through is stored",
    "UnfollowPage": "at any time, pressed twice is once",
    "UnsubscribeView": "at any time, pressed twice is once",
}


def expected() -> set[tuple[str, str]]:
    """(view, operation that writes and can refuse) of every method of a view that calls one."""
    code = our_code()
    operations = {name for name in code.writing & code.refusing if name.split(".")[1] in {"operations", "outbox"}}
    found = {
        (name.split(".")[-2], node.called)
        for name, function in code.functions.items()
        if name.split(".")[1] == "views" and name.split(".")[-2][0].isupper()
        for node in function.nodes
        if node.called in operations
    }
    # The process that both pages of the log-in share.
    asks = {one for one in found if one[0] == "JoinProcess"}
    found = found - asks | {(view, operation) for _process, operation in asks for view in ("JoinView", "JoinCodeView")}
    return found | {(view, operation) for operation, view in BY_HELPERS.items()}


@pytest.fixture
def lane(neighbourhood, make_activity, make_person, make_child, resident_text, photo_folders) -> addresses.Lane:
    return addresses.make_lane(neighbourhood, make_activity, make_person, make_child)


def of_the_mother(lane: addresses.Lane) -> Iterator[str]:
    for part in (*addresses.PUBLIC, *addresses.OWN):
        yield from part(lane)
    base = lane.base
    yield from (f"{base}/projects/wall/follow/", f"{base}/stories/tell/", "/me/next-time/")
    yield guardian_to_confirm(lane)
    yield guardian_by_another_record(lane)
    yield from grown_up_of_the_household(lane)
    yield f"/me/family/{another_child(lane).pk}/guardians/"
    yield moved(lane)
    yield from invited(lane)
    yield from service(lane)
    yield from rota(lane)
    yield from votes(lane)
    yield own_words(lane)
    yield from building(lane)


def invited(lane: addresses.Lane) -> Iterator[str]:
    """The links of two invitations: to one the mother has said no."""
    for number in range(2):
        activity = lane.make_activity(title="座谈", starts_at=NOW + timedelta(days=12 + number), minors="no")
        baker.make("activities.Invitation", activity=activity, person=lane.mother, part="participant")
        if number:
            cannot_come.say(activity, lane.mother, by=lane.mother, at=NOW)
        yield "/mail-answers/" + cannot_come_url(activity, lane.mother, lane.mother).partition("/mail-answers/")[2]


def another_child(lane: addresses.Lane) -> Person:
    child = lane.make_person(8, email="", name="甜甜")
    baker.make(Guardianship, guardian=lane.mother, child=child, relation="母亲", declared_at=NOW)
    return child


def grown_up_of_the_household(lane: addresses.Lane) -> Iterator[str]:
    row = household.add_adult(lane.mother, "外婆", at=NOW)
    yield "/me/family/adult/"
    yield f"/me/family/adult/{row.pk}/"
    yield "/mail/" + household_url(row).partition("/mail/")[2]


def guardian_to_confirm(lane: addresses.Lane) -> str:
    guardians.invite(lane.child, by=lane.mother, at=NOW)
    Guardianship.objects.filter(guardian=lane.mother, child=lane.child).update(state="confirmed")
    bond = baker.make(
        Guardianship, guardian=lane.make_person(name="外公"), child=lane.child, relation="外公", declared_at=NOW
    )
    return "/mail/" + decision_url(lane.mother, bond=bond.pk).partition("/mail/")[2]


def guardian_by_another_record(lane: addresses.Lane) -> str:
    """Staff want to join two records of the child; the mother is asked about who is guardian by the other (S3)."""
    other = lane.make_person(8, email="", name="满满")
    bond = baker.make(
        Guardianship, guardian=lane.make_person(name="陌生人"), child=other, relation="父亲", declared_at=NOW
    )
    pair = baker.make("people.PossibleDuplicate", person=lane.child, other=other, noted_at=NOW, state="asked")
    question = baker.make("people.BondQuestion", pair=pair, bond=bond, asked=lane.mother, state="asked", asked_at=NOW)
    return "/mail/" + decision_url(lane.mother, question=question.pk).partition("/mail/")[2]


def moved(lane: addresses.Lane) -> str:
    """An activity whose new time the mother has not read of."""
    activity = lane.make_activity(title="改期", starts_at=NOW + timedelta(days=20), minors="no")
    sign_ups.sign_up(activity, [lane.mother], made_by=lane.mother, at=NOW)
    starts = NOW + timedelta(days=21)
    by = staff_user("committee_admin", lane.neighbourhood, "move@example.org")
    lifecycle.move(
        activity, at=NOW, by=by, starts_at=starts, ends_at=starts + timedelta(hours=2), location=activity.location
    )
    return activity.get_absolute_url()


def service(lane: addresses.Lane) -> Iterator[str]:
    """A shift that is over and not reported; a certificate asked for."""
    text = ConsentText.objects.get(audience="resident")
    baker.make(Consent, person=lane.mother, given_by=lane.mother, purpose="record", given_at=NOW, text=text)
    over = lane.make_activity(title="上周", starts_at=NOW - timedelta(days=2), kind="shift", minors="no")
    sign_ups.sign_up(over, [lane.mother], made_by=lane.mother, at=NOW - timedelta(days=4))
    here = lane.make_activity(title="在场", starts_at=NOW - timedelta(hours=1), minors="no")
    sign_ups.sign_up(here, [lane.mother], made_by=lane.mother, at=NOW - timedelta(days=4), accept_clash=True)
    records.check_in(here, lane.mother, at=NOW)
    yield f"{here.get_absolute_url()}here/"
    asked = baker.make(
        Certificate, neighbourhood=lane.neighbourhood, person=lane.mother, asked_by=lane.mother, asked_at=NOW,
        state="requested", since=date(2018, 1, 1), until=date(2018, 12, 20), code=None, number=None, replaces=None,
    )  # fmt: skip
    yield from ("/me/service/", "/me/service/certificate/", f"/me/certificates/{asked.pk}/")


def rota(lane: addresses.Lane) -> Iterator[str]:
    """A turn of the mother's with a question she asked, one she is asked about, one that lacks hands, and one that is over."""
    team = Team.objects.get(code="green")
    other = lane.make_person(user=True, name="俞素珍")
    for person in (other, lane.make_person(name="尤碧云")):
        baker.make(TeamMembership, team=team, person=person, since=None, until=None)
    plan = Rota.objects.get(team=team)
    Rota.objects.update(people_needed=3, is_active=True, begins_at="06:30", winter_begins_at=None, minutes=45)
    plan.refresh_from_db()
    for person in (lane.mother, other):
        baker.make(Turn, rota=plan, person=person, weekday=None, since=NOW.date(), until=None, accepted_at=NOW)
    planning.generate(plan, at=NOW)
    mornings = list(duties(team.pk).filter(slot_key__isnull=False).order_by("starts_at")[:4])
    rows = {(one.activity_id, one.person_id): one for slot in mornings for one in slot.sign_ups.live()}
    mine, theirs, free, _more = mornings
    sign_ups.withdraw([rows[mine.pk, other.pk]], at=NOW, by=other)
    swaps.ask_swap(rows[mine.pk, lane.mother.pk], other, by=lane.mother, at=NOW)
    given = rows[theirs.pk, other.pk]
    sign_ups.withdraw([rows[theirs.pk, lane.mother.pk]], at=NOW, by=lane.mother)
    asked = baker.make(Swap, given=given, asked=lane.mother, wanted=None, state="asked", asked_at=NOW)
    gone = lane.make_activity(title="今早", kind="duty", team=team, starts_at=NOW - timedelta(hours=2), minors="no")
    sign_ups.sign_up(gone, [lane.mother], made_by=lane.mother, at=NOW - timedelta(days=3), accept_clash=True)
    page = f"{lane.base}/volunteers/rota/green/"
    yield from (page, f"{page}?month=2019-01")
    yield from (f"{page}{slot.pk}/" for slot in (mine, theirs, free, gone))
    yield f"{page}mine/"  # here she ends her turns, which is never refused
    yield addresses.path_of(answer_url("swap", reader=lane.mother.pk, swap=asked.pk))
    yield addresses.path_of(answer_url("take", reader=lane.mother.pk, slot=theirs.pk))


def votes(lane: addresses.Lane) -> Iterator[str]:
    garden, team = Project.objects.get(slug="wall"), Team.objects.get(code="green")
    bed = Bed.objects.get(code="HT-1")
    plant = baker.make(
        Plant, neighbourhood=lane.neighbourhood, name="石竹", kind="flower", light=bed.light, planting_months=[3, 6], toxic=False
    )  # fmt: skip
    for season in ("spring", "summer"):
        plan = baker.make(
            SeasonPlan, neighbourhood=lane.neighbourhood, project=garden, team=team, season=season, year=2019,
            status="collecting", plant_by=date(2019, 3, 10), budget=100,
        )  # fmt: skip
        candidate = seasons.propose(plan, plant, [bed], note="试试")
        seasons.open_vote(plan, until=NOW + timedelta(days=10), at=NOW)
        if season == "summer":
            seasons.vote(plan, lane.mother, [candidate], at=NOW)
        yield f"{lane.base}/projects/wall/flowers/2019-{season}/"


def own_words(lane: addresses.Lane) -> str:
    point = TrailPoint.objects.get(piece__code="JG-02")
    baker.make(TrailWord, point=point, person=lane.mother, name="裴", words="好看", said_on=NOW.date(), state="waiting")
    return f"{lane.base}/places/JG-02/stamp/"


def building(lane: addresses.Lane) -> Iterator[str]:
    """The mother leads her building, has written a neighbour down, and has somebody to tell."""
    house = baker.make("people.Building", neighbourhood=lane.neighbourhood, compound__neighbourhood=lane.neighbourhood)
    Person.objects.filter(pk=lane.mother.pk).update(building=house)
    grant(lane.mother.user, "building_leader", lane.neighbourhood, building=house)
    old = lane.make_person(84, name="汤寿康", email="", told_by_building_leader=True, building=house)
    building_leader.sign_up(
        lane.open, old, buildings=[house], at=NOW, by=lane.mother.user, channel="phone", accept_clash=True
    )
    yield from (f"{lane.base}/building/", f"{lane.base}/building/sign-up/{lane.first.pk}/")


class Visitor:
    """Sends every form of every page it is shown, and notes what came of it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.met: set[tuple[str, str]] = set()
        self.wrong: dict[str, str] = defaultdict(str)

    def visit(self, path: str) -> None:
        page = self.client.get(path)
        if page.status_code != 200:
            return
        for form in forms_of(page.content.decode()):
            for button in form.buttons or [("", "")]:
                if form.action != LOG_OUT:
                    self.send(path, form, button)

    def send(self, path: str, form: Form, button: tuple[str, str]) -> None:
        url = urljoin(path, form.action).partition("#")[0]
        fields = form.fields | {name: [BETTER[name]] for name in form.fields.keys() & BETTER.keys()}
        fields |= {button[0]: [button[1]]} if button[0] else {}
        for name in fields:
            if name.endswith(("-came", "-left")):  # of one line of a sheet
                fields[name] = [BETTER[name.rpartition("-")[2]]]
        try:
            with everything_refuses(NO) as met:
                answer = self.client.post(url, fields)
        except Exception as error:
            self.wrong[f"{url} {button}"] = repr(error)
            return
        if not met:
            return
        view = resolve(url.partition("?")[0]).func
        name = getattr(view, "view_class", view).__name__
        self.met |= {(name, operation) for operation in met}
        shown = answer.content.decode() if answer.status_code in {200, 410} else ""
        if NO not in shown and NO not in said(answer):
            self.wrong[f"{url} {button}"] = f"{answer.status_code} says nothing"
        typed = {key: fields[key][0] for key in form.typed if fields[key][0]}
        lost = [key for key, words in typed.items() if html.escape(words) not in shown]
        if lost:
            self.wrong[f"{url} {button}"] += f" lost {lost}"


def posting_views(resolver: URLResolver) -> set[str]:
    found: set[str] = set()
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            found |= posting_views(one)
        else:
            view = getattr(one.callback, "view_class", None)
            if view is not None and hasattr(view, "post") and view.__module__.partition(".")[0] in APPS:
                found.add(view.__name__)
    return found


def test_every_view_that_is_sent_something_is_known():
    """A new one meets a refusal below, or is listed with the reason why it has none."""
    assert posting_views(get_resolver()) - set(NOTHING) == {view for view, _operation in expected()}
    assert len(expected()) > 50


def test_every_view_says_why_it_was_refused(lane, caplog):
    caplog.set_level("CRITICAL", "django.request")  # broken links are visited, too
    paths = list(of_the_mother(lane))
    mother = Visitor(client_of(lane.mother.user))
    for path in dict.fromkeys(paths):
        mother.visit(path)
    visitors = [mother, at_the_desk(lane), of_unknown_age(lane), stranger(lane), newcomer(lane)]

    met = {pair for one in visitors for pair in one.met}
    wrong = {key: words for one in visitors for key, words in one.wrong.items()}
    assert wrong == {}
    assert expected() - met == set()


def at_the_desk(lane: addresses.Lane) -> Visitor:
    """Staff who take attendance and type in the sheet."""
    begun = lane.make_activity(title="刚才", starts_at=NOW - timedelta(hours=1), minors="no")
    sign_ups.sign_up(begun, [one := lane.make_person()], made_by=one, at=NOW - timedelta(days=2))
    family = [lane.mother, lane.child]
    with_child = lane.make_activity(title="亲子", starts_at=NOW - timedelta(minutes=30), minors="with_guardian")
    sign_ups.sign_up(
        with_child, family, made_by=lane.mother, at=NOW - timedelta(days=2), guardian_consents=True, accept_clash=True
    )
    visitor = Visitor(client_of(staff_user("committee_admin", lane.neighbourhood)))
    for activity in (begun, with_child):
        visitor.visit(reverse("activities:attendance", args=[lane.neighbourhood.slug, activity.pk]))
    return visitor


def of_unknown_age(lane: addresses.Lane) -> Visitor:
    visitor = Visitor(client_of(lane.make_person(None, user=True, name="年岁未知").user))
    visitor.visit("/me/")
    return visitor


def stranger(lane: addresses.Lane) -> Visitor:
    """An account that this neighbourhood does not know."""
    visitor = Visitor(client_of(User.objects.create_user("stranger@example.org")))
    draft = f"{lane.base}/projects/wall/drafts/1/feedback/"
    for path in ("/me/", lane.open.get_sign_up_url(), draft, f"{lane.base}/projects/wall/follow/"):
        visitor.visit(path)
    return visitor


def newcomer(lane: addresses.Lane) -> Visitor:
    """Somebody who is refused a code, then asks for another one, then gave the right one."""
    visitor = Visitor(Client(headers={"accept-language": "en"}))
    visitor.visit("/accounts/join/")
    visitor.client.post("/accounts/join/", {"email": "new@example.org", "next": lane.first.get_absolute_url()})
    code = next(word for word in mail.outbox[-1].body.split() if word.isdigit() and len(word) == 6)
    visitor.visit("/accounts/join/code/")
    visitor.client.post("/accounts/join/code/", {"code": code})
    visitor.visit("/accounts/join/name/")
    return visitor
