"""Staff pages of activities: what is published changes only by acts that tell people; everything within the role's scope."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localtime
from model_bakery import baker
from PIL import Image

from activities.models import Activity, ActivityConsent, Invitation, SignUp, Status
from activities.operations import seats, staff
from activities.rules.staff_scope import covers, scope
from community.models import Meeting
from events.models import LearningEvent
from people.models import Message, PartyOrg, PrivateFile, Team
from tests.conftest import NOW
from tests.staff import client_of, grant, said, staff_user
from volunteers.models import Shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(neighbourhood):
    return staff_user("volunteer_coordinator", neighbourhood)


@pytest.fixture
def desk(coordinator):
    return client_of(coordinator)


def page(name: str, *args, model: str = "volunteers_shift") -> str:
    return reverse(f"admin:{model}_{name}", args=args)


def act(name: str, *rows, model: str = "volunteers_shift") -> str:
    return f"{page('act', name, model=model)}?ids={','.join(str(row.pk) for row in rows)}"


def when(name: str, moment) -> dict[str, str]:
    local = localtime(moment)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}


def draft_form(**changes) -> dict[str, str]:
    start = changes.pop("starts_at", NOW + timedelta(days=4))
    return {
        "kind_of": "shift",
        "title": "盖草帘",
        "text": "给花坛盖草帘",
        **when("starts_at", start),
        **when("ends_at", start + timedelta(hours=2)),
        "location": "",
        "visibility": "public",
        "organisation": "",
        "team": "",
        "open_to": "residents",
        "minors": "no",
        "promotion": "auto",
        "risks": "低温",
        "safeguards": "手套",
        "invitations-TOTAL_FORMS": "0",
        "invitations-INITIAL_FORMS": "0",
        **changes,
    }


# --- drafts and what is fixed afterwards ---


def test_a_draft_is_added_and_edited_freely(desk, location):
    added = desk.post(page("add"), draft_form(location=str(location.pk)))
    shift = Shift.objects.get()

    desk.post(
        page("change", shift.pk),
        draft_form(location=str(location.pk), title="补苗", capacity="7", starts_at=NOW + timedelta(days=6)),
    )

    assert added.status_code == 302
    assert (shift.kind, shift.status) == ("shift", Status.DRAFT)
    shift.refresh_from_db()
    assert (shift.title, shift.capacity, shift.starts_at) == ("补苗", 7, NOW + timedelta(days=6))
    assert shift.history.first().history_user.email.startswith("volunteer_coordinator")


def test_time_place_seats_and_status_of_a_published_activity_are_not_in_its_form(
    desk, activity, location, neighbourhood
):
    elsewhere = baker.make("people.Location", neighbourhood=neighbourhood, name="会议室", kind="room")

    desk.post(
        page("change", activity.pk),
        draft_form(
            title="盖草帘（带手套）",
            location=str(elsewhere.pk),
            capacity="99",
            status="draft",
            starts_at=NOW + timedelta(days=9),
        ),
    )

    before = (activity.starts_at, activity.ends_at, activity.location_id, activity.capacity, activity.status)
    activity.refresh_from_db()
    assert (activity.starts_at, activity.ends_at, activity.location_id, activity.capacity, activity.status) == before
    assert activity.title == "盖草帘（带手套）"


def test_saving_the_form_keeps_what_an_operation_changed_meanwhile(desk, activity, monkeypatch):
    """The row is stored on top of what stands there under the lock, not as it was when the form was read."""
    lock = seats.lock

    def meanwhile(pk, people=()):
        Activity.objects.filter(pk=pk).update(capacity=8, revision=5)
        return lock(pk, people)

    monkeypatch.setattr(seats, "lock", meanwhile)

    desk.post(page("change", activity.pk), draft_form(title="改名"))

    activity.refresh_from_db()
    assert (activity.title, activity.capacity, activity.revision) == ("改名", 8, 5)


def test_who_may_come_is_fixed_once_someone_has_signed_up(desk, activity, person):
    free = desk.get(page("change", activity.pk)).content.decode()
    seats.sign_up(activity, [person], made_by=person, at=NOW)

    fixed = desk.get(page("change", activity.pk)).content.decode()

    assert 'name="minors"' in free
    assert 'name="minors"' not in fixed


def test_copy_as_a_new_draft_starts_from_everything_but_the_bookings(desk, make_activity):
    old = make_activity(title="写春联", starts_at=NOW - timedelta(days=10), capacity=12, text="写春联送楼组")

    response = desk.get(f"{page('add')}?copy={old.pk}")

    form = response.context["adminform"].form
    assert form.initial["title"] == "写春联"
    assert form.initial["capacity"] == 12
    assert form.initial["starts_at"] == NOW + timedelta(days=4)
    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts_at_0": "31.02."}, "Enter a valid date"),
        ({"ends_at_0": "2018-12-01"}, "The end must lie after the start."),
        ({"title": "a\0b"}, "Null characters are not allowed."),
        ({"title": "长" * 121}, "at most 120 characters"),
        ({"open_to": "everybody"}, "not one of the available choices"),
        ({"capacity": "-1"}, "greater than or equal to 0"),
        ({"visibility": "organisation"}, "outside of what your role covers|Say which Party organisation"),
        ({"visibility": "team"}, "Say which team may see it."),
        ({"kind_of": "duty"}, "Say which team is on duty."),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_the_rest(desk, changes, sentence):
    response = desk.post(page("add"), draft_form(**changes))

    assert response.status_code == 200
    text = response.content.decode()
    assert any(part in text for part in sentence.split("|"))
    assert "给花坛盖草帘" in text
    assert not Shift.objects.exists()


def test_an_error_of_a_field_that_is_fixed_is_a_sentence_and_no_crash(desk, activity):
    response = desk.post(page("change", activity.pk), draft_form(visibility="team"))

    assert response.status_code == 200
    assert "Say which team may see it." in response.content.decode()


# --- acts ---


def test_publishing_shows_what_follows_and_then_does_it(desk, make_activity, coordinator):
    draft = make_activity(status=Status.DRAFT)

    asked = desk.get(act("publish", draft))
    draft.refresh_from_db()
    before = draft.status
    desk.post(act("publish", draft), {"ids": draft.pk})

    draft.refresh_from_db()
    assert "Everyone can see it." in asked.content.decode()
    assert (before, draft.status) == (Status.DRAFT, Status.PUBLISHED)
    assert draft.history.first().history_user == coordinator


def test_publishing_is_refused_with_a_sentence_while_something_is_missing(desk, make_activity):
    draft = make_activity(status=Status.DRAFT, risks="")

    warned = desk.get(act("publish", draft)).content.decode()
    refused = desk.post(act("publish", draft), {"ids": draft.pk})

    draft.refresh_from_db()
    assert "Still to be filled in: risks." in warned
    assert "risks" in said(refused)[-1]
    assert draft.status == Status.DRAFT


def test_several_drafts_are_published_from_the_list_and_each_refusal_is_said(desk, make_activity):
    good, bad = make_activity(status=Status.DRAFT), make_activity(status=Status.DRAFT, location=None)

    led = desk.post(page("changelist"), {"action": "publish", "_selected_action": [good.pk, bad.pk]})
    done = desk.post(led.headers["Location"], {"ids": f"{good.pk},{bad.pk}"})

    assert led.headers["Location"].startswith(page("act", "publish"))
    assert set(Shift.objects.filter(status=Status.PUBLISHED)) == {good}
    assert any("location" in sentence for sentence in said(done))


def test_cancelling_says_how_many_are_told_and_how_and_wants_a_reason(desk, activity, make_person):
    with_mail, without_mail = make_person(), make_person(email="", phone="10000000123")
    for person in (with_mail, without_mail):
        seats.sign_up(activity, [person], made_by=person, at=NOW)

    asked = desk.get(act("cancel", activity)).content.decode()
    without_reason = desk.post(act("cancel", activity), {"ids": activity.pk, "reason": ""})
    activity.refresh_from_db()
    before = activity.status
    desk.post(act("cancel", activity), {"ids": activity.pk, "reason": "下雨"})

    activity.refresh_from_db()
    told = Message.objects.filter(kind__contains="cancel").values_list("recipient", "channel")
    assert "2 people are concerned." in asked
    assert "1 person will be told by e-mail." in asked
    assert "1 person has no e-mail and will stand on the phone list." in asked
    assert "Please fill this in." in without_reason.content.decode()
    assert (before, activity.status, activity.cancel_reason) == (Status.PUBLISHED, Status.CANCELLED, "下雨")
    assert set(told) == {(with_mail.pk, "email"), (without_mail.pk, "phone")}


def moved(activity, **changes) -> dict[str, str]:
    start = activity.starts_at + timedelta(days=1)
    return {
        "ids": str(activity.pk),
        **when("starts_at", start),
        **when("ends_at", start + timedelta(hours=2)),
        "location": str(activity.location_id),
        "reason": "场地占用",
        **changes,
    }


def test_moving_first_says_what_follows_then_moves(desk, activity, person):
    seats.sign_up(activity, [person], made_by=person, at=NOW)
    data = moved(activity)

    asked = desk.post(act("move", activity), data)
    activity.refresh_from_db()
    before = activity.revision
    desk.post(act("move", activity), {**data, "seen": asked.context["form"]["seen"].value()})

    activity.refresh_from_db()
    assert "1 person is concerned." in asked.content.decode()
    assert (before, activity.revision) == (1, 2)
    assert activity.starts_at == NOW + timedelta(days=4)
    assert Message.objects.filter(kind__contains="moved").count() == 1


def test_what_was_read_counts_only_for_the_same_time_and_place(desk, activity):
    asked = desk.post(act("move", activity), moved(activity))
    seen = asked.context["form"]["seen"].value()

    later = {**moved(activity), **when("ends_at", activity.starts_at + timedelta(days=1, hours=3)), "seen": seen}
    again = desk.post(act("move", activity), later)

    activity.refresh_from_db()
    assert again.status_code == 200
    assert activity.revision == 1


def test_moving_warns_of_seats_elsewhere_at_that_time(desk, activity, person, make_activity):
    other = make_activity(title="手机课", starts_at=activity.starts_at + timedelta(days=1))
    for one in (activity, other):
        seats.sign_up(one, [person], made_by=person, at=NOW)

    asked = desk.post(act("move", activity), moved(activity)).content.decode()

    assert "has a seat at “手机课” at that time." in asked


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts_at_0": "2018-12-01"}, "The new time lies in the past."),
        ({"ends_at_0": "2018-12-01"}, "The end must lie after the start."),
        ({"location": "999999"}, "not one of the available choices"),
        ({"starts_at_0": ""}, "Please fill this in."),
    ],
)
def test_a_move_that_cannot_be_gets_a_sentence(desk, activity, changes, sentence):
    response = desk.post(act("move", activity), moved(activity, **changes))

    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_more_seats_go_to_those_who_wait_and_fewer_than_taken_are_refused(desk, make_activity, people):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(days=9))
    for person in people[:2]:
        seats.sign_up(activity, [person], made_by=person, at=NOW)

    desk.post(act("seats", activity), {"ids": activity.pk, "capacity": "2"})
    refused = desk.post(act("seats", activity), {"ids": activity.pk, "capacity": "1"})

    assert set(activity.sign_ups.values_list("status", flat=True)) == {"confirmed"}
    assert "2 seats are taken" in said(refused)[-1]


def test_who_was_told_of_a_move_by_phone_leaves_the_list(desk, activity, person, coordinator):
    seats.sign_up(activity, [person], made_by=person, at=NOW)
    later = activity.starts_at + timedelta(days=1)
    staff.move(
        activity,
        at=NOW,
        by=coordinator,
        starts_at=later,
        ends_at=later + timedelta(hours=2),
        location=activity.location,
        reason="",
    )
    row = activity.sign_ups.get()
    unseen = page("changelist", model="activities_signup") + "?seen=no"
    before = list(desk.get(unseen).context["cl"].result_list)

    desk.post(act("told", row, model="activities_signup"), {"ids": row.pk})

    assert before == [row]
    assert list(desk.get(unseen).context["cl"].result_list) == []


# --- deleting ---


def test_only_a_draft_that_nobody_signed_up_for_is_deleted(desk, make_activity, person):
    free = make_activity(status=Status.DRAFT)
    booked = make_activity()
    seats.sign_up(booked, [person], made_by=person, at=NOW)

    desk.post(page("delete", free.pk), {"post": "yes"})
    refused = desk.post(page("delete", booked.pk), {"post": "yes"})

    assert set(Shift.objects.all()) == {booked}
    assert "people have signed up" in said(refused)[-1]
    assert "people have signed up" in desk.get(page("change", booked.pk)).content.decode()


# --- at the desk ---


def enter(desk, activity, **data):
    return desk.post(page("enter", activity.pk), {"channel": "phone", "note": "", "sheet_number": "", **data})


def test_several_people_are_entered_together_as_they_rang_up(desk, coordinator, activity, people):
    response = enter(desk, activity, people=[people[0].pk, people[1].pk], note="坐轮椅")

    booking = activity.bookings.get()
    assert response.status_code == 302
    assert (booking.channel, booking.entered_by, booking.note) == ("phone", coordinator, "坐轮椅")
    assert set(booking.sign_ups.values_list("person", "status")) == {
        (people[0].pk, "confirmed"),
        (people[1].pk, "confirmed"),
    }


def test_a_refusal_stands_above_the_form_and_the_rest_is_kept(desk, make_activity, make_person):
    activity = make_activity(minors="no")
    child = make_person(10, email="")

    response = enter(desk, activity, people=[child.pk], note="带水")

    assert f"{child.name} cannot join: this is for adults only." in response.content.decode()
    assert "带水" in response.content.decode()
    assert not activity.bookings.exists()


def test_a_clash_is_asked_about_and_may_be_accepted(desk, activity, make_activity, person):
    other = make_activity(title="手机课", starts_at=activity.starts_at)
    seats.sign_up(other, [person], made_by=person, at=NOW)

    asked = enter(desk, activity, people=[person.pk])
    enter(desk, activity, people=[person.pk], accept_clash="on")

    assert "is signed up for “手机课” at that time." in asked.content.decode()
    assert activity.sign_ups.get().status == "confirmed"


def sheet(name: str = "同意书.png") -> SimpleUploadedFile:
    picture = BytesIO()
    Image.new("RGB", (40, 60), "white").save(picture, "PNG")
    return SimpleUploadedFile(name, picture.getvalue(), "image/png")


def test_a_child_with_a_signed_sheet_has_the_seat_at_once(
    desk, coordinator, activity, person, make_child, settings, tmp_path
):
    """V4: the guardian's consent on paper, kept privately, with who entered it."""
    child = make_child(person)

    enter(
        desk,
        activity,
        people=[person.pk, child.pk],
        channel="paper",
        consented="on",
        sheet=sheet(),
        sheet_number="2018-37",
    )

    consent = ActivityConsent.objects.get()
    assert set(activity.sign_ups.values_list("status", flat=True)) == {"confirmed"}
    assert (consent.child, consent.guardian, consent.channel) == (child, person, "paper")
    assert (consent.entered_by, consent.sheet_number) == (coordinator, "2018-37")
    assert consent.sheet.purpose == PrivateFile.Purpose.CONSENT_SHEET


def test_a_child_without_a_consent_waits_for_it(desk, activity, person, make_child):
    child = make_child(person)

    enter(desk, activity, people=[person.pk, child.pk])

    assert dict(activity.sign_ups.values_list("person", "status")) == {
        person.pk: "confirmed",
        child.pk: "consent_pending",
    }


@pytest.mark.parametrize("content", [b"hello", b"", b"%PDX-1.4", b"\xff\xd8\xff broken"])
def test_a_sheet_that_is_no_picture_is_refused_and_nothing_is_entered(desk, activity, person, make_child, content):
    child = make_child(person)
    upload = SimpleUploadedFile("sheet.jpg", content, "image/jpeg")

    response = enter(desk, activity, people=[person.pk, child.pk], consented="on", sheet=upload)

    assert response.status_code == 200
    assert not activity.bookings.exists()
    assert not PrivateFile.objects.exists()


def test_the_sheet_goes_when_the_sign_up_is_refused(desk, make_activity, person, make_child):
    activity = make_activity(minors="no")

    enter(desk, activity, people=[person.pk, make_child(person).pk], consented="on", sheet=sheet())

    assert not PrivateFile.objects.exists()
    assert not ActivityConsent.objects.exists()


def test_a_waiting_consent_is_recorded_from_paper(desk, activity, person, make_child):
    child = make_child(person)
    enter(desk, activity, people=[person.pk, child.pk])
    row = activity.sign_ups.get(person=child)

    desk.post(
        page("consent", activity.pk, row.pk),
        {"what": "agree", "guardian": person.pk, "channel": "paper", "sheet": sheet(), "sheet_number": ""},
    )

    row.refresh_from_db()
    assert row.status == "confirmed"


def test_a_consent_is_taken_back_as_easily(desk, activity, person, make_child):
    """V5: the seat then waits for another consent."""
    child = make_child(person)
    seats.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    row = activity.sign_ups.get(person=child)
    data = {"what": "take_back", "guardian": person.pk, "channel": "phone", "sheet_number": ""}

    desk.post(page("consent", activity.pk, row.pk), data)
    again = desk.post(page("consent", activity.pk, row.pk), data)

    row.refresh_from_db()
    assert row.status == "consent_pending"
    assert "Nobody has agreed to this" in again.content.decode()


def test_staff_withdraw_one_of_a_family_and_the_next_follows(desk, make_activity, people):
    activity = make_activity(capacity=2, starts_at=NOW + timedelta(days=9))
    booking = seats.sign_up(activity, people[:2], made_by=people[0], at=NOW)
    seats.sign_up(activity, [people[2]], made_by=people[2], at=NOW)
    first = booking.sign_ups.get(person=people[0])

    desk.post(page("withdraw", activity.pk, first.pk), {"who": [first.pk], "reason": "来电取消"})

    assert dict(activity.sign_ups.values_list("person", "status")) == {
        people[0].pk: "cancelled",
        people[1].pk: "confirmed",
        people[2].pk: "confirmed",
    }


@pytest.mark.parametrize(("answer", "status"), [("accept", "confirmed"), ("decline", "declined")])
def test_staff_note_the_answer_to_an_offer(desk, make_activity, people, answer, status):
    activity = make_activity(capacity=1, promotion="offer")
    seats.sign_up(activity, [people[0]], made_by=people[0], at=NOW)
    waiting = seats.sign_up(activity, [people[1]], made_by=people[1], at=NOW)
    seats.withdraw(list(activity.sign_ups.filter(person=people[0])), at=NOW, by=people[0])
    offered = waiting.sign_ups.get()

    desk.post(page("answer", activity.pk, offered.pk), {"answer": answer, "who": [offered.pk]})

    offered.refresh_from_db()
    assert offered.status == status


def test_the_list_of_bookings_keeps_the_order_of_the_queue(desk, make_activity, people):
    activity = make_activity(capacity=1)
    for person in people[:3]:
        seats.sign_up(activity, [person], made_by=person, at=NOW)

    groups = desk.get(page("change", activity.pk)).context["bookings"]

    assert [(group["booking"].sequence, group.get("position")) for group in groups] == [(1, None), (2, 1), (3, 2)]


# --- scope ---


@pytest.fixture
def branches(neighbourhood):
    """Two branches with a group each, and a meeting of each of the four."""
    orgs = {}
    for code in ("br1", "br2"):
        branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code=code, name=code)
        group = baker.make(
            PartyOrg, neighbourhood=neighbourhood, kind="group", code=f"{code}g", name=f"{code}g", parent=branch
        )
        orgs |= {code: branch, f"{code}g": group}
    return orgs


def meeting_of(make_activity, org, **fields):
    return make_activity(
        model=Meeting,
        kind="meeting",
        type="party_group_meeting",
        title=f"{org} 党小组会",
        organisation=org,
        visibility="organisation",
        open_to=[],
        **fields,
    )


def test_a_branch_secretary_finds_only_the_own_branch_and_its_groups(neighbourhood, branches, make_activity):
    mine = [meeting_of(make_activity, branches[code]) for code in ("br1", "br1g")]
    others = [meeting_of(make_activity, branches[code]) for code in ("br2", "br2g")]
    client = client_of(staff_user("branch_secretary", neighbourhood, org=branches["br1"]))
    list_page = client.get(page("changelist", model="community_meeting"))

    assert set(list_page.context["cl"].result_list) == set(mine)
    for meeting in others:
        for name in ("change", "history", "delete"):
            response = client.get(page(name, meeting.pk, model="community_meeting"))
            assert (response.status_code, response.headers.get("Location")) == (302, reverse("admin:index"))
        gone = client.post(act("cancel", meeting, model="community_meeting"), {"ids": meeting.pk, "reason": "x"})
        assert "none of yours" in said(gone)[-1]
    assert {meeting.status for meeting in Meeting.objects.all()} == {Status.PUBLISHED}


def test_a_coordinator_finds_no_party_meeting_anywhere(desk, branches, make_activity, neighbourhood):
    shift = make_activity(title="盖草帘")
    visit = make_activity(
        model=LearningEvent, kind="learning", title="党员参观", organisation=branches["br1"], visibility="organisation"
    )
    public = make_activity(model=LearningEvent, kind="learning", title="看电影")
    meeting_of(make_activity, branches["br1"])

    everything = desk.get(page("changelist", model="activities_activity")).context["cl"].result_list
    events = desk.get(page("changelist", model="events_learningevent")).context["cl"].result_list
    search = desk.get(
        reverse("admin:autocomplete"),
        {"term": "党", "app_label": "volunteers", "model_name": "shift", "field_name": "part_of"},
    )

    assert {row.title for row in everything} == {shift.title, public.title}
    assert {row.pk for row in events} == {public.pk}
    assert search.json()["results"] == []
    assert desk.get(page("change", visit.pk, model="events_learningevent")).status_code == 302


def test_a_team_leader_finds_only_the_own_team(neighbourhood, make_activity):
    mine, other = (baker.make(Team, neighbourhood=neighbourhood, code=code, name=code) for code in ("t1", "t2"))
    own, foreign = make_activity(team=mine), make_activity(team=other)
    client = client_of(staff_user("team_leader", neighbourhood, team=mine))

    listed = client.get(page("changelist")).context["cl"].result_list
    teams = client.get(page("changelist", model="people_team")).context["cl"].result_list

    assert [row.pk for row in listed] == [own.pk]
    assert list(teams) == [mine]
    assert client.get(page("change", foreign.pk)).status_code == 302
    assert client.get(page("enter", foreign.pk)).status_code == 302


def test_nobody_puts_a_row_outside_of_the_own_scope(neighbourhood, branches, make_activity):
    client = client_of(staff_user("branch_secretary", neighbourhood, org=branches["br1"]))
    data = {
        **draft_form(title="支部大会"),
        "type": "branch_general_meeting",
        "organisation": str(branches["br2"].pk),
        "visibility": "organisation",
        "agenda": "",
        "absences-TOTAL_FORMS": "0",
        "absences-INITIAL_FORMS": "0",
    }

    foreign = client.post(page("add", model="community_meeting"), data)
    own = client.post(page("add", model="community_meeting"), {**data, "organisation": str(branches["br1"].pk)})

    assert "not one of the available choices" in foreign.content.decode()
    assert own.status_code == 302, own.content.decode()
    assert [meeting.organisation for meeting in Meeting.objects.all()] == [branches["br1"]]


def test_the_two_ways_to_tell_the_scope_agree(neighbourhood, branches, make_activity, elsewhere):
    """For rows in the database and for one in memory."""
    team = baker.make(Team, neighbourhood=neighbourhood, code="t1")
    rows = [
        make_activity(),
        make_activity(team=team),
        make_activity(team=team, visibility="team"),
        make_activity(organisation=branches["br1"]),
        *(meeting_of(make_activity, org) for org in branches.values()),
        make_activity(neighbourhood=elsewhere, location=None),
    ]
    for role, limits in {
        "volunteer_coordinator": {},
        "committee_admin": {},
        "party_admin": {},
        "editor": {},
        "branch_secretary": {"org": branches["br1"]},
        "team_leader": {"team": team},
        "system_admin": {},
    }.items():
        user = staff_user(role, neighbourhood, **limits)
        for permission in ("activities.view_activity", "volunteers.change_shift", "community.view_meeting"):
            found = set(Activity.objects.filter(scope(user, permission)).values_list("pk", flat=True))
            assert found == {row.pk for row in rows if covers(user, permission, row)}, (role, permission)


@pytest.mark.parametrize("field", ["location", "team", "organisation", "part_of", "invite_first", "project", "stage"])
def test_a_foreign_neighbourhoods_id_in_any_field_gets_a_sentence(desk, elsewhere, make_activity, field):
    project = baker.make("projects.Project", neighbourhood=elsewhere, slug="x", title="他处项目")
    row = {
        "location": lambda: baker.make("people.Location", neighbourhood=elsewhere),
        "team": lambda: baker.make(Team, neighbourhood=elsewhere),
        "organisation": lambda: baker.make(PartyOrg, neighbourhood=elsewhere),
        "part_of": lambda: make_activity(neighbourhood=elsewhere, location=None, title="他处活动"),
        "invite_first": lambda: make_activity(neighbourhood=elsewhere, location=None, title="他处活动"),
        "project": lambda: project,
        "stage": lambda: baker.make("projects.ProjectStage", project=project, stage="proposed"),
    }[field]()
    before = Shift.objects.count()

    response = desk.post(page("add"), draft_form(**{field: str(row.pk)}))

    assert response.status_code == 200
    assert "not one of the available choices" in response.content.decode()
    assert "他处" not in response.content.decode()
    assert Shift.objects.count() == before


def test_staff_of_two_areas_cannot_mix_them(coordinator, desk, elsewhere, location, neighbourhood):
    grant(coordinator, "volunteer_coordinator", elsewhere)

    response = desk.post(page("add"), draft_form(neighbourhood=str(elsewhere.pk), location=str(location.pk)))

    assert "This belongs to another residential area." in response.content.decode()
    assert not Shift.objects.exists()


def test_people_of_another_area_cannot_be_entered_or_invited(desk, activity, elsewhere, make_person):
    stranger = make_person(place=elsewhere, name="外区人")

    entered = enter(desk, activity, people=[stranger.pk])
    invited = desk.post(
        page("change", activity.pk),
        draft_form(
            **{
                "invitations-TOTAL_FORMS": "1",
                "invitations-0-person": str(stranger.pk),
                "invitations-0-part": "observer",
                "invitations-0-activity": str(activity.pk),
            }
        ),
    )

    assert "Nobody of that number can be signed up here." in entered.content.decode()
    assert "not one of the available choices" in invited.content.decode()
    assert "外区人" not in entered.content.decode() + invited.content.decode()
    assert not SignUp.objects.exists()
    assert not Invitation.objects.exists()


def test_a_sign_up_of_another_activity_is_not_found_below_this_one(desk, activity, make_activity, person):
    other = make_activity(starts_at=NOW + timedelta(days=8))
    row = seats.sign_up(other, [person], made_by=person, at=NOW).sign_ups.get()

    assert desk.get(page("withdraw", activity.pk, row.pk)).status_code == 404


def test_a_team_leader_reads_no_childs_name(neighbourhood, make_activity, person, make_child):
    """V6: minors' data is for the roles that have the grant."""
    team = baker.make(Team, neighbourhood=neighbourhood, code="t1", name="护花小队")
    activity = make_activity(team=team, capacity=9)
    child = make_child(person, name="裴小满")
    seats.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    leader = client_of(staff_user("team_leader", neighbourhood, team=team))
    row = activity.sign_ups.get(person=child)

    seen = leader.get(page("change", activity.pk)).content.decode()
    listed = leader.get(page("changelist", model="activities_signup")).content.decode()
    withdrawing = leader.get(page("withdraw", activity.pk, row.pk)).content.decode()
    telling = leader.get(act("told", row, model="activities_signup")).content.decode()
    coordinator = client_of(staff_user("volunteer_coordinator", neighbourhood))

    assert "a young volunteer" in seen
    assert "裴小满" not in seen + listed + withdrawing + telling
    assert "裴小满" in coordinator.get(page("change", activity.pk)).content.decode()


def test_a_team_leader_finds_no_child_among_the_members_or_by_searching(
    neighbourhood, make_activity, person, make_child
):
    """V6."""
    team = baker.make(Team, neighbourhood=neighbourhood, code="t1", name="小彩笔志愿队")
    child = make_child(person, name="裴小满")
    for member in (person, child):
        baker.make("people.TeamMembership", team=team, person=member)
    activity = make_activity(team=team)
    seats.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    leader = client_of(staff_user("team_leader", neighbourhood, team=team))

    members = leader.get(page("changelist", model="people_teammembership"))
    own_team = leader.get(page("change", team.pk, model="people_team"))
    found = leader.get(page("changelist", model="activities_signup"), {"q": "裴小满"})

    assert [row.person for row in members.context["cl"].result_list] == [person]
    assert "裴小满" not in own_team.content.decode()
    assert person.name in own_team.content.decode()
    assert list(found.context["cl"].result_list) == []


# --- the meeting's own rules ---


def test_the_type_of_a_meeting_says_who_is_expected(neighbourhood, branches):
    """M3: a committee meeting expects the post holders."""
    client = client_of(staff_user("party_admin", neighbourhood))
    data = {
        **draft_form(title="支委会", open_to=[]),
        "type": "branch_committee_meeting",
        "organisation": str(branches["br1"].pk),
        "visibility": "organisation",
        "agenda": "年度计划\n值班",
        "absences-TOTAL_FORMS": "0",
        "absences-INITIAL_FORMS": "0",
    }

    response = client.post(page("add", model="community_meeting"), data)
    wrong = client.post(page("add", model="community_meeting"), {**data, "organisation": str(branches["br1g"].pk)})

    meeting = Meeting.objects.get()
    assert response.status_code == 302
    assert (meeting.kind, meeting.post_holders_only, meeting.agenda) == ("meeting", True, ["年度计划", "值班"])
    assert "Only a branch holds this kind of meeting." in wrong.content.decode()


def test_a_signed_record_is_read_only(neighbourhood, branches, make_activity):
    """M8."""
    meeting = meeting_of(
        make_activity, branches["br1g"], record_state="signed", status="done", starts_at=NOW - timedelta(days=3)
    )
    client = client_of(staff_user("party_admin", neighbourhood))

    text = client.get(page("change", meeting.pk, model="community_meeting")).content.decode()

    assert "The record is signed and stays as it is." in text
    for name in ("agenda", "resolutions", "chair", "absences-0-person"):
        assert f'name="{name}"' not in text


# --- how many queries ---


@pytest.mark.parametrize("length", [1, 50])
@pytest.mark.parametrize(
    ("model", "role"),
    [
        (Shift, "volunteer_coordinator"),
        (LearningEvent, "committee_admin"),
        (Meeting, "party_admin"),
        (Activity, "committee_admin"),
    ],
)
def test_lists_cost_the_same_at_any_length(
    neighbourhood, branches, make_activity, people, length, model, role, django_assert_max_num_queries
):
    kinds = {Shift: "shift", LearningEvent: "learning", Meeting: "meeting", Activity: "shift"}
    child = Shift if model is Activity else model
    party = {"organisation": branches["br1"], "visibility": "organisation"} if model is Meeting else {}
    for _n in range(length):
        made = make_activity(model=child, kind=kinds[model], capacity=9, **party)
        booking = baker.make("activities.Booking", activity_id=made.pk, sequence=1, made_by=people[0], made_at=NOW)
        baker.make("activities.SignUp", activity_id=made.pk, booking=booking, person=people[0], status="confirmed")
    client = client_of(staff_user(role, neighbourhood))
    client.get(page("changelist", model=f"{model._meta.app_label}_{model._meta.model_name}"))

    with django_assert_max_num_queries(15):
        response = client.get(page("changelist", model=f"{model._meta.app_label}_{model._meta.model_name}"))

    assert len(response.context["cl"].result_list) == length


@pytest.mark.parametrize("length", [1, 50])
def test_the_list_of_sign_ups_costs_the_same_at_any_length(
    desk, activity, make_person, length, django_assert_max_num_queries
):
    for _n in range(length):
        person = make_person()
        booking = baker.make("activities.Booking", activity_id=activity.pk, sequence=_n, made_by=person, made_at=NOW)
        baker.make("activities.SignUp", activity_id=activity.pk, booking=booking, person=person, status="waiting")

    with django_assert_max_num_queries(15):
        response = desk.get(page("changelist", model="activities_signup"))
    with django_assert_max_num_queries(25):
        desk.get(page("change", activity.pk))

    assert len(response.context["cl"].result_list) == length
