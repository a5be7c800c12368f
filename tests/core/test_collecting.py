"""Python's collector is paused for as long as the work takes, and no longer."""

import gc

import pytest

from liaison.core.collecting import without_collecting


@pytest.fixture(autouse=True)
def collecting():
    gc.enable()
    yield
    gc.enable()


def test_pauses_while_the_work_goes_on():
    with without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_goes_on_collecting_after_work_that_failed():
    with pytest.raises(ZeroDivisionError), without_collecting():
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_leaves_it_paused_for_who_had_paused_it():
    gc.disable()
    with without_collecting():
        pass
    assert not gc.isenabled()


def test_pauses_at_each_call_of_a_function():
    @without_collecting()
    def work():
        return gc.isenabled()

    assert [work(), gc.isenabled(), work(), gc.isenabled()] == [False, True, False, True]
