"""What a registration goes through, as data: pages, verbs and tests read it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("worker", "Submitted")
    CHECKED = "checked", pgettext_lazy("worker", "Checked")
    CORRECTION = "correction", pgettext_lazy("worker", "Needs correction")
    REGISTERED = "registered", pgettext_lazy("worker", "Registered")
    LEFT = "left", pgettext_lazy("worker", "Left")


HERE = (Status.SUBMITTED, Status.CHECKED, Status.CORRECTION, Status.REGISTERED)


@dataclass(frozen=True)
class Move:
    """``reason``: the move must say why; the enterprise reads it. ``photo``: needs one."""

    name: str
    label: str | Promise
    sources: tuple[Status, ...]
    target: Status
    reason: bool = False
    photo: bool = False


MOVES = {
    move.name: move
    for move in (
        Move("check", _("Mark as checked"), (Status.SUBMITTED, Status.CORRECTION), Status.CHECKED),
        Move(
            "correct",
            _("Ask for correction"),
            (Status.SUBMITTED, Status.CHECKED),
            Status.CORRECTION,
            reason=True,
        ),
        Move("register", _("Register"), (Status.CHECKED,), Status.REGISTERED, photo=True),
        Move("leave", _("Has left"), HERE, Status.LEFT),
    )
}
