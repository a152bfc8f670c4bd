"""Staff pages of people, roles and the first page: minors, consents, nobody's own roles."""

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.operations import seats
from people.models import (
    AccessLog,
    CommitteePost,
    Consent,
    ConsentText,
    Family,
    Guardianship,
    Message,
    PartyMember,
    PartyOrg,
    Person,
    Photo,
    PossibleDuplicate,
    PrivateFile,
    RoleGrant,
    Team,
    User,
)
from people.pages import staff_jobs as today
from tests.conftest import NOW
from tests.people.desk import *  # noqa: F403
from tests.people.desk import act, do, listed, message_about, url
from tests.staff import client_of, said, staff_user

pytestmark = pytest.mark.django_db


# --- minors (V6) ---


def test_whoever_lacks_the_grant_finds_no_minor_anywhere(party, person, make_child, make_person):
    child = make_child(person, name="裴小满")
    unknown = make_person(None, name="年龄不详", email="")
    search = {"term": "裴", "app_label": "community", "model_name": "meeting", "field_name": "chair"}

    assert listed(party, "people_person") == {person}
    assert listed(party, "people_person", q="裴小满") == set()
    for hidden in (child, unknown):
        assert party.get(url("people_person", "change", hidden.pk)).status_code == 302
        assert party.get(url("people_person", "history", hidden.pk)).status_code == 302
    assert party.get(reverse("admin:autocomplete"), search).json()["results"] == []


def test_whoever_has_it_finds_them_and_each_opening_is_logged(committee, person, make_child):
    child = make_child(person)

    committee.get(url("people_person", "changelist"))
    committee.get(url("people_person", "change", person.pk))
    nothing_yet = AccessLog.objects.count()
    committee.get(url("people_person", "change", child.pk))
    committee.get(url("people_person", "history", child.pk))
    committee.get(act("people_person", "consent", child))

    assert nothing_yet == 0
    rows = AccessLog.objects.order_by("pk").values_list("person", "user__email", "opened_at", "page")
    assert list(rows) == [
        (child.pk, "committee_admin-lane-600@example.org", NOW, "record"),
        (child.pk, "committee_admin-lane-600@example.org", NOW, "history"),
        (child.pk, "committee_admin-lane-600@example.org", NOW, "consents"),
    ]


def person_form(**changes) -> dict:
    formsets = ("guardianships_as_child", "guardianships", "consents", "team_memberships")
    management = {f"{name}-{kind}_FORMS": "0" for name in formsets for kind in ("TOTAL", "INITIAL")}
    return {
        "name": "陶永昌",
        "nickname": "",
        "language": "zh-hans",
        "email": "",
        "phone": "10000000201",
        **management,
        **changes,
    }


def test_a_role_without_minors_data_adds_only_known_adults(party):
    refused = party.post(url("people_person", "add"), person_form())
    child = party.post(url("people_person", "add"), person_form(birth_year="2010"))
    added = party.post(url("people_person", "add"), person_form(is_adult="on"))

    assert "Your role keeps no children" in refused.content.decode()
    assert child.status_code == 200
    assert added.status_code == 302
    person = Person.objects.get()
    assert (person.declared_adult_at, person.added_at) == (NOW, NOW)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "a\0b"}, "cannot be read"),
        ({"name": "😀"}, "cannot stand in it"),
        ({"birth_date": "2030-01-01"}, "This day is still to come."),
        ({"birth_year": "1066"}, "Please look at the year again."),
        ({"birth_date": "1980-01-01", "birth_year": "1979"}, "another year"),
        ({"email": "nobody@"}, "does not look like an e-mail address"),
        ({"building": "99999"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(committee, changes, sentence):
    response = committee.post(url("people_person", "add"), person_form(**changes))

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not Person.objects.exists()


def test_the_address_of_somebody_with_an_account_is_not_changed_here(committee, person):
    before = person.email

    committee.post(url("people_person", "change", person.pk), person_form(email="other@example.org", birth_year="1970"))

    person.refresh_from_db()
    assert person.email == before


# --- guardians, consents, duplicates ---


def test_confirming_a_guardianship_notes_who_and_when(committee, person, make_child, neighbourhood):
    child = make_child(person)
    bond = Guardianship.objects.get(child=child)

    do(committee, "people_guardianship", "confirm", bond)

    bond.refresh_from_db()
    assert (bond.state, bond.confirmed_at) == ("confirmed", NOW)
    assert bond.confirmed_by == User.objects.get(email__startswith="committee_admin")


def test_nobody_confirms_their_own_guardianship(neighbourhood, make_person, make_child):
    guardian = make_person(user=True)
    bond = Guardianship.objects.get(child=make_child(guardian))
    user = guardian.user
    user.is_staff = True
    user.save()
    baker.make(RoleGrant, user=user, role="committee_admin", neighbourhood=neighbourhood, given_at=NOW, until=None)

    refused = do(client_of(user), "people_guardianship", "confirm", bond)

    bond.refresh_from_db()
    assert "Somebody else has to confirm" in said(refused)[-1]
    assert bond.state == "declared"


def test_ending_a_guardianship_takes_back_what_was_agreed(committee, person, make_child):
    child = make_child(person)
    bond = Guardianship.objects.get(child=child)

    do(committee, "people_guardianship", "end", bond)

    bond.refresh_from_db()
    assert bond.ended_at == NOW
    assert not Consent.objects.in_force().filter(person=child).exists()


def test_a_guardian_typed_in_by_staff_is_declared_until_confirmed(committee, make_person):
    child, guardian = make_person(10, email=""), make_person()

    committee.post(
        url("people_person", "change", child.pk),
        person_form(
            name=child.name,
            birth_date=str(child.birth_date),
            **{
                "guardianships_as_child-TOTAL_FORMS": "1",
                "guardianships_as_child-0-guardian": str(guardian.pk),
                "guardianships_as_child-0-child": str(child.pk),
                "guardianships_as_child-0-relation": "祖母",
            },
        ),
    )

    bond = Guardianship.objects.get()
    assert (bond.guardian, bond.relation, bond.state, bond.declared_at) == (guardian, "祖母", "declared", NOW)


def test_a_consent_on_paper_is_recorded_and_taken_back(committee, person, make_child, resident_text):
    child = make_child(person)

    do(committee, "people_person", "consent", child, what="give", purposes=["photo"], by=person.pk, channel="paper")
    given = Consent.objects.get(person=child, purpose="photo")
    do(committee, "people_person", "consent", child, what="revoke", purposes=["photo"], by=person.pk, channel="phone")

    assert (given.given_by, given.channel, given.given_at) == (person, "paper", NOW)
    assert given.entered_by.email.startswith("committee_admin")
    given.refresh_from_db()
    assert given.revoked_at == NOW


def test_a_child_cannot_agree_where_a_guardian_must(committee, person, make_child):
    """V4."""
    child = make_child(person)

    refused = do(
        committee, "people_person", "consent", child, what="give", purposes=["photo"], by=child.pk, channel="paper"
    )

    assert "a guardian has to agree" in said(refused)[-1]
    assert not Consent.objects.filter(purpose="photo").exists()


def test_two_records_that_look_alike_are_told_apart(committee, people):
    pair = baker.make(PossibleDuplicate, person=people[0], other=people[1], reason="same name", noted_at=NOW)

    page = committee.get(url("people_possibleduplicate", "change", pair.pk)).content.decode()
    do(committee, "people_possibleduplicate", "different", pair)

    pair.refresh_from_db()
    assert people[0].email in page
    assert people[1].email in page
    assert (pair.state, pair.decided_by.email) == ("different", "committee_admin-lane-600@example.org")


def test_two_records_are_compared_by_what_differs_and_only_acts_change_them(committee, people):
    """M2: nothing to save on a page without fields; why they are listed is said in the reader's language."""
    pair = baker.make(PossibleDuplicate, person=people[0], other=people[1], reason="same name", noted_at=NOW)
    committee.cookies["django_language"] = "zh-hans"
    page = committee.get(url("people_possibleduplicate", "change", pair.pk)).content.decode()
    index = committee.get(reverse("admin:index")).content.decode()
    listing = committee.get(url("people_possibleduplicate", "changelist")).content.decode()

    assert 'name="_save"' not in page
    assert '<tr class="same"><th scope="row">账号' in page
    assert '<tr><th scope="row">电子邮箱' in page
    assert "姓名相同" in page
    assert "姓名相同" in index
    assert "姓名相同" in listing


def test_dates_of_the_staff_pages_read_as_everywhere_else(committee, people):
    """L2: Django's own English would say “Dec. 20, 2018, 9 a.m.”."""
    pair = baker.make(PossibleDuplicate, person=people[0], other=people[1], reason="same name", noted_at=NOW)
    page = committee.get(url("people_possibleduplicate", "change", pair.pk)).content.decode()
    assert "Thu 20 Dec 2018, 9:00" in page


def test_a_wording_people_agreed_to_is_never_edited(committee, resident_text):
    page = committee.get(url("people_consenttext", "change", resident_text.pk)).content.decode()
    committee.post(url("people_consenttext", "change", resident_text.pk), {"body": "别的"})
    committee.post(
        url("people_consenttext", "add"),
        {"audience": "resident", "version": "1.1", "body": "新的", "body_en": "", "published_on": "2019-01-01"},
    )

    assert 'name="body"' not in page
    assert set(ConsentText.objects.values_list("version", "body")) == {("居民告知书 1.0", "同意"), ("1.1", "新的")}


# --- Party and teams: the scope below the neighbourhood ---


def test_a_branch_secretary_sees_members_and_posts_of_the_own_branch(neighbourhood, people):
    mine, other = (baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code=code) for code in ("b1", "b2"))
    group = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", code="b1g", parent=mine)
    members = [
        baker.make(PartyMember, neighbourhood=neighbourhood, person=person, branch=org)
        for person, org in zip(people, (mine, other), strict=False)
    ]
    posts = [baker.make(CommitteePost, person=people[2], org=org, post="书记") for org in (mine, other)]
    client = client_of(staff_user("branch_secretary", neighbourhood, org=mine))

    assert listed(client, "people_partyorg") == {mine, group}
    assert listed(client, "people_partymember") == {members[0]}
    assert listed(client, "people_committeepost") == {posts[0]}
    assert client.get(url("people_partymember", "change", members[1].pk)).status_code == 302


def test_a_group_belongs_to_the_members_branch(party, neighbourhood, people):
    one, two = (baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code=code) for code in ("b1", "b2"))
    group = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="group", code="g", parent=two)
    data = {"person": people[0].pk, "branch": one.pk, "group": group.pk, "status": "full"}

    refused = party.post(url("people_partymember", "add"), data)
    added = party.post(url("people_partymember", "add"), {**data, "branch": two.pk})

    assert "This group is not one of that branch." in refused.content.decode()
    assert added.status_code == 302


def test_party_posts_are_not_the_committees_to_change(committee, neighbourhood, people):
    org = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code="b1")
    post = baker.make(CommitteePost, person=people[0], org=org, post="书记")

    assert committee.get(url("people_committeepost", "change", post.pk)).status_code == 302
    assert 'name="org"' not in committee.get(url("people_committeepost", "add")).content.decode()


# --- accounts and roles ---


def grant_form(user, place, role: str, **scope) -> dict:
    return {"user": user.pk, "neighbourhood": place.pk, "role": role, **scope}


def test_a_role_is_given_with_who_and_when_and_ended(system, neighbourhood):
    client, user = client_of(system), User.objects.create_user("new@example.org")
    team = baker.make(Team, neighbourhood=neighbourhood, code="t1")
    baker.make(Person, user=user, neighbourhood=neighbourhood, added_at=NOW)

    client.post(url("people_rolegrant", "add"), grant_form(user, neighbourhood, "team_leader", team=team.pk))
    grant = RoleGrant.objects.get(user=user)
    do(client, "people_rolegrant", "end", grant)

    assert (grant.given_by, grant.given_at, grant.team) == (system, NOW, team)
    grant.refresh_from_db()
    assert grant.until == NOW


@pytest.mark.parametrize("role", ["committee_admin", "volunteer_coordinator", "party_admin", "system_admin"])
def test_nobody_gives_themselves_a_role(system, neighbourhood, role):
    client = client_of(system)

    refused = client.post(url("people_rolegrant", "add"), grant_form(system, neighbourhood, role))
    inline = client.get(url("people_user", "change", system.pk)).content.decode()
    own = system.grants.get()
    ended = do(client, "people_rolegrant", "end", own)
    client.post(
        url("people_user", "change", system.pk), {"is_active": "", "grants-TOTAL_FORMS": 0, "grants-INITIAL_FORMS": 0}
    )

    system.refresh_from_db()
    assert "Nobody changes their own roles." in refused.content.decode()
    assert 'name="grants-0-role"' not in inline
    assert 'name="is_staff"' not in inline
    assert ended.status_code == 403
    assert list(system.grants.values_list("role", "until")) == [("system_admin", None)]
    assert system.is_active


def test_a_role_needs_its_own_scope_and_no_other(system, neighbourhood, elsewhere):
    client, user = client_of(system), staff_user("editor", neighbourhood)
    team = baker.make(Team, neighbourhood=neighbourhood, code="t1")
    foreign = baker.make(Team, neighbourhood=elsewhere, code="t1")

    missing = client.post(url("people_rolegrant", "add"), grant_form(user, neighbourhood, "team_leader"))
    needless = client.post(url("people_rolegrant", "add"), grant_form(user, neighbourhood, "editor", team=team.pk))
    other = client.post(url("people_rolegrant", "add"), grant_form(user, neighbourhood, "team_leader", team=foreign.pk))
    place = client.post(url("people_rolegrant", "add"), grant_form(user, elsewhere, "editor"))

    assert "Say what this role is limited to." in missing.content.decode()
    assert "This role is not limited in this way" in needless.content.decode()
    assert "not one of the available choices" in other.content.decode()
    assert place.status_code == 200
    assert user.grants.count() == 1


def test_a_new_account_comes_with_its_first_role(system, neighbourhood):
    client = client_of(system)
    data = {
        "email": "Neu@Example.org",
        "is_active": "on",
        "is_staff": "on",
        "grants-TOTAL_FORMS": 1,
        "grants-INITIAL_FORMS": 0,
    }

    refused = client.post(url("people_user", "add"), data)
    client.post(
        url("people_user", "add"), {**data, "grants-0-neighbourhood": neighbourhood.pk, "grants-0-role": "editor"}
    )

    user = User.objects.exclude(pk=system.pk).get()
    assert refused.status_code == 200
    assert (user.email, user.has_usable_password()) == ("neu@example.org", False)
    assert list(user.grants.values_list("role", "given_by")) == [("editor", system.pk)]


def test_the_system_administrator_sees_no_names_in_the_outbox(system, person, make_child, activity):
    child = make_child(person, name="裴小满")
    seats.sign_up(activity, [person, child], made_by=person, at=NOW, guardian_consents=True)
    message = Message.objects.get()
    client = client_of(system)

    seen = (
        client.get(url("people_message", "changelist")).content.decode()
        + client.get(url("people_message", "change", message.pk)).content.decode()
    )

    assert person.masked_name in seen
    assert "裴小满" not in seen
    assert person.email not in seen
    assert client.get(reverse("admin:people_message_phone_list")).status_code == 403
    assert client.get(url("people_person", "changelist")).status_code == 403


# --- the first page and the lists ---


def test_today_tells_each_role_its_own_jobs(neighbourhood, activity, person, make_child, make_activity):
    child = make_child(person, name="裴小满")
    seats.sign_up(activity, [person, child], made_by=person, at=NOW, channel="phone", entered_by=person.user)
    make_activity(status="draft", title="未发布")

    def jobs(role, **scope):
        response = client_of(staff_user(role, neighbourhood, **scope)).get(reverse("admin:index"))
        return {job.title: job.count for job in response.context["jobs"]}, response.content.decode()

    coordinator, page = jobs("volunteer_coordinator")
    secretary, _page = jobs("branch_secretary", org=baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch"))
    handler, _page = jobs("issue_handler")
    system, system_page = jobs("system_admin")

    assert coordinator["Waiting for a guardian's consent"] == 1
    assert coordinator["Drafts for the next 7 days"] == 1
    assert "裴小满" in page
    assert secretary == {"Messages that need somebody": 0, "Drafts for the next 7 days": 0}
    assert handler == {}
    assert set(system) == {"Messages that need somebody"}
    assert "裴小满" not in system_page


def test_photos_without_words_are_a_job_for_those_who_may_write_them(neighbourhood, elsewhere, committee, make_photo):
    """L7: a photo is published with its words only, so somebody has to be told which wait for theirs."""
    wordless = make_photo("", published=False, caption="彩绘日", taken_on=NOW.date())
    make_photo("两位邻居在描井盖", published=False)
    make_photo("", published=False, place=elsewhere)
    title = "Photos that wait for their words"

    def job(client):
        return {job.title: job for job in client.get(reverse("admin:index")).context["jobs"]}.get(title)

    there = job(committee)
    [line] = there.lines
    assert (there.count, line.title, line.url) == (1, "彩绘日", url("people_photo", "change", wordless.pk))
    assert list(committee.get(there.url).context["cl"].queryset) == [wordless]
    assert committee.get(line.url).status_code == 200
    assert job(client_of(staff_user("issue_handler", neighbourhood))) is None

    wordless.alt = "三个孩子在调颜料"
    wordless.save()
    assert (job(committee).count, job(committee).nothing) == (0, "Every photo says what can be seen.")


def test_today_costs_the_same_however_much_there_is(
    committee, make_activity, person, make_child, django_assert_max_num_queries
):
    for _n in range(4):
        activity = make_activity()
        child = make_child(person)
        seats.sign_up(activity, [person, child], made_by=person, at=NOW, channel="phone", accept_clash=True)
    committee.get(reverse("admin:index"))

    # A job costs one query, whatever there is to do; the rest is the session, the account, its roles and the frame.
    with django_assert_max_num_queries(len(today._jobs) + 8):
        committee.get(reverse("admin:index"))


ROWS = {
    "people_person": lambda place, n: baker.make(
        Person, neighbourhood=place, name=f"居民{n}", birth_year=1960, added_at=NOW
    ),
    "people_message": lambda place, n: message_about(
        f"sign_up:{n}", baker.make(Person, neighbourhood=place, name=f"居民{n}", birth_year=1960, added_at=NOW)
    ),
    "people_guardianship": lambda place, n: baker.make(
        Guardianship,
        guardian=baker.make(Person, neighbourhood=place, added_at=NOW),
        child=baker.make(Person, neighbourhood=place, added_at=NOW),
        declared_at=NOW,
    ),
    "people_family": lambda place, n: baker.make(
        Family, neighbourhood=place, members=[baker.make(Person, neighbourhood=place, added_at=NOW)]
    ),
    "people_building": lambda place, n: baker.make(
        "people.Building",
        neighbourhood=place,
        code=f"b{n}",
        compound=baker.make("people.Compound", neighbourhood=place, code=f"c{n}"),
    ),
    "people_photo": lambda place, n: baker.make(
        Photo,
        neighbourhood=place,
        alt="花",
        original=baker.make(PrivateFile, neighbourhood=place, added_at=NOW, content_type="image/jpeg"),
    ),
    "people_committeepost": lambda place, n: baker.make(
        CommitteePost,
        person=baker.make(Person, neighbourhood=place, added_at=NOW),
        committee=baker.make("people.Committee", neighbourhood=place, code=f"c{n}"),
        post="委员",
    ),
    "community_article": lambda place, n: baker.make("community.Article", neighbourhood=place, title=f"公告{n}"),
    "projects_project": lambda place, n: baker.make("projects.Project", neighbourhood=place, slug=f"p{n}", title="墙"),
}


@pytest.mark.parametrize("length", [1, 50])
@pytest.mark.parametrize("model", ROWS)
def test_lists_cost_the_same_at_any_length(neighbourhood, committee, model, length, django_assert_max_num_queries):
    for n in range(length):
        ROWS[model](neighbourhood, n)
    committee.get(url(model, "changelist"))

    with django_assert_max_num_queries(15):
        response = committee.get(url(model, "changelist"))

    assert len(response.context["cl"].result_list) >= length


@pytest.mark.parametrize("length", [1, 50])
def test_the_list_of_accounts_costs_the_same_at_any_length(
    neighbourhood, system, length, django_assert_max_num_queries
):
    for n in range(length):
        staff_user("editor", neighbourhood, email=f"e{n}@example.org")
    client = client_of(system)
    for model in ("people_user", "people_rolegrant"):
        client.get(url(model, "changelist"))
        with django_assert_max_num_queries(15):
            client.get(url(model, "changelist"))
