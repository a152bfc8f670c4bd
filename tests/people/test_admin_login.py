"""The staff pages ask for a second factor and show only one's own neighbourhoods (L3, DESIGN.md Access)."""

import re
import time
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.urls import path, reverse
from model_bakery import baker

from config.admin_site import PortalAdminSite
from people.admin.scope import ScopedAdmin, ScopedInline, neighbourhoods_of, paths_of
from people.models import (
    Building,
    Compound,
    ConsentText,
    Location,
    Neighbourhood,
    PartyOrg,
    RoleGrant,
    Team,
    TeamMembership,
    User,
)
from portal import clock
from tests.people.test_log_in import totp_code

pytestmark = pytest.mark.django_db

SITE = PortalAdminSite(name="scoped")


class TeamMembershipInline(ScopedInline, admin.TabularInline):
    model = TeamMembership
    extra = 1


@admin.register(Team, site=SITE)
class TeamAdmin(ScopedAdmin):
    fields = ["neighbourhood", "code", "name", "leader", "founded_on"]
    search_fields = ["name"]
    list_filter = ["founded_on", "leader"]
    inlines = [TeamMembershipInline]


@admin.register(TeamMembership, site=SITE)
class TeamMembershipAdmin(ScopedAdmin):
    neighbourhood_paths = ("team__neighbourhood",)
    autocomplete_fields = ["team"]


@admin.register(Neighbourhood, site=SITE)
class NeighbourhoodAdmin(ScopedAdmin):
    neighbourhood_paths = ("pk",)


@admin.register(ConsentText, site=SITE)
class ConsentTextAdmin(ScopedAdmin):
    neighbourhood_paths = ()


@admin.register(User, site=SITE)
class UserAdmin(ScopedAdmin):
    neighbourhood_paths = ("grants__neighbourhood", "people__neighbourhood")
    fields = ["email"]


class Urls:
    """The portal's addresses and our trial site beside them."""

    from config.urls import urlpatterns as own

    urlpatterns = [path("scoped/", SITE.urls), *own]


@pytest.fixture
def scoped(settings):
    settings.ROOT_URLCONF = Urls


@pytest.fixture
def grant(neighbourhood):
    def make(user: User, role="committee_admin", place=None) -> RoleGrant:
        User.objects.filter(pk=user.pk).update(is_staff=True)
        return baker.make(RoleGrant, user=user, role=role, neighbourhood=place or neighbourhood, given_at=clock.now())

    return make


# --- the way in ---


def test_who_is_not_signed_in_is_led_to_the_form_and_back(client):
    response = client.get("/admin/people/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=/admin/people/"
    assert "Sign in to the staff pages" in response.content.decode()


def test_a_resident_is_refused_with_a_sentence(client, person):
    client.force_login(person.user)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "Only staff may enter these pages." in response.content.decode()


@pytest.mark.django_db(transaction=True)  # allauth tells of a new time code on commit
def test_staff_without_a_time_code_set_one_up(client, person, grant):
    grant(person.user)
    EmailAddress.objects.create(user=person.user, email=person.email, verified=True, primary=True)
    client.force_login(person.user)  # some time ago: the way to a time code begins with a proof of who it is
    asked = client.get("/admin/", follow=True)
    address = asked.redirect_chain[-1][0]
    assert address.startswith(reverse("account_request_reauthentication_code"))
    page = asked.content.decode()
    assert "Before you enter the staff pages, set up a time code on your phone." in page
    assert f"with a code that we send to {person.email}." in page
    sent = client.post(address, {"recipient": person.email}, follow=True)
    confirm = sent.redirect_chain[-1][0]
    wrong = client.post(confirm, {"code": "000000" if "000000" not in mail.outbox[-1].body else "111111"})
    assert "Incorrect code." in wrong.content.decode()
    response = client.post(confirm, {"code": re.search(r"\b\d{6}\b", mail.outbox[-1].body)[0]}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0].startswith(reverse("mfa_activate_totp"))
    secret = re.search(r"[A-Z2-7]{32}", page)
    assert secret

    client.post(response.redirect_chain[-1][0], {"code": totp_code(secret.group())})
    assert Authenticator.objects.filter(user=person.user, type="totp").exists()
    # The first code from the new phone counts as proof; nobody waits for a second one.
    assert client.get("/admin/").status_code == 200


def test_no_code_by_mail_replaces_a_time_code(client, person, grant):
    """Whoever sits at an open session and reads the mails must not get rid of the second factor."""
    grant(person.user)
    EmailAddress.objects.create(user=person.user, email=person.email, verified=True, primary=True)
    TOTP.activate(person.user, "JBSWY3DPEHPK3PXP")
    client.force_login(person.user)
    for name in (
        "mfa_deactivate_totp",
        "account_request_reauthentication_code",
        "account_confirm_reauthentication_code",
    ):
        response = client.get(reverse(name), follow=True)
        assert response.redirect_chain[-1][0].startswith(reverse("mfa_reauthenticate")), name
    client.post(reverse("account_request_reauthentication_code"), {"recipient": person.email})
    assert mail.outbox == []


def test_staff_whose_session_gave_no_time_code_give_it_now(client, person, grant):
    """A session from before, or one by password alone, is not enough."""
    grant(person.user)
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person.user, secret)
    client.force_login(person.user)
    response = client.get("/admin/", follow=True)
    address = response.redirect_chain[-1][0]
    assert address.startswith(reverse("mfa_reauthenticate"))
    wrong = "000000" if totp_code(secret) != "000000" else "111111"
    assert "Incorrect code." in client.post(address, {"code": wrong}).content.decode()

    assert client.post(address, {"code": totp_code(secret)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_proof_of_yesterday_is_asked_for_again(staff_client, person, grant):
    grant(person.user)
    client = staff_client(person.user)
    assert client.get("/admin/").status_code == 200
    session = client.session
    session["account_authentication_methods"][0]["at"] = time.time() - 13 * 3600
    session.save()
    assert client.get("/admin/").status_code == 302


def test_the_proof_of_another_account_is_worth_nothing(staff_client, person, make_person, grant):
    other = make_person(user=True)
    for someone in (person, other):
        grant(someone.user)
    client = staff_client(person.user)
    session = client.session
    session["account_authentication_methods_user"] = str(other.user_id)
    session.save()
    assert client.get("/admin/").status_code == 302


def test_the_site_carries_the_portals_name(staff_client, person, grant, settings):
    grant(person.user)
    assert settings.PORTAL_NAME in staff_client(person.user).get("/admin/").content.decode()


def test_signing_out_from_the_staff_pages_is_a_post(staff_client, person, grant):
    grant(person.user)
    client = staff_client(person.user)
    assert client.get("/admin/logout/").url == "/accounts/logout/"
    assert "_auth_user_id" in client.session


# --- one's own neighbourhoods ---


@pytest.fixture
def teams(neighbourhood, elsewhere):
    return [
        baker.make(Team, neighbourhood=neighbourhood, name="护花小队", code="garden"),
        baker.make(Team, neighbourhood=elsewhere, name="邻家队", code="theirs"),
    ]


@pytest.fixture
def staff(staff_client, person, grant, scoped):
    grant(person.user)
    return staff_client(person.user)


def test_a_list_shows_no_other_neighbourhood(staff, teams):
    page = staff.get("/scoped/people/team/").content.decode()
    assert "护花小队" in page
    assert "邻家队" not in page


def test_a_filter_names_nobody_of_elsewhere(staff, teams, make_person, elsewhere):
    for team, place, name in zip(teams, (None, elsewhere), ("我们的人", "他们的人"), strict=True):
        team.leader = make_person(place=place, name=name)
        team.save()
    baker.make(Team, neighbourhood=teams[0].neighbourhood, code="third", leader=make_person(name="第三人"))
    page = staff.get("/scoped/people/team/").content.decode()
    assert "我们的人" in page
    assert "他们的人" not in page


def test_a_date_filter_goes_by_the_portals_clock(staff, teams):
    page = staff.get("/scoped/people/team/").content.decode()
    assert "founded_on__gte=2018-12-20&amp;founded_on__lt=2018-12-21" in page
    assert "Next 7 days" in page


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_a_row_of_elsewhere_cannot_be_opened(staff, teams, page):
    response = staff.get(f"/scoped/people/team/{teams[1].pk}/{page}/", follow=True)
    assert "邻家队" not in response.content.decode()
    staff.post(f"/scoped/people/team/{teams[1].pk}/change/", {"name": "Taken", "code": "x"})
    teams[1].refresh_from_db()
    assert teams[1].name == "邻家队"


def posted(**fields):
    return {
        "code": "new",
        "name": "新小队",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
        **fields,
    }


def test_the_neighbourhood_is_filled_in_for_staff_of_one(staff, neighbourhood):
    page = staff.get("/scoped/people/team/add/").content.decode()
    assert f'<input type="hidden" name="neighbourhood" value="{neighbourhood.pk}"' in page
    staff.post("/scoped/people/team/add/", posted())
    assert Team.objects.get().neighbourhood == neighbourhood


def test_a_foreign_neighbourhood_is_refused_with_a_sentence(staff, elsewhere):
    """Issue 2: a foreign neighbourhood's id in every form field."""
    page = staff.post("/scoped/people/team/add/", posted(neighbourhood=elsewhere.pk)).content.decode()
    assert "Select a valid choice. That choice is not one of the available choices." in page
    assert not Team.objects.exists()


def test_a_foreign_row_is_refused_with_a_sentence(staff, make_person, elsewhere):
    stranger = make_person(place=elsewhere)
    page = staff.post("/scoped/people/team/add/", posted(leader=stranger.pk)).content.decode()
    assert "Select a valid choice. That choice is not one of the available choices." in page
    assert 'value="新小队"' in page
    assert not Team.objects.exists()


def test_a_foreign_row_in_an_inline_is_refused_too(staff, make_person, elsewhere):
    stranger = make_person(place=elsewhere)
    inline = {"memberships-TOTAL_FORMS": "1", "memberships-0-person": stranger.pk}
    page = staff.post("/scoped/people/team/add/", posted(**inline)).content.decode()
    assert "Select a valid choice" in page
    assert not Team.objects.exists()


def test_staff_of_two_places_mix_none_of_their_rows(staff, person, grant, make_person, neighbourhood, elsewhere):
    grant(person.user, place=elsewhere)
    theirs = make_person(place=elsewhere)
    values = posted(neighbourhood=neighbourhood.pk, leader=theirs.pk)
    page = staff.post("/scoped/people/team/add/", values).content.decode()
    assert "This belongs to another residential area." in page

    inline = {"memberships-TOTAL_FORMS": "1", "memberships-0-person": theirs.pk}
    page = staff.post("/scoped/people/team/add/", posted(neighbourhood=neighbourhood.pk, **inline)).content.decode()
    assert "This belongs to another residential area." in page
    assert not Team.objects.exists()

    staff.post("/scoped/people/team/add/", posted(neighbourhood=elsewhere.pk, leader=theirs.pk))
    assert Team.objects.get().neighbourhood == elsewhere


def test_a_row_never_moves_to_another_neighbourhood(staff, person, grant, teams, elsewhere):
    grant(person.user, place=elsewhere)
    staff.post(f"/scoped/people/team/{teams[0].pk}/change/", posted(neighbourhood=elsewhere.pk))
    teams[0].refresh_from_db()
    assert (teams[0].name, teams[0].neighbourhood.slug) == ("新小队", "lane-600")


def test_autocomplete_finds_only_ones_own(staff, teams):
    response = staff.get(
        "/scoped/autocomplete/",
        {"app_label": "people", "model_name": "teammembership", "field_name": "team", "term": ""},
    )
    assert [row["text"] for row in response.json()["results"]] == ["护花小队"]


def test_a_path_through_a_relation_is_scoped_too(staff, teams, make_person, elsewhere):
    mine = baker.make(TeamMembership, team=teams[0], person=make_person(name="我们的人"))
    baker.make(TeamMembership, team=teams[1], person=make_person(place=elsewhere, name="他们的人"))
    page = staff.get("/scoped/people/teammembership/").content.decode()
    assert str(mine) in page
    assert "他们的人" not in page


def test_a_role_here_gives_nothing_there(staff, person, grant, teams, elsewhere):
    """The permission must be one of that very neighbourhood's grant: a team leader elsewhere only views."""
    grant(person.user, role="branch_secretary", place=elsewhere)
    page = staff.get("/scoped/people/team/").content.decode()
    assert "邻家队" not in page


def test_what_belongs_to_no_neighbourhood_is_everybodys(staff, resident_text):
    assert resident_text.version in staff.get("/scoped/people/consenttext/").content.decode()


def test_accounts_are_listed_once_and_only_ones_own(staff_client, person, make_person, grant, scoped, elsewhere):
    for role in ("system_admin", "editor"):
        grant(person.user, role=role)
    theirs = make_person(user=True, place=elsewhere)
    page = staff_client(person.user).get("/scoped/people/user/").content.decode()
    assert page.count(f'/change/">{person.user.email}<') == 1
    assert theirs.email not in page


def test_paths_are_known_for_registered_and_other_models(neighbourhood):
    assert paths_of(TeamMembership, SITE) == ("team__neighbourhood",)
    assert paths_of(Location, SITE) == ("neighbourhood",)
    assert paths_of(Neighbourhood, SITE) == ("pk",)
    assert paths_of(ConsentText, SITE) == ()
    building = baker.make(
        Building, neighbourhood=neighbourhood, compound=baker.make(Compound, neighbourhood=neighbourhood)
    )
    assert neighbourhoods_of(building, ("neighbourhood", "compound__neighbourhood")) == {neighbourhood.pk}
    assert neighbourhoods_of(neighbourhood, ("pk",)) == {neighbourhood.pk}


# --- manage.py add_staff ---


def add_staff(*args) -> str:
    out = StringIO()
    call_command("add_staff", *args, stdout=out)
    return out.getvalue()


def test_add_staff_says_how_to_enrol(neighbourhood):
    said = add_staff("Boss@example.org", "--role", "committee_admin", "--neighbourhood", "lane-600")
    assert "boss@example.org is committee_admin" in said
    assert "/admin/" in said
    user = User.objects.get()
    assert (user.email, user.is_staff, user.has_usable_password()) == ("boss@example.org", True, False)
    add_staff("boss@example.org", "--role", "committee_admin", "--neighbourhood", "lane-600")
    assert RoleGrant.objects.count() == 1


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["nobody", "--role", "editor", "--neighbourhood", "lane-600"], "is not an e-mail address"),
        (["a@example.org", "--role", "editor", "--neighbourhood", "lane-9"], "there are: lane-600"),
        (["a@example.org", "--role", "branch_secretary", "--neighbourhood", "lane-600"], "please name it"),
        (
            ["a@example.org", "--role", "branch_secretary", "--neighbourhood", "lane-600", "--scope", "b9"],
            "there are: b1",
        ),
        (["a@example.org", "--role", "editor", "--neighbourhood", "lane-600", "--scope", "b1"], "leave out --scope"),
        (["a@example.org", "--role", "king", "--neighbourhood", "lane-600"], "invalid choice"),
    ],
)
def test_add_staff_refuses_with_a_sentence(neighbourhood, args, sentence):
    baker.make(PartyOrg, neighbourhood=neighbourhood, code="b1", kind="branch")
    with pytest.raises(CommandError, match=sentence):
        add_staff(*args)
    assert not User.objects.exists()


def test_add_staff_takes_a_scope(neighbourhood):
    branch = baker.make(PartyOrg, neighbourhood=neighbourhood, code="b1", kind="branch")
    add_staff("a@example.org", "--role", "branch_secretary", "--neighbourhood", "lane-600", "--scope", "b1")
    assert RoleGrant.objects.get().org == branch


def test_a_request_of_nobody_reaches_no_place(neighbourhood):
    request = RequestFactory().get("/")
    request.user = None  # type: ignore[assignment]
    assert SITE._registry[Team].neighbourhoods(request, "view") == set()  # type: ignore[attr-defined]
