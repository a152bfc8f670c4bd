"""Who worked on which cover, panel or bed: on one's own page, and as sums on the piece's page (V2, V6, V7)."""

from datetime import timedelta

import pytest
from django.utils.translation import override
from model_bakery import baker

from activities.operations import sign_ups
from people.models import Consent
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user
from volunteers.models import ServiceRecord
from volunteers.operations import diary, promises, service, worked_on
from volunteers.pages import my_service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def pieces(neighbourhood):
    project = baker.make("projects.Project", neighbourhood=neighbourhood, slug="p", is_published=True)
    here = {"neighbourhood": neighbourhood, "project": project, "is_published": True}
    return [
        baker.make("projects.Cover", code=f"JG-0{number}", title=f"井盖{number}", kind="cover", **here)
        for number in (1, 2)
    ]


@pytest.fixture
def shift(make_activity):
    return make_activity(starts_at=NOW - timedelta(hours=4), ends_at=NOW - timedelta(hours=2), status="done")


@pytest.fixture
def served(shift, make_person):
    """Makes somebody with a confirmed record of so many minutes."""

    def make(minutes: int, pieces=(), **fields):
        person = fields.pop("person", None) or make_person(user=True)
        record = baker.make(
            ServiceRecord, neighbourhood=shift.neighbourhood, activity=fields.pop("activity", shift), person=person,
            started_at=NOW - timedelta(days=3), ended_at=NOW - timedelta(days=3) + timedelta(minutes=minutes),
            minutes=minutes, state=fields.pop("state", "confirmed"), entered_at=NOW, source="sheet",
        )  # fmt: skip
        record.pieces.set(pieces)
        return person

    return make


def test_codes_are_read_as_they_stand_on_the_tag(pieces, neighbourhood, elsewhere):
    assert worked_on.pieces_named("jg-02， JG-01、jg-02", neighbourhood) == [pieces[1].piece_ptr, pieces[0].piece_ptr]
    for codes, place in (("JG-01, JG-99", neighbourhood), ("JG-01", elsewhere)):
        with pytest.raises(Refusal, match="The code stands on the tag"):
            worked_on.pieces_named(codes, place)


def test_a_shift_says_it_for_its_records_and_for_those_to_come(shift, served, pieces, make_person, resident_text):
    early, late = served(60), make_person()
    own = served(60, [pieces[1]])
    worked_on.say(shift, [pieces[0]])
    baker.make(Consent, person=late, purpose="record", text=resident_text, given_by=late, given_at=NOW)
    booking = baker.make("activities.Booking", activity=shift, made_by=late, sequence=1, made_at=NOW)
    baker.make("activities.SignUp", activity=shift, booking=booking, person=late, status="attended")
    service.enter(shift, late, shift.starts_at, shift.ends_at, at=NOW, source="sheet")
    found = {record.person: list(record.pieces.all()) for record in ServiceRecord.objects.all()}
    assert [piece.code for piece in found[early]] == [piece.code for piece in found[late]] == ["JG-01"]
    assert [piece.code for piece in found[own]] == ["JG-02"]


def test_a_morning_of_the_rota_works_on_what_the_rota_tends(rota, slot, member, pieces, resident_text, neighbourhood):
    helper = member("尹素娟")
    baker.make(Consent, person=helper, purpose="record", text=resident_text, given_by=helper, given_at=NOW)
    worked_on.say(rota, pieces)
    promises.promise(rota, helper, 4, at=NOW)
    morning = slot(21)
    office = staff_user("volunteer_coordinator", neighbourhood)
    diary.record(morning, [helper], at=morning.ends_at, by_staff=office)
    assert ServiceRecord.objects.get().pieces.count() == 2


def test_time_on_several_is_shared_and_ones_own_page_names_them(client, served, pieces):
    person = served(165, pieces)
    pieces[1].is_published = False
    pieces[1].save()
    lines = my_service.of(person).by_piece
    assert [(line.label, line.time, bool(line.url)) for line in lines] == [
        ("JG-01 井盖1", "1:22", True),
        ("JG-02 井盖2", "1:22", False),
    ]
    client.force_login(person.user)
    page = client.get("/me/service/").content.decode()
    assert 'href="/lane-600/places/JG-01/"' in page
    assert "/places/JG-02/" not in page


def test_a_pieces_page_tells_sums_and_no_name(client, served, pieces):
    """V6: of one or two neighbours the hours are their own affair."""
    client.cookies["django_language"] = "en"
    first = served(165, pieces)
    served(60, [pieces[0]], state="pending")
    url = pieces[0].get_absolute_url()
    one = client.get(url).content.decode()
    assert "1 neighbour lent a hand here" in one
    assert "hours in all" not in one
    served(60, [pieces[0]])
    served(61, [pieces[0]])
    page = client.get(url).content.decode()
    assert "3 neighbours lent a hand here, 3 hours in all" in page  # 82 + 60 + 61 minutes
    assert first.name not in page


def test_staff_say_it_on_records_shifts_and_rotas(shift, served, pieces, neighbourhood, rota):
    served(60)
    record = ServiceRecord.objects.get()
    office = client_of(staff_user("volunteer_coordinator", neighbourhood))
    for row, label in ((record, "servicerecord"), (shift, "shift"), (rota, "rota")):
        url = f"/admin/volunteers/{label}/act/pieces/?ids={row.pk}"
        assert said(office.post(url, {"ids": row.pk, "codes": "JG-9"})) == [
            "Nothing here has the code JG-9. The code stands on the tag: JG-01, HT-3."
        ]
        assert said(office.post(url, {"ids": row.pk, "codes": "jg-01"})) == ["Noted: JG-01."]
        assert [piece.code for piece in row.pieces.all()] == ["JG-01"]
        assert 'value="JG-01"' in office.get(url).content.decode()


def test_an_own_report_names_it(client, make_activity, make_person, resident_text, pieces):
    person = make_person(user=True)
    baker.make(Consent, person=person, purpose="record", text=resident_text, given_by=person, given_at=NOW)
    activity = make_activity(starts_at=NOW + timedelta(hours=1))
    sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    activity.starts_at, activity.ends_at = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
    activity.save()
    client.force_login(person.user)
    client.cookies["django_language"] = "en"
    data = {"activity": activity.pk, "came": "06:00", "left": "08:00", "break_minutes": 0, "worked_on": "JG-77"}
    assert "Nothing here has the code JG-77" in client.post("/me/service/", data).content.decode()
    assert not ServiceRecord.objects.exists()
    client.post("/me/service/", {**data, "worked_on": "jg-01"})
    assert [piece.code for piece in ServiceRecord.objects.get().pieces.all()] == ["JG-01"]


@pytest.mark.parametrize("length", [1, 15])
def test_ones_own_service_costs_the_same_at_any_length(
    make_activity, make_person, served, pieces, django_assert_num_queries, length
):
    person = make_person()
    for _ in range(length):
        served(30, pieces, person=person, activity=make_activity(status="done"))
    with django_assert_num_queries(3):  # the records, what they worked on, which of them are doubted
        assert my_service.of(person).by_piece[0].times == length
