"""Everything residents do here, by keyboard alone: no pointer touches the page (L7)."""

from playwright.sync_api import Locator, Page

from activities.models import SignUp
from people.models import Person
from tests.browser.conftest import code_for

FURTHEST = 80  # presses of Tab; more would be too far for anybody
FOCUS_SHOWS = """(element) => {
  const shown = (one) => one && (getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) >= 2);
  return shown(element) || shown(element.closest("label, .form-check, .pick, article, .card"));
}"""


def go_to(page: Page, target: Locator) -> None:
    """Press Tab until ``target`` has the focus; it must be reached, be seen and show that it is there."""
    target.wait_for()
    wanted = target.element_handle()
    for _ in range(FURTHEST):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement === wanted", wanted):
            assert wanted.evaluate(FOCUS_SHOWS), f"nobody sees that the focus is on {wanted.inner_html() or wanted}"
            return
    raise AssertionError(f"{page.url}: not reached by keyboard: {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    go_to(page, target)
    page.keyboard.press(key)


def write(page: Page, name: str, words: str) -> None:
    go_to(page, page.locator(f"main form [name={name}]"))
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def write_day(page: Page, name: str, year: str, month: str, day: str) -> None:
    """Browsers ask for the parts of a day in the order of their own language."""
    go_to(page, field := page.locator(f"main form [name={name}]"))
    page.keyboard.type(f"{month}{day}{year}")
    if field.input_value() != f"{year}-{month}-{day}":
        page.keyboard.press("Shift+Tab")
        go_to(page, field)
        page.keyboard.type(year)
        page.keyboard.press("ArrowRight")
        page.keyboard.type(f"{month}{day}")
    assert field.input_value() == f"{year}-{month}-{day}"
    page.keyboard.press("Escape")


def test_a_newcomer_does_everything_by_keyboard(open_page, make_activity, resident_text, guardian_text):
    """Come in, join, add a child, sign both up, change the settings, withdraw, sign out."""
    activity = make_activity(title="盖草帘", capacity=5)
    page = open_page(width=1280)
    page.goto(activity.get_absolute_url())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"  # the first thing is the way to the content
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    press(page, page.locator("main").get_by_role("link", name="Sign up").first)

    page.wait_for_url("**/join/**")
    write(page, "email", "new@example.org")
    press(page, page.get_by_role("button", name="Send me a code"))
    page.wait_for_url("**/code/**")
    write(page, "code", code_for("new@example.org"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/name/**")
    write(page, "name", "邰一帆")
    press(page, page.locator("[name=adult]"), "Space")
    press(page, page.locator("[name=agrees]"), "Space")
    press(page, page.get_by_role("button", name="Go on"))
    page.wait_for_url("**/sign-up/**")

    press(page, page.get_by_role("link", name="Add a child of mine"))
    page.wait_for_url("**/family/add/**")
    write(page, "name", "满满")
    write_day(page, "birth_date", "2010", "05", "21")
    write(page, "relation", "母亲")
    press(page, page.locator("[name=data]"), "Space")
    press(page, page.get_by_role("button", name="Add this child"))
    page.wait_for_url("**/sign-up/**")
    page.locator("form#sign-up").wait_for()
    for box in page.locator("form#sign-up [name=who]").all():
        if not box.is_checked():
            press(page, box, "Space")
    press(page, page.locator("form#sign-up button[type=submit]"))  # without the consent
    page.get_by_text("Please tick that you, as guardian, agree").first.wait_for()
    assert page.evaluate("document.activeElement.id") == "errors"  # what has to be mended
    press(page, page.locator("[name=consent]"), "Space")
    press(page, page.locator("form#sign-up button[type=submit]"))
    page.get_by_text("Done, you are signed up").wait_for()
    assert SignUp.objects.filter(status="confirmed").count() == 2

    press(page, page.get_by_role("navigation", name="Main navigation").get_by_role("link", name="Me", exact=True))
    page.wait_for_url("**/me/")
    press(page, page.locator("#settings").get_by_role("link", name="Choose your reminders"))
    page.wait_for_url("**/settings/")
    write(page, "nickname", "小帆")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/")
    assert Person.objects.get(email="new@example.org").nickname == "小帆"

    press(page, page.get_by_role("link", name="I cannot come after all"))
    page.wait_for_url("**/withdraw/**")
    for box in page.locator("main [type=checkbox][name=who]").all():
        if not box.is_checked():
            press(page, box, "Space")
    press(page, page.get_by_role("button", name="Withdraw"))
    page.locator(".messages").wait_for()
    assert not SignUp.objects.filter(status="confirmed").exists()

    press(page, page.locator(".tools .lp"))
    page.locator("html.large-print").wait_for()
    page.goto("/me/")
    press(page, page.locator("main").get_by_role("button", name="Sign out"))
    page.wait_for_url(lambda url: "/me/" not in url)
    page.goto("/me/")
    assert page.url.endswith("?next=/me/")  # asked to sign in
