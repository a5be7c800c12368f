"""Whom a step of a line concerns, and in which words they are told."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.ladder import Rung
from issues.models import LOW, Event, Issue
from issues.roles import roles_of
from issues.workflow import Clock, CloseRule, Role, Stage
from liaison.accounts.models import OFFICERS, Kind, User
from liaison.core.due import moment
from liaison.notices.actions import notify
from liaison.notices.gathering import Saying


def tell_of(issue: Issue, event: Event, *, along: bool) -> None:
    """Tell those whom the event concerns, in the transaction that made it.

    A line that went ``along`` with its enterprise is no notice of its own: whoever answers now was
    told of the enterprise. Nobody is told of a line that they may not see.
    """
    if along:
        return
    _tell_enterprise(issue, event)
    if event.move not in CONCERNS:
        return
    concerned, words = CONCERNS[event.move]
    people = [one for one in concerned(issue, event) if _may_see(one, issue)]
    with translation.override(settings.LANGUAGE_CODE):
        _notify(people, issue, event, title=str(words))
        _tell_former_handler(issue, event)


def _tell_enterprise(issue: Issue, event: Event) -> None:
    """Its contacts, of what changes for them: whoever asked, else those in charge."""
    words = FOR_ENTERPRISES.get(event.move)
    if words is None or not event.public:
        return
    if event.move == "wait" and not issue.awaits_enterprise:
        return
    people = [one for one in contacts(issue) if _may_see(one, issue)]
    with translation.override(settings.LANGUAGE_CODE):
        _notify(people, issue, event, title=str(words), page="portal_line")


def _notify(
    people: Iterable[User], issue: Issue, event: Event, *, title: str, page: str = "issue_detail"
) -> None:
    who = {"who": event.actor_name, "what": event.text}
    said = _("%(who)s: %(what)s") % who if event.text else event.actor_name
    notify(
        people,
        occasion=f"event:{event.pk}",
        kind=f"issue.{event.move}",
        title=title % {"line": f"{issue.number} {issue.title}"},
        text=f"{issue.enterprise.name}\n{said}",
        url=reverse(page, args=(issue.number,)),
        by=event.actor,
        confidential=issue.sensitive,
    )


def _tell_former_handler(issue: Issue, event: Event) -> None:
    """Whose line it was must know that it is no longer; of a sensitive one only the number."""
    before = event.values.get("before_id") if event.move == "transfer" else None
    former = User.objects.filter(pk=before, unit=issue.unit).first() if before else None
    if former is None:
        return
    title = _("No longer yours: %(line)s")
    if _may_see(former, issue):
        _notify([former], issue, event, title=title)
        return
    notify(
        [former],
        occasion=f"event:{event.pk}",
        kind="issue.transfer",
        title=title % {"line": issue.number},
        text="",
        url=reverse("issue_list"),
        by=event.actor,
        confidential=True,
    )


def _may_see(user: User, issue: Issue) -> bool:
    return Issue.objects.visible_to(user).filter(pk=issue.pk).exists()


# --- whom it concerns -------------------------------------------------------------------------


def handlers(issue: Issue, event: Event) -> list[User]:
    return handlers_of(issue)


def handlers_of(issue: Issue) -> list[User]:
    """The handler and whoever acts for him today; while there is none the desk, which assigns
    one, or a chief where the desk may not know or is not staffed."""
    if issue.handler is not None and issue.handler.can_answer_at(issue.unit):
        today = timezone.localdate()
        covers = issue.handler.covered_by.active(today).select_related("acting")
        return [issue.handler, *(cover.acting for cover in covers)]
    desk = [one for one in _staff(issue, Kind.DESK) if _may_see(one, issue)]
    return desk or _staff(issue, Kind.CHIEF)


def contacts(issue: Issue) -> list[User]:
    """Whoever asked, while a contact of the enterprise; else its contacts in charge, else all."""
    there = issue.enterprise.contacts.filter(left_on__isnull=True, user__is_active=True)
    found = list(there.select_related("user").order_by("-is_primary", "pk"))
    asked = [one.user for one in found if one.user_id == issue.raised_by_id]
    primary = [one.user for one in found if one.is_primary]
    people = asked or primary or [one.user for one in found]
    return [one for one in people if one is not None]


def handlers_when_an_enterprise_acts(issue: Issue, event: Event) -> list[User]:
    """What colleagues do on the way the handler sees on the line; the enterprise is waiting."""
    by_enterprise = event.actor is not None and event.actor.is_contact
    return handlers(issue, event) if by_enterprise else []


def handlers_and_approvers(issue: Issue, event: Event) -> list[User]:
    return [*handlers(issue, event), *approvers(issue, event)]


def handlers_and_raiser(issue: Issue, event: Event) -> list[User]:
    raiser = [issue.raised_by] if issue.raised_by.is_station_staff else []
    return [*handlers(issue, event), *raiser]


def chiefs_or_handlers(issue: Issue, event: Event) -> list[User]:
    """A low rating is the chiefs'; the handler is told that the line comes back. Any other is for
    those who worked on it."""
    if event.values.get("rating", 5) in LOW:
        return _staff(issue, Kind.CHIEF)
    return handlers(issue, event)


def approvers(issue: Issue, event: Event) -> list[User]:
    """Those of the station whose word is asked for, as few as will do.

    A second officer could be anybody: it is the deputy or whoever raised it, who know the matter,
    and the chiefs. What the enterprise confirms is entered by the desk after a call back.
    """
    chiefs = _staff(issue, Kind.CHIEF)
    if issue.close_rule == CloseRule.SECOND_OFFICER:
        deputies = issue.enterprise.assignments.open().deputies().select_related("officer")
        return _approving(issue, [*chiefs, *(one.officer for one in deputies), issue.raised_by])
    if issue.close_rule == CloseRule.CONTACT:
        return _approving(issue, _staff(issue, Kind.DESK)) or _approving(issue, chiefs)
    return _approving(issue, chiefs)


def deciders(issue: Issue, event: Event) -> list[User]:
    """The chiefs who may decide on an extension; whoever asked is not told of their own."""
    return [one for one in _staff(issue, Kind.CHIEF) if Role.DECIDER in roles_of(one, issue)]


def handlers_and_asker(issue: Issue, event: Event) -> list[User]:
    decided = issue.extensions.filter(decided_at__isnull=False).order_by("decided_at", "pk").last()
    return [*handlers(issue, event), *([decided.asked_by] if decided else [])]


def _approving(issue: Issue, people: Iterable[User]) -> list[User]:
    return [one for one in people if not one.is_contact and Role.APPROVER in roles_of(one, issue)]


def _staff(issue: Issue, kind: str) -> list[User]:
    return list(User.objects.active().at(issue.unit).filter(kind=kind))


Concern = tuple[Callable[[Issue, Event], list[User]], str | Promise]
# Moves that are not here are the handler's own way of working; the line shows them.
CONCERNS: dict[str, Concern] = {
    "raise": (handlers, gettext_lazy("New on the bill: %(line)s")),
    "transfer": (handlers, gettext_lazy("Given to you: %(line)s")),
    "propose": (approvers, gettext_lazy("Close-out to approve: %(line)s")),
    "return": (handlers_and_raiser, gettext_lazy("Returned to work: %(line)s")),
    "dispute": (
        handlers_and_approvers,
        gettext_lazy("The enterprise says it is not resolved: %(line)s"),
    ),
    "close": (handlers_and_raiser, gettext_lazy("Closed out: %(line)s")),
    "silence": (handlers, gettext_lazy("Accepted by law, nobody having answered: %(line)s")),
    "decline": (handlers_and_raiser, gettext_lazy("Declined: %(line)s")),
    "reopen": (handlers_and_raiser, gettext_lazy("Reopened: %(line)s")),
    "rate": (chiefs_or_handlers, gettext_lazy("Rated by the enterprise: %(line)s")),
    "ask_extension": (deciders, gettext_lazy("Extension to decide on: %(line)s")),
    "grant_extension": (handlers_and_asker, gettext_lazy("Extension granted: %(line)s")),
    "refuse_extension": (handlers_and_asker, gettext_lazy("Extension refused: %(line)s")),
    "withdraw": (handlers_and_raiser, gettext_lazy("Withdrawn: %(line)s")),
    "resume": (
        handlers_when_an_enterprise_acts,
        gettext_lazy("The enterprise has brought it: %(line)s"),
    ),
    "note": (handlers_when_an_enterprise_acts, gettext_lazy("The enterprise remarks: %(line)s")),
}


# What its contacts are told, of public events only.
FOR_ENTERPRISES: dict[str, str | Promise] = {
    "accept": gettext_lazy("Taken on: %(line)s"),
    "silence": gettext_lazy("Taken on by law: %(line)s"),
    "decline": gettext_lazy("Not taken on: %(line)s"),
    "wait": gettext_lazy("Waiting for you: %(line)s"),
    "propose": gettext_lazy("Resolved? Please say: %(line)s"),
    "close": gettext_lazy("Closed out: %(line)s"),
    "reopen": gettext_lazy("Reopened: %(line)s"),
    "note": gettext_lazy("A word from the station: %(line)s"),
    "grant_extension": gettext_lazy("More time is needed: %(line)s"),
    "change_limit": gettext_lazy("The time promised has changed: %(line)s"),
    "recompute": gettext_lazy("The day promised has moved: %(line)s"),
}


# --- what the clock says ----------------------------------------------------------------------


def escalation_said(issue: Issue, step: Rung, person: User, now: datetime) -> Saying:
    """A step of the ladder in words for this person; the longest overdue comes first."""
    due = issue.next_due_at or now
    line = f"{issue.number} {issue.title}"
    if due > now:
        title, kind = _("Due soon: %(line)s"), "due_soon"
    elif person.pk == issue.handler_id or person.kind in OFFICERS:
        title, kind = _("Overdue: %(line)s"), "overdue"
    else:
        title, kind = _("Overdue, escalated to you: %(line)s"), "escalated"
    said = [
        issue.enterprise.name,
        f"{Clock(issue.running_clock).label} {moment(due, now).exact}",
        _("Handler: %(who)s") % {"who": issue.handler or _("nobody")},
    ]
    if issue.running_clock == Clock.WAIT and issue.stage == Stage.PROPOSED:
        said.append(_("Awaited: the enterprise's word whether it is done"))
    elif issue.running_clock == Clock.WAIT:
        said.append(
            _("Awaited: %(what)s, from %(whom)s")
            % {"what": issue.awaited, "whom": issue.awaited_from}
        )
    return Saying(
        occasion=f"escalation:{issue.pk}:{issue.running_clock}:{issue.clock_generation}:{step.step}",
        kind=f"issue.{kind}",
        title=title % {"line": line},
        text="\n".join(said),
        url=reverse("issue_detail", args=(issue.number,)),
        confidential=issue.sensitive,
        rank=int(due.timestamp() // 60),
    )
