"""Lines of the bill in every stage."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from issues.actions import VERBS, Sent, ask, make_link, raise_issue, rate_issue
from issues.actions.engine import Proven
from issues.models import AccessLink, Extension, HeldRequest, Issue, IssueKind, Rating
from issues.workflow import MOVES, CloseRule, Stage
from liaison.accounts.models import Kind, User
from tests.factories.enterprises import AssignedEnterpriseFactory, ContactUserFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.people import OfficerFactory, someone


def kind_of(code: str) -> IssueKind:
    return IssueKind.objects.get(code=code)


def approver_for(issue: Issue) -> User:
    """Somebody who may decide on its close-out, by the line's close rule."""
    kind = Kind.POLICE_OFFICER if issue.close_rule == CloseRule.SECOND_OFFICER else Kind.CHIEF
    return someone(kind, issue.unit, besides=issue.handler)


def proofs_for(issue: Issue, by: User) -> list[Proven]:
    """A photo for everything that the line's kind wants."""
    return [Proven(EvidenceFactory(by=by).pk, proof) for proof in issue.kind.proofs]


def values_for(name: str, issue: Issue) -> dict[str, Any]:
    """Something valid for every field the move asks for."""
    by_kind = {
        "number": 1,
        "date": timezone.localdate() + timedelta(days=3),
        "money": "100",
        "flag": False,
        "text": "说明",
    }
    return {
        field.name: OfficerFactory(unit=issue.unit).pk
        if field.kind == "officer"
        else by_kind[field.kind]
        for field in MOVES[name].fields
    }


def propose(issue: Issue) -> Issue:
    """Its handler reports it as done, with the proofs that its kind wants."""
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
    "propose": propose,
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


class HeldRequestFactory(factory.django.DjangoModelFactory):
    """The same words a second time, held for the desk; ``by=`` a contact of the enterprise."""

    class Meta:
        model = HeldRequest

    kind = "service"
    title = "示例重复诉求"
    text = "示例重复诉求的说明"

    @classmethod
    def _create(cls, model_class: type[HeldRequest], *args: Any, **kwargs: Any) -> HeldRequest:
        by = kwargs.pop("by", None) or ContactUserFactory(**_of_the_enterprise(kwargs))
        enterprise = by.contact_for.get().enterprise
        kind = kwargs.pop("kind")
        given = {
            "kind": kind_of(kind) if isinstance(kind, str) else kind,
            "title": kwargs.pop("title"),
            "text": kwargs.pop("text"),
        }
        files = kwargs.pop("files", ())
        first = ask(enterprise, by=by, sent=sent(), **given)
        if isinstance(first, HeldRequest):
            return first
        again = ask(enterprise, by=by, sent=sent(), files=files, **given)
        if not isinstance(again, HeldRequest):
            raise TypeError("the same words are held")
        return again


def sent(**more: Any) -> Sent:
    """A form that has not been sent before."""
    return Sent(**{"client_id": uuid.uuid4(), "body": uuid.uuid4().hex, **more})


def _of_the_enterprise(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {"enterprise": kwargs.pop("enterprise", None) or AssignedEnterpriseFactory()}


class RatedIssueFactory(ClosedIssueFactory):
    """A line closed out and rated by a contact of its enterprise; ``step`` 5 unless said."""

    step = 5

    @classmethod
    def _create(cls, model_class: type[Issue], *args: Any, **kwargs: Any) -> Issue:
        step = kwargs.pop("step")
        issue = super()._create(model_class, *args, **kwargs)
        rating = rate_issue(
            issue,
            by=ContactUserFactory(enterprise=issue.enterprise),
            version=issue.version,
            step=step,
            words="说明",
        )
        return Issue.objects.get(pk=rating.issue_id)


def link_to(issue: Issue, *, by: User | None = None, **more: Any) -> tuple[AccessLink, str]:
    """A link to the line and its token, made by the desk unless said."""
    return make_link(issue, by=by or someone(Kind.DESK, issue.unit), for_whom="门卫", **more)


def rating_of(issue: Issue) -> Rating | None:
    """That of its last close-out."""
    return issue.ratings.order_by("-generation").first()
