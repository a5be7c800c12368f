"""The demo's nights: walked as nights are, mostly whole, and this one as far as it is.

Through the guards' own door (``patrols.actions.reporting``): what the demo shows is what a phone
would have left.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from liaison.accounts.models import Kind, Unit, User
from liaison.demo.diary import clock_at
from liaison.demo.patrols import NIGHTS
from liaison.notices.actions import mark_all_read
from patrols.actions.doors import make_link, valid_during
from patrols.actions.morning import report_nights
from patrols.actions.planning import plan_night, plan_tonight
from patrols.actions.reporting import take
from patrols.actions.responding import record_response
from patrols.actions.ringing import ring_patrols
from patrols.models import DutyNight, NightLink, PatrolIncident, PatrolRun, RunStop
from patrols.nights import evening_of, night_of
from patrols.reports import Sent

# Of so many rounds one is not walked, of so many one leaves its last checkpoint out.
UNWALKED, SHORT = 17, 7
WORDS = ("示例厂区北墙外有人翻动废料堆，已劝离。", "示范一路路灯三盏不亮，转角处看不清。")
CALL = "示例仓库后门报警，发现一名陌生男子。"


@dataclass(frozen=True)
class Deed:
    """What a phone sends, and when it was done."""

    at: datetime
    link: NightLink
    kind: str
    body: dict[str, Any]


def walk_nights(unit: Unit, *, by: User, chance: random.Random) -> None:
    """Every night to this moment, of every team that has rounds; then what follows of itself: who
    was told, and the mornings' reports."""
    now = timezone.now()
    tonight = evening_of(now)
    for back in range(NIGHTS, -1, -1):
        evening = tonight - timedelta(days=back)
        nights = DutyNight.objects.filter(
            team__unit=unit, night_on=evening, roster__state="published"
        )
        deeds: list[Deed] = []
        for night in nights.select_related("team__unit").order_by("team__number"):
            deeds += _of_night(night, by, chance)
        _carry_out(sorted(deeds, key=lambda deed: deed.at), now)
        over = min(night_of(evening)[1], now)
        with clock_at(over):
            ring_patrols(over)
            _answer_calls(unit, evening, by)
        if back > 1:
            # What last night brought is still to be read; the station has seen the rest.
            for person in User.objects.filter(unit=unit).exclude(kind=Kind.CONTACT):
                mark_all_read(by=person, until=over, now=over)
    report_nights(now)
    plan_tonight(now)


def _of_night(night: DutyNight, by: User, chance: random.Random) -> Iterator[Deed]:
    opens, _ends = valid_during(night)
    # One of each enterprise has a phone with them.
    crews = [duty.guards.order_by("pk").first() for duty in night.duties.order_by("pk")]
    guards = [first.guard for first in crews if first is not None]
    if not guards or opens > timezone.now():
        return
    with clock_at(opens):
        plan_night(night)
        link, *others = [make_link(night, one, by=by)[0] for one in guards]
    for run in night.runs.prefetch_related("stops").order_by("planned_start"):
        if run.pk % UNWALKED == 4:
            continue
        yield from _of_round(run, link, others, chance)
    if night.night_on != evening_of(timezone.now()) - timedelta(days=1):
        return
    if night.team.number == 3:
        yield Deed(
            opens + timedelta(hours=4, minutes=13), link, "incident", {"text": CALL, "sos": True}
        )
    elif night.team.number in (5, 8):
        words = WORDS[night.team.number % 2]
        yield Deed(
            opens + timedelta(hours=5, minutes=night.team.number * 3),
            link,
            "incident",
            {"text": words},
        )


def _of_round(
    run: PatrolRun, link: NightLink, others: list[NightLink], chance: random.Random
) -> Iterator[Deed]:
    """One carries the round; the others scan where they set out."""
    begun = run.planned_start + timedelta(seconds=chance.randint(-60, 240))
    yield Deed(begun, link, "start", {"run": run.pk})
    stops: list[RunStop] = list(run.stops.all())
    if run.pk % SHORT == 2:
        stops = stops[:-1]
    at = begun
    for stop in stops:
        at = begun + timedelta(seconds=stop.after + chance.randint(-30, 90))
        yield Deed(at, link, "check_in", {"run": run.pk, "checkpoint": stop.checkpoint_id})
    for n, other in enumerate(others, 1):
        first = begun + timedelta(seconds=40 + 20 * n)
        yield Deed(first, other, "check_in", {"run": run.pk, "checkpoint": stops[0].checkpoint_id})
    yield Deed(at + timedelta(minutes=6), link, "end", {"run": run.pk})


def _carry_out(deeds: list[Deed], now: datetime) -> None:
    for deed in deeds:
        if deed.at > now:
            return
        sent = Sent(uuid.uuid4(), deed.kind, deed.at, deed.body)
        with clock_at(deed.at):
            take(deed.link, sent, sent_at=deed.at, received_at=deed.at)


def _answer_calls(unit: Unit, evening: date, by: User) -> None:
    """The desk writes down how soon help was there."""
    calls = PatrolIncident.objects.filter(
        sos=True, night__night_on=evening, night__team__unit=unit, responses__isnull=True
    ).select_related("guard__enterprise__unit", "night__team")
    for call in calls:
        took = [timedelta(seconds=50), timedelta(seconds=160), timedelta(seconds=340)]
        record_response(
            call.guard.enterprise,
            by=by,
            called_at=call.happened_at,
            took=took,
            note="男子已移交值班民警",
            incident=call,
        )
