"""What the portal is for, walked through in Chromium at 360 px: newcomer, reminder, withdrawal, promotion, offer, family."""

from datetime import timedelta

from activities.models import SignUp
from activities.operations import sign_ups
from people.models import Person
from portal import sweeps
from tests.browser.conftest import code_for, follow, link_in, look, mails_to, sign_in
from tests.conftest import NOW


def book(activity, person):
    return sign_ups.sign_up(activity, [person], made_by=person, at=NOW)


def test_a_newcomer_from_a_poster_is_signed_up_reminded_and_withdraws_from_the_mail(
    open_page, script, make_activity, resident_text, at_time
):
    activity = make_activity(title="元旦猜谜", capacity=5)
    page = open_page(script=script)
    page.goto(activity.get_absolute_url())
    look(page, script)
    follow(page.get_by_role("link", name="Sign up").first)
    look(page, script)
    page.get_by_label("E-mail", exact=False).fill("new@example.org")
    follow(page.get_by_role("button", name="Send me a code"))
    look(page, script)
    page.get_by_label("Code", exact=False).first.fill(code_for("new@example.org"))
    follow(page.get_by_role("button", name="Go on"))
    look(page, script)
    page.get_by_label("Your name", exact=False).fill("邰一帆")
    page.get_by_label("18", exact=False).check()
    page.get_by_label("may keep my name", exact=False).check()
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/sign-up/**")  # the wish was kept through the log-in
    look(page, script)
    page.locator("form#sign-up").get_by_role("button", name="Sign up").click()
    page.get_by_text("Done, you are signed up").wait_for()
    look(page, script)
    newcomer = Person.objects.get(email="new@example.org")
    assert SignUp.objects.get(person=newcomer).status == "confirmed"

    sweeps.run_all()
    assert [one.subject for one in mails_to("new@example.org")[1:]] == ["Signed up: 元旦猜谜, Sun 23 Dec"]
    at_time(NOW.replace(day=22, hour=17, minute=55))
    at_time(NOW.replace(day=22, hour=18))
    at_time(NOW.replace(day=22, hour=19))
    reminders = [one for one in mails_to("new@example.org") if one.subject.startswith("Reminder")]
    assert len(reminders) == 1

    fresh = open_page(script=script)  # another device, not signed in
    fresh.goto(link_in(reminders[0], "I cannot come after all"))
    assert SignUp.objects.get(person=newcomer).status == "confirmed"  # opening the link changed nothing
    look(fresh, script)
    fresh.get_by_role("button", name="Withdraw").click()
    fresh.wait_for_load_state()
    look(fresh, script)
    assert SignUp.objects.get(person=newcomer).status == "cancelled"


def test_the_next_in_the_queue_moves_up_and_near_the_start_is_asked(
    open_page, script, make_activity, make_person, at_time
):
    activity = make_activity(capacity=1, starts_at=NOW + timedelta(days=6), ends_at=NOW + timedelta(days=6, hours=2))
    first, second, third = (make_person(user=True) for _ in range(3))
    for person in (first, second, third):
        book(activity, person)
    sign_ups.withdraw(list(SignUp.objects.filter(person=first)), at=NOW, by=first)
    sweeps.run_all()
    assert SignUp.objects.get(person=second).status == "confirmed"
    assert any(one.subject.startswith("有您的名额了") for one in mails_to(second.email))

    near = NOW + timedelta(days=5, hours=1)
    at_time(near)
    sign_ups.withdraw(list(SignUp.objects.filter(person=second)), at=near, by=second)
    sweeps.run_all()
    assert SignUp.objects.get(person=third).status == "offered"
    page = open_page(script=script)
    page.goto(link_in(mails_to(third.email)[-1], "我来"))
    assert SignUp.objects.get(person=third).status == "offered"
    look(page, script)
    page.get_by_role("button", name="Take the seat").click()
    page.wait_for_load_state()
    look(page, script)
    assert SignUp.objects.get(person=third).status == "confirmed"


def test_a_guardian_adds_two_children_and_signs_them_up_in_one_booking(
    open_page, script, make_activity, make_person, guardian_text, resident_text
):
    activity = make_activity(capacity=5)
    mother = make_person(user=True, name="裴莉")
    page = open_page(script=script)
    sign_in(page, mother.email, back_to=activity.get_absolute_url())
    for name, born in (("满满", "2010-05-21"), ("团团", "2012-03-02")):
        page.goto(f"/me/family/add/?next={activity.get_sign_up_url()}")
        look(page, script)
        page.get_by_label("Name", exact=False).first.fill(name)
        page.locator("[name=birth_date]").fill(born)
        relation = page.locator("[name=relation]")
        relation.select_option(index=1) if relation.evaluate("e => e.tagName") == "SELECT" else relation.fill("母亲")
        page.locator("[name=data]").check()
        page.get_by_role("button", name="Add this child").click()
        page.wait_for_url("**/sign-up/**")
    look(page, script)
    who = page.locator("form#sign-up [name=who]")
    for index in range(who.count()):
        who.nth(index).check()

    button = page.locator("form#sign-up").get_by_role("button", name="Sign up")
    button.click()  # without the consent
    page.get_by_text("Please tick that you, as guardian, agree").first.wait_for()
    look(page, script)
    assert not SignUp.objects.exists()
    assert who.nth(1).is_checked()  # what was typed stays

    page.locator("[name=consent]").check()
    button.click()
    page.get_by_text("Done, you are signed up").wait_for()
    look(page, script)
    assert SignUp.objects.filter(status="confirmed").count() == 3
    assert SignUp.objects.values("booking").distinct().count() == 1


def test_a_signed_in_resident_needs_two_taps_from_home(open_page, script, make_activity, make_person):
    activity = make_activity(title="两步报名")
    person = make_person(user=True)
    page = open_page(script=script)
    sign_in(page, person.email, back_to=f"/{activity.neighbourhood.slug}/")
    look(page, script)
    page.get_by_role("link", name="两步报名").first.click()
    page.get_by_role("button", name="Sign up").first.click()
    page.get_by_text("Done, you are signed up").wait_for()
    assert SignUp.objects.get(person=person).status == "confirmed"


def test_a_wrong_and_an_expired_code_get_a_sentence(open_page, script, make_person):
    person = make_person(user=True)
    page = open_page(script=script)
    page.goto("/accounts/join/")
    page.get_by_label("E-mail", exact=False).fill(person.email)
    page.get_by_role("button", name="Send me a code").click()
    right = code_for(person.email)
    page.get_by_label("Code", exact=False).first.fill("000000" if right != "000000" else "111111")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_load_state()
    look(page, script)
    assert "/code/" in page.url
    page.get_by_label("Code", exact=False).first.fill(right)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/me/**")
    look(page, script)


def test_a_tampered_token_gets_a_sentence(open_page, script, neighbourhood):
    page = open_page(script=script)
    response = page.goto("/mail/withdraw/abc:def:ghi/")
    assert response.status < 500
    look(page, script)
    assert page.locator("main").inner_text().strip()
