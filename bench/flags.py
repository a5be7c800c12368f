"""What may be asked of the bench: the same flags for the whole of it and for one part."""

import argparse
import os
from datetime import date


def flags_of_parts() -> argparse.ArgumentParser:
    """A parent for parsers; each part reads of it what it needs."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    pages = parser.add_argument_group("pages")
    pages.add_argument("--stations", type=_two_or_more, default=100, help="how many are many")
    pages.add_argument("--rounds", type=_two_or_more, default=15)
    pages.add_argument("--who", nargs="+", default=[], help="only for these: officer chief ...")
    pages.add_argument("--page", nargs="+", default=[], help="only these, by their names")
    pages.add_argument("--filled", default="", help="address of a database that has them; stays")
    pages.add_argument("--on", type=date.fromisoformat, help="the day it was filled for; today")
    writing = parser.add_argument_group("writing")
    writing.add_argument("--seconds", type=float, default=8, help="for each number of clients")
    writing.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    lists = parser.add_argument_group("importing and exporting")
    lists.add_argument(
        "--rows",
        type=int,
        nargs="+",
        default=[1_000, 100_000],
        help="of the lists that are imported; an export has as many as the longest",
    )
    planning = parser.add_argument_group("planning and teams")
    planning.add_argument("--solver", type=float, default=60, help="seconds for each comparison")
    teams = parser.add_argument_group("teams")
    teams.add_argument(
        "--instances",
        default=os.environ.get("LIAISON_INSTANCES", ""),
        help="folder of published capacitated p-median instances; LIAISON_INSTANCES else",
    )
    return parser


def _two_or_more(text: str) -> int:
    """One round has no quarters, and one station is what many are compared with."""
    number = int(text)
    if number < 2:
        raise argparse.ArgumentTypeError("at least 2")
    return number
