"""What a careful reader would ask about a BOM: each question names row, column and code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from . import values
from .alternates import bare_part
from .characters import is_mojibake, one_line
from .families import contradicts, owner
from .fitted import is_unclear, may_say_not_fitted
from .lines import Draft, speaks_of_lifecycle
from .mapping import Role, Table
from .part_numbers import (
    is_cell_error,
    is_doubtful,
    is_placeholder,
    is_spoiled,
    is_words,
    normalise,
)
from .result import Alternate, BomLine, PartRef, Warning

_SIZES = frozenset({"201", "402", "603", "805"})
_CODE = re.compile(r"[A-Z](?=(?:\D*\d){4})[A-Z0-9][A-Z0-9.-]{5,}")
_NO_CODE = re.compile(r"SO[TDP]|QFN|QFP|SMD|[KM]HZ|\d[UNP]F|OHM|CONN|USB|HEADER|\dPIN")
_TWO_NUMBERS = re.compile(r"[A-Z0-9][\w./+-]{8,}(?: [A-Z0-9][\w./+-]{8,})+")


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked; `place` is the row and column where the line itself is not meant."""

    role: Role | None
    code: str
    detail: str
    place: tuple[int, int | None] | None = None


def of_lines(table: Table, drafts: Sequence[Draft], lines: Sequence[BomLine]) -> Iterator[Warning]:
    """Questions about the lines of one table, row by row."""
    columns = {role: _position(table, role) for role in Role}
    for position, (draft, line) in enumerate(zip(drafts, lines, strict=True)):
        above = lines[position - 1] if position else None
        for one in _about(draft, line, above, table):
            row, column = one.place or (line.row, columns[one.role] if one.role else None)
            yield Warning(row, column, one.code, one.detail, line.sheet)


def _position(table: Table, role: Role) -> int | None:
    column = table.find(role)
    if column is None and role == Role.MPN:
        column = table.find(Role.MANUFACTURER_MPN)
    return column.index + 1 if column else None


def _about(draft: Draft, line: BomLine, above: BomLine | None, table: Table) -> Iterator[_Question]:
    yield from _quantity(draft, line, table)
    yield from _names(draft)
    yield from _fitting(line)
    yield from _cells(draft)
    if draft.merged:
        yield _Question(
            Role.MPN,
            "merged_parts",
            "The cell names parts of different kinds for one line; only the first was read. "
            "Split the line.",
        )
    if line.primary:
        yield from _part(line.primary)
    for other in line.alternates:
        if other.listed:
            yield from _of_alternate(other, table)
    yield from _alternates(line)
    yield from _manufacturers_alone(draft, line)
    yield from _remarks_alone(draft, line)
    yield from _value(line)
    yield from _name(line)
    if above is not None and _may_be_alternate(line, above):
        yield _Question(
            Role.MPN,
            "possible_alternate",
            f"Same description as row {above.row} and no designator: perhaps an alternate of it.",
        )


def _quantity(draft: Draft, line: BomLine, table: Table) -> Iterator[_Question]:
    if draft.cells.quantity is None and table.find(Role.QUANTITY):
        if line.dnp_reason == draft.cells.quantity_text != "":
            return
        shown = draft.cells.quantity_text
        said = f"“{shown}” is no quantity" if shown else "there is no quantity"
        read = "" if line.quantity is None else f"; {line.quantity} designators were counted"
        yield _Question(Role.QUANTITY, "quantity_missing", f"In this row {said}{read}.")
    elif (
        line.quantity
        and line.designators
        and line.quantity != len(line.designators)
        and (line.quantity > 1 or line.quantity == line.quantity.to_integral_value())
    ):
        count = len(line.designators)
        named = "1 designator is" if count == 1 else f"{count:,} designators are"
        yield _Question(
            Role.QUANTITY,
            "quantity_differs",
            f"The quantity is {line.quantity:,f}, but {named} named.",
        )
    elif draft.cells.ambiguous and not line.designators:
        yield _Question(
            Role.QUANTITY,
            "quantity_unclear",
            f"“{draft.cells.quantity_text}” was read as {line.quantity}; with the other decimal "
            "sign it is another number.",
        )
    elif line.quantity and not line.designators and line.designator_text:
        yield _Question(
            Role.DESIGNATORS,
            "designators_in_words",
            f"“{line.designator_text}” was not read as designators.",
        )


def _cells(draft: Draft) -> Iterator[_Question]:
    """What a cell lost before it came here, and order numbers that name no part."""
    for cell in draft.cells.parts:
        if is_cell_error(cell.text):
            place = (draft.cells.row, cell.column.index + 1)
            detail = f"The cell holds {one_line(cell.text)}: the spreadsheet could not compute it."
            yield _Question(Role.MPN, "cell_error", detail, place)
    for number, column in draft.order_numbers:
        detail = f"{number} is an order number of a distributor; no alternate was read from it."
        yield _Question(None, "distributor_number", detail, (draft.cells.row, column.index + 1))
    if draft.cells.footprint in _SIZES:
        yield _Question(
            Role.FOOTPRINT,
            "zero_lost",
            f"“{draft.cells.footprint}” may be 0{draft.cells.footprint}: spreadsheets drop the "
            "zero in front.",
        )


def _manufacturers_alone(draft: Draft, line: BomLine) -> Iterator[_Question]:
    """Manufacturers of alternates whose number is missing."""
    numbered = {cell.column.number for cell in draft.cells.parts}
    read = {part.manufacturer for part in _all_parts(line)}
    for number, text in sorted(draft.cells.manufacturers.items()):
        name = normalise(text)
        if number == 1 or number in numbered or is_placeholder(text) or name in read:
            continue
        place = (draft.cells.row, draft.cells.manufacturer_columns[number] + 1)
        detail = f"{name} is named as manufacturer {number}, but no part number; nothing was read."
        yield _Question(None, "manufacturer_without_number", detail, place)


def _remarks_alone(draft: Draft, line: BomLine) -> Iterator[_Question]:
    """Remarks that are a part, without a word what it is for."""
    read = {part.mpn for part in _all_parts(line)}
    for cell in draft.cells.remarks:
        named = bare_part(cell.text)
        if named and normalise(named.mpn) not in read:
            place = (draft.cells.row, cell.column.index + 1)
            detail = f"The remark “{one_line(cell.text)}” names a part: perhaps an alternate."
            yield _Question(None, "possible_alternate", detail, place)


def _all_parts(line: BomLine) -> Iterator[PartRef]:
    if line.primary:
        yield line.primary
    for other in line.alternates:
        yield other.part


def _of_alternate(other: Alternate, table: Table) -> Iterator[_Question]:
    """The questions about an alternate, at the row and column where it was read."""
    read = next((c for c in table.columns if c.index + 1 == other.column), None)
    manufacturer = table.find(Role.MANUFACTURER, read.number) if read else None
    for one in _part(other.part):
        column = other.column
        if one.role == Role.MANUFACTURER and manufacturer is not None:
            column = manufacturer.index + 1
        yield replace(one, place=(other.row, column))


def _names(draft: Draft) -> Iterator[_Question]:
    if repeated := draft.cells.designators.repeated:
        yield _Question(
            Role.DESIGNATORS,
            "designator_repeated",
            f"{', '.join(repeated)} stands more than once in this cell.",
        )


def _fitting(line: BomLine) -> Iterator[_Question]:
    if line.quantity == 0:
        if line.alternate_of is not None:
            detail = f"Quantity 0: read as an alternate of row {line.alternate_of}."
        else:
            detail = "Quantity 0: read as not fitted."
        yield _Question(Role.QUANTITY, "quantity_zero", detail)
    for role, text in ((Role.VALUE, line.value), *_prose(line)):
        if line.fitted and is_unclear(text):
            yield _Question(
                role, "fitted_unclear", f"“{text}” may mean not assembled; read as fitted."
            )
    if line.fitted and not is_unclear(line.notes) and may_say_not_fitted(line.notes):
        detail = f"“{line.notes}” may say when this is assembled; read as fitted."
        yield _Question(Role.REMARKS, "fitted_unclear", detail)


def _prose(line: BomLine) -> Iterator[tuple[Role, str]]:
    """Description and notes, where they are more than a sign for nothing."""
    for role, text in ((Role.DESCRIPTION, line.description), (Role.REMARKS, line.notes)):
        if len(text) > len("n.a."):
            yield role, text


def _part(part: PartRef) -> Iterator[_Question]:
    mpn = part.mpn
    if part.is_sku:
        yield _Question(
            Role.MPN, "distributor_number", f"{mpn} is an order number of a distributor."
        )
    elif is_spoiled(mpn):
        yield _Question(
            Role.MPN,
            "mpn_spoiled",
            f"“{mpn}” is what a spreadsheet makes of a code that looks like a number or a date. "
            "Write the part number again.",
        )
    elif is_doubtful(mpn):
        yield _Question(Role.MPN, "mpn_doubtful", f"“{mpn}” can hardly be a part number.")
    elif is_words(mpn):
        yield _Question(
            Role.MPN, "mpn_doubtful", f"“{mpn}” reads like words, not like a part number."
        )
    elif _TWO_NUMBERS.fullmatch(mpn) and _alike(mpn.split(" ")):
        yield _Question(Role.MPN, "two_part_numbers", f"“{mpn}” looks like several part numbers.")
    manufacturer_garbled = bool(part.manufacturer and is_mojibake(part.manufacturer))
    if manufacturer_garbled or is_mojibake(mpn):
        yield _Question(
            Role.MANUFACTURER if manufacturer_garbled else Role.MPN,
            "garbled",
            f"“{part.manufacturer or ''} {mpn}” has garbled characters.",
        )
    elif not part.mpn_original.isascii() and _changed(part):
        yield _Question(
            Role.MPN,
            "mpn_normalised",
            f"Characters that are not on a keyboard were replaced: {mpn}.",
        )
    if part.manufacturer and contradicts(mpn, part.manufacturer):
        yield _Question(
            Role.MANUFACTURER,
            "manufacturer_differs",
            f"{mpn} is a part number of {owner(mpn)}, but {part.manufacturer} is named.",
        )
    if part.note and speaks_of_lifecycle(part.note):
        yield _Question(Role.REMARKS, "lifecycle_note", f"{mpn}: {part.note}")


def _alike(words: list[str]) -> bool:
    return len({len(word) for word in words}) == 1 or len({word[:2] for word in words}) == 1


def _changed(part: PartRef) -> bool:
    """Whether more than blanks at the ends was changed."""
    return part.mpn_original.strip() != part.mpn and part.mpn_original.split() != part.mpn.split()


def _alternates(line: BomLine) -> Iterator[_Question]:
    seen: dict[str, str | None] = {}
    if line.primary:
        seen[line.primary.mpn] = line.primary.manufacturer
    for alternate in line.alternates:
        part = alternate.part
        if part.mpn not in seen or not alternate.listed:
            seen.setdefault(part.mpn, part.manufacturer)
        elif _same(part.manufacturer, seen[part.mpn]):
            yield _Question(Role.MPN, "alternate_repeated", f"{part.mpn} is listed more than once.")
        else:
            yield _Question(
                Role.MANUFACTURER,
                "one_number_two_manufacturers",
                f"{part.mpn} is listed for {seen[part.mpn]} and for {part.manufacturer}.",
            )


def _same(first: str | None, second: str | None) -> bool:
    """Whether two names may be one manufacturer: Keystone and Keystone Electronics."""
    if not first or not second:
        return True
    one, two = first.casefold(), second.casefold()
    return one.startswith(two[:4]) or two.startswith(one[:4])


def _value(line: BomLine) -> Iterator[_Question]:
    """The value in words against the value in the part number's code."""
    for part in line.parts:
        code = values.encoded(part.mpn)
        if code is None:
            continue
        kind, encoded = code
        for text in (line.value, line.description):
            said = values.stated(text, kind)
            if said is None:
                continue
            if values.differ(said, encoded):
                yield _Question(
                    Role.MPN,
                    "value_differs",
                    f"{values.shown(kind, said)} in words, "
                    f"{values.shown(kind, encoded)} by the part number {part.mpn}.",
                )
            break


def _name(line: BomLine) -> Iterator[_Question]:
    """A value that is an order code itself, and another one than the part number."""
    name = line.value.upper()
    if not line.primary or line.primary.is_sku or values.encoded(name):
        return
    if not _CODE.fullmatch(name) or _NO_CODE.search(name):
        return
    if not _resemble(name, line.primary.mpn.upper()):
        yield _Question(
            Role.MPN,
            "name_differs",
            f"The line is called {line.value}, its part number is {line.primary.mpn}.",
        )


def _resemble(one: str, two: str) -> bool:
    first, second = (re.sub(r"\W", "", text) for text in (one, two))
    return first[:5] in second or second[:5] in first or first[-5:] in second


def _may_be_alternate(line: BomLine, above: BomLine) -> bool:
    return bool(
        line.primary
        and above.primary
        and not line.designators
        and not line.designator_text
        and above.designators
        and line.description
        and line.description == above.description
        and line.primary.mpn != above.primary.mpn
        and line.quantity != 0
    )
