"""One list, however it is kept: it goes in once and changes nothing the second time."""

import pytest

from enterprises.actions.importing import import_list
from enterprises.importing.planning import counts_of
from enterprises.models import Contact, Enterprise, ImportBatch
from liaison.core.identifiers import check_credit_code
from liaison.core.sheets import UnreadableSheet
from tests import factories as make
from tests.enterprises.importing.lists import HEADINGS, ROWS, SHAPES, as_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db):
    return make.StationFactory()


def state(unit):
    fields = ("name", "credit_code", "address", "industry", "headcount", "note", "version")
    return (
        list(Enterprise.objects.filter(unit=unit).order_by("name").values_list(*fields)),
        list(
            Contact.objects.filter(enterprise__unit=unit)
            .order_by("enterprise__name", "name")
            .values_list("enterprise__name", "name", "phone", "is_primary")
        ),
    )


def test_the_codes_of_the_made_up_list_are_right():
    assert all(check_credit_code(row[1]) is None for row in ROWS if row[1])


@pytest.mark.parametrize("shape", SHAPES)
def test_it_goes_in(shape, unit):
    plan = import_list(unit, SHAPES[shape](), "list", by=None)
    assert counts_of(plan) == {"created": 4, "updated": 0, "unchanged": 0, "refused": 0}
    first = Enterprise.objects.get(unit=unit, credit_code=ROWS[0][1])
    assert (first.name, first.headcount, first.industry) == ("示例甲食品有限公司", 120, "食品加工")
    assert "成立时间:2019-03-05" in first.note.replace("成立日期", "成立时间")
    contact = first.contacts.get()
    assert (contact.name, contact.phone, contact.is_primary) == ("示例张", "13800000001", True)
    assert first.initials == "sljspyxgs"
    assert first.stage_changes.get().to_stage == "operating"
    assert first.cadence.next_contact_due_on is not None


PLAIN = "utf-8"
PAIRS = [pair for shape in SHAPES for pair in ((PLAIN, shape), (shape, PLAIN))]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_in_another_shape_it_changes_nothing(first, second, unit):
    import_list(unit, SHAPES[first](), "list", by=None)
    before = state(unit)
    plan = import_list(unit, SHAPES[second](), "list", by=None)
    assert counts_of(plan)["unchanged"] == 4
    assert state(unit) == before


def test_a_dry_run_writes_nothing(unit):
    plan = import_list(unit, SHAPES["gbk"](), "list", by=None, dry_run=True)
    assert counts_of(plan)["created"] == 4
    assert not Enterprise.objects.filter(unit=unit).exists()
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"   ", b"%PDF-1.7", b"PK\x03\x04broken", as_csv([["1", "2"]], ["甲", "乙"]),
     as_csv([], HEADINGS)],
)  # fmt: skip
def test_what_is_no_list_is_refused_as_a_whole(content, unit):
    with pytest.raises(UnreadableSheet):
        import_list(unit, content, "list", by=None)
    assert not ImportBatch.objects.exists()
