"""Jobs that the product does not have: one fails, one works, one looks at its own row."""

from dataclasses import replace
from datetime import timedelta

from liaison.jobs.models import JobRun
from liaison.schedule import Job


def fail(now):
    raise ValueError("Key is there already\nDETAIL: phone 13812345678")


def work(now):
    return {"things": 2}


def look(now):
    row = JobRun.objects.get(pk="looking")
    return {"ended": int(row.ended_at is not None)}


def hours_behind(now):
    return timedelta(hours=3)


def not_behind(now):
    return None


def named(job, name):
    return replace(job, name=name)


WORKING = Job(
    name="working",
    runs="tests.jobs.odd_jobs.work",
    every=timedelta(minutes=1),
    stale_after=timedelta(seconds=50),
    why="示例",
)
FAILING = replace(WORKING, name="failing", runs="tests.jobs.odd_jobs.fail")
LOOKING = replace(WORKING, name="looking", runs="tests.jobs.odd_jobs.look")
