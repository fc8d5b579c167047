"""The staging table: a file's cells, parsed, in a temporary table of the caller's transaction.

``import_stage`` has ``row`` (as a spreadsheet counts), the kind's columns and ids, ``target_id``
(the row of the data that it names), ``act`` (``c`` would be created, ``u`` changed, ``s`` stays)
and ``bad``. ``import_problem`` has what is wrong: row, column, code, detail. Both vanish with the
transaction, so a worker that dies leaves nothing behind.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from operator import getitem, itemgetter
from typing import IO, Any, BinaryIO

from django.db import connection
from psycopg2.extras import execute_values

from secondsource.core.actors import Actor
from secondsource.core.tabular import Row, rows_of
from secondsource.exchange.bulk.cells import NULL, Bad, Type, escaped, is_blank
from secondsource.exchange.bulk.kind import FURTHER, Kind
from secondsource.exchange.bulk.mapping import BulkMapping
from secondsource.exchange.bulk.spread import Spread
from secondsource.exchange.company_questions import Questions

STAGE, PROBLEM = "import_stage", "import_problem"
#: The row of the file that a staged row ``s`` comes from.
FILE_ROW = f"mod(s.row, {FURTHER})"
#: Lines that are cut at a time, about what waits between two processes; every so many are told.
_PIECE, _TOLD = 1_000, 10
_SPILL = 1024 * 1024
#: Sorting and joining a million rows would else go to disk; for this transaction alone.
_WORK_MB = 256
#: Spellings remembered per column; a column with more different cells forgets and goes on.
_REMEMBERED = 50_000

Report = Callable[[int], None]


@dataclass(frozen=True)
class _Refusal:
    """A condition that waits to be looked for; ``values`` with the sentence, ``params`` alone."""

    column: str
    code: str
    detail: str
    where: str
    values: tuple[Any, ...]
    params: tuple[Any, ...]


@dataclass
class Stage:
    """The staged rows of one file; ``s`` is the staging table's name in conditions."""

    kind: Kind
    mapping: BulkMapping
    actor: Actor
    origin: str = ""
    #: Names that may mean a company on record, with answers; see ``exchange.company_questions``.
    companies: Questions = field(default_factory=dict)
    accepts: bool = False
    #: Whether the good rows are written in this transaction.
    writes: bool = False
    spellings: list[tuple[int, str, str]] = field(default_factory=list)
    rows: int = 0
    blank: int = 0
    bad: int = 0
    #: Remarks on the file as a whole: what was understood, and how.
    notes: list[dict[str, Any]] = field(default_factory=list)
    #: What checking found out and showing needs: writing changes what could be asked again.
    facts: dict[str, Any] = field(default_factory=dict)
    _problems: int = 0
    _waiting: list[_Refusal] = field(default_factory=list)

    def sql(self, statement: str, params: Any = ()) -> int:
        """Run a statement; answers the number of rows. ``{s}`` is the staging table.

        What waits to be refused is looked for before the rows become others.
        """
        if statement.startswith("UPDATE {s}"):
            self.settle()
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
        self, column: str, code: str, detail: str, where: str, params: Sequence[Any] = (),
        *, unread: str = "",
    ) -> None:  # fmt: skip
        """Note an error at ``column`` of every row ``s`` for which ``where`` holds.

        ``unread``: a cell that is asked for and may be there, only unreadable; such rows have been
        told so and are not refused again.

        ``detail`` is a sentence; one that begins with ``=`` is a SQL expression on ``s``, for
        sentences that name other values. Refusals are gathered and looked for in one pass over
        the rows (``settle``): before the rows change, before a condition asks for problems that
        others found, and at the end. So each holds of the rows as they are now.
        """
        if PROBLEM in where:
            self.settle()
        if unread:
            where = (
                f"({where}) AND NOT EXISTS (SELECT FROM {PROBLEM} x"
                f" WHERE x.row = s.row AND x.name = '{unread}')"
            )
        own = detail.startswith("=")
        self._waiting.append(
            _Refusal(
                column, code, detail[1:] if own else "%s", where,
                (*params, column, code, *(() if own else (detail,))), tuple(params),
            )
        )  # fmt: skip

    def settle(self) -> None:
        """Look for everything that was refused so far. Called before errors are counted."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        found = ", ".join(f"(({one.where}), %s, %s, {one.detail})" for one in waiting)
        any_of = " OR ".join(f"({one.where})" for one in waiting)
        self._problems += self.sql(
            f"INSERT INTO {PROBLEM} (row, name, code, detail)"  # noqa: S608 (names of kinds)
            f" SELECT s.row, v.name, v.code, v.detail FROM {STAGE} s,"
            f" LATERAL (VALUES {found}) v (hit, name, code, detail) WHERE ({any_of}) AND v.hit",
            [
                *(value for one in waiting for value in one.values),
                *(value for one in waiting for value in one.params),
            ],
        )

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
            f" SELECT row, %s, 'duplicate', format(%s, mod(first, {FURTHER})) FROM ("
            f" SELECT row, first_value(row) OVER (PARTITION BY {key} ORDER BY row) AS first"
            f" FROM {STAGE} WHERE {STAGE}.{names[0]} IS NOT NULL) d WHERE d.row <> d.first",
            [shown, f"Same {words} as row %s."],
        )
        self._problems += count
        return count

    def refuse_rest_of_groups(self, names: Sequence[str], words: str) -> int:
        """Refuse rows that belong to the same record as a refused one: half a record is none."""
        self.settle()
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
        self.settle()
        if self._problems:
            self.sql(f"ANALYZE {PROBLEM}")
            self.sql(
                f"UPDATE {STAGE} s SET bad = true FROM (SELECT DISTINCT row FROM {PROBLEM}) p"  # noqa: S608
                " WHERE p.row = s.row"
            )
            ((self.bad,),) = self.fetch(
                f"SELECT count(DISTINCT {FILE_ROW}) FROM {{s}} s WHERE bad"  # noqa: S608
            )
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
    with (
        closing(rows_of(stream, name, form=mapping.text, sheet=mapping.sheet)) as rows,
        tempfile.SpooledTemporaryFile(_SPILL, "w+", encoding="utf-8", newline="") as noted,
    ):
        numbered = enumerate(islice(rows, mapping.first_row, None), mapping.first_row + 1)
        cutter = _Cutter(kind, mapping, noted)
        feed = _Feed(cutter, numbered, report)
        with connection.wrap_database_errors, connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL work_mem = '{_WORK_MB}MB'")
            columns = ", ".join(["row", *cutter.names])
            cursor.copy_expert(f"COPY {STAGE} ({columns}) FROM STDIN", feed)
            if feed.error is not None:
                raise feed.error
            noted.seek(0)
            cursor.copy_expert(f"COPY {PROBLEM} FROM STDIN", noted)
            cursor.execute(f"ANALYZE {STAGE}")
    stage.rows, stage.blank, stage._problems = cutter.rows, cutter.blank, cutter.problems
    return stage


def stage_rows(kind: Kind, rows: Sequence[Mapping[str, Any]], name: str, actor: Actor) -> Stage:
    """Rows that were read and decided about elsewhere, as values by staging column."""
    stage = Stage(kind, BulkMapping(kind.name, 0, None, 0, ()), actor, f"import {name}"[:120])
    _create(stage)
    names = ["row", *(name for name, _ in kind.staged), *kind.ids]
    values = [tuple(one.get(name) for name in names) for one in rows]
    with connection.wrap_database_errors, connection.cursor() as cursor:
        command = f"INSERT INTO {STAGE} ({', '.join(names)}) VALUES %s"  # noqa: S608 (of kinds)
        execute_values(cursor.cursor, command, values, page_size=1000)
        cursor.execute(f"ANALYZE {STAGE}")
    stage.rows = len(rows)
    return stage


class _Feed:
    """The lines as a file that COPY reads: the next are cut while the database takes these in."""

    def __init__(self, cutter: _Cutter, rows: Iterable[tuple[int, Row]], report: Report) -> None:
        self.cutter, self.lines, self.report = cutter, cutter.lines(rows), report
        self.pieces = 0
        self.error: Exception | None = None

    def read(self, size: int) -> str:
        """Some lines. COPY would hide an error behind one of its own: it is kept, and they end."""
        try:
            # Joined as they come: lines that wait in lists would keep the collector busy.
            text = "".join(islice(self.lines, _PIECE))
            self.pieces += 1
            if self.pieces % _TOLD == 0:
                self.report(self.cutter.at)
        except Exception as error:  # noqa: BLE001 (``load`` raises it)
            self.error = error
            return ""
        return text


def forget() -> None:
    """Drop the staged rows before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAGE}, {PROBLEM}")


def _create(stage: Stage) -> None:
    kind = stage.kind
    columns = [definition for column in kind.columns for definition in column.definitions]
    columns += kind.staged
    columns += [(name, "bigint") for name in ("target_id", *kind.ids)]
    declared = ", ".join(f"{name} {sql}" for name, sql in columns)
    forget()
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE {STAGE} (row integer NOT NULL, {declared},"
            " head integer, act text, bad boolean NOT NULL DEFAULT false) ON COMMIT DROP"
        )
        cursor.execute(
            f"CREATE TEMP TABLE {PROBLEM} (row integer, name text, code text, detail text)"
            " ON COMMIT DROP"
        )


class _Cutter:
    """Rows of cells to lines for COPY."""

    def __init__(self, kind: Kind, mapping: BulkMapping, noted: IO[str]) -> None:
        self.rows = self.blank = self.at = self.problems = 0
        self.noted = noted
        self.names: list[str] = []
        self.readers: list[_Reader] = []
        self.named: dict[str, list[tuple[int, str]]] = {}
        spread = Spread(kind, mapping)
        for one in mapping.used():
            column = kind.column(one.role)
            if column.named:
                self.named.setdefault(column.name, []).append((one.index, one.header))
                continue
            if column.several and spread.first[one.role] != one.index:
                continue
            first = column.staged(one.number)
            self.names += [first + suffix for suffix, _ in column.type.columns]
            unit = one.unit or ("column" if mapping.holds("price_unit") else "")
            self.readers.append(
                _Reader(one.index, first, column.type.within(unit), one.form, column.required)
            )
        self.names += self.named
        self.width = 1 + max((one.index for one in mapping.used()), default=0)
        self.spread = spread if spread.active else None

    def lines(self, rows: Iterable[tuple[int, Row]]) -> Iterator[str]:
        """One line a row that is not blank."""
        readers, named, pick = self.readers, self.named, _picker([r.index for r in self.readers])
        for number, row in self.spread.rows(rows) if self.spread else rows:
            if len(row) < self.width:
                row = [*row, *[""] * (self.width - len(row))]
            cells = pick(row)
            if not any(cells) and not (named and any(map(str.strip, row))):
                self.blank += 1
                continue
            texts = list(map(getitem, readers, cells))
            if named:
                texts += [_as_object(row, columns) for columns in named.values()]
            self.rows += number < FURTHER
            self.at = number % FURTHER
            try:
                yield f"{number}\t" + "\t".join(texts) + "\n"
            except TypeError:  # some are no text but what is wrong with them
                yield f"{number}\t" + "\t".join(self._noted(number, texts)) + "\n"

    def _noted(self, number: int, texts: Sequence[Any]) -> Iterator[str]:
        """The texts with NULL for bad cells, whose problems are noted."""
        for position, text in enumerate(texts):
            if isinstance(text, Bad):
                reader = self.readers[position]
                self.problems += 1
                self.noted.write(f"{number}\t{reader.name}\t{text.code}\t{escaped(text.detail)}\n")
                text = reader.null
            yield text


def _picker(indexes: Sequence[int]) -> Callable[[Row], Sequence[str]]:
    """What takes the cells of these columns out of a row; many at once without a loop."""
    if len(indexes) > 1:
        return itemgetter(*indexes)
    return lambda row: [row[index] for index in indexes]


class _Reader(dict[str, Any]):
    """Cell → the text that COPY takes, or what is wrong; equal cells are read once."""

    def __init__(self, index: int, name: str, kind: Type, form: str, required: bool) -> None:
        self.index, self.name, self.read, self.form = index, name, kind.read, form
        self.is_blank = kind.is_blank
        self.null = "\t".join([NULL] * len(kind.columns))
        self.blank: str | Bad = Bad("missing", "This cell is empty.") if required else self.null

    def __missing__(self, cell: str) -> str | Bad:
        found = self.blank if self.is_blank(cell) else self.read(cell, self.form)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = found
        return found


def _as_object(row: Row, columns: Sequence[tuple[int, str]]) -> str:
    found = {
        header: row[index].strip()
        for index, header in columns
        if index < len(row) and not is_blank(row[index])
    }
    return escaped(json.dumps(found, ensure_ascii=False)) if found else NULL
