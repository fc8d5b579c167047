"""Rows with an id and a history: what a file would do to them, doing it, and noting it for undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg2.extensions import adapt

from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from secondsource.core.models import Record
from secondsource.exchange.bulk import removal
from secondsource.exchange.bulk.kind import Counts, Kind
from secondsource.exchange.bulk.removal import JOURNAL
from secondsource.exchange.bulk.staging import Stage
from secondsource.exchange.models import Import


class RecordKind(Kind):
    """A kind whose rows are records of one model, found by a natural key.

    An empty cell, and a column that the file has not, leave what is there. See ``kind``.
    """

    model: ClassVar[type[Record]]
    #: SQL condition on ``s`` (staging) and ``t`` (the model's table) that makes them the same.
    key: ClassVar[str]
    #: Staging columns of the natural key and the key in words, for duplicates inside the file.
    unique: ClassVar[Sequence[str]]
    unique_words: ClassVar[str]
    #: Model column → SQL expression on ``s``; NULL leaves what is there.
    values: ClassVar[Mapping[str, str]]
    #: Columns that a row empties: model column → SQL condition on ``s``.
    cleared: ClassVar[Mapping[str, str]] = {}
    #: Columns written with any change and with new rows that are no change by themselves (where a
    #: figure comes from): model column → SQL expression on ``s``.
    also: ClassVar[Mapping[str, str]] = {}
    #: Further columns of new rows only: model column → SQL expression on ``s``.
    initial: ClassVar[Mapping[str, str]] = {}
    creates: ClassVar[bool] = True
    #: Several rows may make one record (an offer and its price breaks): the first row gives its
    #: values, all of them have its ``target_id``; rows with ``act`` 'm' only add to it.
    several_rows: ClassVar[bool] = False
    #: Tables of rows that hang on these and go with them: (table, column with the id).
    children: ClassVar[Sequence[tuple[str, str]]] = ()
    #: Those of them whose rows are superseded and never removed: the kind puts them back itself.
    versioned: ClassVar[Sequence[str]] = ()
    #: The same for what is only computed of new rows: removed with them, never put back.
    computed: ClassVar[Sequence[tuple[str, str]]] = ()

    # --- what it would do ---------------------------------------------------------------------

    def classify(self, stage: Stage) -> Counts:
        """Which good rows are new, changed or as they were."""
        table = _quoted(self.model._meta.db_table)
        stage.sql(f"UPDATE {{s}} s SET target_id = t.id FROM {table} t WHERE {self.key}")  # noqa: S608
        if self.several_rows:
            stage.set_heads(self.unique)
        conditions = [
            f"({value}) IS NOT NULL AND ({value}) IS DISTINCT FROM t.{_quoted(name)}"
            for name, value in self.values.items()
        ]
        conditions += [
            f"({empties}) AND t.{_quoted(name)} IS NOT NULL"
            for name, empties in self.cleared.items()
        ]
        if more := self.differs(stage):
            conditions.append(f"({more})")
        changed = " OR ".join(conditions) or "false"
        stage.sql(
            f"UPDATE {{s}} s SET act = CASE WHEN {changed} THEN 'u' ELSE 's' END"  # noqa: S608
            f" FROM {table} t WHERE t.id = s.target_id AND NOT s.bad"
        )
        first = "CASE WHEN head <> row THEN 'm' ELSE 'c' END" if self.several_rows else "'c'"
        stage.sql(f"UPDATE {{s}} SET act = {first} WHERE target_id IS NULL AND NOT bad")  # noqa: S608
        if self.several_rows:
            stage.sql(
                "UPDATE {s} s SET act = 'u' WHERE act = 's' AND row IN"
                " (SELECT head FROM {s} WHERE act = 'u')"
            )
            stage.sql("UPDATE {s} SET act = 'm' WHERE head <> row AND act <> 'm' AND NOT bad")
        return self.counted(stage)

    def counted(self, stage: Stage) -> Counts:
        """What would be created, changed or stay; rows that only add to another are not counted."""
        by_act = dict(stage.fetch("SELECT act, count(*) FROM {s} WHERE NOT bad GROUP BY act"))
        return Counts(by_act.get("c", 0), by_act.get("u", 0), by_act.get("s", 0))

    def differs(self, stage: Stage) -> str:
        """A further SQL condition on ``s`` and ``t`` under which a row counts as changed."""
        return ""

    # --- doing it -----------------------------------------------------------------------------

    def write(self, stage: Stage, imported: Import) -> Counts:
        """Create and change, with history and journal, then what hangs on the rows."""
        counts = self.classify(stage)
        reason = f"import {imported.name}"
        traces.attribute(stage.actor, reason)
        ((changes,),) = stage.fetch("SELECT EXISTS (SELECT FROM {s} WHERE act = 'u')")
        if changes:
            self._note_before(stage, imported)
            self._change(stage)
        if self.creates:
            self._create(stage)
        traces.attribute(stage.actor, reason)  # creating may have called services of its own
        self.after(stage, imported)
        self._note_created(stage, imported)
        self.tell(stage)
        return counts

    def after(self, stage: Stage, imported: Import) -> None:
        """Write the rows that hang on these; ``s.target_id`` and ``s.act`` are set by now."""

    def tell(self, stage: Stage) -> None:
        """Send the signals of what changed."""

    # --- taking it back -----------------------------------------------------------------------

    def lock(self, imported: Import) -> None:
        removal.lock(imported, self)

    def reasons_against_undo(self, imported: Import) -> list[Reason]:
        return removal.reasons_against(imported, self)

    def take_back(self, imported: Import, *, actor: Actor) -> None:
        removal.take_back(imported, self, actor=actor)

    def before_undo(self, created: list[int], changed: list[int]) -> None:
        """Called while the rows are still there."""

    def after_undo(self, created: list[int], changed: list[int]) -> None:
        """Send the signals of what went or was put back."""

    def filled(self, stage: Stage) -> dict[str, str]:
        """``also`` with ``{origin}`` as a text constant: which import it was."""
        origin = adapt(stage.origin)
        connection.ensure_connection()
        origin.prepare(connection.connection)
        constant = origin.getquoted().decode().replace("%", "%%")
        return {name: value.replace("{origin}", constant) for name, value in self.also.items()}

    def _note_before(self, stage: Stage, imported: Import) -> None:
        """The rows as they were, with what hangs on them, so that undo can put them back."""
        table = _quoted(self.model._meta.db_table)
        before = f"jsonb_build_object('row', to_jsonb(t){_children(self.children)})"
        stage.sql(
            f"INSERT INTO {JOURNAL} (import_id, model, object_id, version, before)"  # noqa: S608
            f" SELECT %s, %s, t.id, t.version + 1, {before}"
            f" FROM {table} t JOIN {{s}} s ON s.target_id = t.id WHERE s.act = 'u' ORDER BY t.id",
            (imported.pk, audit.label(self.model)),
        )

    def _note_created(self, stage: Stage, imported: Import) -> None:
        stage.sql(
            f"INSERT INTO {JOURNAL} (import_id, model, object_id, version)"  # noqa: S608
            " SELECT %s, %s, target_id, 1 FROM {s} WHERE act = 'c' ORDER BY target_id",
            (imported.pk, audit.label(self.model)),
        )

    def _change(self, stage: Stage) -> None:
        sets = ", ".join(
            f"{_quoted(name)} = {self._changed(name, value)}"
            for name, value in {**self.values, **self.filled(stage)}.items()
        )
        sets += ", " if sets else ""
        stage.sql(
            f"UPDATE {_quoted(self.model._meta.db_table)} t SET {sets}"  # noqa: S608
            " version = t.version + 1, updated_at = %s"
            " FROM {s} s WHERE s.target_id = t.id AND s.act = 'u'",
            (clock.now(),),
        )

    def _changed(self, name: str, value: str) -> str:
        """What a column becomes: the row's value, else what is there, unless the row empties it."""
        kept = f"COALESCE(({value}), t.{_quoted(name)})"
        empties = self.cleared.get(name)
        return f"CASE WHEN {empties} THEN NULL ELSE {kept} END" if empties else kept

    def _create(self, stage: Stage) -> list[int]:
        """Insert the new rows; answers their ids."""
        table = self.model._meta.db_table
        stage.sql(
            "UPDATE {s} SET target_id ="
            " nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass)) WHERE act = 'c'",
            (table,),
        )
        if self.several_rows:
            stage.sql(
                "UPDATE {s} s SET target_id = h.target_id FROM {s} h"
                " WHERE h.row = s.head AND s.act = 'm' AND h.act = 'c'"
            )
        now = str(adapt(clock.now().isoformat()).getquoted().decode())
        stamped = {"id": "s.target_id", "created_at": now, "updated_at": now}
        given = {**self.initial, **self.values, **self.filled(stage), **stamped}
        default = dict(_defaults(self.model, given))
        columns = [*given, *default]
        values = [_or_default(self.model, name, value) for name, value in given.items()]
        values += default.values()
        stage.sql(
            f"INSERT INTO {_quoted(table)} ({', '.join(map(_quoted, columns))})"  # noqa: S608
            f" SELECT {', '.join(values)} FROM {{s}} s WHERE s.act = 'c' ORDER BY s.row"
        )
        return [pk for (pk,) in stage.fetch("SELECT target_id FROM {s} WHERE act = 'c' ORDER BY 1")]


def _or_default(model: type[models.Model], column: str, value: str) -> str:
    constant = _constant(model, column)
    return f"COALESCE(({value}), {constant})" if constant else f"({value})"


def _children(children: Sequence[tuple[str, str]]) -> str:
    """SQL of the rows that hang on ``t``, by table."""
    return "".join(
        f", '{table}', (SELECT COALESCE(jsonb_agg(to_jsonb(c) ORDER BY c.id), '[]')"  # noqa: S608
        f" FROM {_quoted(table)} c WHERE c.{_quoted(column)} = t.id)"
        for table, column in children
    )


def _defaults(model: type[models.Model], given: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """SQL constants of the model's other columns; those that the table fills are left to it."""
    for field in model._meta.concrete_fields:
        if field.column in given or field.primary_key or field.generated:
            continue
        if not field.has_db_default():
            yield str(field.column), _constant(model, str(field.column)) or "NULL"


def _constant(model: type[models.Model], column: str) -> str:
    """The model's default of a column as SQL; '' without one."""
    field = next(one for one in model._meta.concrete_fields if one.column == column)
    if field.primary_key or field.has_db_default():
        return "" if not field.has_db_default() else _database_default(field)
    value = field.get_default()
    if value is None or isinstance(value, DatabaseDefault):
        return ""
    prepared = adapt(field.get_db_prep_save(value, connection))
    if hasattr(prepared, "prepare"):
        connection.ensure_connection()
        prepared.prepare(connection.connection)
    cast = f"::{field.db_type(connection)}" if isinstance(value, list) else ""
    return f"{prepared.getquoted().decode()}{cast}".replace("%", "%%")


def _database_default(field: Any) -> str:
    value = field.db_default
    return (
        ""
        if not isinstance(value, (str, int))
        else f"{adapt(value).getquoted().decode()}".replace("%", "%%")
    )


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
