"""The calendar and home: what stands where, for whom, and at what cost."""

import re
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from model_bakery import baker

from activities.models import Activity, Status, kinds
from activities.operations import seats
from activities.pages import listing
from activities.pages.calendar_filters import CalendarWish
from community.models import Meeting
from events.models import LearningEvent
from people.models import (
    CommitteePost,
    Guardianship,
    Location,
    Neighbourhood,
    PartyMember,
    PartyOrg,
    Team,
    TeamMembership,
)
from tests.conftest import NOW
from volunteers.models import Shift

pytestmark = pytest.mark.django_db
TODAY = NOW.date()  # a Thursday
SATURDAY = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def url(neighbourhood):
    return reverse("activities:calendar", args=[neighbourhood.slug])


def titles(response) -> list[str]:
    return [card.activity.title for day in response.context["days"] for card in day.entries]


def look(client, url, query=""):
    response = client.get(url + query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response


@pytest.fixture
def group(neighbourhood):
    return baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", name="第一党小组")


@pytest.fixture
def branch(neighbourhood):
    return baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", name="第一党支部")


@pytest.fixture
def member(make_person, neighbourhood, branch, group):
    """A Party member of the group with an account."""
    person = make_person(user=True)
    baker.make(
        PartyMember, neighbourhood=neighbourhood, person=person, branch=branch, group=group, since=None, until=None
    )
    return person


@pytest.fixture
def hidden(make_activity, group, neighbourhood, elsewhere):
    """One of each thing that could leak, all in this week."""
    place = baker.make(Location, neighbourhood=elsewhere, name="别处", kind="room")
    team = baker.make(Team, neighbourhood=neighbourhood, name="护花小队")
    when = {"starts_at": SATURDAY}
    return [
        make_activity(
            model=Meeting, kind="meeting", type="party_group_meeting", title="党小组会", visibility="organisation",
            organisation=group, open_to=[], **when,
        ),
        make_activity(
            model=Meeting, kind="meeting", type="team_meeting", title="小队例会", visibility="team", team=team, open_to=[], **when
        ),
        make_activity(kind="duty", title="每日晨扫", visibility="team", team=team, **when),
        make_activity(title="草稿", status=Status.DRAFT, **when),
        make_activity(title="别处的活动", neighbourhood=elsewhere, location=place, **when),
    ]  # fmt: skip


# --- which week ---


@pytest.mark.parametrize(
    ("query", "monday"),
    [
        ({}, date(2018, 12, 17)),
        ({"week": "2018-W50"}, date(2018, 12, 10)),
        ({"week": "2019-W1"}, date(2018, 12, 31)),
        ({"from": "2019-01-04"}, date(2018, 12, 31)),
        ({"week": "2018-W99"}, date(2018, 12, 17)),
        ({"week": "2018-W53"}, date(2018, 12, 17)),  # 2018 has 52 weeks
        ({"week": "0001-W01"}, date(2018, 12, 17)),
        ({"week": "9999-W52"}, date(2018, 12, 17)),
        ({"week": "２０１８-W51"}, date(2018, 12, 17)),
        ({"week": "2018-W51\x00"}, date(2018, 12, 17)),
        ({"from": "2018-02-30"}, date(2018, 12, 17)),
        ({"from": "9999-12-31"}, date(2018, 12, 17)),
        ({"from": "🌸"}, date(2018, 12, 17)),
    ],
)
def test_an_address_names_a_week_and_a_bad_one_means_this_week(query, monday):
    assert CalendarWish.read(query, TODAY).monday == monday


def test_the_week_begins_to_be_read_at_today_and_the_days_gone_by_are_quiet(client, url, activity):
    days = look(client, url).context["days"]
    assert [(day.date.day, day.is_past, day.is_today, day.is_tucked) for day in days] == [
        (17, True, False, True),
        (18, True, False, True),
        (19, True, False, True),
        (20, False, True, False),
        (21, False, False, False),
        (22, False, False, False),
        (23, False, False, False),
    ]
    assert not any(day.is_tucked for day in look(client, url, "?week=2018-W51").context["days"])


def test_weeks_lead_to_their_neighbours_and_keep_the_filters(client, url, activity):
    context = look(client, url, "?kind=volunteering&children=1").context
    assert context["previous_url"] == "?week=2018-W50&kind=volunteering&children=1"
    assert context["this_url"] == "?kind=volunteering&children=1"
    assert context["next_url"] == "?week=2018-W52&kind=volunteering&children=1"


def test_another_day_keeps_the_filters(client, url, activity):
    page = look(client, url, "?kind=volunteering&steps=1").content.decode()
    assert '<input type="hidden" name="kind" value="volunteering"><input type="hidden" name="steps" value="1">' in page
    wish = look(client, url, "?kind=volunteering&steps=1&from=2019-01-04").context["wish"]
    assert (wish.monday, wish.opened, wish.kind, wish.switches) == (
        date(2018, 12, 31),
        date(2019, 1, 4),
        "volunteering",
        {"steps"},
    )


def test_the_calendar_ends_where_dates_end(client, url):
    assert look(client, url, "?week=2099-W53").context["next_url"] == ""
    assert look(client, url, "?week=2000-W02").context["previous_url"] == "?week=2000-W01"


def test_what_runs_over_from_last_week_stands_on_monday(client, url, make_activity):
    make_activity(title="守夜", starts_at=NOW - timedelta(days=4), ends_at=NOW - timedelta(days=3))  # Sunday to Monday
    days = look(client, url).context["days"]
    assert [card.activity.title for card in days[0].entries] == ["守夜"]


def test_parts_are_no_appointments(client, url, make_activity):
    whole = make_activity(title="参观")
    make_activity(model=Meeting, kind="meeting", type="party_lecture", title="党课", part_of=whole)
    assert titles(look(client, url)) == ["参观"]


# --- filters ---


@pytest.fixture
def several(make_activity, neighbourhood):
    upstairs = baker.make(Location, neighbourhood=neighbourhood, name="二楼", kind="room", step_free=False)
    make_activity(title="周六带孩子", starts_at=SATURDAY, capacity=3)
    make_activity(title="周五大人", starts_at=NOW + timedelta(days=1), minors="no", location=upstairs)
    make_activity(model=LearningEvent, kind="learning", form="film", edu="theory", title="周日观影", minors="no")
    make_activity(model=Meeting, kind="meeting", type="team_meeting", title="周五例会", open_to=[], minors="no",
                  starts_at=NOW + timedelta(days=1, hours=2))  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["周五大人", "周五例会", "周六带孩子", "周日观影"]),
        ("?kind=volunteering", ["周五大人", "周六带孩子"]),
        ("?kind=learning", ["周日观影"]),
        ("?kind=meetings", ["周五例会"]),
        ("?kind=nonsense", ["周五大人", "周五例会", "周六带孩子", "周日观影"]),
        ("?weekend=1", ["周六带孩子", "周日观影"]),
        ("?weekend=yes", ["周五大人", "周五例会", "周六带孩子", "周日观影"]),
        ("?children=1", ["周六带孩子"]),
        ("?steps=1", ["周五例会", "周六带孩子", "周日观影"]),
        ("?seats=1", ["周五大人", "周六带孩子", "周日观影"]),
        ("?seats=1&kind=volunteering&children=1&weekend=1&steps=1", ["周六带孩子"]),
    ],
)
def test_filters_narrow_the_week(client, url, several, query, expected):
    assert titles(look(client, url, query)) == expected


def test_the_filter_for_seats_leaves_out_what_is_full_closed_or_cancelled(client, url, make_activity, person):
    full = make_activity(title="满", capacity=1, starts_at=SATURDAY)
    seats.sign_up(full, [person], made_by=person, at=NOW)
    make_activity(title="停", starts_at=SATURDAY, status=Status.CANCELLED)
    make_activity(title="截止", starts_at=SATURDAY, signup_until=NOW - timedelta(hours=1))
    make_activity(title="未开", starts_at=SATURDAY, signup_from=NOW + timedelta(hours=1))
    free = make_activity(title="空", starts_at=SATURDAY, capacity=2)
    assert titles(look(client, url, "?seats=1")) == [free.title]


def test_every_filter_has_an_address(client, url, activity):
    wish = look(client, url, "?weekend=1").context["wish"]
    assert [(str(link["label"]), link["url"], link["current"]) for link in wish.kind_links()] == [
        ("All", "?weekend=1", True),
        ("Volunteering", "?kind=volunteering&weekend=1", False),
        ("Learning", "?kind=learning&weekend=1", False),
        ("Deliberations", "?kind=deliberations&weekend=1", False),
        ("Meetings", "?kind=meetings&weekend=1", False),
    ]
    assert [(link["url"], link["current"]) for link in wish.switch_links()][:2] == [
        ("?", True),
        ("?weekend=1&children=1", False),
    ]
    assert set(kinds.groups()) == {"volunteering", "learning", "deliberations", "meetings"}


def test_an_empty_week_says_when_it_goes_on(client, url, make_activity):
    later = make_activity(title="元旦猜谜", starts_at=NOW + timedelta(days=40))
    response = look(client, url)
    assert response.context["next_activity"].pk == later.pk
    assert later.get_absolute_url() in response.content.decode()
    assert "Show everything of this week" in look(client, url, "?kind=learning").content.decode()


def test_an_empty_day_points_to_the_next_thing_with_seats(client, url, make_activity):
    make_activity(title="满了", starts_at=NOW + timedelta(days=1), status=Status.CANCELLED)
    free = make_activity(title="草帘", starts_at=SATURDAY)
    days = look(client, url).context["days"]
    assert [day.hint.pk if day.hint else None for day in days] == [None, None, None, free.pk, None, None, None]


# --- words beside an activity ---


@pytest.mark.parametrize(
    ("fields", "taken", "word"),
    [
        ({"capacity": None}, 0, "Seats free"),
        ({"capacity": 10}, 7, "Seats free"),
        ({"capacity": 10}, 8, "Few seats left"),
        ({"capacity": 20}, 16, "Few seats left"),
        ({"capacity": 3}, 3, "Full"),
        ({"status": Status.CANCELLED}, 0, "Cancelled"),
        ({"open_to": []}, 0, "No sign-up needed"),
        ({"open_to": [], "visibility": "team"}, 0, "For its members"),
        ({"signup_until": NOW - timedelta(hours=1)}, 0, "Sign-up closed"),
        ({"signup_from": NOW + timedelta(hours=1)}, 0, "Sign-up not open yet"),
    ],
)
def test_seats_are_words_and_never_numbers(client, url, make_activity, make_person, neighbourhood, fields, taken, word):
    if fields.get("visibility"):
        fields = fields | {"team": baker.make(Team, neighbourhood=neighbourhood)}
    activity = make_activity(starts_at=SATURDAY, **fields)
    for _number in range(taken):
        one = make_person()
        seats.sign_up(activity, [one], made_by=one, at=NOW)
    if fields.get("visibility"):  # someone who sees it by role and is not expected
        coordinator = make_person(user=True).user
        grant = {"user": coordinator, "neighbourhood": activity.neighbourhood, "until": None}
        baker.make("people.RoleGrant", role="volunteer_coordinator", **grant)
        client.force_login(coordinator)
    page = look(client, url).content.decode()
    assert re.findall(r'<span class="seats \w+">([^<]*)</span>', page) == [word]


def test_a_cancelled_activity_stays_struck_through(client, url, make_activity):
    make_activity(title="露天故事会", starts_at=SATURDAY, status=Status.CANCELLED)
    page = look(client, url).content.decode()
    assert 'class="slot vol off"' in page


# --- mine ---


def states(response) -> dict[str, str]:
    return {card.activity.title: card.mine for day in response.context["days"] for card in day.entries}


def test_mine_is_marked_with_its_state_and_my_childrens_with_theirs(client, url, make_activity, person, make_child):
    child = make_child(person)
    coming = make_activity(title="报上了", starts_at=SATURDAY, capacity=2)
    seats.sign_up(coming, [person], made_by=person, at=NOW)
    childs = make_activity(title="孩子的", minors="14_and_over", starts_at=SATURDAY + timedelta(hours=3))
    teenager = make_child(person, 15)
    seats.sign_up(childs, [teenager], made_by=person, at=NOW, guardian_consents=True)
    full = make_activity(title="候补", starts_at=SATURDAY + timedelta(hours=6), capacity=1)
    stranger = baker.make("people.Person", neighbourhood=person.neighbourhood, declared_adult_at=NOW, added_at=NOW)
    seats.sign_up(full, [stranger], made_by=stranger, at=NOW)
    seats.sign_up(full, [person, child], made_by=person, at=NOW, guardian_consents=True)
    make_activity(title="别人的", starts_at=SATURDAY + timedelta(hours=9))
    client.force_login(person.user)
    assert states(look(client, url)) == {"报上了": "confirmed", "孩子的": "confirmed", "候补": "waiting", "别人的": ""}


def test_a_former_ward_is_nobodys_business(client, url, make_activity, person, make_child):
    teenager = make_child(person, 15)
    activity = make_activity(minors="14_and_over", starts_at=SATURDAY)
    seats.sign_up(activity, [teenager], made_by=person, at=NOW, guardian_consents=True)
    Guardianship.objects.update(ended_at=NOW)
    client.force_login(person.user)
    assert states(look(client, url)) == {activity.title: ""}


def test_a_child_who_came_of_age_is_not_marked_for_the_parents(client, url, make_activity, person, make_person):
    grown = make_person(18)
    baker.make(Guardianship, guardian=person, child=grown, declared_at=NOW)
    own = make_activity(title="自己报的", starts_at=SATURDAY)
    seats.sign_up(own, [grown], made_by=grown, at=NOW)
    client.force_login(person.user)
    assert states(look(client, url)) == {"自己报的": ""}


def test_whom_i_signed_up_is_marked_too(client, url, make_activity, person, make_person):
    booked = make_activity(title="替妈妈报的", starts_at=SATURDAY)
    seats.sign_up(booked, [make_person(70)], made_by=person, at=NOW)
    client.force_login(person.user)
    assert states(look(client, url)) == {"替妈妈报的": "confirmed"}


def test_a_member_is_expected_without_signing_up(client, url, hidden, member):
    client.force_login(member.user)
    assert states(look(client, url)) == {"党小组会": "expected"}


def test_a_part_that_expects_me_marks_its_whole(client, url, make_activity, member, group):
    whole = make_activity(title="主题党日", starts_at=SATURDAY)
    make_activity(
        model=Meeting, kind="meeting", type="party_lecture", title="党课", visibility="organisation", organisation=group,
        part_of=whole, open_to=[], starts_at=SATURDAY,
    )  # fmt: skip
    client.force_login(member.user)
    assert states(look(client, url)) == {"主题党日": "expected"}


# --- hidden things ---


def test_hidden_things_stay_hidden(client, url, hidden, activity):
    response = look(client, url)
    assert titles(response) == [activity.title]
    for one in hidden:
        assert one.title not in response.content.decode()


def test_hidden_things_stay_hidden_at_home(client, hidden, activity, neighbourhood):
    page = client.get(reverse("people:home", args=[neighbourhood.slug])).content.decode()
    assert activity.title in page
    for one in hidden:
        assert one.title not in page


def test_each_circle_sees_its_own(client, url, hidden, make_person, neighbourhood):
    gardener = make_person(user=True)
    team = Team.objects.get(name="护花小队")
    baker.make(TeamMembership, team=team, person=gardener, since=None, until=None)
    client.force_login(gardener.user)
    assert sorted(titles(look(client, url))) == ["小队例会", "每日晨扫"]


def test_a_committee_meeting_is_its_post_holders(
    client, url, make_activity, make_person, neighbourhood, branch, member
):
    make_activity(
        model=Meeting, kind="meeting", type="branch_committee_meeting", title="支委会", visibility="organisation",
        organisation=branch, post_holders_only=True, open_to=[], starts_at=SATURDAY,
    )  # fmt: skip
    client.force_login(member.user)
    assert titles(look(client, url)) == []
    baker.make(CommitteePost, org=branch, person=member, post="书记", since=None, until=None)
    assert titles(look(client, url)) == ["支委会"]


def test_a_neighbourhood_that_is_closed_is_not_found(client):
    baker.make(Neighbourhood, slug="shut", is_open=False)
    assert client.get("/shut/calendar/").status_code == 404


def test_a_signed_in_page_is_kept_by_no_cache(client, url, hidden, member):
    assert "Cache-Control" not in look(client, url).headers
    client.force_login(member.user)
    for page in (url, "/lane-600/", "/lane-600/news/", "/lane-600/learning/"):
        assert client.get(page).headers["Cache-Control"] == "private, no-store"


# --- what it costs ---


@pytest.mark.parametrize("length", [1, 50])
def test_the_calendar_costs_the_same_at_any_length(client, url, make_activity, length, django_assert_num_queries):
    for number in range(length):
        make_activity(starts_at=SATURDAY + timedelta(minutes=number), capacity=3)
    with django_assert_num_queries(3):  # the neighbourhood, two weeks of activities with places, their seats
        response = look(client, url)
    assert len(titles(response)) == length


@pytest.mark.parametrize("length", [1, 50])
def test_the_signed_in_calendar_costs_the_same_at_any_length(
    client, url, make_activity, member, hidden, length, django_assert_num_queries
):
    for number in range(length):
        activity = make_activity(starts_at=SATURDAY + timedelta(minutes=number))
        seats.sign_up(activity, [member], made_by=member, at=NOW, accept_clash=True)
    client.force_login(member.user)
    # session, user, person with the neighbourhood, circles, activities, what expects me, my sign-ups
    with django_assert_num_queries(7):
        response = look(client, url)
    assert len(titles(response)) == length + 1


@pytest.mark.parametrize("length", [1, 50])
def test_home_costs_the_same_at_any_length(client, make_activity, neighbourhood, length, django_assert_num_queries):
    baker.make("community.Article", length, neighbourhood=neighbourhood, published_at=NOW - timedelta(days=1))
    baker.make(
        "projects.Project", length, neighbourhood=neighbourhood, is_published=True, slug=iter(map(str, range(99)))
    )
    for number in range(length):
        make_activity(starts_at=SATURDAY + timedelta(minutes=number), capacity=9)
        make_activity(model=LearningEvent, kind="learning", form="film", edu="theory")
    home = reverse("people:home", args=[neighbourhood.slug])
    client.get(home)  # the thanks are kept for an hour
    # neighbourhood, what is on (learning takes its panel from it), its seats, notices with news, projects, results
    with django_assert_num_queries(6):
        assert client.get(home).status_code == 200


def test_home_puts_the_weekend_first_and_then_what_lies_ahead(client, make_activity, neighbourhood):
    make_activity(title="周五", starts_at=NOW + timedelta(days=1))
    make_activity(title="周六", starts_at=SATURDAY)
    make_activity(title="下周", starts_at=NOW + timedelta(days=5))
    make_activity(title="两月后", starts_at=NOW + timedelta(days=70))
    make_activity(title="早上的", starts_at=NOW - timedelta(hours=3), ends_at=NOW - timedelta(hours=2))
    response = client.get(reverse("people:home", args=[neighbourhood.slug]))
    panel = next(part for part in response.context["panels"] if part.template == "activities/_home_coming_up.html")
    assert [card.activity.title for card in panel.context["this_week"]] == ["周六", "周五"]
    assert [card.activity.title for card in panel.context["ahead"]] == ["下周"]


def test_a_party_administrators_home_is_not_filled_with_every_meeting(client, hidden, make_person, neighbourhood):
    admin = make_person(user=True)
    baker.make("people.RoleGrant", user=admin.user, neighbourhood=neighbourhood, role="party_admin", until=None)
    client.force_login(admin.user)
    page = client.get(reverse("people:home", args=[neighbourhood.slug])).content.decode()
    assert "党小组会" not in page
    assert "党小组会" in client.get(reverse("activities:calendar", args=[neighbourhood.slug])).content.decode()


def test_shifts_of_the_calendar_are_rows_of_the_base(client, url, make_activity):
    """One list over all kinds: no query per kind or row."""
    shift = make_activity(starts_at=SATURDAY)
    assert isinstance(shift, Shift)
    (entry,) = [card for day in look(client, url).context["days"] for card in day.entries]
    assert entry.css == "vol"


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\{#.*?#\}", "", html)).replace("> <", "><").strip()


@pytest.mark.parametrize("mine", ["", "confirmed", "waiting", "expected", "free", "closed"])
@pytest.mark.parametrize("fields", [{}, {"status": Status.CANCELLED, "cancel_reason": "大风 & 雪"}, {"capacity": 2}])
def test_a_card_draws_itself_as_the_component_does(make_activity, neighbourhood, fields, mine):
    """The two must not drift apart: components/_act.html and _slot.html are the look's own."""
    made = make_activity(title="<b>草帘</b>", **fields)
    (activity,) = listing.rows(listing.for_lists(Activity.objects.filter(pk=made.pk)), neighbourhood, at=NOW)
    card = listing.card(activity, mine, at=NOW)
    card.tags, card.css = ["亲子 & 家长"], "vol"
    given = {"activity": activity, "mine": card.mine, "note": card.note, "tag": card.tags[0], "css": card.css}
    assert plain(card.card) == plain(render_to_string("components/_act.html", given))
    assert plain(card.slot) == plain(render_to_string("components/_slot.html", given))
