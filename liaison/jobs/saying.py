"""How often, how long and how much, in the words of the page."""

from collections.abc import Mapping
from datetime import timedelta

from celery.schedules import crontab
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# What a job counts; the words stand before the number.
COUNTED = {
    "deadlines": gettext_lazy("deadlines moved"),
    "reminders": gettext_lazy("reminders"),
    "papers_rung": gettext_lazy("reminders of documents and orders"),
    "escalations": gettext_lazy("escalations"),
    "notices": gettext_lazy("notices made"),
    "failed": gettext_lazy("put off, see the log"),
    "held_rung": gettext_lazy("held requests nobody looked at"),
    "submissions": gettext_lazy("submissions forgotten"),
    "deliveries": gettext_lazy("notices sent"),
    "deliveries_put_off": gettext_lazy("put off"),
    "deliveries_failed": gettext_lazy("given up"),
    "deliveries_dropped": gettext_lazy("no longer wanted"),
    "accepted_by_silence": gettext_lazy("applications accepted by law"),
    "summaries": gettext_lazy("summaries counted"),
    "sessions": gettext_lazy("sessions deleted"),
    "sign_in_failures": gettext_lazy("failed sign-ins deleted"),
    "uploads": gettext_lazy("files deleted"),
    "phone_uploads": gettext_lazy("unfinished uploads deleted"),
    "positions": gettext_lazy("positions deleted"),
    "patrol_rounds": gettext_lazy("rounds of patrols planned"),
    "patrol_alerts": gettext_lazy("alerts of patrols"),
    "night_reports": gettext_lazy("nights reported"),
    "patrol_positions": gettext_lazy("positions of guards deleted"),
    "previews": gettext_lazy("lists forgotten"),
    "day_plans": gettext_lazy("day plans made"),
    "day_plans_forgotten": gettext_lazy("day plans forgotten"),
    "workers_left": gettext_lazy("workers forgotten who left"),
    "workers_rejected": gettext_lazy("workers forgotten whose batch came to nothing"),
    "worker_rows": gettext_lazy("rows of workers forgotten that nobody repaired"),
    "worker_lists": gettext_lazy("lists of workers forgotten that were never handed in"),
}


def often(every: timedelta | crontab) -> str:
    if every == MINUTE:
        return _("every minute")
    if every == HOUR:
        return _("every hour")
    if isinstance(every, timedelta):
        return _("every %(time)s") % {"time": lasted(every)}
    hours, minutes = sorted(every.hour), sorted(every.minute)
    if every == crontab(hour=hours, minute=minutes) and len(hours) == len(minutes) == 1:
        return _("daily at %(time)s") % {"time": f"{hours[0]:02}:{minutes[0]:02}"}
    step = 60 // len(minutes)
    if minutes == list(range(0, 60, step)) and every == crontab(minute=minutes):
        return _("every %(time)s") % {"time": lasted(step * MINUTE)}
    # As it is written: nobody has needed words for it yet.
    return str(every)


def lasted(time: timedelta) -> str:
    """Roughly, by the largest unit that fits; a minute is the least."""
    if time >= 2 * DAY:
        return ngettext("%(n)d day", "%(n)d days", time.days) % {"n": time.days}
    if time >= HOUR:
        hours = int(time / HOUR)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    minutes = max(1, int(time / MINUTE))
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def took(seconds: float) -> str:
    if seconds < 0.1:
        return _("under 0.1 s")
    return _("%(n).1f s") % {"n": seconds}


def counted(counts: Mapping[str, int]) -> list[str]:
    """What was not nothing."""
    return [f"{COUNTED.get(name, name)} {n}" for name, n in counts.items() if n]
