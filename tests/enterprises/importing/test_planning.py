"""Which enterprise a row means, and what it would do there. No database."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprises.importing.planning import Known, Outcome, Planner
from enterprises.importing.rows import CleanRow

CODES = ("91370285MA3EXAMP0L", "91370285MA3EKAMP07")


def row(number=2, *, contacts=(), lines=(), **fields):
    return CleanRow(number, {"name": "示例厂", **fields}, [dict(one) for one in contacts],
                    list(lines))  # fmt: skip


def known(pk=1, *, contacts=(), **fields):
    blank = {"credit_code": "", "address": "", "note": "", "longitude": None, "latitude": None}
    return Known(pk, {"name": "示例厂", **blank, **fields}, [dict(one) for one in contacts], 1)


def plan(rows, there=()):
    return Planner(copy.deepcopy(list(there))).plan(rows)


def one(rows, there=()):
    return plan(rows, there)[-1]


def test_the_code_decides_even_when_the_name_is_new():
    there = [known(1, credit_code=CODES[0]), known(2, credit_code=CODES[1], address="示例路2号")]
    found = one([row(name="示例新名", credit_code=CODES[1])], there)
    assert (found.known.pk, found.changes) == (2, {"name": ["示例厂", "示例新名"]})


def test_a_code_is_adopted_by_name_and_address():
    found = one([row(address="示例路1号", credit_code=CODES[0])], [known(address="示例路1号")])
    assert found.outcome == Outcome.UPDATED
    assert found.changes == {"credit_code": ["", CODES[0]]}


def test_another_code_at_the_same_place_is_another_enterprise():
    there = [known(address="示例路1号", credit_code=CODES[0])]
    assert one([row(address="示例路1号", credit_code=CODES[1])], there).outcome == Outcome.CREATED


@pytest.mark.parametrize(
    ("address_in_file", "address_known"), [("", "示例路1号"), ("示例路1号", "")]
)
def test_an_address_that_one_side_lacks_does_not_make_two(address_in_file, address_known):
    fields = {"address": address_in_file} if address_in_file else {}
    found = one([row(**fields)], [known(address=address_known)])
    assert found.known.pk == 1
    assert found.changes == ({"address": ["", address_in_file]} if address_in_file else {})


def test_the_same_name_elsewhere_is_another_enterprise():
    found = one([row(address="示例路9号")], [known(address="示例路1号")])
    assert found.outcome == Outcome.CREATED


def test_a_name_that_several_have_is_refused_not_guessed():
    there = [known(1, address="示例路1号"), known(2, address="示例路2号")]
    found = one([row()], there)
    assert found.outcome == Outcome.REFUSED
    assert [said["field"] for said in found.messages if said["refuses"]] == ["name"]


def test_spelling_and_width_do_not_make_two():
    there = [known(name="示例ABC厂", address="示例路 1号")]
    assert one([row(name="示例abc 厂", address="示例路1号")], there).known.pk == 1


def test_what_the_file_says_twice_is_the_same_and_otherwise_refused():
    first, same, otherwise = plan(
        [row(2, industry="食品"), row(3, industry="食品"), row(4, industry="物流")]
    )
    assert [first.outcome, same.outcome, otherwise.outcome] == [
        Outcome.CREATED, Outcome.UNCHANGED, Outcome.REFUSED,
    ]  # fmt: skip
    assert same.known is first.known
    assert "2" in otherwise.messages[-1]["message"]


def test_an_empty_cell_erases_nothing():
    there = [known(industry="食品", headcount=5, note="门口有狗")]
    found = one([row()], there)
    assert (found.outcome, found.changes) == (Outcome.UNCHANGED, {})


@pytest.mark.parametrize(("step", "moved"), [(0, False), (5e-7, False), (1e-4, True)])
def test_a_point_moves_only_when_it_is_another_place(step, moved):
    there = [known(longitude=120.5, latitude=36.8, coordinate_source="gcj02")]
    found = one([row(longitude=120.5 + step, latitude=36.8, coordinate_source="wgs84")], there)
    assert bool(found.changes) is moved
    assert set(found.changes) in (set(), {"longitude", "latitude", "coordinate_source"})


def test_notes_are_added_once_below_what_a_person_wrote():
    lines = [("注册资本", "500万"), ("", "夜间有人值守")]
    found = one([row(lines=lines)], [known(note="门口有狗")])
    after = found.changes["note"][1]
    assert after == "门口有狗\n注册资本:500万\n夜间有人值守"
    assert one([row(lines=lines)], [known(note=after)]).outcome == Outcome.UNCHANGED


def test_a_full_note_takes_no_half_line_and_says_so():
    full = "字" * 1990
    found = one([row(lines=[("", "放不下的一长行说明文字")])], [known(note=full)])
    assert found.outcome == Outcome.UNCHANGED
    assert found.messages


@pytest.mark.parametrize(
    ("there", "new", "added", "changed"),
    [
        ([], {"name": "张", "position": "", "phone": "1"}, 1, 0),
        ([{"id": 1, "name": "张", "position": "", "phone": "1"}],
         {"name": "张", "position": "", "phone": "1"}, 0, 0),
        ([{"id": 1, "name": "张", "position": "", "phone": ""}],
         {"name": "张", "position": "厂长", "phone": "1"}, 0, 1),
        ([{"id": 1, "name": "张", "position": "", "phone": "1"}],
         {"name": "企业电话", "position": "", "phone": "1"}, 0, 0),
        ([{"id": 1, "name": "张", "position": "", "phone": "1"}],
         {"name": "李", "position": "", "phone": "1"}, 1, 0),
    ],
)  # fmt: skip
def test_contacts_are_not_doubled(there, new, added, changed):
    contacts = one([row(contacts=[new])], [known(contacts=there)]).changes.get("contacts")
    found = (len(contacts["added"]), len(contacts["changed"])) if contacts else (0, 0)
    assert found == (added, changed)


names = st.sampled_from(["示例甲", "示例乙", "示例 甲", "示例丙"])
fields = st.fixed_dictionaries(
    {"name": names},
    optional={
        "address": st.sampled_from(["示例路1号", "示例路2号"]),
        "credit_code": st.sampled_from(CODES),
        "industry": st.sampled_from(["食品", "物流"]),
    },
)


@given(st.lists(fields, max_size=12))
def test_whatever_the_file_the_second_time_it_changes_nothing(rows):
    """What the first pass leaves, the second finds; nothing is created twice."""
    file = [CleanRow(number, dict(one)) for number, one in enumerate(rows, 2)]
    planner = Planner([])
    first = planner.plan(copy.deepcopy(file))
    made = [one.known for one in first if one.outcome == Outcome.CREATED]
    for pk, one in enumerate(made, 1):
        one.pk, one.row = pk, None
    taken_in = [one for one, was in zip(file, first, strict=True) if was.outcome != "refused"]
    second = Planner(made).plan(taken_in)
    assert {one.outcome for one in second} <= {Outcome.UNCHANGED}
