"""Whatever a form of the staff's pages is refused, they read the sentence on the page, and what they typed is still there.

Acts have a test of their own (test_acts_refused.py); here are the pages that an admin adds, and the plain forms.
"""

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from activities.models import SignUp
from activities.operations import sign_ups
from people.models import PartyOrg, Team
from projects.models import Cover, DesignDraft, Feedback, PlanPicture, Project
from tests.browser import addresses
from tests.conftest import NOW
from tests.filling import Form, forms_of
from tests.refusing import everything_refuses, our_code
from tests.staff import client_of, grant, said, staff_user

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NO = "This is refused, whatever you do."
STOCK = {"changelist", "add", "history", "delete", "change", "act", "simple_history"}
#: Pages that send nothing which could be refused.
NOTHING = {
    "phone_list": "a list to print; its buttons are acts",
    "next": "leads on",
    "export": "a file",
    "pins": "links",
    "several": "pictures are refused in their form, each by name; keeping them refuses nothing",
    "describe": "words of photos, stored as its form let them through",
}


def own_pages() -> set[tuple[str, str]]:
    """(label of the model, name of a page) of all that our admins add to Django's."""
    found = set()
    for model, pages in admin.site._registry.items():
        before = f"{model._meta.app_label}_{model._meta.model_name}_"
        names = {one.name.removeprefix(before) for one in pages.get_urls() if one.name}
        found |= {(model._meta.label, name) for name in names - STOCK}
    return found


@pytest.fixture
def lane(neighbourhood, make_activity, make_person, make_child, resident_text, photo_folders) -> addresses.Lane:
    return addresses.make_lane(neighbourhood, make_activity, make_person, make_child)


@pytest.fixture
def client(neighbourhood) -> Client:
    user = staff_user("committee_admin", neighbourhood)
    for role in ("volunteer_coordinator", "party_admin", "system_admin", "editor"):
        grant(user, role, neighbourhood)
    for body in PartyOrg.objects.filter(neighbourhood=neighbourhood):
        grant(user, "branch_secretary", neighbourhood, org=body)
    for body in Team.objects.filter(neighbourhood=neighbourhood):
        grant(user, "team_leader", neighbourhood, team=body)
    return client_of(user)


def press(client: Client, url: str, fields: dict[str, list]) -> tuple[Any, list[str]]:
    with everything_refuses(NO) as met:
        return client.post(url, fields), met


def says_no(answer: Any, typed: dict[str, str]) -> str:
    """What is wrong with the answer to something refused, or ""."""
    shown = answer.content.decode() if answer.status_code == 200 else ""
    if NO not in shown and NO not in said(answer):
        return f"{answer.status_code} says nothing: {said(answer)}"
    lost = [name for name, words in typed.items() if words and html.escape(words) not in shown]
    return f"lost {lost}" if lost else ""


# --- pages of our own ---


def of_the_activity(name: str) -> Callable[[addresses.Lane], tuple[str, dict[str, list]]]:
    """A page about the child's sign-up for the first activity, or to enter another."""

    def page(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
        row = SignUp.objects.get(activity=lane.first, person=lane.child)
        args = [lane.first.pk] if name == "enter" else [lane.first.pk, row.pk]
        return reverse(f"admin:volunteers_shift_{name}", args=args), {
            "enter": {"people": [lane.make_person(name="戴阿婆").pk], "channel": ["phone"]},
            "withdraw": {"who": [row.pk]},
            "consent": {"what": ["take_back"], "guardian": [lane.mother.pk]},
        }[name]

    return page


def an_offer(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
    one, two = lane.make_person(), lane.make_person()
    activity = lane.make_activity(title="排队", capacity=1, promotion="offer")
    sign_ups.sign_up(activity, [one], made_by=one, at=NOW)
    offered = sign_ups.sign_up(activity, [two], made_by=two, at=NOW).sign_ups.get()
    sign_ups.withdraw(list(activity.sign_ups.filter(person=one)), at=NOW, by=one)
    return reverse("admin:volunteers_shift_answer", args=[activity.pk, offered.pk]), {"who": [offered.pk]}


def a_round(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
    Cover.objects.update(consent_on=NOW.date(), consent_by="物业", painted_on=NOW.date())
    looked_at = {f"c{cover.pk}": ["good"] for cover in Cover.objects.all()}
    return reverse("admin:projects_cover_round"), {"on": ["2018-12-19"]} | looked_at


def published_version() -> DesignDraft:
    """With a round that has been open for two days."""
    wall, since = Project.objects.get(slug="wall"), NOW - timedelta(days=2)
    draft = baker.make(DesignDraft, project=wall, version=8, summary="冷色", published_at=since)
    baker.make("projects.FeedbackRound", draft=draft, opens_on=since.date(), closes_on=NOW.date() + timedelta(days=9))
    return draft


def a_pasted_list(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
    return reverse("admin:projects_designdraft_paste", args=[published_version().pk]), {"text": ["颜色再暖一点"]}


def a_pin(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
    plan, cover = PlanPicture.objects.get(), Cover.objects.order_by("pk")[0]
    return reverse("admin:projects_planpicture_pin", args=[plan.pk, "piece", cover.pk]), {"numbers": ["1"]}


#: Address of each page, and what it is sent beside what fits its fields.
PAGES = {
    **{name: of_the_activity(name) for name in ("enter", "withdraw", "consent")},
    "answer": an_offer,
    "round": a_round,
    "paste": a_pasted_list,
    "pin": a_pin,
}


def test_every_page_that_an_admin_adds_is_known():
    """A new one meets a refusal below, or is listed with the reason why it has none."""
    assert {name for _model, name in own_pages()} == {*PAGES, *NOTHING}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_staff_says_why_it_was_refused(name, lane, client):
    for part in addresses.PUBLIC:
        list(part(lane))  # makes the rows
    url, data = PAGES[name](lane)
    fields, typed = filled(client.get(url), data)

    answer, met = press(client, url, fields)
    if not met and answer.status_code == 200:  # what was understood is read before it is written
        fields, typed = filled(answer, data)
        answer, met = press(client, url, fields)

    assert met, (answer.status_code, answer.context and answer.context["form"].errors)
    assert says_no(answer, typed) == ""


def filled(page: Any, data: dict[str, list]) -> tuple[dict[str, list], dict[str, str]]:
    """What the page's own form is sent, and of that what somebody wrote in words."""
    assert page.status_code == 200
    form = max(forms_of(page.content.decode()), key=lambda one: len(one.fields))
    assert isinstance(form, Form)
    return form.fields | data, {
        name: words for name, words in form.typed.items() if name not in data and not name.startswith("images-")
    }


# --- the plain forms ---


def a_new_version(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
    return reverse("admin:projects_designdraft_add"), {"project": [Project.objects.get(slug="wall").pk]} | NO_IMAGES


def a_version(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
    draft = baker.make(
        DesignDraft, project=Project.objects.get(slug="wall"), version=9, summary="冷色", kind="revision"
    )
    return reverse("admin:projects_designdraft_change", args=[draft.pk]), {"summary": ["暖色"]} | NO_IMAGES


def new_feedback(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
    return reverse("admin:projects_feedback_add"), {
        "draft": [published_version().pk],
        "received_on": ["2018-12-19"],
        "part": [""],
        "quote": [""],
        "person": [],
    }


def feedback(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
    item = baker.make(
        Feedback, draft=published_version(), number=99, text="高一点", channel="paper_box", received_on=NOW.date()
    )
    url = reverse("admin:projects_feedback_change", args=[item.pk])
    return url, {"disposition": ["not_adopted"], "in_version": []}


def a_new_role(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
    return reverse("admin:people_rolegrant_add"), {
        "user": [lane.mother.user_id],
        "role": ["editor"],
        "until_0": [""],
        "until_1": [""],
    } | {name: [""] for name in ("org", "team", "building", "committee", "unit")}


def a_new_photo(lane: addresses.Lane) -> tuple[str, dict[str, list]]:
    return reverse("admin:people_photo_add"), {"people": []}


NO_IMAGES = {"images-TOTAL_FORMS": ["0"], "images-INITIAL_FORMS": ["0"], "author": []}
FORMS = {
    ("RoleGrantAdmin", "people.operations.role_grants.give"): a_new_role,
    ("PhotoAdmin", "people.operations.photos.keep_picture"): a_new_photo,
    ("DesignDraftAdmin", "projects.operations.drafts.prepare"): a_new_version,
    ("DesignDraftAdmin", "projects.operations.drafts.change"): a_version,
    ("FeedbackAdmin", "projects.operations.feedback.give_many"): new_feedback,
    ("FeedbackAdmin", "projects.operations.feedback.answer"): feedback,
}


def test_each_form_that_calls_what_may_refuse_is_known():
    """What is refused while the inlines are saved comes to the same place (PortalAdmin.changeform_view)."""
    code = our_code()
    found = {
        (name.split(".")[-2], node.called)
        for name, function in code.functions.items()
        if name.endswith(".save_model") and name.split(".")[1] == "admin"
        for node in function.nodes
        if node.called in code.refusing and node.called.split(".")[1] == "operations" and not node.is_caught
    }
    assert found == set(FORMS)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[1])
def test_a_form_of_staff_says_why_it_was_refused(form, lane, client):
    for part in addresses.PUBLIC:
        list(part(lane))  # makes the rows
    url, data = FORMS[form](lane)
    fields, typed = filled(client.get(url), data)

    answer, met = press(client, url, fields)

    assert met == [form[1]], answer.context and answer.context["errors"]
    assert says_no(answer, typed) == ""
