from django.db import migrations


def count_the_ends(apps, schema_editor):
    """What ended has changed twice at least: calendars were told so with a higher number than "once"."""
    rows = apps.get_model("activities", "SignUp").objects
    rows.filter(status__in=["cancelled", "lapsed", "declined"], changes=1).update(changes=2)


class Migration(migrations.Migration):
    dependencies = [("activities", "0010_sign_up_changes")]

    operations = [migrations.RunPython(count_the_ends, migrations.RunPython.noop, elidable=True)]
