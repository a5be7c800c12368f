"""Lists of workers that leave the house."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Refused
from workers.actions.revealing import must_say_why
from workers.models import Worker
from workers.querysets import WorkerQuerySet
from workers.rights import may_export_whole

HEADINGS = (
    "姓名",
    "身份证号",
    "手机号",
    "户籍地址",
    "现住址",
    "工种",
    "进厂日期",
    "企业",
    "状态",
    "凭证编号",
)


def record_export(rows: int, *, by: User, kind: str, reason: str = "") -> None:
    """That a list was taken out, by whom and how many rows."""
    changes: dict[str, object] = {"rows": rows, "kind": kind}
    if reason:
        changes["reason"] = reason
    if by.unit is None:
        raise Refused("not_allowed", _("Only the station's own people may do this."))
    record("workers.exported", by.unit, by=by, unit=by.unit, changes=changes)


@transaction.atomic
def whole_numbers(workers: WorkerQuerySet, *, by: User, reason: str) -> list[list[object]]:
    """Rows with whole ID numbers, for a chief who says what for. Raises Refused."""
    if not may_export_whole(by):
        raise Refused("not_allowed", _("Only a chief may take whole numbers out."))
    reason = must_say_why(reason)
    found = list(_rows(workers))
    record_export(len(found), by=by, kind="whole", reason=reason)
    return found


def _rows(workers: WorkerQuerySet) -> Iterator[list[object]]:
    rows = workers.select_related("enterprise").order_by("batch_id", "number")
    for one in rows.iterator(chunk_size=500):
        yield _row(one)


def _row(one: Worker) -> list[object]:
    details = one.details
    return [
        one.name,
        details["id_number"],
        details["phone"],
        details["origin"],
        details["residence"],
        one.job,
        one.entry_on,
        one.enterprise.name,
        one.get_status_display(),
        one.certificate,
    ]
