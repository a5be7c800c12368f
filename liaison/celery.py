"""The Celery application. Periodic jobs are one task, `liaison.jobs.tasks.run_job`."""

import os

from celery import Celery

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
