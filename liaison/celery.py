"""The Celery application. Periodic jobs are one task, `liaison.jobs.tasks.run_job`."""

import os

from celery import Celery
from celery.signals import task_prerun
from django.db import close_old_connections

from liaison.core import file_broker
from liaison.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings")

file_broker.install()
app = Celery("liaison")
# Set before the settings are read: they may not be, because this module is imported with the
# package, and so while liaison/settings.py itself is still being imported.
app.conf.beat_schedule = beat_schedule()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def drop_stale_connections(**_told: object) -> None:
    """As before a page: one that is too old, or broke, is not used again."""
    close_old_connections()
