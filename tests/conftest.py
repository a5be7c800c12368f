"""What every test shares."""

import gc
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from pytest_django.plugin import blocking_manager_key

from tests.emptying import AsMigrated
from tests.migrating import Migrated

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


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config):
    # Where there are workers, this is the process that started them, and they have ended.
    if config.getoption("numprocesses", default=None) and not hasattr(config, "workerinput"):
        with config.stash[blocking_manager_key].unblock():
            Migrated(config._tmp_path_factory.getbasetemp()).forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, tmp_path_factory, django_db_modify_db_settings):
    """One of the workers migrates its database while the others wait, and copy it."""
    if not hasattr(request.config, "workerinput"):
        yield None
        return
    # Each worker has a folder in that of the run.
    migrated = Migrated(tmp_path_factory.getbasetemp().parent)
    with pytest.MonkeyPatch.context() as patch, ExitStack() as turn:
        migrated.copied_or_first(patch, until=turn)
        yield migrated, turn


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings, django_db_setup, django_db_blocker):
    """After a test that commits, the database is brought back by tests/emptying.py."""
    with django_db_blocker.unblock():
        if django_db_modify_db_settings:
            migrated, turn = django_db_modify_db_settings
            with turn:
                migrated.lay_aside()
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
