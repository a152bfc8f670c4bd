"""The way in, the two switches of every page, and what a wrong address says."""

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import Neighbourhood, Person
from people.views.join import neighbourhood_of
from portal import clock
from portal.addresses import local_path
from portal.panels import Panels, kept, most
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_the_only_neighbourhood_is_gone_to_at_once(client, neighbourhood):
    assert client.get("/").url == "/lane-600/"


def test_of_several_one_is_chosen(client, neighbourhood, elsewhere):
    baker.make(Neighbourhood, slug="closed", name="未开放", is_open=False)
    page = client.get("/").content.decode()
    assert 'href="/lane-600/"' in page
    assert 'href="/lane-700/"' in page
    assert "未开放" not in page


def test_before_any_neighbourhood_there_is_a_sentence(client):
    assert "No residential area is open here yet." in client.get("/").content.decode()


def test_home_invites_whoever_is_signed_out(client, neighbourhood):
    page = client.get("/lane-600/").content.decode()
    assert "a name and an e-mail address are enough" in page
    assert reverse("people:join") in page


def test_home_of_a_visitor_touches_no_session_and_sets_no_cookie(client, neighbourhood):
    """DESIGN.md §6: it is served from a cache to whoever has no session."""
    response = client.get("/lane-600/")
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_home_costs_few_queries(client, neighbourhood, django_assert_max_num_queries):
    client.get("/lane-600/")  # sums are kept for an hour
    with django_assert_max_num_queries(6):
        client.get("/lane-600/")


def test_a_closed_neighbourhood_is_not_there(client, neighbourhood):
    Neighbourhood.objects.update(is_open=False)
    assert client.get("/lane-600/").status_code == 404


@pytest.mark.parametrize("address", ["/nowhere/", "/lane-600/nothing/", "/me/nothing/", "/accounts/nothing/"])
def test_a_wrong_address_says_so(client, neighbourhood, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_language_is_a_plain_cookie_set_by_a_link(client, neighbourhood):
    response = client.get("/language/zh-hans/?next=/lane-600/")
    assert response.url == "/lane-600/"
    assert response.cookies["django_language"].value == "zh-hans"
    assert 'lang="zh-Hans"' in client.get("/lane-600/").content.decode()


def test_large_print_is_kept_without_log_in(client, neighbourhood):
    client.get("/print-size/large/?next=/lane-600/")
    assert 'class="large-print"' in client.get("/lane-600/").content.decode()
    client.get("/print-size/normal/")
    assert 'class="large-print"' not in client.get("/lane-600/").content.decode()


@pytest.mark.parametrize(
    "address", ["/language/tlh/", "/language/zh-tw/", "/print-size/huge/", "/print-size/large%00/"]
)
def test_only_known_values_are_kept(client, neighbourhood, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "django_language" not in response.cookies


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example/", "/\\evil.example", "/a\r\nSet-Cookie: x=y", "lane-600/"]
)
def test_a_switch_leads_nowhere_else(client, neighbourhood, evil):
    assert client.get("/print-size/large/", {"next": evil}).url == "/"


def test_the_notice_ships_with_the_first_form(client, neighbourhood):
    """L1: the notice and where to complain."""
    page = client.get("/privacy/").content.decode()
    assert 'id="rights"' in page
    assert 'id="complain"' in page
    assert reverse("people:privacy") in client.get("/accounts/join/").content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_switches_only_answer_to_get(client, neighbourhood, method):
    assert getattr(client, method)("/print-size/large/").status_code == 405


@pytest.mark.parametrize(
    "cookie", ["django_language=\x80", "django_language=../../etc", "print_size=huge", "sessionid=broken"]
)
def test_a_broken_cookie_breaks_no_page(client, neighbourhood, cookie):
    name, value = cookie.split("=", 1)
    client.cookies[name] = value
    assert client.get("/lane-600/").status_code == 200


def test_a_form_left_open_too_long_gets_a_sentence(neighbourhood):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    response = client.post("/accounts/join/", {"name": "x"})
    assert response.status_code == 403
    assert "<h1" in response.content.decode()


@pytest.mark.parametrize("host", ["evil.example", "a" * 300, "[::1"])
def test_a_wrong_host_is_refused_without_an_error(client, host):
    assert client.get("/", headers={"host": host}).status_code == 400


def test_a_path_of_the_portal_is_known(neighbourhood):
    assert local_path("/lane-600/?a=b#c") == "/lane-600/?a=b#c"
    assert local_path(None) == local_path("") == local_path("me/") == ""
    assert neighbourhood_of("/lane-600/?week=1") == neighbourhood
    assert neighbourhood_of("/me/") is None
    assert neighbourhood_of("/lane-999/") is None
    assert neighbourhood_of("") is None


def test_parts_of_a_page_stand_in_their_order(rf):
    panels = Panels("parts of a page")

    def late(request):
        return "b.html", {"x": 1}

    panels.add(late, order=20, name="late")
    with pytest.raises(ValueError, match="late at 20"):
        panels.add(late, order=20, name="late")
    panels.add(lambda request: ("a.html", {}), order=10, name="early")
    panels.add(lambda request: None, order=15, name="silent")
    assert [part.template for part in panels.of(rf.get("/"))] == ["a.html", "b.html"]


def test_large_print_shows_less_at_a_time(rf):
    request = rf.get("/")
    assert most(request, 6, large=3) == 6
    request.large_print = True
    assert most(request, 6, large=3) == 3


def test_what_holds_for_everybody_is_found_once_an_hour(rf, neighbourhood, elsewhere, viewer_of):
    asked = []

    def ask(place, hour=9):
        request = rf.get("/")
        request.viewer = viewer_of(place=place)
        with clock.frozen(NOW.replace(hour=hour)):
            return kept(request, "sum", lambda: asked.append(place) or len(asked))

    assert [ask(neighbourhood), ask(neighbourhood), ask(elsewhere), ask(neighbourhood, hour=10)] == [1, 1, 2, 3]


def test_me_follows_the_neighbourhood_looked_at_last(client, make_person, neighbourhood, elsewhere):
    here = make_person(user=True, name="在这里的我")
    make_person(place=elsewhere, name="在那里的我", email="")
    Person.objects.filter(name="在那里的我").update(user=here.user)
    client.force_login(here.user)
    session = client.session
    session["neighbourhood"] = neighbourhood.pk
    session.save()
    assert "在这里的我" in client.get("/me/").content.decode()
    client.get("/lane-700/")
    assert "在那里的我" in client.get("/me/").content.decode()


def test_staff_who_look_elsewhere_stay_who_they_are(client, person, neighbourhood, elsewhere):
    client.force_login(person.user)
    session = client.session
    session["neighbourhood"] = neighbourhood.pk
    session.save()
    client.get("/lane-700/")
    assert client.session["neighbourhood"] == neighbourhood.pk
