"""What a guard's phone sends: carried out once, answered the same however often it comes."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from liaison.core.refused import Refused
from liaison.evidence.actions import keep, not_a_photo
from patrols.actions.checking_in import check_in, end_run, start_run
from patrols.actions.incidents import report
from patrols.models import NightLink, NightOperation, NightPhoto
from patrols.reports import BODIES, Sent, Stamp

Status = NightOperation.Status
# What carries out each kind; each returns what the phone is told.
VERBS: dict[str, Callable[[NightLink, Any, Stamp], dict[str, Any]]] = {
    "start": start_run,
    "check_in": check_in,
    "incident": report,
    "end": end_run,
}


@dataclass(frozen=True)
class Answer:
    client_id: UUID
    status: str
    code: str = ""
    message: str = ""
    object: Mapping[str, Any] | None = None


def take(link: NightLink, sent: Sent, *, sent_at: datetime, received_at: datetime) -> Answer:
    """One operation, in a transaction of its own; a refusal leaves nothing but its row.

    Whoever sends the same at the same time waits for the first and is answered from its row.
    """
    with transaction.atomic():
        row, new = NightOperation.objects.get_or_create(
            night_id=link.night_id,
            client_id=sent.client_id,
            defaults={
                "guard_id": link.guard_id,
                "kind": sent.kind,
                "body_hash": _hash(sent),
                "made_at": sent.made_at,
                "received_at": received_at,
                "status": Status.REFUSED,
            },
        )
        if new:
            row.status, row.answer = _carried_out(link, sent, Stamp.of(sent, sent_at, received_at))
            row.save(update_fields=("status", "answer"))
    if row.body_hash != _hash(sent) or row.guard_id != link.guard_id:
        said = _("Something else was sent under this id.")
        return Answer(sent.client_id, Status.REFUSED, "other_words", said)
    return Answer(sent.client_id, row.status, **row.answer)


@transaction.atomic
def keep_photo(link: NightLink, client_id: UUID, upload: UploadedFile) -> NightPhoto:
    """A picture by the phone's own id; sent again it is what it was. Raises what
    ``evidence.actions.keep`` does, and Refused("not_a_photo")."""
    # Written unchanged: of two sendings at once the second waits and finds the first one's.
    NightLink.objects.filter(pk=link.pk).update(ended_at=F("ended_at"))
    known = NightPhoto.objects.filter(night=link.night_id, client_id=client_id).first()
    if known is not None:
        if known.guard_id != link.guard_id:
            raise Refused("other_words", _("Something else was sent under this id."))
        return known
    evidence = keep(upload, by=link.made_by)
    if not evidence.is_image:
        raise not_a_photo(evidence.name)
    return NightPhoto.objects.create(
        night_id=link.night_id, guard_id=link.guard_id, client_id=client_id, evidence=evidence
    )


def _carried_out(link: NightLink, sent: Sent, stamp: Stamp) -> tuple[str, dict[str, Any]]:
    body = BODIES[sent.kind](data=sent.body) if sent.kind in BODIES else None
    if body is None:
        said = _("This server does not know what “%s” is.") % sent.kind[:12]
        return Status.REFUSED, {"code": "unknown_kind", "message": said}
    if not body.is_valid():
        said = _("This could not be understood: %s") % ", ".join(body.errors)
        return Status.REFUSED, {"code": "invalid", "message": said}
    if stamp.at > link.valid_until:
        # What waited for a network comes after the night; what is done then is none of it.
        return Status.REFUSED, {"code": "over", "message": _("This night is over.")}
    try:
        with transaction.atomic():
            told = VERBS[sent.kind](link, body.validated_data, stamp)
    except Refused as refused:
        return Status.REFUSED, {"code": refused.code, "message": str(refused.message)}
    return Status.DONE, {"object": told}


def _hash(sent: Sent) -> str:
    whole = json.dumps([sent.kind, sent.made_at.isoformat(), sent.body], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
