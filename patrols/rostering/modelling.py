"""The hard rules of a month as a CP-SAT model; each can be lifted to find what is in conflict."""

from collections.abc import Callable
from datetime import date

from ortools.sat.python import cp_model

from patrols.rostering.problem import Cause, Problem, Reason, Wished


class Model:
    """``on[enterprise, night]`` and ``out[guard, night]`` are true where they are on duty.

    ``rule`` says what becomes of each rule: by default it holds. To explain a conflict each gets a
    literal of its own instead, and holds where that is true. Variables are then there also for
    what the rules forbid.
    """

    def __init__(
        self,
        problem: Problem,
        rule: Callable[["Model", Reason], cp_model.IntVar | None] | None = None,
    ) -> None:
        self.problem = problem
        self.cp = cp_model.CpModel()
        self.on: dict[tuple[int, date], cp_model.IntVar] = {}
        self.out: dict[tuple[int, date], cp_model.IntVar] = {}
        self.changes: dict[date, cp_model.IntVar] = {}
        self.moved: list[cp_model.IntVar] = []
        self._rule = rule
        for night in problem.nights:
            self._night(night)
        self._rest()
        if problem.now and rule is None:
            self._changes()

    @property
    def every(self) -> list[cp_model.IntVar]:
        """What a solution is: all else follows."""
        return [*self.on.values(), *self.out.values(), *self.changes.values()]

    def _holds(self, constraint: cp_model.Constraint, reason: Reason) -> None:
        if self._rule is not None:
            literal = self._rule(self, reason)
            if literal is not None:
                constraint.only_enforce_if(literal)

    def _night(self, night: date) -> None:
        problem, cp = self.problem, self.cp
        on, out = [], []
        for member in problem.members:
            here = cp.new_bool_var(f"on {member.key} {night}")
            self.on[member.key, night] = here
            on.append(here)
            mine = []
            for guard in member.guards:
                one = cp.new_bool_var(f"out {guard.key} {night}")
                self.out[guard.key, night] = one
                mine.append(one)
                cp.add_implication(one, here)
                if not guard.may_serve(night):
                    self._holds(cp.add(one == 0), Reason(Cause.CERTIFICATE, night, guard=guard.key))
                if (guard.key, night) in problem.away:
                    self._holds(cp.add(one == 0), Reason(Cause.AWAY, night, guard=guard.key))
            # Whoever is on duty sends somebody.
            cp.add(sum(mine) >= here)
            out += mine
            if problem.wishes.get((member.key, night)) == Wished.BLOCKED:
                self._holds(cp.add(here == 0), Reason(Cause.BLOCKED, night, member=member.key))
        rules = problem.rules
        self._holds(cp.add(sum(on) >= rules.fewest), Reason(Cause.FEWEST, night))
        cp.add(sum(on) <= rules.most)
        self._holds(cp.add(sum(out) >= rules.people), Reason(Cause.PEOPLE, night))
        if night in problem.locked:
            self._lock(night)

    def _lock(self, night: date) -> None:
        """Exactly these; whoever is not in the team any more cannot be locked."""
        kept = {key for keys in self.problem.locked[night].sends.values() for key in keys}
        known = {guard.key for member in self.problem.members for guard in member.guards}
        reason = Reason(Cause.LOCKED, night)
        if not kept <= known:
            self._holds(self.cp.add_bool_or([]), reason)
            return
        for key in sorted(known):
            self._holds(self.cp.add(self.out[key, night] == int(key in kept)), reason)
        for member in self.problem.members:
            sends = member.key in self.problem.locked[night].sends
            self._holds(self.cp.add(self.on[member.key, night] == int(sends)), reason)

    def _rest(self) -> None:
        """So many nights off after one on duty, also after the last ones of the month before."""
        problem = self.problem
        nights = sorted(problem.nights)
        for member in problem.members:
            for guard in member.guards:
                served = {
                    night
                    for night, crew in problem.before.items()
                    if guard.key in crew.sends.get(member.key, ())
                }
                for place, night in enumerate(nights):
                    reason = Reason(Cause.REST, night, guard=guard.key)
                    one = self.out[guard.key, night]
                    if any(0 < (night - past).days <= problem.rules.rest for past in served):
                        self._holds(self.cp.add(one == 0), reason)
                    for earlier in nights[:place]:
                        if (night - earlier).days <= problem.rules.rest:
                            self._holds(
                                self.cp.add(one + self.out[guard.key, earlier] <= 1), reason
                            )

    def _changes(self) -> None:
        """A night has changed when any of its guards is another than in the roster in use."""
        known = {guard.key for member in self.problem.members for guard in member.guards}
        for night in self.problem.nights:
            crew = self.problem.now.get(night)
            changed = self.cp.new_bool_var(f"changed {night}")
            self.changes[night] = changed
            if crew is None:
                continue
            before = {key for keys in crew.sends.values() for key in keys}
            if not before <= known:
                self.cp.add(changed == 1)
            for key in sorted(known):
                one = self.out[key, night]
                if key in before:
                    self.cp.add(changed + one >= 1)
                    self.moved.append(_not(self.cp, one))
                else:
                    self.cp.add_implication(one, changed)
                    self.moved.append(one)


def _not(cp: cp_model.CpModel, one: cp_model.IntVar) -> cp_model.IntVar:
    gone = cp.new_bool_var("")
    cp.add(gone == 1 - one)
    return gone
