"""T16: two colleagues, or a colleague and the same page an hour later: nobody's words are undone unseen."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.urls import reverse
from model_bakery import baker

from community.models import Meeting
from people.forms.opened_values import Opened
from people.models import TeamMembership
from tests.conftest import NOW
from tests.staff import save_page, staff_user
from tests.test_admin_odd_input import everything  # noqa: F401  (a fixture)
from tests.test_permissions import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(neighbourhood):
    return World(neighbourhood)


class Keeps:
    """Stands in for a client: opens the page and keeps what "Save" would send."""

    def __init__(self, client) -> None:
        self.get = client.get

    def post(self, url, data) -> dict:
        return data


def sent_by(client, url) -> dict:
    return save_page(Keeps(client), url)


def change_url(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


#: Of each kind two fields of which each colleague writes one, and a value that is new.
KINDS = {
    "volunteers.shift": ("risks", "地上有冰", "bring", "手套"),
    "people.person": ("phone", "13800000001", "email", "new@example.org"),
    "community.meeting": ("title", "居民例会", "location_note", "二楼"),
    "community.deliberation": ("title", "议事会", "text", "谈楼道"),
    "events.learningevent": ("title", "学习会", "text", "读报"),
    "projects.project": ("title", "彩绘井盖", "tagline", "一句话"),
    "projects.designdraft": ("summary", "十二幅画", "designer", "张工"),
    "projects.seasonplan": ("note", "春色", "budget", "90"),
    "people.team": ("name", "护花二队", "founded_on", "2018-01-02"),
    "people.location": ("name", "墙下大花坛", "note", "弄堂口"),
}


def row_of(world, kind: str):
    row = world.row(kind, "committee_admin")
    if kind == "community.meeting":
        row.type = Meeting.Type.BRANCH_GENERAL
        row.save()
    return row


@pytest.mark.parametrize("kind", KINDS)
def test_two_colleagues_write_two_fields_and_both_stand(everything, world, kind):  # noqa: F811
    row = row_of(world, kind)
    first, mine, second, theirs = KINDS[kind]
    url = change_url(row)
    old_page = sent_by(everything, url)
    assert {first, second} <= old_page.keys() | everything.get(url).context["adminform"].form.fields.keys()

    answer = save_page(everything, url, **{first: mine})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    answer = everything.post(url, old_page | {second: theirs})

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = type(row).objects.get(pk=row.pk)
    assert [str(getattr(row, first)), str(getattr(row, second)).removesuffix(".00")] == [mine, theirs]


@pytest.mark.parametrize("kind", KINDS)
def test_of_one_field_both_values_come_back_and_once_more_is_knowingly(everything, world, kind):  # noqa: F811
    row = row_of(world, kind)
    first, mine = KINDS[kind][:2]
    url = change_url(row)
    old_page = sent_by(everything, url)
    assert save_page(everything, url, **{first: mine}).status_code == 302

    other = mine.replace("1", "2") if first == "phone" else mine + "又"
    answer = everything.post(url, old_page | {first: other})
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert list(form.errors) == [first]
    assert mine in str(form.errors[first])
    assert other in answer.content.decode()
    assert str(getattr(type(row).objects.get(pk=row.pk), first)) == mine

    answer = everything.post(url, old_page | {first: other, "opened": answer.context["opened"]})
    assert answer.status_code == 302
    assert str(getattr(type(row).objects.get(pk=row.pk), first)) == other


def test_who_changed_it_and_when_stands_beside_the_field(everything, world):  # noqa: F811
    url = change_url(world.location)
    old_page = sent_by(everything, url)
    save_page(everything, url, name="墙下大花坛")
    answer = everything.post(url, old_page | {"name": "墙上花坛"})
    [said] = answer.context["adminform"].form.errors["name"]
    assert "committee_admin-lane-600@example.org" in said
    html = answer.content.decode()
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_error"' in html


def test_both_writing_the_same_is_no_clash(everything, world):  # noqa: F811
    url = change_url(world.location)
    old_page = sent_by(everything, url)
    save_page(everything, url, name="墙下大花坛")
    assert everything.post(url, old_page | {"name": "墙下大花坛"}).status_code == 302


def test_start_and_end_clash_as_a_group(everything, world):  # noqa: F811
    """One moves the end, the other the start: together they would make hours that neither wanted."""
    shift = world.activity("volunteers.Shift", "committee_admin")
    url = change_url(shift)
    old_page = sent_by(everything, url)
    assert save_page(everything, url, ends_at_1="10:00:00").status_code == 302
    answer = everything.post(url, old_page | {"starts_at_1": "08:00:00"})
    assert list(answer.context["adminform"].form.errors) == ["ends_at"]
    shift.refresh_from_db()
    assert (shift.starts_at.hour, shift.ends_at.hour) == (1, 2)  # nine and ten in Shanghai
    answer = everything.post(url, old_page | {"starts_at_1": "08:00:00", "opened": answer.context["opened"]})
    assert answer.status_code == 302
    shift.refresh_from_db()
    assert (shift.starts_at.hour, shift.ends_at.hour) == (0, 3)  # as the writer's page had it, knowingly


def test_the_row_is_checked_as_it_will_stand(everything, world):  # noqa: F811
    """Each change is right by itself and the two together are not: whoever is later reads that."""
    plant = baker.make(
        "projects.Plant", neighbourhood=world.place, name="石竹", kind="flower", planting_months=[3], show_months=[5]
    )
    other = baker.make(
        "projects.Plant", neighbourhood=world.place, name="月季", kind="flower", planting_months=[3], show_months=[5]
    )
    url = change_url(plant)
    old_page = sent_by(everything, url)
    save_page(everything, url, name="石竹花")
    answer = everything.post(url, old_page | {"name": other.name})
    assert "name" in answer.context["adminform"].form.errors


def test_what_is_fixed_meanwhile_is_said_and_the_rest_is_kept(everything, world):  # noqa: F811
    shift = world.activity("volunteers.Shift", "committee_admin")
    url = change_url(shift)
    old_page = sent_by(everything, url)
    type(shift).objects.filter(pk=shift.pk).update(status="published")
    answer = everything.post(url, old_page | {"starts_at_1": "08:00:00", "bring": "手套"})
    form = answer.context["adminform"].form
    assert "can no longer be changed here" in str(form.errors["__all__"])
    assert everything.post(url, old_page | {"bring": "手套", "opened": answer.context["opened"]}).status_code == 302
    shift.refresh_from_db()
    assert (shift.bring, shift.starts_at.hour) == ("手套", 1)


@pytest.mark.parametrize("opened", ["forged", None])
def test_a_page_without_marks_is_asked_once_more(everything, world, opened):  # noqa: F811
    url = change_url(world.location)
    LogEntry.objects.create(
        user=staff_user("editor", world.place), content_type=ContentType.objects.get_for_model(world.location),
        object_id=world.location.pk, action_flag=2,
    )  # fmt: skip
    old_page = sent_by(everything, url) | {"name": "旧名", "opened": opened}
    answer = everything.post(url, {name: value for name, value in old_page.items() if value is not None})
    assert "“墙下花坛”" in str(answer.context["adminform"].form.errors["name"])
    answer = everything.post(url, old_page | {"opened": answer.context["opened"]})
    assert answer.status_code == 302


def test_the_marks_of_one_record_are_none_of_another(everything, world):  # noqa: F811
    other = baker.make("people.Location", neighbourhood=world.place, name="活动室", kind="room")
    marks = sent_by(everything, change_url(other))["opened"]
    about = f"people.location:{world.location.pk}"
    assert Opened.read(marks, about) is None
    assert Opened.read(sent_by(everything, change_url(world.location))["opened"], about) is not None
    assert "墙下花坛" not in signing.dumps(Opened.read(marks, f"people.location:{other.pk}").rows)


# --- rows below a record, and rows chosen ---


@pytest.fixture
def team(world, make_person):
    for name in ("甲", "乙"):
        member = make_person(name=name)
        baker.make(TeamMembership, team=world.team, person=member, since=NOW.date(), until=None)
    return world.team


def members(team) -> list[tuple[str, str]]:
    return [(row.person.name, str(row.since)) for row in team.memberships.order_by("person__name")]


def row_number(page: dict, name: str) -> int:
    return next(n for n in (0, 1) if TeamMembership.objects.get(pk=page[f"memberships-{n}-id"]).person.name == name)


def test_rows_keep_what_a_colleague_wrote_in_them(everything, team):  # noqa: F811
    url = change_url(team)
    old_page = sent_by(everything, url)
    first, second = (f"memberships-{row_number(old_page, name)}-since" for name in "乙甲")
    assert save_page(everything, url, **{first: "2018-02-03"}).status_code == 302
    assert everything.post(url, old_page | {second: "2018-04-05"}).status_code == 302
    assert members(team) == [("乙", "2018-02-03"), ("甲", "2018-04-05")]

    answer = everything.post(url, old_page | {first: "2018-06-07"})
    assert answer.status_code == 200
    [shown] = [one.formset for one in answer.context["inline_admin_formsets"] if one.formset.prefix == "memberships"]
    assert "Meanwhile changed to" in str(shown.errors)


def test_a_row_that_was_removed_does_not_come_back_by_itself(everything, team):  # noqa: F811
    url = change_url(team)
    old_page = sent_by(everything, url)
    team.memberships.get(person__name="甲").delete()
    assert everything.post(url, old_page | {"name": "护花二队"}).status_code == 302
    assert [name for name, _since in members(team)] == ["乙"]


def test_a_row_that_was_removed_while_somebody_wrote_in_it_is_said(everything, team):  # noqa: F811
    url = change_url(team)
    old_page = sent_by(everything, url)
    number = next(
        n for n in (0, 1) if TeamMembership.objects.get(pk=old_page[f"memberships-{n}-id"]).person.name == "甲"
    )
    team.memberships.get(person__name="甲").delete()
    answer = everything.post(url, old_page | {f"memberships-{number}-since": "2018-01-02"})
    assert answer.status_code == 200
    [shown] = [one.formset for one in answer.context["inline_admin_formsets"] if one.formset.prefix == "memberships"]
    assert "Somebody else has removed a row" in str(shown.non_form_errors())
    assert (shown.initial_form_count(), shown.forms[1]["since"].value()) == (1, "2018-01-02")


def test_of_two_who_choose_places_both_choices_stand(everything, world):  # noqa: F811
    project = world.row("projects.project", "committee_admin")
    first, second, third = (
        baker.make("people.Location", neighbourhood=world.place, name=name, kind="garden") for name in "甲乙丙"
    )
    project.places.add(first)
    url = change_url(project)
    old_page = sent_by(everything, url)
    assert save_page(everything, url, places=[first.pk, second.pk]).status_code == 302
    assert everything.post(url, old_page | {"places": [third.pk]}).status_code == 302
    assert set(project.places.all()) == {second, third}
