"""Rows in a named state, made through the same actions as the product's own.

``AssignedEnterpriseFactory(unit=station)`` or ``ProposedIssueFactory(kind="hazard")``: whatever is
not given is made. People who must act on the way (a desk that lists, a chief who approves) are
taken from the station or made there.
"""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import factory
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from enterprises.actions import assign, list_enterprise
from enterprises.models import Contact, Enterprise
from issues.actions import VERBS, raise_issue
from issues.actions.engine import Proven
from issues.models import Extension, Issue, IssueKind
from issues.workflow import CloseRule, Stage
from liaison.accounts.actions import create_unit
from liaison.accounts.models import Kind, Unit, User
from liaison.evidence.actions import keep
from liaison.evidence.models import Evidence
from liaison.notices.actions import choose_channels, notify
from liaison.notices.delivering import BACK_OFF
from liaison.notices.models import Channel, Delivery, Notice, UnitChannel
from visits.actions import log_inspection, log_visit
from visits.models import Inspection, Visit

PASSWORD = "a-long-enough-secret-7"


# --- units and people -------------------------------------------------------------------------


class BureauFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"BUR{n}")
    name = factory.Sequence(lambda n: f"示例市公安局{n}")
    kind = Unit.Kind.BUREAU
    parent = None

    @classmethod
    def _create(cls, model_class: type[Unit], *args: Any, **kwargs: Any) -> Unit:
        return create_unit(**kwargs)


class StationFactory(BureauFactory):
    code = factory.Sequence(lambda n: f"ST{n}")
    name = factory.Sequence(lambda n: f"示例派出所{n}")
    kind = Unit.Kind.STATION
    parent = factory.SubFactory(BureauFactory)


class SquadFactory(BureauFactory):
    code = factory.Sequence(lambda n: f"SQ{n}")
    name = factory.Sequence(lambda n: f"示例大队{n}")
    kind = Unit.Kind.SQUAD
    parent = factory.SubFactory(BureauFactory)


class UserFactory(factory.django.DjangoModelFactory):
    """A person of any kind; signs in with PASSWORD."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"示例{n}")
    phone = factory.Sequence(lambda n: f"138{n:08d}")
    unit = factory.SubFactory(StationFactory)
    kind = Kind.POLICE_OFFICER
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return User.objects.create_user(**kwargs)


class OfficerFactory(UserFactory):
    kind = Kind.POLICE_OFFICER


class AuxiliaryFactory(UserFactory):
    kind = Kind.AUXILIARY_OFFICER


class ChiefFactory(UserFactory):
    kind = Kind.CHIEF


class DeskFactory(UserFactory):
    kind = Kind.DESK


class BureauUserFactory(UserFactory):
    kind = Kind.BUREAU
    unit = factory.SubFactory(BureauFactory)


class SquadUserFactory(UserFactory):
    kind = Kind.POLICE_OFFICER
    unit = factory.SubFactory(SquadFactory)


def someone(kind: str, unit: Unit, *, besides: User | None = None) -> User:
    """An active person of this kind at the unit, made when there is none."""
    people = User.objects.filter(kind=kind, unit=unit, is_active=True).order_by("pk")
    if besides is not None:
        people = people.exclude(pk=besides.pk)
    return people.first() or UserFactory(kind=kind, unit=unit)


# --- enterprises ------------------------------------------------------------------------------


class EnterpriseFactory(factory.django.DjangoModelFactory):
    """Listed by the station's desk; nobody answers for it."""

    class Meta:
        model = Enterprise

    unit = factory.SubFactory(StationFactory)
    name = factory.Sequence(lambda n: f"示例精密机械{n}有限公司")
    address = factory.Sequence(lambda n: f"示例路{n}号")

    @classmethod
    def _create(cls, model_class: type[Enterprise], *args: Any, **kwargs: Any) -> Enterprise:
        unit = kwargs.pop("unit")
        by = kwargs.pop("by", None) or someone(Kind.DESK, unit)
        more = {"stage": kwargs.pop("stage")} if "stage" in kwargs else {}
        return list_enterprise(unit, kwargs, by=by, **more)


class AssignedEnterpriseFactory(EnterpriseFactory):
    """``officer`` answers for it: given, or an own one made for it."""

    officer = factory.SubFactory(OfficerFactory, unit=factory.SelfAttribute("..unit"))

    @classmethod
    def _create(cls, model_class: type[Enterprise], *args: Any, **kwargs: Any) -> Enterprise:
        officer = kwargs.pop("officer")
        enterprise = super()._create(model_class, *args, **kwargs)
        assign(enterprise, officer, by=someone(Kind.DESK, enterprise.unit))
        return enterprise


class ColdEnterpriseFactory(AssignedEnterpriseFactory):
    """Listed and assigned half a year ago, never reached since: both clocks have run out."""

    @classmethod
    def _create(cls, model_class: type[Enterprise], *args: Any, **kwargs: Any) -> Enterprise:
        with time_machine.travel(timezone.now() - timedelta(days=180)):
            return super()._create(model_class, *args, **kwargs)


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    enterprise = factory.SubFactory(EnterpriseFactory)
    name = factory.Sequence(lambda n: f"示例联系人{n}")
    position = "安保负责人"
    phone = factory.Sequence(lambda n: f"139{n:08d}")


class ContactUserFactory(UserFactory):
    """Somebody at ``enterprise`` who may sign in."""

    kind = Kind.CONTACT
    enterprise = factory.SubFactory(EnterpriseFactory)
    unit = factory.LazyAttribute(lambda made: made.enterprise.unit)

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        enterprise = kwargs.pop("enterprise")
        user = super()._create(model_class, *args, **kwargs)
        ContactFactory(enterprise=enterprise, name=user.name, phone=user.phone, user=user)
        return user


def handler_of(enterprise: Enterprise) -> User:
    """The responsible officer, who must be there."""
    return enterprise.assignments.open().responsible().get().officer  # type: ignore[attr-defined, no-any-return]


# --- evidence ---------------------------------------------------------------------------------


def picture_bytes(colour: str = "red", size: tuple[int, int] = (8, 6), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


class EvidenceFactory(factory.django.DjangoModelFactory):
    """A tiny photo kept by ``by``."""

    class Meta:
        model = Evidence

    by = factory.SubFactory(OfficerFactory)
    name = factory.Sequence(lambda n: f"photo{n}.png")
    content = factory.LazyFunction(picture_bytes)

    @classmethod
    def _create(cls, model_class: type[Evidence], *args: Any, **kwargs: Any) -> Evidence:
        return keep(SimpleUploadedFile(kwargs["name"], kwargs["content"]), by=kwargs["by"])


# --- the bill ---------------------------------------------------------------------------------


def kind_of(code: str) -> IssueKind:
    return IssueKind.objects.get(code=code)


def approver_for(issue: Issue) -> User:
    """Somebody who may decide on its close-out, by the line's close rule."""
    kind = Kind.POLICE_OFFICER if issue.close_rule == CloseRule.SECOND_OFFICER else Kind.CHIEF
    return someone(kind, issue.unit, besides=issue.handler)


def proofs_for(issue: Issue, by: User) -> list[Proven]:
    """A photo for everything that the line's kind wants."""
    return [Proven(EvidenceFactory(by=by).pk, proof) for proof in issue.kind.proofs]


def _propose(issue: Issue) -> Issue:
    by = issue.handler
    assert by is not None
    loss = {"loss_recovered": "1200.00"} if issue.kind.asks_loss else {}
    files = proofs_for(issue, by)
    return VERBS["propose"](
        issue, by=by, version=issue.version, summary="已整改", files=files, **loss
    )


def _wait(issue: Issue) -> Issue:
    return VERBS["wait"](
        issue,
        by=issue.handler,
        version=issue.version,
        awaited="检测报告",
        awaited_from="企业",
        until=timezone.localdate() + timedelta(days=3),
    )


def _close(issue: Issue) -> Issue:
    confirmed = {"confirmed_by": "联系人,电话"} if issue.close_rule == CloseRule.CONTACT else {}
    return VERBS["close"](issue, by=approver_for(issue), version=issue.version, **confirmed)


def _decline(issue: Issue) -> Issue:
    chief = someone(Kind.CHIEF, issue.unit)
    return VERBS["decline"](issue, by=chief, version=issue.version, reason="不属本所管辖")


# How a line gets from where it was raised to each stage.
STEPS: dict[str, Callable[[Issue], Issue]] = {
    "accept": lambda issue: VERBS["accept"](issue, by=issue.handler, version=issue.version),
    "start": lambda issue: VERBS["start"](issue, by=issue.handler, version=issue.version),
    "wait": _wait,
    "propose": _propose,
    "close": _close,
    "decline": _decline,
    "withdraw": lambda issue: VERBS["withdraw"](
        issue, by=issue.raised_by, version=issue.version, reason="已自行解决"
    ),
}


class RaisedIssueFactory(factory.django.DjangoModelFactory):
    """A line raised by the station's desk (``by=`` another) on an assigned enterprise.

    ``kind`` is an IssueKind or its code.
    """

    class Meta:
        model = Issue

    enterprise = factory.SubFactory(AssignedEnterpriseFactory)
    kind = "service"
    title = factory.Sequence(lambda n: f"示例诉求{n}")
    source = Issue.Source.DESK

    way: tuple[str, ...] = ()

    @classmethod
    def _create(cls, model_class: type[Issue], *args: Any, **kwargs: Any) -> Issue:
        way = kwargs.pop("way")
        if isinstance(kwargs["kind"], str):
            kwargs["kind"] = kind_of(kwargs["kind"])
        kwargs.setdefault("by", None)
        kwargs["by"] = kwargs["by"] or someone(Kind.DESK, kwargs["enterprise"].unit)
        issue = raise_issue(kwargs.pop("enterprise"), **kwargs)
        for step in way:
            issue = STEPS[step](issue)
        return issue


class LateIssueFactory(RaisedIssueFactory):
    """Raised so long ago that an answer is overdue."""

    raised_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=30))


class AcceptedIssueFactory(RaisedIssueFactory):
    way = ("accept",)


class WorkingIssueFactory(RaisedIssueFactory):
    way = ("accept", "start")


class WaitingIssueFactory(RaisedIssueFactory):
    way = ("accept", "start", "wait")


class ProposedIssueFactory(RaisedIssueFactory):
    way = ("accept", "start", "propose")


class ClosedIssueFactory(RaisedIssueFactory):
    way = ("accept", "start", "propose", "close")


class DeclinedIssueFactory(RaisedIssueFactory):
    way = ("decline",)


class WithdrawnIssueFactory(RaisedIssueFactory):
    way = ("withdraw",)


ISSUE_IN: dict[str, type[RaisedIssueFactory]] = {
    Stage.RAISED: RaisedIssueFactory,
    Stage.ACCEPTED: AcceptedIssueFactory,
    Stage.WORKING: WorkingIssueFactory,
    Stage.WAITING: WaitingIssueFactory,
    Stage.PROPOSED: ProposedIssueFactory,
    Stage.CLOSED: ClosedIssueFactory,
    Stage.DECLINED: DeclinedIssueFactory,
    Stage.WITHDRAWN: WithdrawnIssueFactory,
}


# --- notices ----------------------------------------------------------------------------------


class NoticeFactory(factory.django.DjangoModelFactory):
    """``recipient`` is told something; it lies in the inbox, unread."""

    class Meta:
        model = Notice

    recipient = factory.SubFactory(OfficerFactory)
    occasion = factory.Sequence(lambda n: f"test:{n}")
    kind = "test"
    title = factory.Sequence(lambda n: f"示例通知{n}")
    text = "说明"
    url = "/"

    @classmethod
    def _create(cls, model_class: type[Notice], *args: Any, **kwargs: Any) -> Notice:
        recipient = kwargs.pop("recipient")
        notify([recipient], **kwargs)
        return Notice.objects.get(recipient=recipient, occasion=kwargs["occasion"])


class FailedDeliveryFactory(factory.django.DjangoModelFactory):
    """Tried as often as it is; an administrator looks at it now."""

    class Meta:
        model = Delivery

    notice = factory.SubFactory(NoticeFactory)
    channel = Channel.EMAIL
    state = Delivery.State.FAILED
    attempts = len(BACK_OFF) + 1
    due_at = None
    failed_at = factory.LazyFunction(timezone.now)
    last_error = "ConnectionRefusedError: [Errno 111] Connection refused"

    @classmethod
    def _create(cls, model_class: type[Delivery], *args: Any, **kwargs: Any) -> Delivery:
        key = {"notice": kwargs.pop("notice"), "channel": kwargs.pop("channel")}
        return Delivery.objects.update_or_create(**key, defaults=kwargs)[0]


def reachable(user: User) -> User:
    """The person has an e-mail address and chose it."""
    choose_channels(user, address=f"{user.username}@station.example", by={"email"})
    return user


# --- visits -----------------------------------------------------------------------------------


class VisitFactory(factory.django.DjangoModelFactory):
    """An on-site visit by the responsible officer, a moment ago."""

    class Meta:
        model = Visit

    enterprise = factory.SubFactory(AssignedEnterpriseFactory)
    channel = "on_site"
    happened_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    summary = "查看门卫登记"

    @classmethod
    def _create(cls, model_class: type[Visit], *args: Any, **kwargs: Any) -> Visit:
        enterprise = kwargs.pop("enterprise")
        by = kwargs.pop("by", None) or handler_of(enterprise)
        return log_visit(enterprise, by=by, **kwargs)


class InspectionFactory(factory.django.DjangoModelFactory):
    """An inspection by two police officers of the station, long after any earlier entry."""

    class Meta:
        model = Inspection

    enterprise = factory.SubFactory(EnterpriseFactory)
    platform_reference = factory.Sequence(lambda n: f"SD-2026-{n:06d}")
    happened_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    summary = "检查治安防范"

    @classmethod
    def _create(cls, model_class: type[Inspection], *args: Any, **kwargs: Any) -> Inspection:
        enterprise = kwargs.pop("enterprise")
        first = someone(Kind.POLICE_OFFICER, enterprise.unit)
        second = someone(Kind.POLICE_OFFICER, enterprise.unit, besides=first)
        kwargs.setdefault("officers", [first, second])
        kwargs.setdefault("by", first)
        return log_inspection(enterprise, **kwargs)


# --- notice channels --------------------------------------------------------------------------


class UnitChannelFactory(factory.django.DjangoModelFactory):
    """The unit has a WeCom group robot; with ``channel`` and ``url`` something else."""

    class Meta:
        model = UnitChannel

    unit = factory.SubFactory(StationFactory)
    channel = Channel.WECOM
    url = "wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


# --- more time for a line ---------------------------------------------------------------------


class ExtensionFactory(factory.django.DjangoModelFactory):
    """Its handler has asked for a day more, whatever stage the line has come to since."""

    class Meta:
        model = Extension

    issue = factory.SubFactory(WorkingIssueFactory)
    generation = factory.SelfAttribute("issue.generation")
    asked_by = factory.SelfAttribute("issue.handler")
    asked_at = factory.LazyFunction(timezone.now)
    days = 1
    reason = "等待检测报告"
