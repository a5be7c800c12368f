"""What a sweep has left."""

from enterprises.models import Reminder
from liaison.notices.models import Mention


def told(now, kind="contact_due"):
    rows = Mention.objects.filter(made_at=now, kind=f"enterprise.{kind}")
    return {one.recipient for one in rows.select_related("recipient")}


def steps(enterprise, kind="contact"):
    rows = Reminder.objects.filter(enterprise=enterprise, kind=kind).order_by("due_on", "step")
    return list(rows.values_list("due_on", "step"))
