"""Service, certificates, calls and neighbours on a phone and at the desk: axe on each page, before and after a refusal;
the certificate's code is read by a real reader and verified."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from model_bakery import baker
from playwright.sync_api import expect

from activities.models import SignUp
from activities.operations import sign_ups
from people.models import Consent
from tests.browser.conftest import axe, follow
from tests.browser.test_staff import settled
from tests.conftest import NOW
from tests.staff import grant
from volunteers.models import Certificate, ServiceRecord
from volunteers.operations import certificates

LOOKS = [("zh-hans", False, 360), ("en", True, 360), ("en", False, 1280)]


@pytest.fixture
def volunteer(make_person, make_activity, neighbourhood, resident_text):
    """Somebody with an hour and a half at a cover, confirmed, and one that waits."""
    person = make_person(user=True, name="尹素娟")
    baker.make(Consent, person=person, purpose="record", text=resident_text, given_by=person, given_at=NOW)
    project = baker.make(
        "projects.Project", neighbourhood=neighbourhood, slug="covers", title="井盖", is_published=True
    )
    here = {"neighbourhood": neighbourhood, "project": project, "is_published": True}
    cover = baker.make(
        "projects.Cover", code="JG-01", title="小鱼的来信", kind="cover", owner="物业", mark="雨", **here
    )
    for days, state in ((3, "confirmed"), (4, "pending")):
        start = NOW - timedelta(days=days)
        activity = make_activity(title="井盖补色", starts_at=start, status="done")
        record = baker.make(
            ServiceRecord, neighbourhood=neighbourhood, activity=activity, person=person, started_at=start,
            ended_at=start + timedelta(minutes=90), minutes=90, state=state, source="sheet", entered_at=start,
        )  # fmt: skip
        record.pieces.add(cover)
    return person


@pytest.fixture
def issued(volunteer, neighbourhood) -> Certificate:
    committee = baker.make(
        "people.Committee", neighbourhood=neighbourhood, name="居民委员会", can_issue_certificates=True
    )
    asked = certificates.ask(
        volunteer, by=volunteer, since=date(2018, 1, 1), until=NOW.date(), purpose="评选申报", at=NOW
    )
    office = baker.make("people.User", email="o@example.org")
    return certificates.issue(asked, issuer=committee, handler="陆蕴芳", responsible="支永康", by=office, at=NOW)


@pytest.mark.parametrize(("language", "large", "width"), LOOKS)
def test_what_i_did_and_the_certificate_of_it(
    own_page,
    volunteer,
    issued,
    read_codes,
    tmp_path: Path,
    language,
    large,
    width,
):
    page = own_page(volunteer.user, language=language, large=large, width=width)
    for path in ("/me/service/?star=1", "/me/next-time/", issued.get_absolute_url(), "/lane-600/places/JG-01/"):
        page.goto(path)
        axe(page)
    page.goto("/me/service/certificate/")
    axe(page)
    page.locator("[name=since]").fill("2018-12-20")
    page.locator("[name=until]").fill("2018-12-01")
    page.locator("main form button[type=submit]").last.click()
    page.locator("#errors").wait_for()
    axe(page)

    page.goto(issued.get_absolute_url())
    page.emulate_media(media="print")
    picture = tmp_path / "certificate.png"
    page.locator(".certificate").screenshot(path=picture)
    [address] = read_codes(picture)
    page.emulate_media(media="screen")
    page.goto(address)
    expect(page.get_by_text("尹**")).to_be_visible()
    axe(page)
    page.goto(f"/verify/{issued.code[:-1]}{'3' if issued.code[-1] != '3' else '4'}/")
    axe(page)
    certificates.void(issued, reason="写错了", at=NOW)
    page.goto(address)
    expect(page.locator(".notice")).to_be_visible()
    axe(page)


@pytest.mark.parametrize(("language", "large", "width"), LOOKS)
def test_a_leader_writes_a_neighbour_down_and_hands_over_the_slip(
    own_page,
    make_person,
    neighbourhood,
    activity,
    read_codes,
    live_server,
    tmp_path,
    language,
    large,
    width,
):
    compound = baker.make("people.Compound", neighbourhood=neighbourhood, name="600弄")
    building = baker.make("people.Building", neighbourhood=neighbourhood, compound=compound, name="1号")
    leader = make_person(user=True, name="陶永昌", building=building)
    grant(leader.user, "building_leader", neighbourhood, building=building)
    old = make_person(84, name="汤寿康", email="", told_by_building_leader=True, building=building)
    page = own_page(leader.user, language=language, large=large, width=width)
    page.goto("/lane-600/building/")
    axe(page)
    follow(page.get_by_role("link", name=activity.title))
    axe(page)
    page.locator("main form button[type=submit]").last.click()
    page.locator("#errors").wait_for()
    axe(page)
    page.locator("[name=who]").select_option(label="汤寿康")
    page.locator("[name=channel][value=in_person]").check()
    page.locator("[name=asked]").check()
    page.locator("main form button[type=submit]").last.click()
    page.locator(".slip").wait_for()
    axe(page)
    page.emulate_media(media="print")
    picture = tmp_path / "slip.png"
    page.locator(".slip").screenshot(path=picture)
    assert read_codes(picture) == [f"{live_server.url}{activity.get_absolute_url()}"]
    page.emulate_media(media="screen")
    page.goto("/lane-600/building/")
    axe(page)
    page.locator("button[name=told]").click()
    page.locator(".messages").wait_for()
    axe(page)
    assert SignUp.objects.get(person=old).booking.entered_by == leader.user


def test_a_sheet_is_typed_back_in_by_the_keyboard_alone(staff_page, make_activity, make_person, resident_text):
    shift = make_activity(starts_at=NOW + timedelta(hours=1), capacity=9)
    people = [make_person(name=name) for name in ("尹素娟", "霍明")]
    for person in people:
        baker.make(Consent, person=person, purpose="record", text=resident_text, given_by=person, given_at=NOW)
        sign_ups.sign_up(shift, [person], made_by=person, at=NOW)
    shift.starts_at, shift.ends_at, shift.status = NOW - timedelta(hours=3), NOW - timedelta(hours=1), "done"
    shift.save()
    page = staff_page("volunteer_coordinator", width=360)
    page.goto(reverse("activities:attendance", args=["lane-600", shift.pk]))
    axe(page)
    page.locator("main [type=radio]").first.focus()
    focused = "document.activeElement.name || document.activeElement.type"
    for _press in range(60):  # a browser's own time box takes several presses
        if page.evaluate(focused).endswith("mark"):
            page.keyboard.press("Space")
        elif page.evaluate(focused).endswith("break_minutes"):
            page.keyboard.type("10")
        elif page.evaluate(focused) == "submit":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".messages").wait_for()
    axe(page)
    assert sorted(ServiceRecord.objects.values_list("minutes", "state")) == [(110, "confirmed")] * 2


def test_staff_acts_on_rota_shifts_and_teams(staff_page, make_activity, neighbourhood, location, make_person):
    team = baker.make("people.Team", neighbourhood=neighbourhood, code="flower", name="护花小队")
    member = make_person(name="尹素娟")
    baker.make("people.TeamMembership", team=team, person=member, since=None, until=None)
    rota = baker.make(
        "volunteers.Rota", team=team, title="晨扫", location=location, begins_at="07:00", since=date(2018, 11, 18),
        until=None, weeks_ahead=1,
    )  # fmt: skip
    thin = make_activity(title="送汤圆", people_needed=5, team=team)
    baker.make("volunteers.Interest", person=make_person(), since=NOW)
    page = staff_page("team_leader", width=360, team=team)
    for name in ("promise", "leave", "end-turn", "off", "pieces", "plan"):
        page.goto(f"{reverse('admin:volunteers_rota_act', args=[name])}?ids={rota.pk}")
        axe(settled(page))
    for address in (
        reverse("admin:index"),
        f"{reverse('admin:volunteers_shift_changelist')}?hands=short",
        f"{reverse('admin:volunteers_shift_act', args=['call-for-help'])}?ids={thin.pk}",
        f"{reverse('admin:volunteers_shift_act', args=['pieces'])}?ids={thin.pk}",
    ):
        page.goto(address)
        axe(settled(page))
    page.goto(f"{reverse('admin:people_team_act', args=['write'])}?ids={team.pk}")
    page.get_by_label("Subject").fill("带手套")
    page.get_by_label("Text").fill("周日有霜。")
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("1 person will be told by e-mail.").wait_for()
    axe(settled(page))
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("On its way to 1 people").wait_for()
    page.goto(reverse("admin:activities_circular_changelist"))
    axe(settled(page))
