"""Undo looks at everything that a person may have done since, and puts all of it back."""

import pytest
from django.utils import timezone

from enterprises.actions import assign
from enterprises.actions.contacts import add_contact, contact_left, edit_contact
from enterprises.actions.importing import apply_import, preview_import, undo_import
from enterprises.models import Contact, Enterprise
from liaison.core.refused import Refused
from tests import factories as make
from tests.enterprises.importing.lists import as_csv
from visits.models import Visit

pytestmark = pytest.mark.django_db
NEW, KNOWN = "示例新厂", "示例老厂"


@pytest.fixture
def desk():
    return make.DeskFactory()


@pytest.fixture
def there(desk):
    """Listed before the import, with a contact whom it changes."""
    enterprise = make.EnterpriseFactory(unit=desk.unit, name=KNOWN, address="")
    add_contact(enterprise, {"name": "示例王", "phone": "13700000000"}, by=desk)
    return enterprise


@pytest.fixture
def batch(desk, there):
    """Applied: one enterprise created; one gets a contact, and another telephone number."""
    content = as_csv(
        [
            [NEW, "示例张", "13800000001", "", ""],
            [KNOWN, "示例李", "13800000002", "示例王", "13700000009"],
        ],
        ["企业名称", "联系人", "联系电话", "法定代表人", "法人电话"],
    )
    batch = preview_import(desk.unit, content, "list.csv", by=desk)
    apply_import(batch, by=desk)
    return batch


def state(unit):
    return (
        list(Enterprise.objects.filter(unit=unit).order_by("pk").values("name", "note", "stage")),
        list(Contact.objects.order_by("pk").values("name", "phone", "position", "is_primary")),
    )


def test_contacts_are_put_back(batch, there, desk):
    assert Contact.objects.count() == 3
    undo_import(batch, by=desk)
    assert list(Enterprise.objects.values_list("name", flat=True)) == [KNOWN]
    [person] = Contact.objects.all()
    assert (person.name, person.phone, person.position) == ("示例王", "13700000000", "")
    assert person.is_primary


def _renamed(contact, desk):
    edit_contact(contact, {"name": "示例赵", "phone": contact.phone}, by=desk)


def _number_changed(contact, desk):
    edit_contact(
        contact,
        {"name": contact.name, "position": contact.position, "phone": "13900000000"},
        by=desk,
    )


def _left(contact, desk):
    contact_left(contact, by=desk)


def _signs_in(contact, desk):
    contact.user = make.UserFactory(kind="contact", unit=None)
    contact.save()


@pytest.mark.parametrize("deed", [_renamed, _number_changed, _left, _signs_in])
@pytest.mark.parametrize("name", ["示例张", "示例李"])
def test_a_contact_whom_somebody_has_worked_on_keeps_the_import(name, deed, batch, desk):
    contact = Contact.objects.get(name=name)
    deed(contact, desk)
    before = state(desk.unit)
    with pytest.raises(Refused) as caught:
        undo_import(batch, by=desk)
    assert caught.value.code == "in_use"
    assert caught.value.details["enterprises"] == [contact.enterprise_id]
    assert state(desk.unit) == before


def test_a_number_that_was_changed_again_is_not_overwritten(batch, desk):
    _number_changed(Contact.objects.get(name="示例王"), desk)
    with pytest.raises(Refused):
        undo_import(batch, by=desk)
    assert Contact.objects.get(name="示例王").phone == "13900000000"


def test_a_contact_entered_since_is_not_lost(batch, desk):
    enterprise = Enterprise.objects.get(name=NEW)
    add_contact(enterprise, {"name": "示例孙"}, by=desk)
    with pytest.raises(Refused) as caught:
        undo_import(batch, by=desk)
    assert caught.value.details["enterprises"] == [enterprise.pk]
    assert Contact.objects.filter(name="示例孙").exists()


def test_a_contact_met_on_a_visit_stays(batch, there, desk):
    """The visit is at an enterprise that the import only changed; whom it met came by the list."""
    officer = make.OfficerFactory(unit=desk.unit)
    visit = make.VisitFactory(enterprise=there, by=officer)
    Visit.objects.filter(pk=visit.pk).update(contact=Contact.objects.get(name="示例李"))
    with pytest.raises(Refused) as caught:
        undo_import(batch, by=desk)
    assert caught.value.details["enterprises"] == [there.pk]
    assert Contact.objects.filter(name="示例李").exists()


def test_a_visit_to_an_enterprise_it_only_changed_is_no_hindrance(batch, there, desk):
    make.VisitFactory(enterprise=there, by=make.OfficerFactory(unit=desk.unit))
    undo_import(batch, by=desk)
    assert list(Enterprise.objects.values_list("name", flat=True)) == [KNOWN]


def test_an_enterprise_that_was_closed_by_mistake_has_its_officers_again(desk, there):
    officer = make.OfficerFactory(unit=desk.unit)
    assign(there, make.OfficerFactory(unit=desk.unit), by=desk)
    assign(there, officer, by=desk, replaces=make.handler_of(there))
    content = as_csv([[KNOWN, "注销"]], ["企业名称", "经营状态"])
    batch = preview_import(desk.unit, content, "list.csv", by=desk)
    apply_import(batch, by=desk)
    assert not there.assignments.open().exists()
    undo_import(batch, by=desk)
    there.refresh_from_db()
    assert (there.stage, make.handler_of(there)) == ("operating", officer)
    assert there.assignments.open().count() == 1
    assert there.cadence.next_contact_due_on > timezone.localdate()
    assert list(there.stage_changes.values_list("to_stage", flat=True)) == [
        "operating", "closed", "operating",
    ]  # fmt: skip


def test_of_two_imports_the_later_one_goes_first(batch, desk):
    content = as_csv([[NEW, "12"]], ["企业名称", "员工数"])
    later = preview_import(desk.unit, content, "list.csv", by=desk)
    apply_import(later, by=desk)
    with pytest.raises(Refused):
        undo_import(batch, by=desk)
    undo_import(later, by=desk)
    assert Enterprise.objects.get(name=NEW).headcount is None
