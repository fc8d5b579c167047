"""What a careful reader would ask about a BOM: each question names row, column and code."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from . import values
from .characters import is_mojibake
from .families import contradicts, owner
from .fitted import is_unclear
from .lines import Draft
from .mapping import Role, Table
from .part_numbers import is_doubtful
from .result import BomLine, PartRef, Totals, Warning

_TWO_NUMBERS = re.compile(r"[A-Z0-9][\w./+-]{8,}(?: [A-Z0-9][\w./+-]{8,})+")


def of_lines(table: Table, drafts: Sequence[Draft], lines: Sequence[BomLine]) -> Iterator[Warning]:
    """Questions about the lines of one table, row by row."""
    columns = {role: _position(table, role) for role in Role}
    for position, (draft, line) in enumerate(zip(drafts, lines, strict=True)):
        above = lines[position - 1] if position else None
        for role, code, detail in _about(draft, line, above, table):
            yield Warning(line.row, columns[role] if role else None, code, detail, line.sheet)


_Question = tuple[Role | None, str, str]


def _position(table: Table, role: Role) -> int | None:
    column = table.find(role)
    if column is None and role == Role.MPN:
        column = table.find(Role.MANUFACTURER_MPN)
    return column.index + 1 if column else None


def _about(draft: Draft, line: BomLine, above: BomLine | None, table: Table) -> Iterator[_Question]:
    yield from _quantity(draft, line, table)
    yield from _names(draft)
    yield from _fitting(line)
    if draft.merged:
        yield (
            Role.MPN,
            "merged_parts",
            "The cell names parts of different kinds for one line; only the first was read. "
            "Split the line.",
        )
    for part in line.parts:
        yield from _part(part)
    yield from _alternates(line)
    yield from _value(line)
    if above is not None and _may_be_alternate(line, above):
        yield (
            Role.MPN,
            "possible_alternate",
            f"Same description as row {above.row} and no designator: perhaps an alternate of it.",
        )


def _quantity(draft: Draft, line: BomLine, table: Table) -> Iterator[_Question]:
    if draft.cells.quantity is None and table.find(Role.QUANTITY):
        if line.dnp_reason == draft.cells.quantity_text != "":
            return
        shown = draft.cells.quantity_text
        said = f"“{shown}” is no number" if shown else "there is no quantity"
        read = "" if line.quantity is None else f"; {line.quantity} designators were counted"
        yield Role.QUANTITY, "quantity_missing", f"In this row {said}{read}."
    elif line.quantity and line.designators and line.quantity != len(line.designators):
        count = len(line.designators)
        yield (
            Role.QUANTITY,
            "quantity_differs",
            f"The quantity is {line.quantity}, but {count} designators are named.",
        )
    elif line.quantity and not line.designators and line.designator_text:
        yield (
            Role.DESIGNATORS,
            "designators_in_words",
            f"“{line.designator_text}” was not read as designators.",
        )


def _names(draft: Draft) -> Iterator[_Question]:
    if repeated := draft.cells.designators.repeated:
        yield (
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
        yield Role.QUANTITY, "quantity_zero", detail
    if line.fitted and is_unclear(line.value):
        yield (
            Role.VALUE,
            "fitted_unclear",
            f"The value “{line.value}” may mean not assembled; read as fitted.",
        )


def _part(part: PartRef) -> Iterator[_Question]:
    mpn = part.mpn
    if part.is_sku:
        yield Role.MPN, "distributor_number", f"{mpn} is an order number of a distributor."
    elif is_doubtful(mpn):
        yield Role.MPN, "mpn_doubtful", f"“{mpn}” can hardly be a part number."
    elif _TWO_NUMBERS.fullmatch(mpn) and _alike(mpn.split(" ")):
        yield Role.MPN, "two_part_numbers", f"“{mpn}” looks like several part numbers."
    if is_mojibake(mpn) or (part.manufacturer and is_mojibake(part.manufacturer)):
        yield Role.MPN, "garbled", f"“{part.manufacturer or ''} {mpn}” has garbled characters."
    elif not part.mpn_original.isascii() and _changed(part):
        yield (
            Role.MPN,
            "mpn_normalised",
            f"Characters that are not on a keyboard were replaced: {mpn}.",
        )
    if part.manufacturer and contradicts(mpn, part.manufacturer):
        yield (
            Role.MANUFACTURER,
            "maker_differs",
            f"{mpn} is a part number of {owner(mpn)}, but {part.manufacturer} is named.",
        )
    if part.note:
        yield Role.REMARKS, "lifecycle_note", f"{mpn}: {part.note}"


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
            yield Role.MPN, "alternate_repeated", f"{part.mpn} is listed more than once."
        else:
            yield (
                Role.MANUFACTURER,
                "one_number_two_makers",
                f"{part.mpn} is listed for {seen[part.mpn]} and for {part.manufacturer}.",
            )


def _same(first: str | None, second: str | None) -> bool:
    """Whether two names may be one maker: Keystone and Keystone Electronics."""
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
                yield (
                    Role.MPN,
                    "value_differs",
                    f"{values.shown(kind, said)} in words, "
                    f"{values.shown(kind, encoded)} by the part number {part.mpn}.",
                )
            break


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


def of_file(
    lines: Iterable[BomLine], totals: Totals, stated: dict[str, Decimal]
) -> Iterator[Warning]:
    """Questions that need all lines: repeated designators, totals that the file states."""
    yield from _repeated(lines)
    ours = {
        "lines": ("lines", Decimal(totals.lines)),
        "quantity": ("parts", totals.quantity_total),
        "not_fitted": ("parts not fitted", totals.quantity_total - totals.quantity_fitted),
    }
    for key, number in stated.items():
        name, counted = ours[key]
        if counted != number:
            yield Warning(
                None,
                None,
                "total_differs",
                f"The file states {number} {name}, {counted} were read.",
            )


def _repeated(lines: Iterable[BomLine]) -> Iterator[Warning]:
    first: dict[str, int] = {}
    for line in lines:
        if line.alternate_of is not None:
            continue
        again = [name for name in line.designators if name in first]
        for name in line.designators:
            first.setdefault(name, line.row)
        if again:
            names = ", ".join(again[:8]) + ("…" if len(again) > 8 else "")
            yield Warning(
                line.row,
                None,
                "designator_repeated",
                f"{names}: already named in row {first[again[0]]}.",
                line.sheet,
            )
