"""Every address x every role, from the URL configuration: a new URL without a rule fails."""

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from liaison.accounts.access import rule_of
from liaison.accounts.middleware import OWN_RULES
from tests import factories as make

ROLES = ("anonymous", "officer", "auxiliary", "chief", "desk", "bureau", "contact")


def addresses(resolver=None, prefix=""):
    """(route, view) of every address below the resolver."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry


OURS = [
    (route, entry)
    for route, entry in addresses()
    if not entry.callback.__module__.startswith(OWN_RULES) and not route.startswith("admin/")
]


def test_there_are_addresses_to_walk():
    assert len(OURS) > 40


@pytest.mark.parametrize(("route", "entry"), OURS, ids=[route for route, _ in OURS])
def test_every_view_carries_a_rule(route, entry):
    assert rule_of(entry.callback) is not None, (
        f"{route}: mark the view with @open_to(...) from liaison.accounts.access"
    )


@pytest.fixture
def world(db):
    """A station with something of everything, and people of every role at it and elsewhere."""
    proposed = make.ProposedIssueFactory(kind="other")
    unit = proposed.unit
    visit = make.VisitFactory(enterprise=proposed.enterprise)
    inspection = make.InspectionFactory(enterprise=proposed.enterprise)
    people = {
        "officer": make.OfficerFactory(unit=unit),
        "auxiliary": make.AuxiliaryFactory(unit=unit),
        "chief": make.ChiefFactory(unit=unit),
        "desk": make.DeskFactory(unit=unit),
        "bureau": make.BureauUserFactory(unit=unit.parent),
        "contact": make.ContactUserFactory(enterprise=proposed.enterprise),
    }
    return {
        "issue": proposed,
        "visit": visit,
        "inspection": inspection,
        "people": people,
        "strangers": {
            "officer": make.OfficerFactory(),
            "chief": make.ChiefFactory(),
            "contact": make.ContactUserFactory(),
        },
    }


def path_of(entry, world):
    """A real address: what each argument stands for, by the address it is in."""
    issue = world["issue"]
    by_name = {
        "number": issue.number,
        "move": "note",
        "kind": "csv",
        "outgoing": issue.handler_id,
        "incoming": world["people"]["officer"].pk,
    }
    by_route = {
        "enterprises/": issue.enterprise_id,
        "visits/inspections/": world["inspection"].pk,
        "visits/": world["visit"].pk,
        "issues/": issue.pk,
    }
    name = entry.name or ""
    kwargs = {}
    for argument in entry.pattern.regex.groupindex:
        if argument in by_name:
            kwargs[argument] = by_name[argument]
        elif argument == "file" or name.startswith("evidence"):
            kwargs[argument] = str(uuid.UUID(int=7))
        elif name.startswith("inspection"):
            kwargs[argument] = by_route["visits/inspections/"]
        elif name.startswith("visit"):
            kwargs[argument] = by_route["visits/"]
        elif name.startswith("issue"):
            kwargs[argument] = by_route["issues/"]
        elif name.startswith("enterprise"):
            kwargs[argument] = by_route["enterprises/"]
        elif name in ("promise_keep", "cover_cancel"):
            kwargs[argument] = 10**9
        else:
            pytest.fail(f"{name}: say in path_of what “{argument}” stands for")
    return reverse(name, kwargs=kwargs)


NAMED = [(route, entry) for route, entry in OURS if entry.name]


@pytest.mark.parametrize("role", ROLES)
def test_a_page_answers_as_its_rule_says(role, world):
    client = Client()
    if role != "anonymous":
        client.force_login(world["people"][role])
    for route, entry in NAMED:
        rule = rule_of(entry.callback)
        status = client.get(path_of(entry, world)).status_code
        assert status < 500, route
        if role == "anonymous":
            expected = {200, 405} if rule.anonymous else {302, 401, 405}
            assert status in expected, (route, status)
        elif not rule.admits(world["people"][role]):
            assert status in {404, 405}, (route, status)


@pytest.mark.parametrize("role", ["officer", "chief", "contact"])
def test_what_belongs_to_another_station_is_not_there(role, world):
    client = Client()
    client.force_login(world["strangers"][role])
    walked = 0
    for route, entry in NAMED:
        if not entry.pattern.regex.groupindex.keys() & {"pk", "number"}:
            continue
        answer = client.get(path_of(entry, world))
        assert answer.status_code in {404, 405}, (route, answer.status_code)
        assert world["issue"].title.encode() not in answer.content
        walked += 1
    assert walked > 10


def test_nobody_finds_another_stations_rows_in_a_list(world):
    for stranger in world["strangers"].values():
        client = Client()
        client.force_login(stranger)
        for name in ("/enterprises/", "/issues/?state=all", "/visits/", "/api/v1/issues/"):
            body = client.get(name).content.decode()
            assert world["issue"].enterprise.name not in body
