"""One verb per move of ``issues.workflow.MOVES``, and the way to call one by its name.

Every verb takes the line as the caller saw it, ``by=`` and the ``version=`` seen, works in one
transaction and returns the line as it is afterwards. Of two people moving the same version
one wins; the other gets a Conflict that says who was first.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from issues.actions.closing import (
    close_issue,
    decline_issue,
    dispute_issue,
    propose_close_out,
    reopen_issue,
    return_issue,
    withdraw_issue,
)
from issues.actions.engine import Proven, admit
from issues.actions.extending import ask_extension, grant_extension, refuse_extension
from issues.actions.working import (
    accept_issue,
    note_on_issue,
    resume_issue,
    start_issue,
    transfer_issue,
    wait_on_issue,
)
from issues.models import Issue
from issues.workflow import MOVES
from liaison.accounts.models import User
from liaison.core.refused import Refused

VERBS: dict[str, Callable[..., Issue]] = {
    "accept": accept_issue,
    "decline": decline_issue,
    "start": start_issue,
    "wait": wait_on_issue,
    "resume": resume_issue,
    "propose": propose_close_out,
    "return": return_issue,
    "dispute": dispute_issue,
    "close": close_issue,
    "reopen": reopen_issue,
    "withdraw": withdraw_issue,
    "ask_extension": ask_extension,
    "grant_extension": grant_extension,
    "refuse_extension": refuse_extension,
    "transfer": transfer_issue,
    "note": note_on_issue,
}


def make_move(
    issue: Issue,
    name: str,
    *,
    by: User,
    version: int | None,
    values: Mapping[str, Any],
    files: Sequence[Proven] = (),
) -> Issue:
    """Carry out a move by name, for faces that learn the name from outside.

    ``values`` are cleaned values keyed by the move's field names; missing ones are reported by
    the same check that reports them for a direct call.
    """
    move = MOVES.get(name)
    if move is None:
        raise Refused("no_such_move", _("There is no such move."), field="move")
    names = {field.name for field in move.fields}
    unknown = sorted(set(values) - names)
    if unknown:
        raise Refused("unknown_field", _("There is no such field."), field=unknown[0])
    if files and not move.files:
        raise Refused("no_files", _("No files can be added in this step."), field="evidence")
    if any(field.required and values.get(field.name) in (None, "") for field in move.fields):
        # Says what is missing, after the checks that come before it.
        admit(issue, move, by=by, version=version, values=values, files=files)
    given = {key: value for key, value in values.items() if value is not None}
    if move.files:
        given["files"] = files
    return VERBS[name](issue, by=by, version=version, **given)
