"""What a sweep has left."""

from issues.models import Escalation
from liaison.notices.models import Mention


def told(now, since=None):
    """Who was told of what, by the last part of the kind."""
    rows = Mention.objects.filter(made_at=now).select_related("recipient")
    return {(one.recipient, one.kind.partition(".")[2]) for one in rows}


def steps(issue):
    rows = Escalation.objects.filter(issue=issue).order_by("at", "clock", "step")
    return list(rows.values_list("clock", "generation", "step", "planned_at"))
