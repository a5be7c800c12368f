"""What every test shares."""

import gc

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from tests.emptying import AsMigrated


def pytest_report_header():
    cache = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    return f"database: {connection.vendor}, broker: {settings.CELERY_BROKER_URL}, cache: {cache}"


def pytest_collection_modifyitems(items):
    for item in items:
        # `pytest` by hand, without tests/run.py, has SQLite: leave out what cannot be true there.
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))


def pytest_collection_finish():
    # What is imported by now stays: the collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """After a test that commits, the database is brought back by tests/emptying.py."""
    with django_db_blocker.unblock():
        as_migrated = AsMigrated()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _self: as_migrated.restore())
        yield


@pytest.fixture(autouse=True)
def private_media(settings, tmp_path):
    """Uploads of a test stay in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def static_files_when_asked_for(settings):
    """Each test client has a WhiteNoise of its own, which goes through all of static/ when it
    begins, for longer than most pages take; it can look for a file when one is asked for."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 is slow by design; only its own tests need it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
