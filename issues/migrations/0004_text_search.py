from django.db import migrations

from liaison.core.text_search import pair_index, text_index


class Migration(migrations.Migration):
    dependencies = [("issues", "0003_kinds_and_time_limits")]
    operations = [
        text_index("issue_text", "issues_issue", "number", "title"),
        pair_index("issue_pairs", "issues_issue", "number", "title"),
    ]
