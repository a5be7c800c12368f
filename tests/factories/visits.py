"""Visits and inspections."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from liaison.accounts.models import Kind
from tests.factories.enterprises import (
    AssignedEnterpriseFactory,
    ContactUserFactory,
    EnterpriseFactory,
    handler_of,
)
from tests.factories.evidence import EvidenceFactory
from tests.factories.people import someone
from visits.actions import log_inspection, log_visit, say_of_visit
from visits.models import Inspection, Visit, VisitWord


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


class PhotographedVisitFactory(VisitFactory):
    """A visit with ``photos`` of its own, one unless said otherwise."""

    photos = 1

    @classmethod
    def _create(cls, model_class: type[Visit], *args: Any, **kwargs: Any) -> Visit:
        kwargs["by"] = kwargs.get("by") or handler_of(kwargs["enterprise"])
        taken = [EvidenceFactory(by=kwargs["by"]).pk for _ in range(kwargs.pop("photos"))]
        return super()._create(model_class, *args, files=taken, **kwargs)


class DisputedVisitFactory(factory.django.DjangoModelFactory):
    """What a contact of its enterprise said of ``visit``: that it was not so."""

    class Meta:
        model = VisitWord

    visit = factory.SubFactory(VisitFactory)
    came = False
    words = "当天没有人来"

    @classmethod
    def _create(cls, model_class: type[VisitWord], *args: Any, **kwargs: Any) -> VisitWord:
        visit = kwargs.pop("visit")
        by = kwargs.pop("by", None) or ContactUserFactory(enterprise=visit.enterprise)
        return say_of_visit(visit, by=by, **kwargs)


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
