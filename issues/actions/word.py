"""The clock of the enterprise's word: what its handler has done, and only the enterprise can say.

Where the enterprise's word closes a line, the police have done their part once close-out is
proposed: the resolve clock stands still like in any other wait, and the day until which the word
is awaited runs instead, so that neither a promise is broken by somebody else's silence nor a
silence goes unheard. Approval by colleagues stops no clock: the station is one.
"""

from datetime import datetime, timedelta
from typing import Any

from issues.actions.engine import must_run, written
from issues.deadlines import after_pause, calendar_for, confirm_due_on, end_of
from issues.models import Issue, Pause
from issues.workflow import CloseRule
from liaison.calendars.work_time import work_calendar


def waits_for_word(issue: Issue, now: datetime) -> dict[str, Any]:
    """What proposing close-out changes about the clocks of this line; nothing where colleagues
    approve it. A clock that has run out goes on running: waiting must not hide that."""
    if issue.close_rule != CloseRule.CONTACT or must_run(issue.resolve_due_at) <= now:
        return {}
    until = confirm_due_on(now, work_calendar())
    ends = end_of(until)
    if ends == issue.resolve_due_at:
        # The clock that runs is told by its moment: two that end together would be one.
        ends -= timedelta(microseconds=1)
    Pause.objects.create(issue=issue, starts_at=now, until_on=until)
    return {"next_due_at": ends}


def word_said(issue: Issue, now: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """What changes about the clocks once the word is there, or the colleague's: the resolve clock
    stands where it stood, moved by the time that the word took. And what the event says of it."""
    pause = issue.pauses.filter(ended_at__isnull=True).first()
    if pause is None:
        return {}, {}
    before = must_run(issue.resolve_due_at)
    calendar = calendar_for(issue, hours=True)
    resumed = after_pause(before, pause.starts_at, now, calendar)
    Pause.objects.filter(pk=pause.pk).update(ended_at=now)
    changes = {
        "resolve_due_at": resumed.at,
        "next_due_at": resumed.at,
        "due_uncertain": issue.due_uncertain or not resumed.is_certain,
    }
    return changes, {"from": written(before), "due": written(resumed.at)}
