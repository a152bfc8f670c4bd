"""What an issued certificate says is held by triggers on PostgreSQL too; nothing changes on SQLite.

The release before goes on: it writes the lines right after it has issued, makes certificates void, and joins records of a person.
"""

from django.db import migrations

from people.models.triggers import Trigger, install, remove

TRIGGERS = [
    Trigger(
        holder="volunteers_certificate",
        table="volunteers_certificate",
        columns=(
            "neighbourhood_id",
            "purpose",
            "since",
            "until",
            "number",
            "code",
            "issuer_id",
            "handler",
            "responsible",
            "issued_on",
            "total_minutes",
        ),
        state="state",
        states=("issued", "void"),
        key=None,
        rows="",
        taken_back=False,
    ),
    Trigger(
        holder="volunteers_certificate",
        table="volunteers_certificateline",
        columns=("title", "day", "minutes", "certificate_id"),
        state="state",
        states=("issued", "void"),
        key=("certificate_id", "id"),
        rows="DELETE",
        taken_back=False,
    ),
]


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0011_one_sheet")]

    operations = [migrations.RunPython(install(TRIGGERS), remove(TRIGGERS))]
