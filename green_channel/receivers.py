"""What the green channel has to say to moves of its lines, whoever makes them and where."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from green_channel.models import Application
from issues.models import Event, Issue
from issues.signals import moved
from liaison.core.joining import joined
from liaison.core.refused import Refused


@receiver(moved)
def an_application_goes_its_own_way(
    sender: object, *, issue: Issue, event: Event, **_more: Any
) -> None:
    """The clock stands still until what a correction notice names is there, and nothing is closed
    out that was not decided."""
    if event.move not in ("resume", "propose"):
        return
    application = Application.objects.filter(issue=issue).first()
    if application is None:
        return
    if event.move == "propose":
        if application.decisions.count() < issue.events.filter(move="propose").count():
            raise Refused(
                "decide_first",
                _("This is an application: decide on it on its own page."),
                details={"application": application.pk},
            )
        return
    papers = application.papers.filter(asked_in__isnull=False).prefetch_related("supplies")
    if missing := [paper.name for paper in papers if paper.is_open]:
        raise Refused(
            "still_missing",
            _("Still missing: %(what)s.") % {"what": joined(missing)},
            details={"missing": missing, "application": application.pk},
        )
