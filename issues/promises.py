"""What the enterprise has been promised about a line, in its own words: by when it hears, by when
it is done. Only what has a clock is given a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from issues.deadlines import REOPEN_WITHIN, ran_out
from issues.models import Issue, Pause
from issues.workflow import Clock, CloseRule, Stage
from liaison.core import due as words


@dataclass(frozen=True)
class Promise:
    """One of the two promises. ``due_at`` is the clock that runs towards it now, if one does; what
    ``said`` names besides is what was, or what it depends on. ``tone``: over, soon, done or
    nothing."""

    label: str
    head: str
    said: str
    tone: str = ""
    due_at: datetime | None = None


def promises(issue: Issue, pauses: Sequence[Pause], now: datetime) -> list[Promise]:
    """To hear, and to be done; asks nothing of the database."""
    return [_hear(issue, now), _done(issue, pauses, now)]


def _hear(issue: Issue, now: datetime) -> Promise:
    label, due = _("You hear from us"), issue.respond_due_at
    if issue.stage == Stage.RAISED:
        how = words.moment(due, now)
        if how.tone == "over":
            said = _(
                "It was to be answered by %(due)s. It is reported upwards at the station, step by"
                " step, until somebody answers."
            )
        else:
            said = _("By %(due)s you hear whether it is taken on; nights and holidays count.")
        return Promise(label, how.text, said % {"due": how.exact}, how.tone, due)
    answered = issue.responded_at
    if answered is None and issue.stage == Stage.DECLINED:
        answered = issue.closed_at
    if answered is None and issue.started_at is not None:
        said = _(
            "Nobody answered in time; by law it counts as accepted from the day it came"
            " (Administrative Licensing Law, Art. 32)."
        )
        return Promise(label, _("Taken for accepted"), said, "over")
    if answered is None:
        return Promise(label, _("No answer is due any more"), _("It was taken back before."))
    head = _("Answered %(at)s") % {"at": moment_said(answered)}
    if answered <= due:
        return Promise(label, head, _("In time: promised by %(due)s.") % _due(due), "done")
    return Promise(label, head, _("Late: it was promised by %(due)s.") % _due(due), "over")


def _done(issue: Issue, pauses: Sequence[Pause], now: datetime) -> Promise:
    label = _("It is done")
    match issue.stage:
        case Stage.RAISED:
            return Promise(label, _days_promised(issue), _("The day is set once it is taken on."))
        case Stage.DECLINED:
            said = _("The station's reason stands below.")
            return Promise(label, _("Not taken on: nothing is promised"), said)
        case Stage.WITHDRAWN:
            return Promise(label, _("Taken back: nothing is promised any more"), "")
        case Stage.CLOSED:
            return _closed(issue, label)
        case Stage.WAITING:
            return _waiting(issue, label, now)
        case Stage.PROPOSED if issue.running_clock == Clock.WAIT:
            return _your_word(issue, label, now)
    due = issue.resolve_due_at
    if due is None:
        raise ValueError("a line under way has a resolve clock")
    how = words.moment(due, now)
    parts = []
    if how.tone == "over":
        parts.append(
            _(
                "It was promised by %(due)s. It is reported upwards at the station, step by step,"
                " until it is done."
            )
            % {"due": how.exact}
        )
    else:
        parts.append(_("By %(due)s.") % {"due": how.exact})
    if issue.stage == Stage.PROPOSED:
        parts.append(_asked_to_close(issue))
    if issue.due_uncertain:
        parts.append(_("Its holidays are not published yet: the day may move."))
    return Promise(label, how.text, sentences(*parts), how.tone, due)


def _waiting(issue: Issue, label: str, now: datetime) -> Promise:
    facts = {"what": issue.awaited, "whom": issue.awaited_from}
    awaited = (
        _("The station waits for you: %(what)s (%(whom)s).")
        if issue.awaits_enterprise
        else _("The station waits for %(what)s from %(whom)s.")
    ) % facts
    how = words.moment(issue.next_due_at or now, now)
    if issue.running_clock == Clock.RESOLVE:
        late = _("It was overdue before the waiting began and stays so: promised by %(due)s.")
        return Promise(
            label,
            how.text,
            sentences(awaited, late % {"due": how.exact}),
            how.tone,
            issue.next_due_at,
        )
    rest = _(
        "Until %(until)s at most. Meanwhile the time stands still; the day by which it is done is"
        " set anew once it goes on."
    )
    if how.tone == "over":
        rest = _("It was to be there by %(until)s; the station is asked what becomes of it.")
    return Promise(
        label,
        _("Waiting · %(until)s") % {"until": how.text},
        sentences(awaited, rest % {"until": how.exact}),
        how.tone,
        issue.next_due_at,
    )


def _your_word(issue: Issue, label: str, now: datetime) -> Promise:
    """The station has done its part; whether it is done the enterprise says."""
    how = words.moment(issue.next_due_at or now, now)
    said = _(
        "The station says it is done: please say by %(until)s whether you agree. Its time stands"
        " still meanwhile; if it is not done, what was left of it goes on."
    )
    if how.tone == "over":
        said = _(
            "The station says it is done and was to hear by %(until)s whether you agree; please"
            " say so. Its time stands still meanwhile."
        )
    uncertain = (
        _("The holidays on the way are not published yet: the day of what was left may move.")
        if issue.due_uncertain
        else ""
    )
    return Promise(
        label,
        _("For you to confirm · %(until)s") % {"until": how.text},
        sentences(said % {"until": how.exact}, *filter(None, [uncertain])),
        "soon",
        issue.next_due_at,
    )


def _closed(issue: Issue, label: str) -> Promise:
    closed, due = issue.closed_at, issue.resolve_due_at
    if closed is None or due is None:
        raise ValueError("a closed line had a resolve clock")
    until = closed + REOPEN_WITHIN
    head = _("Done %(at)s") % {"at": moment_said(closed)}
    in_time = closed <= due
    said = _("In time: promised by %(due)s.") if in_time else _("Late: it was promised by %(due)s.")
    again = _("Until %(day)s you can have it reopened.") % {"day": moment_said(until)}
    if timezone.now() > until:
        again = _("The time to have it reopened is over: send a new request.")
    return Promise(label, head, sentences(said % _due(due), again), "done" if in_time else "over")


def _asked_to_close(issue: Issue) -> str:
    match issue.close_rule:
        case CloseRule.CONTACT:
            return _("The station says it is done: please say whether you agree.")
        case CloseRule.CHIEF:
            return _("The officer says it is done; a chief checks. If it is not, say so.")
    return _("The officer says it is done; a second officer checks. If it is not, say so.")


def _days_promised(issue: Issue) -> str:
    n = issue.policy.resolve_days
    if issue.round_the_clock:
        said = ngettext(
            "within %(n)d day of being taken on", "within %(n)d days of being taken on", n
        )
    else:
        said = ngettext(
            "within %(n)d working day of being taken on",
            "within %(n)d working days of being taken on",
            n,
        )
    return said % {"n": n}


def may_reopen(issue: Issue, now: datetime) -> bool:
    return issue.closed_at is not None and now <= issue.closed_at + REOPEN_WITHIN


def has_run_out(issue: Issue, pauses: Iterable[Pause], now: datetime) -> bool:
    """Whether the promise that runs now is broken."""
    due = issue.respond_due_at if issue.stage == Stage.RAISED else issue.resolve_due_at
    return due is not None and issue.is_open and ran_out(due, pauses, now)


def clock_said(issue: Issue) -> str:
    """What the moment on a row of the bill is for, in a word or two."""
    match issue.running_clock:
        case Clock.RESPOND:
            return pgettext("promise", "you hear by")
        case Clock.WAIT if issue.stage == Stage.PROPOSED:
            return pgettext("promise", "for you to confirm by")
        case Clock.WAIT if issue.awaits_enterprise:
            return pgettext("promise", "waiting for you until")
        case Clock.WAIT:
            return pgettext("promise", "waiting until")
    return pgettext("promise", "done by")


def moment_said(at: datetime) -> str:
    """2026-03-05 14:30, by the clock in China; the midnight that ends a day is its 24:00."""
    return words.moment(at, at).exact


def sentences(*parts: str) -> str:
    """One after another; a Chinese full stop is as wide as its space."""
    whole = ""
    for part in parts:
        whole += part if not whole or whole.endswith("。") else f" {part}"
    return whole


def _due(at: datetime) -> dict[str, str]:
    return {"due": moment_said(at)}
