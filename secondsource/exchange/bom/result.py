"""What reading a BOM yields: lines with their parts and alternates, warnings, totals."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

ZERO = Decimal(0)
#: Of columns, sheets and rows that are left out, so many are kept with the import.
MOST = 200

# Lines and their parts are named tuples: ten thousand of them are kept between two pages, and a
# dataclass takes ten times as long to be stored and fetched.


class PartRef(NamedTuple):
    """A manufacturer part as a cell names it.

    `mpn` is normalised (dashes, blanks, invisible characters), `mpn_original` is what stood
    there. `is_sku`: the number is a distributor's, not the manufacturer's. `note` belongs to
    this part alone ("Soon to be obsoleted").
    """

    manufacturer: str | None
    mpn: str
    mpn_original: str
    is_sku: bool = False
    note: str = ""


class Alternate(NamedTuple):
    """A part beside the primary one, with the place where it was read.

    `listed` is False when it was understood from prose or from a row with quantity zero.
    """

    part: PartRef
    where_read: str
    row: int
    column: int | None = None
    listed: bool = True


class BomLine(NamedTuple):
    """One position of the BOM. `row` counts from 1, as spreadsheets do.

    `alternate_of` is the row of the line to which this line of quantity zero names an
    alternate: it stands in the file as a line of its own, but is no position of the product.
    """

    sheet: str
    row: int
    quantity: Decimal | None
    designators: tuple[str, ...] = ()
    designator_text: str = ""
    fitted: bool = True
    not_fitted_designators: tuple[str, ...] = ()
    quantity_not_fitted: Decimal = ZERO
    dnp_reason: str = ""
    primary: PartRef | None = None
    alternates: tuple[Alternate, ...] = ()
    alternate_of: int | None = None
    ipn: str | None = None
    item: str = ""
    description: str = ""
    value: str = ""
    footprint: str = ""
    supplier: str = ""
    sku: str = ""
    notes: str = ""

    @property
    def parts(self) -> tuple[PartRef, ...]:
        """Primary part first, then the listed alternates."""
        listed = tuple(alternate.part for alternate in self.alternates if alternate.listed)
        return (self.primary, *listed) if self.primary else listed


@dataclass(frozen=True, slots=True)
class Warning:
    """Something that its owner should look at; row and column count from 1."""

    row: int | None
    column: int | None
    code: str
    detail: str
    sheet: str = ""
    rows: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As the API shows it; `rows` of what is said of several rows at once."""
        return asdict(self) | {"rows": list(self.rows)}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no line, with all its text.

    It is a `heading`, `total`, `header`, `note`, the `assembly` itself, stands `above the header`,
    or it is told in a warning: `struck`, `skipped`.
    """

    sheet: str
    row: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ColumnLeftOut:
    """A column with something in it that nothing uses; `column` counts from 1."""

    sheet: str
    column: int
    header: str
    sample: str
    why: str


@dataclass(frozen=True, slots=True)
class SheetLeftOut:
    """A sheet of which no row is read."""

    sheet: str
    rows: int
    why: str


def named_left_out(
    columns: Iterable[ColumnLeftOut], sheets: Iterable[SheetLeftOut], rows: Iterable[LeftOut]
) -> dict[str, list[dict[str, Any]]]:
    """What of a file is not read, as it is kept with its import: the beginning of each list."""
    return {
        "columns": [asdict(one) for one in islice(columns, MOST)],
        "sheets": [asdict(one) for one in islice(sheets, MOST)],
        "rows": [asdict(one) for one in islice(rows, MOST)],
    }


@dataclass(frozen=True, slots=True)
class Question:
    """What a person or program must say before the lines are right for sure.

    It is answered by its `key` among the mapping's answers, or by saying what its `columns`
    (index in the table, from 0) hold. `table` counts from 0.
    """

    key: str
    code: str
    detail: str
    table: int
    columns: tuple[int, ...] = ()
    sheet: str = ""
    row: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """As the API shows it."""
        return asdict(self) | {"columns": list(self.columns)}


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of a BOM. Quantities are those of one product as the file declares them.

    `mpns_primary` and `mpns` count different part numbers (of the primary parts; of primary
    parts and listed alternates), `alternates` counts entries as listed, repeated ones too.
    """

    lines: int
    quantity_total: Decimal
    quantity_fitted: Decimal
    designators: int
    mpns_primary: int
    mpns: int
    alternates: int
    lines_not_fitted: int
    lines_without_mpn: int
    alternates_inferred: int


def count(lines: Iterable[BomLine]) -> Totals:
    """Add up the lines."""
    lines = tuple(lines)
    primary = [line.primary.mpn for line in lines if line.primary]
    alternates = [alternate for line in lines for alternate in line.alternates]
    listed = [alternate.part.mpn for alternate in alternates if alternate.listed]
    total = sum((line.quantity or ZERO for line in lines), ZERO)
    return Totals(
        lines=len(lines),
        quantity_total=total,
        quantity_fitted=total - sum((line.quantity_not_fitted for line in lines), ZERO),
        designators=sum(len(line.designators) for line in lines),
        mpns_primary=len(set(primary)),
        mpns=len({*primary, *listed}),
        alternates=len(listed),
        lines_not_fitted=sum(not line.fitted for line in lines),
        lines_without_mpn=len(lines) - len(primary),
        alternates_inferred=len(alternates) - len(listed),
    )


@dataclass(frozen=True, slots=True)
class BomResult:
    """A BOM as read. `not_installed`: designators that the file lists without a line.

    `left_out`: rows with something in them that are no lines. `questions` stand between the file
    and its import.
    """

    lines: tuple[BomLine, ...]
    warnings: tuple[Warning, ...]
    totals: Totals
    not_installed: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    columns_left_out: tuple[ColumnLeftOut, ...] = ()
    sheets_left_out: tuple[SheetLeftOut, ...] = ()
    questions: tuple[Question, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Totals in the order of the API, then the warnings."""
        totals = self.totals
        return {
            "lines": totals.lines,
            "quantity_total": totals.quantity_total,
            "quantity_fitted": totals.quantity_fitted,
            "designators": totals.designators,
            "mpns_primary": totals.mpns_primary,
            "mpns": totals.mpns,
            "alternates": totals.alternates,
            "alternates_inferred": totals.alternates_inferred,
            "lines_not_fitted": totals.lines_not_fitted,
            "lines_without_mpn": totals.lines_without_mpn,
            "warnings": [warning.as_dict() for warning in self.warnings],
            "questions": [question.as_dict() for question in self.questions],
            "left_out": named_left_out(self.columns_left_out, self.sheets_left_out, self.left_out),
        }
