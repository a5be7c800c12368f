"""What the State Council has published so far."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from liaison.core.published_calendar import load_calendar_csv



def forwards(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("calendars", "CalendarDay")
    model.objects.bulk_create(
        [model(on=row.on, kind=row.kind, name=row.name) for row in load_calendar_csv()]
    )


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
