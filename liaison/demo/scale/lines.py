"""The moves of a line, each as the rows that the verb of `issues.actions` leaves behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from issues.deadlines import REOPENED_DAYS, end_of
from issues.models import Callback, CloseOut, Extension, Pause
from issues.workflow import Clock, CloseRule, Stage
from liaison.demo.scale.keeping import KeptLine
from liaison.demo.scale.people import Person
from liaison.demo.scale.rules import local_date

ASKED_DAYS = 2
CALLED_AFTER = timedelta(hours=20)
# Longer than anything in time has been waiting for.
WAIT_DAYS = (15, 25)
AWAITED = (
    ("检测报告", "检测机构"),
    ("监控录像拷贝", "企业安保部"),
    ("整改配件", "供货商"),
    ("书面情况说明", "企业行政部"),
)
REMARKS = (
    "已与企业联系，约定明天上午再到现场。",
    "现场看过，整改已过半，继续跟进。",
    "企业负责人外出，改日再访。",
    "已会同社区和企业商定办法，按约定推进。",
)


class Line(KeptLine):
    """A line on its way. A move is called by the name that `ways` has for it."""

    close_out: dict[str, Any]
    pause: dict[str, Any]
    extension: dict[str, Any]

    def make(self, moves: Sequence[tuple[str, datetime]]) -> None:
        ends = [at for _name, at in moves[1:]] + [self.station.rules.now]
        for (name, at), until in zip(moves, ends, strict=False):
            getattr(self, name)(at)
            if name == "close" and at + CALLED_AFTER < until:
                self.call_back(at + CALLED_AFTER)

    def accept(self, at: datetime) -> None:
        self.changes["responded_at"] = at
        self.started_at = at
        self._give(self.policy.resolve_days, at)
        self.go(Stage.ACCEPTED, "accept", at, self.handler, values=self._promised())

    def start(self, at: datetime) -> None:
        self.go(Stage.WORKING, "start", at, self.handler)

    def note(self, at: datetime) -> None:
        self.happened(
            "note", at, self.handler, text=self.station.chance.choice(REMARKS), public=False
        )

    def transfer(self, at: datetime) -> None:
        before = self.handler
        self.handler = next(one for one in self.station.staff.officers if one != before)
        values = {
            "handler": self.handler.name, "handler_id": self.handler.pk,
            "before": before.name, "before_id": before.pk,
        }  # fmt: skip
        self.version += 1
        self.happened(
            "transfer", at, self.station.staff.desk, text="涉及夜间值守，由夜班警官办理",
            values=values, public=False,
        )  # fmt: skip

    def wait(self, at: datetime) -> None:
        what, whom = self.station.chance.choice(AWAITED)
        until = local_date(at) + timedelta(days=self.station.chance.randint(*WAIT_DAYS))
        self.pause = {
            "id": self.station.batch.key(Pause), "issue_id": self.pk, "starts_at": at,
            "until_on": until, "ended_at": None, "awaited": what, "awaited_from": whom,
        }  # fmt: skip
        self.station.batch.put(Pause, self.pause)
        self.changes |= {"awaited": what, "awaited_from": whom}
        # A breached clock keeps running.
        if self.due > at:
            self.run_clock(Clock.WAIT, end_of(until), at)
        self.go(
            Stage.WAITING, "wait", at, self.handler, text=what,
            values={"from": whom, "until": until.isoformat()},
        )  # fmt: skip

    def resume(self, at: datetime) -> None:
        self.resolve_due_at = self.station.rules.after_pause(
            self.due, self.pause["starts_at"], at, self.trouble.kind
        )
        self.pause["ended_at"] = at
        self.changes |= {"awaited": "", "awaited_from": ""}
        self.run_clock(Clock.RESOLVE, self.due, at)
        self.go(Stage.WORKING, "resume", at, self.handler, values=self._promised())

    def ask(self, at: datetime) -> None:
        self.extension = {
            "id": self.station.batch.key(Extension), "issue_id": self.pk,
            "generation": self.generation, "days": ASKED_DAYS,
            "reason": "配件从外地发货，请求延期。",
            "asked_by_id": self.handler.pk, "asked_at": at, "decided_by_id": None,
            "decided_at": None,
        }  # fmt: skip
        self.station.batch.put(Extension, self.extension)
        self.version += 1
        self.happened(
            "ask_extension", at, self.handler, text=self.extension["reason"],
            values={"days": ASKED_DAYS, **self._promised()}, public=False,
        )  # fmt: skip

    def grant(self, at: datetime) -> None:
        """A chief gives the days; the deadline is counted anew from where the clock began."""
        chief, before = self.station.staff.chiefs[0], self.due
        self.extension |= {
            "outcome": Extension.Outcome.GRANTED.value, "decided_by_id": chief.pk,
            "decided_at": at, "remark": "情况属实，抓紧办理。",
        }  # fmt: skip
        self._give((self.resolve_days or 0) + ASKED_DAYS, at)
        self.version += 1
        self.happened(
            "grant_extension", at, chief, text=self.extension["remark"],
            values={"days": ASKED_DAYS, "from": before.isoformat(), **self._promised()},
        )  # fmt: skip

    def propose(self, at: datetime) -> None:
        loss = Decimal("23000.00") if self.kind.asks_loss else None
        if loss is not None:
            self.changes["loss_recovered"] = loss
        self.close_out = {
            "id": self.station.batch.key(CloseOut), "issue_id": self.pk,
            "generation": self.generation, "summary": self.trouble.done, "loss_recovered": loss,
            "proposed_by_id": self.handler.pk, "proposed_at": at, "decided_by_id": None,
            "decided_at": None,
        }  # fmt: skip
        self.station.batch.put(CloseOut, self.close_out)
        values = {} if loss is None else {"loss_recovered": str(loss)}
        if self.kind.close_rule == CloseRule.CONTACT and self.due > at:
            values["until"] = self._await_word(at).isoformat()
        self.go(Stage.PROPOSED, "propose", at, self.handler, text=self.trouble.done, values=values)

    def _await_word(self, at: datetime) -> datetime:
        """The enterprise's word is awaited (`issues.actions.word`); until when."""
        until = self.station.rules.confirm_by(at)
        self.pause = {
            "id": self.station.batch.key(Pause), "issue_id": self.pk, "starts_at": at,
            "until_on": until, "ended_at": None, "awaited": "", "awaited_from": "",
        }  # fmt: skip
        self.station.batch.put(Pause, self.pause)
        self.run_clock(Clock.WAIT, end_of(until), at)
        return end_of(until)

    def _word_said(self, at: datetime) -> dict[str, str]:
        if self.clock != Clock.WAIT:
            return {}
        before = self.due
        self.resolve_due_at = self.station.rules.after_pause(
            before, self.pause["starts_at"], at, self.trouble.kind
        )
        self.pause["ended_at"] = at
        self.run_clock(Clock.RESOLVE, self.due, at)
        return {"from": before.isoformat(), **self._promised()}

    def send_back(self, at: datetime) -> None:
        reason = "照片看不清整改部位，请补拍后再报。"
        chief = self.station.staff.chiefs[0]
        values = self._word_said(at)
        self.go(Stage.WORKING, "return", at, chief, text=reason, values=values, public=False)
        self._decide(CloseOut.Outcome.RETURNED, at, chief, reason)

    def close(self, at: datetime) -> None:
        """By whom the rule of its kind wants: never by its handler."""
        note, confirmed_by = "已核对，同意销号。", ""
        by = self.station.staff.chiefs[-1]
        if self.kind.close_rule == CloseRule.SECOND_OFFICER:
            by = next(one for one in self.station.staff.police if one != self.handler)
        elif self.kind.close_rule == CloseRule.CONTACT:
            by, confirmed_by = self.station.staff.desk, f"{self.firm.contact_name}，电话回访确认"
        values = self._word_said(at) | ({"confirmed_by": confirmed_by} if confirmed_by else {})
        self._end(at)
        self.changes["callback_due_on"] = self.station.rules.callback_by(at)
        self.go(Stage.CLOSED, "close", at, by, text=note, values=values)
        self._decide(CloseOut.Outcome.APPROVED, at, by, note)
        self.close_out["confirmed_by"] = confirmed_by

    def call_back(self, at: datetime) -> None:
        """Somebody is reached who does not rate it; by who may know of the line."""
        by = self.station.staff.chiefs[-1] if self.kind.sensitive else self.station.staff.desk
        self.changes["callback_due_on"] = None
        self.version += 1
        told = {"reached": True, "who": self.firm.contact_name, "way": "phone"}
        self.happened("callback", at, by, values=told, public=False)
        self.station.batch.add(
            Callback, issue_id=self.pk, generation=self.generation, handler_id=self.handler.pk,
            by_id=by.pk, at=at, words="企业表示已解决。", rating_id=None, entered_at=at, **told,
        )  # fmt: skip

    def reopen(self, at: datetime) -> None:
        self.generation += 1
        self.changes["closed_at"] = None
        self.changes["callback_due_on"] = None
        self.started_at = at
        self._give(REOPENED_DAYS, at)
        self.go(
            Stage.WORKING, "reopen", at, self.station.staff.chiefs[0],
            text="回访时企业反映问题又出现，重新办理。", values=self._promised(),
        )  # fmt: skip

    def decline(self, at: datetime) -> None:
        self._end(at)
        reason = "不属于公安职责，已告知并转请受理部门联系企业。"
        self.go(Stage.DECLINED, "decline", at, self.station.staff.chiefs[0], text=reason)

    def withdraw(self, at: datetime) -> None:
        self._end(at)
        self.go(Stage.WITHDRAWN, "withdraw", at, self.raiser, text="企业来电说明已自行解决。")

    # --- what they share ----------------------------------------------------------------------

    @property
    def due(self) -> datetime:
        """The resolve deadline of a line that was taken on."""
        if self.resolve_due_at is None:
            raise ValueError(f"{self.number} has not been accepted")
        return self.resolve_due_at

    def _give(self, days: int, at: datetime) -> None:
        """So many days from where the resolve clock began."""
        due, self.certain = self.station.rules.resolve_by(self.started_at, days, self.trouble.kind)
        self.resolve_days, self.resolve_due_at = days, due
        self.run_clock(Clock.RESOLVE, due, at)

    def _promised(self) -> dict[str, Any]:
        return {"due": self.due.isoformat()}

    def _end(self, at: datetime) -> None:
        self.stop_clock(at)
        self.changes["closed_at"] = at

    def _decide(self, outcome: str, at: datetime, by: Person, remark: str) -> None:
        self.close_out |= {
            "outcome": outcome, "decided_by_id": by.pk, "decided_at": at, "remark": remark,
        }  # fmt: skip
