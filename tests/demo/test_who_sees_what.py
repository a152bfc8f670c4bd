"""Who sees what of the demo year, whose consent it has, and what stands in public."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import F

from activities.models import Activity, ActivityConsent, SignUp
from activities.operations import lifecycle
from activities.rules import adult_ratio, ages, eligibility, guardian_consent
from community.models import Article, Meeting
from events.models import LearningEvent
from people.access.viewer import Viewer
from people.models import Consent, Guardianship, Photo, User
from people.rules import consent
from portal import clock
from portal.refusals import Refusal
from projects.models import Feedback, Project
from projects.operations import feedback, following
from volunteers.models import Shift

pytestmark = pytest.mark.django_db


# Who sees what


VIEWERS = [
    "p001", "p033", "p002", "s02", "s03", "s04", "s05", "p007", "r001", "p012", "d08", "r022", "r009", "r031",
]  # fmt: skip


@pytest.fixture
def sees(lane):
    """The ids of the accounts that see an activity; "" for a visitor who is not logged in."""

    def find(activity):
        users = [("", None), *((key, User.objects.get(email=f"{key}@demo.invalid")) for key in VIEWERS)]
        return {
            key
            for key, user in users
            if Activity.objects.visible_to(Viewer(lane, user)).filter(pk=activity.pk).exists()
        }

    return find


@pytest.mark.parametrize(
    ("key", "readers"),
    [
        # the group's members among the accounts, its branch's secretary, the party_admin, and nobody else
        ("g1a_gp_201812", {"p001", "p002", "p007"}),
        ("g1b_gp_201812", {"p001", "p002", "p012"}),
        ("g3b_gp_201812", {"p001", "p033"}),
        ("g2a_gp_201812", {"p001"}),
        ("br1_gm_201812", {"p001", "p002", "p007", "p012"}),
        ("br2_ol_201812", {"p001"}),
        ("br3_gm_201812", {"p001", "p033"}),
        # committee meetings: post holders
        ("br1_cm_201812", {"p001", "p002"}),
        ("gb600_gc_201812", {"p001", "p033"}),
        ("br3_td_201805", {"p001", "p033"}),
    ],
)
def test_a_party_meeting_is_seen_by_its_members_its_secretary_and_the_party_admin_only(
    year, meeting, sees, key, readers
):
    assert sees(meeting(key)) == readers


def test_the_teams_own_affairs_are_seen_by_the_team_and_the_staff_in_charge(year, sees):
    duty = Shift.objects.filter(kind="duty").first()
    monthly = Meeting.objects.filter(type="team_meeting").order_by("starts_at").first()

    assert sees(duty) == sees(monthly)
    assert sees(duty) & {"", "r001", "r009", "r031", "p012", "p002"} == set()
    assert {"p007", "r022", "d08"} <= sees(duty)


def test_shifts_and_learning_events_are_public(year, shift, sees):
    everyone = {"", *VIEWERS}

    assert sees(shift("va19")) == everyone
    assert sees(LearningEvent.objects.get(title="参观上海解放纪念馆")) == everyone
    assert sees(Meeting.objects.get(visibility="public")) == everyone


# Children and consents


def test_consents_go_by_the_age_on_the_day(year, person):
    """V4: k03 was 13 at her first activity and is 14 from 2018-09-01."""
    k03 = person("k03")

    assert (k03.age_on(date(2018, 4, 22)), k03.age_on(date(2018, 8, 31)), k03.age_on(date(2018, 9, 1))) == (13, 13, 14)
    assert consent.who_decides(k03, "data", date(2018, 8, 31)) == consent.GUARDIAN
    assert consent.who_decides(k03, "data", date(2018, 9, 1)) == consent.SELF
    assert consent.has(k03, "data", date(2018, 8, 31))
    assert consent.has(k03, "data", date(2018, 9, 1))
    own = Consent.objects.get(person=k03, given_by=k03)
    assert (own.purpose, own.text.version, clock.local_date(own.given_at)) == (
        "data",
        "居民告知书 1.0",
        date(2018, 9, 1),
    )


def test_every_minor_with_a_seat_has_the_consents_that_the_day_asks_for(year):
    rows = SignUp.objects.holding_seats().exclude(status="consent_pending").select_related("person", "activity")
    minors = [row for row in rows if not row.person.is_adult_on(ages.day_of(row.activity))]

    assert [str(row) for row in minors if not guardian_consent.consented(row.activity, row.person)] == []
    assert len(minors) > 50


def test_the_little_ones_come_with_a_parent(year, person, shift):
    """V5: k08 (6) and k06 (7) serve with a parent, k10 with her guardian; nobody is left without an adult."""
    for activity in Activity.objects.filter(status="published", starts_at__gt=clock.now()):
        rows = list(activity.sign_ups.live().exclude(status="waiting").select_related("person"))
        assert adult_ratio.left_alone(activity, rows) == []
    pairs = [("va21", "k08", "p038"), ("va21", "k06", "r010"), ("va18", "k10", "r013")]
    for key, child, parent in pairs:
        row = shift(key).sign_ups.get(person=person(child))
        assert (row.status, row.companion) == ("confirmed", person(parent))


def test_those_who_painted_the_covers_were_invited_first(year, person, shift):
    """S25: va09, and the other days at the wall, first to those who came to va01."""
    wall = shift("va09")
    window = wall.signup_from + timedelta(hours=1)
    assert wall.invite_first_id == shift("va01").pk
    assert window < wall.opens_to_all_at
    eligibility.check_invited_first(wall, [person("k08")], person("p038"), at=window)
    with pytest.raises(Refusal, match=wall.invite_first.title):
        eligibility.check_invited_first(wall, [person("k07")], person("r011"), at=window)
    eligibility.check_invited_first(wall, [person("k07")], person("r011"), at=wall.opens_to_all_at)


def test_a_new_time_asks_the_guardians_of_the_demo_again(year, person, shift):
    """V4: k06 and k08 are signed up for va21; moved, both seats wait for a new yes."""
    activity = shift("va21")
    clerk = User.objects.get(email="s02@demo.invalid")
    hour = timedelta(hours=1)
    with transaction.atomic():
        lifecycle.move(
            activity,
            at=clock.now(),
            by=clerk,
            starts_at=activity.starts_at + hour,
            ends_at=activity.ends_at + hour,
            location=activity.location,
        )
        waiting = activity.sign_ups.filter(status="consent_pending").values_list("person__name", flat=True)
        assert set(waiting) == {person("k06").name, person("k08").name}
        transaction.set_rollback(True)


def test_guardians_who_signed_on_paper_are_confirmed_by_staff(year, files):
    assert set(Guardianship.objects.values_list("state", "confirmed_by__email")) == {("confirmed", "s02@demo.invalid")}
    assert ActivityConsent.objects.filter(channel="paper").exclude(entered_by__email="s02@demo.invalid").count() == 0
    sheets = [row for row in files.section("volunteers", "activity_consents") if "sheet" in row]
    assert ActivityConsent.objects.exclude(sheet_number="").count() == sum(len(row["given"]) for row in sheets)


def test_what_was_not_agreed_to_has_no_consent(year, person):
    assert not consent.has(person("k08"), "photo")  # withdrawn on 2018-11-02
    withdrawn = Consent.objects.get(person=person("k08"), purpose="photo")
    assert (clock.local_date(withdrawn.revoked_at), withdrawn.revoked_by) == (date(2018, 11, 2), person("p038"))
    assert not consent.has(person("k10"), "photo")
    assert not consent.has(person("k11"), "nickname")
    assert set(Consent.objects.filter(person=person("p003")).values_list("purpose", "channel")) == {
        ("data", "paper"),
        ("service", "paper"),
        ("record", "paper"),
    }
    assert set(Consent.objects.filter(person=person("r031")).values_list("purpose", "channel")) == {("data", "web")}


def test_of_the_archive_only_ph05_is_kept_back(year, person):
    hidden = Photo.objects.filter(published_at=None)

    assert [one.caption for one in hidden] == ["居民为故事墙装扮绿化"]
    assert person("k10") in hidden.get().people.all()
    assert not hidden.get().folder


# Projects and articles


def test_success_gave_rise_to_the_next(year):
    """S22: the covers gave rise to the wall, the wall to the green."""
    assert {one.slug: one.derived_from and one.derived_from.slug for one in Project.objects.all()} == {
        "cover": None,
        "wall": "cover",
        "green": "wall",
        "home": None,
    }
    green = Project.objects.get(slug="green")
    assert [stage.stage for stage in green.stages.filter(skipped=True)] == ["designing", "feedback", "approved"]
    assert (green.lead_team.name, str(green.spent)) == ("护花小队", "5130.00")


def test_the_walls_design_was_answered_and_is_final(year):
    """S24: four versions, twelve items, the channels and answers of the files; everybody was told at the time."""
    drafts = list(Project.objects.get(slug="wall").drafts.order_by("version"))
    items = Feedback.objects.of_project(drafts[0].project)

    assert [(one.version, one.kind, one.is_final) for one in drafts] == [
        (1, "first", False),
        (2, "revision", False),
        (3, "revision", False),
        (4, "final", True),
    ]
    assert (drafts[3].notice_from, drafts[3].notice_until) == (date(2018, 8, 19), date(2018, 8, 28))
    assert [one.took_in.count() for one in drafts] == [0, 4, 3, 4]
    assert items.tally().by_disposition == {"adopted": 8, "partly_adopted": 3, "not_adopted": 1}
    assert [item.number for item in items if item.has_pin] == [1, 2, 3, 4, 5]
    assert not items.filter(told_revision__lt=F("revision")).exists()
    assert following.queue_digests(clock.now()) == feedback.tell_settled(clock.now()) == 0


def test_articles_stand_with_their_activity_and_project(year, shift):
    preview = Article.objects.get(title="冬至给独居老人送汤圆")

    assert preview.activity_id == shift("va19").pk
    assert {one.article.title for one in Project.objects.get(slug="cover").project_articles.all()} == {
        "关于召开主干道井盖彩绘听证会的通知",
        "井盖彩绘听证会结果公布",
        "招募小彩笔志愿者",
        "井盖彩绘经费使用情况",
    }
    story = Article.objects.get(kind="story")
    assert (story.author.name, story.outlet) == ("柏志强", "社区小报（演示）")
