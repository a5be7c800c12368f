"""A line of the bill as its rows know it: what moves change, its timeline, its clocks."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from enterprises.ladder import Rung
from enterprises.models import Recipient
from issues.deadlines import respond_by
from issues.models import Escalation, Event, Issue
from issues.workflow import Clock, Stage
from liaison.demo.scale.people import Person
from liaison.demo.scale.station import Station
from liaison.demo.scale.ways import Plan
from visits.models import Finding


class KeptLine:
    """A line that has just been raised. ``changes`` are columns that few moves touch."""

    def __init__(self, station: Station, plan: Plan, number: str) -> None:
        firm = plan.firm
        if firm.officer is None:
            raise ValueError("a line has somebody who handles it")
        self.station, self.firm, self.trouble = station, firm, plan.trouble
        self.number = number
        self.kind = station.rules.kinds[self.trouble.kind]
        self.policy = station.rules.limit(self.trouble.kind, self.trouble.level)
        self.handler = firm.officer
        self.raiser, self.source = self._raised_by(plan)
        self.pk = station.batch.key(Issue)
        self.stage: str = Stage.RAISED
        self.version = self.generation = 1
        self.raised_at = self.started_at = plan.raised_at
        self.resolve_days: int | None = None
        self.resolve_due_at: datetime | None = None
        self.certain = True
        self.changes: dict[str, Any] = {}
        self.clock_generation = 0
        self._steps: Sequence[Rung] = ()
        self.run_clock(Clock.RESPOND, respond_by(plan.raised_at, self.policy), plan.raised_at)
        self.respond_due_at = self.next_due_at
        self.raised = self.happened(
            "raise", plan.raised_at, self.raiser, text=self.trouble.text,
            values={"handler": self.handler.name}, before="",
        )  # fmt: skip
        if plan.turned is not None:
            station.batch.add(
                Finding, visit_id=plan.turned.visit, inspection_id=plan.turned.inspection,
                issue_id=self.pk,
            )  # fmt: skip

    def _raised_by(self, plan: Plan) -> tuple[Person, str]:
        if plan.turned is not None:
            return plan.turned.by, Issue.Source.VISIT.value
        if plan.firm.user is not None and self.station.chance.random() < 0.7:
            return plan.firm.user, Issue.Source.PORTAL.value
        return self.station.staff.desk, Issue.Source.DESK.value

    def happened(
        self, move: str, at: datetime, by: Person, *, before: str | None = None, text: str = "",
        values: dict[str, Any] | None = None, public: bool = True,
    ) -> int:  # fmt: skip
        """An entry of the timeline; ``before`` is the stage it led out of, else the present one."""
        return self.station.batch.add(
            Event, issue_id=self.pk, at=at, actor_id=by.pk, actor_name=by.name, move=move,
            from_stage=self.stage if before is None else before, to_stage=self.stage,
            generation=self.generation, public=public, text=text, values=values or {},
        )  # fmt: skip

    def go(
        self, stage: str, move: str, at: datetime, by: Person, *, text: str = "",
        values: dict[str, Any] | None = None, public: bool = True,
    ) -> None:  # fmt: skip
        """A move to another stage. As in the actions it counts as one version."""
        before, self.stage = self.stage, stage
        self.version += 1
        self.happened(move, at, by, before=before, text=text, values=values, public=public)

    # --- clocks -------------------------------------------------------------------------------

    def run_clock(self, clock: str, due: datetime, at: datetime) -> None:
        """Set the clock that runs, with a ladder of its own (`issues.actions.clock.clock_set`)."""
        self._take_steps(at)
        start = at if clock == Clock.WAIT else self.started_at
        self.clock, self.next_due_at, self.clock_set_at = clock, due, at
        self.clock_generation += 1
        self._steps = self.station.rules.steps(self.trouble.kind, clock, start, due, at)

    def stop_clock(self, at: datetime) -> None:
        """The line ends: no step of its ladder is taken any more."""
        self._take_steps(at)
        self._steps = ()

    def _take_steps(self, until: datetime) -> None:
        for step in self._steps:
            if step.at <= until:
                self.station.batch.add(
                    Escalation, issue_id=self.pk, clock=self.clock,
                    generation=self.clock_generation, step=step.step, due_at=self.next_due_at,
                    planned_at=step.at, at=step.at, recipients=list(step.recipients),
                    told=self._told(step.recipients),
                )  # fmt: skip

    def _told(self, recipients: Sequence[str]) -> list[str]:
        """Names as `issues.reached.Reached` finds them, each once."""
        staff, deputy = self.station.staff, self.firm.deputy
        handlers: tuple[Person, ...] = (self.station.told(self.handler),)
        if self.stage == Stage.PROPOSED:
            by_desk = self.kind.close_rule == "contact"
            handlers += (staff.desk,) if by_desk else staff.chiefs
        people = {
            Recipient.HANDLER: handlers,
            Recipient.DEPUTY: (self.station.told(deputy),) if deputy else (),
            Recipient.DESK: (staff.desk,),
            Recipient.CHIEF: staff.chiefs,
            Recipient.BUREAU: (staff.above,),
        }
        hidden = (Recipient.DESK, Recipient.DEPUTY) if self.kind.sensitive else ()
        named = chain.from_iterable(
            people[Recipient(one)] for one in recipients if one not in hidden
        )
        return list(dict.fromkeys(person.name for person in named))

    # --- the row ------------------------------------------------------------------------------

    def write(self) -> None:
        """The line as it stands when the day begins, and the steps of its ladder gone by."""
        now = self.station.rules.now
        self._take_steps(now)
        ended = self.stage in (Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN)
        taken_on = self.resolve_due_at is not None
        self.station.batch.put(
            Issue,
            {
                "id": self.pk,
                "number": self.number,
                "unit_id": self.station.place.pk,
                "enterprise_id": self.firm.pk,
                "kind_id": self.kind.pk,
                "level": self.trouble.level,
                "title": self.trouble.title,
                "text": self.trouble.text,
                "source": self.source,
                "raised_by_id": self.raiser.pk,
                "raised_at": self.raised_at,
                "handler_id": self.handler.pk,
                "stage": self.stage,
                "version": self.version,
                "generation": self.generation,
                "sensitive": self.kind.sensitive,
                "close_rule": self.kind.close_rule,
                "round_the_clock": self.kind.round_the_clock,
                "policy_id": self.policy.pk,
                "respond_due_at": self.respond_due_at,
                "responded_at": None,
                "started_at": self.started_at if taken_on else None,
                "resolve_days": self.resolve_days,
                "resolve_due_at": self.resolve_due_at,
                "next_due_at": None if ended else self.next_due_at,
                "clock_generation": self.clock_generation,
                "clock_set_at": self.clock_set_at,
                "next_escalation_at": min(
                    (step.at for step in self._steps if step.at > now), default=None
                ),
                "due_uncertain": not self.certain,
                "closed_at": None,
                "callback_due_on": None,
                "loss_recovered": None,
            }
            | self.changes,
        )
