"""A walk at 360 px: from the tag's page to the stamp and its erasure."""

from model_bakery import baker

from projects.models import Project, TrailStamp
from tests.browser.addresses import on_the_plan
from tests.browser.conftest import axe, sign_in


def test_a_resident_stamps_and_takes_it_back(open_page, script, neighbourhood, make_person, resident_text):
    """S18; with and without JavaScript."""
    project = baker.make(Project, neighbourhood=neighbourhood, slug="cover", title="井盖彩绘", is_published=True)
    cover = on_the_plan(neighbourhood, project)
    walker = make_person(user=True)
    page = open_page(script=script)
    page.goto(cover.get_absolute_url())
    page.get_by_role("link", name="Stamp this place").click()
    page.get_by_role("link", name="Sign in and stamp").click()
    sign_in(page, walker.email, back_to=f"{cover.get_absolute_url()}stamp/")
    page.wait_for_url("**/stamp/")
    page.get_by_role("button", name="Stamp it").click()
    page.get_by_text("You have been here.").wait_for()
    if script:
        axe(page)
    page.get_by_role("link", name="Back to the walk").click()
    page.get_by_role("heading", name="My stamps").wait_for()
    if script:
        axe(page)
    page.get_by_role("link", name="井盖2").first.focus()  # a pin in the picture is a link like any other
    page.keyboard.press("Enter")
    page.wait_for_url("**/JG-02/")
    page.goto(f"/{neighbourhood.slug}/trails/lane/")
    page.get_by_role("button", name="Delete my stamps").click()
    page.get_by_text("Your stamps on this trail are deleted.").wait_for()
    assert not TrailStamp.objects.exists()
