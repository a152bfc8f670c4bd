"""What the page of a deliberation adds to the page of any activity: the notice (D1) and, once published, the result (D2 to D4)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, DateTimeField, F, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Activity
from community.models import Deliberation, FollowUp, Group, NoticeChannel, Opinion, Option
from community.pages.amendments import amendments_of
from community.rules import about
from community.rules.capacities import holders, in_order, one_of
from community.rules.discussed import discussed_first
from people.access.viewer import Viewer
from portal import clock

#: Words and looks of the three counts of a vote; a look only helps, the word and the number stand beside it.
VOTE = [("a", gettext_lazy("in favour")), ("d", gettext_lazy("against")), ("n", gettext_lazy("abstained"))]
RATING = [
    ("a", gettext_lazy("very satisfied")),
    ("b", gettext_lazy("satisfied")),
    ("n", gettext_lazy("neutral")),
    ("d", gettext_lazy("not satisfied")),
]
OF_COMMITTEE = [
    ("a", gettext_lazy("satisfied")),
    ("b", gettext_lazy("basically satisfied")),
    ("d", gettext_lazy("not satisfied")),
]


@dataclass(frozen=True)
class Part:
    """One step of a bar (components/_bar.html)."""

    css: str
    label: str
    count: int
    x: int
    width: int


@dataclass(frozen=True)
class Vote:
    """One option: ``rows`` are the table behind the bar, (who, for, against, abstained); the web's stand apart."""

    text: str
    is_carried: bool
    bar: list[Part]
    rows: list[tuple[str, list[int]]]
    web: list[int] | None


@dataclass(frozen=True)
class Said:
    stance: str
    stance_words: str
    text: str
    who: str
    reply: str


@dataclass(frozen=True)
class Task:
    text: str
    who: str
    due_on: date
    done_on: date | None
    state: str  # done, overdue or open


@dataclass
class Result:
    """Everything that is public once the result is."""

    chair: str
    recorder: str
    mediator: str
    votes: list[Vote]
    opinions: list[Said]
    tasks: list[Task]
    sides: list[tuple[str, bool]] = field(default_factory=list)
    ratings: list[Part] = field(default_factory=list)
    of_committee: list[Part] = field(default_factory=list)


def deliberation_details(activity: Activity, viewer: Viewer) -> dict:
    """Context of ``community/_deliberation.html``; at most six queries. An unpublished result is staff's only."""
    found = Deliberation.objects.select_related(
        "convener", "led_by", "raised_by_org", "raised_by_team", "chair", "recorder", "mediator__unit"
    )
    deliberation = about.with_links(found.filter(pk=activity.pk)).first()
    if deliberation is None:
        return {}
    deliberation.neighbourhood = activity.neighbourhood
    today = clock.today()
    is_over = deliberation.is_past(at=clock.now()) and not deliberation.is_cancelled
    is_preview = not deliberation.is_public_result and viewer.has_perm("community.change_deliberation")
    shows_result = is_over and (deliberation.is_public_result or is_preview)
    known = gathered(deliberation, with_result=shows_result)
    groups, named = who_came(known.present)
    return {
        "deliberation": deliberation,
        "items": [str(item) for item in deliberation.items],
        "materials": [str(item) for item in deliberation.materials],
        "channels": [str(NoticeChannel(code).label) for code in deliberation.notice_channels],
        "notice_days": notice_days(deliberation),
        "before": known.before,
        "groups": groups,
        "others": max((deliberation.attended or 0) - named, 0) if shows_result else 0,
        "is_over": is_over,
        "is_late": is_over and not deliberation.is_public_result and deliberation.result_due_on < today,
        "is_preview": is_preview and is_over,
        "amendments": amendments_of(deliberation, who=deliberation.convener) if deliberation.correction else [],
        "result": result_of(deliberation, known, today) if shows_result else None,
        "links": about.links_of_activity(activity, viewer, asked=deliberation),
    }


def notice_days(deliberation: Deliberation) -> int | None:
    if deliberation.notice_on is None:
        return None
    return (clock.local_date(deliberation.starts_at) - deliberation.notice_on).days


@dataclass
class Gathered:
    """What hangs on a deliberation by name, from four tables in one query."""

    present: list[tuple[str, int]] = field(default_factory=list)  # (group, person id)
    posts: dict[int, str] = field(default_factory=dict)  # of chair, recorder and mediator: the post alone (V6)
    before: list[tuple[str, date]] = field(default_factory=list)  # (branch, day): where it was discussed first (D1)
    sides: list[tuple[str, bool]] = field(default_factory=list)  # (name, has signed) of the parties (D4)


def gathered(deliberation: Deliberation, *, with_result: bool) -> Gathered:
    """Branches are named by name and day; their meetings' pages are their members'."""
    # Typed, or PostgreSQL takes the empty columns for texts.
    none, never = Cast(Value(None), BigIntegerField()), Cast(Value(None), DateTimeField())
    here = deliberation.participants.filter(absence="").order_by()
    rows = here.values_list(Value("group", CharField()), F("group"), F("person"), none, never)
    others: list[Any] = []
    if deliberation.led_by_id:
        met = discussed_first(deliberation, clock.now()).order_by()
        others.append(
            met.values_list(Value("before", CharField()), F("organisation__name"), F("pk"), none, F("starts_at"))
        )
    officers = {pk for pk in (deliberation.chair_id, deliberation.recorder_id, deliberation.mediator_id) if pk}
    if with_result and officers:
        posts = holders(deliberation, officers).order_by()
        others.append(posts.values_list(Value("post", CharField()), F("post"), F("person"), F("committee"), never))
    if with_result and deliberation.type == Deliberation.Type.COORDINATION:
        signed = Case(When(has_signed=True, then=1), default=0, output_field=BigIntegerField())
        sides = deliberation.sides.order_by()
        others.append(sides.values_list(Value("side", CharField()), F("name"), F("pk"), signed, never))
    found = list(rows.union(*others, all=True) if others else rows)
    of = {name: [row for row in found if row[0] == name] for name in ("group", "post", "before", "side")}
    return Gathered(
        [(group, person) for _kind, group, person, _none, _never in of["group"]],
        in_order((committee, person, post) for _kind, post, person, committee, _never in of["post"]),
        [(name, clock.local_date(at)) for _kind, name, _pk, _none, at in sorted(of["before"], key=itemgetter(4, 2))],
        [(name, bool(signed)) for _kind, name, _pk, signed, _never in sorted(of["side"], key=itemgetter(2))],
    )


def who_came(present: list[tuple[str, int]]) -> tuple[list[tuple[str, int]], int]:
    """[(group, how many present)] in the order of the groups, and how many people in all: counts, no names (V6).

    Somebody may come for two groups and is one person.
    """
    counted = Counter(group for group, _person in present)
    people = {person for group, person in present if group not in {"", Group.OBSERVERS}}  # observers come on top
    return [(str(group.label), counted[group]) for group in Group if counted[group]], len(people)


def result_of(deliberation: Deliberation, known: Gathered, today: date) -> Result:
    posts = known.posts
    mediator = deliberation.mediator
    return Result(
        chair=posts.get(deliberation.chair_id or 0, ""),
        recorder=posts.get(deliberation.recorder_id or 0, ""),
        mediator=(posts.get(mediator.pk) or (mediator.unit.name if mediator.unit else "")) if mediator else "",
        votes=[vote(option) for option in deliberation.options.all()],
        opinions=[said(opinion) for opinion in deliberation.opinions.all()],
        tasks=[task(follow_up, today) for follow_up in deliberation.follow_ups.all()],
        sides=known.sides,
        ratings=bar(deliberation.ratings(Deliberation.RATINGS), RATING),
        of_committee=bar(deliberation.ratings(Deliberation.COMMITTEE_RATINGS), OF_COMMITTEE),
    )


def bar(counts: Sequence[int] | None, looks: Sequence[tuple[str, object]]) -> list[Part]:
    """Steps of a bar, in thousandths of its width; none where nobody counted or was asked."""
    if not counts or not sum(counts):
        return []
    edges = [round(1000 * sum(counts[:number]) / sum(counts)) for number in range(len(counts) + 1)]
    return [
        Part(css, str(label), count, edges[number], edges[number + 1] - edges[number])
        for number, ((css, label), count) in enumerate(zip(looks, counts, strict=True))
    ]


def vote(option: Option) -> Vote:
    rows = [(_("In the room"), option.votes)]
    rows += [
        (str(group.label), option.by_group[group])
        for group in Group
        if option.by_group and sum(option.by_group.get(group, []))
    ]
    return Vote(option.text, option.is_carried, bar(option.votes, VOTE), rows, option.web_votes)


def said(opinion: Opinion) -> Said:
    """By the words kept at publication, before that by the group; nobody by name (V6)."""
    who = opinion.said_as or one_of(opinion.group)
    return Said(opinion.stance, str(opinion.get_stance_display()), opinion.text, who, opinion.reply)


def task(follow_up: FollowUp, today: date) -> Task:
    state = "done" if follow_up.done_on else "overdue" if follow_up.is_overdue(on=today) else "open"
    who = follow_up.owner_as or (one_of("") if follow_up.owner_id else "")
    return Task(follow_up.task, who, follow_up.due_on, follow_up.done_on, state)
