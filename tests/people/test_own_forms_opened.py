"""T16 on the residents' own pages: what the committee or the other parent wrote meanwhile is not undone unseen."""

import pytest
from django.urls import reverse
from model_bakery import baker

from people.models import OptOut
from people.operations import accounts
from tests.filling import forms_of
from tests.staff import staff_user

pytestmark = pytest.mark.django_db


def page_of(client, url) -> dict:
    """What the form at ``url`` would send, were it pressed now."""
    shown = client.get(url).context["form"]
    values = {bound.html_name: bound.value() for bound in shown}
    return {name: value for name, value in values.items() if value not in (None, False)}


@pytest.fixture
def signed_in(client, person):
    client.force_login(person.user)
    return client


@pytest.fixture
def settings_url(neighbourhood):
    return reverse("people:settings")


def by_the_committee(person, **fields):
    staff = staff_user("committee_admin", person.neighbourhood)
    for name, value in fields.items():
        setattr(person, name, value)
    person._history_user = staff
    person.save()


def test_settings_keep_a_name_that_the_committee_corrected(signed_in, person, settings_url):
    old_page = page_of(signed_in, settings_url)
    by_the_committee(person, name="陆蕴芳")
    assert signed_in.post(settings_url, old_page | {"nickname": "老陆"}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.nickname) == ("陆蕴芳", "老陆")


def test_both_names_come_back_and_the_committee_is_called_so(signed_in, person, settings_url):
    old_page = page_of(signed_in, settings_url)
    by_the_committee(person, name="陆蕴芳")
    answer = signed_in.post(settings_url, old_page | {"name": "陆蕴方"})
    [said] = answer.context["form"].errors["name"]
    assert "陆蕴芳" in said
    assert "@" not in said  # no colleague's address
    html = answer.content.decode()
    assert "陆蕴方" in html
    [form] = [one for one in forms_of(html) if "opened" in one.fields]
    assert (
        signed_in.post(settings_url, old_page | {"name": "陆蕴方", "opened": form.fields["opened"]}).status_code == 302
    )
    person.refresh_from_db()
    assert person.name == "陆蕴方"


def test_a_forged_page_is_asked_once_more(signed_in, person, settings_url):
    old_page = page_of(signed_in, settings_url)
    answer = signed_in.post(settings_url, old_page | {"name": "陆蕴方", "opened": "forged"})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["name"]
    again = answer.context["form"]["opened"].value()
    assert signed_in.post(settings_url, old_page | {"name": "陆蕴方", "opened": again}).status_code == 302


def test_the_operation_writes_only_what_was_changed(person):
    """Between the form and the lock the name was corrected: only the nickname is written."""
    type(person).objects.filter(pk=person.pk).update(name="陆蕴芳")
    accounts.change_settings(person, changed={"nickname": "老陆"}, wanted=set(), optional=set())
    person.refresh_from_db()
    assert (person.name, person.nickname) == ("陆蕴芳", "老陆")
    assert not OptOut.objects.exists()


def test_of_two_parents_each_keeps_what_the_other_wrote(client, neighbourhood, make_person, make_child):
    mother, father = make_person(user=True), make_person(user=True)
    child = make_child(mother, name="小明", nickname="")
    baker.make("people.Guardianship", guardian=father, child=child, relation="父亲", declared_at=child.added_at)
    url = reverse("people:family-edit", args=[child.pk])
    pages = {}
    for parent in (mother, father):
        client.force_login(parent.user)
        pages[parent] = page_of(client, url) | {"data": "on"}
    client.force_login(mother.user)
    assert client.post(url, pages[mother] | {"nickname": "明明"}).status_code == 302
    client.force_login(father.user)
    assert client.post(url, pages[father] | {"name": "小明明"}).status_code == 302
    child.refresh_from_db()
    assert (child.name, child.nickname) == ("小明明", "明明")

    answer = client.post(url, pages[father] | {"nickname": "阿明"})
    assert list(answer.context["form"].errors) == ["nickname"]
