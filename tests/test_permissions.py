"""docs/permissions.md is the law: its table equals people.access.roles, and every cell is tried with real requests."""

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from model_bakery import baker

from activities.models import Activity, Booking
from people.access import roles
from people.models import RoleGrant
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db

WITHOUT_PAGES = {"building_leader", "owners_committee", "partner_unit"}


def read_table() -> tuple[list[str], dict[str, dict]]:
    """(roles, {object: {"pages": set, role: set of actions}})"""
    text = Path(__file__).parent.parent.joinpath("docs/permissions.md").read_text(encoding="utf-8")
    section = text.split("## Roles and objects", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip().strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    head = [cell.strip() for cell in lines[0]]
    rows = {}
    for line in lines[2:]:
        cells = [set(cell.split()) - {"–"} for cell in line]
        name = line[0].strip().strip("`")
        rows[name] = {"pages": cells[2], **dict(zip(head[3:], cells[3:], strict=True))}
    return head[3:], rows


ROLES, TABLE = read_table()
WITH_PAGES = {name: row["pages"] for name, row in TABLE.items() if row["pages"]}


def test_the_table_names_every_role_and_no_other():
    assert set(ROLES) | WITHOUT_PAGES == set(RoleGrant.Role.values)


@pytest.mark.parametrize("role", sorted(RoleGrant.Role.values))
def test_the_table_equals_what_the_roles_hold(role):
    written = {
        "{}.{}_{}".format(name.split(".")[0], action, name.split(".")[1])
        for name, row in TABLE.items()
        for action in row.get(role, ())
    }

    assert written == roles.permissions_of(role)


def test_every_page_of_the_portals_records_stands_in_the_table():
    ours = {app.label for app in apps.get_app_configs() if app.name in {name.split(".")[0] for name in TABLE}}
    registered = {model._meta.label_lower for model in admin.site._registry if model._meta.app_label in ours}

    assert registered == set(WITH_PAGES)


# --- a row of each object, in the staff member's scope ---


class World:
    """Rows of one neighbourhood; ``org`` and ``team`` are the scope of the branch secretary and the team leader."""

    def __init__(self, place) -> None:
        self.place = place
        self.org = baker.make("people.PartyOrg", neighbourhood=place, kind="branch", code="b1", name="一支部")
        self.team = baker.make("people.Team", neighbourhood=place, code="t1", name="护花小队")
        self.person = baker.make(
            "people.Person", neighbourhood=place, name="陆蕴芳", birth_year=1967, added_at=NOW, email="a@example.org"
        )
        self.location = baker.make("people.Location", neighbourhood=place, name="墙下花坛", kind="garden")

    def activity(self, model: str, role: str):
        party = role in {"party_admin", "branch_secretary"} or model == "community.Meeting"
        fields = {"organisation": self.org} if party and role != "team_leader" else {"team": self.team}
        return baker.make(
            model,
            neighbourhood=self.place,
            kind={
                "volunteers.Shift": "shift",
                "events.LearningEvent": "learning",
                "community.Deliberation": "deliberation",
            }.get(model, "meeting"),
            title="例会",
            starts_at=NOW.replace(day=24),
            ends_at=NOW.replace(day=24, hour=11),
            location=self.location,
            status="draft",
            open_to=[],
            **fields,
        )

    def row(self, name: str, role: str):
        """A row of ``name`` that ``role`` covers, if it covers any."""
        place, person = self.place, self.person
        match name:
            case "people.neighbourhood":
                return place
            case "people.partyorg":
                return self.org
            case "activities.arrivalslip":
                return baker.make(
                    name, activity=Activity.objects.get(pk=self.activity("volunteers.Shift", role).pk), written_at=NOW
                )
            case "people.team":
                return self.team
            case "people.person":
                return person
            case "people.location":
                return self.location
            case "people.user":
                return staff_user("editor", place, email=f"x{place.pk}@example.org")
            case "people.rolegrant":
                return staff_user("editor", place, email=f"y{place.pk}@example.org").grants.get()
            case "people.committeepost":
                committee = baker.make("people.Committee", neighbourhood=place, code="c9")
                body = {"committee": committee} if role == "committee_admin" else {"org": self.org}
                return baker.make("people.CommitteePost", person=person, post="书记", **body)
            case "people.partymember":
                return baker.make("people.PartyMember", neighbourhood=place, person=person, branch=self.org)
            case "people.teammembership":
                return baker.make("people.TeamMembership", team=self.team, person=person)
            case "people.guardianship":
                child = baker.make("people.Person", neighbourhood=place, name="小明", birth_year=2010, added_at=NOW)
                return baker.make("people.Guardianship", guardian=person, child=child, declared_at=NOW)
            case "people.householdadult":
                return baker.make("people.HouseholdAdult", added_by=person, name="爱人", added_at=NOW, ends_at=NOW)
            case "people.family":
                return baker.make("people.Family", neighbourhood=place)
            case "people.possibleduplicate":
                other = baker.make("people.Person", neighbourhood=place, name="陆蕴芳", added_at=NOW)
                return baker.make("people.PossibleDuplicate", person=other, other=person, noted_at=NOW)
            case "people.personmerge":
                other = baker.make("people.Person", neighbourhood=place, name="陆蕴芳", added_at=NOW)
                return baker.make("people.PersonMerge", neighbourhood=place, kept=person, dropped=other, merged_at=NOW)
            case "people.consent":
                text = baker.make(
                    "people.ConsentText", audience="resident", version=f"v{place.pk}", published_on=NOW.date()
                )
                return baker.make("people.Consent", person=person, given_by=person, text=text, given_at=NOW)
            case "people.dualregistration":
                unit = baker.make("people.PartnerUnit", neighbourhood=place, kind="school")
                return baker.make("people.DualRegistration", person=person, unit=unit, registered_on=NOW.date())
            case "people.message":
                if role in {"party_admin", "branch_secretary"}:
                    meeting = self.activity("community.Meeting", role)
                    return self.message(key=f"meeting:{meeting.pk}")
                return self.message()
            case "people.photo":
                file = baker.make("people.PrivateFile", neighbourhood=place, added_at=NOW, content_type="image/jpeg")
                return baker.make("people.Photo", neighbourhood=place, original=file, alt="花坛")
            case "people.accesslog":
                return baker.make("people.AccessLog", neighbourhood=place, person=person, opened_at=NOW)
            case "people.privatefile":
                return baker.make("people.PrivateFile", neighbourhood=place, added_at=NOW, purpose="document")
            case "activities.activity":
                return self.activity("volunteers.Shift", role)
            case "activities.circular":
                about = {"activity_id": self.activity("volunteers.Shift", role).pk}
                return baker.make("activities.Circular", neighbourhood=place, subject="带手套", sent_at=NOW, **about)
            case "activities.signup":
                activity = self.activity("volunteers.Shift", role)
                booking = Booking.objects.create(activity_id=activity.pk, sequence=1, made_by=person, made_at=NOW)
                return baker.make(
                    "activities.SignUp", activity_id=activity.pk, booking=booking, person=person, status="confirmed"
                )
            case "community.meeting" | "community.deliberation" | "volunteers.shift" | "events.learningevent":
                return self.activity(apps.get_model(name)._meta.label, role)
            case "community.article" | "projects.project":
                return (
                    baker.make(name, neighbourhood=place, title="花开了", body="…")
                    if "article" in name
                    else baker.make(name, neighbourhood=place, title="井盖彩绘", slug="covers")
                )
            case "projects.cover":
                project = baker.make("projects.Project", neighbourhood=place, title="井盖彩绘", slug="covers")
                return baker.make(name, neighbourhood=place, project=project, code="JG-01", kind="cover", owner="物业")
            case "projects.bed" | "projects.planting" | "projects.upkeepentry":
                return self.of_the_bed(name)
            case "projects.wallpanel":
                return baker.make(
                    name, neighbourhood=place, project=self.garden(), code="QH-01", fact_check="fictional"
                )
            case "projects.wall":
                return baker.make(name, neighbourhood=place, project=self.garden(), owner="业主")
            case "projects.wallstage":
                wall = baker.make("projects.Wall", neighbourhood=place, project=self.garden(), owner="业主")
                return baker.make(name, wall=wall, step="plaster")
            case "projects.oralhistory":
                return baker.make(name, neighbourhood=place, title="夏夜", told_on=NOW.date(), sent_at=NOW)
            case "projects.seasonplan":
                project = self.garden()
                return baker.make(
                    name, neighbourhood=place, project=project, team=self.team, season="spring", year=2019
                )
            case "projects.trailword":
                project = baker.make("projects.Project", neighbourhood=place, title="井盖彩绘", slug="words")
                piece = baker.make("projects.Piece", neighbourhood=place, project=project, code="JG-02", kind="cover")
                point = baker.make("projects.TrailPoint", trail__neighbourhood=place, trail__slug="w", piece=piece)
                return baker.make(name, point=point, name="老陶", words="好看", said_on=NOW.date())
            case "projects.activitygovernance":
                return baker.make(name, activity=self.activity("volunteers.Shift", role), tags=["co_governance"])
            case "projects.designdraft":
                return self.draft()
            case "projects.feedback":
                values = {"number": 1, "channel": "paper_box", "text": "画历史", "received_on": NOW.date()}
                return baker.make(name, draft=self.draft(published_at=NOW), entered_at=NOW, **values)
            case "people.building":
                compound = baker.make("people.Compound", neighbourhood=place, code="cc")
                return baker.make(name, neighbourhood=place, compound=compound, code="x9")
            case "volunteers.servicerecord":
                activity = self.activity("volunteers.Shift", role)
                return baker.make(
                    name, neighbourhood=place, person=person, activity_id=activity.pk, started_at=NOW, ended_at=None,
                    entered_at=NOW, source="sheet", state="pending",
                )  # fmt: skip
            case "volunteers.certificate":
                return baker.make(
                    name,
                    neighbourhood=place,
                    person=person,
                    asked_at=NOW,
                    since=NOW.date(),
                    until=NOW.date(),
                    state="requested",
                )
            case "volunteers.rota":
                return baker.make(
                    name, team=self.team, location=self.location, title="晨扫", begins_at="06:30", since=NOW.date()
                )
            case "events.site":
                return baker.make(name, name=f"纪念馆 {place.pk}")
            case "people.consenttext":
                return baker.make(name, audience="guardian", version=f"v{place.pk}", published_on=NOW.date())
        return baker.make(name, neighbourhood=place)

    def garden(self):
        return baker.make(
            "projects.Project", neighbourhood=self.place, title="墙下添绿", slug="green", lead_team=self.team
        )

    def of_the_bed(self, name: str):
        bed = baker.make(
            "projects.Bed",
            neighbourhood=self.place,
            project=self.garden(),
            code="HT-1",
            title="入口花坛",
            light="full_sun",
        )
        if name == "projects.bed":
            return bed
        if name == "projects.upkeepentry":
            return baker.make(name, bed=bed, done_on=NOW.date(), work="watered", added_at=NOW)
        plant = baker.make("projects.Plant", neighbourhood=self.place, name="石竹", kind="flower", light="full_sun")
        return baker.make(name, bed=bed, plant=plant, quantity=3, planted_on=NOW.date())

    def draft(self, **fields):
        project = baker.make("projects.Project", neighbourhood=self.place, title="故事墙", slug="wall")
        return baker.make("projects.DesignDraft", project=project, version=1, kind="first", summary="十幅画", **fields)

    def message(self, key: str = ""):
        message = baker.make(
            "people.Message",
            neighbourhood=self.place,
            recipient=self.person,
            channel="email",
            kind="reminder",
            state="failed",
            message_id=f"<{self.place.pk}@x>",
            queued_at=NOW,
            due_at=NOW,
        )
        if key:
            baker.make(
                "people.Occasion",
                message=message,
                recipient=self.person,
                subject_person=self.person,
                key=key,
                kind="reminder",
            )
        return message


def scope_of(role: str, world: World) -> dict:
    return {"branch_secretary": {"org": world.org}, "team_leader": {"team": world.team}}.get(role, {})


def url(name: str, page: str, *args) -> str:
    return reverse("admin:{}_{}".format(name.replace(".", "_"), page), args=args)


SHARED = {"events.site", "people.consenttext"}  # belong to no residential area


BY_ACTS_ONLY = {"people.possibleduplicate", "projects.trailword"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(WITH_PAGES))
def test_each_cell_holds_for_real_requests(role, name, neighbourhood, elsewhere):
    """List, form of a new row, page of a row in scope and of the same kind of row in another area."""
    world = World(neighbourhood)
    client = client_of(staff_user(role, neighbourhood, **scope_of(role, world)))
    may, pages = TABLE[name][role], WITH_PAGES[name]
    row = world.row(name, role)
    foreign = World(elsewhere).row(name, role)
    sees = bool(may & {"view", "change"})

    assert client.get(url(name, "changelist")).status_code == (200 if sees else 403)
    assert client.get(url(name, "add")).status_code == (200 if "add" in may & pages else 403)

    own = client.get(url(name, "change", row.pk))
    if not sees:
        assert own.status_code == 403
    elif name in {"activities.activity", "activities.signup"}:
        # These lead on to the page of the shift itself, for whoever may open it.
        assert own.status_code == 302 or not TABLE["volunteers.shift"][role]
    else:
        assert own.status_code == 200
        # Where no field can be written a button above the record stands for the change.
        may_save = (b'class="act' if name in BY_ACTS_ONLY else b'name="_save"') in own.content
        assert may_save == ("change" in may & pages)

    if name not in SHARED:
        theirs = client.get(url(name, "change", foreign.pk))
        history = client.get(url(name, "history", foreign.pk))
        assert theirs.status_code == (302 if sees else 403)
        assert history.status_code in {302, 403}
        if sees:
            assert theirs.headers["Location"] == reverse("admin:index")
            assert "doesn’t exist" in said(theirs)[0]

    gone = client.post(url(name, "delete", row.pk), {"post": "yes"})
    still_there = type(row)._default_manager.filter(pk=row.pk).exists()
    assert still_there == ("delete" not in may & pages), gone


@pytest.mark.parametrize("role", sorted(WITHOUT_PAGES))
def test_roles_without_staff_pages_find_no_record(role, neighbourhood):
    client = client_of(staff_user(role, neighbourhood))

    for name in sorted(WITH_PAGES):
        assert client.get(url(name, "changelist")).status_code == 403, name
