"""Jobs in threads of their own, started together."""

import threading

from django.db import connection

from liaison.core.refused import Refused


def all_at_once(jobs):
    """Run each job in a thread of its own, started together: what each returned or was refused.

    Anything raised but a Refused is an error of ours and fails the test.
    """
    gate = threading.Barrier(len(jobs))
    results = [None] * len(jobs)

    def run(n, job):
        gate.wait()
        try:
            results[n] = job()
        except Exception as error:  # judged below, in the test's own thread
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    for one in results:
        if isinstance(one, Exception) and not isinstance(one, Refused):
            raise one
    return results


def winners(results):
    return [one for one in results if not isinstance(one, Exception)]


def losers(results):
    return [one for one in results if isinstance(one, Exception)]
