"""Writing the record. Called by actions, inside their transaction."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from liaison.accounts.models import Unit, User
from liaison.audit.models import Entry


def record(
    action: str,
    subject: models.Model,
    *,
    by: User | None,
    unit: Unit | None,
    changes: Mapping[str, Any] | None = None,
) -> Entry:
    """Add an entry: who did what to which row.

    A row whose ``str`` says more than everybody who reads the record may see gives an
    ``audit_label``. ``changes`` holds field names with short values; never secrets or whole
    texts, the record is read by people who may not see the row itself. ``by`` is None for the
    system's own deeds.
    """
    return Entry.objects.create(
        unit=unit,
        actor=by,
        actor_name=str(by)[:60] if by else "system",
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=str(getattr(subject, "audit_label", subject))[:200],
        changes=dict(changes or {}),
    )
