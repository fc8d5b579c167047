"""Counts of long lists stand for a moment; those of short ones are always exact."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from secondsource.core import keyset
from secondsource.core.models import Event
from secondsource.core.row_counts import capped_counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> Any:
    """Events of one test: what is remembered for others is of no use to it."""
    return Event.objects.filter(subject_type=uuid.uuid4().hex)


def add(rows: Any, number: int) -> None:
    (kind,) = rows.query.where.children
    Event.objects.bulk_create(
        Event(job="tests", origin="web", action="a", subject_type=kind.rhs, subject_key=str(n))
        for n in range(number)
    )


def counted(rows: Any, *, remember: bool = True) -> tuple[dict[str, int], int]:
    """The counts, and how many of them the database was asked for."""
    sets = {"all": rows, "first": rows.filter(subject_key="0")}
    with CaptureQueriesContext(connection) as asked:
        counts = capped_counts(sets, cap=3, remember=remember)
    return counts, sum(query["sql"].count("AS counted") for query in asked)


def test_short_lists_are_counted_each_time(rows: Any) -> None:
    add(rows, 2)
    assert counted(rows) == ({"all": 2, "first": 1}, 2)
    add(rows, 1)
    assert counted(rows) == ({"all": 3, "first": 2}, 2)


def test_what_is_beyond_the_cap_is_remembered_and_the_rest_counted(rows: Any) -> None:
    add(rows, 9)
    assert counted(rows) == ({"all": 4, "first": 1}, 2)
    add(rows, 1)
    assert counted(rows) == ({"all": 4, "first": 2}, 1)
    assert counted(rows, remember=False) == ({"all": 4, "first": 2}, 2)


def test_an_estimate_stands_for_a_moment_and_a_short_total_does_not(rows: Any) -> None:
    add(rows, 4)
    assert not keyset.count(rows, cap=3).exact
    with CaptureQueriesContext(connection) as asked:
        assert not keyset.count(rows, cap=3).exact
    assert len(asked) == 0
    assert keyset.count(rows, cap=4) == keyset.Total(4, exact=True)
    add(rows, 1)
    assert keyset.count(rows, cap=5) == keyset.Total(5, exact=True)
