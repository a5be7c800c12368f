"""Whoever reads a log or the record of deeds opens nobody's night."""

import json
import logging
import logging.config
import uuid

import pytest
from django.conf import settings as site
from django.test import Client

from liaison.audit.models import Entry
from liaison.management.commands.serve import commands_for
from patrols.actions.doors import make_pin
from patrols.models import NightLink, NightOperation, NightPin
from tests import factories as make
from tests.factories.patrols import night_door
from tests.patrols.phone import codes, operation, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(capsys):
    """What the handlers of the settings have written, whichever logger said it."""
    logging.config.dictConfig({**site.LOGGING, "disable_existing_loggers": False})
    return lambda: "".join(capsys.readouterr())


def addresses(token, code):
    shot = uuid.uuid4()
    return [
        f"/n/{token}/",
        f"/n/{token}/data/",
        f"/n/{token}/operations/",
        f"/n/{token}/photos/{shot}/",
        f"/n/c/{code}/",
        # Nothing has such an address; somebody mistyped it.
        f"/n/{token}/dat/",
        f"/n/{token}",
    ]


def test_no_answer_of_any_sort_writes_a_key_into_the_log(written):
    link, token = night_door()
    code = codes(link.night)[0].token
    client = Client(raise_request_exception=False)
    seen = set()
    for ended in (False, True):
        if ended:
            NightLink.objects.filter(pk=link.pk).update(ended_at=link.made_at)
        for path in addresses(token, code):
            for ask in (client.get, client.post, client.put):
                seen.add(ask(path).status_code)
    assert {200, 400, 404, 405} <= seen
    said = written()
    assert "/n/***" in said
    assert token not in said
    assert code not in said


def test_a_request_that_breaks_the_server_writes_no_key(written, settings):
    _link, token = night_door()
    # A mistake of whoever set the server up.
    settings.PATROL_CLOCK_SKEW_SECONDS = "示例"
    client = Client(raise_request_exception=False)
    body = {"sent_at": "2026-03-05T22:00:00Z", "operations": [operation("start", run=1)]}
    path = f"/n/{token}/operations/"
    assert client.post(path, body, content_type="application/json").status_code == 500
    said = written()
    assert "TypeError" in said
    assert "/n/***" in said
    assert token not in said


def test_requests_are_logged_by_the_development_server_without_keys(written):
    logging.getLogger("django.server").info('"GET /n/s3cret-token/data/ HTTP/1.1" 200 5')
    assert '"GET /n/***/data/ HTTP/1.1" 200 5' in written()


def test_neither_record_nor_rows_have_a_key():
    link, token = night_door()
    by = make.ChiefFactory(unit=link.guard.unit)
    pin = make_pin(link.night, by=by)
    code = codes(link.night)[0]
    send(token, operation("check_in", code=code.token), operation("check_in", code="x" * 20))
    kept = [
        json.dumps(list(rows.values()), default=str)
        for rows in (
            Entry.objects.all(),
            NightLink.objects.all(),
            NightPin.objects.all(),
            NightOperation.objects.all(),
        )
    ]
    for secret in (token, pin, code.token):
        assert not any(secret in one for one in kept)


def test_the_web_server_keeps_no_log_of_requests():
    """Granian writes one only where it is asked to."""
    started = [" ".join(commands_for("127.0.0.1", 8000)["web"])]
    started += [(site.BASE_DIR / name).read_text() for name in ("Dockerfile", "docker-compose.yml")]
    assert not any("access-log" in one for one in started)
