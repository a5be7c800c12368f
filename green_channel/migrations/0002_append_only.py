from django.db import migrations

from liaison.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("green_channel", "0001_initial")]
    operations = [
        append_only("green_channel_correction"),
        append_only("green_channel_decision"),
        append_only("green_channel_supply"),
    ]
