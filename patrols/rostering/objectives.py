"""What is wanted of a roster besides its being lawful, each as something to make least of."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from ortools.sat.python import cp_model

from patrols.rostering.modelling import Model
from patrols.rostering.problem import Wished

# Weights of the wishes, in nights: an enterprise's special nights count as squares, so that a
# second one costs three times the first.
SPECIAL, RUNNING, RATHER_NOT, GLADLY = 6, 5, 4, 2


def beyond_one(model: Model) -> cp_model.LinearExprT:
    """By how many nights more than one the enterprises differ."""
    most = len(model.problem.nights)
    low, high, beyond = (
        model.cp.new_int_var(0, most, name) for name in ("fewest", "most", "beyond")
    )
    for ones in counts(model, model.problem.nights).values():
        model.cp.add(sum(ones) >= low)
        model.cp.add(sum(ones) <= high)
    model.cp.add(beyond >= high - low - 1)
    return beyond


def counts(model: Model, nights: Iterable[date]) -> dict[int, list[cp_model.IntVar]]:
    """Of each enterprise that can send anybody in this month."""
    nights, problem = list(nights), model.problem
    return {
        member.key: [model.on[member.key, night] for night in nights]
        for member in problem.members
        if member.may_serve(problem.nights)
    }


def squares(
    model: Model, counts: dict[int, list[cp_model.IntVar]], name: str
) -> cp_model.LinearExprT:
    """The sum of the squares of how many of each list are true: the k-th costs 2k - 1."""
    terms = []
    for key, ones in counts.items():
        levels = [model.cp.new_bool_var(f"{name} {key} {k}") for k in range(1, len(ones) + 1)]
        model.cp.add(sum(ones) == sum(levels))
        for lower, higher in pairwise(levels):
            model.cp.add_implication(higher, lower)
        terms += [(2 * k - 1) * level for k, level in enumerate(levels, 1)]
    total = sum(terms)
    # No sharing out is more even than the evenest. The solver would have to find that out.
    least = model.problem.rules.fewest * min((len(ones) for ones in counts.values()), default=0)
    model.cp.add(total >= _evenest(least, len(counts)))
    return total


def _evenest(total: int, among: int) -> int:
    """The least sum of squares of so many nights shared out among so many."""
    if not among:
        return 0
    each, more = divmod(total, among)
    return (among - more) * each**2 + more * (each + 1) ** 2


def preferences(model: Model) -> cp_model.LinearExprT:
    problem, cp = model.problem, model.cp
    special = [night for night in problem.nights if night in problem.special]
    terms = [SPECIAL * squares(model, counts(model, special), "special")] if special else []
    for member in problem.members:
        for earlier, later in pairwise(problem.nights):
            if (later - earlier).days == 1:
                both = cp.new_bool_var("")
                on = model.on[member.key, earlier], model.on[member.key, later]
                cp.add(both >= on[0] + on[1] - 1)
                terms.append(RUNNING * both)
    for (key, night), wish in problem.wishes.items():
        one = model.on.get((key, night))
        if one is None:
            continue
        if wish == Wished.RATHER_NOT:
            terms.append(RATHER_NOT * one)
        elif wish == Wished.GLADLY:
            terms.append(-GLADLY * one)
    least = min((member.served for member in problem.members), default=0)
    for member in problem.members:
        # Who had more before has the shorter share of what cannot be shared out evenly.
        ahead = min(member.served - least, 3)
        terms += [ahead * model.on[member.key, night] for night in problem.nights if ahead]
    return sum(terms)


def people(model: Model) -> cp_model.LinearExprT:
    """How many guards are out in all."""
    return sum(model.out.values())
