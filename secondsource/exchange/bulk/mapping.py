"""Which column of a bulk file holds what, as guessed, shown, corrected and remembered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from secondsource.core.tabular import TextForm
from secondsource.exchange.bom.corrections import column_said
from secondsource.exchange.bulk.kind import Kind
from secondsource.exchange.bulk.measures import Price, currency_of

IGNORE = "ignore"


@dataclass(frozen=True)
class MappedColumn:
    """A column of the file: its header, what it holds and how its cells are written.

    ``form`` is how numbers and dates are written, ``unit`` the unit that they are in; '?' means
    that a person must say. ``at`` is the quantity that the header of a price gives. ``confidence``
    is 0 to 1; ``why`` says what spoke for the role, ``sure`` that a person said it. ``rivals`` are
    the roles (with number and score) that a column without one would fit.
    """

    index: int
    header: str
    role: str = IGNORE
    number: int = 1
    form: str = ""
    confidence: float = 0.0
    why: str = ""
    unit: str = ""
    at: int = 0
    sure: bool = False
    rivals: tuple[tuple[str, int, float], ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class BulkMapping:
    """How a file is read: where its table begins and what its columns hold.

    ``header_row`` counts from 0, None when there is none; rows from ``first_row`` on are data.
    ``text`` is the form of a text file, None for spreadsheets.
    """

    kind: str
    sheet: int
    header_row: int | None
    first_row: int
    columns: tuple[MappedColumn, ...]
    text: TextForm | None = None
    rows: int = 0

    @property
    def shape(self) -> str:
        """What files of the same program have in common: kind and headers."""
        headers = [self.kind, *(one.header.strip().lower() for one in self.columns)]
        return hashlib.sha256(json.dumps(headers).encode()).hexdigest()

    def used(self) -> list[MappedColumn]:
        """The columns that are read."""
        return [one for one in self.columns if one.role != IGNORE]

    def holds(self, role: str) -> bool:
        """Whether some column has this role."""
        return any(one.role == role for one in self.columns)

    def with_column(
        self, index: int, role: str, number: int = 1, form: str | None = None, why: str = "",
        unit: str | None = None, at: int | None = None,
    ) -> BulkMapping:  # fmt: skip
        """The mapping with one column read otherwise; what is None is found by the cells."""
        now = next(one for one in self.columns if one.index == index)
        same = role == now.role
        said = replace(
            now, role=role, number=number, confidence=1.0, why=why, sure=True,
            form=(now.form if same else "") if form is None else form,
            unit=(now.unit if same else "") if unit is None else unit,
            at=(now.at if same else 0) if at is None else at,
        )  # fmt: skip
        columns = tuple(said if one is now else one for one in self.columns)
        return replace(self, columns=columns)

    def confirmed(self, index: int) -> BulkMapping:
        """The mapping with a column that a person says is read right."""
        columns = (replace(one, sure=one.sure or one.index == index) for one in self.columns)
        return replace(self, columns=tuple(columns))

    def to_json(self) -> dict[str, Any]:
        """For storing and for the API."""
        return {
            "kind": self.kind, "sheet": self.sheet, "header_row": self.header_row,
            "first_row": self.first_row, "rows": self.rows, "shape": self.shape,
            "text": self.text.as_json() if self.text else None,
            "columns": [_plain(one) for one in self.columns],
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> BulkMapping:
        """Back from :meth:`to_json`. Raises ``KeyError``, ``TypeError`` or ``ValueError``."""
        names = [one.name for one in fields(MappedColumn) if one.name != "rivals"]
        header = data["header_row"]
        return cls(
            kind=str(data["kind"]),
            sheet=int(data["sheet"]),
            header_row=None if header is None else int(header),
            first_row=int(data["first_row"]),
            columns=tuple(
                MappedColumn(**{name: one[name] for name in names if name in one})
                for one in data["columns"]
            ),
            text=TextForm(**data["text"]) if data["text"] else None,
            rows=int(data.get("rows", 0)),
        )


def _plain(column: MappedColumn) -> dict[str, Any]:
    found = asdict(column)
    del found["rivals"]
    return found


@dataclass(frozen=True)
class Missing:
    """What a person must still say before the rows can be read; ``asked``: (code, sentence)."""

    columns: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.columns or self.unclear or self.twice or self.asked)

    def sentences(self) -> list[tuple[str, str]]:
        """(code, sentence) each."""
        found = []
        if self.columns:
            found.append(("columns_missing", f"Say which column holds: {'; '.join(self.columns)}."))
        both = "every cell could be read in two ways"
        found += [
            ("unclear_form", f"Say how “{header}” is written: {both}.") for header in self.unclear
        ]
        found += [("twice", f"{label} is read from two columns; keep one.") for label in self.twice]
        return [*found, *self.asked]


def currency_said(kind: Kind, mapping: BulkMapping) -> str:
    """The currency that the headers of all prices name, where no column holds it."""
    if mapping.holds("currency"):
        return ""
    prices = [one for one in mapping.used() if isinstance(kind.column(one.role).type, Price)]
    named = {currency_of(one.header) for one in prices}
    return named.pop() if len(named) == 1 else ""


def missing(kind: Kind, mapping: BulkMapping) -> Missing:
    """What stands between this mapping and reading the rows by it."""
    needed = [one.label for one in kind.columns if one.required and not mapping.holds(one.name)]
    if currency_said(kind, mapping):
        needed = [label for label in needed if label != kind.column("currency").label]
    needed += [
        " or ".join(kind.column(name).label for name in names)
        for names in kind.one_of
        if not any(mapping.holds(name) for name in names)
    ]
    seen: set[tuple[str, int]] = set()
    twice = []
    for one in mapping.used():
        column = kind.column(one.role)
        place = (one.role, one.number)
        if place in seen and not column.named:
            twice.append(column.label if column.most == 1 else f"{column.label} {one.number}")
        seen.add(place)
    unclear = [one.header or f"column {one.index + 1}" for one in mapping.used() if one.form == "?"]
    asked = tuple(
        (
            "unclear_unit",
            f"Say the unit of “{one.header}”: {kind.column(one.role).type.unit_question}.",
        )
        for one in mapping.used()
        if one.unit == "?"
    )
    return Missing(tuple(needed), tuple(unclear), tuple(twice), asked)


@dataclass
class Corrections:
    """What a person says of columns, by index or header; all else stays as guessed."""

    columns: Sequence[Mapping[str, Any]] = field(default_factory=list)

    def applied(self, kind: Kind, mapping: BulkMapping, why: str = "as corrected") -> BulkMapping:
        """The corrected mapping. Raises ``ValueError`` for what the file or the kind has not."""
        for wanted in self.columns:
            now = column_said(mapping.columns, wanted)
            role = str(wanted.get("role", now.role))
            number = int(wanted.get("number", now.number if role == now.role else 1))
            form = str(wanted["form"]) if "form" in wanted else None
            unit = str(wanted["unit"]) if "unit" in wanted else None
            at = int(wanted["at"]) if "at" in wanted else None
            _check(kind, role, number, form, unit, at)
            said = (role, number, form or now.form, unit or now.unit, now.at if at is None else at)
            if said != (now.role, now.number, now.form, now.unit, now.at):
                mapping = mapping.with_column(now.index, role, number, form, why, unit, at)
            elif wanted.get("sure") is not False:
                mapping = mapping.confirmed(now.index)
        return mapping


def _check(
    kind: Kind, role: str, number: int, form: str | None, unit: str | None, at: int | None
) -> None:
    if role == IGNORE:
        return
    try:
        column = kind.column(role)
    except KeyError:
        raise ValueError(f"{kind.label} have no {role!r}") from None
    if not 1 <= number <= column.most:
        raise ValueError(f"{column.label} is numbered 1 to {column.most}")
    if form and form != "?" and form not in dict(column.type.choices_of_form):
        raise ValueError(f"{column.label} has no form {form!r}")
    if unit and unit != "?" and unit not in dict(column.type.choices_of_unit):
        raise ValueError(f"{column.label} has no unit {unit!r}")
    if at and not (column.at and 0 < at < 1_000_000_000):
        raise ValueError(f"{column.label} is for no quantity {at}")
