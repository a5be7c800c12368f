# `@shared_task` binds to the application that is loaded: load it with the package.
from liaison.celery import app as celery_app

__all__ = ["celery_app"]
