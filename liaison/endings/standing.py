"""What is open at an enterprise when it closes down, and what becomes of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents.models import Addressed, Order
from enterprises.models import Assignment, Contact, Enterprise, GateCode
from issues.models import HeldRequest, Issue
from patrols.models import Duty, Guard, Membership
from patrols.nights import evening_of
from visits.models import Promise
from workers.models import Worker


@dataclass(frozen=True)
class Sort:
    """Rows of one sort that may be open; ``ends`` says whether closing down ends them."""

    label: str | Lazy
    becomes: str | Lazy
    ends: bool
    rows: Callable[[Enterprise], QuerySet[Any]]
    url: Callable[[Enterprise], str] | None = None


@dataclass(frozen=True)
class Open:
    sort: Sort
    count: int
    url: str


def _listed(name: str) -> Callable[[Enterprise], str]:
    return lambda enterprise: f"{reverse(name)}?enterprise={enterprise.pk}"


def _answers(one: Enterprise) -> QuerySet[Any]:
    return Assignment.objects.filter(enterprise=one).open()


def _team(one: Enterprise) -> QuerySet[Any]:
    return Membership.objects.on(evening_of(timezone.now())).filter(enterprise=one)


def _nights(one: Enterprise) -> QuerySet[Any]:
    return Duty.objects.filter(enterprise=one, night__night_on__gte=evening_of(timezone.now()))


def _unconfirmed(one: Enterprise) -> QuerySet[Any]:
    asked = Q(document__acknowledge_by__isnull=False, document__withdrawn_at__isnull=True)
    return Addressed.objects.filter(asked, enterprise=one, acknowledged_at__isnull=True)


SORTS = (
    Sort(
        _("officers who answer for it"),
        _("Their place ends; visits are due no more."),
        True,
        _answers,
    ),
    Sort(_("patrol team"), _("It leaves the team from tonight on."), True, _team),
    Sort(
        _("patrol nights ahead"),
        _("It is taken off; desk and chiefs are told which nights lack it."),
        True,
        _nights,
    ),
    Sort(
        _("open lines of the bill"),
        _("They stay with whoever handles them and their clocks run on."),
        False,
        lambda one: Issue.objects.filter(enterprise=one).open(),
        _listed("issue_list"),
    ),
    Sort(
        _("held requests"),
        _("They are looked at and answered as any other."),
        False,
        lambda one: HeldRequest.objects.filter(enterprise=one).pending(),
    ),
    Sort(
        _("open rectification orders"),
        _("They stay until they are carried out or withdrawn."),
        False,
        lambda one: Order.objects.filter(enterprise=one).open(),
    ),
    Sort(
        pgettext_lazy("rows", "open promises"),
        _("What was promised on a visit is still kept or taken back."),
        False,
        lambda one: Promise.objects.filter(visit__enterprise=one).open(),
    ),
    Sort(
        _("documents not confirmed"),
        _("They are reminded of until they are confirmed or withdrawn."),
        False,
        _unconfirmed,
    ),
    Sort(
        _("workers not signed off"),
        _("They stay registered: sign off those who have left."),
        False,
        lambda one: Worker.objects.filter(enterprise=one).exclude(status="left"),
    ),
    Sort(
        _("guards not signed off"),
        _("They stay listed without duty: sign off those who have left."),
        False,
        lambda one: Guard.objects.filter(enterprise=one, left_on__isnull=True),
        _listed("guard_list"),
    ),
    Sort(
        _("people who may sign in"),
        _("They may still follow what they asked for; end it for those who have left."),
        False,
        lambda one: Contact.objects.filter(enterprise=one).present().filter(user__isnull=False),
    ),
    Sort(
        _("gate card"),
        _("The card says that the enterprise is closed down."),
        False,
        lambda one: GateCode.objects.filter(enterprise=one).holding(),
    ),
)


def standing_of(enterprise: Enterprise) -> Sequence[Open]:
    """What is open there now, what closing down ends first."""
    return [
        Open(sort, count, sort.url(enterprise) if sort.url else "")
        for sort in SORTS
        if (count := sort.rows(enterprise).count())
    ]
