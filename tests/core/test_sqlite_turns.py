"""Whoever writes to SQLite waits in line: in the order of coming, and never for ever."""

import subprocess
import sys
import threading
import time

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F

from liaison.accounts.models import Unit
from liaison.core.sqlite.turns import Turns
from tests import factories as make

HOLDS = """
import sys, time
from pathlib import Path
from liaison.core.sqlite.turns import Turns
turns = Turns(Path(sys.argv[1]))
assert turns.take(5)
print("held", flush=True)
sys.stdin.readline()
turns.give()
"""
on_sqlite = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL has its own way of taking turns"
)


@pytest.fixture
def turns(tmp_path):
    return Turns(tmp_path / "turns")


def standing_in_line(turns, *, least):
    while len(turns._line) < least:
        time.sleep(0.001)


def test_threads_are_served_in_the_order_of_coming(turns):
    served = []

    def work(number):
        assert turns.take(10)
        served.append(number)
        turns.give()

    assert turns.take(1)
    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=work, args=(number,)))
        threads[-1].start()
        standing_in_line(turns, least=number + 2)
    turns.give()
    for thread in threads:
        thread.join(10)
    assert served == list(range(8))


def test_who_waits_too_long_leaves_the_line_to_the_others(turns):
    assert turns.take(1)
    assert not turns.take(0.01)
    turns.give()
    assert turns.take(0.01)
    turns.give()


def test_another_process_is_waited_for(turns):
    command = [sys.executable, "-c", HOLDS, str(turns.path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        assert not turns.take(0.02)
        other.stdin.write("\n")
        other.stdin.flush()
        assert turns.take(10)
    turns.give()


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_single_write_waits_for_a_transaction_and_both_are_kept():
    unit = make.StationFactory(name="before")
    began, done = threading.Event(), []

    def write():
        try:
            began.set()
            Unit.objects.filter(pk=unit.pk).update(name=F("code"))
            done.append(True)
        finally:
            connection.close()

    with transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(name="within")
        other = threading.Thread(target=write)
        other.start()
        began.wait(5)
        time.sleep(0.05)
        assert not done
    other.join(10)
    unit.refresh_from_db()
    assert done
    assert unit.name == unit.code


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_turn_is_given_back_when_a_transaction_fails_and_refused_when_it_does_not_come(
    monkeypatch,
):
    unit = make.StationFactory()
    said = []

    def write():
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.02)
        try:
            with transaction.atomic():
                Unit.objects.filter(pk=unit.pk).update(name="other")
        except OperationalError as error:
            said.append(str(error))
        finally:
            connection.close()

    def fail():
        with transaction.atomic():
            Unit.objects.filter(pk=unit.pk).update(name="never")
            other = threading.Thread(target=write)
            other.start()
            other.join(10)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert said == ["database is locked"]
    monkeypatch.undo()
    write()
    assert len(said) == 1
    unit.refresh_from_db()
    assert unit.name == "other"
