"""Moving the contact clocks."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.db.models.functions import Coalesce, Greatest

from enterprises.deadlines import fill_cadence
from enterprises.models import Cadence, ContactPolicy, Enterprise

CLOCK_FIELDS = (
    "next_contact_due_on",
    "next_visit_due_on",
    "contact_days",
    "visit_days",
    "contact_because",
    "visit_because",
)


@transaction.atomic
def recompute_cadence(enterprises: Iterable[Enterprise]) -> None:
    """Work both due dates out again, for facts or policies that have changed.

    Creates missing rows. Four queries for any number of enterprises of one station.
    """
    for unit, group in groupby(sorted(enterprises, key=attrgetter("unit_id")), attrgetter("unit")):
        batch = list(group)
        policies = list(ContactPolicy.objects.all().holding_at(unit))
        Cadence.objects.bulk_create(
            [Cadence(enterprise=enterprise) for enterprise in batch],
            ignore_conflicts=True,
            batch_size=400,
        )
        rows = Cadence.objects.in_bulk([enterprise.pk for enterprise in batch])
        for enterprise in batch:
            fill_cadence(rows[enterprise.pk], enterprise, policies)
        Cadence.objects.bulk_update(rows.values(), CLOCK_FIELDS, batch_size=100)


@transaction.atomic
def note_contact(enterprise: Enterprise, *, at: datetime, on_site: bool) -> None:
    """An officer has reached the enterprise at that moment; an on-site visit resets both clocks.

    The latest moment wins, so that typing in an old visit never silences a reminder that is due,
    and never moves a clock back. The comparison is made in the database: of two visits logged at
    once neither overwrites the other.
    """
    Cadence.objects.get_or_create(enterprise=enterprise)
    # Both databases give NULL or an error for GREATEST with a NULL, hence the COALESCE.
    moved = {"last_contact_at": Greatest(Coalesce("last_contact_at", at), at)}
    if on_site:
        moved["last_visit_at"] = Greatest(Coalesce("last_visit_at", at), at)
    Cadence.objects.filter(enterprise=enterprise).update(**moved)
    recompute_cadence([enterprise])
