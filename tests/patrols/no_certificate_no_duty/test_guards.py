"""What would make a night on the roster unlawful: a change of the guard."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from patrols.models import (
    DutyGuard,
    Guard,
)
from tests import factories as make
from tests.api.people import client_of
from tests.patrols.no_certificate_no_duty.nights import (
    a_page_refuses,
    browser,
    unlawful,
)
from tests.patrols.test_guard_lists import row, sheet
from tests.rows import everything

pytestmark = pytest.mark.django_db


def edited(night):
    """What a form says of the guard who is out, with the certificate of the fault."""
    guard = night.duties[0].guards.get().guard
    number, until = night.fault
    facts = {
        "name": guard.name,
        "phone": guard.phone,
        "employer": guard.employer,
        "company": guard.company,
        "certificate": number and "示证新",
        "certificate_until": until.isoformat() if until else "",
        "joined_on": guard.joined_on.isoformat(),
        "version": guard.version,
    }
    return guard, facts


@pytest.mark.parametrize("door", ["patrols", "portal"])
def test_the_form_of_a_guard_who_is_out(night, door):
    guard, facts = edited(night)
    contact = make.ContactUserFactory(enterprise=guard.enterprise)
    client = browser(night.desk if door == "patrols" else contact)
    answer = a_page_refuses(client, f"/{door}/guards/{guard.pk}/edit/", facts, guard.name)
    assert "off_duty" in answer.context["form"].errors
    # Agreed to, it is the guard who goes.
    assert client.post(f"/{door}/guards/{guard.pk}/edit/", {**facts, "off_duty": "on"})["Location"]
    assert not DutyGuard.objects.filter(guard=guard).exists()


def test_a_guard_who_is_out_over_the_api(night):
    guard, facts = edited(night)
    facts["certificate_until"] = facts["certificate_until"] or None
    client = client_of(night.desk)
    before = everything()
    answer = client.post(f"/api/v1/guards/{guard.pk}/edit/", facts, format="json")
    assert answer.status_code == 422
    assert answer.json()["nights"] == [night.evening.isoformat()]
    assert everything() == before


def test_a_list_of_guards(night):
    """The certificate in the list is another: whoever is out on a night that this makes unlawful
    is taken off it. A guard whom the list brings goes nowhere by that."""
    guard, facts = edited(night)
    name = guard.enterprise.name
    listed = {
        "enterprise": name,
        "name": guard.name,
        "phone": guard.phone,
        "company": guard.company,
        "certificate": facts["certificate"] or None,
        "certificate_until": facts["certificate_until"] or None,
    }
    new = row(7, enterprise=name, certificate=None, certificate_until=None)
    answer = browser(night.desk).post(
        "/patrols/guards/lists/new/",
        {"file": SimpleUploadedFile("名单.xlsx", sheet(row(1, **listed), new))},
    )
    assert not set(unlawful()), "a preview changes nothing"
    browser(night.desk).post(f"{answer['Location']}apply/")
    assert Guard.objects.filter(enterprise=guard.enterprise, name="示例7").exists()
    guard.refresh_from_db()
    # An empty cell says nothing about a certificate that is known.
    says = bool(night.fault[0])
    assert (guard.certificate_until == night.fault[1]) == says
    assert DutyGuard.objects.filter(guard=guard).exists() == (not says)
    assert not unlawful()
