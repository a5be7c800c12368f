from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='LegalBasis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='law')),
                ('article', models.CharField(blank=True, max_length=40, verbose_name='article')),
                ('version', models.CharField(blank=True, max_length=80, verbose_name='version')),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='in force since')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='in force until')),
                ('orders_rest_on_it', models.BooleanField(default=False, verbose_name='rectification orders rest on it')),
            ],
            options={
                'verbose_name': 'legal basis',
                'verbose_name_plural': 'legal bases',
                'ordering': ('title', 'article', 'id'),
                'constraints': [models.UniqueConstraint(fields=('title', 'article', 'version'), name='legal_basis_once')],
            },
        ),
    ]
