"""Which number a team gets: the one that most of its members had."""

from collections import Counter
from collections.abc import Mapping, Sequence


def number_teams(
    groups: Sequence[Sequence[int]], now: Mapping[int, int], given: Mapping[int, int]
) -> list[int]:
    """A number from 1 to ``len(groups)`` for each group of keys.

    ``given`` are numbers that are settled already, by the group's index. Of the others the two that
    share most members are matched first; the rest is numbered in the order of the groups.
    """
    last = len(groups)
    shared = Counter(
        {
            (n, now[key]): 0
            for n, keys in enumerate(groups)
            for key in keys
            if now.get(key) in range(1, last + 1)
        }
    )
    for n, keys in enumerate(groups):
        for key in keys:
            if (n, now.get(key, 0)) in shared:
                shared[n, now[key]] += 1
    found = dict(given)
    taken = set(given.values())
    for (n, number), _count in sorted(shared.items(), key=lambda one: (-one[1], one[0])):
        if n not in found and number not in taken:
            found[n] = number
            taken.add(number)
    free = iter(sorted(set(range(1, last + 1)) - taken))
    return [found[n] if n in found else next(free) for n in range(last)]
