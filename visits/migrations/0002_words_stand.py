from django.db import migrations

from liaison.core.append_only import frozen


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [
        frozen(
            "visits_visitword", "visit_id", "officer_id", "came", "words", "by_id", "by_name", "at"
        ),
    ]
