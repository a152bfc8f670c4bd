"""No staff page falls over whatever stands in its address (DESIGN.md §3, Bad input)."""

from datetime import timedelta

import pytest
from django import forms
from django.contrib import admin
from django.forms.formsets import BaseFormSet
from django.urls import reverse
from model_bakery import baker

from tests.conftest import NOW
from tests.staff import client_of, grant, staff_user

pytestmark = pytest.mark.django_db

OURS = {"people", "activities", "community", "projects", "volunteers", "events"}
MODELS = sorted(
    f"{model._meta.app_label}_{model._meta.model_name}"
    for model in admin.site._registry
    if model._meta.app_label in OURS
)
ODD = ["\0", "x", "9" * 30, "9" * 5000, "1,2", ""]


@pytest.fixture
def everything(neighbourhood):
    """Someone with every role that has staff pages, so that every page is reached."""
    org = baker.make("people.PartyOrg", neighbourhood=neighbourhood, kind="branch")
    team = baker.make("people.Team", neighbourhood=neighbourhood)
    user = staff_user("committee_admin", neighbourhood)
    for role, scope in {
        "volunteer_coordinator": {},
        "party_admin": {},
        "system_admin": {},
        "branch_secretary": {"org": org},
        "team_leader": {"team": team},
    }.items():
        grant(user, role, neighbourhood, **scope)
    return client_of(user)


def fine(response) -> bool:
    return response.status_code in {200, 302, 400, 403, 404}


def admin_of(model: str):
    return next(
        registered
        for known, registered in admin.site._registry.items()
        if f"{known._meta.app_label}_{known._meta.model_name}" == model
    )


@pytest.mark.parametrize("model", MODELS)
def test_lists_take_any_parameter(everything, model):
    url = reverse(f"admin:{model}_changelist")
    names = ["q", "p", "o", "nonsense", "id__exact"]
    for item in admin_of(model).list_filter:
        if isinstance(item, str):
            names.append(f"{item}__exact")
        elif isinstance(item, type):
            names.append(item.parameter_name)
    for name in names:
        for value in ("\0", "9" * 30, "9" * 5000):
            assert fine(everything.get(url, {name: value})), (name, value)


@pytest.mark.parametrize("model", MODELS)
def test_addresses_take_any_id(everything, model):
    for value in ("x", "9" * 30, "%00"):
        for page in ("change", "history", "delete"):
            url = reverse(f"admin:{model}_{page}", args=["PK"]).replace("PK", value)
            assert fine(everything.get(url)), url


@pytest.mark.parametrize("model", [model for model in MODELS if admin_of(model).acts])
def test_acts_take_any_ids(everything, model):
    for name in [*(act.name for act in admin_of(model).acts), "x"]:
        url = reverse(f"admin:{model}_act", args=[name])
        for value in ODD:
            assert fine(everything.post(url, {"ids": value})), (name, value)


@pytest.mark.parametrize("model", MODELS)
def test_forms_take_anything_in_every_field(everything, model):
    url = reverse(f"admin:{model}_add")
    page = everything.get(url)
    if page.status_code != 200:
        return
    forms = [page.context["adminform"].form]
    prefixes = {}
    for wrapped in page.context["inline_admin_formsets"]:
        prefixes |= {f"{wrapped.formset.prefix}-TOTAL_FORMS": "1", f"{wrapped.formset.prefix}-INITIAL_FORMS": "0"}
        forms.append(wrapped.formset.empty_form)
    names = [form.add_prefix(name).replace("__prefix__", "0") for form in forms for name in form.fields]
    names += [f"{name}_{part}" for name in names for part in (0, 1)]
    for value in ("\0", "x", "9" * 30, "9" * 5000, ""):
        response = everything.post(url, {**dict.fromkeys(names, value), **prefixes})
        assert fine(response), value


@pytest.mark.parametrize("name", ["enter", "withdraw", "answer", "consent"])
def test_desk_pages_take_any_form(everything, activity, person, name):
    booking = baker.make("activities.Booking", activity_id=activity.pk, sequence=1, made_by=person, made_at=NOW)
    row = baker.make("activities.SignUp", activity_id=activity.pk, booking=booking, person=person, status="waiting")
    args = [activity.pk] if name == "enter" else [activity.pk, row.pk]
    url = reverse(f"admin:volunteers_shift_{name}", args=args)
    fields = [
        "people",
        "made_by",
        "channel",
        "note",
        "guardian",
        "sheet",
        "sheet_number",
        "companion",
        "who",
        "answer",
        "reason",
        "new_companion",
    ]
    for value in ODD:
        assert fine(everything.post(url, dict.fromkeys(fields, value))), value
    assert fine(everything.get(url))


def test_the_copy_of_anything_is_a_form(everything, make_activity):
    old = make_activity(starts_at=NOW - timedelta(days=400))
    for value in [*ODD, str(old.pk)]:
        assert everything.get(reverse("admin:volunteers_shift_add"), {"copy": value}).status_code == 200


def test_the_phone_list_takes_any_place(everything):
    for value in ODD:
        assert fine(everything.get(reverse("admin:people_message_phone_list"), {"place": value}))


HUGE = "1" + "0" * 30


@pytest.mark.parametrize("model", MODELS)
def test_no_page_builds_rows_that_were_not_sent(everything, model, monkeypatch):
    """S11: whatever number of rows a page claims to hold, only as many are built as somebody can have filled in."""
    url = reverse(f"admin:{model}_add")
    page = everything.get(url)
    if page.status_code != 200:
        return
    prefixes = [wrapped.formset.prefix for wrapped in page.context["inline_admin_formsets"]]
    built = []
    construct = BaseFormSet._construct_form
    monkeypatch.setattr(
        BaseFormSet, "_construct_form", lambda self, i, **more: built.append(i) or construct(self, i, **more)
    )
    for prefix in prefixes:
        for total, initial in ((HUGE, "0"), ("1999", "0"), ("0", HUGE), ("9" * 5000, "0"), ("-1", "0"), ("3", "-1")):
            rows = {f"{other}-{count}_FORMS": "0" for other in prefixes for count in ("TOTAL", "INITIAL")}
            rows |= {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": initial}
            built.clear()
            answer = everything.post(url, rows)
            assert answer.status_code == 200, (prefix, total, initial)
            assert len(built) <= 30, (prefix, total, initial)
            [formset] = [one.formset for one in answer.context["inline_admin_formsets"] if one.formset.prefix == prefix]
            # Django says only the last thing: an account without a role is refused for that.
            sentence = "submit at least 1" if prefix == "grants" else "Nothing is saved. Please load the page again."
            assert sentence in str(formset.non_form_errors()), (prefix, total, initial)
            assert str(formset.non_form_errors()) in answer.content.decode()


def test_the_page_of_many_photos_builds_only_its_own_rows(everything, neighbourhood):
    """S11."""
    photo = baker.make("people.Photo", neighbourhood=neighbourhood, alt="")
    url = reverse("admin:people_photo_describe")
    answer = everything.post(url, {"ids": photo.pk, "form-TOTAL_FORMS": HUGE, "form-INITIAL_FORMS": HUGE})
    assert answer.status_code == 200
    assert len(answer.context["formset"].forms) <= 1
    assert "Please load the page again." in answer.content.decode()


def test_a_formset_takes_all_rows_that_were_sent():
    """The limit is on what is claimed: a long list that somebody really sent is read whole."""
    rows = {f"form-{number}-word": "x" for number in range(400)} | {
        "form-TOTAL_FORMS": "403",
        "form-INITIAL_FORMS": "0",
    }
    formset = forms.formset_factory(type("Word", (forms.Form,), {"word": forms.CharField()}))(rows)
    assert formset.is_valid()
    assert len(formset.forms) == 403


@pytest.mark.parametrize("model", MODELS)
def test_actions_of_lists_take_any_ids(everything, model):
    url = reverse(f"admin:{model}_changelist")
    for name in {"x", *(act.name for act in admin_of(model).acts if act.many)}:
        for value in ("x", "\0", "9" * 30, "9" * 5000):
            answer = everything.post(url, {"action": name, "_selected_action": value, "index": "9" * 5000})
            assert fine(answer), (name, value[:40])
