"""A phone whose clock is wrong."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.e2e.phone.work import visit
from visits.models import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("off", [timedelta(days=2), timedelta(days=-400)])
def test_a_visit_stands_where_it_was(handsets, officer, enterprise, off):
    """29: wrong phone clocks corrupted schedules."""
    phone = handsets()
    phone.page.clock.install(time=(timezone.now() + off).timestamp())
    phone.signed_in(officer)
    entered = visit(enterprise)
    shown = phone.page.evaluate("new Date(Date.now() - 600000).toISOString()")
    entered["body"]["happened_at"] = shown
    row = phone.put(entered)
    phone.until("!phone.operations.length")
    really = timezone.now() - timedelta(minutes=10)
    assert abs(Visit.objects.get().happened_at - really) < timedelta(minutes=2)
    # Its officer is told, until it has been read.
    [note] = phone.get("phone.notes")
    assert (note["client_id"], note["code"]) == (row["client_id"], "clock_corrected")
    assert note["message"]
    phone.run("await phone.dropNote(given);", row["client_id"])
    assert phone.get("phone.notes") == []
    # And what it was told is kept for its hours, not until a moment of the server's.
    hours = phone.get("(phone.keepUntil.getTime() - Date.now()) / 3600000")
    assert 71 < hours <= 72


def test_a_clock_that_was_put_back_stops_nothing(phone, enterprise):
    with phone.without_network():
        phone.put(visit(enterprise))
    far = "Date.now() + 400 * 24 * 3600 * 1000"
    phone.run(f"""
      await phone.store.write(["operations"], async (rows) => {{
        for (const row of await rows.all("operations")) {{
          await rows.put("operations", {{ ...row, next_at: {far} }});
        }}
      }});
      await phone.trySending({{ hurry: true }});
    """)
    assert Visit.objects.count() == 1
