"""Whatever an act of staff is refused, they read the sentence on the page, and what they typed is still there."""

import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse
from model_bakery import baker

from demo import loader
from people.admin.shared import Act, PortalAdmin
from people.models import Neighbourhood, PartyOrg, RoleGrant, Team, User
from projects.models import PlantCandidate, Planting, Project, ProjectStage
from tests.conftest import NOW
from tests.filling import Form, forms_of
from tests.refusing import everything_refuses
from tests.staff import client_of, grant, said
from tests.test_permissions import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NO = "This is refused, whatever you do."
TRIES = 30  # rows and choices
#: What a form asks for beyond what fits its fields.
BETTER = {
    "starts_at_0": "2019-01-08",
    "starts_at_1": "09:00",
    "ends_at_0": "2019-01-08",
    "ends_at_1": "11:00",
    "codes": "HT-1",
}
#: Acts that refuse nothing at all, and why.
NOTHING: dict[str, str] = {}


def acts() -> Iterator[tuple[str, PortalAdmin, Act]]:
    for model, pages in admin.site._registry.items():
        for act in getattr(pages, "acts", ()):
            yield f"{model._meta.label}.{act.name}", pages, act


def everybody(place: Neighbourhood) -> User:
    """Somebody with every role that has staff pages."""
    user = User.objects.create_user("all@example.org", is_staff=True)
    for role in ("committee_admin", "volunteer_coordinator", "party_admin", "system_admin", "editor"):
        grant(user, role, place)
    for body in PartyOrg.objects.filter(neighbourhood=place):
        grant(user, "branch_secretary", place, org=body)
    for body in Team.objects.filter(neighbourhood=place):
        grant(user, "team_leader", place, team=body)
    return user


def leave_something_to_do() -> None:
    """What the demo year has done already: a stage that has not begun, a plant that was chosen and is not in the ground."""
    begun = ProjectStage.objects.filter(project=Project.objects.order_by("pk")[0])
    begun.filter(pk=begun.order_by("-order")[0].pk).update(start=None, end=None, skipped=False)
    Planting.objects.update(plan=None)
    PlantCandidate.objects.update(chosen=True)
    proposer = User.objects.create_user("proposer@example.org", is_staff=True)
    baker.make(
        RoleGrant, user=User.objects.create_user("new@example.org", is_staff=True), role="committee_admin",
        neighbourhood=Neighbourhood.objects.get(), given_at=NOW, given_by=proposer, until=None, needs_yes=True,
    )  # fmt: skip


class Desk:
    """Tries an act on one row after the other, with one choice after the other, until something is refused."""

    def __init__(self, place: Neighbourhood) -> None:
        self.more = World(place)
        self.user = everybody(place)
        self.client: Client = client_of(self.user)
        self.last = "no row"
        self.lost: set[str] = set()

    def rows(self, pages: PortalAdmin, act: Act) -> list[Any]:
        """Of the demo year, those first that the act applies to; else one that is made."""
        request = RequestFactory().get("/admin/")
        request.user = self.user
        if not pages.get_queryset(request).exists():
            self.more.row(pages.opts.label_lower, "committee_admin")
        return sorted(pages.get_queryset(request)[:200], key=lambda row: not act.applies(row))[:40]

    def is_refused(self, pages: PortalAdmin, act: Act) -> bool:
        url = reverse(f"admin:{pages.opts.app_label}_{pages.opts.model_name}_act", args=[act.name])
        left = TRIES
        for row in self.rows(pages, act):
            page = self.client.get(url, {"ids": row.pk})
            if page.status_code != 200:
                continue
            form = filled(page)
            while left:
                left -= 1
                answer = self.press(url, form)
                if self.says_no(answer, form):
                    return True
                wrong = [name for name in errors_of(answer) if form.others.get(name)]
                if not wrong:
                    break
                for name in wrong:
                    form.fields[name] = [form.others[name].pop(0)]
        return False

    def press(self, url: str, form: Form) -> Any:
        with everything_refuses(NO, also_what_never_does=True):
            answer = self.client.post(url, form.fields)
            if answer.status_code == 200 and NO not in shown_by(answer) and not errors_of(answer):
                answer = self.client.post(url, answer.context["form"].data)  # what follows was read
        return answer

    def says_no(self, answer: Any, form: Form) -> bool:
        if NO not in shown_by(answer) and NO not in said(answer):
            self.last = f"{answer.status_code} {errors_of(answer)} {said(answer)}"
            return False
        self.lost = {name for name, words in form.typed.items() if html.escape(words) not in shown_by(answer)}
        return True


def shown_by(answer: Any) -> str:
    return answer.content.decode() if answer.status_code == 200 else ""


def errors_of(answer: Any) -> dict:
    form = answer.context["form"] if answer.context else None
    return dict(form.errors) if form is not None else {}


def filled(page: Any) -> Form:
    [form] = [one for one in forms_of(page.content.decode()) if "ids" in one.fields]
    asked = page.context["form"]
    for name, field in asked.fields.items() if asked is not None else ():
        if name not in form.fields and hasattr(field, "queryset"):  # a search box: no choice stands in the page
            form.fields[name] = [row.pk for row in field.queryset[:1]]
    for name in form.fields.keys() & BETTER.keys():
        form.fields[name] = [BETTER[name]]
        form.typed.pop(name, None)
    return form


def test_every_act_says_why_it_was_refused(caplog):
    caplog.set_level("CRITICAL", "django.request")  # rows that are out of reach are tried too
    loader.load()
    place = Neighbourhood.objects.get()
    leave_something_to_do()
    silent, lost, covered = {}, {}, set()
    desk = Desk(place)
    for name, pages, act in acts():
        desk.last, desk.lost = "no row", set()
        if desk.is_refused(pages, act):
            covered.add(name)
            if desk.lost:
                lost[name] = desk.lost
        elif name not in NOTHING:
            silent[name] = desk.last
    assert lost == {}
    assert silent == {}
    assert covered == {name for name, _pages, _act in acts()} - set(NOTHING)
    assert len(covered) > 90
