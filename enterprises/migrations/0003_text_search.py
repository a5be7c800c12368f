from django.db import migrations

from liaison.core.text_search import text_index


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0002_default_policies")]
    operations = [
        text_index(
            "enterprise_text",
            "enterprises_enterprise",
            "UPPER(name)",
            "initials",
            "UPPER(credit_code)",
        ),
        text_index("contact_text", "enterprises_contact", "UPPER(name)", "phone"),
    ]
