from django.db import migrations

STEP = 2000

#: {code: the sentences that were stored for it until now, in every language in which they may have been}
STORED = {
    "activity_cancelled": ["活动取消", "the activity was cancelled"],
    "records_joined": ["同一人的两份档案已合并", "two records of one person were joined"],
    "told_leader": ["告诉楼组长不来了", "told the building leader"],
    "rota_changed": ["值日安排调整"],
    "swapped": ["换班"],
}


def name_the_ends(apps, schema_editor):
    """Give the sign-ups that ended for a reason of the portal's own its code; the sentence stays where it stands.

    Some thousand rows at a time, each step a transaction of its own; it may be run again, and goes on where it stopped.
    """
    codes = {sentence: code for code, sentences in STORED.items() for sentence in sentences}
    rows = apps.get_model("activities", "SignUp").objects.filter(end_code="").exclude(end_reason="").order_by("pk")
    last = 0
    while step := list(rows.filter(pk__gt=last).values_list("pk", "end_reason")[:STEP]):
        last = step[-1][0]
        found = {}
        for pk, reason in step:
            if reason in codes:
                found.setdefault(codes[reason], []).append(pk)
        for code, pks in found.items():
            rows.filter(pk__in=pks).update(end_code=code)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("activities", "0006_end_codes")]

    operations = [migrations.RunPython(name_the_ends, migrations.RunPython.noop, elidable=True)]
