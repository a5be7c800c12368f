"""Does what nobody sees still run? For system administrators."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from liaison.accounts.access import SYSTEM_ADMINISTRATORS, open_to
from liaison.jobs.models import JobRun
from liaison.jobs.saying import counted, lasted, often, took
from liaison.jobs.standing import PATIENCE, Standing, State, nothing_runs_since, standings
from liaison.schedule import JOBS


@dataclass(frozen=True)
class Row:
    """One job in words; ``went_by`` only where that was not the time it ran at."""

    standing: Standing
    went_by: datetime | None
    often: str
    took: str
    counted: list[str]
    behind: str
    mark: str
    tone: str


@open_to(SYSTEM_ADMINISTRATORS)
@never_cache
def job_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = standings(JOBS, JobRun.objects.all(), now)
    complaint = _complaint(found, now)
    context = {
        "rows": [_row(one) for one in found],
        "complaint": complaint,
        "all_well": _("Yes, everything is running."),
    }
    return render(request, "jobs/list.html", context)


def _complaint(found: list[Standing], now: datetime) -> str:
    """What is wrong, in one sentence; nothing when all is well."""
    if not any(one.run for one in found):
        return _("No: nothing has run yet. Is the worker started?")
    if since := nothing_runs_since(found, now):
        return _("No: nothing has run for %(time)s. Is the worker started?") % {
            "time": lasted(now - since)
        }
    troubled = sum(one.troubled for one in found)
    if not troubled:
        return ""
    return ngettext(
        "No: %(n)d job does not run as it should.",
        "No: %(n)d jobs do not run as they should.",
        troubled,
    ) % {"n": troubled}


def _row(one: Standing) -> Row:
    marks = {
        State.WELL: (_("Runs"), "jade"),
        State.NEW: (_("Not due yet"), ""),
        State.RUNNING: (_("Running now"), "blue"),
        State.CUT_OFF: (_("Was cut off"), "seal"),
        State.FAILED: (_("Failed last time"), "seal"),
        State.MISSING: (_("Does not run"), "seal"),
    }
    mark, tone = marks[one.state]
    run = one.run
    return Row(
        standing=one,
        went_by=run.ran_for if run and _played(run) else None,
        often=often(one.job.every),
        took=took(run.seconds) if run and run.seconds is not None else "",
        counted=counted(run.counts) if run else [],
        behind=lasted(one.behind) if one.behind else "",
        mark=mark,
        tone=tone,
    )


def _played(run: JobRun) -> bool:
    """Whether it was given another time than the clock's, by `manage.py tick --at`."""
    if run.ended_at is None or run.ran_for is None:
        return False
    began = run.ended_at - timedelta(seconds=run.seconds or 0)
    return abs(began - run.ran_for) > PATIENCE
