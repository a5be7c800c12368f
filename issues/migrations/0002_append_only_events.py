from django.db import migrations

from liaison.core.append_only import append_only, frozen


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial")]
    operations = [
        append_only("issues_event"),
        append_only("issues_escalation"),
        append_only("issues_rating"),
        append_only("issues_callback"),
        frozen("issues_accesslink", "issue_id", "token_hash", "made_by_id", "expires_at"),
    ]
