"""Many enterprises at once, all of them or none."""

from collections.abc import Mapping

from django.db import transaction

from enterprises.actions.assignment import assign
from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.core.refused import Refused


@transaction.atomic
def assign_many(chosen: Mapping[str, tuple[User, str]], *, by: User, reason: str = "") -> int:
    """Assign several enterprises, each id to (officer, whom the person saw); all or none.

    Returns how many changed hands. Raises Refused naming the enterprise that stood in the way.
    """
    pks = [pk for pk in chosen if pk.isdecimal() and len(pk) < 18]
    enterprises = Enterprise.objects.visible_to(by).select_related("unit").filter(pk__in=pks)
    done = 0
    for enterprise in enterprises.order_by("name", "pk"):
        officer, was = chosen[str(enterprise.pk)]
        if was == str(officer.pk):
            continue
        try:
            assign(
                enterprise,
                officer,
                by=by,
                reason=reason,
                replaces=int(was) if was.isdecimal() and len(was) < 18 else None,
            )
        except Refused as refused:
            refused.message = f"{enterprise.name}: {refused.message}"
            raise
        done += 1
    return done
