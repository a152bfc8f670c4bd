"""A poster says what recruiting has to name (V1), in large words, and only of what everybody may read."""

from datetime import timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import RoleGrant
from people.pages import posters
from portal import qr
from portal.registry import Registry
from tests.staff import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "zh-hans"
    return client


@pytest.fixture
def staff(client, make_person, neighbourhood):
    person = make_person(user=True)
    baker.make(RoleGrant, user=person.user, neighbourhood=neighbourhood, role="committee_admin")
    sign_in(client, person.user)
    return person


@pytest.fixture
def poster(client):
    def get(activity, kind="poster"):
        return client.get(reverse(f"activities:{kind}", args=[activity.neighbourhood.slug, activity.pk]))

    return get


def test_the_address_stands_below_the_activity(activity):
    assert reverse("activities:poster", args=["lane-600", activity.pk]) == f"{activity.get_absolute_url()}poster/"
    assert reverse("activities:tags", args=["lane-600", activity.pk]) == f"{activity.get_absolute_url()}tags/"


def test_a_poster_names_all_that_v1_asks(poster, make_activity):
    activity = make_activity(
        title="元旦亲子数井盖猜谜",
        text="十二个井盖，十二个谜语。由画过它的孩子出题。",
        location_note="南门集合",
        capacity=24,
        risks="路面可能结冰",
        safeguards="提前撒盐",
        insurance=True,
    )

    page = poster(activity).content.decode()

    for words in (
        "元旦亲子数井盖猜谜",
        "十二个井盖，十二个谜语。",
        "墙下花坛、南门集合、无台阶",
        "24个名额",
        "须监护人同场",
        "请知悉：路面可能结冰。",
        "我们会做到：提前撒盐。",
        "已为参加者办意外险",
        "扫码报名",
        "10000000001",
        f"http://testserver{activity.get_absolute_url()}",
    ):
        assert words in page


def test_no_number_of_free_seats_stands_on_paper(poster, make_activity, person):
    """It would be wrong the moment somebody signs up."""
    activity = make_activity(capacity=3)
    baker.make("activities.SignUp", activity=activity, person=person, status="confirmed", booking__activity=activity)

    assert "还有" not in poster(activity).content.decode().split('class="sheet')[1]


def test_words_for_a_group_chat_are_plain_and_whole(poster, make_activity):
    activity = make_activity(title="盖草帘", text="给花坛盖草帘。", capacity=8, risks="低温", safeguards="发手套")

    words = poster(activity).context["chat"]

    assert words == "\n".join(
        [
            "【宜居家园·宝昌路600弄】盖草帘",
            "给花坛盖草帘。",
            "",
            "时间：12月23日 周日 9:00–11:00",
            "地点：墙下花坛、无台阶",
            "谁能来：居民；须监护人同场",
            "名额：8个名额",
            "报名截止：12月23日 周日 9:00",
            "请知悉：低温。",
            "我们会做到：发手套。",
            "",
            f"点这里报名：http://testserver{activity.get_absolute_url()}",
            "不方便上网？请打电话 10000000001。",
        ]
    )


@pytest.mark.parametrize("kind", ["poster", "tags"])
def test_what_only_some_may_see_gets_no_poster(poster, make_activity, make_person, client, neighbourhood, kind):
    team = baker.make("people.Team", neighbourhood=neighbourhood)
    activity = make_activity(title="队内例会", visibility="team", team=team)
    assert poster(activity, kind).status_code == 404

    member = make_person(user=True)
    baker.make("people.TeamMembership", team=team, person=member, since=None, until=None)
    client.force_login(member.user)
    refused = poster(activity, kind)

    assert client.get(activity.get_absolute_url()).status_code == 200
    assert refused.status_code == 403
    assert "海报只给人人可看的活动；这一项只给参加它的人看。" in refused.content.decode()
    assert "队内例会" not in refused.content.decode()


@pytest.mark.parametrize("kind", ["poster", "tags"])
def test_a_draft_has_a_poster_for_staff_and_says_so(poster, make_activity, staff, client, kind):
    activity = make_activity(status="draft")

    page = poster(activity, kind)
    assert "草稿，不要张贴" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]

    client.logout()
    assert poster(activity, kind).status_code == 404


def test_a_cancelled_one_says_so(poster, make_activity):
    page = poster(make_activity(status="cancelled"))

    assert '<span class="stamp">已取消</span>' in page.content.decode()
    assert "※ 已取消" in page.context["chat"]


def test_another_neighbourhood_has_no_poster_of_it(client, activity, elsewhere):
    assert client.get(f"/{elsewhere.slug}/activities/{activity.pk}/poster/").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_a_number_that_is_none_finds_nothing(client, neighbourhood, number):
    assert client.get(f"/lane-600/activities/{number}/poster/").status_code == 404


def test_one_click_leads_from_the_page_to_the_poster(client, activity, make_activity, staff, neighbourhood):
    page = client.get(activity.get_absolute_url()).content.decode()
    assert f'href="{activity.get_absolute_url()}poster/"' in page

    team = baker.make("people.Team", neighbourhood=neighbourhood)
    hidden = make_activity(visibility="team", team=team)
    assert "poster/" not in client.get(hidden.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", ["poster", "tags"])
def test_a_poster_costs_few_queries_and_no_session(client, activity, kind, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        response = client.get(f"{activity.get_absolute_url()}{kind}/")

    assert response.status_code == 200
    assert "sessionid" not in response.cookies


@pytest.mark.parametrize(
    ("title", "size"),
    [
        ("盖草帘", "xl"),
        ("元旦亲子数井盖猜谜", "xl"),
        ("长" * 20, "l"),
        ("长" * 40, "m"),
        ("长" * 120, "s"),
        ("a" * 20, "xl"),
    ],
)
def test_a_long_title_is_set_smaller(title, size):
    assert posters.Poster(title=title, path="/", call="", link="").size == size


def test_the_lead_ends_with_a_sentence_where_it_can():
    assert posters.lead_of("第一句。\n" + "很长" * 40 + "。" + "再说" * 40) == "第一句。 " + "很长" * 40 + "。"
    assert posters.lead_of("没有句号" * 50).endswith("…")
    assert len(posters.lead_of("没有句号" * 50)) <= posters.LEAD
    assert posters.lead_of("短。") == "短。"


def test_an_app_above_may_know_a_picture(poster, activity, monkeypatch):
    art = Registry("pictures of this test")
    art.add(
        lambda row: [posters.Picture("/static/art/cover-01.svg", round=True)] if row.pk == activity.pk else [],
        order=0,
        name="cover",
    )
    monkeypatch.setattr(posters, "poster_art", art)

    assert (
        '<div class="sheet-art lid"><div><img src="/static/art/cover-01.svg" alt="" width="480" height="480">'
        in poster(activity).content.decode()
    )


def test_eight_tags_are_one_to_whoever_listens(poster, activity):
    page = poster(activity, "tags").content.decode()

    assert page.count('class="tag-card"') == 8
    assert page.count('class="tag-card" aria-hidden="true"') == 7


def test_a_code_is_drawn_without_styles_and_escapes_what_it_says():
    drawn = qr.svg('http://testserver/?a="><b>')

    assert "style=" not in drawn
    assert "<b>" not in drawn
    assert drawn.startswith('<svg class="qr-code" viewBox="0 0 ')


def test_a_past_activity_is_stamped(poster, make_activity, at):
    activity = make_activity(starts_at=at - timedelta(days=3))

    assert "已结束" in poster(activity).content.decode()


def test_a_poster_calls_for_what_is_still_possible(poster, make_activity, at):
    """M10: nobody scans it to sign up for what is over, cancelled or closed, nor is asked to just come."""
    later = timedelta(hours=2)
    rows = {
        "open": make_activity(),
        "closed": make_activity(signup_until=at - later),
        "over": make_activity(starts_at=at - timedelta(days=3), status="done"),
        "cancelled": make_activity(status="cancelled"),
        "just come": make_activity(open_to=[]),
        "was open": make_activity(open_to=[], starts_at=at - timedelta(days=3), status="done"),
    }
    pages = {name: poster(row).content.decode() for name, row in rows.items()}

    assert {name for name, text in pages.items() if "扫码报名" in text or "点这里报名" in text} == {"open"}
    assert {name for name, text in pages.items() if "不用报名" in text} == {"just come"}
