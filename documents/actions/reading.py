"""What contacts do with a document: open it, say that they know, send something back."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Addressed, Document, Opening, Reply, ReplyFile
from documents.notices import tell_replied
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.evidence.actions import take

# The same words by the same person within this time are the same reply.
SAME_FOR = timedelta(minutes=10)


@transaction.atomic
def open_document(document: Document, *, by: User) -> int:
    """The read receipt of a contact, once for each of their enterprises; how many were new."""
    if not by.is_contact:
        return 0
    unread = list(_addressed(document, by).exclude(openings__person=by))
    now = timezone.now()
    Opening.objects.bulk_create(
        [Opening(addressed=one, person=by, at=now) for one in unread],
        ignore_conflicts=True,
    )
    return len(unread)


@transaction.atomic
def acknowledge(document: Document, *, by: User) -> None:
    """已知悉, for all of the contact's enterprises that it is for; said twice it is said once."""
    if document.acknowledge_by is None:
        raise Refused("not_asked", _("This document asks for no answer."))
    mine = _addressed(document, by).unacknowledged()
    for one in mine.select_related("enterprise"):
        still = Addressed.objects.filter(pk=one.pk, acknowledged_at__isnull=True)
        if still.update(acknowledged_at=timezone.now(), acknowledged_by=by):
            changes = {"enterprise": one.enterprise.name}
            record("document.acknowledged", document, by=by, unit=document.unit, changes=changes)
    open_document(document, by=by)


@transaction.atomic
def reply(addressed: Addressed, *, by: User, text: str, files: Sequence[UUID] = ()) -> Reply:
    """Send the station words and papers in answer to a document.

    Raises Refused("not_yours" | "missing" | "too_long") and a Conflict for the same once more.
    """
    text = text.strip()
    document = addressed.document
    if not _addressed(document, by).filter(pk=addressed.pk).exists():
        raise Refused("not_yours", _("This document is not for your enterprise."))
    if not text and not files:
        raise Refused("missing", _("Write something, or add a file."), field="text")
    if len(text) > 4000:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": 4000}, field="text")
    just_now = Reply.objects.filter(
        addressed=addressed, by=by, text=text, at__gt=timezone.now() - SAME_FOR
    )
    if text and not files and just_now.exists():
        raise Conflict("again", _("You have sent just this a moment ago."))
    made = Reply.objects.create(addressed=addressed, by=by, text=text, at=timezone.now())
    for evidence in take(files, by=by):
        ReplyFile.objects.create(reply=made, evidence=evidence)
    open_document(document, by=by)
    record("document.replied", document, by=by, unit=document.unit)
    tell_replied(made)
    return made


def _addressed(document: Document, by: User):  # type: ignore[no-untyped-def]
    """Of this document, those of the contact's enterprises; none of one that is withdrawn."""
    if not by.is_contact:
        return Addressed.objects.none()
    there = Addressed.objects.visible_to(by)
    return there.filter(document=document, document__withdrawn_at__isnull=True)
