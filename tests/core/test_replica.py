"""Who reads from the copy of the database and who from the primary, through the real middleware.

The copy is a second database without what a test has made, so it says by what is on the page where
the page was read.
"""

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from enterprises.models import Cadence, Enterprise
from liaison.accounts.feed_links import make_feed_link
from liaison.accounts.models import Unit, User
from liaison.core import replica
from liaison.core.replica import PRIMARY, REPLICA, Away, ReplicaMiddleware
from tests import factories as make
from tests.api.people import client_of

pytestmark = [
    pytest.mark.usefixtures("second_database"),
    pytest.mark.django_db(databases=["default", "replica"]),
]
PAGE, API = "/enterprises/", "/api/v1/enterprises/"
CHINA, THERE = "示例在主库", "示例在副本"


@pytest.fixture(scope="module")
def second_database(django_db_setup, django_db_blocker):
    """The tables of this leg's database once more, under a name of their own."""
    creation = connection.creation
    with django_db_blocker.unblock():
        connection.close()
        creation.clone_test_db("replica", verbosity=0, autoclobber=True)
        connections.settings[REPLICA] = creation.get_test_db_clone_settings("replica")
        yield
        connections[REPLICA].close()
        del connections[REPLICA], connections.settings[REPLICA]
        creation.destroy_test_db(suffix="replica", verbosity=0)


@pytest.fixture
def copy(db, settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    settings.DATABASE_ROUTERS = ["liaison.core.replica.ReplicaRouter"]
    monkeypatch.setattr(replica, "away", Away())
    return connections[REPLICA]


@pytest.fixture
def officer(copy):
    """At a station with one enterprise, which has another name in the copy."""
    enterprise = make.EnterpriseFactory(name=CHINA)
    for model in (Unit, Enterprise, Cadence):
        for row in model.objects.using(PRIMARY):
            row.save(using=REPLICA, force_insert=True)
    Enterprise.objects.using(REPLICA).update(name=THERE)
    return make.OfficerFactory(unit=enterprise.unit)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def read_by(client, path=PAGE):
    """Where the page was read."""
    text = client.get(path).content.decode()
    assert (CHINA in text) != (THERE in text)
    return PRIMARY if CHINA in text else REPLICA


def test_whoever_only_reads_reads_from_the_copy(officer):
    assert read_by(browser(officer)) == REPLICA
    assert read_by(client_of(officer), API) == REPLICA


def test_after_a_write_one_reads_from_the_primary_everywhere_and_others_do_not(officer):
    colleague = browser(make.OfficerFactory(unit=officer.unit))
    at_the_desk, on_the_phone = browser(officer), client_of(officer)
    at_the_desk.post(reverse("feed_make"))
    assert read_by(at_the_desk) == read_by(on_the_phone, API) == PRIMARY
    assert read_by(browser(officer)) == PRIMARY
    assert read_by(colleague) == REPLICA


def test_a_program_that_wrote_reads_from_the_primary(officer):
    program = client_of(make.DeskFactory(unit=officer.unit))
    enterprise = Enterprise.objects.get(name=CHINA)
    body = {"officer": officer.pk}
    assert program.post(f"{API}{enterprise.pk}/assign/", body, "json").status_code == 200
    assert read_by(program, API) == PRIMARY


def test_it_ends_after_some_seconds(officer, time_machine):
    client = browser(officer)
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client.post(reverse("feed_make"))
    where = []
    for seconds in (0, site.REPLICA_STICKY_SECONDS - 1, site.REPLICA_STICKY_SECONDS + 1):
        time_machine.move_to(start + timedelta(seconds=seconds), tick=False)
        where.append(read_by(client))
    assert where == [PRIMARY, PRIMARY, REPLICA]


def test_a_post_that_writes_nothing_makes_nobody_stay(officer):
    client = browser(officer)
    assert client.post(PAGE).status_code == 200
    assert read_by(client) == REPLICA


def test_a_session_that_is_put_off_makes_nobody_stay(officer, time_machine):
    client = browser(officer)
    start = timezone.now()
    for minutes in (6, 12, 18):
        time_machine.move_to(start + timedelta(minutes=minutes))
        answer = client.get(PAGE)
        assert "sessionid" in answer.cookies, "written anew"
        assert THERE in answer.content.decode()
        assert read_by(client) == REPLICA


def test_an_ended_session_a_closed_account_and_a_token_that_is_gone_hold_at_once(officer):
    client, program = browser(officer), client_of(officer)
    copied = {field.attname: getattr(officer, field.attname) for field in User._meta.fields}
    User(**copied).save(using=REPLICA, force_insert=True)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert User.objects.using(REPLICA).get(pk=officer.pk).is_active
    assert client.get(PAGE).status_code == 302
    assert program.get(API).status_code == 401


def ask(method, question, person):
    """What a view of this person is told; the request passes the middleware."""
    request = RequestFactory().generic(method, "/")
    request.user = person
    return ReplicaMiddleware(lambda _request: question())(request)


def reads():
    return Enterprise.objects.all().db


def in_a_transaction():
    with transaction.atomic():
        return reads()


def after_a_write():
    Enterprise.objects.filter(pk=0).update(name="")
    return reads()


@pytest.mark.parametrize(
    ("method", "question", "where"),
    [
        ("GET", reads, REPLICA),
        ("HEAD", reads, REPLICA),
        ("POST", reads, PRIMARY),
        ("OPTIONS", reads, PRIMARY),
        ("GET", in_a_transaction, PRIMARY),
        ("GET", after_a_write, PRIMARY),
        ("GET", lambda: Enterprise.objects.select_for_update().db, PRIMARY),
        ("GET", lambda: User.objects.all().db, PRIMARY),
    ],
)  # fmt: skip
def test_where_a_view_reads(officer, method, question, where):
    assert ask(method, question, officer) == where


def test_who_is_not_known_reads_from_the_primary(officer):
    assert ask("GET", reads, AnonymousUser()) == PRIMARY


def test_tasks_and_commands_read_from_the_primary(officer, capsys):
    assert reads() == PRIMARY
    # In the copy there is nobody of this name.
    call_command("account", "password", officer.username)
    assert capsys.readouterr().out


def test_the_feed_is_read_from_the_copy_for_whom_it_is(officer):
    enterprise = make.AssignedEnterpriseFactory(unit=officer.unit, officer=officer)
    make.WorkingIssueFactory(enterprise=enterprise, title="只在主库")
    address = f"/feeds/{make_feed_link(by=officer)}.ics"
    assert "只在主库" not in Client().get(address).content.decode()
    browser(officer).post(reverse("notice_read_all"))
    assert "只在主库" in Client().get(address).content.decode()


def test_rows_of_both_belong_together(officer):
    there = Enterprise.objects.using(REPLICA).get()
    there.unit = officer.unit
    there.save()
    assert Enterprise.objects.using(PRIMARY).get(pk=there.pk).name == THERE


# --- away -------------------------------------------------------------------------------------


@pytest.fixture
def away_copy(officer, copy, monkeypatch):
    """Nothing answers at its address."""
    nowhere = {"NAME": "/nowhere/none", "HOST": "127.0.0.1", "PORT": "1"}
    monkeypatch.setitem(connections.settings, REPLICA, copy.settings_dict | nowhere)
    del connections[REPLICA]
    yield
    connections[REPLICA] = copy


def test_a_copy_that_is_away_costs_no_page_and_is_left_alone(officer, away_copy, copy, caplog):
    client = browser(officer)
    assert [read_by(client) for _ in range(3)] == [PRIMARY] * 3
    assert [one.levelname for one in caplog.records if one.name == replica.__name__] == ["WARNING"]
    connections[REPLICA] = copy
    assert read_by(client) == PRIMARY


def test_it_is_tried_again_after_a_while(officer, away_copy, copy, settings):
    settings.REPLICA_AWAY_SECONDS = 0
    client = browser(officer)
    assert ask("GET", reads, officer) == PRIMARY
    assert read_by(client) == PRIMARY
    connections[REPLICA] = copy
    assert read_by(client) == REPLICA


@pytest.fixture
def fail(copy):
    """Let the connection fail at the next question, as when the server behind it stops."""

    def fail():
        if copy.vendor == "sqlite":
            copy.connection.set_progress_handler(lambda: 1, 1)
        else:
            with connection.cursor() as cursor:
                pid = copy.connection.info.backend_pid
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])

    yield fail
    if copy.vendor == "sqlite":
        copy.connection.set_progress_handler(None, 0)


@pytest.mark.parametrize(("client_of", "path"), [(browser, PAGE), (client_of, API)])
def test_a_copy_that_fails_under_a_page_costs_no_page(officer, fail, client_of, path):
    client = client_of(officer)
    assert read_by(client, path) == REPLICA
    fail()
    assert read_by(client, path) == PRIMARY
    assert replica.away


@pytest.mark.parametrize("error", [OperationalError("the primary"), ZeroDivisionError()])
def test_what_the_copy_has_not_done_is_not_laid_on_it(officer, error):
    middleware = ReplicaMiddleware(reads)

    def fails():
        assert reads() == REPLICA
        return middleware.process_exception(RequestFactory().get("/"), error)

    assert ask("GET", fails, officer) is None
    assert not replica.away


def test_without_the_cache_nobody_is_known_not_to_have_written(officer, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    client = browser(officer)
    assert read_by(client) == PRIMARY
    assert client.post(reverse("feed_make")).status_code == 200


@pytest.mark.postgres
@pytest.mark.parametrize(("seconds", "where"), [(1, REPLICA), (60, PRIMARY)])
def test_a_copy_that_lags_is_left_alone(officer, copy, seconds, where):
    with copy.cursor() as cursor:
        # Found before PostgreSQL's own, which answers nothing where there is no standby.
        cursor.execute(
            "CREATE FUNCTION public.pg_last_xact_replay_timestamp() RETURNS timestamptz "
            f"LANGUAGE sql AS 'SELECT clock_timestamp() - interval ''{seconds} s'''"
        )
        cursor.execute("SET LOCAL search_path TO public, pg_catalog")
    assert read_by(browser(officer)) == where
