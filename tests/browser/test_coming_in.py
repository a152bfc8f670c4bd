"""Pages that a moment leads to and no list: behind the code, after a log-in that had ended, from mails, from a printed code."""

from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import expect

from activities.emails import cannot_come_url
from activities.operations import lifecycle
from activities.rules import spot_code
from people.emails import household_url
from people.operations import household
from tests.browser.addresses import path_of
from tests.browser.conftest import axe, code_for, sign_in
from tests.conftest import NOW


def test_pages_that_no_list_leads_to(open_page, neighbourhood, make_person, make_activity, resident_text):
    """One after the other, each looked at on a phone, and its way on tried."""
    mother = make_person(user=True, name="裴莉")
    partner = household.add_adult(mother, "龚磊", at=NOW)
    meeting = make_activity(title="听证", open_to=[], starts_at=NOW + timedelta(days=6))
    lifecycle.invite(meeting, mother, "participant")
    open_today = make_activity(title="今天", open_to=[], starts_at=NOW - timedelta(minutes=20))

    new = open_page()
    tell = reverse("projects:story-tell", args=[neighbourhood.slug])
    new.goto("/accounts/join/")
    new.get_by_label("E-mail", exact=False).fill("new@example.org")
    new.get_by_role("button", name="Send me a code").click()
    new.get_by_label("Code", exact=False).first.fill(code_for("new@example.org"))
    new.get_by_role("button", name="Go on").click()
    new.wait_for_url("**/join/name/")
    axe(new)
    new.get_by_role("button", name="Go on").click()
    expect(new.locator("#errors")).to_be_visible()
    axe(new)
    new.goto(path_of(household_url(partner)))
    axe(new)
    new.goto(path_of(cannot_come_url(meeting, mother, mother)))
    axe(new)
    new.get_by_role("button", name="I cannot come").click()
    axe(new)

    page = open_page()
    sign_in(page, mother.email)
    page.wait_for_url("**/me/**")
    page.goto(reverse("people:household-take-back", args=[partner.pk]))
    axe(page)
    page.goto(tell)
    page.get_by_label("What is it about?").fill("夏夜乘凉")
    page.get_by_label("The story").fill("一只西瓜切十二块。")
    page.context.clear_cookies(name="sessionid")  # the log-in has ended meanwhile
    page.get_by_role("button", name="Send").last.click()
    page.wait_for_url("**/join/**")
    page.get_by_label("E-mail", exact=False).fill(mother.email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code", exact=False).first.fill(code_for(mother.email))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/accounts/kept/")
    expect(page.get_by_text("一只西瓜切十二块。")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Throw it away").click()
    page.wait_for_url(f"**{tell}")

    here = reverse("activities:here-code", args=[neighbourhood.slug, open_today.pk, spot_code.word_of(open_today)])
    page.goto(here)
    axe(page)
