"""A secret address never reaches the log."""

import logging
import logging.config

import pytest
from django.conf import settings as site
from django.test import Client

from liaison.core.log_secrets import HideSecrets


@pytest.mark.parametrize(
    ("said", "args", "written"),
    [
        ("Not Found: %s", ("/feeds/s3cr-et_X.ics",), "Not Found: /feeds/***"),
        ('"GET /feeds/s3cret.ics?x=1 HTTP/1.1" %s', (200,), '"GET /feeds/***?x=1 HTTP/1.1" 200'),
        ("Not Found: %s", ("/week/calendar/",), "Not Found: /week/calendar/"),
    ],
)
def test_what_follows_feeds_is_blotted_out(said, args, written):
    record = logging.LogRecord("x", logging.INFO, "x", 1, said, args, None)
    assert HideSecrets().filter(record)
    assert record.getMessage() == written


@pytest.mark.django_db
def test_a_feed_that_is_not_there_is_logged_without_its_token(capsys):
    """Through the handlers of the settings, whichever logger says it."""
    logging.config.dictConfig({**site.LOGGING, "disable_existing_loggers": False})
    assert Client().get("/feeds/a-token-that-ended.ics").status_code == 404
    logging.getLogger("django.server").warning('"GET /feeds/a-token-that-ended.ics" 404')
    written = capsys.readouterr().err
    assert written.count("/feeds/***") == 2
    assert "a-token-that-ended" not in written
