"""How a row is put before the person who decides."""

import pytest

from enterprises.importing.showing import Shown
from enterprises.models import ImportRow, Stage


def shown(outcome, **more):
    return Shown(ImportRow(number=2, outcome=outcome, **more))


def test_values_are_shown_in_words():
    row = shown(
        "updated",
        changes={
            "stage": ["operating", "suspended"],
            "night_shift": [None, True],
            "longitude": [None, 120.5],
            "latitude": [None, 36.8],
        },
    )
    found = {change["field"]: (change["before"], change["after"]) for change in row.changes}
    assert len(found) == 4, "each has a name of its own"
    assert (Stage.OPERATING.label, Stage.SUSPENDED.label) in found.values()
    assert {("", "120.5"), ("", "36.8")} <= set(found.values())


def test_new_and_changed_contacts_are_shown():
    row = shown(
        "updated",
        changes={
            "contacts": {
                "added": [{"name": "示例张", "position": "", "phone": "13800000001"}],
                "changed": [{"id": 1, "name": "示例李", "phone": ["", "13800000002"]}],
            }
        },
    )
    assert [(change["before"], change["after"]) for change in row.changes] == [
        ("", "示例张 13800000001"),
        ("", "13800000002"),
    ]


@pytest.mark.parametrize(
    ("outcome", "told"), [("refused", ["name"]), ("updated", ["name", "note"])]
)
def test_a_refused_row_says_only_why(outcome, told):
    """What would have been kept in the note is not kept."""
    said = [
        {"field": "name", "message": "-", "refuses": True},
        {"field": "note", "message": "-", "refuses": False},
    ]
    assert [one["field"] for one in shown(outcome, messages=said).messages] == told


def test_a_refused_row_is_shown_as_it_stands_in_the_file():
    values = {"fields": {"name": "示例厂", "address": "示例路1号"}, "raw": {"名称": "示例厂 甲"}}
    assert shown("refused", values=values).glance == "示例厂 甲"
    del values["raw"]
    assert shown("refused", values=values).glance == "示例路1号"
