"""How often every installation starts by seeing its enterprises, and who is told when it is due."""

from collections import Counter

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from liaison.core.append_only import frozen

# Practice elsewhere: a contact a week, a visit a month; key or red enterprises on site weekly;
# projects being built every few days, as the article describes.
POLICIES = (
    {"contact_days": 7, "visit_days": 30},
    {"tier": "key", "contact_days": 7, "visit_days": 7},
    {"grade": "red", "contact_days": 7, "visit_days": 7},
    {"stage": "construction", "contact_days": 3, "visit_days": 14},
)

# Before and on the day the officer, then ever higher; an officer is found within a working day.
REMINDERS = (
    ("contact", -2, ["handler"]),
    ("contact", 0, ["handler"]),
    ("contact", 1, ["handler", "deputy", "desk"]),
    ("contact", 3, ["handler", "chief"]),
    ("contact", 7, ["chief", "bureau"]),
    ("visit", -2, ["handler"]),
    ("visit", 0, ["handler"]),
    ("visit", 1, ["handler", "deputy", "desk"]),
    ("visit", 3, ["handler", "chief"]),
    ("visit", 7, ["chief", "bureau"]),
    ("officer", 0, ["desk", "chief"]),
    ("officer", 2, ["chief", "bureau"]),
)


def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("enterprises", "ContactPolicy")
    for policy in POLICIES:
        model.objects.create(**policy)
    rule_model = apps.get_model("enterprises", "ReminderRule")
    steps: Counter[str] = Counter()
    for kind, days, recipients in REMINDERS:
        steps[kind] += 1
        rule_model.objects.create(kind=kind, step=steps[kind], days=days, recipients=recipients)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0001_initial")]
    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
        frozen("enterprises_reminder", "enterprise_id", "kind", "due_on", "step", "at", "told"),
    ]
