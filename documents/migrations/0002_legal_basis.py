"""The article that orders rest on, in the version that is in force; what is only ever added."""

from datetime import date

from django.db import migrations

from liaison.core.append_only import append_only


ARTICLE = {"title": "企业事业单位内部治安保卫条例", "article": "第十六条", "version": "国务院令第421号"}


def add_basis(apps, schema_editor):
    apps.get_model("law", "LegalBasis").objects.create(
        **ARTICLE, effective_on=date(2004, 12, 1), orders_rest_on_it=True
    )


def remove_basis(apps, schema_editor):
    apps.get_model("law", "LegalBasis").objects.filter(**ARTICLE).delete()


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.RunPython(add_basis, remove_basis),
        append_only("documents_opening"),
        append_only("documents_reply"),
        append_only("documents_postponement"),
    ]
