"""Documents to enterprises, and orders to put right."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from documents.actions import answer_item, issue_order, publish
from documents.actions.ordering import Ordered
from documents.actions.publishing import Draft
from documents.audience import Audience
from documents.models import Answer, Document, Order, OrderItem
from enterprises.models import Enterprise
from liaison.accounts.models import Kind, User
from liaison.law.models import LegalBasis
from tests.factories.enterprises import AssignedEnterpriseFactory, ContactUserFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.issues import AcceptedIssueFactory
from tests.factories.people import ChiefFactory, OfficerFactory, someone


class DocumentFactory(factory.django.DjangoModelFactory):
    """Published by the station's desk to ``enterprise`` alone, or to ``enterprises``."""

    class Meta:
        model = Document

    enterprise = factory.SubFactory(AssignedEnterpriseFactory)
    title = factory.Sequence(lambda n: f"示例通知{n}")

    @classmethod
    def _create(cls, model_class: type[Document], *args: Any, **kwargs: Any) -> Document:
        first: Enterprise = kwargs["enterprise"]
        enterprises = kwargs.get("enterprises") or [first]
        by = kwargs.get("by") or someone(Kind.DESK, first.unit)
        draft = Draft(
            kind=kwargs.get("kind", "notice"),
            title=kwargs["title"],
            text=kwargs.get("text", "请各企业知悉。"),
            audience=Audience("picked", picked=tuple(one.pk for one in enterprises)),
            acknowledge_by=kwargs.get("acknowledge_by"),
        )
        files = [one.pk for one in kwargs.get("files", ())]
        return publish(draft, by=by, files=files, replaces=kwargs.get("replaces"))


class OrderFactory(factory.django.DjangoModelFactory):
    """Issued on an accepted hazard of ``enterprise`` by two officers of its station."""

    class Meta:
        model = Order

    enterprise = factory.SubFactory(AssignedEnterpriseFactory)

    @classmethod
    def _create(cls, model_class: type[Order], *args: Any, **kwargs: Any) -> Order:
        enterprise = kwargs["enterprise"]
        issue = kwargs.get("issue") or AcceptedIssueFactory(enterprise=enterprise, kind="hazard")
        chief = kwargs.get("by") or ChiefFactory(unit=issue.unit)
        items = kwargs.get("items", ("修复围栏", "补装探头"))
        ordered = ordered_for(issue, chief, items=items, **kwargs.get("told", {}))
        return issue_order(issue, ordered, by=chief)


def ordered_for(issue: Any, first: User, **told: Any) -> Ordered:
    """What a sound order on the line says, but for what is ``told``."""
    second = told.pop("second", None) or OfficerFactory(unit=issue.unit)
    values: dict[str, Any] = {
        "officers": (first, second),
        "basis": LegalBasis.objects.for_orders().get(),
        "facts": "东侧围栏破损，人可钻入。",
        "items": ("修复围栏",),
        "due_on": timezone.localdate() + timedelta(days=2),
        "mark": "示所责改字",
        **told,
    }
    return Ordered(**values)


def answered(item: OrderItem, by: User | None = None) -> Answer:
    """The item, answered by a contact with a photo."""
    by = by or ContactUserFactory(enterprise=item.order.enterprise)
    return answer_item(item, by=by, text="已修好", files=[EvidenceFactory(by=by).pk])
