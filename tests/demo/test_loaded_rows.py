"""What of the files is in the database: every section, as many rows as they tell, and the links between them."""

import itertools

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from activities.models import SEAT_HOLDING, Audience, Minors, SignUpStatus
from community.models import Absence, Deliberation, FollowUp, Meeting
from community.operations.deliberations import missing_in_result
from demo import coverage, loader
from demo.schema import FORMS
from demo.source import DemoRefused
from events.models import LearningEvent
from people.models import Channel, Consent, RoleGrant, User
from projects.models import Channel as FeedbackChannel
from projects.models import (
    Disposition,
    Governance,
    OralHistory,
    Project,
    ProjectArticle,
    ProjectRecord,
    ProjectStage,
    Season,
    SeasonPlan,
    Theme,
)
from projects.rules import gates
from tests.demo.conftest import PEOPLE
from tests.demo.days import PLANNED
from volunteers.models import Shift

pytestmark = pytest.mark.django_db


# What is there, and what is not


def test_every_section_of_every_file_is_loaded_or_named_for_later(files):
    of_files = {
        (file, name) for file, content in files.content.items() for name in content.keys() - {"schema_version", "kind"}
    }
    loaded = {(file, name) for file, sections in coverage.LOADED.items() for name in sections}
    later = {(file, name) for file, sections in coverage.LATER.items() for name in sections}

    assert loaded & later == set()
    assert loaded | later == of_files
    assert {(file, name) for file, sections in FORMS.items() for name in sections} == of_files


def test_the_report_names_what_is_loaded_and_what_waits(files):
    report = coverage.told(files.content)

    assert "242  community.Meeting" in report
    assert "  7  community.Deliberation" in report
    assert "hearings.yaml topics_2019 (4)" in report
    assert "issues.yaml reports (16)" in report
    assert "volunteers.ServiceRecord" in report


def test_as_many_rows_as_the_files_tell(files):
    def rows(file, *names):
        return sum(len(files.section(file, name)) for name in names)

    meetings = files.section("meetings_2018_ledger", "meetings") + files.section("garden", "monthly_meetings")
    consents = files.section("volunteers", "consents")
    listed_adults = [row for row in consents if row["person"] == row["given_by"]]
    adults = rows("people", *PEOPLE[:-1]) - len(listed_adults)
    projects = files.section("projects", "projects")
    bodies = [*files.section("organisations", "party"), *files.section("organisations", "owners_committees")]
    bodies.append(files.section("organisations", "residents_committee"))
    log = files.section("garden_duty_log", "entries")
    hearings = files.section("hearings", "deliberations")
    expected = {
        "people.Compound": rows("neighbourhood", "compounds"),
        "people.Building": rows("neighbourhood", "buildings"),
        "people.Location": rows("neighbourhood", "places"),
        "people.Superior": rows("organisations", "superiors"),
        "people.PartyOrg": rows("organisations", "party"),
        "people.PartyMember": rows("people", "party_members"),
        "people.Committee": 1 + rows("organisations", "owners_committees"),
        "people.CommitteePost": sum(len(body.get("committee", body.get("members", []))) for body in bodies),
        "people.PropertyCompany": rows("organisations", "property_companies"),
        "people.PartnerUnit": rows("organisations", "partner_units"),
        "people.DualRegistration": rows("organisations", "dual_registration"),
        "people.Team": rows("organisations", "teams"),
        "people.TeamMembership": len(files.section("garden", "team")["members"]),
        "people.Person": rows("people", *PEOPLE),
        "people.Guardianship": rows("people", "minors"),
        "people.Family": rows("people", "families"),
        "people.User": rows("people", "demo_accounts"),
        "people.RoleGrant": sum(row["account_role"] != "resident" for row in files.section("people", "demo_accounts")),
        "people.Consent": 3 * adults + sum(sum(row["scope"].values()) + ("self_consent" in row) for row in consents),
        "people.Photo": rows("content", "photos")
        + 2 * rows("manholes", "covers")
        + rows("wall", "drafts")
        + rows("wall", "panels")
        + rows("garden", "beds")
        + 1,  # and the plan
        "projects.PlanPicture": 1,
        "projects.Trail": 1,
        "projects.TrailPoint": files.section("manholes", "trail")["steps"],
        "projects.TrailWord": rows("manholes", "checkins"),
        "projects.Cover": rows("manholes", "covers"),
        "projects.CoverArtist": sum(len(row["artists"]) for row in files.section("manholes", "covers")),
        "projects.CoverInspection": rows("manholes", "inspections"),
        "projects.CoverRepaint": 1,  # told of in the note of mh06's inspection
        "projects.PiecePhoto": 2 * rows("manholes", "covers") + rows("wall", "panels") + rows("garden", "beds"),
        "people.PhotoPair": sum("pair" in row for row in files.section("content", "photos")),
        "projects.Project": len(projects),
        "projects.ProjectStage": sum(len(row["stages"]) + len(row.get("skipped", {})) for row in projects),
        "projects.Wall": 1,
        "projects.WallSurvey": rows("wall", "surveys"),
        "projects.WallStage": rows("wall", "stages"),
        "projects.WallPanel": rows("wall", "panels"),
        "projects.OralHistory": rows("wall", "oral_histories"),
        "projects.Bed": rows("garden", "beds"),
        "projects.Plant": rows("garden", "plants"),
        "projects.Planting": rows("garden", "plantings"),
        "projects.SeasonPlan": rows("garden", "seasonal_plans"),
        "projects.PlantCandidate": sum(
            len(row.get("candidates", [])) for row in files.section("garden", "seasonal_plans")
        ),
        "projects.Adoption": rows("garden", "adoptions"),
        "projects.ProjectRecord": 9,  # as test_one_can_walk_from_the_hearing_to_the_next_project spells out
        "projects.Work": rows("projects", "works"),
        "projects.Donation": 1,
        "projects.ActivityGovernance": 5,
        "projects.DesignDraft": rows("wall", "drafts"),
        "projects.DraftImage": rows("wall", "drafts"),
        "projects.FeedbackRound": rows("wall", "drafts"),
        "projects.Feedback": rows("wall", "feedback"),
        "events.Site": rows("learning", "sites"),
        "events.StudyCampaign": rows("taxonomy", "study_campaigns"),
        "events.LearningEvent": rows("learning", "events"),
        "community.Meeting": len(meetings),
        "community.Absence": sum(len(row.get("absent", [])) for row in meetings),
        "community.Deliberation": len(hearings),
        "community.Participant": sum(
            sum(map(len, row.get("groups", {}).values())) + len(row.get("observers", [])) + len(row.get("absent", []))
            for row in hearings
        ),
        "community.Side": sum(len(row.get("parties", [])) for row in hearings),
        "community.Opinion": sum(len(row.get("opinions", [])) for row in hearings),
        "community.Option": sum(len(row.get("options_voted", row.get("resolutions", []))) for row in hearings),
        "community.FollowUp": sum(len(row.get("follow_ups", [])) for row in hearings),
        "community.Article": rows("content", "notices", "media"),
        "volunteers.ServiceRecord": rows("service_records", "records") + sum(len(row["present"]) for row in log),
        "volunteers.ServiceCorrection": sum("correction" in row for row in files.section("service_records", "records")),
        "volunteers.Certificate": rows("volunteers", "certificates"),
        "volunteers.CertificateLine": sum(
            len(row.get("records", [])) for row in files.section("volunteers", "certificates")
        ),
        "volunteers.Interest": rows("volunteers", "next_time"),
        "volunteers.Rota": 1,
        "volunteers.Turn": sum(len(row["members"]) for row in files.section("garden", "duty")["weekly"]),
        # The daily one is its log, and what the rota plans for the eight weeks to come.
        "volunteers.Shift": rows("volunteers", "activities") - 1 + len(log) + PLANNED,
        "activities.SignUp": len(signed_up(files))
        + sum(len({*row["rostered"], *row["present"]}) for row in log)
        + PLANNED * 2,
        "activities.ActivityConsent": sum(
            len(row["given"]) for row in files.section("volunteers", "activity_consents")
        ),
    }
    found = coverage.counts()

    assert {label: found[label] for label in expected} == expected


def signed_up(files):
    """(activity, person), each once, of the bookings, the service records and the attendance lists."""
    pairs = {
        (row["activity"], one["person"]) for row in files.section("volunteers", "bookings") for one in row["people"]
    }
    pairs |= {(row["activity"], row["person"]) for row in files.section("service_records", "records")}
    for row in files.section("learning", "attendance"):
        for group in ("members", "residents", "external", "minors"):
            pairs |= {(row["event"], key) for key in row.get(group, [])}
    return pairs


def test_the_words_of_the_taxonomy_are_the_choices_of_the_code(files):
    def words(name):
        return {row["id"] for row in files.section("taxonomy", name)}

    assert words("themes") == set(Theme.values)
    assert words("governance_types") == set(Governance.values)
    assert words("education_types") == set(LearningEvent.Edu.values)
    assert words("learning_forms") == set(LearningEvent.Form.values)
    assert {word.replace("flower_", "") for word in words("meeting_types")} == set(Meeting.Type.values)
    assert [row["id"] for row in files.section("taxonomy", "project_stages")] == ProjectStage.Stage.values
    assert [row["id"] for row in files.section("taxonomy", "seasons")] == Season.values
    assert words("deliberation_types") == set(Deliberation.Type.values)
    assert words("feedback_channels") == set(FeedbackChannel.values)
    assert words("feedback_dispositions") == set(Disposition.values)
    assert words("absence_reasons") == set(Absence.Reason.values)
    assert words("minors_rules") == set(Minors.values)
    assert words("audiences") == set(Audience.values)
    assert words("consent_purposes") == set(Consent.Purpose.values)
    assert words("signup_channels") == set(Channel.values) - {Channel.ROSTER}
    assert words("signup_statuses") == set(SignUpStatus.values)
    assert {row["id"] for row in files.section("taxonomy", "signup_statuses") if row["holds_seat"]} == set(SEAT_HOLDING)


def test_a_second_load_is_refused(year):
    before = coverage.counts()

    with pytest.raises(DemoRefused, match="The database is not empty"):
        loader.load()

    assert coverage.counts() == before


def test_one_can_walk_from_the_hearing_to_the_next_project(year, files):
    """Issue 4: each step links to the next, the other way too."""
    held = {row["title"]: row["id"] for row in files.section("hearings", "deliberations")}
    records = [
        (row.project.slug, row.part, held[row.activity.title])
        for row in ProjectRecord.objects.select_related("project", "activity").order_by("project", "activity")
    ]
    assert records == [
        ("cover", "decided", "h01"),
        ("cover", "reviewed", "h02"),
        ("wall", "proposed", "h02"),
        ("wall", "decided", "h04"),
        ("wall", "discussed", "h03"),
        ("wall", "reviewed", "h06"),
        ("green", "decided", "h05"),
        ("green", "reviewed", "h06"),
        ("home", "decided", "h00"),
    ]


def test_from_the_hearing_to_next_springs_flowers_by_links(year, lane, client):
    """Issue 4: each page of the chain leads to the next one, as anybody sees it."""
    held = {one.title: one for one in Deliberation.objects.all()}
    project = {one.slug: one for one in Project.objects.all()}
    final = project["wall"].drafts.get(is_final=True)
    winter, spring = (SeasonPlan.objects.get(season=season) for season in ("winter", "spring"))
    chain = [
        held["主干道井盖彩绘听证会"],
        project["cover"],
        held["井盖彩绘项目评议会"],  # looked back on, and the next one proposed
        project["wall"],
        final,
        held["故事墙方案定稿听证会"],
        project["wall"],
        held["故事墙与墙下添绿评议会"],
        project["green"],
        winter,
        held["墙下添绿与非机动车停放协调会"],
        winter,
        project["green"],
        spring,
        spring.decided_by,
        spring,
    ]
    for here, there in itertools.pairwise(one.get_absolute_url() for one in chain):
        assert f'href="{there}"' in client.get(here).content.decode(), f"{here} does not lead to {there}"


def test_what_was_made_leads_on_and_back(year, lane, client):
    """Issue 4: also through the shifts, the pieces, the walk, the told stories and the news, down to the page of each."""
    project = {one.slug: one.get_absolute_url() for one in Project.objects.all()}
    base, cover, panel, bed = "/lane-600/", *(f"/lane-600/places/{code}/" for code in ("JG-01", "QH-01", "HT-1"))
    hearing = Deliberation.objects.get(title="主干道井盖彩绘听证会").get_absolute_url()
    painting = Shift.objects.filter(project__slug="cover", status="done").earliest("starts_at").get_absolute_url()
    article = ProjectArticle.objects.filter(project__slug="cover").latest("pk").article.get_absolute_url()
    told = OralHistory.objects.filter(state="published").latest("told_on").get_absolute_url()
    made, stories, flowers = f"{project['wall']}wall/", f"{base}stories/", f"{project['green']}flowers/"
    spring = SeasonPlan.objects.get(season="spring").get_absolute_url()
    first = f"{project['wall']}drafts/1/"
    chain = [
        base, f"{base}records/", hearing, project["cover"], painting, project["cover"], article, project["cover"], cover,
        f"{base}trails/cover/", cover, project["cover"], project["wall"], first, f"{project['wall']}drafts/4/", project["wall"],
        made, project["wall"], panel, stories, told, project["wall"], panel, bed, panel, bed, flowers, spring, bed,
        project["green"], base,
    ]  # fmt: skip
    missing = [
        (here, there)
        for here, there in itertools.pairwise(chain)
        if f'href="{there}"' not in client.get(here).content.decode()
    ]
    assert missing == []


def test_the_plastering_of_the_wall_is_for_adults_only(year):
    """P3: all steps of that stage are; painting is for families."""
    assert [stage.stage for stage in ProjectStage.objects.filter(adults_only=True)] == ["preparing"]
    strict = Shift.objects.filter(stage__adults_only=True)
    assert strict.exists()
    assert set(strict.values_list("minors", flat=True)) == {"no"}


def test_the_stages_of_the_files_hold(year):
    """P1: nothing is over that the world of the files does not bear out."""
    for project in Project.objects.all():
        stages = list(project.stages.order_by("order"))
        assert gates.unproven(stages, gates.world_of(project.pk)) == [], project
        begun = [stage for stage in stages if stage.start is not None and stage.stage == "recruiting"]
        assert [gates.missing_to_begin(one, gates.world_of(project.pk), on=one.start) for one in begun] == [""] * len(
            begun
        )


def test_results_of_deliberations_are_complete_by_the_rules_of_the_portal(year):
    """D2 to D4: what publishing would ask of each is there; and the figures are those of the files."""
    for deliberation in Deliberation.objects.all():
        assert missing_in_result(deliberation) == [], deliberation
    assert [one.satisfaction for one in Deliberation.objects.filter(type="appraisal").order_by("starts_at")] == [96, 94]
    overdue = FollowUp.objects.filter(done_on=None)
    assert sorted(one.due_on.isoformat() for one in overdue) == ["2019-01-10", "2019-04-15"]


# Accounts


def test_each_account_logs_in_by_its_password_and_staff_by_their_time_code(year):
    for account in year.accounts:
        user = User.objects.get(email=account.email)
        assert user.check_password(account.password)
        assert EmailAddress.objects.filter(user=user, email=user.email, verified=True, primary=True).exists()
        assert user.is_staff == bool(account.totp_secret)
        if account.totp_secret:
            counter = next(iter(yield_hotp_counters_from_time()))
            code = format_hotp_value(hotp_value(account.totp_secret, counter))
            assert Authenticator.objects.get(user=user, type="totp").wrap().validate_code(code)
            assert account.totp_secret in account.totp_address
    assert len({account.password for account in year.accounts}) == len(year.accounts) == 14


def test_each_role_has_the_scope_of_the_files(year):
    scopes = {
        grant.user.email.split("@")[0]: (grant.role, str(getattr(grant, RoleGrant.SCOPES.get(grant.role, ""), "")))
        for grant in RoleGrant.objects.select_related("user", "org", "team", "building", "committee", "unit")
    }

    assert scopes == {
        "p001": ("party_admin", ""),
        "p033": ("committee_admin", ""),
        "p002": ("branch_secretary", "第一党支部"),
        "s02": ("volunteer_coordinator", ""),
        "s03": ("editor", ""),
        "s04": ("issue_handler", ""),
        "s05": ("system_admin", ""),
        "p007": ("team_leader", "护花小队"),
        "r001": ("building_leader", "宝昌路600弄 1号"),
        "p012": ("owners_committee", "宝昌路600弄业主委员会"),
        "d08": ("partner_unit", "绿野园艺有限公司"),
    }
