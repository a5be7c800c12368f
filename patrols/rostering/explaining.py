"""Why there is no roster: a smallest set of rules that cannot all be kept.

Within the set every rule is needed: with any one lifted the others can be kept. All that cannot be
lifted by anybody (at most so many enterprises, whoever is on duty sends somebody) is kept to.
"""

import time

from ortools.sat.python import cp_model

from patrols.rostering.modelling import Model
from patrols.rostering.problem import Cause, Problem, Reason

# What a person can do something about, the least first. The law and the safety of the guards are
# not on the list: a certificate is renewed, not waived, and nobody patrols alone.
RELAXED_FIRST = (Cause.LOCKED, Cause.BLOCKED, Cause.AWAY, Cause.FEWEST, Cause.REST)
# Work for one question, in the solver's own deterministic seconds.
WORK = 1.0


def explain(problem: Problem) -> tuple[tuple[Reason, ...], Reason | None, bool]:
    """The conflict; which of it is relaxed most easily, None where none of it can be; and whether
    each rule in it is known to be needed. It may have too many when time is up
    (``Problem.within`` from the call on), but never too few.

    Raises ValueError when the rules can be kept after all, TimeoutError when that is not known.
    """
    asked = _Asking(problem, time.monotonic() + problem.within)
    core = asked.core(asked.reasons)
    if core is None:
        raise ValueError("there is a roster: nothing is to be explained")
    smallest = True
    # Whole nights first: few questions, and what is left is short.
    nights = [[one for one in core if one.night == night] for night in problem.nights]
    for tried in (nights, [[one] for one in core]):
        for some in tried:
            if not set(some) & set(core):
                continue
            try:
                smaller = asked.core([one for one in core if one not in some])
            except TimeoutError:
                smallest = False
                continue
            if smaller is not None:
                core = smaller
    order = {cause: place for place, cause in enumerate(RELAXED_FIRST)}
    relaxable = [one for one in core if one.cause in order]
    relax = min(relaxable, key=lambda one: order[one.cause], default=None)
    return tuple(core), relax, smallest


class _Asking:
    """Whether some rules can be kept together, the others lifted."""

    def __init__(self, problem: Problem, until: float) -> None:
        self.problem = problem
        self.until = until
        self._literals: dict[Reason, cp_model.IntVar] = {}
        self._model = Model(problem, self._literal)
        self.reasons = list(self._literals)

    def _literal(self, model: Model, reason: Reason) -> cp_model.IntVar:
        if reason not in self._literals:
            self._literals[reason] = model.cp.new_bool_var(str(reason))
        return self._literals[reason]

    def core(self, kept: list[Reason]) -> list[Reason] | None:
        """Of these some that cannot be kept together; None when all can. Raises TimeoutError."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the conflict was not found in time")
        cp = self._model.cp
        cp.clear_assumptions()
        cp.add_assumptions([self._literals[one] for one in kept])
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.problem.seed % 2**31
        # Nothing is to be made least of: a relaxation only costs, on hard months ten times as much.
        solver.parameters.linearization_level = 0
        solver.parameters.max_deterministic_time = WORK
        solver.parameters.max_time_in_seconds = left
        status = solver.solve(cp)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        if status != cp_model.INFEASIBLE:
            raise TimeoutError(f"the conflict was not found: {solver.status_name(status)}")
        held = set(solver.sufficient_assumptions_for_infeasibility())
        return [one for one in kept if self._literals[one].index in held]
