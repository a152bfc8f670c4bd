"""People: how they are reached, who answers for whom, who may log in, what they agreed to."""

from collections import Counter

from config.demo.checks import Names
from config.demo.rules.registry import Wrong, age_on, now, rule, today
from config.demo.source import Files

ADULTS = ("party_members", "staff", "residents", "external")
SCOPED_BY = {
    "branch_secretary": "Party organisation",
    "team_leader": "team",
    "building_leader": "building",
    "owners_committee": "owners' committee",
    "partner_unit": "partner unit",
}


@rule("taxonomy")
def the_clock_starts_on_the_demos_today(files: Files, names: Names) -> Wrong:
    starts_at = files.section("taxonomy", "trial_clock")["starts_at"]
    if not starts_at.startswith(today(files)):
        yield "trial_clock", f"The clock starts on {starts_at[:10]}, but demo_today is {today(files)}."


@rule("neighbourhood")
def buildings_add_up_to_their_compound(files: Files, names: Names) -> Wrong:
    homes: Counter[str] = Counter()
    for row in files.rows("neighbourhood", "buildings"):
        homes[row["compound"]] += row["households"]
    for row in files.rows("neighbourhood", "compounds"):
        if homes[row["id"]] != row["households"]:
            yield row["id"], f"It has {row['households']} households, but its buildings have {homes[row['id']]}."


@rule("neighbourhood")
def places_lie_on_the_plan(files: Files, names: Names) -> Wrong:
    for row in files.rows("neighbourhood", "places"):
        if (row["x"] is None) != (row["y"] is None) or (row["x"] is None) != (row["kind"] == "external"):
            yield row["id"], "A place has both x and y on the plan, or is outside and has neither."


@rule("people", "neighbourhood")
def everyone_can_be_reached(files: Files, names: Names) -> Wrong:
    for section in ADULTS:
        for row in files.rows("people", section):
            if not (row.get("email") or row.get("phone") or row.get("contact")):
                yield row["id"], "Nothing says how to reach this person: e-mail, phone or building leader."
            if "email" in row and row["email"] != f"{row['id']}@demo.invalid":
                yield row["id"], f"The e-mail must be {row['id']}@demo.invalid, as people log in with it."
            if row.get("contact") and not row.get("building"):
                yield row["id"], "Told by the building leader, but no building is named."


@rule("people")
def addresses_and_phones_are_ones_own(files: Files, names: Names) -> Wrong:
    for field in ("email", "phone"):
        owners: dict[str, str] = {}
        for section in ADULTS:
            for row in files.rows("people", section):
                if value := row.get(field):
                    if value in owners:
                        yield row["id"], f"The {field} {value} is {owners[value]}'s already."
                    owners.setdefault(value, row["id"])


@rule("people", "organisations")
def members_belong_to_a_branch_and_its_group(files: Files, names: Names) -> Wrong:
    orgs = names["Party organisation"]
    for row in files.rows("people", "party_members"):
        branch, group = orgs[row["org"]], orgs[row["group"]]
        if branch["kind"] != "branch":
            yield row["id"], f"“org” must be a branch; {row['org']} is a {branch['kind']}."
        elif group["kind"] != "group" or group["parent"] != row["org"]:
            yield row["id"], f"The group {row['group']} does not belong to the branch {row['org']}."
        if ("exempt" in row) != ("exempt_from" in row):
            yield row["id"], "An exemption needs a reason and a day from which it holds."


@rule("people", "taxonomy")
def children_have_an_adult_guardian(files: Files, names: Names) -> Wrong:
    grown_up = {row["id"] for section in ADULTS for row in files.rows("people", section)}
    for row in files.rows("people", "minors"):
        if row["guardian"] not in grown_up:
            yield row["id"], f"The guardian {row['guardian']} is not an adult of the files."
        if not 0 <= age_on(row, today(files)) < 18:
            yield row["id"], f"Born on {row['birth']}, this is no minor on {today(files)}."


@rule("people")
def a_child_lives_in_its_guardians_family(files: Files, names: Names) -> Wrong:
    families = {key: row["id"] for row in files.rows("people", "families") for key in row["members"]}
    for row in files.rows("people", "minors"):
        if row["id"] not in families or families[row["id"]] != families.get(row["guardian"]):
            yield row["id"], f"Child and guardian {row['guardian']} must be of one family."


@rule("people")
def accounts_fit_their_person_and_role(files: Files, names: Names) -> Wrong:
    for row in files.rows("people", "demo_accounts"):
        if row["email"] != names["person"][row["person"]].get("email"):
            yield row["email"], f"This is not the e-mail of {row['person']}."
        if row["staff"] and "totp_secret" not in row:
            yield row["email"], "Staff need a second factor, but there is no totp_secret."
        kind = SCOPED_BY.get(row["account_role"])
        if kind and row.get("scope") not in names[kind]:
            yield row["email"], f"The role {row['account_role']} needs a {kind} as its scope."
        if not kind and "scope" in row:
            yield row["email"], f"The role {row['account_role']} has no scope."


@rule("people", "organisations")
def posts_are_held_by_members(files: Files, names: Names) -> Wrong:
    members = {row["id"] for row in files.rows("people", "party_members")}
    for row in files.rows("organisations", "party"):
        for post in row.get("committee", []):
            if post["person"] not in members:
                yield post["person"], f"Holds the post {post['post']} of {row['id']}, but is no Party member."
        if (row["kind"] == "group") != ("leader" in row):
            yield row["id"], "A group has a leader, a branch has posts."


@rule("organisations", "people")
def the_party_tree_has_three_levels(files: Files, names: Names) -> Wrong:
    above = {"group": "branch", "branch": "general_branch", "general_branch": None}
    for row in files.rows("organisations", "party"):
        parent = names["Party organisation"].get(row["parent"])
        if (parent["kind"] if parent else None) != above[row["kind"]]:
            yield row["id"], f"A {row['kind']} cannot belong to {row['parent']}."


@rule("organisations", "people", "garden")
def the_flower_team_agrees_with_its_page(files: Files, names: Names) -> Wrong:
    garden = files.section("garden", "team")
    team = names["team"][garden["ref"]]
    for field in ("leader", "founded"):
        if team[field] != garden[field]:
            yield team["id"], f"“{field}” is {team[field]} here and {garden[field]} in garden.yaml."
    if garden["leader"] not in garden["members"]:
        yield team["id"], f"The leader {garden['leader']} is not among the members of garden.yaml."


@rule("organisations", "people")
def dual_registration_is_for_members_of_elsewhere(files: Files, names: Names) -> Wrong:
    members = {row["id"] for row in files.rows("people", "party_members")}
    for row in files.rows("organisations", "dual_registration"):
        if row["person"] in members:
            yield row["person"], "Is a member of a branch here, so does not register twice."
        elif names["person"][row["person"]].get("unit") != row["unit"]:
            yield row["person"], f"Does not work at {row['unit']}."


@rule("volunteers", "people", "taxonomy")
def consents_are_given_by_those_who_may(files: Files, names: Names) -> Wrong:
    minors = {row["id"]: row for row in files.rows("people", "minors")}
    listed = {row["person"] for row in files.rows("volunteers", "consents")}
    for row in files.rows("volunteers", "consents"):
        key, child = row["person"], minors.get(row["person"])
        if row["given_by"] != (child["guardian"] if child else key):
            yield key, f"{row['given_by']} may not agree for {key}."
        if ("监护人" in row["version"]) != (child is not None):
            yield key, f"The text “{row['version']}” is not the one for {'guardians' if child else 'residents'}."
        own = row.get("self_consent")
        if own and (child is None or age_on(child, own) < 14):
            yield key, f"The own consent of {own} does not count: one must be 14 on that day (V4)."
        if child and age_on(child, today(files)) >= 14 and not own:
            yield key, "Is 14 by now, so the own consent to the data is missing (V4)."
        for purpose, day in row.get("withdrawn", {}).items():
            if not row["scope"][purpose] or day < row["given"]:
                yield key, f"The consent to {purpose} is withdrawn on {day}, but was not given before."
        if max(row["given"], own or "", *row.get("withdrawn", {}).values()) > now(files)[:10]:
            yield key, "A consent cannot lie after the start of the clock."
    for key in minors.keys() - listed:
        yield key, "No guardian's consent is listed for this child; consent_default is for adults only."
