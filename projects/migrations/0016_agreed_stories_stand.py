"""The words of a published story, which the narrator agreed to, are held by a trigger on PostgreSQL too."""

from django.db import migrations

from people.models.triggers import Trigger, install, remove

TRIGGERS = [
    Trigger(
        holder="projects_oralhistory",
        table="projects_oralhistory",
        columns=("title", "text", "told_by", "told_on"),
        state="state",
        states=("published",),
        key=None,
        rows="",
        taken_back=True,
    ),
]


class Migration(migrations.Migration):
    dependencies = [("projects", "0015_draft_entered_at")]

    operations = [migrations.RunPython(install(TRIGGERS), remove(TRIGGERS))]
