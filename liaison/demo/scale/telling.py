"""What a station's people were told of their bill, and what the record has of it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse

from issues.models import Issue
from issues.workflow import OPEN
from liaison.audit.models import Entry
from liaison.demo.scale.keeping import KeptLine
from liaison.demo.scale.people import Person
from liaison.demo.scale.station import Station
from liaison.notices.models import Notice

# Each person was told of so many of the latest lines, and has not read so many of these.
TOLD, UNREAD = 9, 3


def tell(station: Station, lines: Iterable[KeptLine]) -> None:
    """The latest open lines: officers of their own, desk and chiefs of the station's, enterprise
    contacts of those they raised."""
    staff = station.staff
    concerned: dict[Person, list[KeptLine]] = defaultdict(list)
    for line in reversed([line for line in lines if line.stage in OPEN]):
        others = staff.chiefs if line.kind.sensitive else (staff.desk, *staff.chiefs)
        people = {line.handler, *others, *((line.firm.user,) if line.firm.user else ())}
        for person in sorted(people, key=lambda one: one.pk):
            concerned[person].append(line)
    for person, theirs in concerned.items():
        for n, line in enumerate(theirs[:TOLD]):
            _notice(station, person, line, is_read=n >= UNREAD)


def _notice(station: Station, person: Person, line: KeptLine, *, is_read: bool) -> None:
    at = line.raised_at
    station.batch.add(
        Notice, recipient_id=person.pk, occasion=f"event:{line.raised}", kind="issue.raise",
        title=f"新账单：{line.number} {line.trouble.title}",
        text=f"{line.firm.name}\n{line.raiser.name}：{line.trouble.text}",
        url=reverse("issue_detail", args=(line.number,)), confidential=line.kind.sensitive,
        unit_id=station.place.pk, made_at=at,
        read_at=min(at + timedelta(hours=5), station.rules.now) if is_read else None,
    )  # fmt: skip


def record(station: Station, lines: Iterable[KeptLine]) -> None:
    """That each open line was raised."""
    for line in lines:
        if line.stage in OPEN:
            station.batch.add(
                Entry, at=line.raised_at, unit_id=station.place.pk, actor_id=line.raiser.pk,
                actor_name=line.raiser.name, action="issue.raise",
                subject_type=Issue._meta.label_lower, subject_id=str(line.pk),
                subject_label=line.number, changes={"stage": ["", "raised"]},
            )  # fmt: skip
