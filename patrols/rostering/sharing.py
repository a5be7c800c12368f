"""Which of an enterprise's guards go on its nights, once it is known how many it sends on each.

Enterprises do not touch one another any more then, so that each is a small problem of its own.
"""

from collections.abc import Collection, Mapping
from datetime import date

from ortools.sat.python import cp_model

from patrols.rostering.problem import Member, Person, Problem

Nights = Mapping[date, tuple[int, ...]]


def share(
    problem: Problem, member: Member, found: Nights, settled: Collection[date]
) -> tuple[dict[date, tuple[int, ...]], bool]:
    """As few guards exchanged as possible against the roster in use, then the nights shared out
    evenly (the least sum of squares). Keeps to all rules that ``found`` keeps to, which is an
    answer already, and leaves ``settled`` nights as found. Also says whether it is proven best.
    """
    nights = sorted(night for night, guards in found.items() if guards)
    if not nights or len(member.guards) == 1:
        return {night: tuple(found[night]) for night in nights}, True
    cp = cp_model.CpModel()
    out = {}
    for guard in member.guards:
        for night in nights:
            one = cp.new_bool_var("")
            out[guard.key, night] = one
            cp.add_hint(one, guard.key in found[night])
            if night in settled:
                cp.add(one == int(guard.key in found[night]))
            elif not _free(problem, member, guard, night):
                cp.add(one == 0)
    for night in nights:
        cp.add(sum(out[guard.key, night] for guard in member.guards) == len(found[night]))
    for guard in member.guards:
        for place, night in enumerate(nights):
            for earlier in nights[:place]:
                if (night - earlier).days <= problem.rules.rest:
                    cp.add(out[guard.key, night] + out[guard.key, earlier] <= 1)
    squares = []
    for guard in member.guards:
        levels = [cp.new_bool_var("") for _night in nights]
        cp.add(sum(out[guard.key, night] for night in nights) == sum(levels))
        squares += [(2 * k - 1) * level for k, level in enumerate(levels, 1)]
    heavy = len(nights) ** 2 * len(member.guards) + 1
    cp.minimize(
        heavy * cp_model.LinearExpr.sum(_exchanged(problem, member, out))
        + cp_model.LinearExpr.sum(squares)
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = problem.seed % 2**31
    solver.parameters.max_deterministic_time = 0.1
    status = solver.solve(cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        # What was found already is an answer; only how evenly it is shared is not known.
        return {night: tuple(found[night]) for night in nights}, False
    shared = {
        night: tuple(one.key for one in member.guards if solver.value(out[one.key, night]))
        for night in nights
    }
    return shared, status == cp_model.OPTIMAL


def _free(problem: Problem, member: Member, guard: Person, night: date) -> bool:
    if not guard.may_serve(night) or (guard.key, night) in problem.away:
        return False
    return not any(
        0 < (night - past).days <= problem.rules.rest
        for past, crew in problem.before.items()
        if guard.key in crew.sends.get(member.key, ())
    )


def _exchanged(
    problem: Problem, member: Member, out: Mapping[tuple[int, date], cp_model.IntVar]
) -> list[cp_model.LinearExprT]:
    """Those who were to come on a night and do not: as many others come in their place."""
    return [
        1 - out[key, night]
        for night, crew in problem.now.items()
        for key in crew.sends.get(member.key, ())
        if (key, night) in out
    ]
