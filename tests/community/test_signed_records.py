"""A record is signed once complete, then stands; what is put right stands beside what was written (M4, M5, M8, T11)."""

from datetime import timedelta

import pytest
from django.db import models, transaction
from django.utils.translation import override
from model_bakery import baker

from activities.models import Activity
from community.models import Absence, Amendment, Deliberation, FollowUp, Meeting, Opinion, Option
from community.operations import amend_record, publish_result, sign_record
from community.rules.discussed import that_stand
from people.models import PartyMember, Sealed
from people.operations.merging import merge
from people.pages.staff_jobs import jobs_for
from portal.refusals import Refusal
from tests.activities.admin_pages import page
from tests.activities.conftest import branches
from tests.community.conftest import committee, held, make_deliberation
from tests.conftest import NOW
from tests.staff import client_of, said, staff_user

__all__ = ["branches", "committee", "held", "make_deliberation"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def user(neighbourhood):
    return staff_user("system_admin", neighbourhood)


@pytest.fixture
def members(branches, make_person, neighbourhood):
    """Four members of the first branch, the last on probation."""
    people = [make_person(user=number == 0, name=name) for number, name in enumerate(["乔英", "霍明", "柴勇", "马红"])]
    for number, person in enumerate(people):
        baker.make(
            PartyMember, neighbourhood=neighbourhood, person=person, branch=branches["br1"], group=None, since=None,
            until=None, exempt_from=None, status="probationary" if number == 3 else "full",
        )  # fmt: skip
    return people


@pytest.fixture
def meeting(make_activity, branches, members):
    def make(**fields) -> Meeting:
        values = {
            "type": "branch_general_meeting", "organisation": branches["br1"], "visibility": "organisation", "open_to": [],
            "chair": members[0], "recorder": members[1], "resolutions": ["先画一条路"], "agenda": ["井盖"], "title": "党员大会",
            "starts_at": NOW - timedelta(days=2), "status": "done",
        }  # fmt: skip
        return make_activity(model=Meeting, kind="meeting", **values | fields)

    return make


@pytest.fixture
def secretary(neighbourhood, branches):
    return staff_user("branch_secretary", neighbourhood, org=branches["br1"])


# --- signing ---


def test_the_branch_secretary_signs_what_is_complete(meeting, members, secretary, client):
    """M4, M5, M8: counts and the signer are kept; members read what was resolved from then on."""
    one = meeting()
    baker.make(Absence, meeting=one, person=members[2], reason="work")
    office = client_of(secretary)
    url = f"/admin/community/meeting/act/sign-record/?ids={one.pk}"
    shown = office.get(url).content.decode()
    assert "3 of 4 were there." in shown
    assert "柴勇: at work" in shown
    assert said(office.post(url, {"ids": one.pk})) == ["The record is signed; the members read what was resolved."]
    one.refresh_from_db()
    assert (one.record_state, one.signed_at, one.signed_by, one.recorded_at) == ("signed", NOW, secretary, NOW)
    assert (one.should_attend, one.attended, one.is_quorate) == (4, 3, True)
    client.force_login(members[0].user)
    read = client.get(one.get_absolute_url()).content.decode()
    assert "先画一条路" in read
    assert "柴勇" not in read


@pytest.mark.parametrize(("absent", "is_quorate"), [([1, 2], False), ([3], True), ([2, 3], True)])
def test_half_of_those_with_a_vote_are_enough(meeting, members, secretary, absent, is_quorate):
    """M5: who is on probation has no vote; a meeting that could decide nothing does not count as held (M2, D1)."""
    one = meeting(recorder=members[0])
    for number in absent:
        baker.make(Absence, meeting=one, person=members[number], reason="away")
    assert sign_record(one, at=NOW, by=secretary).is_quorate is is_quorate
    assert list(that_stand(NOW)) == ([one] if is_quorate else [])


def test_what_is_not_complete_is_not_signed(meeting, members, secretary, make_person, make_activity):
    """M4: each sentence names what to do; nothing is written."""
    cases = [
        ({"chair": None}, "who chaired it and who took notes"),
        ({"resolutions": []}, "if nothing was, write that"),
        ({"status": "draft"}, "or is a draft"),
        ({"starts_at": NOW + timedelta(hours=1)}, "has not taken place yet"),
    ]
    for fields, words in cases:
        with pytest.raises(Refusal, match=words):
            sign_record(meeting(**fields), at=NOW, by=secretary)
    one = meeting()
    baker.make(Absence, meeting=one, person=make_person(name="外人"), reason="away")
    with pytest.raises(Refusal, match="Not expected on that day.*外人"):
        sign_record(one, at=NOW, by=secretary)
    two = meeting()
    baker.make(Absence, meeting=two, person=members[0], reason="away")
    with pytest.raises(Refusal, match="乔英 cannot have chaired"):
        sign_record(two, at=NOW, by=secretary)
    three = meeting()
    booking = baker.make("activities.Booking", activity=three, sequence=1, made_by=members[2], made_at=NOW)
    baker.make("activities.SignUp", booking=booking, activity=three, person=members[2], status="absent")
    with pytest.raises(Refusal, match="no reason is given: 柴勇"):
        sign_record(three, at=NOW, by=secretary)
    assert not Meeting.objects.filter(record_state="signed").exists()


def test_another_branch_signs_nothing_here(meeting, neighbourhood, branches):
    other = client_of(staff_user("branch_secretary", neighbourhood, org=branches["br2"]))
    one = meeting()
    url = "/admin/community/meeting/act/sign-record/"
    other.post(f"{url}?ids={one.pk}", {"ids": one.pk})
    one.refresh_from_db()
    assert one.record_state == "planned"


def test_the_secretary_is_told_what_to_sign(rf, meeting, secretary, neighbourhood, branches):
    """M8: held and unsigned, of the own branch; a draft, a cancelled one and one to come are no job."""
    held = meeting(title="要签的会")
    meeting(title="草稿会", status="draft")
    meeting(title="取消的会", status="cancelled")
    meeting(title="明天的会", starts_at=NOW + timedelta(days=1), status="published")
    meeting(title="别支部的会", organisation=branches["br2"])
    request = rf.get("/admin/")

    def lines(user) -> list[str] | None:
        request.user = user
        return next(
            ([one.title for one in job.lines] for job in jobs_for(request) if job.title == "Records to sign"), None
        )

    assert lines(secretary) == ["要签的会"]
    listed = client_of(secretary).get("/admin/community/meeting/?record=unsigned").content.decode()
    assert "要签的会" in listed
    assert "草稿会" not in listed
    sign_record(held, at=NOW, by=secretary)
    assert lines(secretary) == []
    assert lines(staff_user("committee_admin", neighbourhood)) is None


# --- what is sealed ---


@pytest.fixture
def signed(meeting, members, secretary):
    one = meeting()
    baker.make(Absence, meeting=one, person=members[2], reason="work")
    return sign_record(one, at=NOW, by=secretary)


@pytest.fixture
def published(held, user, make_person):
    baker.make(FollowUp, deliberation=held, task="买漆", owner=make_person(), due_on=NOW.date(), done_on=None)
    return publish_result(held, at=NOW, by=user)


def other_than(field: models.Field, value):
    if isinstance(field, models.DateTimeField):
        return (value or NOW) - timedelta(minutes=7)
    if isinstance(field, models.DateField):
        return NOW.date() - timedelta(days=400)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.IntegerField):
        return (value or 0) + 1
    if isinstance(field, models.JSONField):
        return {"residents": [9, 9, 9]} if isinstance(value, dict) else ["改了"]
    if isinstance(field, models.ForeignKey):
        return None if value else baker.make(field.related_model).pk
    return next((code for code, _label in field.choices or () if code != value), "改了")


def sealed_rows(meeting: Meeting, deliberation: Deliberation):
    """(row, sealed field) of everything that stands with the two."""
    rows = [meeting, deliberation, *meeting.absences.all(), *deliberation.opinions.all()]
    rows += [*deliberation.options.all(), *deliberation.follow_ups.all()]
    for row in rows:
        for name in (*row.seal.columns, *row.seal.pointers):
            yield row, row._meta.get_field(name)


def test_no_sealed_column_changes_by_save_or_update(signed, published):
    """T11: each column by itself, also by the base's own QuerySet and by bulk_update; all would change but for the seal."""
    tried = 0
    for row, field in sealed_rows(signed, published):
        fresh = type(row)._base_manager.get(pk=row.pk)
        value = other_than(field, getattr(fresh, field.attname))
        setattr(fresh, field.attname, value)
        for change in (
            fresh.save,
            lambda fresh=fresh, field=field: fresh.save(update_fields=[field.name]),
            lambda row=row, field=field, value=value: type(row).objects.filter(pk=row.pk).update(**{field.name: value}),
            lambda fresh=fresh, field=field: type(fresh).objects.bulk_update([fresh], [field.name]),
        ):
            with pytest.raises(Refusal, match="stays as it is"), transaction.atomic():
                change()
            tried += 1
    assert tried > 200
    for row in (signed, published):
        with pytest.raises(Refusal):
            Activity.objects.filter(pk=row.pk).update(title="改了")
        base = Activity.objects.get(pk=row.pk)
        base.title = "改了"
        with pytest.raises(Refusal):
            base.save()
        with pytest.raises(Refusal):
            row.delete()
        with pytest.raises(Refusal):
            Activity.objects.filter(pk=row.pk).delete()


def test_nothing_is_added_to_or_taken_from_what_is_sealed(signed, published, members):
    """T11: and a signed record does not become a draft."""
    with pytest.raises(Refusal):
        Absence.objects.create(meeting=signed, person=members[3], reason="away")
    with pytest.raises(Refusal):
        Opinion.objects.bulk_create([Opinion(deliberation=published, stance="support", text="好")])
    for rows in (signed.absences.all(), published.options.all(), published.opinions.all()):
        with pytest.raises(Refusal):
            rows.delete()
        with pytest.raises(Refusal):
            rows.first().delete()
    signed.record_state = "draft"
    with pytest.raises(Refusal):
        signed.save()
    with pytest.raises(Refusal):
        Deliberation.objects.filter(pk=published.pk).update(result_state="pending")


def test_what_goes_on_after_it_stays_open(signed, published):
    """T11: follow-ups are ticked off, states go on, an unsigned record is written freely."""
    task = published.follow_ups.get()
    task.done_on = NOW.date()
    task.save()
    published.follow_ups.update(done_on=None)
    signed.visibility = "public"
    signed.save()
    Activity.objects.filter(pk=signed.pk).update(revision=2)
    Meeting.objects.filter(pk=signed.pk).update(record_state="amended")
    Meeting.objects.create(
        **{name: getattr(signed, name) for name in ("neighbourhood", "starts_at", "ends_at", "type", "kind")},
        title="新",
    ).delete()


def test_joining_two_records_of_a_person_moves_their_names_in_signed_records(signed, members, make_person, user):
    """T11: a person pointer, by the one operation for it."""
    kept = make_person(name="柴勇", email="")
    merge(kept, members[2], reason="同一人", by=user, at=NOW)
    assert [row.person for row in signed.absences.all()] == [kept]


def test_the_form_of_a_signed_record_offers_nothing_to_type(signed, published, secretary, neighbourhood):
    """T11: titles of signed records were rewritten in the ordinary form."""
    office = client_of(secretary)
    shown = office.get(page("change", signed.pk, model="community_meeting")).content.decode()
    for name in ("title", "text", "location_note", "agenda", "resolutions", "absences-0-reason"):
        assert f'name="{name}"' not in shown
    office.post(page("change", signed.pk, model="community_meeting"), {"title": "改了", "text": "改了"})
    desk = client_of(staff_user("committee_admin", neighbourhood))
    shown = desk.get(page("change", published.pk, model="community_deliberation")).content.decode()
    for name in ("title", "text", "decision", "materials", "notice_channels", "discussed_by", "options-0-text"):
        assert f'name="{name}"' not in shown
    assert 'name="follow_ups-0-done_on"' in shown
    assert set(Activity.objects.values_list("title", flat=True)) == {"党员大会", "井盖彩绘听证会"}


def test_every_column_of_a_sealed_model_is_decided():
    """A column of tomorrow is sealed, or named here with why it goes on changing."""
    base = {field.name for field in Activity._meta.concrete_fields}
    open_ones = {
        Meeting: {"activity_ptr", "record_state", "signed_by"},
        Deliberation: {"activity_ptr", "result_state"},
        FollowUp: {"id", "deliberation", "done_on"},
    }
    for model in Sealed.declared:
        if model._meta.app_label != "community":
            continue
        own = {field.name for field in model._meta.concrete_fields} - base
        assert own - {*model.seal.columns, *model.seal.pointers} <= open_ones.get(model, {"id", model.seal.of}), model
    assert len([one for one in Sealed.declared if one._meta.app_label == "community"]) == 8
    assert Option in Sealed.declared


# --- amending ---


def test_an_amendment_keeps_old_and_new_with_who_when_and_why(signed, members, secretary, client):
    """M8, T11: by the act in the staff pages, read on the record's page and in its form."""
    office = client_of(secretary)
    url = f"/admin/community/meeting/act/amend-record/?ids={signed.pk}"
    form = office.get(url).context["form"]
    sent = {name: form[name].value() for name in ("title", "text", "chair", "recorder", "location")}
    for name in ("starts_at", "ends_at"):
        value = form.fields[name].widget.decompress(form[name].value())
        sent |= {f"{name}_0": value[0], f"{name}_1": value[1]}
    sent |= {"ids": signed.pk, "agenda": "井盖", "resolutions": "先画两条路", "absences": "柴勇: at work\n马红: ill"}
    unsaid = office.post(url, {**sent, "reason": ""})
    assert "先画两条路" in unsaid.content.decode()  # what was typed stays
    assert not Amendment.objects.exists()
    assert said(office.post(url, {**sent, "reason": "记录抄错"})) == [
        "Amended; what stood there before is kept beside it."
    ]

    one = Amendment.objects.get()
    assert (one.made_at, one.made_by, one.reason) == (NOW, secretary, "记录抄错")
    assert one.before == {"resolutions": ["先画一条路"], "absences": ["柴勇: 工作"]} or one.before["resolutions"] == [
        "先画一条路"
    ]
    assert one.after["resolutions"] == ["先画两条路"]
    signed.refresh_from_db()
    assert (signed.record_state, signed.attended, signed.title) == ("amended", 2, "党员大会")
    client.force_login(members[0].user)
    client.cookies["django_language"] = "en"
    read = client.get(signed.get_absolute_url()).content.decode()
    assert "<del>先画一条路</del>" in read
    assert "<ins>先画两条路</ins>" in read
    assert "<b>Thu 20 Dec 2018</b> · br1: 记录抄错" in read
    assert "马红" not in read  # absences are the branch's own
    assert "先画一条路" in office.get(page("change", signed.pk, model="community_meeting")).content.decode()


@pytest.mark.parametrize(
    ("columns", "reason", "words"),
    [
        ({"title": "改了"}, " ", "Please say why it is amended"),
        ({}, "抄错", "Nothing would change"),
        ({"ends_at": NOW + timedelta(days=1)}, "抄错", "Please write an end that is past"),
        ({"resolutions": []}, "抄错", "if nothing was, write that"),
    ],
)
def test_an_amendment_is_refused_whole(signed, secretary, columns, reason, words):
    with pytest.raises(Refusal, match=words):
        amend_record(signed, at=NOW, by=secretary, reason=reason, columns=columns)
    assert Meeting.objects.get().record_state == "signed"
    assert Meeting.objects.get().title == "党员大会"
    assert not Amendment.objects.exists()


def test_what_is_not_signed_is_not_amended(meeting, secretary):
    with pytest.raises(Refusal, match="is not signed yet"):
        amend_record(meeting(), at=NOW, by=secretary, reason="抄错", columns={"title": "改了"})
