"""How often every installation starts by seeing its enterprises."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Practice elsewhere: a contact a week, a visit a month; key or red enterprises on site weekly;
# projects being built every few days, as the article describes.
POLICIES = (
    {"contact_days": 7, "visit_days": 30},
    {"tier": "key", "contact_days": 7, "visit_days": 7},
    {"grade": "red", "contact_days": 7, "visit_days": 7},
    {"stage": "construction", "contact_days": 3, "visit_days": 14},
)


def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("enterprises", "ContactPolicy")
    for policy in POLICIES:
        model.objects.create(**policy)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
