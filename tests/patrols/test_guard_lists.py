"""A list of guards: previewed, taken in, taken in again, undone."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.core.refused import Conflict, Refused
from liaison.core.sheets import Column, write_xlsx
from patrols.actions.duty_guards import put_all_on_duty
from patrols.actions.guard_lists import (
    apply_guards,
    discard_guards,
    discard_old_guard_lists,
    preview_guards,
    renew_guards,
    undo_guards,
)
from patrols.importing.headings import TEMPLATE, heading
from patrols.importing.planning import counts_of
from patrols.models import DutyGuard, Guard, GuardList
from tests import factories as make
from tests.factories.patrols import GuardFactory, duty_of

pytestmark = pytest.mark.django_db
UNTIL = timezone.localdate() + timedelta(days=400)


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory(name="示例食品有限公司")


@pytest.fixture
def desk(enterprise):
    return make.DeskFactory(unit=enterprise.unit)


def row(n, **cells):
    return {
        "enterprise": "示例食品有限公司",
        "name": f"示例{n}",
        "phone": f"1380000{n:04d}",
        "employer": "保安公司派驻",
        "company": "示例保安",
        "certificate": f"示证{n}",
        "certificate_until": UNTIL,
        "joined_on": "2026年1月5日",
        **cells,
    }


def sheet(*rows):
    file = io.BytesIO()
    columns = [Column(name, heading(name), 18) for name in TEMPLATE]
    write_xlsx(columns, rows, "保安员名单", file, numbered=False)
    return file.getvalue()


def preview(desk, *rows):
    return preview_guards(desk.unit, sheet(*rows), "名单.xlsx", by=desk)


def facts():
    return list(
        Guard.objects.order_by("pk").values_list(
            "name", "phone", "certificate", "certificate_until", "employer", "company"
        )
    )


def test_nothing_is_written_before_somebody_agrees_and_then_all_that_is_good(enterprise, desk):
    found = preview(desk, row(1), row(2, certificate_until="明年"), row(3, employer="自行招用"))
    assert counts_of(found.rows) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 1}
    assert not Guard.objects.exists()

    apply_guards(found, by=desk)

    first, third = Guard.objects.order_by("pk")
    assert (first.name, first.certificate, first.certificate_until) == ("示例1", "示证1", UNTIL)
    assert first.tell_on == UNTIL - timedelta(days=30)
    assert (third.company, third.is_warned_of) == ("", True)
    with pytest.raises(Conflict):
        apply_guards(GuardList.objects.get(), by=desk)


def test_the_same_list_again_changes_nothing(enterprise, desk):
    rows = [row(1), row(2, certificate=None, certificate_until=None)]
    apply_guards(preview(desk, *rows), by=desk)
    before = list(Guard.objects.order_by("pk").values())

    again = preview(desk, *rows)
    assert counts_of(again.rows)["unchanged"] == 2
    apply_guards(again, by=desk)

    assert list(Guard.objects.order_by("pk").values()) == before


def test_a_list_that_would_do_something_else_by_now_is_shown_anew(enterprise, desk):
    found = preview(desk, row(1), row(2))
    GuardFactory(enterprise=enterprise, certificate="示证1", name="示例9")

    with pytest.raises(Conflict) as conflict:
        apply_guards(found, by=desk)
    assert conflict.value.code == "changed"
    assert Guard.objects.count() == 1

    found.refresh_from_db()
    renew_guards(found, by=desk)
    assert counts_of(found.rows) == {"created": 1, "updated": 1, "unchanged": 0, "refused": 0}
    apply_guards(found, by=desk)
    assert Guard.objects.count() == 2


def test_a_list_that_ends_a_certificate_takes_the_guard_off_the_roster(enterprise, desk):
    guard = GuardFactory(enterprise=enterprise, certificate="示证1")
    night = timezone.localdate() + timedelta(days=10)
    put_all_on_duty([(duty_of(enterprise, night), [guard])])

    apply_guards(preview(desk, row(1, certificate_until=night)), by=desk)

    assert not DutyGuard.objects.exists()


def test_two_guards_may_exchange_their_certificates(enterprise, desk):
    apply_guards(preview(desk, row(1), row(2)), by=desk)

    apply_guards(preview(desk, row(1, name="示例2"), row(2, name="示例1")), by=desk)

    assert {one[2]: one[0] for one in facts()} == {"示证1": "示例2", "示证2": "示例1"}


def test_undone_everything_is_as_before(enterprise, desk):
    GuardFactory(enterprise=enterprise, certificate="示证1", name="示例1")
    before = facts()
    apply_guards(preview(desk, row(1), row(2)), by=desk)
    assert facts() != before

    undo_guards(GuardList.objects.get(), by=desk)

    assert facts() == before


def test_what_is_in_use_is_not_undone(enterprise, desk):
    apply_guards(preview(desk, row(1), row(2)), by=desk)
    duty = duty_of(enterprise, timezone.localdate() + timedelta(days=1))
    put_all_on_duty([(duty, [Guard.objects.get(certificate="示证2")])])

    with pytest.raises(Refused) as refused:
        undo_guards(GuardList.objects.get(), by=desk)

    assert refused.value.code == "in_use"
    assert Guard.objects.count() == 2
    assert GuardList.objects.get().state == "applied"


def test_who_may(enterprise, desk):
    for by in (make.DeskFactory(), make.ContactUserFactory(enterprise=enterprise)):
        with pytest.raises(Refused):
            preview_guards(enterprise.unit, sheet(row(1)), "名单.xlsx", by=by)


def test_what_is_not_agreed_to_is_forgotten(enterprise, desk):
    discard_guards(preview(desk, row(1)), by=desk)
    preview(desk, row(2))
    later = timezone.now() + timedelta(days=8)

    assert discard_old_guard_lists(timezone.now()) == {"previews": 0}
    assert discard_old_guard_lists(later) == {"previews": 1}

    assert set(GuardList.objects.values_list("state", flat=True)) == {"discarded"}
    assert not any(GuardList.objects.values_list("rows", flat=True))
