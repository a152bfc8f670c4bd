"""Staff at their desk in Chromium, axe after every step; the log-in with a time code is tried in tests/people."""

from decimal import Decimal

import pytest
from django.urls import reverse
from model_bakery import baker
from playwright.sync_api import Page, expect

from activities.models import Status
from activities.operations import sign_ups
from people.models import Message
from projects.models import Cover, Project
from tests.browser.addresses import on_the_plan
from tests.browser.conftest import axe, follow
from tests.conftest import NOW


def settled(page: Page) -> Page:
    page.wait_for_load_state("load")
    page.wait_for_timeout(150)  # Django's scripts draw their search boxes after the load event
    return page


def test_from_the_phone_call_to_the_phone_list(staff_page, activity, person, make_person):
    """Somebody rings up and is entered; the shift is called off; who has no e-mail stands on the phone list."""
    caller = make_person(name="阮国樑", email="", phone="10000000008")
    page = staff_page("volunteer_coordinator")
    page.goto(reverse("admin:index"))
    axe(settled(page))

    page.goto(reverse("admin:volunteers_shift_changelist"))
    axe(settled(page))
    follow(page.get_by_role("link", name=activity.title))
    axe(settled(page))
    follow(page.get_by_role("link", name="Enter a sign-up"))
    axe(settled(page))
    page.locator(".field-people .select2-selection").click()
    page.keyboard.type("阮国")
    page.get_by_role("option", name="阮国樑").click()
    page.get_by_label("To be kept in mind").fill("坐轮椅")
    page.get_by_role("button", name="Sign them up").click()
    page.get_by_text("Entered:").wait_for()

    axe(settled(page))
    expect(page.get_by_text("Entered: confirmed 1.")).to_be_visible()
    assert activity.sign_ups.get().person == caller

    follow(page.get_by_role("link", name="Cancel and tell everyone"))
    axe(settled(page))
    expect(page.get_by_text("1 person has no e-mail and will stand on the phone list.")).to_be_visible()
    page.get_by_label("Why").fill("大雪")
    page.get_by_role("button", name="Cancel and tell everyone").click()
    page.get_by_text("is cancelled;").wait_for()
    page.goto(reverse("admin:people_message_phone_list"))
    axe(settled(page))
    follow(page.locator("tr", has_text="阮国樑").locator("a.row-link").first)
    axe(settled(page))
    page.get_by_role("button", name="Told by phone").click()
    page.get_by_text("Noted as told.").wait_for()

    axe(settled(page))
    activity.refresh_from_db()
    assert activity.status == Status.CANCELLED
    expect(page.get_by_text("Noted as told.")).to_be_visible()
    assert page.url.split("?")[0].endswith(reverse("admin:people_message_phone_list"))
    assert Message.objects.filter(state="sent", channel="phone", handled_by__isnull=False).count() == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_records_are_clean_on_a_phone_and_a_desk(
    staff_page, neighbourhood, make_activity, person, make_child, width
):
    child = make_child(person, name="裴小满")
    shift = make_activity(minors="with_guardian")
    sign_ups.sign_up(shift, [person, child], made_by=person, at=NOW, channel="phone")
    project = baker.make("projects.Project", neighbourhood=neighbourhood, slug="wall", title="故事墙")
    baker.make("projects.ProjectStage", project=project, stage="proposed")
    page = staff_page("committee_admin", width=width)

    for address in (
        reverse("admin:index"),
        reverse("admin:volunteers_shift_add"),
        reverse("admin:volunteers_shift_change", args=[shift.pk]),
        reverse("admin:volunteers_shift_history", args=[shift.pk]),
        reverse("admin:volunteers_shift_enter", args=[shift.pk]),
        f"{reverse('admin:volunteers_shift_act', args=['move'])}?ids={shift.pk}",
        reverse("admin:people_person_change", args=[child.pk]),
        f"{reverse('admin:people_person_act', args=['consent'])}?ids={child.pk}",
        reverse("admin:people_guardianship_changelist"),
        reverse("admin:people_message_changelist"),
        reverse("admin:activities_signup_changelist"),
        reverse("admin:projects_project_change", args=[project.pk]),
        reverse("admin:people_photo_add"),
    ):
        page.goto(address)
        axe(settled(page))


def test_a_list_on_a_phone_stands_row_by_row(staff_page, neighbourhood, make_activity):
    """Nothing has to be pushed sideways, and each figure has its head beside it."""
    make_activity(title="一个很长很长的活动名称，在手机上也要读得完")
    page = staff_page("volunteer_coordinator", width=360)
    page.goto(reverse("admin:volunteers_shift_changelist"))
    settled(page)
    expect(page.locator("#result_list tbody td.field-places_taken")).to_have_attribute("data-label", "Seats")
    inner = page.locator("#changelist .results")
    assert inner.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
    axe(page)


def test_a_team_leader_enters_a_member_without_javascript(staff_page, neighbourhood, make_activity, make_person):
    team = baker.make("people.Team", neighbourhood=neighbourhood, name="护花小队", code="t1")
    member = make_person(name="凌金凤")
    baker.make("people.TeamMembership", team=team, person=member)
    shift = make_activity(team=team)
    page = staff_page("team_leader", width=360, script=False, team=team)

    page.goto(reverse("admin:volunteers_shift_enter", args=[shift.pk]))
    page.get_by_label("凌金凤").check()
    page.get_by_role("button", name="Sign them up").click()
    page.get_by_text("Entered:").wait_for()

    expect(page.get_by_text("Entered: confirmed 1.")).to_be_visible()
    assert shift.sign_ups.get().person == member


def test_staff_click_a_cover_onto_the_plan(staff_page, neighbourhood):
    """L5: without JavaScript."""
    project = baker.make(Project, neighbourhood=neighbourhood, slug="cover", title="井盖彩绘", is_published=True)
    cover = on_the_plan(neighbourhood, project)
    page = staff_page("committee_admin", script=False)
    page.goto(reverse("admin:projects_planpicture_pin", args=[neighbourhood.plan_picture.pk, "piece", cover.pk]))
    page.get_by_role("heading", name="Where is", level=1).wait_for()
    page.locator('input[type="image"]').click(position={"x": 251, "y": 126})
    page.get_by_text("is placed.").wait_for()
    placed = Cover.objects.get(pk=cover.pk)
    assert abs(placed.x - Decimal(25)) < 1
    assert abs(placed.y - Decimal(20)) < 1
