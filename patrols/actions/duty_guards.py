"""Putting guards on duty: the only way in which a row of ``DutyGuard`` comes about.

Roster, hand, swap, substitute, import and API all end here, so that the rule on certificates is
asked in one place, of rows that nobody changes meanwhile. The database refuses the same by itself
(``patrols/lawful_duties.py``).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from patrols.certificates import Bar, Standing, bar, standing
from patrols.guard_notices import tell_of_warnings
from patrols.models import Duty, DutyGuard, DutyNight, Guard
from patrols.rights import must_speak_for

NAMED = 5
BARS = {
    Bar.NO_CERTIFICATE: gettext_lazy("no guard certificate"),
    Bar.CERTIFICATE_ENDS: gettext_lazy("the certificate does not hold through that night"),
    Bar.NOT_YET: gettext_lazy("not a guard yet on that day"),
    Bar.LEFT: gettext_lazy("has left"),
    Bar.INSIDE: gettext_lazy("does not patrol outside the premises, as an officer decided"),
}


@transaction.atomic
def put_on_duty(duty: Duty, guards: Iterable[Guard | int], *, by: User) -> list[DutyGuard]:
    """Add these guards to the enterprise's duty; who is on it already stays.

    For contacts of the enterprise and the station's people. Raises Refused("certificate") when
    any may not patrol on that night, with ``details`` as ``put_all_on_duty`` says.
    """
    must_speak_for(by, duty.enterprise)
    rows = put_all_on_duty([(duty, guards)])
    record(
        "duty.guards_added",
        duty,
        by=by,
        unit=duty.enterprise.unit,
        changes={"night": str(duty.night.night_on), "guards": [row.guard.name for row in rows]},
    )
    return rows


@transaction.atomic
def put_all_on_duty(pairs: Sequence[tuple[Duty, Iterable[Guard | int]]]) -> list[DutyGuard]:
    """The same for many duties at once, all or none: a whole month in a few queries.

    Whoever calls it has asked for rights and records the deed. Guards whom an enterprise
    recruited for itself and of whom no officer has said anything go in, and are warned of.

    Raises Refused: "certificate" with ``details`` {"guards": [{"guard": pk, "name", "night":
    "2026-03-05", "why": one of :class:`~patrols.certificates.Bar`}]}; "not_of_enterprise";
    "unknown_guard"; Conflict "on_duty_already" for one guard twice in a night.
    """
    wanted = [
        (duty, [one.pk if isinstance(one, Guard) else one for one in guards])
        for duty, guards in pairs
    ]
    guards = hold_guards({pk for _duty, keys in wanted for pk in keys})
    rows = [
        DutyGuard(duty=duty, guard=_found(guards, pk), night_on=duty.night.night_on)
        for duty, keys in wanted
        for pk in keys
    ]
    _must_be_theirs(rows)
    _must_be_lawful(rows)
    _must_be_once(rows)
    DutyGuard.objects.bulk_create(rows, batch_size=200)
    warned = {
        row.guard.pk: row.guard
        for row in rows
        if standing(row.guard, row.night_on) == Standing.WARNED
    }
    tell_of_warnings(list(warned.values()))
    return rows


def hold_guards(keys: Iterable[int], *, with_nights: bool = False) -> dict[int, Guard]:
    """These guards as they are now, nobody changing them until we commit. On SQLite every
    transaction has its turn by itself.

    ``with_nights`` for whoever may take them off: their nights to come are held first, as whoever
    changes a night holds it before its guards; the other way round the two would wait for each
    other.
    """
    if with_nights:
        today = timezone.localdate()
        duties = DutyGuard.objects.filter(guard__in=set(keys), night_on__gte=today)
        nights = DutyNight.objects.filter(pk__in=duties.values("duty__night")).order_by("pk")
        list(nights.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    rows = Guard.objects.filter(pk__in=set(keys)).select_related("enterprise__unit")
    return {one.pk: one for one in rows.order_by("pk").select_for_update(of=("self",), no_key=True)}


def _found(guards: Mapping[int, Guard], pk: int) -> Guard:
    if pk not in guards:
        raise Refused(
            "unknown_guard", _("One of the guards is not there any more."), field="guards"
        )
    return guards[pk]


def _must_be_theirs(rows: Sequence[DutyGuard]) -> None:
    wrong = [row for row in rows if row.guard.enterprise_id != row.duty.enterprise_id]
    if wrong:
        raise Refused(
            "not_of_enterprise",
            _("Not a guard of the enterprise that is on duty: %(who)s.") % {"who": _names(wrong)},
            field="guards",
            details={"guards": [row.guard.pk for row in wrong]},
        )


def _must_be_lawful(rows: Sequence[DutyGuard]) -> None:
    wrong = [(row, why) for row in rows if (why := bar(row.guard, row.night_on))]
    if not wrong:
        return
    said = [
        _("%(who)s on %(night)s: %(why)s")
        % {"who": row.guard.name, "night": _day(row.night_on), "why": BARS[why]}
        for row, why in wrong[:NAMED]
    ]
    raise Refused(
        "certificate",
        _("May not patrol: %(said)s.") % {"said": "; ".join(said)},
        field="guards",
        details={
            "guards": [
                {
                    "guard": row.guard.pk,
                    "name": row.guard.name,
                    "night": row.night_on.isoformat(),
                    "why": why.value,
                }
                for row, why in wrong
            ]
        },
    )


def _must_be_once(rows: Sequence[DutyGuard]) -> None:
    asked = [(row.guard.pk, row.night_on) for row in rows]
    taken = set(
        DutyGuard.objects.filter(
            guard__in={row.guard.pk for row in rows}, night_on__in={row.night_on for row in rows}
        ).values_list("guard", "night_on")
    )
    seen: set[tuple[int, date]] = set()
    for row, key in zip(rows, asked, strict=True):
        if key in taken or key in seen:
            raise Conflict(
                "on_duty_already",
                _("Already on duty that night: %(who)s.") % {"who": row.guard.name},
                field="guards",
            )
        seen.add(key)


def _names(rows: Sequence[DutyGuard]) -> str:
    return "、".join(dict.fromkeys(row.guard.name for row in rows[:NAMED]))


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
