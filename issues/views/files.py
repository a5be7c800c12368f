"""A file of a line, at the station and at the enterprise's door."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from issues.models import Attachment
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, Kind, User
from liaison.evidence.serving import serve


@open_to(*STAFF)
def issue_file(request: HttpRequest, number: str, pk: UUID) -> HttpResponseBase:
    return _serve(request, number, pk)


@open_to(Kind.CONTACT)
def portal_file(request: HttpRequest, number: str, pk: UUID) -> HttpResponseBase:
    return _serve(request, number, pk)


def _serve(request: HttpRequest, number: str, pk: UUID) -> HttpResponseBase:
    """To whoever may see the event it belongs to: a contact those of public events."""
    user: User = request.user  # type: ignore[assignment]
    attachment = get_object_or_404(
        Attachment.objects.visible_to(user).select_related("evidence"),
        issue__number=number,
        evidence=pk,
    )
    return serve(request, attachment.evidence, name=f"{number}-{attachment.pk}")
