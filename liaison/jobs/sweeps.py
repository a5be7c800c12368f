"""The sweep that keeps the promises: what is due, told once, to each person in one notice."""

from collections import Counter
from datetime import datetime, timedelta

from documents.actions import reminding as papers
from documents.models import Document, Order
from enterprises.actions.reminding import remind_due
from enterprises.models import Cadence
from issues.actions.escalating import escalate_due
from issues.models import Issue
from liaison.core.sweeping import longest_wait
from liaison.notices.gathering import tell_gathered

# There with nothing in them too: whoever reads the counts sees that it was looked for.
COUNTED = ("reminders", "papers_rung", "escalations", "notices")


def ring(now: datetime) -> Counter[str]:
    """Remind of contacts, carry overdue lines up the ladder, ring for papers and orders, then tell
    everybody of theirs.

    Nobody is told while another process still has some in hand: whichever ends last tells, so
    that each person gets one notice however many processes swept.
    """
    counts = Counter(dict.fromkeys(COUNTED, 0))
    counts.update(remind_due(now))
    counts.update(escalate_due(now))
    counts.update(papers.remind_due(now))
    if oldest_unrung(now) is None:
        counts.update(tell_gathered(now))
    return counts


def oldest_unrung(now: datetime) -> timedelta | None:
    """For how long the oldest step has been due that nobody has taken."""
    return longest_wait(
        now,
        (Cadence.objects.all().to_remind(now), "next_reminder_at"),
        (Issue.objects.all().to_escalate(now), "next_escalation_at"),
        (Document.objects.all().to_remind(now), "next_reminder_at"),
        (Order.objects.all().to_remind(now), "next_reminder_at"),
    )
