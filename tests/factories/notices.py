"""What people are told, and by what."""

from typing import Any

import factory
from django.utils import timezone

from liaison.accounts.models import User
from liaison.notices.actions import choose_channels, notify
from liaison.notices.delivering import BACK_OFF
from liaison.notices.models import Channel, Delivery, Notice, UnitChannel
from tests.factories.people import OfficerFactory, StationFactory


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


class UnitChannelFactory(factory.django.DjangoModelFactory):
    """The unit has a WeCom group robot; with ``channel`` and ``url`` something else."""

    class Meta:
        model = UnitChannel

    unit = factory.SubFactory(StationFactory)
    channel = Channel.WECOM
    url = "wecombot://693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
