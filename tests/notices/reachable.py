"""Units with channels, people who chose them, and what came of it."""

from liaison.notices.actions import choose_channels
from liaison.notices.models import Delivery
from tests import factories as make

KEY = "693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"
SAID = {"kind": "test", "title": "走访到期", "text": "今天", "url": "/visits/"}


def kept(officer, channel, url):
    return make.UnitChannelFactory(unit=officer.unit, channel=channel, url=url)


def chooses(officer, *channels, **more):
    choose_channels(officer, address=officer.email, by=set(channels), **more)


def states():
    return list(Delivery.objects.order_by("pk").values_list("channel", "state"))
