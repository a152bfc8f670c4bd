"""V4: no path whatever confirms a minor without the consent it asks. Here are all of them, and the code is read for more.

Each way is tried twice: without the consent, when the child must not be confirmed, and with it, when it must be, so that
none passes because it does nothing at all.
"""

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from model_bakery import baker

from activities.models import SignUp
from activities.rules import guardian_consent
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.volunteers.ways_to_a_seat import WAYS, world
from volunteers.models import Turn
from volunteers.operations import diary, planning, promises, swaps

__all__ = ["world"]  # a fixture

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
SEATED = {"confirmed", "attended"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


# --- the ways ---


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("agreed", [False, True], ids=["without", "with"])
def test_no_way_confirms_a_minor_without_the_consent(world, way, agreed):
    way(world, agreed)
    world.activity.refresh_from_db()
    row = SignUp.objects.filter(activity=world.activity, person=world.child).order_by("-pk").first()
    assert guardian_consent.consented(world.activity, world.child) == agreed
    assert (row is not None and row.status in SEATED) == agreed


# --- the rota takes no minors at all ---


@pytest.fixture
def down(rota, team, member, make_child):
    """A child that got among the members of a team with a rota, and a member who is down for the 27th."""
    child = make_child(member("裴莉"), 15, name="满满", data=True)
    baker.make("people.TeamMembership", team=team, person=child, since=NOW.date() - timedelta(days=30), until=None)
    grown = member("龚磊")
    promises.promise(rota, grown, 3, at=NOW)
    return child, grown


def promised(rota, child, grown):
    Turn.objects.create(rota=rota, person=child, weekday=3, since=rota.since, accepted_at=NOW)
    planning.generate(rota, at=NOW)


def stood_in(rota, child, grown):
    with pytest.raises(Refusal):
        swaps.stand_in(slot_of(rota), child, at=NOW)


def swapped(rota, child, grown):
    given = slot_of(rota).sign_ups.get(person=grown)
    with pytest.raises(Refusal):
        swaps.ask_swap(given, child, by=grown, at=NOW)


def written_up(rota, child, grown):
    slot = slot_of(rota)
    with pytest.raises(Refusal, match="for adults"):
        diary.record(slot, [grown, child], at=slot.ends_at, by=grown)


def given_by_hand(rota, child, grown):
    with pytest.raises(Refusal, match="for adults"):
        planning.give(slot_of(rota), child, at=NOW, channel="web")


def slot_of(rota):
    return rota.team.activities.filter(sign_ups__isnull=False).order_by("starts_at").first().most_derived()


ON_THE_ROTA = [promised, stood_in, swapped, written_up, given_by_hand]


@pytest.mark.parametrize("way", ON_THE_ROTA, ids=lambda way: way.__name__)
def test_no_way_puts_a_minor_on_the_rota(rota, down, way):
    way(rota, *down)
    assert not SignUp.objects.filter(person=down[0]).exists()
    assert SignUp.objects.filter(person=down[1], status="confirmed").exists()


# --- nothing is missing from the list ---


#: Who writes the status of a sign-up, or makes one, and what keeps a minor from being confirmed there.
WRITERS = {
    "activities/models/sign_up.py:SignUp.move_to": "refuses what the table of states does not declare",
    "activities/operations/queue.py:join": "makes the rows, whose status settle() decides",
    "activities/operations/queue.py:settle": "asks guardian_consent.consented()",
    "activities/operations/queue.py:await_consent": "only ever takes a confirmation away",
    "activities/operations/consents.py:give_consent": "after the consent was recorded, asks for the one to the data",
    "activities/operations/queue.py:end": "ended rows only",
    "activities/operations/merging.py:give_back": "what had begun, as it was recorded; a seat to come goes through settle()",
    "activities/operations/merging.py:pass_on": "asks guardian_consent.consented() of the record that stays",
    "activities/operations/queue.py:offer": "an offer; taking it goes through settle()",
    "activities/operations/attendance.py:record_attendance": "of confirmed rows only; refuses those that wait for a yes",
    "activities/operations/attendance.py:note_came": "of confirmed rows only",
    "activities/operations/attendance.py:_came": "of confirmed rows only; says which yes is missing",
    "volunteers/operations/diary.py:_mark": "record() refuses minors before it",
    "demo/areas/sign_ups.py:sign_up": "checked as loaded: tests/demo, every minor with a seat has the consents",
}
#: Who calls what gives a seat, and the way above that tries it.
GIVERS = {
    "sign_up": {
        "activities/operations/declared_adult.py:sign_up": "own_sign_up_on_the_web",
        "activities/operations/entered_by_staff.py:enter": "staff_enter_what_was_rung_up",
    },
    "join": {
        "activities/operations/sign_ups.py:sign_up": "a_guardian_on_the_web",
        "volunteers/operations/planning.py:give": "given_by_hand",
    },
    "settle": {
        "activities/operations/queue.py:join": "a_guardian_on_the_web",
        "activities/operations/queue.py:promote": "moving_up_from_the_waiting_list",
        "activities/operations/merging.py:give_back": "two_records_joined_and_taken_apart",
        "activities/operations/offers.py:accept": "an_offer_answered_by_phone",
    },
    "promote": {"activities/operations/queue.py:fill": "more_seats_for_those_who_wait"},
    "give_consent": {
        "activities/operations/entered_by_staff.py:give_consent": "a_consent_typed_in_by_staff",
        "activities/admin/sign_ups.py:SignUpPages.consent_view.act": "a_consent_typed_in_by_staff",
        "activities/operations/consents.py:give_consents": "a_consent_by_the_link_in_the_mail",
    },
    "accept": {
        "activities/views/sign_up.py:take": "an_offer_taken_by_the_link_in_the_mail",
        "activities/admin/sign_ups.py:SignUpPages.answer_view.act": "an_offer_answered_by_phone",
    },
    "record_attendance": {
        "activities/views/attendance.py:AttendanceView.post": "attendance",
        "activities/operations/arrival_slips.py:match": "attendance",
    },
    "give": {
        "volunteers/operations/planning.py:settle": "promised",
        "volunteers/operations/swaps.py:stand_in": "stood_in",
        "volunteers/operations/diary.py:record": "written_up",
        "volunteers/operations/swaps.py:hand_over": "swapped",
    },
}
APPS = ("people", "activities", "community", "events", "projects", "volunteers", "config", "demo")
MODULE_OF = {
    "sign_up": "sign_ups",
    "join": "queue",
    "give_consent": "consents entered_by_staff",
    "accept": "offers",
    "record_attendance": "attendance",
}
OTHER_STATES = ("Status.", "Stand.", "SignUpStatus.CANCELLED")


def functions(source: str) -> Iterator[tuple[str, ast.AST]]:
    """(dotted name, node) of every node that lies in a function, named by the innermost."""

    def walk(node: ast.AST, path: tuple[str, ...], inside: bool) -> Iterator[tuple[str, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            where = (*path, child.name) if named else path  # type: ignore[attr-defined]
            within = inside or isinstance(child, ast.FunctionDef)
            if within and not named:
                yield ".".join(where), child
            yield from walk(child, where, within)

    yield from walk(ast.parse(source), (), False)


def modules() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def writes_a_sign_up(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        targets = [one for target in node.targets for one in getattr(target, "elts", [target])]
        value = ast.unparse(node.value)
        to_status = any(isinstance(one, ast.Attribute) and one.attr == "status" for one in targets)
        return to_status and not (value.startswith(OTHER_STATES) or value.startswith("(Status."))
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    on_sign_ups = "sign_ups" in called or "SignUp" in called
    word = called.rpartition(".")[2]
    if word == "move_to":
        return True
    if word in {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}:
        return on_sign_ups
    if word == "update":
        return on_sign_ups and any(keyword.arg == "status" for keyword in node.keywords)
    return (word == "setattr" and "status" in ast.unparse(node)) or called == "SignUp"


def test_whoever_writes_a_status_is_known():
    """A new place that sets one has to be thought about, and gets a way above."""
    found = {
        f"{path}:{where}"
        for path, source in modules()
        if "SignUp" in source or "sign_ups" in source
        for where, node in functions(source)
        if writes_a_sign_up(node)
    }
    assert found == set(WRITERS)


def test_whoever_gives_a_seat_is_tried():
    tried = {way.__name__ for way in [*WAYS, *ON_THE_ROTA]}
    found: dict[str, set[str]] = {word: set() for word in GIVERS}
    for path, source in modules():
        for where, node in functions(source):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            word = getattr(called, "attr", getattr(called, "id", ""))
            if word in GIVERS:
                module = ast.unparse(called.value) if isinstance(called, ast.Attribute) else ""
                if concerns(word, path, module):
                    found[word].add(f"{path}:{where}")
    assert found == {word: set(callers) for word, callers in GIVERS.items()}
    assert {way for callers in GIVERS.values() for way in callers.values()} <= tried


def concerns(word: str, path: str, module: str) -> bool:
    """Whether a call of ``word`` on ``module`` in the file ``path`` is of the function meant here."""
    if word == "settle":
        return module == "queue" or (module == "" and path == "activities/operations/queue.py")
    if word == "give":
        return module in {"", "planning"} and path.startswith("volunteers/")
    if word == "give_consent" and path == "activities/operations/consents.py":
        return module == ""
    if word == "promote":
        return path.startswith("activities/")
    return module in MODULE_OF[word].split()


def test_a_new_writer_would_be_found():
    """The control of the two tests above."""
    new = "class View:\n    def post(self, row):\n        row.status = SignUpStatus.CONFIRMED\n        row.save()\n"
    assert [where for where, node in functions(new) if writes_a_sign_up(node)] == ["View.post"]
    for line in (
        "activity.sign_ups.update(status='confirmed')",
        "SignUp.objects.create(status='confirmed')",
        "SignUp(status='confirmed')",
        "setattr(row, 'status', word)",
        "row.move_to('confirmed', by=Mover.STAFF)",
    ):
        node = next(node for _w, node in functions(f"def new():\n    {line}\n") if isinstance(node, ast.Call))
        assert writes_a_sign_up(node), line
