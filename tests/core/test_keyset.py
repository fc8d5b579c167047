"""Keyset paging over real rows, with missing keys and equal ones."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from secondsource.core import keyset
from secondsource.core.models import Event


def add(*subjects: int | None, origin: str = "web") -> None:
    Event.objects.bulk_create(
        Event(
            origin=origin,
            action="test.made",
            subject_type="test",
            subject_key=f"K{n:04d}",
            job="tests",
            subject_id=subject,
        )
        for n, subject in enumerate(subjects)
    )


def rows() -> Any:
    return Event.objects.filter(subject_type="test")


def walk(order: tuple[str, ...], size: int = 3) -> list[list[int | None]]:
    """The actors of every page, from the first to the last by the links."""
    pages, cursor = [], ""
    while cursor is not None:
        page = keyset.paginate(rows(), order, cursor=cursor, size=size)
        pages.append([row.subject_id for row in page.rows])
        cursor = page.next
    return pages


def walk_back(order: tuple[str, ...], size: int = 3) -> list[list[int | None]]:
    """The same from the end."""
    pages, cursor = [], "end"
    while cursor is not None:
        page = keyset.paginate(rows(), order, cursor=cursor, size=size)
        pages.insert(0, [row.subject_id for row in page.rows])
        cursor = page.previous
    return pages


@pytest.mark.django_db
def test_pages_follow_each_other() -> None:
    add(5, 3, 1, 4, 2, 6, 7)
    assert walk(("subject_id",)) == [[1, 2, 3], [4, 5, 6], [7]]


@pytest.mark.django_db
def test_missing_values_stand_last_upwards_and_downwards() -> None:
    add(None, 2, None, 1, 3)
    assert walk(("subject_id",)) == [[1, 2, 3], [None, None]]
    assert walk(("-subject_id",)) == [[3, 2, 1], [None, None]]


@pytest.mark.django_db
def test_equal_keys_are_neither_lost_nor_repeated() -> None:
    add(*[1] * 8)
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = keyset.paginate(rows(), ("subject_id",), cursor=cursor, size=3)
        seen += [row.pk for row in page.rows]
        cursor = page.next
    assert seen == sorted(rows().values_list("pk", flat=True))


@pytest.mark.parametrize("order", ["at", "-at"])
@pytest.mark.django_db
def test_rows_of_one_millisecond_are_neither_lost_nor_repeated(order: str) -> None:
    for micros in (100, 101, 101, 101, 102, 103):
        moment = dt.datetime(2026, 1, 2, 3, 4, 5, 678_000 + micros, tzinfo=dt.UTC)
        Event.objects.create(job="tests", origin="web", action="a", subject_type="test", at=moment)
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None and len(seen) < 10:
        page = keyset.paginate(rows(), (order,), cursor=cursor, size=2)
        seen += [row.pk for row in page.rows]
        cursor = page.next
    assert seen == [row.pk for row in rows().order_by(order, order.replace("at", "pk"))]


@pytest.mark.parametrize(
    "order", [("subject_id",), ("-subject_id",), ("origin", "-subject_id"), ("-subject_key",)]
)
@pytest.mark.django_db
def test_the_way_back_shows_the_same_pages(order: tuple[str, ...]) -> None:
    add(4, None, 2, None, 9, 1, None)
    assert walk_back(order) == walk(order)


@pytest.mark.django_db
def test_a_page_knows_its_place() -> None:
    add(*range(8))
    first = keyset.paginate(rows(), ("subject_id",), size=3)
    second = keyset.paginate(rows(), ("subject_id",), cursor=first.next or "", size=3)
    last = keyset.paginate(rows(), ("subject_id",), cursor="end", size=3)
    again = keyset.paginate(rows(), ("subject_id",), cursor=last.previous or "", size=3)
    places = [(page.start, page.end) for page in (first, second, last, again)]
    assert places == [(1, 3), (4, 6), (7, 8), (4, 6)]
    assert (first.previous, last.next) == (None, None)


@pytest.mark.django_db
def test_an_empty_list_is_a_page() -> None:
    page = keyset.paginate(rows(), ("subject_id",))
    assert (page.rows, page.start, page.end, page.next, page.previous) == ([], 0, 0, None, None)


@pytest.mark.django_db
def test_a_row_added_before_the_edge_moves_nothing() -> None:
    add(10, 20, 30, 40)
    first = keyset.paginate(rows(), ("subject_id",), size=2)
    add(1)
    second = keyset.paginate(rows(), ("subject_id",), cursor=first.next or "", size=2)
    assert [row.subject_id for row in second.rows] == [30, 40]


@pytest.mark.parametrize("cursor", ["rubbish", "e30:abc", "\x00", "é"])
@pytest.mark.django_db
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(keyset.NoSuchCursor):
        keyset.paginate(rows(), ("subject_id",), cursor=cursor)


@pytest.mark.django_db
def test_a_cursor_of_another_order_is_refused() -> None:
    add(*range(5))
    page = keyset.paginate(rows(), ("subject_id",), size=2)
    with pytest.raises(keyset.NoSuchCursor):
        keyset.paginate(rows(), ("-subject_id",), cursor=page.next or "")


@pytest.mark.django_db
def test_a_page_costs_two_queries_wherever_it_is() -> None:
    add(*range(40))
    cursor: str | None = ""
    costs = []
    while cursor is not None:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            cursor = keyset.paginate(rows(), ("subject_id",), cursor=cursor, size=10).next
        costs.append(len(asked))
    assert costs == [2, 2, 2, 2]


@pytest.mark.django_db
def test_a_page_skips_no_rows_by_offset() -> None:
    add(*range(5))
    first = keyset.paginate(rows(), ("subject_key",), size=2)
    with CaptureQueriesContext(connection) as asked:
        keyset.paginate(rows(), ("subject_key",), cursor=first.next or "", size=2)
    assert [query["sql"] for query in asked if "OFFSET" in query["sql"]] == []


@pytest.mark.django_db
def test_the_count_is_exact_up_to_its_cap() -> None:
    add(*range(6))
    assert keyset.count(rows(), cap=6) == keyset.Total(6, exact=True)


@pytest.mark.django_db
def test_beyond_the_cap_the_count_is_said_to_be_about() -> None:
    add(*range(60))
    total = keyset.count(rows(), cap=50)
    assert (total.exact, total.value >= 50, str(total).startswith("about ")) == (False, True, True)


@pytest.mark.parametrize(
    ("path", "nullable"),
    [("pk", False), ("subject_key", False), ("subject_id", True), ("nothing", True)],
)
def test_only_columns_that_can_be_missing_count_as_such(path: str, nullable: bool) -> None:
    assert keyset.is_nullable(Event.objects.all(), path) is nullable
