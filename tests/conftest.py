"""What every test shares."""

import pytest
from django.conf import settings
from django.db import connection


def pytest_report_header():
    cache = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    return f"database: {connection.vendor}, broker: {settings.CELERY_BROKER_URL}, cache: {cache}"


def pytest_collection_modifyitems(items):
    for item in items:
        # `pytest` by hand, without tests/run.py, has SQLite: leave out what cannot be true there.
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))
        # A test that commits is followed by emptying every table; without this the rows that
        # migrations made (kinds, policies, rules) would be missing from the next one on.
        if commits(item):
            again = pytest.mark.django_db(transaction=True, serialized_rollback=True)
            item.add_marker(again, append=False)


def commits(item):
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and marker.kwargs.get("transaction", False)
    return asked or bool({"live_server", "transactional_db"} & set(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Let the tables be emptied after a test that commits, also the append-only ones.

    Django empties by DELETE on SQLite, which those tables' triggers refuse; they are put aside for
    that moment. PostgreSQL truncates, which row triggers do not see. For the whole session,
    because the emptying comes after every fixture of a test has been undone.
    """
    if connection.vendor != "sqlite":
        yield
        return
    flush = connection.ops.execute_sql_flush

    def flush_without_triggers(statements):
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        dropped = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
        flush([*dropped, *statements, *(sql for _, sql in triggers)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "execute_sql_flush", flush_without_triggers)
        yield


@pytest.fixture(autouse=True)
def private_media(settings, tmp_path):
    """Uploads of a test stay in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 is slow by design; only its own tests need it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
