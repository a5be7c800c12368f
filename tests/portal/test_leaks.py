"""What a contact may not read: anything of a neighbour at the same station, and of their own
enterprise what is for the station alone. Every address there is, from the URL configuration."""

import re
from uuid import UUID

import pytest
from django.apps import apps
from django.core import mail

from green_channel.models import Item, Requirement
from issues.actions import note_on_issue, return_issue, transfer_issue
from liaison.notices.delivering import deliver
from tests import factories as make
from tests.addresses import NAMED
from tests.rows import OURS
from tests.test_access_grid import GONE, OPEN_TO_ITS_HOLDER, OTHER_METHODS, read, signed_in
from tests.world import World

# What can be applied for at the station is for all its enterprises.
CATALOGUE = "portal/green/items/"
# Secret links: what they open is for whoever holds them.
KEYS = {"token", "code", "key"}
# Ways to ask a list for somebody else's rows.
GUESSES = ("q", "search", "enterprise", "number", "issue", "unit", "id", "ids", "client_id", "next")
# What an enterprise reads of the police by right: who they are, and what can be applied for there.
OF_THE_STATION = {"accounts.Unit", "green_channel.Item", "green_channel.Requirement"}


@pytest.fixture(scope="module")
def made(module_db):
    return World()


@pytest.fixture
def world(db, made):
    return made


def rows_by_model():
    return {
        model._meta.label: {row[0]: row for row in model._default_manager.values_list()}
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if model._meta.label not in OF_THE_STATION
    }


def telling(rows):
    """Texts and keys that would betray a row: not codes, which every page is made of."""
    texts = {value for row in rows for value in row if isinstance(value, (str, UUID))}
    return {str(one) for one in texts if re.search(r"[^\x00-\x7f]|\d{4}|[0-9a-f-]{32}", str(one))}


def answers(person, world):
    """Everything that they get by asking for it: each address, each guess, each way."""
    rows = world.rows
    named = {
        "q": rows["enterprises"].name, "search": rows["issues"].number,
        "enterprise": rows["enterprises"].pk, "number": rows["issues"].number,
        "issue": rows["issues"].number, "unit": world.unit.code, "id": rows["visits"].pk,
        "ids": rows["issues"].pk, "client_id": rows["visits"].client_id,
        "next": f"/issues/{rows['issues'].number}/",
    }  # fmt: skip
    assert set(named) == set(GUESSES)
    for address in NAMED:
        # Anew each time: some of what is asked for signs one out.
        client = signed_in(person)
        where = address.path(world.stands_for)
        asked = [{}] if address.arguments else [{}, *({one: named[one]} for one in GUESSES)]
        for query in asked:
            yield address, "get", client.get(where, query)
        yield address, "post", client.post(where, {} if address.arguments else named)
        for method in OTHER_METHODS:
            yield address, method, getattr(client, method)(where)


def read_in(answer):
    """Its words. What was asked is written back into boxes and ways back: that tells nothing."""
    return re.sub(r'(value|action|href)="[^"]*"', "", read(answer).decode("utf-8", "replace"))


def test_nothing_of_a_neighbour_is_read_by_any_address_number_or_guess(world):
    before = rows_by_model()
    own = make.AssignedEnterpriseFactory(
        unit=world.unit, officer=make.OfficerFactory(unit=world.unit)
    )
    neighbour = make.ContactUserFactory(enterprise=own)
    after = rows_by_model()
    mine = telling(
        row for label, rows in after.items() for pk, row in rows.items() if pk not in before[label]
    )
    # A contact of a station at which there is nothing: what they read is said to everybody.
    said = "".join(
        read_in(answer)
        for address, _method, answer in answers(make.ContactUserFactory(), world)
        if not {name for _word, name in address.arguments} & KEYS
    )
    # What can be applied for at the station, all its enterprises read; a line is called after it.
    for named in (Item, Requirement):
        said += " ".join(named.objects.values_list("name", flat=True))
    theirs = {
        one
        for one in telling(row for rows in before.values() for row in rows.values()) - mine
        if one not in said and one not in " ".join(mine)
    }
    # What everybody can read is no secret, unless it should be one.
    rows = world.rows
    assert {
        rows["enterprises"].name, rows["contacts"].name, rows["issues"].title,
        rows["issues"].number, rows["visits"].summary, str(rows["evidence"].pk),
    } <= theirs  # fmt: skip
    walked = 0
    for address, method, answer in answers(neighbour, world):
        asked = (address.route, method, answer.status_code)
        names = {name for _word, name in address.arguments}
        of_all = address.route.startswith(CATALOGUE)
        if names and not names <= OPEN_TO_ITS_HOLDER and not of_all:
            assert answer.status_code in GONE, asked
            walked += 1
        assert answer.status_code < 500, asked
        if names & KEYS:
            continue
        text = read_in(answer)
        leaked = [one for one in theirs if one in text]
        assert not leaked, (*asked, leaked)
    assert walked > 100
    # What was there before the neighbour came is as it was.
    now = rows_by_model()
    for label, rows in before.items():
        assert {pk: now[label].get(pk) for pk in rows} == rows, label


def test_what_is_for_the_station_alone_is_read_by_no_contact_anywhere(
    world, django_capture_on_commit_callbacks
):
    line = world.rows["issues"]
    officer = make.handler_of(world.rows["enterprises"])
    chief, contact = world.people["chief"], world.people["contact"]
    contact.email = "contact@example.org"
    contact.save()
    mark = "内部话-7f3a"
    with django_capture_on_commit_callbacks(execute=True):
        line.refresh_from_db()
        note_on_issue(line, by=officer, note=f"{mark}备注", internal=True)
        note_on_issue(line, by=officer, note="给企业看的话")
        line = return_issue(line, by=chief, version=line.version, reason=f"{mark}退回")
        transfer_issue(
            line,
            by=chief,
            version=line.version,
            handler=world.people["officer"],
            reason=f"{mark}移交",
        )
        deliver()
    read_by_contact = [
        (address.route, method, read_in(answer))
        for address, method, answer in answers(contact, world)
    ]
    assert any("给企业看的话" in text for _route, _method, text in read_by_contact)
    assert not [(route, method) for route, method, text in read_by_contact if mark in text]
    sent = [
        str(one.message()) + one.subject + one.body
        for one in mail.outbox
        if contact.email in one.to
    ]
    assert not [one for one in sent if mark in one]
    # A visit's own notes are the officer's; what was promised is the enterprise's.
    summary = world.rows["visits"].summary
    assert summary
    assert not [route for route, _method, text in read_by_contact if summary in text]
