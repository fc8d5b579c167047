"""Seals over the audit tables: a chain of hashes that shows any later change.

A seal covers the rows of one table whose writing transaction lies in ``[from_tx, until_tx)``.
``until_tx`` is the oldest transaction still running, so the set of rows below it is final. Columns
that a later version adds are not in older seals, so that an upgrade keeps what was proven.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import connection, transaction
from psycopg2 import sql

from secondsource.core import audit_numbers
from secondsource.core.database_roles import (
    append_only_tables,
    guarded_tables,
    historical_tables,
)
from secondsource.core.models import AuditSeal, SealedColumns

_LOCK = 7_305_114  # any constant: one sealer at a time

_DIGEST = sql.SQL(
    "SELECT count(*), encode(sha256(convert_to(coalesce(string_agg("
    "encode(sha256(convert_to(to_jsonb(t)::text, 'UTF8')), 'hex'), '' ORDER BY to_jsonb(t)::text"
    "), ''), 'UTF8')), 'hex') FROM (SELECT {columns} FROM {table}"
    " WHERE sealed_tx >= %s AND sealed_tx < %s) t"
)
_COLUMNS = (
    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
    " AND NOT attisdropped ORDER BY attnum"
)


def seal_all() -> int:
    """Seal every append-only table up to the oldest running transaction; answers the rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        until = audit_numbers.oldest_running()
        return sum(_seal(table, until) for table in append_only_tables())


def _seal(table: str, until: int) -> int:
    last = AuditSeal.objects.filter(table=table).order_by("-until_tx").first()
    start = last.until_tx if last else 0
    if until <= start:
        return 0
    known, present = _known_columns(table), _columns(table)
    rows, digest = _digest(table, start, until, present)
    if not rows and last:
        return 0
    if not known or known[-1].columns != present:
        SealedColumns.objects.create(table=table, from_tx=start, columns=present)
    chain = _chain(last.chain if last else "", table, start, until, rows, digest)
    AuditSeal.objects.create(
        table=table, from_tx=start, until_tx=until, rows=rows, digest=digest, chain=chain
    )
    return rows


def _known_columns(table: str) -> list[SealedColumns]:
    return list(SealedColumns.objects.filter(table=table).order_by("from_tx"))


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, (table,))
        return [row[0] for row in cursor.fetchall()]


def _digest(table: str, start: int, until: int, columns: list[str]) -> tuple[int, str]:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = _DIGEST.format(table=sql.Identifier(table), columns=names)
    with connection.cursor() as cursor:
        cursor.execute(query, (start, until))
        rows, digest = cursor.fetchone()
        return rows, digest


def _chain(before: str, table: str, start: int, until: int, rows: int, digest: str) -> str:
    text = f"{before}|{table}|{start}|{until}|{rows}|{digest}"
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Finding:
    """A seal that does not match its rows or its predecessor."""

    table: str
    from_tx: int
    until_tx: int
    what: str


def verify() -> list[Finding]:
    """Recompute every seal; an empty list proves that no sealed row was changed or removed.

    A guard that is gone or off is a finding too: behind it rows can be changed unseen until sealed.
    """
    tables, guarded = append_only_tables(), guarded_tables()
    lost = sorted({*tables, *historical_tables()} - guarded)
    return [
        *(Finding(table, 0, 0, "the guard is missing or off") for table in lost),
        *(finding for table in tables for finding in _verify(table)),
    ]


def _verify(table: str) -> list[Finding]:
    findings, before, end = [], "", 0
    known, present = _known_columns(table), set(_columns(table))
    for seal in AuditSeal.objects.filter(table=table).order_by("from_tx"):
        covered = [one.columns for one in known if one.from_tx <= seal.from_tx]
        names = [name for name in covered[-1] if name in present] if covered else sorted(present)
        rows, digest = _digest(table, seal.from_tx, seal.until_tx, names)
        chain = _chain(before, table, seal.from_tx, seal.until_tx, seal.rows, seal.digest)
        place = (table, seal.from_tx, seal.until_tx)
        if seal.from_tx != end:
            findings.append(Finding(*place, "a seal before this one is missing"))
        if (rows, digest) != (seal.rows, seal.digest):
            findings.append(Finding(*place, f"rows changed: {rows} now, {seal.rows} sealed"))
        if chain != seal.chain:
            findings.append(Finding(*place, "the chain is broken"))
        before, end = seal.chain, seal.until_tx
    return findings
