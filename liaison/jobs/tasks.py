from celery import shared_task
from django.utils import timezone

from liaison.jobs.running import run
from liaison.schedule import job_named


@shared_task
def run_job(name: str) -> None:
    run(job_named(name), timezone.now())
