"""Acceptance: by no path does a guard without a certificate that holds through the night come onto
duty. Every path is tried with every fault of a certificate; it is refused in words that a person
can use, and nothing is written. Below them the database refuses by itself (on both).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from liaison.accounts.models import User
from liaison.core.refused import Refused
from patrols.models import (
    Duty,
    DutyGuard,
    DutyNight,
    Guard,
    PatrolTeam,
)
from tests.rows import everything

# What a guard's certificate is on an evening: the number and the day on which it ends.
FAULTS = {
    "missing": lambda evening: ("", None),
    "expired": lambda evening: ("示证坏", timezone.localdate() - timedelta(days=1)),
    "ends before the night": lambda evening: ("示证坏", evening),
}


@dataclass
class Night:
    """Two enterprises are out with a guard each, a third has nobody but ``bad``."""

    team: PatrolTeam
    row: DutyNight
    duties: list[Duty]
    third: Any
    bad: Guard
    desk: User
    fault: tuple[str, date | None]

    @property
    def evening(self) -> date:
        return self.row.night_on

    def spoil(self, *guards: Guard) -> None:
        """Behind the verbs' back, as an old row or a mistake in a migration might."""
        number, until = self.fault
        for guard in guards:
            Guard.objects.filter(pk=guard.pk).update(
                certificate=number and f"示证{guard.pk}", certificate_until=until
            )


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def a_page_refuses(client, path, sent, word):
    """With a message after its redirect, or within the form; nothing is written."""
    before = everything()
    answer = client.post(path, sent, follow=True)
    assert answer.redirect_chain or answer.status_code == 422
    assert word in answer.content.decode()
    assert everything() == before
    return answer


def messages_of(answer):
    return " ".join(str(one) for one in answer.context["messages"])


def refused_and_nothing_written(verb, *words):
    """``words`` are in what is said."""
    before = everything()
    with pytest.raises(Refused) as refused, transaction.atomic():
        verb()
    said = str(refused.value)
    for word in words:
        assert word in said
    assert everything() == before
    return refused.value


def unlawful():
    """Whoever is on duty now and may not be."""
    rows = DutyGuard.objects.select_related("guard")
    return [one for one in rows if not one.guard.may_serve(one.night_on)]
