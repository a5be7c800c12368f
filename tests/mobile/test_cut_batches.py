"""However an outbox is cut into batches, mixed between enterprises, sent twice and left without an
answer: in the end it is what it had been, sent once."""

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issues.models import Issue
from liaison.mobile.models import Operation
from tests import factories as make
from tests.mobile.phone import Phone, issue, move, visit
from visits.models import Visit

EPISODES = (
    "visit", "bad visit", "photo", "line", "bad line", "stale", "too long", "remark",
)  # fmt: skip


class Day:
    """One officer's day at two enterprises; the same ids on every such day."""

    def __init__(self, plan):
        self.ids = iter(uuid.UUID(int=n + 1) for n in range(10_000))
        first = make.AssignedEnterpriseFactory()
        self.officer = make.handler_of(first)
        second = make.AssignedEnterpriseFactory(unit=first.unit, officer=self.officer)
        self.phone = Phone(self.officer)
        self.photos = []
        self.done_at = [self._script(place, plan[n], n) for n, place in enumerate((first, second))]

    def _script(self, enterprise, episodes, place):
        line = make.RaisedIssueFactory(enterprise=enterprise, title=f"{place} 原有")
        script = []
        for n, episode in enumerate(episodes):
            script += self._operations(episode, enterprise, line, f"{place} {n}")
        for one in script:
            one["client_id"] = one["client_id"] or str(next(self.ids))
        return script

    def _operations(self, episode, enterprise, line, title):
        match episode:
            case "visit":
                return [visit(enterprise, promises=[{"text": title}], client_id=self.key())]
            case "bad visit":
                return [visit(enterprise, channel="x", client_id=self.key())]
            case "photo":
                self.photos.append(self.key())
                file = {"upload": self.photos[-1]}
                found = {"kind": "hazard", "title": title, "evidence": [file]}
                return [visit(enterprise, findings=[found], client_id=self.key())]
            case "line" | "bad line":
                level = "simple" if episode == "line" else "x"
                raised = issue(enterprise, title=title, level=level, client_id=self.key())
                moves = [move(raised, "accept", 1), move(raised, "start", 2)]
                return [raised, *self.named(*moves, move(raised, "note", note="x"))]
            case "stale":
                return self.named(move(line, "accept", 9))
            case "too long":
                long = move(line, "accept", 1, note="x" * 5000)
                return self.named(long, move(line, "start", 2))
        return self.named(move(line, "note", note=title))

    def key(self):
        return str(next(self.ids))

    def named(self, *operations):
        return [{**one, "client_id": self.key()} for one in operations]

    def outcome(self):
        """Everything that is there, without what depends on who came first."""
        mine = {"enterprise__assignments__officer": self.officer}
        return {
            "operations": sorted(
                (str(one.client_id), one.kind, one.status, one.answer["code"])
                for one in Operation.objects.filter(user=self.officer)
            ),
            "visits": sorted(
                (
                    str(one.client_id),
                    one.promises.count(),
                    [found.issue.attachments.count() for found in one.findings.all()],
                )
                for one in Visit.objects.filter(officer=self.officer)
            ),
            "lines": sorted(
                (one.title, one.stage, one.version, one.events.count())
                for one in Issue.objects.filter(**mine)
            ),
        }


def finish(phone, outbox, photos):
    """Send whatever is left until nothing is."""
    for photo in photos:
        phone.upload(client_id=photo)
    while outbox:
        left = len(outbox)
        outbox = settled(outbox, phone.send(*outbox[:50]))
        assert len(outbox) < left


def settled(outbox, answers):
    """What stays in the outbox; of a conflict the person has decided to let it be."""
    final = {one["client_id"] for one in answers if one["status"] != "retry"}
    return [one for one in outbox if one["client_id"] not in final]


def mixed(scripts, order):
    """The order within each stays."""
    left = [list(one) for one in scripts]
    found = [left[turn].pop(0) for turn in order if left[turn]]
    return [*found, *left[0], *left[1]]


episodes = st.lists(st.sampled_from(EPISODES), max_size=4)
sendings = st.lists(
    st.tuples(st.integers(1, 8), st.booleans(), st.booleans(), st.booleans()), max_size=10
)


@pytest.mark.django_db
@given(
    plan=st.tuples(episodes, episodes),
    order=st.lists(st.integers(0, 1), max_size=24),
    sendings=sendings,
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_ends_as_if_sent_once(plan, order, sendings):
    once = Day(plan)
    finish(once.phone, mixed(once.done_at, []), once.photos)
    day = Day(plan)
    outbox, photos = mixed(day.done_at, order), list(day.photos)
    for size, twice, answer_lost, photo in sendings:
        if photo and photos:
            day.phone.upload(client_id=photos.pop(0))
        if not outbox:
            continue
        answers = day.phone.send(*outbox[:size])
        if twice:
            again = day.phone.send(*outbox[:size])
            # What has been answered for good is answered so again.
            for first, second in zip(answers, again, strict=True):
                assert first in (second, {**first, "status": "retry"})
        if not answer_lost:
            outbox = settled(outbox, answers)
    finish(day.phone, outbox, photos)
    assert day.outcome() == once.outcome()
