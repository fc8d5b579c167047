"""Rows of a table put together to lines with their parts, alternates and fitting."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from . import fitted
from .alternates import (
    Named,
    combined_parts,
    counts_parts,
    free_parts,
    parts_of,
    prose_parts,
    split_manufacturers,
)
from .characters import one_line
from .designators import prefixes
from .mapping import Column, Role
from .part_numbers import hides_the_part, is_distributor_sku, is_placeholder, normalise
from .result import ZERO, Alternate, BomLine, PartRef, Warning
from .rows import Cell, RowCells
from .standing import forbids, rank

_COUNT = re.compile(r"^\d+(?:\.\d+)?\s*:\s*|:\s*\d+$")
_LIFECYCLE = re.compile(
    r"\b(?:obsolet\w*|eol|end of life|nrnd|last time buy|ltb|discontinued|"
    r"abgekundigt|part change\w*|"
    r"pcn|phased? out|not recommended)\b",
    re.IGNORECASE,
)


#: The rank of a source that is not to be used.
_LAST = 99.0


@dataclass(slots=True)
class Draft:
    """A line while its rows are still being read."""

    cells: RowCells
    sheet: str
    quantity: Decimal | None
    designators: tuple[str, ...]
    alternates: list[Alternate] = field(default_factory=list)
    primary: PartRef | None = None
    section_reason: str = ""
    alternate_of: int | None = None
    merged: bool = False
    order_numbers: list[tuple[str, Column]] = field(default_factory=list)
    rank: float = 1.5
    forbidden: list[tuple[PartRef, int]] = field(default_factory=list)

    @property
    def lacks_designators(self) -> bool:
        """Whether the quantity promises more designators than were read so far."""
        return (
            bool(self.designators)
            and self.quantity is not None
            and self.quantity > len(self.designators)
        )


def start(cells: RowCells, sheet: str, *, has_quantity: bool, section_reason: str = "") -> Draft:
    """A line from its first row."""
    names = cells.designators.names
    quantity = cells.quantity
    if quantity is None and (names or not has_quantity):
        quantity = Decimal(len(names) or 1)
    draft = Draft(cells, sheet, quantity, names, section_reason=section_reason)
    _take_parts(draft)
    if cells.preference:
        draft.rank = rank(cells.preference)
        if draft.primary and forbids(cells.preference):
            draft.forbidden.append((draft.primary, cells.row))
            draft.rank = _LAST
    return draft


def _take_parts(draft: Draft) -> None:
    cells = draft.cells
    found: list[tuple[PartRef, str, Column]] = []
    for cell in cells.parts:
        for position, named in enumerate(_named(draft, cell)):
            part = _part(named, alternate=bool(found) or cell.column.number > 1)
            if part is not None:
                found.append((part, _where(cell.column, position), cell.column))
            elif hides_the_part(number := normalise(named.mpn)):
                draft.order_numbers.append((number, cell.column))
    _lend_manufacturer(cells, found)
    if cells.standings:
        found = _by_standing(draft, found)
    if found:
        draft.primary = _with_note(found[0][0], cells)
    for part, where, column in found[1:]:
        draft.alternates.append(Alternate(part, where, cells.row, column.index + 1))
    for cell in cells.alternatives:
        _add_all(draft, _with_spare(cells, free_parts(cell.text)), cell, listed=True)
    for cell in cells.remarks:
        _add_all(draft, prose_parts(cell.text), cell, listed=False)


def _by_standing(
    draft: Draft, found: list[tuple[PartRef, str, Column]]
) -> list[tuple[PartRef, str, Column]]:
    """The parts as the columns beside them rank them, without those that may not be used."""
    said = draft.cells.standings
    kept = []
    for one in found:
        standing = said.get(one[2].number, "")
        if standing and forbids(standing):
            draft.forbidden.append((one[0], draft.cells.row))
        else:
            kept.append((rank(standing) if standing else draft.rank, one))
    if not kept:
        return found[:1]
    return [one for _, one in sorted(kept, key=lambda pair: pair[0])]


def _named(draft: Draft, cell: Cell) -> list[Named]:
    if cell.column.role == Role.MANUFACTURER_MPN:
        return combined_parts(cell.text)
    named = parts_of(cell.text, draft.cells.manufacturers.get(cell.column.number, ""))
    if counts_parts(cell.text):
        draft.merged = True
        first = named[0]
        return [replace(first, mpn=_COUNT.sub("", first.mpn.split(";")[0].strip()))]
    if len(named) > 1 and _is_merged(draft, named, cell):
        draft.merged = True
        return named[:1]
    return named


def _is_merged(draft: Draft, named: list[Named], cell: Cell) -> bool:
    """Programs that group lines join different parts by commas: R29 and RT1 in one line.

    Such parts are not alternates of each other; each stands for some of the designators.
    """
    joined = "\n" not in cell.text and "," in cell.text and ", " not in cell.text
    return joined and len(prefixes(draft.designators)) == len(named)


def _where(column: Column, position: int) -> str:
    name = _name(column.header, column.index)
    return name if position == 0 else f"{name}, entry {position + 1}"


@lru_cache(maxsize=4096)
def _name(header: str, index: int) -> str:
    return one_line(header) or f"column {index + 1}"


def _part(named: Named, *, alternate: bool) -> PartRef | None:
    mpn = normalise(named.mpn)
    if is_placeholder(mpn) or (alternate and hides_the_part(mpn)):
        return None
    manufacturer = normalise(named.manufacturer) if named.manufacturer else None
    if manufacturer is not None and is_placeholder(manufacturer):
        manufacturer = None
    return PartRef(manufacturer, mpn, named.original or named.mpn, is_sku=is_distributor_sku(mpn))


def _with_spare(cells: RowCells, named: list[Named]) -> list[Named]:
    """Alternatives with the manufacturers of a column beside them that belong to no number."""
    numbered = {cell.column.number for cell in cells.parts}
    spare = [text for n, text in sorted(cells.manufacturers.items()) if n > 1 and n not in numbered]
    if len(spare) != 1 or any(one.manufacturer for one in named):
        return named
    makers = split_manufacturers(spare[0], len(named))
    if len(makers) != len(named) or any(map(is_placeholder, makers)):
        return named
    return [replace(one, manufacturer=maker) for one, maker in zip(named, makers, strict=True)]


def _lend_manufacturer(cells: RowCells, found: list[tuple[PartRef, str, Column]]) -> None:
    """One alternate without a manufacturer and one manufacturer left over belong together."""
    used = {cell.column.number for cell in cells.parts if not is_placeholder(cell.text)}
    bare = [n for n, (part, _, _) in enumerate(found) if n and part.manufacturer is None]
    if len(bare) != 1:
        return
    named = {column.number for part, _, column in found if part.manufacturer}
    spare = [
        text
        for number, text in sorted(cells.manufacturers.items())
        if number > 1 and number not in named and not is_placeholder(text)
    ]
    if len(spare) == 1 and used:
        part, where, column = found[bare[0]]
        found[bare[0]] = (part._replace(manufacturer=normalise(spare[0])), where, column)


def _with_note(part: PartRef, cells: RowCells) -> PartRef:
    notes = cells.notes
    return part._replace(note=notes) if speaks_of_lifecycle(notes) else part


def speaks_of_lifecycle(text: str) -> bool:
    """Whether a note says that a part goes or changes: obsolete, NRND, part change."""
    return _LIFECYCLE.search(text) is not None


def _add_all(draft: Draft, named: Iterable[Named], cell: Cell, *, listed: bool) -> None:
    for entry in named:
        part = _part(entry, alternate=True)
        if part is None:
            continue
        if draft.primary is None and listed:
            draft.primary = part
            continue
        where = _name(cell.column.header, cell.column.index)
        draft.alternates.append(
            Alternate(part, where, draft.cells.row, cell.column.index + 1, listed=listed)
        )


def add_row_of_alternate(draft: Draft, cells: RowCells) -> None:
    """A row below a line that only names another part for it."""
    other = Draft(cells, draft.sheet, None, ())
    _take_parts(other)
    if other.primary is None:
        return
    part = other.primary
    if cells.notes and not part.note:
        part = part._replace(note=cells.notes)
    column = cells.parts[0].column.index + 1 if cells.parts else None
    if cells.preference and forbids(cells.preference):
        draft.forbidden.append((part, cells.row))
        return
    own = Alternate(part, f"row {cells.row}", cells.row, column)
    first = rank(cells.preference) if cells.preference else 1.5
    if draft.primary is None:
        draft.primary = part
        draft.alternates.extend(other.alternates)
    elif first < draft.rank:
        _put_first(draft, part, first)
        draft.alternates.extend(other.alternates)
    else:
        draft.alternates.extend([own, *other.alternates])


def _put_first(draft: Draft, part: PartRef, first: float) -> None:
    """A source that is preferred to the one above it; what may not be used is no alternate."""
    before, row = draft.primary, draft.cells.row
    draft.primary, draft.rank = part, first
    if before is not None and (before, row) not in draft.forbidden:
        draft.alternates.insert(0, Alternate(before, f"row {row}", row, None))


def add_designators(draft: Draft, cells: RowCells) -> None:
    """Designators wrapped into the next row."""
    draft.designators = tuple(dict.fromkeys([*draft.designators, *cells.designators.names]))


def finish(draft: Draft, *, table_not_fitted: str, warnings: list[Warning]) -> BomLine:
    """The line, with what is fitted of it decided."""
    cells = draft.cells
    quantity = draft.quantity
    fitting = _fitting(draft, table_not_fitted)
    absent, share = _absent(draft, fitting, warnings)
    whole = fitting.whole or (bool(absent) and set(absent) == set(draft.designators))
    return BomLine(
        sheet=draft.sheet,
        row=cells.row,
        quantity=quantity,
        designators=draft.designators,
        designator_text=cells.designators.prose,
        fitted=not whole,
        not_fitted_designators=draft.designators if whole else absent,
        quantity_not_fitted=(quantity or ZERO) if whole else share,
        dnp_reason=fitting.reason if whole or absent else "",
        primary=draft.primary,
        alternates=tuple(draft.alternates),
        alternate_of=draft.alternate_of,
        ipn=_own_number(cells),
        item=cells.item,
        description=cells.description,
        value=cells.value,
        footprint=cells.footprint,
        supplier=cells.supplier,
        sku=one_line(cells.skus[0].text) if cells.skus else "",
        notes=cells.notes,
    )


def _own_number(cells: RowCells) -> str | None:
    text = cells.ipn
    return None if is_placeholder(text) else text


def _fitting(draft: Draft, table_not_fitted: str) -> fitted.Fitting:
    """The first thing that says that the line, or a part of it, is not fitted."""
    cells = draft.cells
    for cell in cells.flags:
        found = fitted.from_flag(cell.text, column_says_not=cell.column.role == Role.DNP)
        if found:
            return found
    if cells.absent:
        return fitted.Fitting(names=cells.absent, reason=cells.mark_of_absent)
    if cells.quantity is None and (found := fitted.from_value(cells.quantity_text)):
        return found
    if found := fitted.from_value(cells.value):
        return found
    for cell in cells.parts:
        if found := fitted.from_part_number(cell.text):
            return found
    if found := fitted.from_text(cells.description):
        return fitted.narrowed(found, cells.description, draft.designators)
    for cell in cells.remarks:
        if found := fitted.from_remark(cell.text):
            return fitted.narrowed(found, cell.text, draft.designators)
    if reason := table_not_fitted or draft.section_reason:
        return fitted.Fitting(whole=True, reason=reason)
    if draft.quantity == 0:
        return fitted.Fitting(whole=True, reason="quantity 0")
    return fitted.FITTED


def _absent(
    draft: Draft, fitting: fitted.Fitting, warnings: list[Warning]
) -> tuple[tuple[str, ...], Decimal]:
    if fitting.whole or not fitting.names:
        return (), ZERO
    own = set(draft.designators)
    absent = tuple(name for name in fitting.names if name in own)
    strange = [name for name in fitting.names if name not in own]
    if strange:
        warnings.append(
            Warning(
                draft.cells.row,
                None,
                "not_fitted_elsewhere",
                f"{', '.join(strange)} named as not fitted but not on this line.",
                draft.sheet,
            )
        )
    return absent, min(Decimal(len(absent)), draft.quantity or ZERO)
