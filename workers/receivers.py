"""A batch follows its line of the bill: what the station declined is not kept for long."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from issues.models import Event, Issue
from issues.signals import moved
from issues.workflow import Stage
from workers.models import Batch

_NOTHING_CAME_OF_IT = (Stage.DECLINED, Stage.WITHDRAWN)


@receiver(moved)
def a_declined_line_rejects_its_batch(
    sender: object, *, issue: Issue, event: Event, along: bool, **_more: Any
) -> None:
    if issue.stage in _NOTHING_CAME_OF_IT:
        Batch.objects.filter(issue=issue, rejected_at__isnull=True).update(
            rejected_at=timezone.now()
        )
