"""What a page reads of what was counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import Unit
from liaison.summaries.models import Summary
from liaison.summaries.topics import TOPICS

# The stations are counted every five minutes: after so long something does not run.
STALE_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Counted:
    """The numbers of one unit by topic, all of them true at one moment or later."""

    true_at: datetime
    topics: Mapping[str, Counter[str]]

    def __getitem__(self, topic: str) -> Counter[str]:
        return self.topics[topic]

    def is_stale(self, now: datetime) -> bool:
        return now - self.true_at > STALE_AFTER


def counted(unit: Unit, *topics: str) -> Counted | None:
    """The numbers of these topics, or of all; None while one of them was never counted."""
    return counted_of([unit.pk], *topics).get(unit.pk)


def counted_of(units: Iterable[int], *topics: str) -> dict[int, Counted]:
    """The same of many units in one query; one that was never counted is missing."""
    wanted = topics or tuple(TOPICS)
    rows: dict[int, dict[str, Summary]] = defaultdict(dict)
    for row in Summary.objects.filter(
        unit__in=list(units), topic__in=wanted, true_at__isnull=False
    ):
        rows[row.unit_id][row.topic] = row
    return {
        unit: Counted(
            true_at=min(row.true_at for row in found.values() if row.true_at),
            topics={topic: Counter(row.numbers) for topic, row in found.items()},
        )
        for unit, found in rows.items()
        if len(found) == len(wanted)
    }


def counted_at(moment: datetime, now: datetime) -> str:
    """ "counted at 14:05", with the date unless it is today's."""
    local = timezone.localtime(moment)
    today = local.date() == timezone.localdate(now)
    return _("counted at %(time)s") % {"time": f"{local:%H:%M}" if today else f"{local:%F %H:%M}"}
