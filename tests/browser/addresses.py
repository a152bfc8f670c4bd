"""What axe looks at, page by page, in states that are made for it. Whoever adds a page that can look in several ways, or
that has a form, adds a function here that makes its rows and returns addresses:

    @public
    def projects(lane: Lane) -> list[str]: ...

``@public`` is looked at signed out, ``@own`` as ``lane.mother``, who has a child and something signed up; ``@refused``
signed in again, and there the form is sent without what it needs, so that its sentences are looked at too. Kinds of
page that stand in no list are found in the demo's year by following links, and looked at as they stand there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from model_bakery import baker

from activities.emails.wording import action_url
from activities.models import Activity
from activities.operations import sign_ups
from demo.illustrations import picture_for
from people.emails import decision_url
from people.models import Guardianship, Neighbourhood, Person, Team, TeamMembership
from people.operations import guardians
from people.outbox.envelope import UNSUBSCRIBE
from portal import tokens
from projects.emails import UNFOLLOW
from projects.models import (
    Bed,
    Cover,
    Follow,
    OralHistory,
    PlanPicture,
    Project,
    ProjectStage,
    Trail,
    TrailPoint,
    TrailWord,
)
from projects.operations import drafts, feedback
from projects.operations.plan import show_picture
from tests.conftest import NOW
from volunteers.emails import answer_url
from volunteers.models import Rota

Addresses = Callable[["Lane"], list[str]]
PUBLIC: list[Addresses] = []
OWN: list[Addresses] = []
REFUSED: list[Addresses] = []


def public(function: Addresses) -> Addresses:
    PUBLIC.append(function)
    return function


def own(function: Addresses) -> Addresses:
    OWN.append(function)
    return function


def refused(function: Addresses) -> Addresses:
    REFUSED.append(function)
    return function


def path_of(url: str) -> str:
    return urlsplit(url).path


@dataclass
class Lane:
    """A neighbourhood where something is going on. The makers are the fixtures of tests/conftest.py."""

    neighbourhood: Neighbourhood
    make_activity: Callable[..., Activity]
    make_person: Callable[..., Person]
    mother: Person
    child: Person
    first: Activity  # both have a seat
    full: Activity  # both wait
    open: Activity  # to be signed up for

    @property
    def base(self) -> str:
        return f"/{self.neighbourhood.slug}"


def make_lane(neighbourhood, make_activity, make_person, make_child) -> Lane:
    mother = make_person(user=True, name="裴莉")
    child = make_child(mother, name="满满")
    first = make_activity(title="盖草帘", capacity=3)
    sign_ups.sign_up(first, [mother, child], made_by=mother, at=NOW, guardian_consents=True)
    full = make_activity(title="送汤圆", capacity=1, starts_at=NOW + timedelta(days=2))
    for _ in range(2):
        sign_ups.sign_up(full, [one := make_person()], made_by=one, at=NOW)
    sign_ups.sign_up(full, [mother], made_by=mother, at=NOW)
    # More than one kind of place, hour and state: this is what cards and the week show.
    open_one = make_activity(title="元旦亲子数井盖猜谜", capacity=9, starts_at=NOW + timedelta(days=8), min_age=6)
    return Lane(neighbourhood, make_activity, make_person, mother, child, first, full, open_one)


@public
def frame(lane: Lane) -> list[str]:
    several = ["/privacy/", "/accessibility/", "/accounts/join/", "/accounts/password/"]
    return [f"{lane.base}/", *several, "/nowhere/at/all/", f"{lane.base}/activities/999999/"]


@public
def activities(lane: Lane) -> list[str]:
    off = lane.make_activity(title="故事会", status="cancelled", cancel_reason="寒潮大风")
    shown = [one.get_absolute_url() for one in (lane.first, lane.full, off)]
    return [f"{lane.base}/calendar/", f"{lane.base}/calendar/?kind=volunteering&seats=1", *shown]


@public
def projects(lane: Lane) -> list[str]:
    fields = {"neighbourhood": lane.neighbourhood, "is_published": True}
    origin = baker.make(Project, slug="cover", title="井盖彩绘", illustration="covers", **fields)
    wall = baker.make(
        Project, slug="wall", title="故事墙", derived_from=origin, illustration="wall", governance=["self_governance"],
        themes=["warm_home"], approved=100, spent=90, **fields,
    )  # fmt: skip
    baker.make(ProjectStage, project=wall, stage="proposed", start=NOW.date(), end=NOW.date())
    return [f"{lane.base}/projects/", wall.get_absolute_url()]


def on_the_plan(neighbourhood: Neighbourhood, project: Project) -> Cover:
    """The drawn plan with a trail of three covers, a gate, and words about each cover; returns the first cover."""
    here = {"neighbourhood": neighbourhood}
    show_picture(
        baker.make(PlanPicture, title="示意图", notice="仅示意", text_alternative="一条路", **here),
        picture_for("plan", "plan"),
    )
    trail = baker.make(Trail, slug="lane", title="彩虹小路", walk_minutes=15, is_published=True, **here)
    baker.make("people.Location", code="gate", name="南门", kind="gate", x=50, y=96, **here)
    for number, theme in enumerate(["water_saving", "clean_air", "clean_plate"], start=1):
        cover = baker.make(
            Cover, project=project, code=f"JG-{number:02}", title=f"井盖{number}", kind="cover", theme=theme, order=number,
            x=50, y=90 - 8 * number, is_published=True, owner="物业", utility="rain", mark="雨", message="别倒剩汤", **here,
        )  # fmt: skip
        point = baker.make(TrailPoint, trail=trail, piece=cover, order=number)
        baker.make(TrailWord, point=point, name="老陶", words="好看", said_on=NOW.date(), state="shown")
    return Cover.objects.get(code="JG-01", **here)


@public
def plan_and_trail(lane: Lane) -> list[str]:
    here = {"neighbourhood": lane.neighbourhood, "illustration": "covers", "is_published": True}
    covers = baker.make(Project, slug="covers", title="井盖", **here)
    on_the_plan(lane.neighbourhood, covers)
    baker.make(Follow, project=covers, person=lane.mother, since=NOW, told_until=NOW)
    enough = f"/unfollow/{tokens.make(UNFOLLOW, project=covers.pk, people=[lane.mother.pk])}/"
    place, path = f"{lane.base}/places/JG-01/", f"{lane.base}/trails/lane/"
    return [place, f"{place}stamp/", f"{lane.base}/plan/", f"{lane.base}/plan/?zoom=0", path, f"{path}sheet/", enough]


@public
def volunteers_and_learning(lane: Lane) -> list[str]:
    return [f"{lane.base}/volunteers/", f"{lane.base}/learning/"]


@public
def news(lane: Lane) -> list[str]:
    fields = {"kind": "notice", "title": "寒潮提醒", "body": "请包裹水管。", "published_at": NOW}
    article = baker.make("community.Article", neighbourhood=lane.neighbourhood, **fields)
    return [f"{lane.base}/news/", article.get_absolute_url()]


@public
def search(lane: Lane) -> list[str]:
    return [f"{lane.base}/search/", f"{lane.base}/search/?q=草", f"{lane.base}/search/?q=外星人"]


@own
def mine(lane: Lane) -> list[str]:
    first = lane.first
    signed_up = [first.get_absolute_url(), first.get_sign_up_url(), f"{first.get_absolute_url()}withdraw/"]
    family = ["/me/family/add/", f"/me/family/{lane.child.pk}/", f"/me/family/{lane.child.pk}/remove/"]
    kept = [f"{lane.base}/places/JG-01/stamp/", "/me/", "/me/settings/", "/me/consents/", "/me/sessions/"]
    return [f"{lane.base}/", f"{lane.base}/calendar/", *signed_up, *kept, *family]


@own
def second_guardian(lane: Lane) -> list[str]:
    """The page with the link that was made, an invitation by the other parent, and the question after it was accepted."""
    father = lane.make_person(user=True, name="龚磊")
    guardians.invite(lane.child, by=lane.mother, at=NOW)
    sister = lane.make_person(10, email="", name="团团")
    baker.make(Guardianship, guardian=father, child=sister, relation="父亲", declared_at=NOW)
    invited = guardians.invite(sister, by=father, at=NOW)
    brother = lane.make_person(12, email="", name="豆豆")
    baker.make(Guardianship, guardian=lane.mother, child=brother, relation="母亲", declared_at=NOW)
    accepted = guardians.invite(brother, by=lane.mother, at=NOW)
    guardians.accept(accepted, person=father, relation="父亲", at=NOW)
    question = decision_url(lane.mother, invitation=accepted.pk).partition("/mail/")[2]
    pages = [f"/me/family/{child.pk}/guardians/" for child in (lane.child, brother)]
    return [*pages, f"/me/guardian/{invited.secret}/", f"/mail/{question}"]


@own
def waiting_for_a_word(lane: Lane) -> list[str]:
    """A seat is offered to the mother, a helper signed up her child, and every mail has its links."""
    wanted = lane.make_activity(
        title="包汤圆", capacity=1, promotion="offer", minors="no", starts_at=NOW + timedelta(days=5)
    )
    [gone] = sign_ups.sign_up(wanted, [one := lane.make_person()], made_by=one, at=NOW).sign_ups.all()
    waits = sign_ups.sign_up(wanted, [lane.mother], made_by=lane.mother, at=NOW)
    sign_ups.withdraw([gone], at=NOW, by=one)
    assert waits.sign_ups.get().status == "offered"
    helper = lane.make_person(name="袁秀兰")
    kept = lane.make_activity(title="小小讲解员", starts_at=NOW + timedelta(days=9))
    booked = sign_ups.sign_up(kept, [helper, lane.child], made_by=helper, at=NOW)
    assert booked.sign_ups.get(person=lane.child).status == "consent_pending"
    both = lane.first.bookings.get()
    mails = [("withdraw", both), ("accept", waits), ("decline", waits), ("consent", booked)]
    links = [path_of(action_url(purpose, booking, lane.mother)) for purpose, booking in mails]
    digest = f"/mail/unsubscribe/{tokens.make(UNSUBSCRIBE, person=lane.mother.pk, kind='project_digest')}/"
    broken = [link.replace(":", "x:", 1) for link in (links[0], digest)]
    return [f"{wanted.get_absolute_url()}answer/", f"{kept.get_absolute_url()}consent/", *links, digest, *broken]


@own
def service(lane: Lane) -> list[str]:
    """At the spot; one's turns; a morning that lacks hands, asked by mail."""
    team = baker.make("people.Team", neighbourhood=lane.neighbourhood, code="green")
    baker.make(TeamMembership, team=team, person=lane.mother, since=None, until=None)
    baker.make(Rota, team=team, location=lane.first.location, since=NOW.date(), until=None, weeks_ahead=1)
    slot = lane.make_activity(title="护花", kind="duty", team=team, starts_at=NOW + timedelta(days=4))
    asked = path_of(answer_url("take", reader=lane.mother.pk, slot=slot.pk))
    rotas = ["/me/rotas/", f"{lane.base}/volunteers/rota/green/"]
    return [f"{lane.first.get_absolute_url()}here/", *rotas, asked, asked.replace(":", "x:", 1)]


@own
def words_of_ones_own(lane: Lane) -> list[str]:
    """Feedback in an open round and a story told, each with the page that takes it back; the log of a bed."""
    wall = Project.objects.get(slug="wall")
    wall.lead_team = Team.objects.get(code="green")  # of which the mother is
    wall.save()
    here = {"neighbourhood": lane.neighbourhood, "project": wall}
    draft = drafts.prepare(wall, kind="first", summary="十幅画", designer="壁画工作室")
    drafts.add_image(draft, picture_for("draft", "1"), alt="十幅画")
    drafts.publish(draft, at=NOW, by=None, takes_in=[], closes_on=NOW.date() + timedelta(days=9))
    said = feedback.give(draft, "多画点船", at=NOW, by=lane.mother.user, channel="web_form", person=lane.mother)
    baker.make(Bed, code="HT-1", title="花坛", kind="", is_published=True, **here)
    story = baker.make(
        OralHistory, neighbourhood=lane.neighbourhood, title="夏夜", text="一只西瓜切十二块。", told_by="邱阿婆", told_on=NOW.date(),
        sent_at=NOW, sent_by=lane.mother, state="published", text_agreed=True, agreed_on=NOW.date(),
    )  # fmt: skip
    page, told = draft.get_absolute_url(), story.get_absolute_url()
    talk = [page, f"{page}feedback/", f"{page}feedback/{said.number}/take-back/", told, f"{told}take-back/"]
    return [*talk, f"{lane.base}/places/HT-1/upkeep/"]


@refused
def too_hasty(lane: Lane) -> list[str]:
    withdrawing = f"{lane.first.get_absolute_url()}withdraw/"
    own = ["/me/family/add/", "/me/settings/", lane.open.get_sign_up_url(), withdrawing]
    return [
        *own,
        *(f"{lane.base}/{page}/" for page in ("projects/wall/drafts/1/feedback", "places/HT-1/upkeep", "stories/tell")),
    ]
