"""Solving a month of one team with OR-Tools CP-SAT. Run as a process:

    python -m patrols.rostering.solving < problems > answers

A problem a line, an answer a line (``wire``).

What is to be had is reached for in turn, each without giving up any of what comes before it:

1. with a roster in use, as few changed nights as possible, and of these as little as possible;
2. nights shared out evenly: no two enterprises differ by more than one wherever any lawful roster
   has that, else by as little as can be; then the least sum of squared counts;
3. weekends and holidays likewise, no two nights running, wishes, and more for those who had fewer
   in the months before;
4. no more guards than are needed, and then evenly among those of an enterprise, of which it sends
   as many on each night as have been found.

One worker, a fixed seed and a limit that counts work rather than seconds: the same problem has the
same answer, unless the clock on the wall (``Problem.within``) ends a step first.
"""

import sys
import time
from datetime import date

from ortools.sat.python import cp_model

from patrols.rostering.explaining import explain
from patrols.rostering.modelling import Model
from patrols.rostering.objectives import (
    beyond_one,
    counts,
    people,
    preferences,
    squares,
)
from patrols.rostering.problem import Answer, Crew, Impossible, Problem, Roster, Undecided
from patrols.rostering.sharing import share
from patrols.rostering.starting import start
from patrols.rostering.wire import answer_as_json, problem_from_json

# Work that each step may do, in the solver's own deterministic seconds.
WORK = 1.0


def solve(problem: Problem) -> Roster | Impossible:
    """The best roster that can be found, or a smallest conflict.

    Raises TimeoutError when ``Problem.within`` is over before either is known."""
    began = time.monotonic()
    model = Model(problem)
    steps = _Steps(model, began + problem.within)
    changed = 0
    if problem.now:
        found = steps.least(sum(model.changes.values()))
        if found is None:
            return _impossible(problem, began)
        changed = found
        steps.least(sum(model.moved))
    even = squares(model, counts(model, problem.nights), "all")
    best = steps.least(even, tentative=True)
    if not steps.values:
        return _impossible(problem, began)
    if steps.spread() > 1:
        # The least squares may be had by fewer going out, and these less evenly.
        steps.least(beyond_one(model))
        steps.least(even)
    elif best is not None:
        model.cp.add(even <= best)
    steps.least(preferences(model))
    steps.fix_enterprises()
    steps.least(people(model))
    return Roster(
        crews=steps.crews(),
        proven=steps.proven,
        gap=steps.gap,
        seconds=time.monotonic() - began,
        changed=changed,
    )


class _Steps:
    """Objectives one after another on the same model; what is reached is held to."""

    def __init__(self, model: Model, until: float) -> None:
        self.model = model
        self.until = until
        self.proven = True
        self.gap = 0.0
        self.values: dict[int, int] = {}
        self._begin()

    def _begin(self) -> None:
        problem = self.model.problem
        begun = dict(start(problem)) | dict(problem.now)
        for (key, night), one in self.model.on.items():
            self.model.cp.add_hint(one, key in begun[night].sends)
        for member in problem.members:
            for guard in member.guards:
                for night in problem.nights:
                    sent = guard.key in begun[night].sends.get(member.key, ())
                    self.model.cp.add_hint(self.model.out[guard.key, night], sent)

    def least(self, objective: cp_model.LinearExprT, *, tentative: bool = False) -> int | None:
        """The least value of this, kept to from now on unless ``tentative``.

        None where there is no roster at all, and where time is up: what the step before found then
        stays. Raises TimeoutError when none has been found yet.
        """
        cp = self.model.cp
        cp.minimize(objective)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.model.problem.seed % 2**31
        # Sums of counts are what is linear about it; probing and symmetry cost more than they find
        # (bench/rosters.py: a third of the time).
        solver.parameters.linearization_level = 2
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        solver.parameters.max_deterministic_time = WORK
        left = self.until - time.monotonic()
        solver.parameters.max_time_in_seconds = max(left, 0.05 if self.values else 0.5)
        status = solver.solve(cp)
        if status == cp_model.INFEASIBLE and not self.values:
            return None
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            if self.values and status == cp_model.UNKNOWN:
                self.proven = False
                self.gap = 1.0
                return None
            raise TimeoutError(f"the solver found nothing in time: {solver.status_name(status)}")
        best = round(solver.objective_value)
        if status != cp_model.OPTIMAL:
            self.proven = False
            self.gap = max(self.gap, _share(best, solver.best_objective_bound))
        self._keep(solver)
        if not tentative:
            cp.add(objective <= best)
        return best

    def spread(self) -> int:
        """Most nights of an enterprise less fewest, of what was found last."""
        ones = counts(self.model, self.model.problem.nights).values()
        found = [sum(self.values[one.index] for one in mine) for mine in ones]
        return max(found, default=0) - min(found, default=0)

    def _keep(self, solver: cp_model.CpSolver) -> None:
        cp, every = self.model.cp, self.model.every
        self.values = {one.index: solver.value(one) for one in every}
        cp.clear_hints()
        for one in every:
            cp.add_hint(one, self.values[one.index])

    def fix_enterprises(self) -> None:
        for one in self.model.on.values():
            self.model.cp.add(one == self.values[one.index])

    def crews(self) -> dict[date, Crew]:
        """What was found, the guards of each enterprise shared out."""
        sends: dict[date, dict[int, tuple[int, ...]]] = {
            night: {} for night in self.model.problem.nights
        }
        # A night that need not change is not changed for the sake of who takes which turn.
        settled = {
            night
            for night, changed in self.model.changes.items()
            if night in self.model.problem.now and not self.values[changed.index]
        } | set(self.model.problem.locked)
        for member in self.model.problem.members:
            found = {
                night: tuple(
                    guard.key
                    for guard in member.guards
                    if self.values[self.model.out[guard.key, night].index]
                )
                for night in sends
            }
            shared, proven = share(self.model.problem, member, found, settled)
            self.proven &= proven
            for night, keys in shared.items():
                sends[night][member.key] = keys
        return {night: Crew(keys) for night, keys in sends.items()}


def _share(best: float, bound: float) -> float:
    return abs(best - bound) / max(abs(best), 1.0)


def _impossible(problem: Problem, began: float) -> Impossible:
    reasons, relax, smallest = explain(problem)
    return Impossible(reasons, relax, time.monotonic() - began, smallest)


def _answer(problem: Problem) -> Answer:
    """One month for which there is not time enough holds the others up no longer than that."""
    try:
        return solve(problem)
    except TimeoutError as late:
        return Undecided(str(late))


if __name__ == "__main__":
    for asked in sys.stdin:
        sys.stdout.write(f"{answer_as_json(_answer(problem_from_json(asked)))}\n")
