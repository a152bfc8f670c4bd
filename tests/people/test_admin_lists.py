"""The first staff page tells each role its own jobs; it and every list cost the same at any length."""

import pytest
from django.urls import reverse
from model_bakery import baker

from activities.operations import sign_ups
from people.models import CommitteePost, Family, Guardianship, PartyOrg, Person, Photo, PrivateFile
from people.pages import staff_jobs as today
from tests.conftest import NOW
from tests.people.admin_pages import *  # noqa: F403
from tests.people.admin_pages import message_about, url
from tests.staff import client_of, staff_user

pytestmark = pytest.mark.django_db


def test_today_tells_each_role_its_own_jobs(neighbourhood, activity, person, make_child, make_activity):
    child = make_child(person, name="裴小满")
    sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, channel="phone", entered_by=person.user)
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
    assert secretary == {
        "Messages that need somebody": 0,
        "Drafts for the next 7 days": 0,
        "Drafts whose day has passed": 0,
        "Records to sign": 0,
    }
    assert handler == {}
    assert set(system) == {"Messages that need somebody", "Roles that wait for a second yes"}
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
        sign_ups.sign_up(activity, [person, child], made_by=person, at=NOW, channel="phone", accept_clash=True)
    committee.get(reverse("admin:index"))

    # A job costs one query, whatever there is to do; the rest is the session, the account, its roles and the frame.
    with django_assert_max_num_queries(len(today.staff_jobs) + 8):
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
