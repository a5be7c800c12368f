"""The sweep that reminds of contacts, visits and enterprises without an officer."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation

from enterprises.ladder import Ringing, ladders, rules_at
from enterprises.models import Assignment, Cadence, Recipient, Reminder, ReminderRule
from enterprises.notices import reminder_said
from enterprises.reach import Reach
from liaison.accounts.models import User
from liaison.calendars.work_time import work_calendar
from liaison.core.sweeping import sweep
from liaison.core.workdays import WorkCalendar
from liaison.notices.gathering import Saying, mention

# A row that cannot be worked out is looked at again after so long.
PUT_OFF = timedelta(minutes=10)
Taken = set[tuple[int, str, object, int]]


def remind_due(now: datetime) -> Counter[str]:
    """Take every step that is due, and put down who is to be told; ``tell_gathered`` tells them.

    Whether it comes in time, late or twice, the same rows are there afterwards: each step once, by
    the constraint of the table.
    """
    calendar = work_calendar()
    due = Cadence.objects.all().to_remind(now).select_related("enterprise__unit")
    return sweep(
        due.order_by("next_reminder_at", "enterprise"),
        lambda rows: _remind(rows, calendar, now),
        lambda row: Cadence.objects.filter(pk=row.pk).update(next_reminder_at=now + PUT_OFF),
    )


def _remind(rows: list[Cadence], calendar: WorkCalendar, now: datetime) -> Counter[str]:
    # Read once the rows are held: whoever changes a ladder marks its rows afterwards.
    rules = list(ReminderRule.objects.all())
    ringing: list[tuple[Cadence, list[Ringing]]] = []
    climbed = [ladders(row, rules_at(rules, row.enterprise.unit_id), calendar) for row in rows]
    taken = _taken(rows, climbed)
    for row, steps in zip(rows, climbed, strict=True):
        to_come = [one.rung.at for one in steps if one.rung.at > now]
        row.next_reminder_at = min(to_come, default=None)
        due = [
            one
            for one in steps
            if one.rung.at <= now and (row.pk, one.kind, one.due_on, one.rung.step) not in taken
        ]
        ringing.append((row, sorted(due, key=lambda one: (one.rung.at, one.rung.step))))
    # They are locked, and nobody else moves them; a tenth of what bulk_update costs.
    Cadence.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=["next_reminder_at"],
        unique_fields=["enterprise"],
    )
    ringing = [(row, steps) for row, steps in ringing if steps]
    return Counter(reminders=_take(ringing, now)) if ringing else Counter()


def _taken(rows: Sequence[Cadence], climbed: Sequence[Sequence[Ringing]]) -> Taken:
    """Of these ladders only: what was taken for earlier due dates grows from year to year."""
    since = min((one.due_on for steps in climbed for one in steps), default=None)
    if since is None:
        return set()
    steps = Reminder.objects.filter(enterprise__in=[row.pk for row in rows], due_on__gte=since)
    return set(steps.values_list("enterprise_id", "kind", "due_on", "step"))


def _take(ringing: list[tuple[Cadence, list[Ringing]]], now: datetime) -> int:
    """Write the steps and gather what people are to be told of them."""
    units = {row.enterprise.unit_id: row.enterprise.unit for row, _steps in ringing}
    reach = Reach(units.values(), timezone.localdate(now))
    places = _places([row.pk for row, _steps in ringing])
    reminders: list[Reminder] = []
    sayings: dict[tuple[int, int, str], Saying] = {}
    with translation.override(settings.LANGUAGE_CODE):
        for row, steps in ringing:
            for one in steps:
                people = _people(row, one, reach, places)
                reminders.append(
                    Reminder(
                        enterprise_id=row.pk,
                        kind=one.kind,
                        due_on=one.due_on,
                        step=one.rung.step,
                        planned_at=one.rung.at,
                        at=now,
                        told=[str(person) for person in people],
                    )
                )
                # Of several steps at once a person hears of the highest only.
                for person in people:
                    sayings[person.pk, row.pk, one.kind] = reminder_said(row, one, now)
    Reminder.objects.bulk_create(reminders)
    mention([(pk, saying) for (pk, _row, _kind), saying in sayings.items()], now=now)
    return len(reminders)


def _places(pks: Sequence[int]) -> dict[tuple[int, str], User]:
    places = Assignment.objects.filter(enterprise__in=pks, ended_at__isnull=True)
    return {
        (place.enterprise_id, place.role): place.officer
        for place in places.select_related("officer")
    }


def _people(
    row: Cadence, one: Ringing, reach: Reach, places: dict[tuple[int, str], User]
) -> list[User]:
    """Whom this step reaches; a step that would reach nobody goes on to those above."""
    unit = row.enterprise.unit
    found: dict[int, User] = {}
    for recipient in one.rung.recipients:
        match recipient:
            case Recipient.HANDLER:
                people = reach.officer(places.get((row.pk, Assignment.Role.RESPONSIBLE)), unit)
            case Recipient.DEPUTY:
                people = reach.officer(places.get((row.pk, Assignment.Role.DEPUTY)), unit)
            case _:
                people = reach.role(recipient, unit)
        found |= {person.pk: person for person in people}
    for recipient in (Recipient.DESK, Recipient.CHIEF, Recipient.BUREAU):
        if not found:
            found = {person.pk: person for person in reach.role(recipient, unit)}
    return list(found.values())
