"""Work on very many small objects without the collector walking over them again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """For seconds of work whose objects do not point at each other in circles.

    Those are freed by counting as ever; circles that others make meanwhile wait until the end.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
