"""Preview, apply, discard, undo: what is written, when, and by whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import assign, change_stage, edit_enterprise
from enterprises.actions.importing import (
    apply_import,
    discard_import,
    discard_old_previews,
    import_list,
    preview_import,
    renew_preview,
    undo_import,
)
from enterprises.models import Contact, Enterprise, ImportBatch, StageChange
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from tests import factories as make
from tests.enterprises.importing.lists import HEADINGS, ROWS, as_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make.DeskFactory()


@pytest.fixture
def preview(desk):
    """The preview of a list; the made-up one unless rows are given."""

    def show(rows=ROWS, headings=HEADINGS):
        return preview_import(desk.unit, as_csv(rows, headings), "list.csv", by=desk)

    return show


def enterprises(desk):
    return Enterprise.objects.filter(unit=desk.unit)


def outcomes(batch):
    return list(batch.rows.order_by("number").values_list("outcome", flat=True))


def test_a_preview_touches_nothing(desk, preview):
    batch = preview()
    assert outcomes(batch) == ["created"] * 4
    assert not enterprises(desk).exists()
    assert not Entry.objects.filter(action="enterprises.imported").exists()


def test_applied_it_is_in_the_record(desk, preview):
    batch = preview()
    apply_import(batch, by=desk)
    assert enterprises(desk).count() == 4
    assert batch.rows.filter(outcome="created", enterprise__isnull=False).count() == 4
    entry = Entry.objects.get(action="enterprises.imported")
    assert entry.changes == {"created": 4, "updated": 0, "unchanged": 0, "refused": 0}
    assert StageChange.objects.filter(enterprise__unit=desk.unit, by=desk).count() == 4
    assert ImportBatch.objects.get().state == ImportBatch.State.APPLIED


def test_said_no_nothing_is_written(desk, preview):
    batch = preview()
    discard_import(batch, by=desk)
    assert not enterprises(desk).exists()
    with pytest.raises(Conflict):
        apply_import(batch, by=desk)


def test_sent_twice_it_goes_in_once(desk, preview):
    batch = preview()
    apply_import(batch, by=desk)
    with pytest.raises(Conflict):
        apply_import(ImportBatch.objects.get(), by=desk)
    assert enterprises(desk).count() == 4


def test_what_was_agreed_to_happens_or_nothing(desk, preview):
    """Somebody lists one of them meanwhile: the preview is not carried out but made anew."""
    batch = preview()
    make.EnterpriseFactory(unit=desk.unit, name=ROWS[0][0], address=ROWS[0][2])
    with pytest.raises(Conflict) as caught:
        apply_import(batch, by=desk)
    assert caught.value.code == "changed"
    assert enterprises(desk).count() == 1
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.PREVIEW
    renew_preview(batch, by=desk)
    assert outcomes(batch) == ["updated", "created", "created", "created"]
    apply_import(batch, by=desk)
    assert enterprises(desk).count() == 4


def test_a_changed_row_shows_before_and_after(desk, preview):
    apply_import(preview(), by=desk)
    rows = [[*row] for row in ROWS]
    rows[0][4] = "200"
    batch = preview(rows)
    assert outcomes(batch) == ["updated", "unchanged", "unchanged", "unchanged"]
    row = batch.rows.get(outcome="updated")
    assert row.changes == {"headcount": [120, 200]}
    apply_import(batch, by=desk)
    first = enterprises(desk).get(name=ROWS[0][0])
    assert (first.headcount, first.version) == (200, 2)


def test_a_wrong_code_is_out_with_its_reason_and_the_rest_goes_in(desk, preview):
    rows = [[*row] for row in ROWS]
    rows[0][1] = "91370285MA3EXAMP0K"
    batch = preview(rows)
    assert outcomes(batch) == ["refused", "created", "created", "created"]
    said = batch.rows.get(outcome="refused").messages
    assert [one["field"] for one in said if one["refuses"]] == ["credit_code"]
    apply_import(batch, by=desk)
    assert enterprises(desk).count() == 3


def test_a_closed_enterprise_loses_its_officer_as_by_hand(desk, preview):
    enterprise = make.AssignedEnterpriseFactory(
        unit=desk.unit, name="示例停业厂", address="示例路1号"
    )
    rows = [["示例停业厂", "示例路1号", "注销"]]
    apply_import(preview(rows, ["企业名称", "地址", "经营状态"]), by=desk)
    enterprise.refresh_from_db()
    assert enterprise.stage == "closed"
    assert not enterprise.assignments.open().exists()
    assert enterprise.stage_changes.last().to_stage == "closed"
    assert enterprise.cadence.next_contact_due_on is None


def test_undone_it_is_as_before(desk, preview):
    there = make.EnterpriseFactory(unit=desk.unit, name=ROWS[0][0], address=ROWS[0][2], headcount=7)
    Contact.objects.create(enterprise=there, name=ROWS[0][5], phone="", is_primary=True)
    before = Enterprise.objects.filter(pk=there.pk).values().get()
    batch = preview()
    apply_import(batch, by=desk)
    undo_import(batch, by=desk)
    after = Enterprise.objects.filter(pk=there.pk).values().get()
    moved = {name for name, value in after.items() if value != before[name]}
    assert moved == {"version", "updated_at"}
    assert list(there.contacts.values_list("name", "phone")) == [(ROWS[0][5], "")]
    assert enterprises(desk).count() == 1
    assert Entry.objects.filter(action="enterprises.import_undone", actor=desk).exists()
    with pytest.raises(Conflict):
        undo_import(batch, by=desk)


def _assigned(enterprise, desk):
    assign(enterprise, make.OfficerFactory(unit=desk.unit), by=desk)


def _visited(enterprise, desk):
    make.VisitFactory(enterprise=enterprise, by=make.OfficerFactory(unit=desk.unit))


def _raised(enterprise, desk):
    make.RaisedIssueFactory(enterprise=enterprise)


def _edited(enterprise, desk):
    edit_enterprise(enterprise, {"industry": "另一行业"}, by=desk, version=enterprise.version)


def _moved_on(enterprise, desk):
    change_stage(enterprise, "suspended", by=desk, version=enterprise.version)


def _signs_in(enterprise, desk):
    make.ContactUserFactory(enterprise=enterprise)


@pytest.mark.parametrize(
    "use",
    [_assigned, _visited, _raised, _edited, _moved_on, _signs_in],
    ids=lambda use: use.__name__,
)
@pytest.mark.parametrize("which", [0, 2])
def test_what_is_in_use_keeps_the_whole_import(use, which, desk, preview):
    batch = preview()
    apply_import(batch, by=desk)
    enterprise = enterprises(desk).get(name=ROWS[which][0])
    use(enterprise, desk)
    with pytest.raises(Refused) as caught:
        undo_import(batch, by=desk)
    assert caught.value.details["enterprises"] == [enterprise.pk]
    assert enterprise.name in str(caught.value)
    assert enterprises(desk).count() == 4
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.APPLIED


def test_what_was_changed_and_changed_again_is_not_put_back(desk, preview):
    there = make.EnterpriseFactory(unit=desk.unit, name=ROWS[0][0], address=ROWS[0][2], headcount=7)
    batch = preview()
    apply_import(batch, by=desk)
    there.refresh_from_db()
    _edited(there, desk)
    with pytest.raises(Refused):
        undo_import(batch, by=desk)
    there.refresh_from_db()
    assert (there.headcount, there.industry) == (120, "另一行业")


def test_what_a_discarded_list_said_is_forgotten(desk, preview):
    batch, other = preview(), preview()
    kept = other.rows.count()
    discard_import(batch, by=desk)
    assert not batch.rows.exists()
    assert other.rows.count() == kept > 0
    with pytest.raises(Conflict):
        apply_import(batch, by=desk)
    assert not enterprises(desk).exists()


def test_a_preview_nobody_agrees_to_is_discarded_after_a_week(desk, preview, time_machine):
    now = timezone.now()
    old, renewed, applied = (preview() for _ in range(3))
    apply_import(applied, by=desk)
    time_machine.move_to(now + timedelta(days=6))
    renew_preview(renewed, by=desk)
    young = preview()
    time_machine.move_to(now + timedelta(days=7, minutes=1))
    assert discard_old_previews(timezone.now()) == {"previews": 1}
    assert discard_old_previews(timezone.now()) == {"previews": 0}
    states = {}
    for name, batch in {"old": old, "renewed": renewed, "applied": applied, "young": young}.items():
        batch.refresh_from_db()
        states[name] = (batch.state, batch.rows.exists())
    assert states == {
        "old": ("discarded", False),
        "renewed": ("preview", True),
        "applied": ("applied", True),
        "young": ("preview", True),
    }


@pytest.mark.parametrize("verb", [apply_import, discard_import, renew_preview, undo_import])
def test_only_the_stations_own_keepers_may(verb, desk, preview):
    batch = preview()
    for other in (make.DeskFactory(), make.OfficerFactory(unit=desk.unit)):
        with pytest.raises(Refused) as caught:
            verb(batch, by=other)
        assert caught.value.code == "not_yours"
    assert not enterprises(desk).exists()


def test_the_system_acts_for_nobody(desk):
    import_list(desk.unit, as_csv(ROWS, HEADINGS), "list.csv", by=None)
    assert StageChange.objects.filter(enterprise__unit=desk.unit, by=None).count() == 4
    assert Entry.objects.get(action="enterprises.imported").actor_name == "system"
