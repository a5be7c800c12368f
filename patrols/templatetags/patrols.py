"""What the pages of patrols are written with beside the marks of every page."""

from dataclasses import dataclass

from django import template

from patrols.proof import Kind, Row, said

register = template.Library()


@dataclass(frozen=True)
class Number:
    """A number of the proof; ``is_nights`` where nights stand behind it, those of ``state``."""

    label: str
    amount: int
    is_nights: bool
    state: str


@register.filter
def numbers(row: Row, kind: Kind) -> list[Number]:
    """``{{ row|numbers:kind }}``: the numbers of a row in the order of its columns."""
    of_nights = kind.key != "team"
    return [
        Number(
            str(label),
            row.counts[name],
            state is not None and (of_nights or name == "nights"),
            state or "",
        )
        for name, label, state in kind.numbers
    ]


@register.filter
def paced(row: Row) -> list[tuple[str, bool]]:
    """``{{ row|paced }}``: each arrival in words, and whether every one was in time."""
    return [(said(step), step.all_kept) for step in row.steps]
