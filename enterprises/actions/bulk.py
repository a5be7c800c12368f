"""Many enterprises at once, all of them or none."""

from collections.abc import Mapping

from django.db import transaction

from enterprises.actions.assignment import change_officer
from enterprises.models import Enterprise
from enterprises.notices import Change, tell_officers
from liaison.accounts.models import User
from liaison.accounts.people import hold_still
from liaison.core.refused import Refused


@transaction.atomic
def assign_many(chosen: Mapping[str, tuple[User, str]], *, by: User, reason: str = "") -> int:
    """Assign several enterprises, each id to (officer, whom the person saw); all or none.

    Returns how many changed hands. Raises Refused naming the enterprise that stood in the way.
    """
    pks = [pk for pk in chosen if pk.isdecimal() and len(pk) < 18]
    enterprises = Enterprise.objects.visible_to(by).select_related("unit").filter(pk__in=pks)
    # People before enterprises and each by id, as everywhere: two that meet take turns.
    hold_still(*(officer for officer, _was in chosen.values()))
    done: list[Change] = []
    for enterprise in enterprises.order_by("pk"):
        officer, was = chosen[str(enterprise.pk)]
        if was == str(officer.pk):
            continue
        try:
            change = change_officer(
                enterprise,
                officer,
                by=by,
                reason=reason,
                replaces=int(was) if was.isdecimal() and len(was) < 18 else None,
            )
        except Refused as refused:
            refused.message = f"{enterprise.name}: {refused.message}"
            raise
        done.append(change)
    tell_officers(done, by=by, reason=reason)
    return len(done)
