"""News and notices: only what is out, nothing about what is hidden, nobody named who did not agree (V6)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.models import Status
from community.models import Article
from community.operations import articles, show_with_article
from people.models import PartyOrg, Team
from people.operations.photos import pair
from portal.refusals import Refusal
from projects.emails import news
from projects.models import Project, ProjectArticle
from tests.conftest import NOW, SHANGHAI
from tests.staff import client_of, staff_user

pytestmark = pytest.mark.django_db
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def make_article(neighbourhood):
    def make(**fields) -> Article:
        values = {
            "neighbourhood": neighbourhood,
            "kind": "story",
            "title": "一面旧墙长出十个故事",
            "body": "从前的墙\n\n现在的墙",
            "published_at": YESTERDAY,
        }
        return baker.make(Article, **(values | fields))

    return make


@pytest.fixture
def url(neighbourhood):
    return reverse("community:news", args=[neighbourhood.slug])


@pytest.fixture
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def hidden(make_article, make_activity, neighbourhood, elsewhere):
    """One of each article that could leak."""
    group = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group")
    team = baker.make(Team, neighbourhood=neighbourhood)
    meeting = make_activity(title="党小组会", visibility="organisation", organisation=group)
    duty = make_activity(title="晨扫", visibility="team", team=team)
    draft = make_activity(title="草稿活动", status=Status.DRAFT)
    return [
        make_article(title="关于党小组会", activity=meeting),
        make_article(title="关于晨扫", activity=duty),
        make_article(title="关于草稿", activity=draft),
        make_article(title="还没写完", published_at=None),
        make_article(title="明天才发", published_at=NOW + timedelta(days=1)),
        make_article(title="别处的消息", neighbourhood=elsewhere),
    ]


def test_hidden_news_stays_hidden_in_list_home_and_guessed_address(client, url, hidden, make_article, neighbourhood):
    shown = make_article(title="公开的消息")
    for page in (url, reverse("people:home", args=[neighbourhood.slug])):
        text = client.get(page).content.decode()
        assert shown.title in text
        for article in hidden:
            assert article.title not in text
    for article in hidden:
        guessed = reverse("community:article", args=[neighbourhood.slug, article.pk])
        assert client.get(guessed).status_code == 404, article.title
    assert client.get(f"/{neighbourhood.slug}/news/{10**30}/").status_code == 404


def test_kinds_are_a_filter_and_a_wrong_one_is_none(client, url, make_article):
    notice = make_article(kind="notice", title="公告")
    story = make_article(title="报道")
    assert list(client.get(url, {"kind": "notice"}).context["articles"]) == [notice]
    for wrong in ("", "nonsense", "\x00", "🌸"):
        assert set(client.get(url, {"kind": wrong}).context["articles"]) == {notice, story}


@pytest.mark.parametrize("page", ["0", "-1", "999", "abc", "\x00"])
def test_a_page_that_is_not_there_is_the_nearest_one(client, url, make_article, page):
    article = make_article()
    assert list(client.get(url, {"page": page}).context["articles"]) == [article]


def test_what_stands_on_the_board_comes_first_until_its_day(client, url, make_article):
    stands = make_article(kind="notice", title="寒潮", public_until=NOW + timedelta(days=1))
    always = make_article(kind="notice", title="常年", published_at=YESTERDAY - timedelta(days=9))
    make_article(kind="notice", title="过期", public_until=NOW - timedelta(minutes=1))
    make_article(kind="affairs", title="公开")
    assert client.get(url).context["current"] == [stands, always]
    assert client.get(url, {"kind": "notice"}).context["current"] == []


def test_home_shows_standing_notices_apart_from_the_latest_news(client, make_article, neighbourhood):
    stands = make_article(kind="notice", title="寒潮", published_at=YESTERDAY - timedelta(days=30))
    news = make_article(title="新闻")
    panels = {part.template: part.context for part in client.get(f"/{neighbourhood.slug}/").context["panels"]}
    assert panels["community/_home_notices.html"]["notices"] == [stands]
    assert panels["community/_home_news.html"]["articles"] == [news]


def test_an_expired_notice_can_still_be_read_and_says_so(client, english, make_article):
    article = make_article(kind="notice", public_until=NOW - timedelta(hours=1))
    assert "No longer current" in client.get(article.get_absolute_url()).content.decode()


def test_an_article_says_who_wrote_it_and_where_it_appeared(client, english, make_article, make_person):
    article = make_article(
        author=make_person(name="柏志强"), outlet="社区小报", body="<script>alert(1)</script>\n\n第二段"
    )
    page = client.get(article.get_absolute_url()).content.decode()
    assert "By 柏志强" in page
    assert "社区小报" in page
    assert "<p>第二段</p>" in page
    assert "<script>alert" not in page
    assert "data-print" in page


def test_a_child_who_writes_is_not_named(client, english, make_article, make_person):
    article = make_article(author=make_person(12, name="葛小明"))
    page = client.get(article.get_absolute_url()).content.decode()
    assert "葛小明" not in page
    assert "a young volunteer" in page


def test_an_article_leads_to_what_it_is_about_as_far_as_one_may_see_it(
    client, make_article, make_activity, neighbourhood
):
    activity = make_activity()
    article = make_article(activity=activity)
    shown = baker.make(Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True)
    secret = baker.make(Project, neighbourhood=neighbourhood, slug="plan", title="还在想", is_published=False)
    for project in (shown, secret):
        baker.make(ProjectArticle, project=project, article=article)
    page = client.get(article.get_absolute_url()).content.decode()
    assert activity.get_absolute_url() in page
    assert shown.get_absolute_url() in page
    assert "还在想" not in page


@pytest.mark.parametrize("length", [1, 50])
def test_the_list_costs_the_same_at_any_length(client, url, make_article, length, django_assert_num_queries):
    for _number in range(length):
        make_article(kind="notice")
    with django_assert_num_queries(4):  # neighbourhood, count, page, what stands on the board
        assert len(client.get(url).context["articles"]) == min(length, 20)


@pytest.mark.parametrize("photos", [0, 12])
def test_an_article_costs_few_queries(
    client, make_article, make_activity, make_person, make_photo, photos, django_assert_num_queries
):
    article = make_article(activity=make_activity(), author=make_person())
    show_with_article(article, [make_photo(f"照片{number}", size=(80, 60)) for number in range(photos)])
    # neighbourhood, article with author and activity, projects it is about, photos, and the pairs of what is shown
    with django_assert_num_queries(5 if photos else 4):
        client.get(article.get_absolute_url())


def test_an_article_shows_its_published_photos_and_nothing_of_the_others(
    client, make_article, make_photo, elsewhere, english
):
    """V5: neither a photo that is not published nor one of another neighbourhood."""
    article = make_article()
    secret, far = make_photo("孩子的脸", published=False), make_photo("别处的墙", place=elsewhere)
    before, after, single = make_photo("从前的墙"), make_photo("现在的墙"), make_photo("墙下的人")
    pair(before, after)
    show_with_article(article, [secret, far, single, before, after])

    page = client.get(article.get_absolute_url()).content.decode()

    assert [page.count(f'alt="{alt}"') for alt in ("墙下的人", "从前的墙", "现在的墙")] == [1, 1, 1]
    assert page.count('type="radio"') == 3
    assert "孩子的脸" not in page
    assert "别处的墙" not in page
    assert f'og:image" content="http://testserver/media/photos/{single.folder}/800.jpg"' in page


def test_photos_are_added_behind_those_that_are_there(make_article, make_photo):
    article = make_article()
    first, second = make_photo(published=False), make_photo(published=False)
    show_with_article(article, [first])
    show_with_article(article, [second])
    assert list(article.article_photos.values_list("photo", "order")) == [(first.pk, 1), (second.pk, 2)]


def test_what_was_put_up_before_it_stood_here_stands_under_its_day(client, english, make_article, neighbourhood):
    """T1: no news to anybody, no place before what is newer, and its page says when it was entered."""
    project = baker.make(Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True)
    article = make_article(title="开工通知", published_at=None)
    ProjectArticle.objects.create(project=project, article=article)

    with pytest.raises(Refusal):
        articles.publish(article, at=NOW, first_on=NOW.date() + timedelta(days=1))
    articles.publish(article, at=NOW, first_on=date(2018, 6, 1))

    article.refresh_from_db()
    assert article.published_at == datetime(2018, 6, 1, tzinfo=SHANGHAI)
    assert list(news.articles([project.pk], NOW - timedelta(days=7), NOW + timedelta(minutes=1))) == []
    assert "Entered afterwards, on Thu 20 Dec 2018." in client.get(article.get_absolute_url()).content.decode()


def test_a_notice_whose_days_are_over_can_still_be_entered_under_its_day(make_article):
    """T1: for today it would be out of date at once."""
    notice = make_article(title="停水通知", published_at=None, public_until=NOW - timedelta(days=100))

    with pytest.raises(Refusal):
        articles.publish(notice, at=NOW)
    articles.publish(notice, at=NOW, first_on=date(2018, 6, 1))
    articles.take_back(notice)

    notice.refresh_from_db()
    assert (notice.published_at, notice.entered_at) == (None, None)


def test_the_act_takes_the_day_and_today_needs_none(make_article, neighbourhood):
    desk = client_of(staff_user("editor", neighbourhood))
    late, now = make_article(title="旧闻", published_at=None), make_article(title="新闻", published_at=None)
    for article, day in ((late, "2018-06-01"), (now, "")):
        desk.post(f"/admin/community/article/act/publish/?ids={article.pk}", {"ids": article.pk, "first_on": day})
        article.refresh_from_db()
    assert (late.entered_at, now.entered_at, now.published_at) == (NOW, None, NOW)
