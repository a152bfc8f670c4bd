"""What everybody reads of a deliberation: its notice, its result once that is out, and nobody's name (D1 to D4, V6)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.models import Status
from activities.models.kinds import activity_kinds as kinds
from community.models import Article, Deliberation, FollowUp, Meeting, Opinion, Option, Participant, Side
from community.operations.deliberations import correct_result, publish_result
from people.models import CommitteePost, PartyMember, PartyOrg, SearchDocument, opened
from people.search.index import rebuild
from tests.community.conftest import HELD
from tests.conftest import NOW
from tests.staff import client_of, staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def user(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


@pytest.fixture
def records(neighbourhood):
    return reverse("community:records", args=[neighbourhood.slug])


def page(client, deliberation) -> str:
    response = client.get(deliberation.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_a_notice_tells_items_materials_and_by_whom_before_the_day(client, make_deliberation):
    told = make_deliberation(
        starts_at=NOW + timedelta(days=6),
        type="coordination",
        short_notice_reason="水管爆了",
        notice_channels=["board"],
    )
    shown = page(client, told)
    for words in (
        "要不要画",
        "草图",
        "居民委员会",
        "notice board",
        "6 days before",
        "水管爆了",
        "coordination meeting",
    ):
        assert words in shown
    assert "The result" not in shown


def test_an_unpublished_result_is_staffs_only(client, held, user):
    """D3: votes and decision could leak; before the due day the page says when they come."""
    shown = page(client, held)
    assert "It will stand here by Thursday 20 December 2018." in shown
    for words in ("先画一条路", "怕滑", "用防滑涂料"):
        assert words not in shown

    for role, sees in (("committee_admin", True), ("volunteer_coordinator", False)):
        account = user if sees else staff_user(role, held.neighbourhood)
        shown = page(client_of(account), held)
        assert ("怕滑" in shown) == sees
        assert ("Only staff read the result below" in shown) == sees


def test_a_result_that_is_late_is_flagged_in_public(client, make_deliberation):
    """D3."""
    late = make_deliberation(starts_at=NOW - timedelta(days=6))
    assert "It was due on Wednesday 19 December 2018 and is overdue." in page(client, late)


def test_a_published_result_shows_decision_votes_opinions_and_follow_ups(client, held, user):
    """D2, D3: the web's votes apart, groups behind the bar, overdue follow-ups flagged."""
    Option.objects.update(web_for=46, web_against=3, web_abstained=5, by_group={"residents": [3, 1, 0]})
    for task, due, done in (("划线", 1, None), ("补绘", -9, None), ("排班", 9, date(2018, 12, 18))):
        due_on = (NOW - timedelta(days=due)).date()
        baker.make(FollowUp, deliberation=held, task=task, due_on=due_on, done_on=done)
    publish_result(held, at=NOW, by=user)

    shown = page(client, held)
    for words in ("先画一条路", "carried", "On the web, not counted in the room", "怕滑", "用防滑涂料", "4 of 5"):
        assert words in shown
    assert 'aria-label="in favour 3, against 1, abstained 0"' in shown
    assert [shown.count(word) for word in ("Overdue", "Still open", "Done on Tue 18 Dec 2018")] == [1, 1, 1]


def test_a_correction_is_told_with_its_reason(client, held, user):
    publish_result(held, at=NOW, by=user)
    correct_result(held, at=NOW, by=user, reason="票数抄错")
    shown = page(client, held)
    assert "It is being corrected: 票数抄错" in shown
    assert "<del>先画一条路</del>" in shown  # what was published goes on standing there
    assert "<ins>" not in shown
    held.options.update(votes_for=4, votes_against=0)
    publish_result(held, at=NOW, by=user)
    shown = page(client, held)
    assert "<b>Corrected</b><span>票数抄错</span>" in shown
    assert "<b>Thu 20 Dec 2018</b> · 居民委员会: 票数抄错" in shown
    assert "<del>先画一条路: 赞成 3，反对 1，弃权 0</del>" in shown.replace("、", "，")
    assert "<ins>先画一条路: 赞成 4，反对 0，弃权 0</ins>" in shown.replace("、", "，")
    assert "<del>先画一条路</del>" not in shown  # the decision was not changed


def test_old_words_that_name_somebody_are_withheld_from_readers_and_kept_for_staff(client, held, user):
    """T11 meets V6: a correction that takes out a name must not show it for ever."""
    held.decision = "按霍明的意见办"
    held.save()
    publish_result(held, at=NOW, by=user)
    correct_result(held, at=NOW, by=user, reason="决定里写了姓名", withheld=True)
    Deliberation.objects.filter(pk=held.pk).update(decision="先画一条路")
    assert "霍明" not in page(client, held)
    publish_result(held, at=NOW, by=user)
    shown = page(client, held)
    assert "决定里写了姓名" in shown
    assert "The old words are not shown" in shown
    assert "霍明" not in shown
    assert held.amendments.get().before == {"decision": ["按霍明的意见办"]}


def test_nobody_is_named_whatever_their_part(client, held, user, committee, make_person, neighbourhood):
    """V6: chair, mediator, speaker, owner, participant and party could each leak; posts and counts stand there."""
    names = iter(("沈桂生", "柴勇", "马红", "尹素娟", "解文军", "小葛"))
    people = [make_person(age, name=next(names), nickname="阿宝") for age in (50, 51, 52, 53, 54, 13)]
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", name="第一党支部")
    for person in people[:5]:
        baker.make(PartyMember, neighbourhood=neighbourhood, person=person, branch=branch, show_party_identity=False)
        baker.make(Participant, deliberation=held, person=person, group="party_members")
    baker.make(CommitteePost, committee=committee, person=people[0], post="主任")
    held.type, held.agreement = "coordination", "黄线禁停"
    held.chair, held.recorder, held.mediator = people[:3]
    held.save()
    for person in people[3:5]:
        baker.make(Side, deliberation=held, name="车主", representative=person, has_signed=True)
    for person in people:
        baker.make(Opinion, deliberation=held, person=person, stance="support", text="好")
        baker.make(FollowUp, deliberation=held, task="办", owner=person, due_on=NOW.date())
    publish_result(held, at=NOW, by=user)

    shown = page(client, held)
    for person in people:
        assert person.name not in shown
    assert "阿宝" not in shown
    assert "主任" in shown
    assert 'Party members <span class="num">5</span>' in shown
    assert "a Party member" not in shown


def test_the_branches_that_discussed_it_are_named_and_their_meetings_stay_hidden(
    client, held, make_activity, neighbourhood
):
    """D1 (law) and the members' meeting behind it."""
    org = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="general_branch", name="党总支")
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", name="第一党支部")
    meeting = make_activity(
        model=Meeting, kind="meeting", type="branch_general_meeting", title="党员大会：发展对象", organisation=branch,
        visibility="organisation", starts_at=HELD - timedelta(days=9), open_to=[], record_state="signed", status="done",
    )  # fmt: skip
    held.led_by = org
    held.save()
    held.discussed_by.add(meeting)
    for name, state in (("第二党支部", {"status": "draft"}), ("第三党支部", {"record_state": "draft"})):
        body = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", name=name)
        values = {"record_state": "signed", "status": "done", "starts_at": HELD - timedelta(days=9)} | state
        held.discussed_by.add(
            make_activity(
                model=Meeting,
                kind="meeting",
                type="branch_general_meeting",
                title="不公开",
                organisation=body,
                **values,
            )
        )

    shown = page(client, held)
    assert "第一党支部" in shown
    for words in ("第二党支部", "第三党支部", "不公开"):  # T12
        assert words not in shown
    assert "Thursday 6 December 2018" in shown
    assert "发展对象" not in shown
    assert meeting.get_absolute_url() not in shown


@pytest.mark.parametrize("kind", ["hearing", "coordination"])
def test_a_result_costs_at_most_ten_queries_however_long(client, held, user, kind, django_assert_max_num_queries):
    held.type, held.agreement = kind, "黄线禁停"
    held.led_by = baker.make(PartyOrg, neighbourhood=held.neighbourhood, kind="general_branch")
    held.save()
    baker.make(Side, 2, deliberation=held, has_signed=True)
    for number in range(30):
        baker.make(Opinion, deliberation=held, stance="support", text=f"好 {number}")
        baker.make(FollowUp, deliberation=held, task="办", due_on=NOW.date())
    publish_result(held, at=NOW, by=user)
    with django_assert_max_num_queries(10):
        assert "好 29" in page(client, held)


# --- the list ---


@pytest.mark.parametrize("length", [1, 50])
def test_the_list_costs_the_same_at_any_length(client, records, make_deliberation, length, django_assert_num_queries):
    for number in range(length):
        made = make_deliberation(starts_at=HELD - timedelta(days=number), result_state="published", result_at=NOW)
        with opened():
            baker.make(FollowUp, 2, deliberation=made, due_on=date(2018, 12, 1))
    with django_assert_num_queries(4):  # the neighbourhood, the years, the pager's count, the rows with places
        response = client.get(records)
    assert len(response.context["records"]) == min(length, 20)


def titles(client, address) -> list[str]:
    return [one.title for one in client.get(address).context["records"]]


def test_the_list_is_narrowed_by_type_year_and_state(client, records, make_deliberation):
    make_deliberation(title="未来", type="appraisal", starts_at=NOW + timedelta(days=6))
    make_deliberation(title="待公布")
    make_deliberation(
        title="已公布",
        type="coordination",
        starts_at=HELD - timedelta(days=400),
        result_state="published",
        result_at=NOW,
    )
    make_deliberation(title="取消", status=Status.CANCELLED, starts_at=HELD - timedelta(days=1))
    assert titles(client, records) == ["未来", "待公布", "取消", "已公布"]
    assert titles(client, f"{records}?type=coordination") == ["已公布"]
    assert titles(client, f"{records}?year=2017") == ["已公布"]
    assert [titles(client, f"{records}?state={state}") for state in ("coming", "awaited", "published")] == [
        ["未来"], ["待公布"], ["已公布"],
    ]  # fmt: skip
    assert len(titles(client, f"{records}?type=x&year=x&state=x&page=x")) == 4
    assert "Nothing of this kind yet." in client.get(f"{records}?type=residents_assembly").content.decode()


def test_the_list_holds_no_draft_and_nothing_of_elsewhere(client, records, make_deliberation, elsewhere):
    make_deliberation(title="草稿", status=Status.DRAFT)
    make_deliberation(title="七百弄", neighbourhood=elsewhere, location=None, convener=None)
    assert "Nothing has been deliberated yet." in client.get(records).content.decode()
    assert titles(client, records) == []


def test_an_overdue_follow_up_is_flagged_in_the_list_once_it_is_public(client, records, make_deliberation):
    """D3."""
    for title, fields in (("公布", {"result_state": "published", "result_at": NOW}), ("未公布", {})):
        with opened():
            baker.make(FollowUp, deliberation=make_deliberation(title=title, **fields), due_on=date(2018, 12, 1))
    assert client.get(records).content.decode().count("Follow-up overdue") == 1


# --- elsewhere in the portal ---


def test_home_shows_the_latest_results_as_soon_as_they_come_and_go(
    client, held, make_deliberation, user, neighbourhood, django_capture_on_commit_callbacks
):
    home = reverse("people:home", args=[neighbourhood.slug])
    assert "Decided together" not in client.get(home).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        publish_result(held, at=NOW, by=user)
    make_deliberation(title="还没有结果")
    shown = client.get(home).content.decode()
    section = shown[shown.index("Decided together") :][:2500]
    assert held.title in section
    assert "还没有结果" not in section
    with django_capture_on_commit_callbacks(execute=True):
        correct_result(held, at=NOW, by=user, reason="票数抄错")
    assert "Decided together" not in client.get(home).content.decode()


def test_a_notice_about_it_links_to_it(client, held):
    article = baker.make(
        Article, neighbourhood=held.neighbourhood, title="结果公布", body="…", activity=held, published_at=HELD
    )
    assert f'href="{held.get_absolute_url()}"' in client.get(article.get_absolute_url()).content.decode()


def test_it_can_be_found_once_and_by_its_decision_only_when_that_is_out(held, user):
    Deliberation.objects.update(decision="先试彩虹小路")

    def documents():
        rebuild()
        return list(SearchDocument.objects.filter(path=held.get_absolute_url()))

    [document] = documents()
    assert "要不要画" in document.body
    assert "彩虹小路" not in document.body
    publish_result(held, at=NOW, by=user)
    [document] = documents()
    assert "彩虹小路" in document.body
    assert "怕滑" not in document.body  # opinions are read where their answers stand


def test_the_calendar_knows_its_kind():
    kind = kinds.get("deliberation")
    assert kind is not None
    assert (kind.group, kind.model) == ("deliberations", "community.Deliberation")
