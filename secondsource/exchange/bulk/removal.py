"""Taking an import of bulk data back, unless something was built on its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Exists, OuterRef

from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.bulk import ids_in
from secondsource.core.errors import Reason
from secondsource.exchange import dependents
from secondsource.exchange.models import Import, ImportedRow

if TYPE_CHECKING:
    from secondsource.exchange.bulk.records import RecordKind

#: Model → ids of its rows.
Made = Callable[[type[models.Model]], list[int]]
JOURNAL = "exchange_importedrow"


def note_made(imported: Import, model: str, ids: Sequence[int]) -> None:
    """Note rows of a model (by its label) that an import made."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {JOURNAL} (import_id, model, object_id, version)"
            " SELECT %s, %s, unnest(%s::bigint[]), 1",
            (imported.pk, model, list(ids)),
        )


def made_by(imported: Import, kind: RecordKind) -> list[int]:
    """Ids of the rows that the import created."""
    return list(
        _rows(imported, kind).filter(before__isnull=True).values_list("object_id", flat=True)
    )


def changed_by(imported: Import, kind: RecordKind) -> list[int]:
    """Ids of the rows that the import changed."""
    return list(
        _rows(imported, kind).filter(before__isnull=False).values_list("object_id", flat=True)
    )


def _rows(imported: Import, kind: RecordKind) -> Any:
    rows = ImportedRow.objects.filter(imported=imported, model=audit.label(kind.model))
    return rows.order_by("object_id")


def reasons_against(
    imported: Import, kind: RecordKind, made: Made = lambda other: []
) -> list[Reason]:
    """Everything that was built on the import's rows, or changed since.

    ``made``: ids of the rows of another model that the same import made.
    """
    return list(_found(imported, kind, made))


def _found(imported: Import, kind: RecordKind, made: Made) -> Iterator[Reason]:
    yield from dependents.changed(kind.model, _touched_since(imported, kind))
    created = made_by(imported, kind)
    if created:
        own = {table for table, _ in kind.children}
        yield from dependents.dependents(kind.model, created, made=made, own_tables=own)
        yield from dependents.notes(kind.model, created)
    gone = _gone(imported, kind)
    if gone:
        what = kind.noun[0] if gone == 1 else kind.noun[1]
        yield Reason("gone", f"{gone:,} {what} of this import were removed since.")


def _touched_since(imported: Import, kind: RecordKind) -> list[int]:
    table = kind.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT t.id FROM {JOURNAL} j JOIN "{table}" t ON t.id = j.object_id'  # noqa: S608
            " WHERE j.import_id = %s AND j.model = %s AND t.version <> j.version ORDER BY 1",
            (imported.pk, audit.label(kind.model)),
        )
        return [pk for (pk,) in cursor.fetchall()]


def _gone(imported: Import, kind: RecordKind) -> int:
    there = kind.model._default_manager.filter(pk=OuterRef("object_id"))
    return int(_rows(imported, kind).filter(~Exists(there)).count())


def lock(imported: Import, kind: RecordKind) -> None:
    """Hold the rows, so that nothing is built on them while undo looks and removes."""
    ids = list(_rows(imported, kind).values_list("object_id", flat=True))
    rows = kind.model._default_manager.filter(pk__in=ids_in(ids)).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))


def take_back(imported: Import, kind: RecordKind, *, actor: Actor) -> None:
    """Remove what was created and put back what was changed; histories keep the last values."""
    traces.attribute(actor, f"undo of import {imported.name}")
    created, changed = made_by(imported, kind), changed_by(imported, kind)
    kind.before_undo(created, changed)
    for table, column in (*_removable(kind), *kind.computed):
        delete_rows(table, column, created)
    delete_rows(kind.model._meta.db_table, "id", created)
    _put_back(imported, kind, changed)
    kind.after_undo(created, changed)


def _put_back(imported: Import, kind: RecordKind, changed: list[int]) -> None:
    """Give the columns that the import writes, and the rows that hang on these, their old values.

    Columns that it does not write keep what they hold now, among them those that a later
    migration added and the journal does not know.
    """
    if not changed:
        return
    table = kind.model._meta.db_table
    mine = (imported.pk, audit.label(kind.model))
    journal = f"{JOURNAL} j WHERE j.import_id = %s AND j.model = %s AND j.before IS NOT NULL"
    with connection.cursor() as cursor:
        known = _keys(
            cursor,
            f"SELECT DISTINCT jsonb_object_keys(j.before->'row') FROM {journal}",  # noqa: S608
            mine,
        )
        sets = "".join(f'"{n}" = o."{n}", ' for n in (*kind.values, *kind.also) if n in known)
        cursor.execute(
            f'UPDATE "{table}" t SET {sets} version = t.version + 1, updated_at = %s'  # noqa: S608
            f" FROM (SELECT r.* FROM {JOURNAL} j,"
            f" LATERAL jsonb_populate_record(NULL::\"{table}\", j.before->'row') r"
            " WHERE j.import_id = %s AND j.model = %s AND j.before IS NOT NULL) o"
            " WHERE o.id = t.id",
            (clock.now(), *mine),
        )
        for child, column in _removable(kind):
            _put_children_back(cursor, child, column, journal, mine, changed)


def _put_children_back(
    cursor: Any, child: str, column: str, journal: str, mine: tuple[Any, ...], changed: list[int]
) -> None:
    """Remove the rows that were not there, bring the others to their old values."""
    rows = (
        f"SELECT r.* FROM (SELECT j.before FROM {journal}) b,"  # noqa: S608 (names of kinds)
        f" LATERAL jsonb_populate_recordset(NULL::\"{child}\", b.before->'{child}') r"
    )
    cursor.execute(
        f'DELETE FROM "{child}" c WHERE c."{column}" = ANY(%s)'  # noqa: S608
        f" AND c.id NOT IN (SELECT r.id FROM ({rows}) r)",
        (changed, *mine),
    )
    names = _keys(
        cursor,
        "SELECT DISTINCT jsonb_object_keys(c) FROM"  # noqa: S608
        f" (SELECT jsonb_array_elements(j.before->'{child}') AS c FROM {journal}) x",
        mine,
    )
    if not names:
        return
    kept = [name for name in names if name != "id"]
    sets = ", ".join(f'"{name}" = r."{name}"' for name in kept)
    old, new = (", ".join(f'{at}."{name}"' for name in kept) for at in ("c", "r"))
    cursor.execute(
        f'UPDATE "{child}" c SET {sets} FROM ({rows}) r'  # noqa: S608 (names of kinds)
        f" WHERE r.id = c.id AND ({old}) IS DISTINCT FROM ({new})",
        mine,
    )
    listed = ", ".join(f'"{name}"' for name in names)
    cursor.execute(
        f'INSERT INTO "{child}" ({listed}) SELECT {listed} FROM ({rows}) r'  # noqa: S608
        f' WHERE NOT EXISTS (SELECT FROM "{child}" c WHERE c.id = r.id)',
        mine,
    )


def _keys(cursor: Any, statement: str, params: tuple[Any, ...]) -> list[str]:
    """The distinct texts that a statement gives, sorted."""
    cursor.execute(statement, params)
    return sorted({name for (name,) in cursor.fetchall()})


def _removable(kind: RecordKind) -> list[tuple[str, str]]:
    return [one for one in kind.children if one[0] not in kind.versioned]


def delete_rows(table: str, column: str, ids: list[int]) -> None:
    """Delete rows by SQL, which asks for no more rights than these tables need."""
    if ids:
        with connection.cursor() as cursor:
            # Names come from the kinds, ids are parameters.
            cursor.execute(f'DELETE FROM "{table}" WHERE "{column}" = ANY(%s)', (ids,))  # noqa: S608
