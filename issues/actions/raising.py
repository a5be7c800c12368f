"""How a line comes to be, and whom it follows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.enterprise import take_turns
from enterprises.models import Enterprise
from issues.actions.clock import clock_set
from issues.actions.engine import Proven, changed_hands, write_event
from issues.deadlines import policy_for, respond_by
from issues.models import Issue, IssueKind, Level, Numbering, SlaPolicy
from issues.own_limit import OwnLimit
from issues.querysets import IssueQuerySet
from issues.workflow import MOVES, OPEN, Proof
from liaison.accounts.models import Unit, User
from liaison.accounts.people import hold_still
from liaison.core.refused import Refused


@transaction.atomic
def raise_issue(
    enterprise: Enterprise,
    *,
    kind: IssueKind,
    title: str,
    by: User,
    source: str,
    text: str = "",
    level: str = Level.ORDINARY,
    raised_at: datetime | None = None,
    files: Sequence[Proven] = (),
    limit: OwnLimit | None = None,
    handler: User | None = None,
) -> Issue:
    """Open a line and start its respond clock.

    The enterprise's responsible officer handles it; without one it waits visibly at the desk.
    The clock runs from when it was raised, which may be earlier than now but never later. A
    ``limit`` of its own goes before that of its kind, and with ``handler`` it is another officer's.
    """
    if not Enterprise.objects.visible_to(by).filter(pk=enterprise.pk).exists():
        raise Refused("not_yours", _("This enterprise is not yours."), field="enterprise")
    if not (by.is_station_staff or by.is_contact):
        raise Refused("not_allowed", _("A bureau reads the bill but does not write it."))
    if not title.strip():
        raise Refused("missing", _("Say in a few words what it is about."), field="title")
    if level not in Level.values:
        raise Refused("invalid", _("There is no such level."), field="level")
    if handler is not None:
        hold_still(handler.pk)
        handler = User.objects.get(pk=handler.pk)
    enterprise = take_turns(enterprise)
    if not enterprise.is_live:
        raise Refused("closed", _("This enterprise is closed down."), field="enterprise")
    now = timezone.now()
    if raised_at is not None and raised_at > now:
        raise Refused("future", _("This moment has not come yet."), field="raised_at")
    if handler is not None and not handler.can_answer_at(enterprise.unit):
        raise Refused(
            "wrong_officer", _("Choose an officer of the enterprise's station."), field="handler"
        )
    return open_line(
        enterprise,
        kind=kind,
        title=title,
        text=text,
        by=by,
        source=source,
        level=level,
        at=raised_at or now,
        files=files,
        policy=policy_for(enterprise.unit, kind, level),
        limit=limit,
        handler=handler,
    )


def open_line(
    enterprise: Enterprise,
    *,
    kind: IssueKind,
    title: str,
    text: str,
    by: User,
    source: str,
    level: str,
    at: datetime,
    files: Sequence[Proven],
    policy: SlaPolicy,
    limit: OwnLimit | None = None,
    handler: User | None = None,
) -> Issue:
    """Write a line that may be: whether it may, the verb that calls this has found out, in its
    transaction and holding the enterprise. Its clock runs from ``at`` by ``policy``,
    its time by ``limit`` where it has one of its own."""
    due = respond_by(at, policy)
    issue = Issue(
        number=next_number(enterprise.unit, timezone.localdate().year),
        unit=enterprise.unit,
        enterprise=enterprise,
        kind=kind,
        level=level,
        title=title.strip(),
        text=text.strip(),
        source=source,
        raised_by=by,
        raised_at=at,
        handler=handler or officer_of(enterprise),
        sensitive=kind.sensitive,
        close_rule=kind.close_rule,
        **_by_its_kind_or_own(kind, limit),
        policy=policy,
        respond_due_at=due,
        next_due_at=due,
    )
    for name, value in clock_set(issue, {}).items():
        setattr(issue, name, value)
    issue.save(force_insert=True)
    write_event(
        issue,
        "raise",
        by=by,
        from_stage="",
        public=True,
        text=issue.text,
        values={"handler": str(issue.handler) if issue.handler else ""},
        files=files,
        shows=what_it_shows(kind),
    )
    return issue


def what_it_shows(kind: IssueKind) -> str:
    """A picture sent with the complaint shows how things were, where the kind wants that proven."""
    return Proof.BEFORE if Proof.BEFORE in kind.proofs else ""


def _by_its_kind_or_own(kind: IssueKind, limit: OwnLimit | None) -> dict[str, Any]:
    """How the line's time is counted."""
    if limit is None:
        return {"round_the_clock": kind.round_the_clock}
    return {
        "round_the_clock": limit.every_day,
        "own_limit": limit.amount,
        "counted": limit.counted,
        "own_extension_days": limit.extension_days,
        "silence_days": limit.silence_days,
    }


def officer_of(enterprise: Enterprise) -> User | None:
    """The responsible officer, as far as there is one who can answer."""
    place = enterprise.assignments.open().responsible().select_related("officer").first()
    return place.officer if place and place.officer.can_answer_at(enterprise.unit) else None


def next_number(unit: Unit, year: int) -> str:
    """The unit's next number of the year. The row's lock makes two callers take turns."""
    Numbering.objects.get_or_create(unit=unit, year=year)
    Numbering.objects.filter(unit=unit, year=year).update(last=F("last") + 1)
    return str(Numbering.objects.select_related("unit").get(unit=unit, year=year))


@transaction.atomic
def follow_officer(
    enterprise: Enterprise, *, before: User | None, after: User, by: User, reason: str
) -> list[Issue]:
    """Open lines of the enterprise go with it to its new officer.

    Those the former officer handled, and those nobody handled; a line that had been given to
    a third officer stays there.
    """
    left_behind = Q(handler__isnull=True)
    if before is not None:
        left_behind |= Q(handler=before)
    lines = Issue.objects.filter(left_behind, enterprise=enterprise)
    return _give(lines, after, by=by, reason=reason)


@transaction.atomic
def take_over_lines(unit: Unit, *, before: User, after: User, by: User, reason: str) -> list[Issue]:
    """Whatever the former officer still handles at the station, on anybody's enterprise."""
    lines = Issue.objects.filter(unit=unit, handler=before)
    return _give(lines, after, by=by, reason=reason)


def _give(lines: IssueQuerySet, after: User, *, by: User, reason: str) -> list[Issue]:
    """The open ones of these lines go to the officer; stage and clocks stay."""
    given = []
    for seen in lines.open().select_related("handler").order_by("id"):
        # Only if it is still open and still theirs: somebody may be moving it at this moment.
        still = Issue.objects.filter(pk=seen.pk, handler=seen.handler, stage__in=OPEN)
        if not still.update(handler=after, version=F("version") + 1):
            continue
        issue = Issue.objects.for_ledger().get(pk=seen.pk)
        write_event(
            issue,
            "transfer",
            by=by,
            from_stage=issue.stage,
            public=MOVES["transfer"].public,
            text=reason,
            values=changed_hands(seen.handler, after),
            along=True,
        )
        given.append(issue)
    return given
