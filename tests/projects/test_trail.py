"""The trail (S18): walked and printed without an account; stamps that only their owner sees; words read before they are shown."""

from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from model_bakery import baker

from people.models import Person
from portal.refusals import Refusal
from projects.models import Trail, TrailPoint, TrailStamp, TrailWord
from projects.operations import trails
from tests.conftest import NOW
from tests.parallel import at_once
from tests.staff import client_of, said, staff_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
STATES = TrailWord.State


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def trail(neighbourhood):
    return baker.make(
        Trail,
        neighbourhood=neighbourhood,
        slug="cover",
        title="彩虹小路",
        walk_minutes=15,
        wheelchair=True,
        is_published=True,
    )


@pytest.fixture
def add_point(trail, make_cover):
    count = 0

    def add(**fields) -> TrailPoint:
        nonlocal count
        count += 1
        return baker.make(TrailPoint, trail=trail, piece=make_cover(**fields), order=count)

    return add


@pytest.fixture
def point(add_point):
    return add_point(title="小鱼的来信")


def stamp_url(point) -> str:
    return reverse("projects:stamp", args=["lane-600", point.piece.code])


def word(point, person=None, state=STATES.WAITING, **fields) -> TrailWord:
    values = {"name": "路过的邻居", "words": "一个个数过去", "said_on": NOW.date(), "reason": "", "decided_at": None}
    return baker.make(TrailWord, point=point, person=person, state=state, **(values | fields))


# --- without an account ---


def test_the_walk_is_there_for_everybody_in_its_order(client, trail, add_point):
    """S18: steps, minutes, wheelchair; the order is the trail's own."""
    add_point(title="第二", order=9)
    first = add_point(title="第一", order=1)
    TrailPoint.objects.filter(pk=first.pk).update(order=0)
    response = client.get(trail.get_absolute_url())
    page = response.content.decode()

    assert [point.piece.title for point in response.context["points"]] == ["第一", "第二"]
    for words in ("2 stops", "about 15 minutes on foot", "no steps all the way"):
        assert words in page


def test_the_sheet_needs_no_account_and_has_a_circle_for_each_stop(client, trail, add_point):
    """S18: the printed stamp sheet."""
    for _ in range(12):
        add_point()
    page = client.get(reverse("projects:stamp-sheet", args=["lane-600", "cover"])).content.decode()
    assert page.count('class="ring"') == 12
    assert '<form method="post"' not in page


def test_a_stranger_is_asked_for_nothing(client, point):
    """L6: nothing is forced; the page offers paper, and a stamp only to whoever signs in."""
    page = client.get(stamp_url(point)).content.decode()
    assert "You need not" in page
    assert "Stamp sheet to print" in page
    assert '<form method="post"' not in page
    response = client.post(stamp_url(point))
    assert response.headers["Location"] == "/accounts/join/?" + urlencode({"next": stamp_url(point)})
    assert not TrailStamp.objects.exists()


def test_hidden_trails_and_pieces_are_nowhere(client, trail, point, add_point, elsewhere):
    hidden = add_point(title="草稿", is_published=False)
    assert "草稿" not in client.get(trail.get_absolute_url()).content.decode()
    assert client.get(stamp_url(hidden)).status_code == 404
    assert client.get(reverse("projects:trail", args=[elsewhere.slug, "cover"])).status_code == 404
    Trail.objects.update(is_published=False)
    assert client.get(trail.get_absolute_url()).status_code == 404
    assert client.get(stamp_url(point)).status_code == 404
    assert "/stamp/" not in client.get(point.piece.get_absolute_url()).content.decode()


# --- stamps ---


def test_one_button_stamps_and_only_the_owner_sees_it(client, person, make_person, trail, point):
    """S18: private; GET changes nothing; two taps make one."""
    client.force_login(person.user)
    assert "Stamp it" in client.get(stamp_url(point)).content.decode()
    assert not TrailStamp.objects.exists()
    for _tap in range(2):
        client.post(stamp_url(point))
    assert TrailStamp.objects.get().person == person
    assert "You have been here." in client.get(stamp_url(point)).content.decode()
    assert "stamped" in client.get(trail.get_absolute_url()).content.decode()

    client.force_login(make_person(user=True).user)
    for page in (trail.get_absolute_url(), stamp_url(point), point.piece.get_absolute_url()):
        text = client.get(page).content.decode()
        assert "You have been here." not in text
        assert 'class="stamped"' not in text


def test_a_stamp_keeps_no_time_and_nobody_counts():
    """S18: no ranking, no counts, no time; no staff page."""
    from django.contrib import admin

    assert {field.name for field in TrailStamp._meta.fields} == {"id", "point", "person"}
    assert TrailStamp not in admin.site._registry


def test_ones_own_stamps_are_deleted_with_one_button(client, person, make_person, trail, add_point):
    """L1: erased on request, at once; nobody else's."""
    points, other = [add_point(), add_point()], make_person()
    for one in points:
        trails.stamp(one, person)
        trails.stamp(one, other)
    client.force_login(person.user)
    assert "Delete my stamps" in client.get(trail.get_absolute_url()).content.decode()
    url = reverse("projects:erase-stamps", args=["lane-600", "cover"])
    assert client.get(url).status_code == 405
    client.post(url)
    assert set(TrailStamp.objects.values_list("person", flat=True)) == {other.pk}
    assert "Delete my stamps" not in client.get(trail.get_absolute_url()).content.decode()


def test_too_many_stamps_have_to_wait(client, person, point, settings):
    settings.TRAIL_RATE_LIMITS = {"stamp": "2/m/user"}
    client.force_login(person.user)
    assert [client.post(stamp_url(point)).status_code for _ in range(3)] == [302, 302, 429]


@pytest.mark.postgres
@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_two_taps_at_once_make_one_stamp(person, point, monkeypatch, locked):
    """Also with the lock off the constraint holds: the bare insert of the second tap then fails."""
    both_looked = Barrier(2, timeout=10)

    def tap() -> bool:
        if locked:
            return trails.stamp(point, person)
        with transaction.atomic():
            known = TrailStamp.objects.filter(point=point, person=person).exists()
            both_looked.wait()
            if not known:
                TrailStamp.objects.create(point=point, person=person)
        return True

    results = at_once(tap, tap)
    if locked:
        assert sorted(results) == [False, True]
    else:
        assert {type(result) for result in results} == {bool, IntegrityError}
    assert TrailStamp.objects.count() == 1
    assert connection.vendor == "postgresql"


# --- words ---


def test_words_are_read_before_they_are_shown_under_the_chosen_name(client, person, neighbourhood, point):
    """L2, S18: moderated words only under a chosen name."""
    Person.objects.filter(pk=person.pk).update(name="邰一帆")
    client.force_login(person.user)
    client.post(stamp_url(point), {"name": "路过的邻居", "words": "孩子非要一个个数过去"})
    kept = TrailWord.objects.get()
    assert (kept.state, kept.person) == (STATES.WAITING, person)
    place = point.piece.get_absolute_url()
    assert "数过去" not in client.get(place).content.decode()

    staff = client_of(staff_user("committee_admin", neighbourhood))
    job = next(one for one in staff.get(reverse("admin:index")).context["jobs"] if one.title.startswith("Words"))
    assert (job.count, job.lines[0].title) == (1, "“孩子非要一个个数过去”")
    url = reverse("admin:projects_trailword_act", args=["show"])
    assert "Said by 邰一帆, shown as “路过的邻居”." in staff.get(f"{url}?ids={kept.pk}").content.decode()
    assert said(staff.post(url, {"ids": kept.pk})) == ["The words are shown now."]

    client.logout()
    page = client.get(place).content.decode()
    assert "孩子非要一个个数过去" in page
    assert "路过的邻居" in page
    assert "邰一帆" not in page


def test_shown_words_are_removed_with_a_reason_that_stays(client, neighbourhood, person, point):
    """L2: removal with record."""
    shown = word(point, person, STATES.SHOWN)
    staff = client_of(staff_user("editor", neighbourhood))
    url = reverse("admin:projects_trailword_act", args=["remove"])
    assert "Please fill this in" in staff.post(url, {"ids": shown.pk, "reason": " "}).content.decode()
    staff.post(url, {"ids": shown.pk, "reason": "写了电话"})
    shown.refresh_from_db()
    assert (shown.state, shown.reason, shown.decided_by is not None, shown.words) == (
        "removed",
        "写了电话",
        True,
        "一个个数过去",
    )
    assert "数过去" not in client.get(point.piece.get_absolute_url()).content.decode()
    client.force_login(person.user)
    assert "写了电话" in client.get(stamp_url(point)).content.decode()


@pytest.mark.parametrize(
    ("state", "act", "sentence"),
    [
        (STATES.SHOWN, "show", "already “shown”"),
        (STATES.REFUSED, "refuse", "already “not shown”"),
        (STATES.WAITING, "remove", "already “to be read”"),
    ],
)
def test_what_was_decided_meanwhile_gets_a_sentence(neighbourhood, point, state, act, sentence):
    one = word(point, None, state, reason="…" if state == STATES.REFUSED else "")
    by = staff_user("editor", neighbourhood)
    with pytest.raises(Refusal, match=sentence):
        getattr(trails, act)(one, by=by, **({} if act == "show" else {"reason": "x"}))


def test_a_decision_without_a_reason_is_refused(neighbourhood, point):
    by = staff_user("editor", neighbourhood)
    with pytest.raises(Refusal, match="Write down why"):
        trails.refuse(word(point), reason=" ", by=by)


def test_one_waits_at_a_time_and_the_same_twice_is_one(client, person, point):
    client.force_login(person.user)
    first = trails.say(point, person, name="老陶", words="好看")
    assert trails.say(point, person, name="老陶", words="好看") == first
    with pytest.raises(Refusal, match="still being read. Take them back first"):
        trails.say(point, person, name="老陶", words="更好看")
    page = client.post(stamp_url(point), {"name": "老陶", "words": "更好看"}).content.decode()
    assert "still being read" in page
    client.post(stamp_url(point), {"take_back": first.pk})
    assert not TrailWord.objects.exists()


def test_a_childs_full_name_is_no_chosen_name(make_person, make_child, point):
    """V6."""
    child = make_child(make_person(), 15, name="葛思远")
    with pytest.raises(Refusal, match="Choose a name that is not your own full name"):
        trails.say(point, child, name="葛思远同学", words="我画的")
    assert trails.say(point, child, name="思思", words="我画的").name == "思思"


def test_nobody_takes_back_anothers_words(client, person, make_person, point):
    theirs = word(point, make_person())
    client.force_login(person.user)
    for value in (theirs.pk, "x", "9" * 30, ""):
        assert client.post(stamp_url(point), {"take_back": value}).status_code == 302
    assert TrailWord.objects.get() == theirs
    with pytest.raises(Refusal, match="somebody else's"):
        trails.take_back(theirs, person)


@pytest.mark.parametrize(
    "data", [{"name": "", "words": ""}, {"name": "x" * 31, "words": "y" * 201}, {"name": "\x00", "words": "a\x00"}]
)
def test_bad_words_get_a_sentence_and_stay_in_the_form(client, person, point, data):
    client.force_login(person.user)
    page = client.post(stamp_url(point), data)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not TrailWord.objects.exists()


def test_too_many_words_have_to_wait(client, person, point, settings):
    settings.TRAIL_RATE_LIMITS = {"word": "1/h/user"}
    client.force_login(person.user)
    codes = [client.post(stamp_url(point), {"name": "老陶", "words": "好看"}).status_code for _ in range(2)]
    assert codes == [302, 429]


# --- what it costs ---


@pytest.mark.parametrize("length", [1, 40])
def test_pages_cost_the_same_at_any_length(client, trail, add_point, length, django_assert_num_queries):
    first = add_point()
    for _ in range(length - 1):
        add_point()
    for _ in range(length):
        word(first, None, STATES.SHOWN)
    with django_assert_num_queries(5):  # neighbourhood, trail, points, pictures, plan
        assert len(client.get(trail.get_absolute_url()).context["points"]) == length
    with django_assert_num_queries(4):
        client.get(reverse("projects:stamp-sheet", args=["lane-600", "cover"]))
    # A cover's page with the words and who worked on it; a neighbour's picture.
    with django_assert_num_queries(8 + (length > 1)):
        client.get(first.piece.get_absolute_url())
