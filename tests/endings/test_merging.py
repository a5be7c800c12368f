"""Two entries of one enterprise become one, in every app."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from enterprises.actions import change_stage, edit_enterprise
from enterprises.actions.importing.carrying import known_at
from enterprises.importing.planning import Planner
from enterprises.importing.rows import CleanRow
from enterprises.models import Contact, Enterprise, GateCode
from issues.models import Issue
from issues.workflow import STAGES
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from liaison.endings import relations
from liaison.endings.actions import merge
from liaison.endings.alike import bare_name, pairs_at
from liaison.endings.preview import preview_of
from liaison.endings.relations import RELATIONS, Way, pointing
from tests import factories as make
from tests.world import World

pytestmark = pytest.mark.django_db
LISTED = {(one.model, one.column) for one in RELATIONS}


@pytest.fixture
def unit():
    return make.StationFactory()


@pytest.fixture
def desk(unit):
    return make.DeskFactory(unit=unit)


@pytest.fixture
def pair(unit):
    return [
        make.AssignedEnterpriseFactory(unit=unit, name=name, credit_code="")
        for name in ("示例铝业", "示例铝业有限公司")
    ]


def merged(absorbed, survivor, by, reason="登记重复"):
    agreed = preview_of(absorbed, survivor).agreed
    return merge(absorbed, survivor, by=by, reason=reason, agreed=agreed)


def held(enterprise):
    return {(one.model, one.column): one.of(enterprise).count() for one in RELATIONS}


def test_every_relation_of_the_project_is_listed():
    """Whoever adds one says here what becomes of it."""
    assert set(pointing()) == LISTED


def test_everything_that_moves_moves_and_what_was_stays():
    """An enterprise that has something in every stage and every app."""
    world = World(STAGES)
    absorbed, desk = world.rows["enterprises"], world.people["desk"]
    Enterprise.objects.filter(pk=absorbed.pk).update(credit_code="")
    absorbed.refresh_from_db()
    survivor = make.AssignedEnterpriseFactory(unit=world.unit)
    before, there = held(absorbed), held(survivor)
    preview = merged(absorbed, survivor, desk)
    after, now = held(absorbed), held(survivor)
    moved = {one.relation.model for one in preview.holdings if one.moves}
    assert moved >= {"issues.Issue", "visits.Visit", "workers.Worker", "patrols.Guard"}
    for one in RELATIONS:
        key = (one.model, one.column)
        if one.way is Way.MOVES or key == ("enterprises.Contact", "enterprise"):
            assert (after[key], now[key]) == (0, there[key] + before[key]), key
        elif one.way is Way.STAYS and one.model != "patrols.Duty":
            # Its end is one stage more, and perhaps an officer; nights ahead it serves no more.
            assert after[key] >= before[key], key
    absorbed.refresh_from_db()
    assert (absorbed.stage, absorbed.merged_into) == ("closed", survivor)
    assert Entry.objects.filter(action="enterprise.merged").count() == 1


def test_open_lines_follow_to_who_answers_for_the_one_that_stays(pair, desk):
    absorbed, survivor = pair
    line = make.WorkingIssueFactory(enterprise=absorbed)
    merged(absorbed, survivor, desk)
    line.refresh_from_db()
    assert (line.enterprise, line.handler) == (survivor, make.handler_of(survivor))


def test_where_nobody_answered_the_officer_of_the_other_does(unit, desk, pair):
    survivor = make.EnterpriseFactory(unit=unit)
    officer = make.handler_of(pair[0])
    merged(pair[0], survivor, desk)
    assert make.handler_of(survivor) == officer


def test_facts_that_only_the_other_had_are_taken_over_and_no_others(unit, desk, pair):
    absorbed = make.EnterpriseFactory(
        unit=unit, credit_code="91370285MA3C00001X", industry="铝材加工", headcount=80
    )
    survivor = pair[1]
    edit_enterprise(survivor, {"industry": "有色金属"}, by=desk, version=survivor.version)
    survivor.refresh_from_db()
    shown = preview_of(absorbed, survivor)
    merged(absorbed, survivor, desk)
    survivor.refresh_from_db()
    assert survivor.credit_code == "91370285MA3C00001X"
    assert (survivor.industry, survivor.headcount) == ("有色金属", 80)
    assert "industry" not in shown.facts
    assert Enterprise.objects.get(pk=absorbed.pk).credit_code == ""


def test_somebody_is_first_to_call_once_and_an_account_is_there_once(pair, desk):
    absorbed, survivor = pair
    for one in pair:
        make.ContactFactory(enterprise=one, is_primary=True)
    person = make.ContactUserFactory(enterprise=absorbed)
    Contact.objects.create(enterprise=survivor, name="同一人", user=person)
    merged(absorbed, survivor, desk)
    present = Contact.objects.filter(enterprise=survivor).present()
    assert present.filter(is_primary=True).count() == 1
    assert present.filter(user=person).count() == 1
    assert not Contact.objects.filter(enterprise=absorbed).exists()


def test_the_card_at_the_gate_leads_to_the_entry_that_stays(pair, desk):
    code = make.gate_code_of(pair[0])
    assert cards_that_go(pair) == 1
    merged(*pair, desk)
    assert GateCode.objects.holding().get(pk=code.pk).enterprise == pair[1]


def test_of_two_cards_that_of_the_entry_that_stays_holds(pair, desk):
    codes = [make.gate_code_of(one) for one in pair]
    assert cards_that_go(pair) == 0
    merged(*pair, desk)
    assert GateCode.objects.holding().get() == codes[1]


def cards_that_go(pair):
    """As the preview says before."""
    shown = preview_of(*pair).holdings
    return sum(one.moves for one in shown if one.relation.model == "enterprises.GateCode")


def test_who_was_seen_under_either_was_seen(pair, desk):
    absorbed, survivor = pair
    at = timezone.now() - timedelta(hours=3)
    make.VisitFactory(enterprise=absorbed, happened_at=at, by=make.handler_of(absorbed))
    merged(absorbed, survivor, desk)
    survivor.refresh_from_db()
    assert survivor.cadence.last_contact_at == at


def refusals(unit, pair):
    absorbed = pair[0]
    closed = make.EnterpriseFactory(unit=unit, stage="closed")
    coded = [
        make.EnterpriseFactory(unit=unit, credit_code=code)
        for code in ("91370285MA3C00001X", "91370285MA3C00002W")
    ]
    yield "itself", absorbed, absorbed
    yield "closed", absorbed, closed
    yield "codes", *coded
    yield "elsewhere", absorbed, make.EnterpriseFactory()


def test_what_may_not_be_merged_is_said_and_nothing_is_written(unit, desk, pair):
    for name, absorbed, survivor in refusals(unit, pair):
        assert preview_of(absorbed, survivor).obstacles, name
        with pytest.raises(Refused):
            merged(absorbed, survivor, desk)
        absorbed.refresh_from_db()
        assert absorbed.merged_into is None


@pytest.mark.parametrize("kind", ["officer", "auxiliary", "bureau", "stranger"])
def test_only_desk_and_chiefs_of_the_station_merge(unit, pair, kind):
    by = {
        "officer": lambda: make.OfficerFactory(unit=unit),
        "auxiliary": lambda: make.AuxiliaryFactory(unit=unit),
        "bureau": lambda: make.BureauUserFactory(unit=unit.parent),
        "stranger": lambda: make.DeskFactory(unit=make.StationFactory()),
    }[kind]()
    with pytest.raises(Refused, match=r".+") as said:
        merged(*pair, by)
    assert said.value.code == "not_yours"


def test_without_a_reason_nothing_is_merged(pair, desk):
    with pytest.raises(Refused) as said:
        merged(*pair, desk, reason="  ")
    assert (said.value.code, said.value.field) == ("missing", "reason")


def test_what_has_changed_since_it_was_looked_at_is_looked_at_again(pair, desk):
    agreed = preview_of(*pair).agreed
    make.RaisedIssueFactory(enterprise=pair[0])
    with pytest.raises(Conflict) as said:
        merge(*pair, by=desk, reason="登记重复", agreed=agreed)
    assert said.value.code == "changed"
    assert Issue.objects.get().enterprise == pair[0]


def test_a_relation_that_nobody_listed_refuses_while_it_holds_something(pair, desk, monkeypatch):
    fewer = tuple(one for one in RELATIONS if one.model != "issues.Issue")
    monkeypatch.setattr(relations, "RELATIONS", fewer)
    assert preview_of(*pair).obstacles == []
    make.RaisedIssueFactory(enterprise=pair[0])
    assert "issues.Issue.enterprise" in preview_of(*pair).obstacles[0]


def test_what_was_merged_is_only_a_pointer(pair, desk):
    absorbed, survivor = pair
    merged(absorbed, survivor, desk)
    absorbed.refresh_from_db()
    for verb in (
        lambda: change_stage(absorbed, "operating", by=desk, version=absorbed.version),
        lambda: edit_enterprise(absorbed, {"note": "x"}, by=desk, version=absorbed.version),
        lambda: merged(absorbed, survivor, desk),
    ):
        with pytest.raises(Refused):
            verb()
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.filter(pk=absorbed.pk).update(stage="operating")


def test_pointers_never_form_a_chain(unit, pair, desk):
    absorbed, survivor = pair
    last = make.AssignedEnterpriseFactory(unit=unit)
    merged(absorbed, survivor, desk)
    survivor.refresh_from_db()
    merged(survivor, last, desk)
    assert set(Enterprise.objects.filter(merged_into=last)) == {absorbed, survivor}


def test_an_old_list_does_not_bring_it_back(unit, pair, desk):
    absorbed, survivor = pair
    merged(absorbed, survivor, desk)
    row = CleanRow(number=1, fields={"name": absorbed.name, "address": absorbed.address})
    (planned,) = Planner(known_at(unit)).plan([row])
    assert planned.outcome == "unchanged"
    assert survivor.name in planned.messages[0]["message"]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("示例铝业有限公司", "示例铝业"),
        ("示例铝业（青岛）有限责任公司", "示例铝业青岛"),
        ("示例铝业集团股份有限公司", "示例铝业"),
        ("公司", "公司"),
    ],
)
def test_names_are_compared_without_their_legal_form(name, bare):
    assert bare_name(name) == bare


def test_entries_that_look_alike_are_found_and_others_are_not(unit, pair):
    others = make.EnterpriseFactory.create_batch(2, unit=unit)
    for one in others:
        make.ContactFactory(enterprise=one, phone="13800000001")
    coded = [
        make.EnterpriseFactory(unit=unit, name=name, credit_code=code)
        for name, code in (
            ("样品机械", "91370285MA3C00001X"),
            ("样品机械有限公司", "91370285MA3C00002W"),
        )
    ]
    found = [{one.one, one.other} for one in pairs_at(unit)]
    assert found == [set(pair), set(others)]
    assert not any(set(coded) <= one for one in found)
