"""Units and people."""

from typing import Any

import factory

from liaison.accounts.actions import create_unit
from liaison.accounts.models import Kind, Unit, User

PASSWORD = "a-long-enough-secret-7"


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
