"""Every reason in both languages."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from liaison.core.workdays import CHINA
from visits.planning.scoring import Line, Promised, Site, reasons_for
from visits.planning.weights import WEIGHTS
from visits.planning.words import no_place, sentence

DAY = date(2026, 3, 5)
NOW = datetime(2026, 3, 5, 9, tzinfo=CHINA)


def said(language="en", **facts):
    with translation.override(language):
        found = reasons_for(Site(1, **facts), DAY, NOW)
        return [sentence(one.code, one.facts, NOW, DAY) for one in found]


def test_in_words():
    assert said(
        lines=[Line("LSL-2026-0412", NOW - timedelta(days=3)), Line("LSL-2026-0413", NOW)],
        promises=[Promised("send the form", DAY)],
        visit_on=DAY - timedelta(6),
        contact_on=DAY + timedelta(1),
    ) == [
        "Line LSL-2026-0412: Overdue by 3 days",
        "Promised “send the form”: Today",
        "Line LSL-2026-0413: Today 09:00",
        "On site: Overdue by 6 days",
        "Contact: Tomorrow",
    ]
    assert said(lines=[Line("A-1", NOW - timedelta(days=1))] * 3) == [
        "Line A-1: Overdue by 1 day, and 2 more"
    ]
    assert said(lines=[Line("A-1", NOW + timedelta(days=90), hazard=True)], grade="red") == [
        "1 hazard not struck off",
        "risk grade Red",
    ]
    assert said(entered_on=DAY - timedelta(2)) == [
        "Less urgent: entered within a week already, on 2026-03-03"
    ]
    with translation.override("en"):
        assert "not on the map" in no_place()


def test_there_are_words_for_every_weight():
    facts = {
        "number": "A-1",
        "due_at": NOW.isoformat(),
        "due_on": DAY.isoformat(),
        "on": DAY.isoformat(),
        "text": "x",
        "n": 2,
    }
    for code in WEIGHTS:
        assert sentence(code, facts, NOW, DAY)


def test_a_code_nobody_knows_is_a_mistake():
    with pytest.raises(LookupError):
        sentence("bogus", {}, NOW, DAY)
