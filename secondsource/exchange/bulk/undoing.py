"""Taking an import of bulk data back, unless something was built on its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.copying import ids_in
from secondsource.core.errors import Reason
from secondsource.exchange import dependents
from secondsource.exchange.models import Import, ImportedRow

if TYPE_CHECKING:
    from secondsource.exchange.bulk.records import RecordKind

#: Model → ids of its rows.
Made = Callable[[type[models.Model]], list[int]]
JOURNAL = "exchange_importedrow"


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
    there = kind.model._default_manager.values("pk")
    return int(_rows(imported, kind).exclude(object_id__in=there).count())


def lock(imported: Import, kind: RecordKind) -> None:
    """Hold the rows, so that nothing is built on them while undo looks and removes."""
    ids = list(_rows(imported, kind).values_list("object_id", flat=True))
    rows = kind.model._default_manager.filter(pk__in=ids_in(ids)).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))


def take_back(imported: Import, kind: RecordKind, *, actor: Actor) -> None:
    """Remove what was created and put back what was changed; histories keep the last values."""
    reason = f"undo of import {imported.name}"
    created, changed = made_by(imported, kind), changed_by(imported, kind)
    kind.before_undo(created, changed)
    audit.note_history(kind.model, created, "-", actor, reason)
    for table, column in (*kind.children, *kind.computed):
        _delete(table, column, created)
    _delete(kind.model._meta.db_table, "id", created)
    _put_back(imported, kind, changed)
    audit.note_history(kind.model, changed, "~", actor, reason)
    kind.after_undo(created, changed)


def _put_back(imported: Import, kind: RecordKind, changed: list[int]) -> None:
    if not changed:
        return
    table = kind.model._meta.db_table
    kept = {"id", "public_id", "version", "created_at", "updated_at"}
    names = [str(f.column) for f in kind.model._meta.concrete_fields if f.column not in kept]
    journal = f"{JOURNAL} j WHERE j.import_id = %s AND j.model = %s AND j.before IS NOT NULL"
    mine = (imported.pk, audit.label(kind.model))
    with connection.cursor() as cursor:
        sets = ", ".join(f'"{name}" = o."{name}"' for name in names)
        cursor.execute(
            f'UPDATE "{table}" t SET {sets}, version = t.version + 1, updated_at = %s'  # noqa: S608
            f" FROM (SELECT r.* FROM {JOURNAL} j,"
            f" LATERAL jsonb_populate_record(NULL::\"{table}\", j.before->'row') r"
            " WHERE j.import_id = %s AND j.model = %s AND j.before IS NOT NULL) o"
            " WHERE o.id = t.id",
            (clock.now(), *mine),
        )
        for child, column in kind.children:
            _delete(child, column, changed)
            cursor.execute(
                f'INSERT INTO "{child}" SELECT r.* FROM (SELECT j.before FROM {journal}) b,'  # noqa: S608
                f" LATERAL jsonb_populate_recordset(NULL::\"{child}\", b.before->'{child}') r",
                mine,
            )


def _delete(table: str, column: str, ids: list[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            # Names come from the kinds, ids are parameters.
            cursor.execute(f'DELETE FROM "{table}" WHERE "{column}" = ANY(%s)', (ids,))  # noqa: S608
