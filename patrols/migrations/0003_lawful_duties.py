"""Nobody is put on duty who may not patrol (patrols/lawful_duties.py); answers are kept."""

from django.db import migrations

from liaison.core.append_only import append_only
from patrols.lawful_duties import refuse_unlawful_duties


class Migration(migrations.Migration):
    dependencies = [("patrols", "0002_append_only_night")]

    operations = [refuse_unlawful_duties(), append_only("patrols_complianceanswer")]
