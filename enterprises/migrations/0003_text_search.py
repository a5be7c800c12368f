from django.db import migrations

from liaison.core.text_search import pair_index, text_index


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0002_default_policies")]
    operations = [
        text_index(
            "enterprise_text", "enterprises_enterprise", "name", "initials", "credit_code"
        ),
        pair_index("enterprise_pairs", "enterprises_enterprise", "name"),
        text_index("contact_text", "enterprises_contact", "name", "phone"),
        pair_index("contact_pairs", "enterprises_contact", "name"),
    ]
