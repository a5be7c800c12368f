"""Items of the green channel, and applications at each stage of their way."""

from typing import Any

import factory

from green_channel.actions import apply_for, ask_correction, bring, check_complete, decide
from green_channel.models import Application, Item, Outcome, Requirement
from liaison.accounts.models import Kind
from tests.factories.enterprises import AssignedEnterpriseFactory, handler_of
from tests.factories.evidence import EvidenceFactory
from tests.factories.people import StationFactory, someone


def shared_item(code: str) -> Item:
    """One of those every installation starts with."""
    return Item.objects.get(code=code)


class ItemFactory(factory.django.DjangoModelFactory):
    """A station's own licence in ten working days, for which two papers are needed."""

    class Meta:
        model = Item

    unit = factory.SubFactory(StationFactory)
    code = factory.Sequence(lambda n: f"item-{n}")
    name = factory.Sequence(lambda n: f"示例许可{n}")
    name_en = factory.Sequence(lambda n: f"Sample licence {n}")
    audience = "enterprise"
    licence = True
    counted = "working_days"
    statutory = 20
    promised = 10
    extension_days = 10
    handover = "either"

    @classmethod
    def _create(cls, model_class: type[Item], *args: Any, **kwargs: Any) -> Item:
        item = super()._create(model_class, *args, **kwargs)
        for place, name in enumerate(("营业执照", "申请表")):
            Requirement.objects.create(item=item, name=name, form="copy", position=place)
        return item


class ApplicationFactory(factory.django.DjangoModelFactory):
    """Made by the station's desk (``by=`` another), with a file for the first paper only."""

    class Meta:
        model = Application

    enterprise = factory.SubFactory(AssignedEnterpriseFactory)
    item = factory.SubFactory(ItemFactory, unit=factory.SelfAttribute("..enterprise.unit"))
    brought = 1

    @classmethod
    def _create(cls, model_class: type[Application], *args: Any, **kwargs: Any) -> Application:
        enterprise, item = kwargs.pop("enterprise"), kwargs.pop("item")
        by = kwargs.pop("by", None) or someone(Kind.DESK, enterprise.unit)
        needs = list(item.requirements.all())[: kwargs.pop("brought")]
        files = {one.pk: [EvidenceFactory(by=by).pk] for one in needs}
        return cls.go_on(apply_for(item, enterprise, by=by, files=files, **kwargs))

    @classmethod
    def go_on(cls, application: Application) -> Application:
        return application


class CorrectedApplicationFactory(ApplicationFactory):
    """Something is missing; the notice is out and the clock stands still."""

    @classmethod
    def go_on(cls, application: Application) -> Application:
        issue = application.issue
        ask_correction(application, by=handler_of(issue.enterprise), version=issue.version)
        return Application.objects.get(pk=application.pk)


class BroughtApplicationFactory(CorrectedApplicationFactory):
    """What the notice named has been brought."""

    @classmethod
    def go_on(cls, application: Application) -> Application:
        application = super().go_on(application)
        by = handler_of(application.issue.enterprise)
        seen = [paper.pk for paper in application.papers.all() if paper.is_open]
        bring(application, by=by, seen=seen)
        return Application.objects.get(pk=application.pk)


class HandledApplicationFactory(ApplicationFactory):
    """All is there, and its handler is at work."""

    brought = 9

    @classmethod
    def go_on(cls, application: Application) -> Application:
        issue = application.issue
        check_complete(application, by=handler_of(issue.enterprise), version=issue.version)
        return Application.objects.get(pk=application.pk)


class DecidedApplicationFactory(HandledApplicationFactory):
    """Granted, to be picked up."""

    @classmethod
    def go_on(cls, application: Application) -> Application:
        application = super().go_on(application)
        issue = application.issue
        decide(
            application,
            by=handler_of(issue.enterprise),
            version=issue.version,
            outcome=Outcome.GRANTED,
            pickup_place="3号窗口",
            pickup_when="工作日",
        )
        return Application.objects.get(pk=application.pk)
