"""Other connections that work beside a test's own, on the same database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from typing import Any

from secondsource.core.errors import Refused

LONGEST_WAIT = 120  # seconds


def in_thread(call: Callable[[], Any]) -> Any:
    """What ``call`` answers or raises in another thread, thus on a connection of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_closing, call).result(LONGEST_WAIT)


@contextmanager
def held_open(call: Callable[[], Any]) -> Iterator[None]:
    """Another connection did ``call`` in a transaction that is committed at the block's end."""
    begun, over = Event(), Event()

    def work() -> None:
        from django.db import transaction  # settings exist only after pytest_configure

        with transaction.atomic():
            try:
                call()
            finally:
                begun.set()
            over.wait(LONGEST_WAIT)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(_closing, work)
        begun.wait(LONGEST_WAIT)
        try:
            yield
        finally:
            over.set()
        done.result(LONGEST_WAIT)


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """What each call, in a thread of its own, came to: ``done``, or the error."""
    from django.db import DatabaseError, connection  # settings exist only after pytest_configure

    gate = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> str:
        try:
            gate.wait(timeout=LONGEST_WAIT)
            call()
        except Refused as refused:
            return ",".join(reason.code for reason in refused.reasons)
        except DatabaseError as error:
            return repr(error)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


def _closing(call: Callable[[], Any]) -> Any:
    from django.db import connection  # settings exist only after pytest_configure

    try:
        return call()
    finally:
        connection.close()
