from django.db import migrations

from liaison.core.append_only import append_only, frozen


class Migration(migrations.Migration):
    dependencies = [("patrols", "0001_initial")]
    operations = [
        append_only("patrols_checkin"),
        append_only("patrols_patrolalert"),
        append_only("patrols_response"),
        append_only("patrols_nightreport"),
        frozen("patrols_nightoperation", "night_id", "guard_id", "client_id", "body_hash"),
        frozen("patrols_nightlink", "night_id", "guard_id", "token_hash", "made_by_id"),
    ]
