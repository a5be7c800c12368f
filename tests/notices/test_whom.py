"""Whom each step of a line concerns, against what was agreed, and nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from enterprises.actions import assign, assign_many, cover, hand_over, set_deputy
from issues.actions import make_move, note_on_issue, raise_issue
from issues.models import Issue
from issues.notices import CONCERNS, FOR_ENTERPRISES
from issues.roles import available_moves
from issues.workflow import MOVES, OPEN, CloseRule, Need, Role
from liaison.notices.delivering import deliver
from liaison.notices.models import Notice
from tests import factories as make
from tests.cast import cast_of

pytestmark = pytest.mark.django_db

# Who is told when somebody else takes the step, for an ordinary line whose handler is on leave.
TOLD = {
    "accept": set(),
    "start": set(),
    "wait": set(),
    "decline": {"handler", "acting", "raiser"},
    "withdraw": {"handler", "acting", "raiser"},
    "return": {"handler", "acting", "raiser"},
    "close": {"handler", "acting", "raiser"},
    "reopen": {"handler", "acting", "raiser"},
    "resume": {"handler", "acting"},  # by a contact; by a colleague nobody
    "note": {"handler", "acting"},  # the same
    "transfer": {"handler", "new"},
    "ask_extension": {"chief"},
    "grant_extension": {"handler", "acting"},
    "refuse_extension": {"handler", "acting"},
    "propose": None,  # by the close rule, below
    "dispute": None,  # the same, with the handler
}
# What the enterprise's contact is told besides, of an ordinary line; of nothing that is internal.
CONTACT_IS_TOLD = {
    "accept", "decline", "propose", "close", "reopen", "note", "grant_extension",
}  # fmt: skip
APPROVERS = {
    CloseRule.CHIEF: {"chief"},
    CloseRule.SECOND_OFFICER: {"chief", "deputy", "raiser"},
    CloseRule.CONTACT: {"desk"},
}
ONLY_FROM_THE_ENTERPRISE = {"resume", "note"}
KINDS = ("hazard", "other", "service", "case_lead")


def line_in(stage, kind):
    unit = make.StationFactory()
    return make.ISSUE_IN[stage](kind=kind, by=make.OfficerFactory(unit=unit), enterprise__unit=unit)


def told_of(issue, since):
    return set(
        Notice.objects.filter(pk__gt=since, kind__startswith="issue.").values_list(
            "recipient", flat=True
        )
    )


def test_every_move_was_thought_of():
    assert set(TOLD) == set(MOVES)
    # What nobody does is tested where it happens.
    by_itself = {"change_limit", "recompute", "silence"}
    assert set(FOR_ENTERPRISES) - by_itself == CONTACT_IS_TOLD | {"wait"}
    # A rating is no move: it has a verb of its own (tests/issues/after).
    told = {name for name, people in TOLD.items() if people != set()}
    assert set(CONCERNS) == told | {"raise", "rate", "silence"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_told_to_exactly_those_whom_it_concerns(name, kind):
    issue = line_in(MOVES[name].sources[0], kind)
    if MOVES[name].need in (Need.ASKED, Need.ASKED_IN_TIME):
        make.ExtensionFactory(issue=issue)
    cast = cast_of(issue)
    new = None
    moved = 0
    for who, person in cast.items():
        issue.refresh_from_db()
        if issue.stage not in MOVES[name].sources or name not in [
            one.name for one in available_moves(person, issue)
        ]:
            continue
        if moved and MOVES[name].target:
            continue  # the line has moved on; the same step is told alike whoever takes it
        since = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        # Told apart for a transfer, where the handler is another afterwards.
        former = issue.handler
        values = make.values_for(name, issue)
        files = make.proofs_for(issue, person) if MOVES[name].proofs else []
        make_move(issue, name, by=person, version=issue.version, values=values, files=files)
        issue.refresh_from_db()
        expected = TOLD[name]
        if expected is None:
            expected = APPROVERS[issue.close_rule]
        if name == "dispute":
            expected = expected | {"handler", "acting"}
        if name in ONLY_FROM_THE_ENTERPRISE and who != "contact":
            expected = set()
        if name in CONTACT_IS_TOLD:
            expected = expected | {"contact"}
        people = {cast[one].pk for one in expected if one in cast}
        if name == "transfer":
            people = {former.pk, issue.handler_id}
            new = issue.handler
        visible = {
            one.pk
            for one in [*cast.values(), *([new] if new else [])]
            if Issue.objects.visible_to(one).filter(pk=issue.pk).exists()
        }
        if name == "transfer":
            visible.add(former.pk)  # told by number alone
        if name == "propose" and issue.close_rule != CloseRule.SECOND_OFFICER:
            assert people & visible, "somebody must approve it"
        assert told_of(issue, since) == (people & visible) - {person.pk}, (name, who)
        moved += 1
    if issue.sensitive and MOVES[name].roles == {Role.CONTACT}:
        assert not moved, "a sensitive line is none of a contact's who did not raise it"
        return
    assert moved, "nobody could make the move: the test would prove nothing"


def test_two_quick_changes_are_told_each_in_its_own_words(configured, mailoutbox):
    """Failure 13: what is sent is what was said, not how things stand when it is sent."""
    line = make.RaisedIssueFactory(title="门岗照明")
    desk, first, second = (
        make.DeskFactory(unit=line.unit),
        *(make.reachable(make.OfficerFactory(unit=line.unit)) for _ in range(2)),
    )
    for handler, reason in ((first, "分管片区"), (second, "休假")):
        values = {"handler": handler.pk, "reason": reason}
        line = make_move(line, "transfer", by=desk, version=line.version, values=values)
    Issue.objects.filter(pk=line.pk).update(title="已改名")
    assert deliver() == {"sent": 3}
    said = {one.to[0]: one.subject + one.body for one in mailoutbox}
    assert said.keys() == {first.email, second.email}
    given, taken = (f"{words}：{line.number} 门岗照明" for words in ("转给您办理", "不再由您办理"))
    assert said[first.email].index(given) < said[first.email].index(taken)
    assert "分管片区" in said[first.email]
    assert given in said[second.email]
    assert taken not in said[second.email]
    assert "分管片区" not in said[second.email]
    assert "休假" in said[second.email]
    assert "已改名" not in "".join(said.values())


def test_a_new_line_is_told_to_its_handler_and_who_acts_for_him():
    enterprise = make.AssignedEnterpriseFactory()
    officer, desk = make.handler_of(enterprise), make.DeskFactory(unit=enterprise.unit)
    acting, today = make.OfficerFactory(unit=enterprise.unit), timezone.localdate()
    cover(officer, acting, starts_on=today, ends_on=today, by=desk)
    Notice.objects.all().delete()
    issue = make.RaisedIssueFactory(enterprise=enterprise, by=desk, title="堆料")
    told = Notice.objects.all()
    assert {one.recipient for one in told} == {officer, acting}
    for one in told:
        assert one.kind == "issue.raise"
        assert issue.number in one.title
        assert "堆料" in one.title
        assert one.occasion == f"event:{issue.events.get().pk}"
        client = Client()
        client.force_login(one.recipient)
        assert client.get(one.url).status_code == 200


@pytest.mark.parametrize(
    ("desk", "kind", "told"),
    [(True, "service", "desk"), (False, "service", "chief"), (True, "case_lead", "chief")],
)
def test_a_new_line_that_nobody_answers_for_is_told_to_the_desk_or_else_a_chief(desk, kind, told):
    unit = make.StationFactory()
    enterprise = make.EnterpriseFactory(unit=unit, by=make.DeskFactory(unit=unit))
    contact = make.ContactUserFactory(enterprise=enterprise)
    people = {"chief": make.ChiefFactory(unit=unit)}
    unit.people.filter(kind="desk").update(is_active=desk)
    people["desk"] = unit.people.get(kind="desk")
    raise_issue(enterprise, kind=make.kind_of(kind), title="线索", by=contact, source="portal")
    assert [one.recipient for one in Notice.objects.all()] == [people[told]]


def test_what_a_colleague_remarks_is_no_notice_and_what_the_enterprise_remarks_is():
    issue = make.WorkingIssueFactory()
    contact = make.ContactUserFactory(enterprise=issue.enterprise)
    Notice.objects.all().delete()
    note_on_issue(issue, by=make.ChiefFactory(unit=issue.unit), note="内部", internal=True)
    assert not Notice.objects.exists()
    note_on_issue(issue, by=contact, note="门锁已换")
    [told] = Notice.objects.all()
    assert (told.recipient, "门锁已换" in told.text) == (issue.handler, True)


def test_a_sensitive_line_is_named_to_nobody_outside_it():
    issue = make.RaisedIssueFactory(
        kind="case_lead", title="铝锭失窃线索", enterprise__unit=make.StationFactory(),
    )  # fmt: skip
    first, chief = issue.handler, make.ChiefFactory(unit=issue.unit)
    people = cast_of(issue)
    for name, person in (
        ("accept", first),
        ("start", first),
        ("propose", first),
        ("return", chief),
    ):
        issue.refresh_from_db()
        files = make.proofs_for(issue, person) if MOVES[name].proofs else []
        values = make.values_for(name, issue)
        make_move(issue, name, by=person, version=issue.version, values=values, files=files)
    issue.refresh_from_db()
    make_move(
        issue, "transfer", by=chief, version=issue.version,
        values={"handler": people["another_officer"].pk, "reason": "回避"},
    )  # fmt: skip
    named = Notice.objects.filter(title__contains="失窃") | Notice.objects.filter(
        text__contains="失窃"
    )
    insiders = {first, people["acting"], people["another_officer"], chief, people["chief"]}
    assert {one.recipient for one in named} <= insiders | {issue.raised_by}
    assert all(one.confidential for one in named)
    # Whose line it was knows that it is no longer, and no more than its number.
    told = Notice.objects.get(recipient=first, kind="issue.transfer")
    assert issue.number in told.title
    assert "失窃" not in told.title + told.text
    assert issue.number not in told.url


# --- enterprises ------------------------------------------------------------------------------


@pytest.fixture
def station():
    unit = make.StationFactory()
    desk = make.DeskFactory(unit=unit)
    first, second = make.OfficerFactory(unit=unit), make.OfficerFactory(unit=unit)
    mine = [make.AssignedEnterpriseFactory(unit=unit, officer=first, by=desk) for _ in range(20)]
    for enterprise in mine[:3]:
        make.RaisedIssueFactory(enterprise=enterprise, by=desk)
    Notice.objects.all().delete()
    return {"unit": unit, "desk": desk, "first": first, "second": second, "mine": mine}


def test_an_enterprise_that_changes_hands_is_told_to_both_and_its_lines_go_without_saying(station):
    enterprise = station["mine"][0]
    assign(enterprise, station["second"], by=station["desk"], replaces=station["first"])
    assert enterprise.issues.get().handler == station["second"]
    told = {one.recipient: one for one in Notice.objects.all()}
    assert set(told) == {station["first"], station["second"]}
    assert Notice.objects.count() == 2
    assert {one.kind for one in told.values()} == {"enterprise.assigned", "enterprise.given_away"}
    for officer, notice in told.items():
        assert enterprise.name in notice.title
        client = Client()
        client.force_login(officer)
        assert client.get(notice.url).status_code == 200


def test_a_hand_over_is_one_notice_for_each_however_much_it_is(station):
    lent = make.AssignedEnterpriseFactory(
        unit=station["unit"], officer=make.OfficerFactory(unit=station["unit"])
    )
    line = make.RaisedIssueFactory(enterprise=lent, by=station["desk"])
    make_move(
        line, "transfer", by=station["desk"], version=1,
        values={"handler": station["first"].pk, "reason": "熟悉"},
    )  # fmt: skip
    Notice.objects.all().delete()
    hand_over(station["first"], station["second"], by=station["desk"], reason="调离")
    assert Issue.objects.filter(handler=station["second"], stage__in=OPEN).count() == 4
    told = {one.recipient: one for one in Notice.objects.all()}
    assert Notice.objects.count() == 2
    assert set(told) == {station["first"], station["second"]}
    assert "20" in told[station["second"]].title
    assert "调离" in told[station["second"]].text
    client = Client()
    client.force_login(station["second"])
    assert client.get(told[station["second"]].url).status_code == 200


def test_lines_alone_that_are_handed_over_are_told_as_well(station):
    third = make.OfficerFactory(unit=station["unit"])
    line = Issue.objects.filter(handler=station["first"]).first()
    make_move(
        line, "transfer", by=station["desk"], version=1,
        values={"handler": third.pk, "reason": "熟悉"},
    )  # fmt: skip
    Notice.objects.all().delete()
    hand_over(third, station["second"], by=station["desk"], reason="调离")
    [told] = Notice.objects.all()
    assert told.recipient == station["second"]


def test_many_assigned_at_once_are_one_notice_for_each_officer(station):
    third = make.OfficerFactory(unit=station["unit"])
    was = str(station["first"].pk)
    chosen = {
        str(one.pk): (third if n % 2 else station["second"], was)
        for n, one in enumerate(station["mine"])
    }
    assert assign_many(chosen, by=station["desk"]) == 20
    told = list(Notice.objects.values_list("recipient", flat=True))
    assert sorted(told) == sorted([station["first"].pk, station["second"].pk, third.pk])


def test_somebody_who_serves_elsewhere_by_now_is_not_told(station):
    station["first"].unit = make.StationFactory()
    station["first"].save()
    enterprise = station["mine"][0]
    assign(enterprise, station["second"], by=station["desk"])
    assert [one.recipient for one in Notice.objects.all()] == [station["second"]]


def test_the_deputy_is_asked_to_approve_and_not_the_whole_station():
    issue = make.WorkingIssueFactory(kind="other")
    deputy = make.OfficerFactory(unit=issue.unit)
    for _ in range(5):
        make.OfficerFactory(unit=issue.unit)
    chief = make.ChiefFactory(unit=issue.unit)
    set_deputy(issue.enterprise, deputy, by=make.someone("desk", issue.unit))
    Notice.objects.all().delete()
    make.STEPS["propose"](issue)
    assert {one.recipient for one in Notice.objects.all()} == {deputy, chief}


def test_tomorrow_a_cover_is_over():
    issue = make.WorkingIssueFactory()
    acting, desk = make.OfficerFactory(unit=issue.unit), make.someone("desk", issue.unit)
    tomorrow = timezone.localdate() + timedelta(1)
    cover(issue.handler, acting, starts_on=tomorrow, ends_on=tomorrow, by=desk)
    contact = make.ContactUserFactory(enterprise=issue.enterprise)
    Notice.objects.all().delete()
    note_on_issue(issue, by=contact, note="还在等")
    assert {one.recipient for one in Notice.objects.all()} == {issue.handler}
