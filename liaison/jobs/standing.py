"""How each job stands: when it was due, whether it came, how far behind it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from celery.schedules import crontab
from django.conf import settings
from django.utils.module_loading import import_string

from liaison.core.workdays import CHINA
from liaison.jobs.models import JobRun
from liaison.schedule import Job

# Beat and a worker with something else in hand take their moments; that is not late.
PATIENCE = timedelta(minutes=1)


class State(StrEnum):
    WELL = "well"
    NEW = "new"  # has not been due twice yet
    RUNNING = "running"
    CUT_OFF = "cut_off"  # begun, and for longer than any task may take not ended
    FAILED = "failed"
    MISSING = "missing"  # has been due twice, and has not run


TROUBLED = frozenset({State.CUT_OFF, State.FAILED, State.MISSING})


@dataclass(frozen=True)
class Standing:
    """``due_at`` is when it runs next, or should have; empty before anything has ever run."""

    job: Job
    run: JobRun | None
    state: State
    due_at: datetime | None
    behind: timedelta | None

    @property
    def troubled(self) -> bool:
        return self.state in TROUBLED


def standings(jobs: Sequence[Job], runs: Iterable[JobRun], now: datetime) -> list[Standing]:
    """Each job in the order of the list; rows of jobs that are no more are left out."""
    by_name = {run.name: run for run in runs}
    # Whatever else has run since then, a job that never has could have run.
    since = min((run.first_begun_at for run in by_name.values()), default=None)
    return [_standing(job, by_name.get(job.name), since, now) for job in jobs]


def nothing_runs_since(found: Sequence[Standing], now: datetime) -> datetime | None:
    """The last sign of life, if even the most frequent job should have come twice since."""
    last = max((one.run.begun_at for one in found if one.run), default=None)
    if last is None:
        return None
    return last if min(twice_after(one.job.every, last) for one in found) < now else None


def next_after(every: timedelta | crontab, moment: datetime) -> datetime:
    """The first time after this moment at which a job is due, in China."""
    local = moment.astimezone(CHINA)
    if isinstance(every, timedelta):
        return local + every
    start, step, _now = every.remaining_delta(local, tz=CHINA)
    due: datetime = start + step
    return due


def twice_after(every: timedelta | crontab, moment: datetime) -> datetime:
    return next_after(every, next_after(every, moment))


def _standing(job: Job, run: JobRun | None, since: datetime | None, now: datetime) -> Standing:
    last = run.ended_at or run.first_begun_at if run else since
    due_at = next_after(job.every, last) if last else None
    behind = import_string(job.behind)(now) if job.behind else due_at and now - due_at
    return Standing(
        job=job,
        run=run,
        state=_state(job, run, last, now),
        due_at=due_at,
        behind=behind if behind and behind >= PATIENCE else None,
    )


def _state(job: Job, run: JobRun | None, last: datetime | None, now: datetime) -> State:
    begun = run.begun_at if run and (not run.ended_at or run.begun_at > run.ended_at) else None
    # One that is begun again and again and never ends does not run.
    missing = bool(last and now > twice_after(job.every, last))
    if begun and now - begun <= (PATIENCE if missing else _longest()):
        return State.RUNNING
    if missing:
        return State.MISSING
    if begun:
        return State.CUT_OFF
    if run is None:
        return State.NEW
    return State.FAILED if run.error else State.WELL


def _longest() -> timedelta:
    return timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
