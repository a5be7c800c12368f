"""Reading who is on a night, with the people whom one rings."""

from typing import Any

from django.db.models import Prefetch

from enterprises.models import Contact
from patrols.models import Duty, DutyGuard


def crews() -> "Prefetch[Any]":
    """For ``DutyNight.prefetch_related``: the duties with their guards, and each enterprise's first
    contact as ``first_to_call``."""
    guards = Prefetch("guards", DutyGuard.objects.select_related("guard").order_by("guard_id"))
    first = Contact.objects.filter(is_primary=True, left_on__isnull=True)
    duties = Duty.objects.select_related("enterprise").prefetch_related(
        guards, Prefetch("enterprise__contacts", first, to_attr="first_to_call")
    )
    return Prefetch("duties", duties.order_by("enterprise__name", "pk"))
