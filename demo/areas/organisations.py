"""Superior bodies, Party organisations with members and posts, committees, companies, units and teams."""

from demo.context import Loading, day, maybe_day
from demo.source import Row
from people.models import (
    Committee,
    CommitteePost,
    DualRegistration,
    PartnerUnit,
    PartyMember,
    PartyOrg,
    PropertyCompany,
    Superior,
    Team,
    TeamMembership,
)


def load_units(demo: Loading) -> None:
    """Partner units come before the people who work there."""
    demo.units = demo.keep_each(
        "organisations",
        "partner_units",
        lambda row: PartnerUnit(
            neighbourhood=demo.neighbourhood, name=row["name"], kind=row["kind"], party_body=row["party_body"]
        ),
    )


def load(demo: Loading) -> None:
    demo.superiors = demo.keep_each(
        "organisations",
        "superiors",
        lambda row: Superior(
            neighbourhood=demo.neighbourhood, name=row["name"], kind=row["kind"], note=row.get("note", "")
        ),
    )
    load_party(demo)
    load_committees(demo)
    load_companies(demo)
    load_teams(demo)
    for row in demo.rows("organisations", "partner_units"):
        unit = demo.units[row["id"]]
        unit.contact = demo.people[row["contact"]]
        unit.save(update_fields=["contact"])
    demo.keep_all(
        DualRegistration(
            person=demo.people[row["person"]],
            unit=demo.units[row["unit"]],
            registered_on=day(row["registered"]),
            skills=row["skills"],
            service_times=row["service_times"],
        )
        for row in demo.rows("organisations", "dual_registration")
    )


def load_party(demo: Loading) -> None:
    for row in demo.rows("organisations", "party"):
        org = demo.keep(
            PartyOrg(
                neighbourhood=demo.neighbourhood,
                code=row["id"],
                kind=row["kind"],
                name=row["name"],
                parent=demo.orgs.get(row["parent"]),
                superior=demo.superiors.get(row["parent"]),
                leader=demo.person(row.get("leader")),
                term_start=maybe_day(row.get("term_start")),
                term_years=row.get("term_years"),
                theme_day=row.get("theme_day", ""),
            )
        )
        org.area.set(demo.buildings[key] for key in row.get("area", []))
        demo.orgs[row["id"]] = org
        hold_posts(demo, row.get("committee", []), org=org, since=row.get("term_start"))
    demo.keep_all(
        PartyMember(
            neighbourhood=demo.neighbourhood,
            person=demo.people[row["id"]],
            branch=demo.orgs[row["org"]],
            group=demo.orgs[row["group"]],
            status=row["status"],
            joined_party_on=day(row["joined"]),
            # Since when they belong to this branch is not told; a probationary member was admitted by it.
            since=day(row["joined"]) if row["status"] == PartyMember.Status.PROBATIONARY else None,
            exempt_from=maybe_day(row.get("exempt_from")),
            exempt_reason=row.get("exempt", ""),
            show_party_identity=row.get("show_party_identity", False),
        )
        for row in demo.rows("people", "party_members")
    )


def hold_posts(demo: Loading, rows: list[Row], *, org=None, committee=None, since: str | None = None) -> None:
    demo.keep_all(
        CommitteePost(
            org=org, committee=committee, person=demo.people[row["person"]], post=row["post"], since=maybe_day(since)
        )
        for row in rows
    )


def load_committees(demo: Loading) -> None:
    row = demo.single("organisations", "residents_committee")
    committee = demo.keep(
        Committee(
            neighbourhood=demo.neighbourhood,
            code=row["id"],
            kind=Committee.Kind.RESIDENTS,
            name=row["name"],
            subcommittees=row["subcommittees"],
            can_issue_certificates=row["can_issue_volunteer_certificate"],
        )
    )
    demo.committees[row["id"]] = committee
    hold_posts(demo, row["members"], committee=committee)
    for row in demo.rows("organisations", "owners_committees"):
        committee = demo.keep(
            Committee(
                neighbourhood=demo.neighbourhood,
                code=row["id"],
                kind=Committee.Kind.OWNERS,
                name=row["name"],
                compound=demo.compounds[row["compound"]],
                term_start=day(row["term_start"]),
                term_years=row["term_years"],
            )
        )
        demo.committees[row["id"]] = committee
        hold_posts(demo, row["members"], committee=committee, since=row["term_start"])


def load_companies(demo: Loading) -> None:
    for row in demo.rows("organisations", "property_companies"):
        company = demo.keep(
            PropertyCompany(neighbourhood=demo.neighbourhood, name=row["name"], contact=demo.people[row["manager"]])
        )
        company.compounds.set(demo.compounds[key] for key in row["serves"])
        demo.companies[row["id"]] = company


def load_teams(demo: Loading) -> None:
    garden = demo.section("garden", "team")
    for row in demo.rows("organisations", "teams"):
        demo.teams[row["id"]] = demo.keep(
            Team(
                neighbourhood=demo.neighbourhood,
                code=row["id"],
                name=row["name"],
                leader=demo.people[row["leader"]],
                founded_on=day(row["founded"]),
                minors_allowed=row["minors_allowed"],
                intro=row["intro"],
                motto=garden["motto"] if row["id"] == garden["ref"] else "",
            )
        )
    demo.keep_all(
        TeamMembership(team=demo.teams[garden["ref"]], person=demo.people[key], since=day(garden["founded"]))
        for key in garden["members"]
    )
