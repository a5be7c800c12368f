"""Forgetting workers in time (PIPL Art. 19, 47): on schedule, for good, leaving how many it was."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from liaison.audit.record import record
from liaison.evidence.models import Evidence
from workers.actions.applying import discard_old_previews
from workers.models import Batch, BatchRow, Worker
from workers.querysets import WorkerQuerySet
from workers.workflow import Status

# So many at a time: the job may be stopped at any moment and goes on the next night.
AT_ONCE = 200


def purge(now: datetime) -> dict[str, int]:
    """Delete whoever left WORKERS_KEEP_DAYS ago, who was in a batch that came to nothing
    WORKERS_KEEP_REJECTED_DAYS ago, rows nobody repaired in that time, and lists never handed in."""
    kept = timedelta(days=settings.WORKERS_KEEP_DAYS)
    rejected = now - timedelta(days=settings.WORKERS_KEEP_REJECTED_DAYS)
    left = Worker.objects.all().left_before(timezone.localdate(now - kept))
    of_rejected = Worker.objects.filter(batch__rejected_at__lt=rejected).exclude(
        status=Status.REGISTERED
    )
    return {
        "workers_left": _purge(left, why="left"),
        "workers_rejected": _purge(of_rejected, why="rejected"),
        "worker_rows": _purge_rows(rejected),
        "worker_lists": discard_old_previews(now),
    }


def _purge(workers: WorkerQuerySet, *, why: str) -> int:
    done = 0
    while keys := list(
        workers.order_by("batch_id", "number").values_list("pk", flat=True)[:AT_ONCE]
    ):
        with transaction.atomic():
            some = list(
                Worker.objects.filter(pk__in=keys).defer("sealed").select_related("batch__unit")
            )
            photos = [one.photo_id for one in some if one.photo_id]
            counts: dict[Batch, int] = {}
            for one in some:
                counts[one.batch] = counts.get(one.batch, 0) + 1
            Worker.objects.filter(pk__in=keys).delete()
            files = _delete_photos(photos)
            for batch, count in counts.items():
                changes = {"workers": count, "why": why}
                record("workers.purged", batch, by=None, unit=batch.unit, changes=changes)
        for file in files:
            # The row first: a file without a row is only room.
            file.file.delete(save=False)
        done += len(some)
    return done


def _purge_rows(before: datetime) -> int:
    rows = BatchRow.objects.filter(file__state="applied", file__made_at__lt=before)
    done = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            some = list(
                BatchRow.objects.filter(pk__in=keys)
                .defer("sealed", "messages")
                .select_related("file__batch__unit")
            )
            counts: dict[Batch, int] = {}
            for one in some:
                counts[one.file.batch] = counts.get(one.file.batch, 0) + 1
            photos = [one.photo_id for one in some if one.photo_id]
            BatchRow.objects.filter(pk__in=keys).delete()
            files = _delete_photos(photos)
            for batch, count in counts.items():
                record(
                    "workers.rows_purged", batch, by=None, unit=batch.unit, changes={"rows": count}
                )
        for file in files:
            file.file.delete(save=False)
        done += len(some)
    return done


def _delete_photos(keys: Iterable[UUID]) -> list[Evidence]:
    """The rows of these photos; their files are left to the caller, once this is committed."""
    files = list(Evidence.objects.filter(pk__in=list(keys)))
    Evidence.objects.filter(pk__in=[one.pk for one in files]).delete()
    return files
