"""Which table of a file is the BOM and what its columns mean; correctable and storable."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from secondsource.core.tabular import TabularError


class BomError(TabularError):
    """The file holds tables, but none that can be taken for a BOM."""


class Role(StrEnum):
    """What a column holds."""

    DESIGNATORS = "designators"
    QUANTITY = "quantity"
    MPN = "mpn"
    MANUFACTURER = "manufacturer"
    MANUFACTURER_MPN = "manufacturer_mpn"
    ALTERNATIVE = "alternative"
    REMARKS = "remarks"
    DESCRIPTION = "description"
    VALUE = "value"
    FOOTPRINT = "footprint"
    DNP = "dnp"
    FITTED = "fitted"
    IPN = "ipn"
    SUPPLIER = "supplier"
    SKU = "sku"
    ITEM = "item"
    LEVEL = "level"
    PREFERENCE = "preference"
    IGNORE = "ignore"


CHOSEN = "chosen by you"
NUMBERED = frozenset({Role.MPN, Role.MANUFACTURER, Role.MANUFACTURER_MPN})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `number` 1 is the primary part, 2 and up are alternates.

    `other` is the role that comes second. `doubt`: the code of what its reader is not sure of;
    it counts until `said`, when a person or program says what the column holds.
    """

    index: int
    header: str
    role: Role
    number: int = 1
    confidence: float = 0.0
    why: str = ""
    other: str = ""
    doubt: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows `first_row` to `end_row` (exclusive, from 0) of a sheet under their header rows.

    `doubt`: why it is asked whether they are taken. `decimal`: the decimal sign of quantities,
    where a person or program says it.
    """

    sheet: int
    sheet_name: str
    header_rows: tuple[int, ...]
    first_row: int
    end_row: int
    columns: tuple[Column, ...]
    use: bool = True
    not_fitted: bool = False
    why: str = ""
    doubt: str = ""
    decimal: str = ""

    def find(self, role: Role, number: int | None = None) -> Column | None:
        """The first column with this role (and number)."""
        for column in self.columns:
            if column.role == role and number in (None, column.number):
                return column
        return None

    def having(self, role: Role) -> tuple[Column, ...]:
        """All columns with this role, primary first."""
        found = (column for column in self.columns if column.role == role)
        return tuple(sorted(found, key=lambda column: (column.number, column.index)))


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a file is read. `shape` is the same for files with the same header words.

    `answered`: the keys of questions to which somebody said: as it is read.
    """

    tables: tuple[Table, ...]
    shape: str
    answered: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `from_json` makes the same mapping of it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Mapping":
        """Rebuild a stored mapping. Raises `BomError` when the data is no mapping."""
        try:
            tables = tuple(_table(table) for table in data["tables"])
            answered = tuple(map(str, data.get("answered", ())))
            return cls(tables, str(data["shape"]), answered)
        except (KeyError, TypeError, ValueError) as error:
            raise BomError("bad_mapping", "The stored column mapping cannot be read.") from error

    def with_column(self, table: int, column: int, role: Role | str, number: int = 1) -> "Mapping":
        """The mapping with one column corrected by its user; `column` counts from 0."""
        corrected = self.tables[table]
        columns = tuple(
            replace(existing, role=Role(role), number=number, confidence=1.0, why=CHOSEN, said=True)
            if existing.index == column
            else existing
            for existing in corrected.columns
        )
        return self._with(table, replace(corrected, columns=columns))

    def with_table(
        self,
        table: int,
        *,
        use: bool | None = None,
        not_fitted: bool | None = None,
        decimal: str | None = None,
    ) -> "Mapping":
        """The mapping with a table taken or left, marked as not fitted, its decimal sign said."""
        corrected = self.tables[table]
        if use is not None:
            corrected = replace(corrected, use=use, why=CHOSEN, doubt="")
        if not_fitted is not None:
            corrected = replace(corrected, not_fitted=not_fitted)
        if decimal is not None:
            corrected = replace(corrected, decimal=decimal)
        return self._with(table, corrected)

    def with_answers(self, keys: Iterable[str]) -> "Mapping":
        """The mapping with questions answered: it is as it is read."""
        return replace(self, answered=tuple(dict.fromkeys([*self.answered, *keys])))

    def _with(self, position: int, table: Table) -> "Mapping":
        tables = (*self.tables[:position], table, *self.tables[position + 1 :])
        return replace(self, tables=tables)


def _table(data: dict[str, Any]) -> Table:
    columns = tuple(_column(column) for column in data["columns"])
    return Table(**{**data, "header_rows": tuple(data["header_rows"]), "columns": columns})


def _column(data: dict[str, Any]) -> Column:
    said = bool(data.get("said")) or data.get("why") == CHOSEN
    return Column(**{**data, "role": Role(data["role"]), "said": said})


def shape_of(headers: list[list[str]]) -> str:
    """A stable key of header words: case, blanks and punctuation do not matter."""
    words = "\n".join(
        "\t".join("".join(ch for ch in word.casefold() if ch.isalnum()) for word in row).rstrip(
            "\t"
        )
        for row in headers
    )
    return hashlib.sha256(words.encode()).hexdigest()[:16]
