"""Who is told of a held request: that it waits, that nobody has looked, and what was decided."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from issues.models import HeldRequest
from liaison.accounts.models import Kind, User
from liaison.core.due import moment
from liaison.notices.actions import notify


def tell_of_held(held: HeldRequest) -> None:
    """The desk, or the chiefs where the desk may not know or is not staffed."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell(held, deciding(held), "held", _("To be looked at first: %(what)s"))


def tell_of_late(held: HeldRequest) -> None:
    """Nobody has decided in time: the desk and the chiefs."""
    people = {one.pk: one for one in [*deciding(held), *_staff(held, Kind.CHIEF)]}
    with translation.override(settings.LANGUAGE_CODE):
        _tell(held, list(people.values()), "late", _("Nobody has looked at it: %(what)s"))


def tell_of_decision(held: HeldRequest, *, by: User) -> None:
    """Whoever asked, as long as they are the enterprise's contact."""
    is_there = HeldRequest.objects.visible_to(held.asked_by).filter(pk=held.pk).exists()
    if not is_there:
        return
    released = held.issue is not None
    with translation.override(settings.LANGUAGE_CODE):
        title = _("On the bill: %(what)s") if released else _("Not taken on: %(what)s")
        notify(
            [held.asked_by],
            occasion=f"held:{held.pk}:decided",
            kind="held_request.decided",
            title=title % {"what": held.issue or held.title},
            text=f"{held.enterprise.name}\n{held.reason}".strip(),
            url=reverse("portal_line", args=(held.issue.number,))
            if held.issue is not None
            else reverse("portal_held", args=(held.pk,)),
            by=by,
            confidential=held.sensitive,
        )


def deciding(held: HeldRequest) -> list[User]:
    desk = [] if held.sensitive else _staff(held, Kind.DESK)
    return desk or _staff(held, Kind.CHIEF)


def _staff(held: HeldRequest, kind: str) -> list[User]:
    return list(User.objects.active().at(held.unit).filter(kind=kind))


def _tell(held: HeldRequest, people: list[User], step: str, title: str) -> None:
    due = moment(held.due_at, held.asked_at).exact
    notify(
        people,
        occasion=f"held:{held.pk}:{step}",
        kind=f"held_request.{step}",
        title=title % {"what": held.title},
        text=f"{held.enterprise.name}\n{held.get_why_display()}\n"
        + _("Decide by %(due)s") % {"due": due},
        url=reverse("held_detail", args=(held.pk,)),
        by=held.asked_by,
        confidential=held.sensitive,
    )
