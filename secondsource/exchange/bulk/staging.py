"""The staging table: a file's cells, parsed, in a temporary table of the caller's transaction.

``import_stage`` has ``row`` (as a spreadsheet counts), the kind's columns and ids, ``target_id``
(the row of the data that it names), ``act`` (``c`` would be created, ``u`` changed, ``s`` stays)
and ``bad``. ``import_problem`` has what is wrong: row, column, code, detail. Both vanish with the
transaction, so a worker that dies leaves nothing behind.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from django.db import connection

from secondsource.core.actors import Actor
from secondsource.core.tabular import Row, rows_of
from secondsource.exchange.bulk.cells import NULL, Bad, Type, escaped, is_blank
from secondsource.exchange.bulk.kind import Kind
from secondsource.exchange.bulk.mapping import BulkMapping

STAGE, PROBLEM = "import_stage", "import_problem"
_BATCH = 10_000
#: Spellings remembered per column; a column with more different cells forgets and goes on.
_REMEMBERED = 50_000

Report = Callable[[int], None]


@dataclass
class Stage:
    """The staged rows of one file; ``s`` is the staging table's name in conditions."""

    kind: Kind
    mapping: BulkMapping
    actor: Actor
    origin: str = ""
    rows: int = 0
    blank: int = 0
    bad: int = 0
    #: Remarks on the file as a whole: what was understood, and how.
    notes: list[dict[str, Any]] = field(default_factory=list)
    #: What checking found out and showing needs: writing changes what could be asked again.
    facts: dict[str, Any] = field(default_factory=dict)
    _problems: int = 0

    def sql(self, statement: str, params: Any = ()) -> int:
        """Run a statement; answers the number of rows. ``{s}`` is the staging table."""
        with connection.cursor() as cursor:
            cursor.execute(statement.replace("{s}", STAGE), tuple(params))
            return int(cursor.rowcount)

    def fetch(self, statement: str, params: Any = ()) -> list[tuple[Any, ...]]:
        """Run a query. ``{s}`` is the staging table."""
        with connection.cursor() as cursor:
            cursor.execute(statement.replace("{s}", STAGE), tuple(params))
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def has(self, name: str) -> bool:
        """Whether the file has a column of this role."""
        return self.mapping.holds(name)

    def refuse(
        self, column: str, code: str, detail: str, where: str, params: Sequence[Any] = ()
    ) -> int:
        """Note an error at ``column`` of every row ``s`` for which ``where`` holds.

        ``detail`` is a sentence; one that begins with ``=`` is a SQL expression on ``s``, for
        sentences that name other values. Answers how many rows.
        """
        sentence, values = ("%s", [detail])
        if detail.startswith("="):
            sentence, values = detail[1:], []
        count = self.sql(
            f"INSERT INTO {PROBLEM} (row, name, code, detail)"  # noqa: S608 (names of this module)
            f" SELECT s.row, %s, %s, {sentence} FROM {STAGE} s WHERE {where}",
            [column, code, *values, *params],
        )
        self._problems += count
        return count

    def note(self, code: str, detail: str) -> None:
        """Say something of the file as a whole."""
        self.notes.append({"row": None, "column": None, "code": code, "detail": detail})

    def remark(self, code: str, detail: str, where: str, params: Sequence[Any] = ()) -> None:
        """Say of the file how many good rows ``where`` holds for: ``{n}`` in ``detail``."""
        ((count,),) = self.fetch(f"SELECT count(*) FROM {{s}} s WHERE {where}", params)  # noqa: S608
        if count:
            said = detail.replace("{n}", f"{count:,}")
            self.note(code, said)

    def refuse_duplicates(self, names: Sequence[str], words: str) -> int:
        """Refuse rows whose key stands in an earlier row of the file; NULLs are alike."""
        key = ", ".join(f"{STAGE}.{name}" for name in names)
        column = names[0].removesuffix("_key").removesuffix("_id")
        shown = column if any(one.name == column for one in self.kind.columns) else ""
        count = self.sql(
            f"INSERT INTO {PROBLEM} (row, name, code, detail)"  # noqa: S608 (names of kinds)
            f" SELECT row, %s, 'duplicate', format(%s, first) FROM ("
            f" SELECT row, first_value(row) OVER (PARTITION BY {key} ORDER BY row) AS first"
            f" FROM {STAGE} WHERE {STAGE}.{names[0]} IS NOT NULL) d WHERE d.row <> d.first",
            [shown, f"Same {words} as row %s."],
        )
        self._problems += count
        return count

    def refuse_rest_of_groups(self, names: Sequence[str], words: str) -> int:
        """Refuse rows that belong to the same record as a refused one: half a record is none."""
        key = ", ".join(names)
        count = self.sql(
            f"INSERT INTO {PROBLEM} (row, name, code, detail)"  # noqa: S608 (names of kinds)
            f" SELECT row, '', 'incomplete', %s FROM {{s}} WHERE ({key}) IN"
            f" (SELECT {key} FROM {{s}} WHERE row IN (SELECT row FROM {PROBLEM}))"
            f" AND row NOT IN (SELECT row FROM {PROBLEM})",
            (f"Another row of the same {words} needs you.",),
        )
        self._problems += count
        return count

    def set_heads(self, names: Sequence[str]) -> None:
        """Note in ``head`` the first row of those that make one record."""
        key = ", ".join(names)
        self.sql(
            "UPDATE {s} s SET head = h.head FROM (SELECT row, min(row) OVER"  # noqa: S608
            f" (PARTITION BY {key}) AS head FROM {{s}} WHERE NOT bad) h WHERE h.row = s.row"
        )
        self.sql("CREATE INDEX IF NOT EXISTS import_stage_head ON {s} (head)")

    def mark_bad(self) -> int:
        """Set ``bad`` on the rows with problems; answers how many there are."""
        if self._problems:
            self.sql(
                f"UPDATE {STAGE} s SET bad = true FROM (SELECT DISTINCT row FROM {PROBLEM}) p"  # noqa: S608
                " WHERE p.row = s.row AND NOT s.bad"
            )
        ((self.bad,),) = self.fetch("SELECT count(*) FROM {s} WHERE bad")
        return self.bad

    @property
    def good(self) -> int:
        """Rows without an error."""
        return self.rows - self.bad


def load(kind: Kind, mapping: BulkMapping, stream: BinaryIO, name: str, actor: Actor,
         report: Report = lambda rows: None) -> Stage:  # fmt: skip
    """Copy a file's rows into a new staging table, and note the cells that cannot be read.

    ``report`` is told the number of rows read so far. Raises ``TabularError``.
    """
    stage = Stage(kind, mapping, actor, origin=f"import {name}"[:120])
    _create(stage)
    rows = rows_of(stream, name, form=mapping.text, sheet=mapping.sheet)
    numbered = enumerate(islice(rows, mapping.first_row, None), mapping.first_row + 1)
    cutter = _Cutter(kind, mapping)
    copy = f"COPY {STAGE} (row, {', '.join(cutter.names)}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor:
        while batch := list(islice(numbered, _BATCH)):
            cursor.copy_expert(copy, io.StringIO("".join(cutter.lines(batch))))
            if cutter.problems:
                lines = "".join(cutter.problems)
                cursor.copy_expert(f"COPY {PROBLEM} FROM STDIN", io.StringIO(lines))
                stage._problems += len(cutter.problems)
                cutter.problems.clear()
            report(batch[-1][0])
        cursor.execute(f"ANALYZE {STAGE}")
    stage.rows, stage.blank = cutter.rows, cutter.blank
    return stage


def _create(stage: Stage) -> None:
    kind = stage.kind
    columns = [definition for column in kind.columns for definition in column.definitions]
    columns += [(name, "bigint") for name in ("target_id", *kind.ids)]
    declared = ", ".join(f"{name} {sql}" for name, sql in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGE}, {PROBLEM}")
        cursor.execute(
            f"CREATE TEMP TABLE {STAGE} (row integer PRIMARY KEY, {declared},"
            " head integer, act text, bad boolean NOT NULL DEFAULT false) ON COMMIT DROP"
        )
        cursor.execute(
            f"CREATE TEMP TABLE {PROBLEM} (row integer, name text, code text, detail text)"
            " ON COMMIT DROP"
        )


class _Cutter:
    """Rows of cells to lines for COPY."""

    def __init__(self, kind: Kind, mapping: BulkMapping) -> None:
        self.rows = self.blank = 0
        self.problems: list[str] = []
        self.names: list[str] = []
        self.readers: list[_Reader] = []
        self.named: dict[str, list[tuple[int, str]]] = {}
        for one in mapping.used():
            column = kind.column(one.role)
            if column.named:
                self.named.setdefault(column.name, []).append((one.index, one.header))
                continue
            first = column.staged(one.number)
            self.names += [first + suffix for suffix, _ in column.type.columns]
            self.readers.append(_Reader(one.index, first, column.type, one.form, column.required))
        self.names += self.named
        self.indexes = [one.index for one in mapping.used()]

    def lines(self, batch: Iterable[tuple[int, Row]]) -> Iterator[str]:
        """One line a row that is not blank."""
        readers, named = self.readers, self.named
        for number, row in batch:
            width = len(row)
            cells = [row[one.index] if one.index < width else "" for one in readers]
            if not any(cells) and not (named and any(map(str.strip, row))):
                self.blank += 1
                continue
            texts = [str(number)]
            for reader, cell in zip(readers, cells, strict=True):
                found = reader.known.get(cell)
                if found is None:
                    found = reader.read(cell)
                if isinstance(found, Bad):
                    self._note(number, reader.name, found)
                    found = reader.null
                texts.append(found)
            texts += [_as_object(row, columns) for columns in named.values()]
            self.rows += 1
            yield "\t".join(texts) + "\n"

    def _note(self, number: int, name: str, bad: Bad) -> None:
        self.problems.append(f"{number}\t{name}\t{bad.code}\t{escaped(bad.detail)}\n")


class _Reader:
    """Reads the cells of one column; equal cells are read once."""

    def __init__(self, index: int, name: str, kind: Type, form: str, required: bool) -> None:
        self.index, self.name, self.type, self.form = index, name, kind, form
        self.null = "\t".join([NULL] * len(kind.columns))
        self.blank: str | Bad = Bad("missing", "This cell is empty.") if required else self.null
        self.known: dict[str, str | Bad] = {}

    def read(self, cell: str) -> str | Bad:
        """The cell as COPY takes it, or what is wrong with it."""
        found = self.blank if is_blank(cell) else self.type.read(cell, self.form)
        if len(self.known) >= _REMEMBERED:
            self.known.clear()
        self.known[cell] = found
        return found


def _as_object(row: Row, columns: Sequence[tuple[int, str]]) -> str:
    found = {
        header: row[index].strip()
        for index, header in columns
        if index < len(row) and not is_blank(row[index])
    }
    return escaped(json.dumps(found, ensure_ascii=False)) if found else NULL
