"""What can be found is what is public, no more and no less (DESIGN.md §6; docs/rules/search.md)."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from model_bakery import baker

from activities.models import Activity, Status
from community.models import Article
from community.operations import publish, take_back
from people import search
from people.models import Location, SearchDocument, Team
from people.operations import consents, photos
from people.search import index, search_kinds
from portal import clock, traditional_characters
from portal.folding import fold, fold_with_positions, squeeze
from tests.registries import also

pytestmark = pytest.mark.django_db


def titles(kind="activity"):
    return list(SearchDocument.objects.filter(kind=kind).order_by("title").values_list("title", flat=True))


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def article(neighbourhood, at):
    return baker.make(
        Article, neighbourhood=neighbourhood, kind="notice", title="停水通知", body="明天上午停水。", published_at=at
    )


# --- on commit ---


def test_what_is_saved_can_be_found_once_it_is_committed(make_activity, committed, location):
    with committed():
        activity = make_activity(title="盖草帘", text="给花坛盖草帘")
        assert titles() == []

    document = SearchDocument.objects.get()
    assert (document.kind, document.key, document.title) == ("activity", activity.pk, "盖草帘")
    assert document.body == f"给花坛盖草帘 · {location.name}"
    assert document.path == activity.get_absolute_url()
    assert document.at == activity.starts_at
    assert document.neighbourhood == activity.neighbourhood


def test_a_change_is_found_and_the_old_words_are_not(make_activity, committed):
    with committed():
        activity = make_activity(title="旧名")
    with committed():
        activity.title = "新名"
        activity.save()

    assert titles() == ["新名"]


def to_a_draft(activity):
    activity.status = Status.DRAFT


def to_the_team(activity):
    activity.team = baker.make(Team, neighbourhood=activity.neighbourhood)
    activity.visibility = "team"


@pytest.mark.parametrize("hide", [to_a_draft, to_the_team])
def test_what_is_hidden_is_struck_out_on_commit(make_activity, committed, hide):
    with committed():
        activity = make_activity()
    assert len(titles()) == 1
    with committed():
        hide(activity)
        activity.save()

    assert titles() == []


def test_what_is_deleted_is_struck_out(make_activity, committed):
    with committed():
        activity = make_activity()
    with committed():
        activity.delete()

    assert titles() == []


def test_a_cancelled_activity_says_so(make_activity, committed):
    with committed():
        make_activity(status=Status.CANCELLED)

    assert SearchDocument.objects.get().state in search_kinds["activity"].states


def test_an_article_that_is_taken_back_is_struck_out(article, committed):
    with committed():
        article.published_at = None
        article.save()
        publish(article, at=clock.now())
    assert titles("article") == ["停水通知"]
    with committed():
        take_back(article)

    assert titles("article") == []


def test_another_name_of_the_place_is_followed(make_activity, location, committed):
    with committed():
        make_activity()
    with committed():
        Location.objects.get(pk=location.pk).save()
        location.name = "老花坛"
        location.save()

    assert "老花坛" in SearchDocument.objects.get(kind="activity").body


def test_a_photo_can_be_found_only_while_it_is_published(make_photo, person, resident_text, committed):
    """V5: revoking the consent takes picture and words away."""
    consents.give(person, "photo", given_by=person)
    with committed():
        photo = make_photo("小葛在墙前", caption="开工", people=[person])
        make_photo("没有公开", published=False)
    assert titles("photo") == ["开工"]
    assert SearchDocument.objects.get(kind="photo").path.endswith(f"/photos/{photo.pk}/")
    with committed():
        photos.withdraw_all_showing(person)

    assert titles("photo") == []


def test_what_is_rolled_back_leaves_nothing(make_activity, committed):
    with committed(), suppress(ZeroDivisionError), transaction.atomic():
        make_activity()
        raise ZeroDivisionError

    assert titles() == []


def test_a_row_that_no_kind_reads_costs_no_query(make_person, committed, django_assert_num_queries):
    person = make_person()
    index.refresh_touched()
    with django_assert_num_queries(0):
        index._note(type(person), person)
        index.refresh_touched()


# --- the sweep ---


def test_the_sweep_strikes_out_what_an_update_hid(make_activity, committed):
    with committed():
        make_activity()
    Activity.objects.update(status=Status.DRAFT)

    assert index.sweep() == 1
    assert titles() == []


def test_the_sweep_finds_what_became_public_by_the_clock(neighbourhood, at):
    baker.make(
        Article,
        neighbourhood=neighbourhood,
        kind="notice",
        title="元旦通知",
        body="放假",
        published_at=at + timedelta(hours=2),
    )
    index.sweep()
    assert titles("article") == []

    with clock.frozen(at + timedelta(hours=3)):
        index.sweep()

    assert titles("article") == ["元旦通知"]


def test_the_sweep_knows_each_neighbourhood_apart(make_activity, elsewhere, neighbourhood):
    make_activity(title="这里")
    make_activity(title="那里", neighbourhood=elsewhere, location=None)
    index.sweep()

    assert dict(SearchDocument.objects.values_list("title", "neighbourhood__slug")) == {
        "这里": "lane-600",
        "那里": "lane-700",
    }


@pytest.mark.parametrize("length", [1, 300])
def test_a_sweep_with_nothing_to_do_costs_two_queries_a_neighbourhood(
    make_activity, elsewhere, length, django_assert_num_queries
):
    for number in range(length):
        make_activity(title=f"活动{number}")
    index.sweep()

    with django_assert_num_queries(1 + 2 * 2):
        assert index.sweep() == 0


def test_the_command_reads_every_row_again(make_activity, capsys, committed):
    with committed():
        make_activity(title="旧名", text="旧文")
    Activity.objects.update(title="新名", text="新文")

    call_command("rebuild_search")

    assert titles() == ["新名"]
    assert SearchDocument.objects.get().folded.startswith("新名\n新文")
    assert capsys.readouterr().out == "1 documents can be found.\n"


def test_every_kind_says_all_that_is_needed():
    for kind in search_kinds:
        assert str(kind.label)
        assert len(kind.code) <= 20
        assert all(len(state) <= 20 for state in kind.states)
    assert {"activity", "article", "project", "photo"} <= {kind.code for kind in search_kinds}


def test_the_registry_is_all_an_app_needs(neighbourhood, location):
    """Ten lines make places findable; taken out again, they are not."""
    places = search.Kind(
        code="place",
        label="Places",
        model=Location,
        public=lambda viewer, at: Location.objects.filter(neighbourhood=viewer.neighbourhood),
        document=lambda place: search.Document(place.name, place.note, f"/{place.neighbourhood.slug}/"),
    )
    with also(search_kinds, places):
        index.sweep()
        assert titles("place") == [location.name]
    index.keys_of.cache.clear()


# --- folding ---


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("ＱＲ码", "qr码"),
        ("花 　坛", "花 坛"),
        ("花壇與蓋", "花坛与盖"),
        ("STRASSE", "straße"),
        ("cafe\u0301", "café"),
        ("１２月", "12月"),
        ("井\u200b盖\ufe0f", "井盖"),
        ("a\x00b", "a b"),
    ],
)
def test_what_counts_as_the_same(written, same):
    assert fold(written) == fold(same)


def test_folding_knows_where_each_character_comes_from():
    folded, places = fold_with_positions("㍿Ａ½")

    assert len(folded) == len(places)
    assert [places[folded.index(piece)] for piece in ("株", "a", "2")] == [0, 1, 2]


def test_what_is_kept_has_nothing_a_database_refuses():
    assert squeeze(" 花\x00坛\n\n 井盖 ") == "花 坛 井盖"


def test_the_table_of_characters_is_sound():
    """Pairs, each traditional one once, none leading on to another; the simplified are those of mainland print."""
    assert (
        len(traditional_characters.TRADITIONAL)
        == len(traditional_characters.SIMPLE)
        == len(set(traditional_characters.TRADITIONAL))
        > 900
    )
    assert set(traditional_characters.TRADITIONAL) & set(traditional_characters.SIMPLE) == set()
    odd = [
        pair
        for pair in zip(traditional_characters.TRADITIONAL, traditional_characters.SIMPLE, strict=True)
        if not pair[1].encode("gb2312", "ignore")
    ]
    assert odd == [("囉", "啰")]
