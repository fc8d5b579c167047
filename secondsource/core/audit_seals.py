"""Seals over the audit tables: a chain of hashes that shows any later change.

A seal covers the rows of one table from ``(from_tx, from_id)`` up to, not including,
``(until_tx, until_id)``: first by the transaction that wrote them, then by their key. It ends
before the oldest running transaction, so its set of rows is final. A seal has at most ``SLICE``
rows and a transaction of its own, so each run continues where the last one ended. Older seals do
not include columns that a later version adds, so they stay valid after an upgrade.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from psycopg2 import sql

from secondsource.core import audit_numbers, traces
from secondsource.core.database_roles import (
    append_only_tables,
    guarded_tables,
    historical_tables,
    table_columns,
)
from secondsource.core.models import AuditSeal, SealedColumns

log = structlog.get_logger(__name__)

#: Rows of one seal: about a second's work.
SLICE = 100_000
_LOCK = 7_305_114  # any constant: one sealer at a time
#: Seals from before there were slices can cover all rows of a large import.
_SEALING_TIMEOUT, _PROVING_TIMEOUT = "5min", "0"

_ROWS = sql.SQL(
    "SELECT {key} AS key, sha256(convert_to(to_jsonb(t)::text, 'UTF8')) AS hash"
    " FROM (SELECT {columns} FROM {table} WHERE {condition}) t"
)
#: Materialized: the hash of a row is used twice and takes most of the time.
_DIGEST = sql.SQL(
    "WITH r AS MATERIALIZED ({rows}) SELECT count(*),"
    " encode(sha256(coalesce(string_agg(hash, ''::bytea ORDER BY key), '')), 'hex'),"
    " coalesce(string_agg(int8send(key) || substring(hash FOR 8), ''::bytea ORDER BY key), '')"
    " FROM r"
)
#: The hash of seals without marks is over the rows in the order of their text.
_FIRST_DIGEST = sql.SQL(
    "SELECT count(*), encode(sha256(convert_to(coalesce(string_agg("
    "encode(sha256(convert_to(to_jsonb(t)::text, 'UTF8')), 'hex'), '' ORDER BY to_jsonb(t)::text"
    "), ''), 'UTF8')), 'hex'), NULL FROM (SELECT {columns} FROM {table} WHERE {condition}) t"
)
_KEY = (
    "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]"
    " WHERE indrelid = %s::regclass AND indisprimary"
)


class SealPosition(NamedTuple):
    """A point in a table's rows: transaction number, then key (0 = before its first row)."""

    tx: int
    key: int = 0

    def __str__(self) -> str:
        return f"{self.tx}:{self.key}" if self.key else str(self.tx)


@dataclass(frozen=True)
class Range:
    """Rows from ``start`` up to ``end``; inside a transaction only rows of that one."""

    table: str
    key: str
    start: SealPosition
    end: SealPosition

    def condition(self) -> sql.Composable:
        """The condition in SQL, which an index supports."""
        if not (self.start.key or self.end.key):
            text = "sealed_tx >= {} AND sealed_tx < {}"
            return sql.SQL(text).format(sql.Literal(self.start.tx), sql.Literal(self.end.tx))
        key = sql.Identifier(self.key)
        inside = [
            sql.SQL("sealed_tx = {} AND {} >= {}").format(
                sql.Literal(self.start.tx), key, sql.Literal(self.start.key)
            )
        ]
        if self.end.key:
            inside.append(sql.SQL("{} < {}").format(key, sql.Literal(self.end.key)))
        return sql.SQL(" AND ").join(inside)

    def select(self, query: sql.SQL, columns: Sequence[str]) -> sql.Composed:
        """The query over these rows and columns."""
        return query.format(
            key=sql.Identifier(self.key),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            table=sql.Identifier(self.table),
            condition=self.condition(),
        )

    def digest(self, columns: Sequence[str], *, first: bool = False) -> tuple[int, str, Any]:
        """Number of rows, hash over them, and key and beginning of the hash of each (16 bytes)."""
        if first:
            found = _one(self.select(_FIRST_DIGEST, columns))
        else:
            found = _one(_DIGEST.format(rows=self.select(_ROWS, columns)))
        return found[0], found[1], found[2]


def seal_all(*, most: int = SLICE) -> int:
    """Seal every append-only table up to the oldest running transaction.

    Returns the number of rows. No seal has more than ``most`` rows. If a table cannot be sealed,
    the others still are, and its error is raised at the end.
    """
    until, rows, failed = audit_numbers.oldest_running(), 0, None
    for table in append_only_tables():
        try:
            rows += sum(_seals(table, until, most))
        except DatabaseError as error:
            log.exception("table_not_sealed", table=table)
            failed = error
    if failed:
        raise failed
    return rows


def _seals(table: str, until: int, most: int) -> Iterator[int]:
    """Write one seal after the other, each committed. Yields their numbers of rows."""
    more = True
    while more:
        with transaction.atomic(), _time(_SEALING_TIMEOUT):
            # Another process is sealing.
            if not _one("SELECT pg_try_advisory_xact_lock(%s)", _LOCK)[0]:
                return
            rows, more = _seal_next(table, until, most)
        yield rows


def _seal_next(table: str, until: int, most: int) -> tuple[int, bool]:
    """Seal rows after the last seal. Returns their number, and whether there are more."""
    last = _seals_of(table).order_by("-until_tx", "-until_id").first()
    start = SealPosition(last.until_tx, last.until_id) if last else SealPosition(0)
    if until <= start.tx:
        return 0, False
    key = _one(_KEY, table)[0]
    end = _end(table, key, start, until, most)
    present = table_columns(table)
    rows, digest, marks = Range(table, key, start, end).digest(present)
    whole = end == SealPosition(until)
    if not rows and last and whole:
        return 0, False
    known = _known_columns(table)
    if not known or known[-1].columns != present:
        SealedColumns.objects.create(
            table=table, from_tx=start.tx, from_id=start.key, columns=present
        )
    AuditSeal.objects.create(
        table=table, from_tx=start.tx, from_id=start.key, until_tx=end.tx, until_id=end.key,
        rows=rows, digest=digest, row_marks=bytes(marks),
        chain=_chain(last.chain if last else "", table, start, end, rows, digest),
    )  # fmt: skip
    return rows, not whole


def _end(table: str, key: str, start: SealPosition, until: int, most: int) -> SealPosition:
    """The end of at most so many rows; inside a transaction only if it wrote more."""
    names = {"table": sql.Identifier(table), "key": sql.Identifier(key)}
    if not start.key:
        rows = sql.SQL(
            "SELECT sealed_tx FROM {table} WHERE sealed_tx >= %s AND sealed_tx < %s"
            " ORDER BY sealed_tx OFFSET %s LIMIT 1"
        ).format(**names)
        beyond = _one(rows, start.tx, until, most)
        if beyond is None:
            return SealPosition(until)
        (first,) = _one(rows, start.tx, until, 0)
        if beyond[0] > first:
            return SealPosition(beyond[0])
        if first > start.tx:
            return SealPosition(first)
    rows = sql.SQL(
        "SELECT {key} FROM {table} WHERE sealed_tx = %s AND {key} >= %s"
        " ORDER BY {key} OFFSET %s LIMIT 1"
    ).format(**names)
    beyond = _one(rows, start.tx, start.key, most)
    return SealPosition(start.tx, beyond[0]) if beyond else SealPosition(start.tx + 1)


def _one(query: str | sql.Composable, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


@contextmanager
def _time(limit: str) -> Iterator[None]:
    """Set a time limit for the statements of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", (limit,))
        yield
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", (before,))


def _seals_of(table: str) -> QuerySet[Any]:
    """The seals of a table, without their marks of up to 1.6 MB each."""
    marked = ExpressionWrapper(Q(row_marks__isnull=False), BooleanField())
    return AuditSeal.objects.filter(table=table).annotate(marked=marked).defer("row_marks")


def _known_columns(table: str) -> list[SealedColumns]:
    return list(SealedColumns.objects.filter(table=table).order_by("from_tx", "from_id"))


def _chain(
    before: str, table: str, start: SealPosition, end: SealPosition, rows: int, digest: str
) -> str:
    text = f"{before}|{table}|{start}|{end}|{rows}|{digest}"
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class SealFault:
    """A seal that does not match its rows or its predecessor."""

    table: str
    start: SealPosition
    end: SealPosition
    what: str


def verify() -> list[SealFault]:
    """Recompute every seal.

    An empty list proves that no sealed row was changed or removed. A missing or disabled guard is a
    fault too, because unsealed rows can then be changed without notice, and so is a table without
    history.
    """
    tables, guarded = append_only_tables(), guarded_tables()
    untraced = traces.missing()
    lost = sorted({*tables, *historical_tables()} - guarded)
    return [
        *(
            SealFault(table, SealPosition(0), SealPosition(0), "the guard is missing or off")
            for table in lost
        ),
        *(
            SealFault(table, SealPosition(0), SealPosition(0), "its history is not written")
            for table in untraced
        ),
        *(finding for table in tables for finding in _verify(table)),
    ]


def _verify(table: str) -> Iterator[SealFault]:
    """Verify every seal by itself, so that a wrong one does not hide others."""
    before, expected = "", SealPosition(0)
    known, present, key = _known_columns(table), table_columns(table), _one(_KEY, table)[0]
    for seal in _seals_of(table).order_by("from_tx", "from_id", "id").iterator():
        start, end = (
            SealPosition(seal.from_tx, seal.from_id),
            SealPosition(seal.until_tx, seal.until_id),
        )
        covered = [one.columns for one in known if (one.from_tx, one.from_id) <= start]
        if start != expected:
            yield SealFault(table, start, end, "a seal before this one is missing")
        for what in _differences(
            Range(table, key, start, end), seal, covered[-1] if covered else present, present
        ):
            yield SealFault(table, start, end, what)
        if seal.chain != _chain(before, table, start, end, seal.rows, seal.digest):
            yield SealFault(table, start, end, "the chain is broken")
        before, expected = seal.chain, end


def _differences(
    rows: Range, seal: Any, covered: Sequence[str], present: Sequence[str]
) -> Iterator[str]:
    """The differences of the rows from their seal, with their keys if the seal has marks."""
    gone = [name for name in covered if name not in present]
    columns = [name for name in covered if name in present]
    first = not seal.marked
    try:
        with transaction.atomic(), _time(_PROVING_TIMEOUT):
            count, digest, marks = rows.digest(columns, first=first)
    except DatabaseError as error:
        yield f"not computed: {error}"
        return
    if (count, digest) == (seal.rows, seal.digest):
        return
    words = f"rows changed: {count} now, {seal.rows} sealed"
    if gone:
        words += f"; the columns {', '.join(gone)} are gone, so that no row can match"
    elif not first:
        words += "; " + _which(bytes(seal.row_marks or b""), bytes(marks))
    yield words


def _which(sealed: bytes, present: bytes) -> str:
    """Keys of the rows that differ, by two strings of marks."""
    old, new = _by_key(sealed), _by_key(present)
    kinds = {
        "changed": [key for key in old if key in new and old[key] != new[key]],
        "removed": [key for key in old if key not in new],
        "added": [key for key in new if key not in old],
    }
    return "; ".join(f"{kind}: {_listed(keys)}" for kind, keys in kinds.items() if keys)


_NAMED = 20


def _listed(keys: list[int]) -> str:
    named = ", ".join(map(str, keys[:_NAMED]))
    return named if len(keys) <= _NAMED else f"{named} and {len(keys) - _NAMED:,} more"


def _by_key(marks: bytes) -> dict[int, bytes]:
    parts = (marks[at : at + 16] for at in range(0, len(marks), 16))
    return {int.from_bytes(part[:8], signed=True): part[8:] for part in parts}
