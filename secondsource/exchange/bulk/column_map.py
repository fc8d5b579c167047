"""Mapping the columns of an upload: guessed, as remembered, as corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, BinaryIO

from secondsource.core.actors import Actor
from secondsource.core.errors import ValuesRefused
from secondsource.core.tabular import Examined, SheetSample
from secondsource.exchange.bom.characters import row_text, sample
from secondsource.exchange.bom.opening import examine
from secondsource.exchange.bom.result import ColumnLeftOut, LeftOut, SheetLeftOut, named_left_out
from secondsource.exchange.bulk import column_guess
from secondsource.exchange.bulk.cells import plain_words
from secondsource.exchange.bulk.doubts import questions
from secondsource.exchange.bulk.kind import Kind
from secondsource.exchange.bulk.mapping import (
    IGNORE,
    BulkMapping,
    Corrections,
    MappedColumn,
    Missing,
    missing,
)
from secondsource.exchange.kept_facts import HEAD, kept_facts
from secondsource.exchange.models import Import, RememberedMapping

_MOST_ROWS = 50


@dataclass(frozen=True)
class Wanted:
    """How a person wants a file read: columns they may fill, a corrected mapping, where the header
    is; ``again`` by the mapping that the import has.
    """

    allowed: Sequence[str]
    corrections: Mapping[str, Any] | None = None
    header: tuple[int, int] | None = None
    again: bool = False
    then_confirm: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """For a job's payload."""
        return {
            "allowed": list(self.allowed),
            "corrections": self.corrections,
            "header": None if self.header is None else list(self.header),
            "again": self.again,
            "then_confirm": self.then_confirm,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Wanted:
        """Back from :meth:`as_json`."""
        header = (data["header"][0], data["header"][1]) if data["header"] else None
        said = data["corrections"]
        said = {"columns": said} if isinstance(said, list) else said
        return cls(data["allowed"], said, header, data.get("again", False), data["then_confirm"])

    def by(self, mapping: Mapping[str, Any]) -> Wanted:
        """The same by a mapping as an import keeps it."""
        return replace(self, corrections=mapping)

    @property
    def place(self) -> tuple[int, int] | None:
        """Sheet and row of the header, as pointed at or as the corrected mapping has it."""
        mapping = self.corrections or {}
        sheet, row = mapping.get("sheet", 0), mapping.get("header_row")
        return (sheet, row) if isinstance(sheet, int) and isinstance(row, int) else self.header


@dataclass(frozen=True)
class Mapped:
    """The mapping, what is still missing in it, what pages show of the file, what is not read."""

    mapping: BulkMapping
    missing: Missing
    shown: dict[str, Any]
    left_out: dict[str, Any]


def map_columns(
    kind: Kind, stream: BinaryIO, imported: Import, wanted: Wanted, actor: Actor
) -> Mapped:
    """Examine a file and map its columns. Raises ``TabularError`` and ``ValuesRefused``."""
    examined = examine(stream, imported.name, partial(_is_header, kind))
    columns = [kind.column(name) for name in wanted.allowed]
    guessed = column_guess.guess(kind, examined, columns=columns, header=wanted.place)
    sheet, mapping = examined.sheets[guessed.sheet], guessed
    if wanted.corrections is not None:
        mapping = _corrected(kind, guessed, wanted.corrections["columns"], wanted.allowed)
        asked = {one for each in questions(kind, guessed, sheet) for one in each.columns}
        _remember(guessed, mapping, asked, actor)
    elif remembered := RememberedMapping.of(actor.user, guessed.shape).get("columns"):
        mapping = _corrected(kind, guessed, remembered, wanted.allowed, why="as last time")
    mapping = column_guess.refresh_forms(kind, mapping, examined)
    lacking = missing(kind, mapping)
    if not lacking.columns:
        more = [(one.code, one.detail) for one in questions(kind, mapping, sheet)]
        lacking = replace(lacking, asked=(*lacking.asked, *more))
    samples, form = _samples(sheet, mapping), examined.form
    sheets = [
        (one.name, one.rows, one.hidden, [row for _, row in one.sample[:HEAD]])
        for one in examined.sheets
    ]
    shown = kept_facts(
        examined.format,
        form.encoding if form else None,
        form.delimiter if form else None,
        sheets,
        samples,
    )
    return Mapped(mapping, lacking, shown, _left_out(examined, mapping, samples))


def _is_header(kind: Kind, text: str) -> bool:
    plain = plain_words(text)
    return any(plain in (plain_words(column.label), *column.words) for column in kind.columns)


def _corrected(
    kind: Kind, mapping: BulkMapping, said: Sequence[Mapping[str, Any]], allowed: Sequence[str],
    why: str = "as corrected",
) -> BulkMapping:  # fmt: skip
    wanted = [str(one.get("role", IGNORE)) for one in said]
    hidden = [one.name for one in kind.columns if one.name in wanted and one.name not in allowed]
    if hidden:
        labels = ", ".join(kind.column(role).label for role in hidden)
        raise ValuesRefused.one(
            "/mapping", "hidden_field", f"You may not fill this field: {labels}."
        )
    try:
        return Corrections(said).applied(kind, mapping, why)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValuesRefused.one(
            "/mapping", "malformed", f"The mapping is unclear: {error}."
        ) from None


def _remember(guessed: BulkMapping, mapping: BulkMapping, asked: set[int], actor: Actor) -> None:
    """What a person corrected of the guess, or said when asked, for files of this shape."""
    pairs = zip(guessed.columns, mapping.columns, strict=True)
    said = [
        _said(before, after)
        for before, after in pairs
        if _differs(before, after) or (after.sure and after.index in asked)
    ]
    RememberedMapping.keep(actor.user, guessed.shape, {"columns": said})


def _differs(before: MappedColumn, after: MappedColumn) -> bool:
    return any(
        getattr(before, name) != getattr(after, name)
        for name in ("role", "number", "form", "unit", "at")
    )


def _said(before: MappedColumn, after: MappedColumn) -> dict[str, Any]:
    said: dict[str, Any] = {"index": after.index, "role": after.role, "number": after.number}
    return said | {
        name: getattr(after, name)
        for name in ("form", "unit", "at")
        if getattr(after, name) != getattr(before, name)
    }


def _samples(sheet: SheetSample, mapping: BulkMapping) -> dict[str, list[str]]:
    """The cells of each column, those that say nothing left out."""
    return {
        f"c{one.index}": column_guess.samples_of(sheet, one.index, mapping.first_row)
        for one in mapping.columns
    }


def _left_out(
    examined: Examined, mapping: BulkMapping, samples: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Columns, sheets and rows above the header that hold something and are not read."""
    sheet, header = examined.sheets[mapping.sheet], mapping.header_row or 0
    above = [
        (number + 1, row_text(row)) for number, row in sheet.sample[:_MOST_ROWS] if number < header
    ]
    return named_left_out(
        (
            ColumnLeftOut(sheet.name, one.index + 1, one.header, sample(cells), "not used")
            for one in mapping.columns
            if one.role == IGNORE and not one.sure and (cells := samples[f"c{one.index}"])
        ),
        (
            SheetLeftOut(one.name, one.rows, "another sheet is read")
            for position, one in enumerate(examined.sheets)
            if position != mapping.sheet and one.rows
        ),
        (LeftOut(sheet.name, row, "above the header", text) for row, text in above if text),
    )
