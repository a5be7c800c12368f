"""Made-up data of any size: as many stations as asked for, written in bulk.

What `liaison.demo.station` tells through the actions, one deed after the other, is written here as
the rows that such deeds leave behind, thousands of stations in minutes. Every constraint of the
tables holds and every clock is what the rules of `issues` and `enterprises` say; what only the
actions look after is followed as far as a page, a list or a sweep can see it. Left out: files
(nothing to show would stand behind the rows), what was mentioned together (`Mention`), and audit
entries other than the latest.
"""

from liaison.demo.scale.filling import Made, Refill, fill

__all__ = ["Made", "Refill", "fill"]
