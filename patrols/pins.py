"""Whether a division keeps to what was settled. Pure; proposals, hands and publishing share it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settled:
    """A pin: its kind (``Pin.Kind``) and whom it names, by key."""

    kind: str
    enterprise: int
    other: int | None
    team_number: int | None


def broken(team_of: Mapping[int, int | None], pins: Iterable[Settled]) -> list[Settled]:
    """Those that this division does not keep. ``team_of`` gives each enterprise's team number, None
    for none; a pin on an enterprise that is not in it is kept by nobody and broken by nobody."""
    return [pin for pin in pins if pin.enterprise in team_of and not _kept(team_of, pin)]


def _kept(team_of: Mapping[int, int | None], pin: Settled) -> bool:
    team = team_of[pin.enterprise]
    match pin.kind:
        case "team":
            return team == pin.team_number
        case "out":
            return team is None
        case "together":
            return pin.other not in team_of or team_of.get(pin.other or 0) == team
        case "apart":
            return team is None or team_of.get(pin.other or 0) != team
    raise ValueError(f"no kind of pin: {pin.kind}")


def wrong_sizes(
    team_of: Mapping[int, int | None], teams: int, smallest: int, largest: int
) -> dict[int, int]:
    """Teams that are smaller or larger than they may be, with their sizes."""
    sizes = dict.fromkeys(range(1, teams + 1), 0)
    for team in team_of.values():
        if team is not None:
            sizes[team] = sizes.get(team, 0) + 1
    return {team: size for team, size in sizes.items() if not smallest <= size <= largest}
