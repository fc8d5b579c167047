"""Tasks that meet a lock, or a database that is away, are tried again."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError

from secondsource.celery import app

FAILURES: list[Exception] = []


@app.task(name="tests.fails_for_a_while", retry_jitter=False)
def fails_for_a_while() -> str:
    """Raises what is listed, one after the other, then answers."""
    if FAILURES:
        raise FAILURES.pop()
    return "done"


@pytest.mark.parametrize("error", [OperationalError("locked"), InterfaceError("closed")])
def test_a_task_is_tried_again(error: Exception) -> None:
    FAILURES[:] = [error] * app.Task.max_retries
    assert fails_for_a_while.apply().get() == "done"
    assert FAILURES == []


def test_not_for_ever() -> None:
    FAILURES[:] = [OperationalError("locked")] * (app.Task.max_retries + 2)
    with pytest.raises(OperationalError):
        fails_for_a_while.apply().get()
    assert len(FAILURES) == 1


def test_a_mistake_of_the_program_is_not_tried_again() -> None:
    FAILURES[:] = [ZeroDivisionError(), ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        fails_for_a_while.apply().get()
    assert len(FAILURES) == 1
