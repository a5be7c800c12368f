"""Writing down an inspection, which is more than a visit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions import note_contact
from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from visits.actions.visit import (
    Found,
    entry_soon_again,
    fingerprint,
    must_be_in_the_field,
    must_be_live,
    must_be_past,
    raise_found,
)
from visits.models import Finding, Inspection

# 《行政处罚法》 Art. 42 and 《公安机关办理行政案件程序规定》: at least two people's police.
OFFICERS_NEEDED = 2


@transaction.atomic
def log_inspection(
    enterprise: Enterprise,
    *,
    by: User,
    officers: Sequence[User],
    platform_reference: str,
    happened_at: datetime,
    summary: str,
    findings: Sequence[Found] = (),
    early_because: str = "",
    client_id: UUID | None = None,
) -> Inspection:
    """Record an administrative inspection (行政检查).

    Refused("two_police_officers" | "platform_reference") with the rule that says so; a second
    entry within 7 days is Refused("soon_again") until ``early_because`` says why. The same
    ``client_id`` and content again answer with the inspection that is there; other content under
    the id is a Conflict.
    """
    client_id = client_id or uuid4()
    people = sorted(officer.pk for officer in officers)
    body = fingerprint(
        enterprise,
        people,
        platform_reference.strip(),
        happened_at,
        summary,
        findings,
        early_because,
    )
    if earlier := _sent_before(by, client_id, body):
        return earlier
    must_be_in_the_field(enterprise, by=by)
    must_be_live(enterprise)
    police = {officer.pk for officer in officers if officer.is_sworn}
    if len(police) < OFFICERS_NEEDED:
        raise Refused(
            "two_police_officers",
            _(
                "An inspection needs at least two police officers (民警); auxiliary officers do "
                "not count. Log a visit instead, or add a police officer."
            ),
            field="officers",
        )
    if len(police) != len({officer.pk for officer in officers}):
        raise Refused(
            "auxiliary_officer",
            _("An auxiliary officer may visit but not inspect."),
            field="officers",
        )
    if any(one.unit_id != enterprise.unit_id or not one.is_active for one in officers):
        raise Refused("wrong_officer", _("Choose officers of this station."), field="officers")
    if not platform_reference.strip():
        raise Refused(
            "platform_reference",
            _(
                "An inspection in Shandong needs the reference number of the provincial "
                "inspection platform."
            ),
            field="platform_reference",
        )
    must_be_past(happened_at)
    if not summary.strip():
        raise Refused("missing", _("Say what was inspected and found."), field="summary")
    last = entry_soon_again(enterprise, happened_at)
    if last is not None and not early_because.strip():
        raise Refused(
            "soon_again",
            _("The enterprise was entered on %(date)s, within 7 days. Say why again so soon.")
            % {"date": f"{timezone.localtime(last):%Y-%m-%d}"},
            field="early_because",
        )
    try:
        with transaction.atomic():
            inspection = Inspection.objects.create(
                client_id=client_id,
                enterprise=enterprise,
                unit=enterprise.unit,
                entered_by=by,
                platform_reference=platform_reference.strip(),
                happened_at=happened_at,
                summary=summary.strip(),
                early_because=early_because.strip(),
                body_hash=body,
            )
    except IntegrityError as error:
        # Sent twice at once; the other one is committed by now.
        if earlier := _sent_before(by, client_id, body):
            return earlier
        raise Refused(
            "reference_used",
            _("An inspection with this platform reference is already entered."),
            field="platform_reference",
        ) from error
    inspection.officers.set(officers)
    for issue in raise_found(enterprise, findings, at=happened_at, by=by):
        Finding.objects.create(inspection=inspection, issue=issue)
    note_contact(enterprise, at=happened_at, on_site=True)
    record("inspection.logged", inspection, by=by, unit=enterprise.unit)
    return inspection


def _sent_before(by: User, client_id: UUID, body: str) -> Inspection | None:
    earlier = Inspection.objects.filter(entered_by=by, client_id=client_id).first()
    if earlier is not None and earlier.body_hash != body:
        raise Conflict(
            "client_id_reused",
            _("This id was used for another inspection."),
            field="client_id",
            details={"inspection": earlier.pk},
        )
    return earlier
