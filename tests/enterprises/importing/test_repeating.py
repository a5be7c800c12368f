"""A list that comes again, a little otherwise: nothing twice, nothing a person keeps is lost."""

import pytest

from enterprises.actions.contacts import add_contact, contact_left
from enterprises.actions.importing import import_list
from enterprises.importing.headings import ALIASES, line_key
from enterprises.importing.planning import counts_of
from enterprises.models import Contact, Enterprise
from tests import factories as make
from tests.enterprises.importing.lists import as_csv

pytestmark = pytest.mark.django_db
UNCHANGED = {"created": 0, "updated": 0, "unchanged": 1, "refused": 0}


@pytest.fixture
def desk():
    return make.DeskFactory()


def take_in(desk, **row):
    """Import a list of one row, its cells by heading."""
    content = as_csv([[*row.values()]], [*row])
    return import_list(desk.unit, content, "list.csv", by=desk)


@pytest.mark.parametrize("first", ["注册资本", "注册资金(万元)"])
@pytest.mark.parametrize(
    "second", ["注册资本(万元)", "总投资", "Registered Capital", "企业信息/注册资本"]
)
def test_another_heading_adds_no_second_line_to_the_note(first, second, desk):
    take_in(desk, 企业名称="示例厂", **{first: "500"})
    assert counts_of(take_in(desk, 单位名称="示例厂", **{second: "500"})) == UNCHANGED
    assert Enterprise.objects.get().note == f"{first}:500"


def test_another_width_adds_no_second_line_to_the_note(desk):
    take_in(desk, 企业名称="示例厂", 备注="门卫电话：0532 8888")
    assert (
        counts_of(take_in(desk, 企业名称="示例厂", 备注="门卫电话:０５３２ ８８８８")) == UNCHANGED
    )


def test_a_new_value_is_added_below_what_stands_there(desk):
    enterprise = make.EnterpriseFactory(
        unit=desk.unit, name="示例厂", address="", note="门口有狗\n注册资本:400"
    )
    take_in(desk, 企业名称="示例厂", 注册资本="500")
    enterprise.refresh_from_db()
    assert enterprise.note == "门口有狗\n注册资本:400\n注册资本:500"


@pytest.mark.parametrize("field", ALIASES)
def test_every_heading_of_a_field_says_the_same(field):
    assert {line_key(f"{heading}:1") for heading in ALIASES[field]} == {(field, "1")}


@pytest.mark.parametrize(
    "line", ["门口有狗", "门卫:张", "时间:8:30", "", ":", "http://example.com"]
)
def test_a_line_of_a_person_is_only_like_itself(line):
    assert line_key(line) == line_key(f" {line} ")
    assert line_key(line) != line_key(f"{line}x")


def test_who_has_left_does_not_come_back_by_an_old_list(desk):
    row = {"企业名称": "示例厂", "联系人": "示例张", "联系电话": "13800000001"}
    take_in(desk, **row)
    contact = Contact.objects.get()
    contact_left(contact, by=desk)
    plan = take_in(desk, **row)
    assert counts_of(plan) == UNCHANGED
    assert any("示例张" in said["message"] for said in plan[0].messages)
    assert not Contact.objects.all().present().exists()


def test_a_new_contact_stands_behind_the_one_who_is_called_first(desk):
    enterprise = make.EnterpriseFactory(unit=desk.unit, name="示例厂", address="")
    add_contact(enterprise, {"name": "示例李"}, by=desk)
    take_in(desk, 企业名称="示例厂", 联系人="示例张")
    people = enterprise.contacts.order_by("pk").values_list("name", "is_primary")
    assert list(people) == [("示例李", True), ("示例张", False)]


def test_many_changes_take_few_queries(desk, django_assert_max_num_queries):
    """As many rows again, with contacts, stages and points: a few queries per 400 rows."""
    headings = ["企业名称", "经营状态", "员工数", "联系人", "联系电话", "经度", "纬度", "备注"]

    def rows(stage, count, phone):
        return as_csv(
            [
                [f"示例厂{n}", stage, count, "示例张", f"{phone}{n:08d}", "120.5", "36.8", stage]
                for n in range(300)
            ],
            headings,
        )

    import_list(desk.unit, rows("存续", "10", "138"), "list.csv", by=desk)
    with django_assert_max_num_queries(80):
        plan = import_list(desk.unit, rows("停产", "20", "139"), "list.csv", by=desk)
    assert counts_of(plan)["updated"] == 300
    assert Enterprise.objects.filter(headcount=20, stage="suspended", version=2).count() == 300
    assert Contact.objects.filter(phone__startswith="139").count() == 300
    assert Contact.objects.count() == 300
