"""Enterprises and the people at them."""

from datetime import timedelta
from typing import Any

import factory
import time_machine
from django.utils import timezone

from enterprises.actions import assign, invite, list_enterprise, make_gate_codes
from enterprises.models import Contact, Enterprise, GateCode, Invitation
from liaison.accounts.models import Kind, User
from tests.factories.people import OfficerFactory, StationFactory, UserFactory, someone


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


def gate_code_of(enterprise: Enterprise) -> GateCode:
    """The code on the card at its gate, made when there is none."""
    make_gate_codes(enterprise.unit, [enterprise], by=someone(Kind.DESK, enterprise.unit))
    return enterprise.gate_codes.holding().get()


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


class InvitationFactory(factory.django.DjangoModelFactory):
    """An open invitation by the station's desk; its token is ``made.token``."""

    class Meta:
        model = Invitation

    contact = factory.SubFactory(ContactFactory)

    @classmethod
    def _create(cls, model_class: type[Invitation], *args: Any, **kwargs: Any) -> Invitation:
        contact = kwargs["contact"]
        by = kwargs.get("by") or someone(Kind.DESK, contact.enterprise.unit)
        made, token = invite(contact, by=by)
        made.token = token  # type: ignore[attr-defined]
        return made


def handler_of(enterprise: Enterprise) -> User:
    """The responsible officer, who must be there."""
    return enterprise.assignments.open().responsible().get().officer  # type: ignore[attr-defined, no-any-return]
