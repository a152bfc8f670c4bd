"""The search finds everything public and nothing else (DESIGN.md §6; docs/rules/search.md)."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.models import Activity, Status
from activities.pages import search as activities_search
from community.models import Article
from people import search
from people.models import RoleGrant, SearchDocument
from people.search import index
from people.search import query as asking
from people.search.highlight import excerpt, marked
from people.search.query import Question
from people.views.search import PER_PAGE
from portal import clock
from projects.models import Project
from tests.filled import analyse
from tests.registries import instead, only
from tests.staff import sign_in

pytestmark = pytest.mark.django_db
URL = "/lane-600/search/"


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "zh-hans"
    return client


@pytest.fixture
def ask(client, neighbourhood):
    """The context after asking, the table being up to date."""

    def ask(q="", **query):
        index.sweep()
        response = client.get(URL, {"q": q, **query})
        assert response.status_code == 200
        return response

    return ask


def found(response):
    """{kind: [titles]} of a page with groups."""
    return {
        group.kind.code: [find.title.replace("<mark>", "").replace("</mark>", "") for find in group.finds]
        for group, _url in response.context["groups"]
    }


@pytest.fixture
def article(neighbourhood, at):
    return baker.make(
        Article,
        neighbourhood=neighbourhood,
        kind="notice",
        title="停水通知",
        body="花坛边的水表检修。",
        published_at=at,
    )


def test_the_address_is_the_one_on_posters(neighbourhood):
    assert reverse("people:search", args=["lane-600"]) == URL


def test_finds_stand_by_kind_in_titles_and_texts(ask, make_activity, article, neighbourhood):
    make_activity(title="盖草帘", text="给花坛盖草帘")
    baker.make(Project, neighbourhood=neighbourhood, slug="green", title="花坛添绿", is_published=True)

    page = ask("花坛")

    assert found(page) == {"activity": ["盖草帘"], "project": ["花坛添绿"], "article": ["停水通知"]}
    assert [str(group.kind.label) for group, _url in page.context["groups"]] == ["活动", "项目", "新闻和公告"]
    assert page.context["total"] == 3


@pytest.mark.parametrize("asked", ["ＱＲ　花壇", "qr 花坛", "花坛，QR", "  Qr\u200b  花坛 "])
def test_writing_it_another_way_finds_the_same(ask, make_activity, asked):
    make_activity(title="QR码上花坛")

    assert found(ask(asked)) == {"activity": ["QR码上花坛"]}


def test_every_word_must_be_there(ask, make_activity):
    make_activity(title="花坛除草")
    make_activity(title="花坛浇水", text="记得带壶")

    assert found(ask("花坛 带壶")) == {"activity": ["花坛浇水"]}


def test_the_title_itself_comes_first_then_titles_then_texts_then_the_newer(ask, make_activity, at):
    make_activity(title="看看", text="说起井盖", starts_at=at + timedelta(days=9))
    make_activity(title="井盖猜谜", starts_at=at - timedelta(days=30))
    make_activity(title="井盖", starts_at=at - timedelta(days=60))
    make_activity(title="画井盖", starts_at=at + timedelta(days=5))

    assert found(ask("井盖")) == {"activity": ["井盖", "画井盖", "井盖猜谜", "看看"]}


def test_where_nothing_has_every_word_the_nearest_is_shown(ask, make_activity):
    """Chinese leaves no gaps: 亲子井盖 comes near 元旦亲子数井盖猜谜."""
    make_activity(title="元旦亲子数井盖猜谜")
    make_activity(title="亲属会")

    page = ask("亲子井盖")

    assert page.context["near"]
    assert found(page) == {"activity": ["元旦亲子数井盖猜谜"]}
    assert "没有哪一条含有全部这些词" in page.content.decode()


def test_english_comes_near_by_its_words(ask, make_activity):
    make_activity(title="Painting covers", text="with children")

    assert found(ask("painting robots")) == {"activity": ["Painting covers"]}


def test_a_kind_has_pages_of_its_own(ask, make_activity):
    for number in range(PER_PAGE + 3):
        make_activity(title=f"浇水{number}")

    first = ask("浇水")
    group, url = first.context["groups"][0]
    assert (group.count, len(group.finds)) == (PER_PAGE + 3, asking.SHOWN)
    assert f"活动：全部{PER_PAGE + 3}条" in first.content.decode()
    second = ask("浇水", kind="activity", page=2)
    assert url == "?q=%E6%B5%87%E6%B0%B4&kind=activity"
    assert len(second.context["group"].finds) == 3


def test_a_kind_without_finds_shows_the_others(ask, make_activity):
    make_activity(title="浇水")

    assert found(ask("浇水", kind="article")) == {"activity": ["浇水"]}
    assert found(ask("浇水", kind="nonsense")) == {"activity": ["浇水"]}


def test_a_page_of_the_portal_is_found_by_its_name(ask):
    assert ("日程", "/lane-600/calendar/") in ask("日程").context["pages"]


def test_a_cancelled_one_is_named_so(ask, make_activity):
    make_activity(title="浇水", status=Status.CANCELLED)

    assert '<span class="tag brick">已取消</span>' in ask("浇水").content.decode()


# --- nothing hidden ---


def leave_in_the_table(hide):
    """The row's document stays behind, as after a crash between commit and refresh."""
    index.sweep()
    before = SearchDocument.objects.count()
    hide()
    assert SearchDocument.objects.count() == before > 0


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Status.DRAFT},
        {"visibility": "team"},
        {"visibility": "organisation"},
    ],
)
@pytest.mark.parametrize("asked", ["秘密", "秘密 开会谈", "秘密会议"])
def test_a_document_that_outlived_its_publicity_is_not_found(client, make_activity, neighbourhood, hidden, asked):
    activity = make_activity(
        title="秘密会",
        text="开会谈事",
        team=baker.make("people.Team", neighbourhood=neighbourhood),
        organisation=baker.make("people.PartyOrg", neighbourhood=neighbourhood),
    )
    index.sweep()
    assert "秘密会" in client.get(URL, {"q": "秘密"}).content.decode().replace("<mark>", "").replace("</mark>", "")

    leave_in_the_table(lambda: Activity.objects.filter(pk=activity.pk).update(**hidden))

    for query in ({"q": asked}, {"q": asked, "kind": "activity"}, {}):
        page = client.get(URL, query).content.decode()
        assert "开会谈事" not in page
        assert "秘密会<" not in page.replace("</mark>", "")
    assert client.get(URL).context["offers"] == []


def test_an_article_about_something_hidden_is_as_hidden(client, make_activity, article):
    index.sweep()
    activity = make_activity(status=Status.DRAFT)
    leave_in_the_table(lambda: Article.objects.filter(pk=article.pk).update(activity=activity))

    assert "水表" not in client.get(URL, {"q": "停水"}).content.decode()


def test_what_is_not_out_yet_is_not_found(ask, article, at):
    Article.objects.update(published_at=at + timedelta(hours=1))
    assert found(ask("停水")) == {}

    with clock.frozen(at + timedelta(hours=2)):
        assert found(ask("停水")) == {"article": ["停水通知"]}


def test_another_neighbourhood_is_not_found(ask, make_activity, elsewhere, client):
    make_activity(title="那边浇水", neighbourhood=elsewhere, location=None)

    assert found(ask("浇水")) == {}
    assert found(client.get("/lane-700/search/", {"q": "浇水"})) == {"activity": ["那边浇水"]}


def test_staff_find_no_more_than_everybody(client, make_activity, make_person, neighbourhood):
    """What stands on this page is fit to be read aloud: a secretary's meeting is not among it."""
    secretary = make_person(user=True)
    baker.make(RoleGrant, user=secretary.user, neighbourhood=neighbourhood, role="party_admin")
    organisation = baker.make("people.PartyOrg", neighbourhood=neighbourhood)
    meeting = make_activity(title="支部会", visibility="organisation", organisation=organisation)
    sign_in(client, secretary.user)
    index.sweep()

    assert client.get(meeting.get_absolute_url()).status_code == 200
    assert found(client.get(URL, {"q": "支部会"})) == {}


def test_a_kind_that_another_app_takes_over_is_found_once(ask, make_activity):
    make_activity(title="浇水")

    with only(activities_search.found_as_their_own, "shift"):
        assert found(ask("浇水")) == {}


def test_a_neighbourhood_that_is_not_open_has_no_search(client, neighbourhood):
    neighbourhood.is_open = False
    neighbourhood.save()

    assert client.get(URL).status_code == 404


# --- any input ---


@pytest.mark.parametrize(
    "asked",
    [
        "'; DROP TABLE people_searchdocument; --",
        "%' OR '1'='1",
        "100%",
        "_",
        "\\",
        "\x00",
        "花\x00坛",
        "😀",
        "👨‍👩‍👧‍👦",
        "\u202e\u200b",
        "½ ㍿ ﷺ",
        "a" * 5000,
        "花 " * 2000,
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "ẞ ß ŉ İ",
        "𠀀𠀁𠀂",
        "\ud800",
    ],
)
@pytest.mark.parametrize("kind", ["", "activity"])
def test_whatever_is_asked_does_no_harm(ask, make_activity, asked, kind):
    make_activity(title="打 100% 的水 😀 _", text="<b>花</b> ½ \\ '")

    page = ask(asked.encode("utf-8", "replace").decode(), kind=kind).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert SearchDocument.objects.exists()


def test_signs_of_the_database_are_only_signs(ask, make_activity):
    make_activity(title="水")

    assert found(ask("%")) == {}
    assert found(ask("_")) == {}


def test_an_emoji_can_be_looked_for(ask, make_activity):
    make_activity(title="浇水 🌱")

    assert found(ask("🌱")) == {"activity": ["浇水 🌱"]}


def test_a_question_is_short():
    question = Question.read("花 坛 " * 1000)

    assert len(question.text) <= asking.LONGEST
    assert question.words == ("花", "坛")
    assert len(Question.read(" ".join(map(str, range(100)))).words) == asking.MOST_WORDS
    assert len(Question.read("一二三四五六七八九十" * 9).parts) <= asking.MOST_PAIRS


# --- marking ---


def test_finds_are_marked_in_the_text_as_it_was_written():
    assert marked("老ＱＲ花壇<b>", ("qr", "花坛")) == "老<mark>ＱＲ花壇</mark>&lt;b&gt;"


@pytest.mark.parametrize("text", ["<mark>", "&amp;", "a<b>c", "<script>x</script>", "㍿<"])
@pytest.mark.parametrize("words", [("m",), ("<",), ("amp",), ("b",), ("script",), ("株式",)])
def test_a_mark_lets_no_markup_through(text, words):
    """Taken out again, what is left is the text, escaped."""
    shown = marked(text, words)

    rest = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in rest
    assert ">" not in rest
    assert unescape(rest) == text


def test_an_excerpt_begins_near_the_find():
    text = "第一句很长很长。" * 10 + "这里说到花坛的事。" + "后面还有很多话。" * 20

    shown = excerpt(text, ("花坛",))

    assert shown.startswith("这里说到<mark>花坛</mark>的事。")
    assert shown.endswith("…")
    assert len(shown) < 160


def test_an_english_excerpt_breaks_between_words():
    text = "word " * 60 + "covers are painted " + "again " * 60

    shown = excerpt(text, ("covers",))

    assert shown.startswith("…word")
    assert "<mark>covers</mark> are painted again" in shown
    assert shown.endswith("again…")


# --- what helps, and what it costs ---


def test_an_empty_search_says_what_can_be_found(ask, make_activity, neighbourhood):
    make_activity()
    baker.make(Project, neighbourhood=neighbourhood, slug="green", title="墙下添绿", is_published=True)

    page = ask()

    assert [(str(offer["label"]), offer["count"]) for offer in page.context["offers"]] == [("活动", 1), ("项目", 1)]
    assert page.context["examples"] == [("墙下添绿", "?q=%E5%A2%99%E4%B8%8B%E6%B7%BB%E7%BB%BF")]


def test_finding_nothing_says_what_may_help_and_whom_to_ask(ask, make_activity, neighbourhood):
    make_activity()

    page = ask("外星人").content.decode()

    assert "没有找到“外星人”。" in page
    assert "少打几个词，或者只留最要紧的那个。" in page
    assert f'href="tel:{neighbourhood.phone}"' in page
    assert 'href="/lane-600/calendar/"' in page


@pytest.mark.parametrize("length", [1, 1000])
@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ({"q": "浇水"}, 3),  # the neighbourhood, what was found, its documents
        ({"q": "浇水", "kind": "activity"}, 3),  # … the count, a page
        ({"q": "浇水花坛"}, 4),  # nothing exactly, then what comes near
        ({"q": "外星"}, 4),  # nothing, then what there is, and examples
        ({"q": "外星人都在这里", "kind": "activity"}, 6),
        ({}, 3),
    ],
)
def test_a_search_costs_the_same_at_any_length(
    client, neighbourhood, length, query, queries, django_assert_num_queries
):
    rows = [
        Article(neighbourhood=neighbourhood, kind="notice", title=f"浇水{n}", body="花坛", published_at=clock.now())
        for n in range(length)
    ]
    Article.objects.bulk_create(rows)
    analyse(Article)
    index.sweep()
    analyse(SearchDocument)
    assert SearchDocument.objects.count() == length
    kind = {"kind": "article"} if "kind" in query else {}

    with django_assert_num_queries(queries):
        assert client.get(URL, {**query, **kind}).status_code == 200


def test_no_session_is_made_for_searching(client, make_activity):
    make_activity()

    assert client.get(URL, {"q": "草"}).cookies == {}


def test_a_kind_registered_anywhere_is_asked_for_its_publicity(ask, neighbourhood, location):
    """Negative control of the leak tests: with a kind that calls everything public, the hidden is found."""
    activity = index.search_kinds["activity"]
    leaking = search.Kind(
        code="activity",
        label=activity.label,
        model=Activity,
        public=lambda viewer, at: Activity.objects.filter(neighbourhood=viewer.neighbourhood),
        document=activity.document,
    )
    with instead(index.search_kinds, "activity", leaking):
        baker.make(
            Activity,
            neighbourhood=neighbourhood,
            title="秘密会",
            status=Status.DRAFT,
            starts_at=clock.now(),
            ends_at=clock.now() + timedelta(hours=1),
        )
        assert found(ask("秘密会")) == {"activity": ["秘密会"]}
    index.keys_of.cache.clear()
