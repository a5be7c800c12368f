"""Every form of a contact that costs is counted: by person, by enterprise, by address."""

import pytest

from issues.models import Posting
from tests import factories as make
from tests.addresses import NAMED
from tests.test_access_grid import read, signed_in
from tests.world import World

COSTS = (
    "portal_green_apply", "portal_green_bring", "portal_worker_batch_new",
    "portal_worker_batch_repair", "portal_worker_batch_photos", "portal_worker_photo_new",
    "portal_document_reply", "portal_order_answer",
)  # fmt: skip
BY = {name: address for address in NAMED if (name := address.name) in COSTS}


@pytest.fixture(scope="module")
def made(module_db):
    return World()


@pytest.fixture
def world(db, made):
    return made


def send(person, name, world, **more):
    typed = {"text": "说明文字", "words": "说明文字"}
    return signed_in(person).post(BY[name].path(world.stands_for), typed, **more)


@pytest.mark.parametrize("name", COSTS)
def test_one_person_may_not_send_without_end(name, world, settings):
    settings.PORTAL_REPLIES_BY_ACCOUNT = 2
    contact = world.people["contact"]
    assert 429 not in [send(contact, name, world).status_code for _ in range(2)]
    answer = send(contact, name, world)
    assert answer.status_code == 429
    assert "分钟" in read(answer).decode()
    # Nobody at the station is counted.
    assert not Posting.objects.exclude(user=contact).exists()


def test_an_enterprise_may_not_by_several_people(world, settings):
    settings.PORTAL_REPLIES_BY_ENTERPRISE = 2
    contact = world.people["contact"]
    colleague = make.ContactUserFactory(enterprise=world.rows["enterprises"])
    for person in (contact, colleague):
        assert send(person, "portal_document_reply", world).status_code != 429
    assert send(colleague, "portal_document_reply", world).status_code == 429
    assert "说明文字" in read(send(contact, "portal_document_reply", world)).decode()
    elsewhere = world.strangers["contact"]
    assert send(elsewhere, "portal_green_apply", world).status_code != 429


def test_an_address_may_not_by_several_enterprises(world, settings):
    settings.PORTAL_REPLIES_BY_ADDRESS = 1
    from_there = {"REMOTE_ADDR": "192.0.2.7"}
    contact = world.people["contact"]
    assert send(contact, "portal_document_reply", world, **from_there).status_code != 429
    assert send(contact, "portal_document_reply", world, **from_there).status_code == 429
    assert send(contact, "portal_document_reply", world).status_code != 429
