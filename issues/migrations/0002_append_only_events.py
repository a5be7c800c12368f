from django.db import migrations

from liaison.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]
    operations = [append_only("issues_event"), append_only("issues_escalation")]
