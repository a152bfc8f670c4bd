"""Certificates: only confirmed records, numbered, verified by anybody, void when issued anew (V3)."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import override
from model_bakery import baker

from people import outbox
from people.models import Committee
from portal.refusals import Refusal
from tests.conftest import NOW
from tests.parallel import at_once
from tests.staff import client_of, staff_user
from volunteers.models import Certificate, ServiceRecord
from volunteers.operations import certificates

pytestmark = pytest.mark.django_db
PERIOD = {"since": date(2018, 1, 1), "until": date(2018, 12, 20)}


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"
    with override("en"):
        yield


@pytest.fixture
def committee(neighbourhood):
    neighbourhood.certificate_prefix = "BC600"
    neighbourhood.save()
    return baker.make(
        Committee,
        neighbourhood=neighbourhood,
        code="rc600",
        name="宝昌路600弄居委会",
        kind="residents",
        can_issue_certificates=True,
    )


@pytest.fixture
def staff(neighbourhood):
    return staff_user("committee_admin", neighbourhood)


@pytest.fixture
def serve(make_activity):
    """Gives somebody a record of so many minutes; ``state`` for another than confirmed."""

    def make(person, minutes, state="confirmed", days_ago=10):
        start = NOW - timedelta(days=days_ago)
        activity = make_activity(title="盖草帘", starts_at=start, ends_at=start + timedelta(hours=3))
        return baker.make(
            ServiceRecord, neighbourhood=person.neighbourhood, activity_id=activity.pk, person=person, minutes=minutes,
            state=state, started_at=start, ended_at=start + timedelta(minutes=minutes), entered_at=start, source="sheet",
        )  # fmt: skip

    return make


@pytest.fixture
def person(make_person):
    return make_person(user=True, name="葛文彬")


def ask(person, by=None):
    return certificates.ask(person, by=by or person, purpose="评选申报", at=NOW, **PERIOD)


def issue(row, committee, staff):
    return certificates.issue(row, issuer=committee, handler="陆蕴芳", responsible="支永康", by=staff, at=NOW)


@pytest.fixture
def issued(person, serve, committee, staff):
    for minutes, days in ((165, 10), (120, 20), (130, 30)):
        serve(person, minutes, days_ago=days)
    return issue(ask(person), committee, staff)


def test_it_counts_confirmed_minutes_floored_once(issued):
    """ct01: 415 minutes are 6.5 hours."""
    assert (issued.number, issued.total_minutes, issued.hours) == ("BC600-2018-0001", 415, "6.5")
    assert sorted(line.minutes for line in issued.lines.all()) == [120, 130, 165]


def test_records_that_wait_or_were_rejected_are_not_certified(person, serve, committee, staff):
    serve(person, 60)
    serve(person, 60, state="pending", days_ago=11)
    serve(person, 60, state="rejected", days_ago=12)
    assert issue(ask(person), committee, staff).total_minutes == 60


def test_the_list_leads_to_one_that_has_no_number_yet(person, staff, serve):
    """V3: there is no number before it is issued; staff find it by its person, headed by what it waits for."""
    serve(person, 90)
    row = ask(person)
    page = client_of(staff).get(reverse("admin:volunteers_certificate_changelist")).content.decode()
    url = reverse("admin:volunteers_certificate_change", args=[row.pk])
    assert re.search(rf'<a [^>]*href="{url}[^"]*"[^>]*>{person.name}</a>', page)
    assert str(row) == f"being checked {person.name}"


def test_what_it_says_is_fixed_when_it_is_issued(issued, person, serve):
    serve(person, 60, days_ago=3)
    ServiceRecord.objects.filter(person=person).update(minutes=1)
    issued.refresh_from_db()
    assert issued.total_minutes == 415
    assert sum(line.minutes for line in issued.lines.all()) == 415


def test_anybody_verifies_it_and_reads_no_full_name(client, issued):
    page = client.get(f"/verify/{issued.code}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "This certificate is genuine" in text
    assert issued.number in text
    assert "葛**" in text
    assert "葛文彬" not in text
    assert "6.5" in text


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_the_code_is_found_however_it_is_typed(client, issued, typed):
    assert client.get(f"/verify/{typed(issued.code)}/").status_code == 200


def test_an_altered_code_says_so(client, issued):
    altered = ("3" if issued.code[0] != "3" else "4") + issued.code[1:]
    for code in (altered, "x", "😀", "9" * 300):
        page = client.get(f"/verify/{code}/")
        assert page.status_code == 404
        assert "No certificate has this code" in page.content.decode()


def test_a_new_issue_makes_the_old_one_void(client, issued, committee, staff):
    new = issue(certificates.ask_anew(issued, at=NOW), committee, staff)
    issued.refresh_from_db()
    assert (issued.state, new.number) == ("void", "BC600-2018-0002")
    assert "This certificate is void" in client.get(f"/verify/{issued.code}/").content.decode()
    assert "This certificate is genuine" in client.get(f"/verify/{new.code}/").content.decode()


def test_for_a_child_the_guardian_asks_and_nobody_reads_the_name(
    client, make_person, make_child, serve, committee, staff
):
    mother = make_person(user=True, name="裴莉")
    child = make_child(mother, name="满满")
    serve(child, 415)
    with pytest.raises(Refusal, match="for minors by their guardian"):
        ask(child)
    with pytest.raises(Refusal, match="for minors by their guardian"):
        ask(child, by=make_person(user=True))
    row = issue(ask(child, by=mother), committee, staff)
    text = client.get(f"/verify/{row.code}/").content.decode()
    assert "a young volunteer" in text
    assert "满" not in text
    outbox.dispatch()
    assert [message.to for message in mail.outbox] == [[mother.email]]
    assert "满满" not in mail.outbox[0].body


def test_only_its_owner_opens_the_sheet(client, issued, make_person):
    url = f"/me/certificates/{issued.pk}/"
    assert client.get(url).status_code == 302
    client.force_login(make_person(user=True).user)
    assert client.get(url).status_code == 404
    client.force_login(issued.person.user)
    text = client.get(url).content.decode()
    assert "葛文彬" in text
    assert f"/verify/{issued.code}/" in text
    assert client.get(f"/me/certificates/{'9' * 30}/").status_code == 404


def test_asking_on_the_page(client, person, serve):
    serve(person, 60)
    client.force_login(person.user)
    data = {"person": person.pk, "since": "2018-01-01", "until": "2018-12-20", "purpose": "评选申报"}
    page = client.post("/me/service/certificate/", data, follow=True)
    assert "It is free of charge" in page.content.decode()
    again = client.post("/me/service/certificate/", data)
    row = Certificate.objects.get()  # A3: the same asked twice is once
    assert again.url == row.get_absolute_url()
    other = client.post("/me/service/certificate/", data | {"since": "2018-06-01"})
    assert "An application is being checked already" in other.content.decode()
    row = Certificate.objects.get()
    client.post(f"/me/certificates/{row.pk}/")
    assert not Certificate.objects.exists()


def test_refusals_name_what_to_do(person, serve, committee, staff, elsewhere):
    with pytest.raises(Refusal, match="There is no confirmed service in this period"):
        ask(person)
    serve(person, 60)
    row = ask(person)
    other = baker.make(Committee, neighbourhood=elsewhere, code="x", name="别处居委会", can_issue_certificates=True)
    with pytest.raises(Refusal, match="别处居委会 may not issue certificates"):
        issue(row, other, staff)
    with pytest.raises(Refusal, match="Nobody issues their own certificate"):
        issue(row, committee, person.user)
    with pytest.raises(Refusal, match="Please say why"):
        certificates.refuse(row, reason=" ", at=NOW)
    certificates.refuse(row, reason="时间不符", at=NOW)
    with pytest.raises(Refusal, match="settled already: refused"):
        issue(row, committee, staff)


def test_staff_issue_it_in_the_admin(person, serve, committee, staff):
    serve(person, 60)
    row = ask(person)
    client = client_of(staff)
    page = client.post(
        f"/admin/volunteers/certificate/act/issue/?ids={row.pk}",
        {"ids": row.pk, "issuer": committee.pk, "handler": "陆蕴芳", "responsible": "支永康"},
    )
    assert page.status_code == 302
    row.refresh_from_db()
    assert row.state == "issued"


@pytest.mark.django_db(transaction=True)
def test_numbers_are_given_one_after_the_other(make_person, serve, committee, staff):
    rows = []
    for number in range(5):
        person = make_person(user=True, name=f"居民{number}")
        serve(person, 60, days_ago=number + 1)
        rows.append(ask(person))
    results = at_once(*(lambda row=row: issue(row, committee, staff) for row in rows))
    assert sorted(row.number for row in results) == [f"BC600-2018-{number:04}" for number in range(1, 6)]


def test_what_an_issued_certificate_says_stands(person, serve, committee, staff):
    """T11, V3: a corrected record or a retitled shift changes no certificate, and nobody types over one; void goes on."""
    serve(person, 90)
    row = issue(ask(person), committee, staff)
    line = row.lines.get()
    for one, name, value in (
        (row, "total_minutes", 6000), (row, "number", "BC600-2018-9999"), (row, "responsible", "别人"),
        (line, "minutes", 6000), (line, "title", "别的"),
    ):  # fmt: skip
        fresh = type(one).objects.get(pk=one.pk)
        setattr(fresh, name, value)
        with pytest.raises(Refusal, match="stays as it is"):
            fresh.save()
        with pytest.raises(Refusal):
            type(one).objects.filter(pk=one.pk).update(**{name: value})
    with pytest.raises(Refusal):
        row.lines.create(title="别的", day=NOW.date(), minutes=60)
    with pytest.raises(Refusal):
        row.lines.all().delete()
    with pytest.raises(Refusal):
        row.delete()
    assert certificates.void(row, reason="重发", at=NOW).state == "void"
    assert [one.minutes for one in row.lines.all()] == [90]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL: SQLite has no such triggers")
def test_raw_sql_changes_no_issued_certificate(person, serve, committee, staff):
    """T11: while issuing as the release before does, lines after the state, goes on."""
    serve(person, 90)
    row = issue(ask(person), committee, staff)
    for sql in (
        f"UPDATE volunteers_certificate SET total_minutes = 6000 WHERE id = {row.pk}",
        f"UPDATE volunteers_certificate SET state = 'requested' WHERE id = {row.pk}",
        f"UPDATE volunteers_certificateline SET minutes = 6000 WHERE certificate_id = {row.pk}",
        f"DELETE FROM volunteers_certificateline WHERE certificate_id = {row.pk}",
    ):
        with pytest.raises(IntegrityError, match="sealed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO volunteers_certificateline (certificate_id, title, day, minutes) VALUES (%s, '扫地', '2018-12-01', 5)",
            [row.pk],
        )
    assert certificates.void(row, reason="重发", at=NOW).state == "void"
