"""The demo's visits: three weeks of them, most enterprises seen in time, some not."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F
from django.utils import timezone

from enterprises.models import Enterprise
from issues.actions import accept_issue
from issues.models import IssueKind
from liaison.accounts.models import Unit, User
from liaison.demo import words
from liaison.demo.diary import Diary
from visits.actions import (
    Found,
    Promised,
    answer_word,
    entry_soon_again,
    keep_promise,
    log_inspection,
    log_visit,
    say_of_visit,
)
from visits.models import Front, Inspection, OfficerRole, Visit

BACK = 20  # days that the visits reach back
# Days between the last contact and the day it was due: late ones, and those due today.
LATE = (1, 1, 2, 2, 3, 3, 4, 6, 9)
TODAY = 8
FOUND = 6  # visits that turn something up


def make_rounds(
    unit: Unit,
    enterprises: list[Enterprise],
    people: Mapping[str, User],
    diary: Diary,
    chance: random.Random,
) -> None:
    lags = [*LATE, *[0] * TODAY]
    lags += [-1 - chance.randrange(6) for _ in enterprises[len(lags) :]]
    chance.shuffle(lags)
    troubles = iter(words.TROUBLES * 2)
    found = set(chance.sample(range(len(enterprises)), FOUND))
    for n, (enterprise, lag) in enumerate(zip(enterprises, lags, strict=True)):
        clock = enterprise.cadence
        # Projects that advance get a shorter clock; they are seen often anyway.
        contact_days = 3 if enterprise.kind == "project" else clock.contact_days or 7
        visit_days = clock.visit_days or 30
        age = max(contact_days + lag, 0)
        # The last time on site was in time too, but for those that are late.
        on_site_at = age if lag >= 0 or visit_days <= 7 else chance.randrange(age, BACK)
        first = True
        while age < BACK:
            on_site = visit_days <= 7 or abs(age - on_site_at) < contact_days
            trouble = next(troubles) if first and n in found and lag < 0 else None
            moment = diary.day(age, chance.randint(8, 17), chance.choice((5, 20, 40)))
            visit = partial(
                _visit,
                enterprise,
                moment,
                "on_site" if on_site or trouble else chance.choice(("phone", "phone", "wechat")),
                trouble,
                diary,
                chance,
            )
            diary.at(moment, visit)
            age += contact_days
            first = False
    _inspections(enterprises, people, diary)
    diary.at(diary.now, partial(_settle, unit))


def _visit(
    enterprise: Enterprise,
    moment: datetime,
    channel: str,
    trouble: words.Trouble | None,
    diary: Diary,
    chance: random.Random,
) -> None:
    officer = enterprise.assignments.open().responsible().select_related("officer").get().officer
    promises = []
    if chance.random() < 0.05:
        due_on = timezone.localdate(moment) + timedelta(days=chance.randint(3, 10))
        promises = [Promised(chance.choice(words.PROMISES), due_on)]
    visit = log_visit(
        enterprise,
        by=officer,
        channel=channel,
        happened_at=moment,
        contact=enterprise.contacts.first(),
        roles=chance.sample(OfficerRole.values, 2),
        fronts=chance.sample(Front.values, 1),
        summary=trouble.text if trouble else chance.choice(words.SEEN[channel]),
        findings=[_found(trouble)] if trouble else [],
        promises=promises,
    )
    for finding in visit.findings.select_related("issue"):
        # Who found it takes it on, on the way back.
        take = partial(accept_issue, finding.issue, by=officer, version=finding.issue.version)
        diary.at(min(moment + timedelta(hours=1), diary.now), take)
    for promise in visit.promises.all():
        kept_at = moment + timedelta(days=chance.randint(1, 6))
        if kept_at < diary.now:
            diary.at(kept_at, partial(keep_promise, promise, by=officer))


def _found(trouble: words.Trouble) -> Found:
    kind = IssueKind.objects.get(code=trouble.kind)
    return Found(kind, trouble.title, trouble.text, trouble.level)


def _inspections(enterprises: list[Enterprise], people: Mapping[str, User], diary: Diary) -> None:
    """Two, at key enterprises, each by two police officers."""
    key = [one for one in enterprises if one.tier == "key"]
    pairs = (("officer1", "officer2"), ("officer4", "chief2"))
    for n, (enterprise, pair) in enumerate(zip(key, pairs, strict=False)):
        moment = diary.day(9 + 5 * n, 14, 30)
        officers = [people[name] for name in pair]
        diary.at(
            moment, partial(_inspect, enterprise, officers, moment, f"示例-2026-{n + 118:06d}")
        )


def _inspect(
    enterprise: Enterprise, officers: list[User], moment: datetime, reference: str
) -> None:
    soon = entry_soon_again(enterprise, moment) is not None
    log_inspection(
        enterprise,
        by=officers[0],
        officers=officers,
        platform_reference=reference,
        happened_at=moment,
        summary="按年度计划检查内部治安保卫：制度、值班、重点部位技防、危险物品管理，未见违法情形。",
        early_because="年度计划检查，日期由平台确定" if soon else "",
    )


def speak_of_visits(contact: User, chief: User) -> None:
    """What the contact says of the last visits to the own enterprise: yes, no with the chief's
    answer, and the newest is still to be spoken of."""
    visits = list(Visit.objects.for_contact(contact).order_by("-happened_at", "-pk")[1:3])
    if visits:
        say_of_visit(visits[0], by=contact, came=True, words=words.CAME)
    for visit in visits[1:]:
        word = say_of_visit(visit, by=contact, came=False, words=words.NOT_SO)
        answer_word(word, by=chief, answer=words.ANSWER)


def _settle(unit: Unit) -> None:
    """Received when it happened: officers write on the spot."""
    for model in (Visit, Inspection):
        model.objects.filter(unit=unit).update(received_at=F("happened_at"))
