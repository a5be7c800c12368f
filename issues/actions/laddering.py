"""Who is told when a clock runs out, changed as a whole for a unit, a kind and a clock."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.ladders import must_be_as_seen, must_set_ladders, remove, take_turns_at
from enterprises.steps import Step, must_make_a_ladder, numbered, said
from issues.ladder import ladder_for, step_of
from issues.models import Escalation, EscalationRule, Issue, IssueKind
from issues.workflow import Clock
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.refused import Refused


@transaction.atomic
def set_ladder(
    unit: Unit | None,
    kind: IssueKind | None,
    clock: str,
    steps: Sequence[Step],
    *,
    by: User,
    replaces: Collection[int],
) -> int:
    """Make these the steps of a clock for a unit (None: any) and a kind (None: any).

    ``replaces`` are the ids of the place's own rows that the caller saw. Open lines go by them from
    the next sweep on; how many that are. On a line in the middle of its ladder what was taken stays
    taken: a step that tells the same people as one before goes on under its number, and nobody is
    told again. One that tells others, and whose moment has gone by, is taken at once, and is in the
    one notice that they get. A line moved at that very moment looks at the new steps no later than
    at the first of the old.
    """
    must_set_ladders(by, unit)
    if clock not in Clock.values:
        raise Refused("invalid", _("There is no such ladder."), field="clock")
    must_make_a_ladder(steps)
    own = _own(unit, kind, clock, replaces)
    if own and sorted(steps, key=str) == sorted(map(step_of, own), key=str):
        return 0
    before = own or _holding(unit, kind, clock)
    numbers = numbered(steps, [(one.step, step_of(one)) for one in before], _highest(clock))
    remove(EscalationRule.objects.all(), own)
    rules = EscalationRule.objects.bulk_create(
        EscalationRule(
            unit=unit,
            kind=kind,
            clock=clock,
            step=n,
            recipients=list(one.recipients),
            **{str(one.way): one.number},
        )
        for n, one in numbers
    )
    changes = _changes(kind, clock, [said(map(step_of, before)), said(steps)])
    record("ladder.set", rules[0], by=by, unit=unit or by.unit, changes=changes)
    return _look_again(unit, kind, clock)


@transaction.atomic
def drop_ladder(
    unit: Unit | None,
    kind: IssueKind | None,
    clock: str,
    *,
    by: User,
    replaces: Collection[int],
) -> int:
    """The more general steps hold again, from the next sweep on as with :func:`set_ladder`; for how
    many open lines."""
    must_set_ladders(by, unit)
    if unit is None and kind is None:
        raise Refused("last", _("The general steps can be changed, but not dropped."))
    own = _own(unit, kind, clock, replaces)
    if not own:
        raise Refused("none", _("There are no steps of its own here."))
    remove(EscalationRule.objects.all(), own)
    changes = _changes(kind, clock, said(map(step_of, own)))
    record("ladder.dropped", own[0], by=by, unit=unit or by.unit, changes=changes)
    return _look_again(unit, kind, clock)


def _own(
    unit: Unit | None, kind: IssueKind | None, clock: str, replaces: Collection[int]
) -> list[EscalationRule]:
    """The place's own rows, if they are those that were seen; nobody else gets in between."""
    take_turns_at(unit)
    if unit is None and kind is not None:
        IssueKind.objects.filter(pk=kind.pk).update(name=F("name"))
    own = list(EscalationRule.objects.all().exactly(unit, kind, clock))
    must_be_as_seen(own, replaces)
    return own


def _holding(unit: Unit | None, kind: IssueKind | None, clock: str) -> list[EscalationRule]:
    """What lines of this place go by while it has no rows of its own."""
    rows = EscalationRule.objects.all().fitting(unit).filter(clock=clock)
    return ladder_for(rows, unit.pk if unit else None, kind.pk if kind else None, clock)


def _highest(clock: str) -> int:
    """The highest number given to a step of this clock, or taken on an open line."""
    given = EscalationRule.objects.filter(clock=clock).aggregate(most=Max("step"))["most"]
    open_ones = Escalation.objects.filter(clock=clock, issue__next_due_at__isnull=False)
    return max(given or 0, open_ones.aggregate(most=Max("step"))["most"] or 0)


def _look_again(unit: Unit | None, kind: IssueKind | None, clock: str) -> int:
    """One UPDATE: the sweep reckons anew on open lines whose clock goes by these rows."""
    lines = Issue.objects.all().running(clock)
    if unit is not None:
        lines = lines.filter(unit=unit)
    if kind is not None:
        lines = lines.filter(kind=kind)
    nearer = EscalationRule.objects.filter(
        Q(unit__isnull=True) | Q(unit=OuterRef("unit")),
        Q(kind__isnull=True) | Q(kind=OuterRef("kind")),
        clock=clock,
    )
    # Of the ladders that fit a line the most specific holds: kind before unit.
    if kind is None:
        more = Q(kind__isnull=False) if unit else Q(kind__isnull=False) | Q(unit__isnull=False)
        lines = lines.filter(~Exists(nearer.filter(more)))
    elif unit is None:
        lines = lines.filter(~Exists(nearer.filter(kind__isnull=False, unit__isnull=False)))
    return lines.update(next_escalation_at=timezone.now())


def _changes(kind: IssueKind | None, clock: str, steps: object) -> dict[str, object]:
    return {"kind": kind.code if kind else "", "clock": clock, "steps": steps}
