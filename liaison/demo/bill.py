"""The demo's bill: lines in every stage, some late, some due today, most of them done."""

import io
import random
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from enterprises.models import Enterprise
from issues.actions import Sent, ask, make_move, raise_issue, rate_issue, record_callback
from issues.actions.engine import Proven
from issues.deadlines import resolve_by
from issues.models import Issue, IssueKind, SlaPolicy
from issues.workflow import CloseRule
from liaison.accounts.models import OFFICERS, Kind, User
from liaison.calendars.work_time import work_calendar
from liaison.demo import words
from liaison.demo.diary import Diary
from liaison.evidence.actions import keep
from liaison.evidence.models import Evidence

# Raised so many hours ago, then each move so many hours after the one before.
DAY = 24.0
Way = tuple[tuple[str, float], ...]
DONE: Way = (("accept", 3), ("start", 20), ("propose", 40), ("close", 18))
LONGER: Way = (("accept", 3), ("start", 20), ("ask_extension", 5), ("grant_extension", 12))
WAYS: tuple[tuple[float, Way], ...] = (
    *((days * DAY, DONE) for days in (47, 44, 41, 39, 36, 33, 31, 28, 26, 25, 22, 19, 17, 15, 12)),
    (35 * DAY, (("accept", 5), ("withdraw", 30))),
    (29 * DAY, (("decline", 6),)),
    (18 * DAY, (*LONGER, ("propose", 60), ("close", 20))),
    (27 * DAY, (*DONE, ("reopen", 60), ("note", 20), ("propose", 30), ("close", 8))),
    (20 * DAY, (*DONE[:3], ("return", 8), ("propose", 40), ("close", 9))),
    # Late: past the day promised, or never answered.
    (23 * DAY, (("accept", 4), ("start", 26), ("note", 200))),
    (21 * DAY, (("accept", 9), ("start", 30))),
    (1.4 * DAY, ()),
    # Under way and in time.
    (3 * DAY, (("accept", 2), ("start", 20), ("propose", 28))),
    (2.6 * DAY, (("accept", 3), ("start", 15), ("propose", 20))),
    (4 * DAY, (("accept", 1), ("start", 20), ("propose", 40), ("return", 12))),
    (2 * DAY, (("accept", 4), ("transfer", 3), ("start", 16), ("note", 9))),
    (1.8 * DAY, (("accept", 2), ("start", 8), ("ask_extension", 14))),
    (6 * DAY, (("accept", 2), ("start", 16), ("wait", 30))),
    (5 * DAY, (("accept", 5), ("start", 10), ("wait", 24))),
    (1.3 * DAY, (("accept", 6),)),
    (1.1 * DAY, (("accept", 10),)),
    (0.8 * DAY, ()),
    (0.3 * DAY, ()),
    (0.1 * DAY, ()),
    (9 * DAY, (("decline", 7),)),
)  # fmt: skip
# A line whose number ends so is first called in vain.
NOBODY_THERE = 7
# What was closed out so long ago nobody has called about: those are late.
FORGOTTEN = (timedelta(days=8), timedelta(days=12))
# Accepted so long ago that the day promised is today.
DUE_TODAY = ("simple", "ordinary")


def keep_bill(
    enterprises: list[Enterprise],
    contacts_own: Enterprise,
    contact: User,
    people: Mapping[str, User],
    diary: Diary,
    chance: random.Random,
) -> None:
    troubles = cycle(words.TROUBLES)
    lines = [(next(troubles), *way, False) for way in WAYS]
    for level in DUE_TODAY:
        trouble = next(one for one in troubles if one.level == level and one.kind != "service")
        accepted = _due_today(level, diary)
        hours = (diary.now - accepted).total_seconds() / 3600
        lines.append((trouble, hours + 2, (("accept", 2), ("start", 5)), True))
    where = chance.sample(enterprises, len(lines))
    for enterprise, (trouble, hours, way, exact) in zip(where, lines, strict=True):
        Line(enterprise, trouble, people["desk"], people, diary).enter(hours, way, exact=exact)
    # What the contact finds on signing in: something done and praised, something that came back for
    # a low rating, something to confirm, something open.
    asked = [one for one in words.TROUBLES if one.kind == "service"]
    for trouble, hours, way in (
        (asked[0], 13 * DAY, DONE),
        (asked[2], 11 * DAY, (*DONE[:3], ("return", 8), *DONE[2:])),
        (asked[1], 2 * DAY, (("accept", 2), ("start", 4), ("propose", 20))),
        (asked[2], 0.9 * DAY, DONE[:1]),
    ):
        Line(contacts_own, trouble, contact, people, diary).enter(hours, way)
    # Something that waits for the contact, and what was sent twice, which the desk looks at first.
    Line(contacts_own, words.WAITED_FOR, contact, people, diary).enter(
        1.7 * DAY, (("accept", 2), ("start", 3), ("wait", 4))
    )
    diary.at(diary.now, partial(_ask_twice, contacts_own, contact))


def _ask_twice(enterprise: Enterprise, contact: User) -> None:
    title, text = words.SENT_TWICE
    for n in range(2):
        ask(
            enterprise,
            kind=IssueKind.objects.get(code="patrol_request"),
            title=title,
            text=text,
            by=contact,
            sent=Sent(uuid.uuid4(), f"demo-{n}"),
        )


class Line:
    """One line on its way."""

    def __init__(
        self,
        enterprise: Enterprise,
        trouble: words.Trouble,
        raiser: User,
        people: Mapping[str, User],
        diary: Diary,
    ) -> None:
        self.enterprise, self.trouble, self.raiser = enterprise, trouble, raiser
        self.people, self.diary = people, diary
        self.issue: Issue | None = None

    def enter(self, hours_ago: float, way: Way, *, exact: bool = False) -> None:
        """In office hours, unless to the ``exact`` hour."""
        planned = self.diary.now - timedelta(hours=hours_ago)
        moment = planned if exact else self.diary.office(planned)
        self.diary.at(moment, partial(self.raise_it, moment))
        for name, hours in way:
            planned += timedelta(hours=hours)
            # Putting a step into office hours may not put it before the one it follows.
            wanted = planned if exact else self.diary.office(planned)
            moment = max(wanted, moment + timedelta(minutes=7))
            self.diary.at(min(moment, self.diary.now), partial(self.go, name, moment))
            heard = self.diary.office(moment + timedelta(hours=26))
            if name != "close" or heard >= self.diary.now:
                continue
            if self.raiser.is_contact:
                self.diary.at(heard, partial(self.rate, *words.RATED[len(way) > len(DONE)]))
            else:
                self.diary.at(heard, partial(self.hear, heard))

    def raise_it(self, moment: datetime) -> None:
        by_contact = self.raiser.kind == Kind.CONTACT
        self.issue = raise_issue(
            self.enterprise,
            kind=IssueKind.objects.get(code=self.trouble.kind),
            title=self.trouble.title,
            text=self.trouble.text,
            by=self.raiser,
            source=Issue.Source.PORTAL if by_contact else Issue.Source.DESK,
            level=self.trouble.level,
            raised_at=moment,
        )

    def go(self, name: str, moment: datetime) -> None:
        if self.issue is None:
            raise ValueError("a line moves after it was raised")
        # As it is now: it may have followed its enterprise to another officer.
        issue = Issue.objects.select_related("kind", "handler", "unit").get(pk=self.issue.pk)
        if issue.handler is None:
            raise ValueError("every line of the demo belongs to an assigned enterprise")
        by, values = issue.handler, dict[str, Any]()
        chief = self.people["chief"]
        match name:
            case "decline":
                by, values = chief, {"reason": "不属于公安职责，已告知并转请受理部门联系企业。"}
            case "withdraw":
                by, values = self.raiser, {"reason": "企业来电说明已自行解决。"}
            case "wait":
                values = {
                    "awaited": "监控录像拷贝",
                    "awaited_from": "企业安保部",
                    "until": timezone.localdate(self.diary.now) + timedelta(days=3),
                    "from_enterprise": self.raiser.is_contact,
                }
            case "ask_extension":
                values = {"days": 2, "reason": "配件从外地发货，预计后天到，请求延期两天。"}
            case "grant_extension":
                by, values = chief, {"note": "情况属实，抓紧办理。"}
            case "propose":
                values = {"summary": self.trouble.done}
                if issue.kind.asks_loss:
                    values["loss_recovered"] = "23000"
            case "return":
                by, values = chief, {"reason": "照片看不清整改部位，请补拍后再报。"}
            case "close":
                by, values = self.approver(issue), {"note": "已核对，同意销号。"}
                if issue.close_rule == CloseRule.CONTACT and not by.is_contact:
                    values["confirmed_by"] = "联系人，电话回访确认"
            case "reopen":
                by, values = chief, {"reason": "回访时企业反映问题又出现，重新办理。"}
            case "note":
                values = {"note": "已与企业联系，约定明天上午再到现场。", "internal": True}
            case "transfer":
                by = self.people["desk"]
                other = next(
                    one for one in self.people.values()
                    if one.kind in OFFICERS and one.is_active and one != issue.handler
                )  # fmt: skip
                values = {"handler": other, "reason": "涉及夜间值守，由夜班警官办理"}
        files = self.photos(issue, by, moment) if name == "propose" else []
        make_move(issue, name, by=by, version=issue.version, values=values, files=files)

    def hear(self, moment: datetime, *, tries: int = 0) -> None:
        """The desk calls back, of some the second time; of last week's lines it forgot some."""
        if self.issue is None:
            raise ValueError("a line is closed out after it was raised")
        issue = Issue.objects.select_related("handler", "unit").get(pk=self.issue.pk)
        if issue.callback_due_on is None or issue.closed_at is None:
            return
        least, most = FORGOTTEN
        if least < self.diary.now - issue.closed_at < most:
            return
        by = self.people["chief2"] if issue.sensitive else self.people["desk"]
        call = partial(record_callback, issue, by=by, version=issue.version, at=moment, way="phone")
        n = int(issue.number[-1])
        if n == NOBODY_THERE and not tries:
            call(reached=False)
            later = self.diary.office(moment + timedelta(days=2))
            if later < self.diary.now:
                self.diary.at(later, partial(self.hear, later, tries=1))
            return
        step, said = words.SAID[n % len(words.SAID)]
        who = issue.enterprise.contacts.first()
        call(reached=True, who=who.name if who else "门卫", step=step, words=said)

    def rate(self, step: int, said: str) -> None:
        """By the contact who raised it."""
        if self.issue is None:
            raise ValueError("a line is rated after it was raised")
        issue = Issue.objects.get(pk=self.issue.pk)
        rate_issue(issue, by=self.raiser, version=issue.version, step=step, words=said)

    def approver(self, issue: Issue) -> User:
        if self.raiser.is_contact and issue.close_rule == CloseRule.CONTACT:
            return self.raiser
        return self.people["chief" if issue.number[-1] in "02468" else "chief2"]

    def photos(self, issue: Issue, by: User, moment: datetime) -> list[Proven]:
        kept = {proof: keep(photo(proof), by=by) for proof in issue.kind.proofs}
        Evidence.objects.filter(pk__in=[one.pk for one in kept.values()]).update(made_at=moment)
        return [Proven(evidence.pk, proof) for proof, evidence in kept.items()]


def _due_today(level: str, diary: Diary) -> datetime:
    """A moment of acceptance whose deadline is later today; on a day off nothing falls due."""
    days = SlaPolicy.objects.get(level=level, unit=None, kind=None).resolve_days
    today = timezone.localdate(diary.now)
    tried = [diary.now - timedelta(hours=hours) for hours in range(24, 24 * 30)]
    calendar = work_calendar()
    dues = ((accepted, resolve_by(accepted, days, calendar).at) for accepted in tried)
    return next(
        (one for one, due in dues if due > diary.now and timezone.localdate(due) == today),
        diary.now - timedelta(days=days),
    )


def photo(proof: str) -> SimpleUploadedFile:
    """A drawn stand-in for a photo."""
    picture = Image.new("RGB", (640, 480), "#d9d4c8" if proof == "before" else "#dfe9e2")
    draw = ImageDraw.Draw(picture)
    for x in range(40, 600, 90):
        top = 140 if proof == "before" else 300
        draw.rectangle((x, top, x + 60, 420), fill="#8a7a5c", outline="#4f4636", width=3)
    draw.rectangle((0, 420, 640, 480), fill="#9aa0a6")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return SimpleUploadedFile(f"{proof}.jpg", out.getvalue(), "image/jpeg")
