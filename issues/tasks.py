from celery import shared_task

from issues.actions.recomputing import recompute_deadlines


@shared_task
def recompute_uncertain_deadlines() -> None:
    recompute_deadlines()
