"""Two parents and one child in Chromium: the second guardian invited and let in, a new time agreed to, two records joined."""

from datetime import timedelta

from django.urls import reverse

from activities.models import SignUp
from activities.operations import lifecycle, sign_ups
from people.models import Guardianship, PersonMerge
from people.operations import duplicates
from portal import sweeps
from tests.browser.conftest import axe, follow, link_in, look, mails_to
from tests.conftest import NOW


def test_the_other_parent_is_invited_let_in_and_agrees_to_the_new_time(
    own_page, open_page, script, make_activity, make_person, make_child, settings, tmp_path
):
    mother, father = (make_person(user=True, name=name, language="en") for name in ("裴莉", "龚磊"))
    child = make_child(mother, name="满满")
    activity = make_activity(capacity=5)
    sign_ups.sign_up(activity, [mother, child], made_by=mother, at=NOW, guardian_consents=True)

    hers, his = (own_page(one.user, script=script) for one in (mother, father))
    hers.goto(f"/me/family/{child.pk}/")
    follow(hers.get_by_role("link", name="Guardians of 满满"))
    look(hers, script)
    hers.get_by_role("button", name="Make a link").click()
    hers.get_by_text("Please send this link").wait_for()
    look(hers, script)
    his.goto(hers.get_by_label("Link for the other guardian").input_value())
    look(his, script)
    his.get_by_role("button", name="I am a guardian of this child").click()
    his.get_by_text("Please say what you are to the child").wait_for()
    look(his, script)
    his.get_by_label("You are the child's").fill("父亲")
    his.get_by_role("button", name="I am a guardian of this child").click()
    his.get_by_text("decides next").wait_for()
    look(his, script)

    sweeps.run_all()
    hers.goto(link_in(mails_to(mother.email)[-1], "Read and decide"))
    look(hers, script)
    hers.get_by_role("button", name="Yes, this is a guardian").click()
    hers.get_by_text("is now a guardian").wait_for()
    look(hers, script)
    assert Guardianship.objects.filter(guardian=father, ended_at=None).exists()

    later = timedelta(days=1)
    times = {"starts_at": activity.starts_at + later, "ends_at": activity.ends_at + later}
    clerk = make_person(user=True).user
    lifecycle.move(activity, at=NOW, by=clerk, location=activity.location, **times)
    sweeps.run_all()
    stranger = open_page(script=script)  # another device, not signed in
    stranger.goto(link_in(mails_to(father.email)[-1], "Read and decide"))
    look(stranger, script)
    stranger.get_by_role("button", name="I agree").click()
    stranger.wait_for_load_state()
    look(stranger, script)
    assert SignUp.objects.get(person=child).status == "confirmed"


def test_staff_compare_and_join_two_records(staff_page, make_person, make_child):
    born = NOW.date() - timedelta(days=3700)
    children = [make_child(make_person(name=name), name="满满", birth_date=born) for name in ("裴莉", "龚磊")]
    duplicates.note(children[1])
    page = staff_page("committee_admin")
    page.goto(reverse("admin:index"))
    page.locator("a", has_text="满满").first.click()
    page.get_by_role("cell", name="龚磊").wait_for()
    axe(page)
    page.get_by_role("link", name="One person: join the records").click()
    page.get_by_label("Why these are one person").fill("父母各加了一次")
    page.get_by_label("Which paper you have seen").fill("户口簿")
    axe(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Press once more").wait_for()
    axe(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Joined. It can be undone").wait_for()
    assert PersonMerge.objects.get().kept in children
    page.goto(reverse("admin:people_personmerge_changelist"))
    axe(page)
