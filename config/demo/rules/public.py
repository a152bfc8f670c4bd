"""What residents read: notices, surveys, photos; and the lists of the partner units."""

from config.demo.checks import Names
from config.demo.rules.registry import Wrong, rule, today
from config.demo.source import Files


@rule("content", "taxonomy")
def notices_are_out_before_they_are_over(files: Files, names: Names) -> Wrong:
    for row in files.rows("content", "notices"):
        if row["public_until"] and row["public_until"] < row["published"]:
            yield row["id"], "It would be over before it is out."
        if row["published"] > today(files):
            yield row["id"], "It would be published after the start of the clock."


@rule("content", "people", "volunteers", "taxonomy")
def words_of_minors_have_both_consents(files: Files, names: Names) -> Wrong:
    minors = {row["id"] for row in files.rows("people", "minors")}
    for row in files.rows("content", "testimonies"):
        if row["public"] and row["by"] in minors and row.get("consent") != "self_and_guardian":
            yield row["id"], "A minor's words are public only when both the child and the guardian agreed (V5)."


@rule("content")
def surveys_count_their_answers(files: Files, names: Names) -> Wrong:
    for row in files.rows("content", "surveys"):
        if row["closed"] < row["opened"]:
            yield row["id"], "It closed before it opened."
        for question in row["questions"]:
            answers = question["options"].values()
            several = "可多选" in question["q"]
            if max(answers) > row["responses"] or (not several and sum(answers) != row["responses"]):
                yield row["id"], f"“{question['q']}”: {sum(answers)} answers of {row['responses']} who took part."


@rule("content", "people", "learning", "volunteers", "projects")
def photos_show_one_thing_and_name_their_minors(files: Files, names: Names) -> Wrong:
    minors = {row["id"] for row in files.rows("people", "minors")}
    for row in files.rows("content", "photos"):
        about = [name for name in ("event", "activity", "project") if name in row]
        if len(about) != 1:
            yield row["id"], "A photo belongs to one event, activity or project."
            continue
        thing = names[about[0]][row[about[0]]]
        if "date" in thing and thing["date"] != row["date"]:
            yield row["id"], f"{thing['id']} was on {thing['date']}, not on {row['date']}."
        if bool(minors & set(row["people"])) != row.get("has_minors", False):
            yield row["id"], "“has_minors” says the opposite of who can be recognised (V6)."


@rule("partners", "organisations")
def matches_join_a_need_and_a_resource(files: Files, names: Names) -> Wrong:
    matched = {row["need"] for row in files.rows("partners", "matched")}
    for row in files.rows("partners", "needs"):
        if (row["status"] == "matched") != (row["id"] in matched):
            yield row["id"], "A need is matched when a match names it, and not before."
    for row in files.rows("partners", "matched"):
        if names["resource"][row["resource"]]["by"] != row["unit"]:
            yield row["id"], f"The resource {row['resource']} is not {row['unit']}'s."
        if row["done"] < row["signed"]:
            yield row["id"], "It was done before it was signed."
