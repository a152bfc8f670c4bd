"""The chain of a project on its page: decided, built, taken part in, looked back on, and what grew out of it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.models import Booking, SignUp
from community.models import Meeting
from people.models import Location, PartnerUnit, PartyMember, PartyOrg, PhotoPair, opened
from people.operations import photos
from portal.refusals import Refusal
from projects.models import ActivityGovernance, Donation, Project, ProjectRecord, Work
from projects.operations import drafts
from projects.pages import participation
from tests.community.conftest import committee, make_deliberation
from tests.conftest import NOW
from tests.projects.garden import team
from tests.staff import client_of, staff_user

__all__ = ["committee", "make_deliberation", "team"]  # fixtures
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def project(neighbourhood):
    return baker.make(Project, neighbourhood=neighbourhood, slug="covers", title="井盖彩绘", is_published=True)


@pytest.fixture
def decided(request, project):
    """A hearing with a public result that decided the project."""
    make = request.getfixturevalue("make_deliberation")
    held = make(title="听证会", decision="先画一条路", result_state="published", result_at=NOW)
    baker.make(ProjectRecord, project=project, activity=held, part="decided")
    return held


def page(client, project) -> str:
    response = client.get(project.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_the_project_leads_to_the_hearing_and_the_hearing_to_the_project(client, project, decided):
    shown = page(client, project)
    assert f'href="{decided.get_absolute_url()}"' in shown
    assert "先画一条路" in shown
    there = client.get(decided.get_absolute_url()).content.decode()
    assert f'href="{project.get_absolute_url()}"' in there
    assert "井盖彩绘: decided there" in there


def test_the_hearing_and_the_version_it_approved_lead_to_each_other(client, project, decided, picture):
    """DESIGN §1: one query on the hearing's page, whatever came of it."""
    draft = drafts.prepare(project, kind="first", summary="十二个井盖")
    drafts.add_image(draft, picture(), alt="草图")
    drafts.say_approved(draft, decided)
    assert "version 1" not in client.get(decided.get_absolute_url()).content.decode()  # nobody has seen it yet
    draft = drafts.publish(draft, at=NOW)

    assert "井盖彩绘, version 1: approved there" in client.get(decided.get_absolute_url()).content.decode()
    there = client.get(draft.get_absolute_url()).content.decode()
    assert f'Approved at <a href="{decided.get_absolute_url()}">听证会</a>' in there

    with opened():
        type(decided).objects.update(result_state="pending", result_at=None)  # taken back to be corrected
    assert "Approved at" not in client.get(draft.get_absolute_url()).content.decode()


def test_only_a_public_result_about_the_project_approves_a_version(project, decided, make_deliberation):
    draft = drafts.prepare(project, kind="first", summary="十二个井盖")
    other = make_deliberation(title="别的会", result_state="published", result_at=NOW)
    open_ = make_deliberation(title="没公布的会")
    baker.make(ProjectRecord, project=project, activity=open_, part="discussed")
    with pytest.raises(Refusal, match="not about this project. Add it to the project's deliberations first"):
        drafts.say_approved(draft, other)
    with pytest.raises(Refusal, match="“没公布的会” has no public result yet. Publish that first"):
        drafts.say_approved(draft, open_)
    draft.refresh_from_db()
    assert draft.approved_by is None


def test_staff_name_the_hearing_among_those_about_the_project(project, decided, make_deliberation, neighbourhood):
    make_deliberation(title="别的会", result_state="published", result_at=NOW)
    draft = baker.make("projects.DesignDraft", project=project, version=1, kind="first", published_at=NOW)
    desk = client_of(staff_user("committee_admin", neighbourhood))
    url = f"{reverse('admin:projects_designdraft_act', args=['approved'])}?ids={draft.pk}"
    page = desk.get(url).content.decode()
    assert "听证会</option>" in page
    assert "别的会" not in page
    desk.post(url, {"deliberation": decided.pk, "ids": draft.pk})
    draft.refresh_from_db()
    assert draft.approved_by == decided


def test_a_meeting_and_the_season_it_chose_for_lead_to_each_other(client, project, decided, make_activity, team):
    plan = baker.make(
        "projects.SeasonPlan", neighbourhood=project.neighbourhood, project=project, team=team, season="winter", year=2018,
        status="planted", decided_by=decided,
    )  # fmt: skip
    coming = make_activity(
        model=Meeting, kind="meeting", title="例会", type="team_meeting", team=team, visibility="public", open_to=[]
    )
    spring = baker.make(
        "projects.SeasonPlan", neighbourhood=project.neighbourhood, project=project, team=team, season="spring", year=2019,
        status="voting", decided_by=coming,
    )  # fmt: skip
    for activity, there, words in (
        (decided, plan, "Flowers for winter 2018: decided there"),
        (coming, spring, "Flowers for spring 2019: to be decided there"),
    ):
        page = client.get(activity.get_absolute_url()).content.decode()
        assert words in page
        assert f'href="{there.get_absolute_url()}"' in page
        assert f'href="{activity.get_absolute_url()}"' in client.get(there.get_absolute_url()).content.decode()
    type(spring).objects.update(status="collecting")  # still being written: the team's own
    assert "Flowers" not in client.get(coming.get_absolute_url()).content.decode()


def test_a_stage_leads_to_the_deliberation_at_which_it_happened(client, project, decided):
    baker.make("projects.ProjectStage", project=project, stage="deliberating", start=date(2018, 12, 15))
    assert f'href="{decided.get_absolute_url()}">Deliberated</a>' in page(client, project)


def test_an_unpublished_decision_and_a_hidden_meeting_stay_hidden(
    client, project, decided, make_activity, neighbourhood
):
    """D3 and the members' own records, which could both leak here."""
    with opened():
        type(decided).objects.update(result_state="pending", result_at=None)
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    meeting = make_activity(
        model=Meeting, kind="meeting", type="branch_general_meeting", title="党员大会", organisation=branch,
        visibility="organisation", open_to=[],
    )  # fmt: skip
    baker.make(ProjectRecord, project=project, activity=meeting, part="discussed")
    shown = page(client, project)
    assert "听证会" in shown
    for words in ("先画一条路", "党员大会", meeting.get_absolute_url()):
        assert words not in shown


def test_nothing_is_decided_before_the_result_is_public_or_the_day_has_come(
    client, project, decided, make_deliberation
):
    """T12: the page said "decided there" of a hearing a week away."""
    coming = make_deliberation(title="下周的听证会", starts_at=NOW + timedelta(days=7))
    baker.make(ProjectRecord, project=project, activity=coming, part="decided")
    assert "井盖彩绘: to be discussed there" in client.get(coming.get_absolute_url()).content.decode()
    assert page(client, project).count("decided there") == 1
    with opened():
        type(decided).objects.filter(pk=decided.pk).update(result_state="pending", result_at=None)
    assert "decided there" not in page(client, project)
    assert "井盖彩绘: discussed there" in client.get(decided.get_absolute_url()).content.decode()


def test_a_draft_is_not_named_on_the_projects_page_even_to_staff(project, decided, make_deliberation, neighbourhood):
    """T12: staff look at the public page to see what the public sees."""
    draft = make_deliberation(title="还没发的听证会", status="draft")
    baker.make(ProjectRecord, project=project, activity=draft, part="discussed")
    desk = client_of(staff_user("committee_admin", neighbourhood))
    assert desk.get(draft.get_absolute_url()).status_code == 200  # who shows it to them at all
    shown = page(desk, project)
    assert "听证会" in shown
    assert "还没发的听证会" not in shown


def test_a_hidden_project_is_not_named_on_the_deliberations_page(client, project, decided):
    Project.objects.update(is_published=False)
    assert "井盖彩绘" not in client.get(decided.get_absolute_url()).content.decode()


def test_the_review_tells_how_satisfied_people_are_and_leads_to_what_grew_out_of_it(
    client, project, make_deliberation, neighbourhood
):
    review = make_deliberation(
        type="appraisal", title="评议会", decision="评议通过", very_satisfied=17, satisfied=7, neutral=1, unsatisfied=0,
        result_state="published", result_at=NOW,
    )  # fmt: skip
    baker.make(ProjectRecord, project=project, activity=review, part="reviewed")
    wall = baker.make(
        Project, neighbourhood=neighbourhood, slug="wall", title="故事墙", is_published=True, derived_from=project
    )
    baker.make(Project, neighbourhood=neighbourhood, slug="x", title="还在想", is_published=False, derived_from=project)
    baker.make(ProjectRecord, project=wall, activity=review, part="proposed")

    shown = page(client, project)
    section = shown[shown.index('id="reviewed"') :]
    for words in ("96% are satisfied", "评议通过", f'href="{wall.get_absolute_url()}"'):
        assert words in section
    assert "还在想" not in shown
    assert review.get_absolute_url() in page(client, wall)


# --- works and money ---


def test_works_show_before_and_after_and_pictures_only_when_both_are_public(client, project, neighbourhood, make_photo):
    """S35, S39, V5."""
    before = make_photo("旧棚")
    after = make_photo("新棚", published=False)
    pair = baker.make(PhotoPair, neighbourhood=neighbourhood, before=before, after=after)
    place = baker.make(Location, neighbourhood=neighbourhood, name="车棚", kind="facility")
    baker.make(
        Work, project=project, title="车棚改造", before="拉线充电", after="24 个充电口", done_on=date(2018, 6, 20),
        place=place, pair=pair,
    )  # fmt: skip
    baker.make(Work, project=project, title="楼道灯", before="坏了 37 盏", after="")

    shown = page(client, project)
    for words in ("车棚改造", "拉线充电", "24 个充电口", "车棚", "坏了 37 盏", "Still open"):
        assert words in shown
    assert "旧棚" not in shown
    photos.publish(after)
    shown = page(client, project)
    assert shown.index('alt="旧棚"') < shown.index('alt="新棚"')


def test_donations_and_their_use_are_public_and_private_givers_unnamed(client, project, neighbourhood):
    """P6 (law), V6."""
    unit = baker.make(PartnerUnit, neighbourhood=neighbourhood, name="绿野园艺", kind="enterprise")
    type(project).objects.update(accounts_published_on=NOW.date())
    gift = {"project": project, "given_on": date(2018, 11, 10)}
    baker.make(Donation, **gift, unit=unit, what="花苗 580 株", used_for="墙下花坛")
    baker.make(Donation, **gift, what="现金", amount=200)
    shown = page(client, project)
    for words in ("绿野园艺", "花苗 580 株", "Used for: 墙下花坛", "a resident", "200.00 yuan"):
        assert words in shown


# --- who took part ---


def test_whoever_came_is_counted_once_by_group_and_nobody_named(
    client, project, make_activity, make_person, make_child, neighbourhood
):
    """S4, V6: of two shifts, a child twice, a member, one who did not come, and a shift of another project."""
    parent, member, away = (make_person(name=name) for name in ("郝志军", "沈桂生", "没来的"))
    child = make_child(parent, name="郝小宝")
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch")
    baker.make(PartyMember, neighbourhood=neighbourhood, person=member, branch=branch)
    other = baker.make(Project, neighbourhood=neighbourhood, slug="x")

    def came(shift, person, status="attended"):
        booking = Booking.objects.create(
            activity_id=shift.pk, sequence=shift.bookings.count() + 1, made_by=person, made_at=NOW
        )
        baker.make(SignUp, activity_id=shift.pk, booking=booking, person=person, status=status)

    for days in (9, 8):
        shift = make_activity(project=project, starts_at=NOW - days * DAY, status="done")
        came(shift, child)
    for person in (parent, member):
        came(shift, person)
    came(shift, away, "absent")
    came(make_activity(project=other, starts_at=NOW - 9 * DAY, status="done"), away)
    project.partner_units.add(baker.make(PartnerUnit, neighbourhood=neighbourhood, kind="school"))

    assert participation.counts(project) == {"children": 1, "adults": 2, "members": 1, "everybody": 3}
    shown = page(client, project)
    section = shown[shown.index('id="took-part"') :][:1200]
    for words in ('<b class="num">1</b>child', '<b class="num">2</b>adults', "of them a Party member", "partner unit"):
        assert words in section
    assert not [name for name in ("郝志军", "沈桂生", "郝小宝") if name in shown]


# --- the year by kinds of governance ---


def test_the_year_shows_projects_and_activities_of_each_kind(client, project, neighbourhood, make_activity, elsewhere):
    """S43: by the years of the stages and the day of the activity; nothing hidden, nothing of elsewhere."""
    project.governance = ["co_governance", "self_governance"]
    project.save()
    baker.make("projects.ProjectStage", project=project, stage="proposed", start=date(2017, 3, 1), end=date(2018, 2, 1))
    secret = baker.make(Project, neighbourhood=neighbourhood, slug="s", title="还在想", governance=["co_governance"])
    baker.make("projects.ProjectStage", project=secret, stage="proposed", start=date(2018, 3, 1))
    for title, fields in (
        ("法治讲座", {}),
        ("草稿", {"status": "draft"}),
        ("别处", {"neighbourhood": elsewhere, "location": None}),
    ):
        baker.make(ActivityGovernance, activity=make_activity(title=title, **fields), tags=["rule_of_law"])
    address = reverse("projects:governance", args=[neighbourhood.slug])

    def found(query=""):
        kinds = client.get(address + query).context["kinds"]
        return {kind.code: [entry.title for entry in kind.projects + kind.activities] for kind in kinds}

    nothing = {"self_governance": [], "co_governance": [], "rule_of_virtue": [], "rule_of_law": []}
    assert found() == nothing | {
        "self_governance": ["井盖彩绘"],
        "co_governance": ["井盖彩绘"],
        "rule_of_law": ["法治讲座"],
    }
    assert found("?year=2017") == nothing | {"self_governance": ["井盖彩绘"], "co_governance": ["井盖彩绘"]}
    assert found("?year=x") == found()


@pytest.mark.parametrize("length", [1, 50])
def test_the_year_costs_the_same_at_any_length(client, neighbourhood, make_activity, length, django_assert_num_queries):
    for number in range(length):
        made = baker.make(Project, neighbourhood=neighbourhood, slug=f"p{number}", is_published=True)
        baker.make("projects.ProjectStage", project=made, stage="proposed", start=date(2018, 3, 1))
        baker.make(ActivityGovernance, activity=make_activity(), tags=["rule_of_law"])
    with django_assert_num_queries(4):  # neighbourhood, projects, their stages, tagged activities
        client.get(reverse("projects:governance", args=[neighbourhood.slug]))


# --- staff ---


def test_staff_start_and_finish_a_stage_by_acts_and_read_why_not(project, neighbourhood):
    """P1, at the desk."""
    editor = client_of(staff_user("editor", neighbourhood))
    stages = {
        code: baker.make("projects.ProjectStage", project=project, stage=code, requires=requires)
        for code, requires in (("implementing", []), ("accepted", ["implementing"]))
    }

    def act(name, code, **data):
        url = reverse("admin:projects_project_act", args=[name])
        return editor.post(url, {"ids": project.pk, "stage": stages[code].pk, "on": "2018-12-20", **data}, follow=True)

    assert "“reviewed” waits for “carried out”, which is open." in act("start-stage", "accepted").content.decode()
    act("start-stage", "implementing")
    act("finish-stage", "implementing", note="三个半天")
    act("start-stage", "accepted")

    for stage in stages.values():
        stage.refresh_from_db()
    assert (stages["implementing"].end, stages["implementing"].note) == (NOW.date(), "三个半天")
    assert stages["accepted"].start == NOW.date()


def test_a_stage_of_another_project_cannot_be_chosen(project, neighbourhood, elsewhere):
    there = baker.make(Project, neighbourhood=elsewhere, slug="x")
    foreign = baker.make("projects.ProjectStage", project=there, stage="proposed")
    editor = client_of(staff_user("editor", neighbourhood))
    url = reverse("admin:projects_project_act", args=["start-stage"])
    shown = editor.post(url, {"ids": project.pk, "stage": foreign.pk, "on": "2018-12-20"})
    foreign.refresh_from_db()
    assert "This cannot be done to a stage as they stand now." in shown.content.decode()
    assert foreign.start is None
