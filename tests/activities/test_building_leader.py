"""A building's leader writes neighbours down who asked (V1), sees only their own building (least data), and tells them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from model_bakery import baker
from PIL import Image

from activities.models import ActivityConsent, Booking, SignUp
from activities.operations import building_leader as writing
from activities.operations import reminders, sign_ups
from activities.rules import building_leader
from people.access.viewer import Viewer
from people.models import AccessLog, Consent, Message, Person
from portal import clock
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.staff import client_of, grant, staff_user

pytestmark = pytest.mark.django_db
URL = "/lane-600/building/"


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def building(neighbourhood):
    compound = baker.make("people.Compound", neighbourhood=neighbourhood, name="600弄")
    return baker.make("people.Building", neighbourhood=neighbourhood, compound=compound, code="1", name="1号")


@pytest.fixture
def other_building(building):
    return baker.make("people.Building", neighbourhood=building.neighbourhood, compound=building.compound, code="2")


@pytest.fixture
def leader(make_person, building):
    person = make_person(user=True, name="柴桂珍", building=building)
    grant(person.user, "building_leader", building.neighbourhood, building=building)
    return person


@pytest.fixture
def old_man(make_person, building):
    return make_person(84, name="汤寿康", email="", told_by_building_leader=True, building=building)


@pytest.fixture
def door(leader) -> Client:
    return client_of(leader.user)


def typed(who, **more) -> dict:
    return {"who": who.pk if isinstance(who, Person) else who, "channel": "in_person", "asked": "on", **more}


def test_the_list_holds_the_grown_up_neighbours_of_ones_own_building(
    door, leader, old_man, other_building, make_person, make_child, activity
):
    make_person(name="别楼人", building=other_building)
    make_child(leader, name="小宝", building=leader.building)
    said = door.get(f"{URL}sign-up/{activity.pk}/").content.decode()
    assert old_man.name in said
    assert "别楼人" not in said
    assert "小宝" not in said
    assert leader.email not in said
    assert list(building_leader.grown_up([leader.building])) == [leader, old_man]


def test_the_page_is_only_for_leaders(client, person, neighbourhood, activity, leader, elsewhere):
    """A name on the building's record is no role; an ended grant and another area are none either."""
    for user in (person.user, staff_user("committee_admin", neighbourhood)):
        assert client_of(user).get(URL).status_code == 404
    assert client.get(URL).status_code == 302
    assert building_leader.led_by(Viewer(elsewhere, leader.user)) == []
    leader.user.grants.update(until=NOW)
    assert client_of(leader.user).get(f"{URL}sign-up/{activity.pk}/").status_code == 404


def test_writing_down_keeps_how_they_asked_and_leads_to_the_slip(door, leader, old_man, activity, neighbourhood):
    """V1: their own act, its channel, and by whom it was recorded."""
    answer = door.post(f"{URL}sign-up/{activity.pk}/", typed(old_man))
    booking = Booking.objects.get()
    assert (booking.made_by, booking.channel, booking.entered_by) == (old_man, "in_person", leader.user)
    assert answer["Location"] == f"{URL}slips/{booking.pk}/"
    slip = door.get(answer["Location"]).content.decode()
    for words in ("汤寿康", "盖草帘", "墙下花坛", "低温", "柴桂珍", neighbourhood.phone, "qr-code"):
        assert words in slip


def test_nobody_is_written_down_unasked(door, old_man, activity):
    answer = door.post(f"{URL}sign-up/{activity.pk}/", {"who": old_man.pk, "channel": "phone"})
    assert "Nobody is written down unasked" in answer.content.decode()
    assert not Booking.objects.exists()


def test_somebody_of_another_building_is_refused_in_every_way(
    door, leader, building, other_building, make_person, activity
):
    stranger = make_person(name="别楼人", building=other_building)
    said = door.post(f"{URL}sign-up/{activity.pk}/", typed(stranger)).content.decode()
    assert "Please choose one of your building&#x27;s neighbours" in said
    for who in (stranger, writing.Newcomer("新人", "", other_building)):
        with pytest.raises(Refusal, match="neighbours of your own building"):
            writing.sign_up(activity, who, buildings=[building], at=NOW, by=leader.user, channel="phone")
    assert not Booking.objects.exists()


def test_somebody_new_agrees_to_the_data_and_is_listed_beside_a_namesake(
    door, leader, building, activity, make_person, resident_text
):
    make_person(name="龚宝泉")
    url = f"{URL}sign-up/{activity.pk}/"
    said = door.post(url, typed("new", name="龚宝泉")).content.decode()
    assert "the committee may not keep the name" in said
    assert not Person.objects.filter(building=building, name="龚宝泉").exists()
    door.post(url, typed("new", name="龚宝泉", agrees="on"))
    new = Person.objects.get(building=building, name="龚宝泉")
    assert new.is_adult_on(NOW.date())
    assert new.told_by_building_leader
    consent = new.consents.get(purpose="data")
    assert (consent.channel, consent.entered_by, consent.given_by) == ("in_person", leader.user, new)
    assert new.possible_duplicates.count() == 1
    said = door.post(url, typed("new", name="龚宝泉", agrees="on")).content.decode()
    assert "stands in the list already" in said


def test_a_refused_sign_up_keeps_no_new_record(leader, building, make_activity, resident_text):
    full = make_activity(open_to=["members"])
    new = writing.Newcomer("新人", "", building)
    with pytest.raises(Refusal, match="cannot join here"):
        writing.sign_up(full, new, buildings=[building], at=NOW, by=leader.user, channel="phone")
    assert not Person.objects.filter(name="新人").exists()


def sheet():
    out = BytesIO()
    Image.new("RGB", (400, 300), "#fff").save(out, "JPEG")
    return SimpleUploadedFile("s.jpg", out.getvalue(), "image/jpeg")


@pytest.mark.parametrize(("signed", "status"), [(True, "confirmed"), (False, "consent_pending")])
def test_a_child_is_confirmed_only_with_the_signed_sheet(
    door, leader, old_man, make_child, activity, photo_folders, signed, status
):
    """V4: by no word of the leader's."""
    child = make_child(old_man, name="满满")
    data = typed(old_man, children="满满") | ({"sheet": sheet()} if signed else {})
    door.post(f"{URL}sign-up/{activity.pk}/", data)
    assert SignUp.objects.get(person=child).status == status
    consent = ActivityConsent.objects.filter(child=child).first()
    assert (consent is not None) is signed
    assert not signed or (consent.guardian == old_man and consent.sheet_id)


def test_a_childs_name_is_told_by_the_parent_and_tells_nothing(door, old_man, make_person, make_child, activity):
    """V6: another family's child is not known here."""
    make_child(make_person(), name="乐乐")
    said = door.post(f"{URL}sign-up/{activity.pk}/", typed(old_man, children="乐乐")).content.decode()
    assert "No child called 乐乐 is known with 汤寿康. The office adds children" in said
    assert not Booking.objects.exists()


def test_a_clash_is_asked_about_and_then_accepted(door, old_man, make_activity):
    first, second = make_activity(title="送汤圆"), make_activity(title="看展板")
    door.post(f"{URL}sign-up/{first.pk}/", typed(old_man))
    said = door.post(f"{URL}sign-up/{second.pk}/", typed(old_man)).content.decode()
    assert "送汤圆" in said
    assert 'type="checkbox" name="accept_clash"' in said
    door.post(f"{URL}sign-up/{second.pk}/", typed(old_man, accept_clash="on"))
    assert second.sign_ups.count() == 1


def test_one_sees_and_withdraws_only_what_one_wrote_down(
    door, leader, building, old_man, make_person, activity, make_activity
):
    """Least data: what a neighbour signed up for alone is nobody else's business."""
    own_way = make_activity(title="夜读", starts_at=NOW + timedelta(days=5))
    sign_ups.sign_up(own_way, [old_man], made_by=old_man, at=NOW)
    door.post(f"{URL}sign-up/{activity.pk}/", typed(old_man))
    assert [row.activity_id for row in building_leader.written_down(leader.user, activity.neighbourhood, NOW)] == [
        activity.pk
    ]
    own = Booking.objects.get(activity=own_way)
    door.post(URL, {"withdraw": own.pk})
    assert own.sign_ups.live().exists()
    assert door.get(f"{URL}slips/{own.pk}/").status_code == 404
    with pytest.raises(Refusal, match="Somebody else wrote this down"):
        writing.withdraw(own.sign_ups.all(), by=leader.user, at=NOW)
    door.post(URL, {"withdraw": Booking.objects.get(activity=activity).pk})
    assert not activity.sign_ups.live().exists()


def test_whom_to_tell_is_ones_own_buildings_and_public_matters_only(
    door, leader, old_man, other_building, make_person, make_child, make_activity, neighbourhood
):
    tomorrow = NOW + timedelta(days=1)
    shift = make_activity(title="盖草帘", starts_at=tomorrow)
    far = make_person(80, name="别楼人", email="", told_by_building_leader=True, building=other_building)
    phoned = make_person(70, name="有电话", email="", phone="10000000005", building=leader.building)
    org = baker.make("people.PartyOrg", neighbourhood=neighbourhood, kind="branch")
    secret = make_activity(
        title="组织生活会", starts_at=tomorrow + timedelta(hours=4), visibility="organisation", organisation=org
    )
    child = make_child(old_man, name="满满")
    sign_ups.sign_up(shift, [old_man, child], made_by=old_man, at=NOW, guardian_consents=True)
    for person, where in ((far, shift), (phoned, shift), (old_man, secret)):
        sign_ups.sign_up(where, [person], made_by=person, at=NOW)
    Message.objects.all().delete()  # the confirmations
    said = door.get(URL).content.decode()
    assert "汤寿康" in said
    assert "“盖草帘”" in said
    assert "a young volunteer" in said
    for hidden in ("别楼人", "有电话", "组织生活会", "满满"):
        assert hidden not in said

    with clock.frozen(NOW.replace(hour=18)):
        reminders.queue_due(clock.now())
        waiting = building_leader.to_tell(leader.user, [leader.building], neighbourhood)
        assert waiting == []  # it names a child whom the leader did not write down: the office's
        assert Message.objects.filter(recipient=old_man, channel="phone").exists()


def test_what_was_told_is_ticked_off(door, leader, old_man, make_activity, neighbourhood):
    shift = make_activity(starts_at=NOW + timedelta(days=1))
    door.post(f"{URL}sign-up/{shift.pk}/", typed(old_man))
    message = Message.objects.get(recipient=old_man)
    door.post(URL, {"told": message.pk})
    message.refresh_from_db()
    assert (message.state, message.handled_by) == ("sent", leader.user)
    far = baker.make(
        Message,
        neighbourhood=neighbourhood,
        recipient=make_stranger(neighbourhood),
        channel="phone",
        kind="x",
        message_id="<1>",
        queued_at=NOW,
        due_at=NOW,
    )
    door.post(URL, {"told": far.pk})
    far.refresh_from_db()
    assert far.state == "pending"


def make_stranger(place):
    return baker.make(Person, neighbourhood=place, name="别人", added_at=NOW)


@pytest.mark.parametrize("length", [1, 12])
def test_the_page_costs_the_same_at_any_length(
    door, leader, make_person, make_activity, django_assert_max_num_queries, length
):
    shift = make_activity(starts_at=NOW + timedelta(days=1))
    for number in range(length):
        person = make_person(80, name=f"老{number}", email="", told_by_building_leader=True, building=leader.building)
        writing.sign_up(shift, person, buildings=[leader.building], at=NOW, by=leader.user, channel="phone")
    with django_assert_max_num_queries(42):  # eight of them read the families of those who are called
        answer = door.get(URL)
    assert len(answer.context["bookings"]) == length


def test_staff_find_the_slip_beside_each_sign_up(neighbourhood, person, activity):
    booking = sign_ups.sign_up(activity, [person], made_by=person, at=NOW)
    office = client_of(staff_user("committee_admin", neighbourhood))
    assert f"{URL}slips/{booking.pk}/" in office.get(f"/admin/volunteers/shift/{activity.pk}/change/").content.decode()
    assert person.name in office.get(f"{URL}slips/{booking.pk}/").content.decode()
    assert client_of(person.user).get(f"{URL}slips/{booking.pk}/").status_code == 404


def test_the_consent_that_the_committee_keeps_the_name_can_be_read(leader, building, resident_text, make_activity):
    shift = make_activity()
    new = writing.Newcomer("新人", "10000000009", building)
    booking = writing.sign_up(shift, new, buildings=[building], at=NOW, by=leader.user, channel="phone")
    assert Consent.objects.get(person=booking.made_by, purpose="data").text == resident_text


def test_a_slip_with_a_child_gives_no_full_name_and_is_noted(
    door, leader, old_man, make_child, activity, neighbourhood, person
):
    """S1: whoever it is; and staff read the name only with the time code, which is noted too."""
    child = make_child(old_man, name="汤满满")
    door.post(f"{URL}sign-up/{activity.pk}/", typed(old_man, children="汤满满"))
    booking = Booking.objects.get()
    slip = f"{URL}slips/{booking.pk}/"
    for page in (door.get(slip), door.get(URL)):
        assert "满满" in page.content.decode()
        assert "汤满满" not in page.content.decode()
    clerk = staff_user("committee_admin", neighbourhood)
    bare = client_of(clerk)
    session = bare.session
    session["account_authentication_methods"] = []
    session.save()
    assert bare.get(slip).status_code == 404
    assert "汤满满" in client_of(clerk).get(slip).content.decode()
    noted = AccessLog.objects.filter(person=child, page="slip").values_list("user", flat=True)
    assert sorted(noted) == sorted([leader.user.pk, clerk.pk])


def test_who_leads_no_building_any_more_finds_no_slip(door, leader, old_man, activity):
    door.post(f"{URL}sign-up/{activity.pk}/", typed(old_man))
    slip = f"{URL}slips/{Booking.objects.get().pk}/"
    assert door.get(slip).status_code == 200
    leader.user.grants.update(until=NOW)
    assert door.get(slip).status_code == 404
