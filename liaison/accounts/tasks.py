from celery import shared_task
from django.core.management import call_command

from liaison.accounts.throttle import forget_old_failures


@shared_task
def clear_expired_sessions() -> None:
    call_command("clearsessions")


@shared_task
def forget_old_sign_in_failures() -> None:
    forget_old_failures()
