"""Whom a step of the ladder reaches, for many lines in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from enterprises.models import Assignment, Recipient
from enterprises.reach import Reach
from issues.models import Issue
from issues.workflow import CloseRule, Stage
from liaison.accounts.models import User


class Reached:
    """The people of these lines as the ladder names them; nobody is told of a line that they may
    not see, in agreement with ``IssueQuerySet.visible_to``."""

    def __init__(self, lines: Sequence[Issue], reach: Reach) -> None:
        self.reach = reach
        self.deputies: dict[int, list[User]] = defaultdict(list)
        places = Assignment.objects.all().open().deputies()
        enterprises = {line.enterprise_id for line in lines}
        for place in places.filter(enterprise__in=enterprises).select_related("officer"):
            self.deputies[place.enterprise_id].append(place.officer)

    def of(self, line: Issue, recipients: Iterable[str]) -> list[User]:
        """Each once. A step that would reach nobody goes on to those above."""
        found = self._allowed(line, recipients)
        for recipient in (Recipient.DESK, Recipient.CHIEF, Recipient.BUREAU):
            found = found or self._allowed(line, [recipient])
        return list(found.values())

    def _allowed(self, line: Issue, recipients: Iterable[str]) -> dict[int, User]:
        people = [one for recipient in recipients for one in self._role(line, recipient)]
        if not line.sensitive:
            return {one.pk: one for one in people}
        handlers = self.reach.officer(line.handler, line.unit)
        above = [
            one
            for role in (Recipient.CHIEF, Recipient.BUREAU)
            for one in self.reach.role(role, line.unit)
        ]
        may_see = {one.pk for one in (*handlers, *above, line.raised_by)}
        return {one.pk: one for one in people if one.pk in may_see}

    def _role(self, line: Issue, recipient: str) -> list[User]:
        match recipient:
            case Recipient.HANDLER if line.stage == Stage.PROPOSED:
                # It lies with whoever approves; the handler may press for it.
                return [*self._handlers(line), *self._approvers(line)]
            case Recipient.HANDLER:
                return self._handlers(line)
            case Recipient.DEPUTY:
                deputies = self.deputies[line.enterprise_id]
                return [one for each in deputies for one in self.reach.officer(each, line.unit)]
            case _:
                return self.reach.role(recipient, line.unit)

    def _handlers(self, line: Issue) -> list[User]:
        return self.reach.officer(line.handler, line.unit)

    def _approvers(self, line: Issue) -> list[User]:
        by_desk = line.close_rule == CloseRule.CONTACT
        return self.reach.role(Recipient.DESK if by_desk else Recipient.CHIEF, line.unit)
