"""Deliberations: notice, who took part, opinions, votes, results and follow-ups, each published when the files say so."""

from activities.models import Status
from community.models import Deliberation, FollowUp, Group, Opinion, Option, Participant, Side
from community.operations.deliberations import fix_words, missing_in_result
from demo.context import Loading, day, maybe_day, on, span
from demo.source import Row
from demo.texts import NOT_ADOPTED, REVIEWED_AGAIN
from projects.models import DesignDraft, ProjectRecord

TALLY = ("for", "against", "abstain")
Part = ProjectRecord.Part
# The wall was proposed when the covers were looked back on: h02's decision says so.
PROPOSED_AT = {"pj_wall": "h02"}


def load(demo: Loading) -> None:
    for row in demo.rows("hearings", "deliberations"):
        deliberation = demo.keep(deliberation_of(demo, row))
        demo.deliberations[row["id"]] = deliberation
        deliberation.discussed_by.set(demo.meetings[key] for key in row.get("discussed_by", []))
        demo.keep_all(participants(demo, deliberation, row))
        demo.keep_all(sides(demo, deliberation, row))
        demo.keep_all(opinions(demo, deliberation, row))
        demo.keep_all(options(deliberation, row))
        demo.keep_all(follow_ups(demo, deliberation, row))
        if missing := missing_in_result(deliberation):
            raise demo.refused(" ".join(missing))
        fix_words(deliberation)
    load_decisions(demo)


def deliberation_of(demo: Loading, row: Row) -> Deliberation:
    starts_at, ends_at = span(row)
    source = row.get("topic_source", {})
    notice, ratings, committee = row["notice"], row.get("ratings", {}), row.get("appraisal_of_committee", {})
    return Deliberation(
        neighbourhood=demo.neighbourhood,
        kind="deliberation",
        title=row["title"],
        starts_at=starts_at,
        ends_at=ends_at,
        location=demo.places[row["place"]],
        status=Status.DONE,
        type=row["type"],
        convener=demo.committees.get(row.get("convener", ""))
        or demo.committees[demo.section("organisations", "residents_committee")["id"]],
        led_by=demo.orgs.get(row.get("led_by", "")),
        chair=demo.people[row["chair"]],
        recorder=demo.people[row["recorder"]],
        raised_by_org=demo.orgs.get(source.get("ref", "")),
        raised_by_team=demo.teams.get(source.get("ref", "")),
        topic_note=source.get("note", ""),
        items=notice["items"],
        notice_on=day(notice["published"]),
        notice_channels=notice["channels"],
        should_attend=row["should_attend"],
        attended=row["attended"],
        voters=row.get("voters"),
        decision=row.get("decision", ""),
        not_adopted=NOT_ADOPTED.get(row["id"], ""),
        mediator=demo.person(row.get("mediator")),
        agreement=row.get("agreement", ""),
        review_on=maybe_day(REVIEWED_AGAIN.get(row["id"])),
        very_satisfied=ratings.get("very_satisfied"),
        satisfied=ratings.get("satisfied"),
        neutral=ratings.get("neutral"),
        unsatisfied=ratings.get("unsatisfied"),
        committee_satisfied=committee.get("satisfied"),
        committee_basically=committee.get("basically"),
        committee_unsatisfied=committee.get("unsatisfied"),
        result_state=Deliberation.ResultState.PUBLISHED,
        result_at=on(row["published"]),
    )


def participants(demo: Loading, deliberation: Deliberation, row: Row) -> list[Participant]:
    """Those present by group; the absent with their reason, of no group, as the files have none for them."""
    groups = {**row.get("groups", {}), Group.OBSERVERS: row.get("observers", [])}
    here = [(key, {"group": group}) for group, keys in groups.items() for key in keys]
    away = [(one["person"], {"absence": one["reason"]}) for one in row.get("absent", [])]
    return [Participant(deliberation=deliberation, person=demo.people[key], **how) for key, how in here + away]


def sides(demo: Loading, deliberation: Deliberation, row: Row) -> list[Side]:
    signed = row.get("signed_by", [])
    return [
        Side(
            deliberation=deliberation,
            name=one["name"],
            representative=demo.people[one["representative"]],
            has_signed=one["representative"] in signed,
        )
        for one in row.get("parties", [])
    ]


def opinions(demo: Loading, deliberation: Deliberation, row: Row) -> list[Opinion]:
    """Nobody agreed to be named in the files, so nobody is."""
    return [
        Opinion(
            deliberation=deliberation,
            person=demo.people[one["by"]],
            stance=one["stance"],
            text=one["text"],
            reply=one["reply"],
        )
        for one in row.get("opinions", [])
    ]


def options(deliberation: Deliberation, row: Row) -> list[Option]:
    found = [(one["option"], one) for one in row.get("options_voted", [])]
    found += [(one["item"], one) for one in row.get("resolutions", [])]
    return [
        Option(
            deliberation=deliberation,
            text=text,
            votes_for=one["for"],
            votes_against=one["against"],
            abstained=one["abstain"],
            web_for=one.get("web", {}).get("for"),
            web_against=one.get("web", {}).get("against"),
            web_abstained=one.get("web", {}).get("abstain"),
            by_group={group: [votes[name] for name in TALLY] for group, votes in one.get("by_group", {}).items()},
        )
        for text, one in found
    ]


def follow_ups(demo: Loading, deliberation: Deliberation, row: Row) -> list[FollowUp]:
    return [
        FollowUp(
            deliberation=deliberation,
            task=one["task"],
            owner=demo.people[one["owner"]],
            due_on=day(one["due"]),
            done_on=maybe_day(one["done"]),
        )
        for one in row.get("follow_ups", [])
    ]


def load_decisions(demo: Loading) -> None:
    """Each project they were about or that they decided, and the version of its design that they approved."""
    deciding = {row["id"]: row["decided_by"] for row in demo.section("projects", "projects")}
    records = []
    for row in demo.rows("hearings", "deliberations"):
        about = [key for key in (row.get("project"), *row.get("also_covers", [])) if key]
        about += [key for key, deliberation in deciding.items() if deliberation == row["id"] and key not in about]
        for key in about:
            part = Part.REVIEWED if row["type"] == "appraisal" else Part.DISCUSSED
            part = Part.DECIDED if deciding[key] == row["id"] else part
            records.append((key, row["id"], part))
    records += [(key, deliberation, Part.PROPOSED) for key, deliberation in PROPOSED_AT.items()]
    demo.keep_all(
        ProjectRecord(project=demo.projects[key], activity_id=demo.deliberations[deliberation].pk, part=part)
        for key, deliberation, part in records
    )
    for row in demo.section("wall", "drafts"):
        if "approved_by" in row:
            draft = DesignDraft.objects.get(
                project=demo.projects[demo.section("wall", "wall")["project"]], version=row["version"]
            )
            draft.approved_by = demo.deliberations[row["approved_by"]]
            draft.save(update_fields=["approved_by"])
