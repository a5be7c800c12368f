"""What every test shares."""

import gc

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings

from tests.emptying import AsMigrated

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker, tmp_path_factory):
    """For fixtures that are dear to make: a transaction around all tests of a file, each of which
    is undone by itself. Only for tests that look at what they were given through the database, and
    none of which commits."""
    theirs = {"MEDIA_ROOT": tmp_path_factory.mktemp("media"), "PASSWORD_HASHERS": QUICK}
    with django_db_blocker.unblock(), override_settings(**theirs), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def private_media(request, settings, tmp_path):
    """Uploads of a test, or of a file with ``module_db``, stay in a folder of their own."""
    if "module_db" not in request.fixturenames:
        settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def static_files_when_asked_for(settings):
    """Each test client has a WhiteNoise of its own, which goes through all of static/ when it
    begins, for longer than most pages take; it can look for a file when one is asked for."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 is slow by design; only its own tests need it."""
    settings.PASSWORD_HASHERS = QUICK
