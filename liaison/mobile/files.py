"""Files that an operation names by the upload that brings them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.core.refused import Refused
from liaison.evidence.models import Evidence
from liaison.mobile.kinds import NotYet
from liaison.mobile.models import Upload


def with_files(body: Mapping[str, Any], user: User) -> dict[str, Any]:
    """The body with {"id"} of what was kept for every {"upload"} it names, in its own ``evidence``
    and in that of its findings.

    Raises NotYet("file_missing") while one is not complete, Refused("file_refused") for one that
    is not taken.
    """
    named = set[UUID]()
    _replaced(body, named, {})
    if not named:
        return dict(body)
    return _replaced(body, set(), _kept(named, user))


def _kept(named: set[UUID], user: User) -> dict[UUID, UUID]:
    uploads = {
        one.client_id: one for one in Upload.objects.visible_to(user).filter(client_id__in=named)
    }
    for one in uploads.values():
        if one.refused_code:
            raise Refused(
                "file_refused",
                _("The file “%(name)s” was not taken: %(why)s")
                % {"name": one.name, "why": one.refused_message},
                field="evidence",
                details={"upload": str(one.client_id)},
            )
    kept = {one.client_id: one.kept_as for one in uploads.values() if one.kept_as}
    # What was put to nothing for weeks is gone: it is sent once more.
    there = set(
        Evidence.objects.visible_to(user).filter(pk__in=kept.values()).values_list("pk", flat=True)
    )
    if any(kept.get(client_id) not in there for client_id in named):
        raise NotYet("file_missing", _("A file that belongs to it has not come yet."))
    return kept


def _replaced(
    body: Mapping[str, Any], named: set[UUID], kept: Mapping[UUID, UUID]
) -> dict[str, Any]:
    """Notes in ``named`` which uploads there are, and puts what was kept in their place."""
    found = dict(body)
    if isinstance(files := found.get("evidence"), list):
        found["evidence"] = [_one(file, named, kept) for file in files]
    if isinstance(findings := found.get("findings"), list):
        found["findings"] = [
            _replaced(one, named, kept) if isinstance(one, dict) else one for one in findings
        ]
    return found


def _one(file: Any, named: set[UUID], kept: Mapping[UUID, UUID]) -> Any:
    upload = _upload_of(file)
    if upload is None:
        # An id, or something that the serializer will complain of.
        return file
    named.add(upload)
    rest = {name: value for name, value in file.items() if name != "upload"}
    return {**rest, "id": str(kept[upload])} if upload in kept else file


def _upload_of(file: Any) -> UUID | None:
    if not isinstance(file, dict) or "id" in file or not isinstance(file.get("upload"), str):
        return None
    try:
        return UUID(file["upload"])
    except ValueError:
        return None
