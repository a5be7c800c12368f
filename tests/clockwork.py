"""Moments in China, and a station where every step of a ladder reaches somebody."""

from datetime import datetime, timedelta

from liaison.core.workdays import CHINA
from tests import factories as make

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(*moment):
    return datetime(*moment, tzinfo=CHINA)


def person(unit, kind):
    return unit.people.get(kind=kind)


def staffed_station():
    unit = make.StationFactory()
    make.DeskFactory(unit=unit)
    make.ChiefFactory(unit=unit)
    make.BureauUserFactory(unit=unit.parent)
    return unit
