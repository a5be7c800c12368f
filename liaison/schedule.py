"""Every periodic job, in one list: what beat starts and `manage.py tick` runs, how often, and why.

A job may come late or twice (beat restarts, the broker redelivers), so each must find what is due
in the database and give the same result when it runs again. Read while the settings are still
being read (liaison/celery.py): what a job runs is named here and loaded when it is run.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Job:
    """``runs`` names a function ``(now) -> counts``: it does what is due by the time it is given
    and says how much of what that was. ``behind`` names a function ``(now) -> age or None`` of
    the oldest thing that is due and not done; without it a job is as late as its run.

    ``stale_after``: a run that no worker has begun by then is dropped, because the next one
    does its work. After a night with the worker stopped one run catches up, not one per hour.

    ``deletes``: whoever plays a day to come (`manage.py tick --at`) has nothing deleted before its
    time.
    """

    name: str
    runs: str
    every: timedelta | crontab  # crontab is read in CELERY_TIMEZONE
    stale_after: timedelta
    why: "_StrPromise"  # for the page of running jobs
    behind: str = ""
    deletes: bool = False


# In the order of a tick: what may have to be told comes before the telling, cleaning last.
JOBS = [
    Job(
        name="recompute-uncertain-deadlines",
        runs="issues.actions.recomputing.recompute_uncertain",
        every=timedelta(hours=1),
        stale_after=timedelta(minutes=55),
        why=_("Sets deadlines anew that an import of the calendar left uncertain."),
    ),
    Job(
        name="accept-by-silence",
        runs="issues.actions.silence.accept_by_silence",
        every=timedelta(hours=1),
        stale_after=timedelta(minutes=55),
        why=_("Takes applications for accepted that nobody answered in the time of the law."),
    ),
    Job(
        name="remind-and-escalate",
        runs="liaison.jobs.sweeps.ring",
        every=timedelta(minutes=1),
        stale_after=timedelta(seconds=50),
        why=_(
            "Reminds of what is due, carries what is overdue up the ladder, and tells everybody."
        ),
        behind="liaison.jobs.sweeps.oldest_unrung",
    ),
    Job(
        name="ring-held-requests",
        runs="issues.actions.held_ringing.ring_held",
        every=timedelta(minutes=1),
        stale_after=timedelta(seconds=50),
        why=_("Says so when nobody has looked in time at a request that is held for the desk."),
        behind="issues.actions.held_ringing.oldest_unrung",
    ),
    Job(
        name="tell-certificate-endings",
        runs="patrols.actions.certificate_endings.tell_endings",
        every=timedelta(hours=1),
        stale_after=timedelta(minutes=55),
        why=_("Tells in time that certificates of guards end, and on the day they have ended."),
    ),
    Job(
        name="plan-patrols",
        runs="patrols.actions.planning.plan_tonight",
        every=timedelta(minutes=5),
        stale_after=timedelta(minutes=4),
        why=_("Draws when tonight's patrols begin, from the routes as they are."),
    ),
    Job(
        name="ring-patrols",
        runs="patrols.actions.ringing.ring_patrols",
        every=timedelta(minutes=1),
        stale_after=timedelta(seconds=50),
        why=_("Tells leader, desk and chief of patrols and checkpoints that are late."),
        behind="patrols.actions.ringing.oldest_unrung",
    ),
    Job(
        name="report-nights",
        runs="patrols.actions.morning.report_nights",
        every=crontab(minute="*/5"),
        stale_after=timedelta(minutes=4),
        why=_("Reports in the morning what the night's patrols came to."),
    ),
    Job(
        name="deliver-notices",
        runs="liaison.notices.sweep.deliver_due",
        every=timedelta(minutes=1),
        stale_after=timedelta(seconds=50),
        why=_("Sends notices again that could not be sent, and those whose wake-up was lost."),
        behind="liaison.notices.sweep.oldest_due",
    ),
    Job(
        name="count-summaries",
        runs="liaison.summaries.actions.count_due",
        every=timedelta(minutes=1),
        stale_after=timedelta(seconds=50),
        why=_("Counts every station again within five minutes, and adds up the bureaus."),
        behind="liaison.summaries.actions.oldest_due",
    ),
    Job(
        name="purge-positions",
        runs="visits.actions.placing.purge_positions",
        every=timedelta(hours=1),
        stale_after=timedelta(minutes=55),
        why=_("Deletes coordinates of visits that have been kept for as long as they may be."),
        deletes=True,
    ),
    Job(
        name="purge-patrol-positions",
        runs="patrols.actions.ringing.purge_patrol_positions",
        every=timedelta(hours=1),
        stale_after=timedelta(minutes=55),
        why=_("Deletes positions of guards that have been kept for as long as they may be."),
        deletes=True,
    ),
    Job(
        name="plan-days",
        runs="visits.day_plans.sweep.plan_due",
        every=timedelta(minutes=1),
        stale_after=timedelta(seconds=50),
        why=_("Plans an officer's day anew when something urgent has come in."),
        behind="visits.day_plans.sweep.oldest_due",
    ),
    Job(
        name="clear-expired-sessions",
        runs="liaison.accounts.idle.clear_ended_sessions",
        every=crontab(hour=4, minute=10),
        stale_after=timedelta(hours=23),
        why=_("Deletes sessions that have ended."),
        deletes=True,
    ),
    Job(
        name="forget-old-sign-in-failures",
        runs="liaison.accounts.throttle.forget_old_failures",
        every=crontab(hour=4, minute=15),
        stale_after=timedelta(hours=23),
        why=_("Deletes failed sign-ins that lock nobody any more."),
        deletes=True,
    ),
    Job(
        name="forget-old-submissions",
        runs="issues.actions.asking.forget_old_submissions",
        every=crontab(hour=4, minute=16),
        stale_after=timedelta(hours=23),
        why=_("Forgets which forms of enterprises were sent long ago."),
        deletes=True,
    ),
    # Before the files themselves: what leads to a file must not outlive it.
    Job(
        name="discard-old-phone-uploads",
        runs="liaison.mobile.actions.uploads.discard_old_uploads",
        every=crontab(hour=4, minute=18),
        stale_after=timedelta(hours=23),
        why=_("Deletes files that a phone never finished sending."),
        deletes=True,
    ),
    Job(
        name="discard-forgotten-uploads",
        runs="liaison.evidence.actions.discard_forgotten_uploads",
        every=crontab(hour=4, minute=20),
        stale_after=timedelta(hours=23),
        why=_("Deletes uploaded files whose form was never sent."),
        deletes=True,
    ),
    Job(
        name="discard-old-guard-lists",
        runs="patrols.actions.guard_lists.discard_old_guard_lists",
        every=crontab(hour=4, minute=24),
        stale_after=timedelta(hours=23),
        why=_("Forgets lists of guards that were looked at and never agreed to."),
        deletes=True,
    ),
    Job(
        name="discard-old-previews",
        runs="enterprises.actions.importing.discard_old_previews",
        every=crontab(hour=4, minute=25),
        stale_after=timedelta(hours=23),
        why=_("Forgets lists that were looked at and never agreed to: they name people."),
        deletes=True,
    ),
    Job(
        name="purge-workers",
        runs="workers.actions.purging.purge",
        every=crontab(hour=4, minute=27),
        stale_after=timedelta(hours=23),
        why=_("Forgets workers who left long ago, and lists that were never handed in."),
        deletes=True,
    ),
    Job(
        name="forget-old-day-plans",
        runs="visits.day_plans.sweep.forget_old",
        every=crontab(hour=4, minute=30),
        stale_after=timedelta(hours=23),
        why=_("Deletes old day plans, and the positions from which yesterday's began."),
        deletes=True,
    ),
]


def job_named(name: str) -> Job:
    """A name nobody knows is a mistake, or a message from before the job was removed."""
    return {job.name: job for job in JOBS}[name]


def beat_schedule() -> dict[str, dict[str, Any]]:
    """JOBS as Celery wants them."""
    return {
        job.name: {
            "task": "liaison.jobs.tasks.run_job",
            "args": (job.name,),
            "schedule": job.every,
            "options": {"expires": job.stale_after.total_seconds()},
        }
        for job in JOBS
    }
