"""An officer answers whether a guard recruited by the enterprise itself may patrol outside."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import Kind, User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.law.models import LegalBasis
from patrols.actions.duty_guards import hold_guards
from patrols.actions.freeing import free_unlawful
from patrols.guard_notices import tell_of_answer
from patrols.models import ComplianceAnswer, Employer, Guard, Verdict
from patrols.rights import keeps


def answers(by: User, guard: Guard) -> bool:
    """The station's police and its desk; an auxiliary officer decides nothing of law."""
    return keeps(by, guard.unit_id) and by.kind != Kind.AUXILIARY_OFFICER


@transaction.atomic
def answer_warning(
    guard: Guard,
    verdict: str,
    *,
    reason: str,
    legal_basis: LegalBasis | None = None,
    version: int,
    by: User,
    off_duty: bool = False,
) -> list[date]:
    """Say of a self-recruited guard whether they patrol outside the premises; the answer is kept
    and a later one follows it. Returns the nights that the guard was taken off.

    Raises Refused: "missing" for a reason, or for the basis of an admission; "not_asked" for one
    who is not recruited by the enterprise itself; "loses_duties" as ``edit_guard`` does; Conflict
    "stale" when the guard was changed or answered for meanwhile.
    """
    if not answers(by, guard):
        raise Refused("not_allowed", _("Only the station's police and its desk answer this."))
    reason = reason.strip()
    if not reason:
        raise Refused("missing", _("Give the reason."), field="reason")
    if len(reason) > 300:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 300}, field="reason")
    if verdict not in Verdict.values:
        raise Refused("missing", _("Choose an answer."), field="verdict")
    if verdict == Verdict.ADMITTED and legal_basis is None:
        message = _("Name the legal basis on which the guard patrols outside.")
        raise Refused("missing", message, field="legal_basis")
    now = hold_guards([guard.pk])[guard.pk]
    if now.version != version:
        raise Conflict(
            "stale",
            _("Somebody else has changed this guard since you opened the page."),
            details={"version": now.version, "outside": now.outside},
        )
    if now.employer != Employer.SELF:
        message = _("Only guards whom the enterprise recruited itself are answered for.")
        raise Refused("not_asked", message)
    answer = ComplianceAnswer.objects.create(
        guard=now,
        verdict=verdict,
        reason=reason,
        legal_basis=legal_basis if verdict == Verdict.ADMITTED else None,
        by=by,
        at=timezone.now(),
    )
    now.outside, now.legal_basis = verdict, answer.legal_basis
    now.version += 1
    now.save(update_fields=("outside", "legal_basis", "version"))
    freed = free_unlawful([now], agreed=off_duty, by=by)
    record(
        "guard.answered",
        now,
        by=by,
        unit=now.unit,
        changes={"verdict": verdict, "basis": str(answer.legal_basis or "")},
    )
    tell_of_answer(answer, by=by)
    return freed
