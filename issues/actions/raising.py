"""How a line comes to be, and whom it follows."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from issues.actions.engine import Proven, write_event
from issues.deadlines import policy_for, respond_by
from issues.models import Issue, IssueKind, Level, Numbering
from liaison.accounts.models import Unit, User
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
) -> Issue:
    """Open a line and start its respond clock.

    The enterprise's responsible officer handles it; without one it waits visibly at the desk.
    The clock runs from when it was raised, which may be earlier than now but never later.
    """
    if not Enterprise.objects.visible_to(by).filter(pk=enterprise.pk).exists():
        raise Refused("not_yours", _("This enterprise is not yours."), field="enterprise")
    if not (by.is_station_staff or by.is_contact):
        raise Refused("not_allowed", _("A bureau reads the bill but does not write it."))
    if not title.strip():
        raise Refused("missing", _("Say in a few words what it is about."), field="title")
    if level not in Level.values:
        raise Refused("invalid", _("There is no such level."), field="level")
    now = timezone.now()
    if raised_at is not None and raised_at > now:
        raise Refused("future", _("This moment has not come yet."), field="raised_at")
    at = raised_at or now
    place = enterprise.assignments.open().responsible().select_related("officer").first()
    policy = policy_for(enterprise.unit, kind, level)
    due = respond_by(at, policy)
    issue = Issue.objects.create(
        number=next_number(enterprise.unit, timezone.localtime(now).year),
        unit=enterprise.unit,
        enterprise=enterprise,
        kind=kind,
        level=level,
        title=title.strip(),
        text=text.strip(),
        source=source,
        raised_by=by,
        raised_at=at,
        handler=place.officer if place else None,
        sensitive=kind.sensitive,
        close_rule=kind.close_rule,
        policy=policy,
        respond_due_at=due,
        next_due_at=due,
    )
    write_event(
        issue,
        "raise",
        by=by,
        from_stage="",
        public=True,
        text=issue.text,
        values={"handler": str(issue.handler) if issue.handler else ""},
        files=files,
        wanted=kind.proofs,
    )
    return issue


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
    lines = Issue.objects.filter(enterprise=enterprise, handler=before).open()
    followed = []
    for issue in lines.select_related("unit", "enterprise").order_by("id"):
        Issue.objects.filter(pk=issue.pk).update(handler=after, version=F("version") + 1)
        issue.handler, issue.version = after, issue.version + 1
        write_event(
            issue,
            "transfer",
            by=by,
            from_stage=issue.stage,
            public=True,
            text=reason,
            values={"handler": str(after), "before": str(before) if before else ""},
        )
        followed.append(issue)
    return followed
