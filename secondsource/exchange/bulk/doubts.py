"""What a person must say before a file is read: readings that would be harmful when wrong.

A question names its columns; it is answered by a mapping that says something of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from secondsource.core.tabular import SheetSample
from secondsource.exchange.bom.groups import rank_of
from secondsource.exchange.bom.part_numbers import looks_like_mpn
from secondsource.exchange.bom.result import Question
from secondsource.exchange.bom.standing import APPROVED, REFUSED, UNKNOWN, verdict_of
from secondsource.exchange.bulk import unread
from secondsource.exchange.bulk.cells import Number, Whole, plain_words
from secondsource.exchange.bulk.declared import Standing
from secondsource.exchange.bulk.goods_words import LIFECYCLES
from secondsource.exchange.bulk.kind import Column, Kind
from secondsource.exchange.bulk.mapping import BulkMapping, MappedColumn
from secondsource.exchange.bulk.measures import Pieces, Price, pieces_of
from secondsource.exchange.bulk.unread import Cells, asked, named

#: Readings whose scores differ by less are a close call.
_CLOSE = 0.1
_MOSTLY = 0.8
_FACTORS = (100, 1000, 10_000)
_SEVERAL = ("100", "1000", "10000")
_IN_BRACKETS = re.compile(r"[(\[]\s*(?:in|x)?\s*([^)\]]+)[)\]]", re.IGNORECASE)


def questions(kind: Kind, mapping: BulkMapping, sheet: SheetSample) -> list[Question]:
    """Everything to ask about a mapping; what is ``sure`` was answered."""
    table = Cells(kind, mapping, sheet)
    found = [
        *_close_calls(table), *_price_units(table), *_totals(table), *_bare_prices(table),
        *_standings(table), *_further_numbers(table), *_quantities_unread(table),
        *_thousands(table),
    ]  # fmt: skip
    about = {index for one in found for index in one.columns}
    found += unread.of_table(table, about)
    sure = {one.index for one in mapping.columns if one.sure}
    return [one for one in found if not sure.issuperset(one.columns)]


def _close_calls(table: Cells) -> Iterator[Question]:
    """Another column would do as well, and holds something else."""
    for one, column in table.used:
        if not column.asked or one.sure:
            continue
        for other in table.unused:
            close = any(
                (role, number) == (one.role, one.number) and score > one.confidence - _CLOSE
                for role, number, score in other.rivals
            )
            close = close or _counts_nearly_the_same(table, one, other, column)
            if close and table.cells(other.index) != table.cells(one.index):
                yield asked(
                    "close_call",
                    f"{named(one)} and {named(other)} may both hold {_label(column, one)}:"
                    " say which.",
                    (one.index, other.index),
                )


def _counts_nearly_the_same(
    table: Cells, one: MappedColumn, other: MappedColumn, column: Column
) -> bool:
    """`Liefermenge` and `WE-Menge`: the same number in some rows, nearly the same in the others."""
    if type(column.type) is not Number:
        return False
    both = zip(table.numbers(one, one), table.numbers(other, one), strict=True)
    pairs = [(mine, its) for mine, its in both if mine and its]
    near = all(abs(mine - its) * 10 <= abs(mine) for mine, its in pairs)
    return near and len({mine == its for mine, its in pairs}) == 2


def _label(column: Column, one: MappedColumn) -> str:
    return f"“{column.label}{f' {one.number}' if column.repeat > 1 else ''}”"


def _prices(table: Cells) -> list[MappedColumn]:
    return [one for one, column in table.used if isinstance(column.type, Price)]


def _price_units(table: Cells) -> Iterator[Question]:
    """Prices may be for more than one piece, and a column beside them says so."""
    prices = _prices(table)
    units = [one for one, column in table.used if isinstance(column.type, Pieces)]
    for one in prices:
        if units and one.unit not in ("", "1"):
            yield asked(
                "price_unit_twice",
                f"{named(one)} and {named(units[0])} both say for how many pieces the price is.",
                (one.index, units[0].index),
            )
    if units or not any(isinstance(column.type, Pieces) for column in table.kind.columns):
        return
    for other in table.unused:
        cells = table.filled(other.index)
        near = [one for one in prices if abs(one.index - other.index) <= 2 and one.unit == ""]
        if near and set(cells) - {"1"} and Pieces().fit(cells, "") == 1:
            yield asked(
                "price_unit_unread",
                f"{named(other)} beside {named(near[0])} holds {cells[0]}: is the price for so many"
                " pieces? Say what the column holds.",
                (other.index,),
            )


def _totals(table: Cells) -> Iterator[Question]:
    """Price, quantity and a third column agree only when the price is no price of one piece."""
    prices = [one for one in _prices(table) if one.role == "unit_price" and one.unit in ("", "1")]
    amounts = [one for one, _ in table.used if one.role in ("ordered_qty", "received_qty")]
    if not prices or not amounts or table.mapping.holds("price_unit"):
        return
    price, amount = prices[0], amounts[0]
    pieces, per = table.numbers(amount, price), table.numbers(price, price)
    for other in table.unused:
        totals = table.numbers(other, price)
        rows = [
            (q, p, t)
            for q, p, t in zip(pieces, per, totals, strict=True)
            if q and p and t and abs(q) > 1
        ]
        if not rows or len(rows) < _MOSTLY * len(table.filled(other.index)):
            continue
        if _agree([(p, q * t) for q, p, t in rows]):
            yield asked(
                "total_as_price",
                f"{named(price)} is {named(amount)} × {named(other)}: which is the price of one?",
                (price.index, other.index),
            )
        for factor in _FACTORS:
            if _agree([(q * p, t * factor) for q, p, t in rows]):
                yield asked(
                    "price_unit_missing",
                    f"{named(amount)} × {named(price)} is {factor:,} times {named(other)}: say for"
                    f" how many pieces {named(price)} is.",
                    (price.index,),
                )


def _agree(pairs: list[tuple[Decimal, Decimal]]) -> bool:
    """Whether the two sides are the same but for rounding, in most rows."""
    same = sum(abs(left - right) <= abs(right) / 200 for left, right in pairs)
    return same >= _MOSTLY * len(pairs)


def _bare_prices(table: Cells) -> Iterator[Question]:
    """Several prices of a row, and nothing says at which quantity each holds."""
    for at in {column.at for _, column in table.used if column.at}:
        prices = [one for one, column in table.used if column.at == at]
        if len(prices) > 1 and not table.mapping.holds(at) and not any(one.at for one in prices):
            yield asked(
                "price_quantities",
                f"From which quantity on do {', '.join(map(named, prices))} hold? Say it at each"
                " column.",
                (one.index for one in prices),
            )


def _further_numbers(table: Cells) -> Iterator[Question]:
    """A second part number that nobody reads."""
    if not any(column.several for column in table.kind.columns):
        return
    for other in table.unused:
        cells = table.filled(other.index)
        if rank_of(plain_words(other.header))[0] > 1 and (
            sum(map(looks_like_mpn, cells)) > len(cells) / 2
        ):
            yield asked(
                "numbers_unread",
                f"{named(other)} may hold a second part number, such as {cells[0][:40]}: say what"
                " the column holds.",
                (other.index,),
            )


def _quantities_unread(table: Cells) -> Iterator[Question]:
    """The main quantity of a kind has no column, and columns of numbers are not read."""
    for column in table.kind.columns:
        if not column.asked or type(column.type) is not Number or table.mapping.holds(column.name):
            continue
        numbers = [
            one
            for one in table.unused
            if (some := table.filled(one.index))
            and len(set(some)) > 1
            and column.type.fit(some, column.type.form(some).replace("?", ".")) >= _MOSTLY
        ]
        if numbers:
            yield asked(
                "quantity_unread",
                f"No column is read as “{column.label}”; {', '.join(map(named, numbers))} hold"
                " numbers. Say what they hold.",
                (one.index for one in numbers),
            )


def _standings(table: Cells) -> Iterator[Question]:
    """A column that nobody reads approves sources or speaks against them."""
    if not any(isinstance(column.type, Standing) for column in table.kind.columns):
        return
    for other in table.unused:
        if plain_words(other.header) in LIFECYCLES:
            continue
        cells = table.filled(other.index)
        said = [verdict_of(one) for one in cells]
        telling = [one for one in cells if len(one) > 3 and verdict_of(one) in (APPROVED, REFUSED)]
        if telling and said.count(UNKNOWN) <= len(said) * 0.1:
            yield asked(
                "status_unread",
                f"{named(other)} holds “{telling[0][:40]}”: does it say which sources are approved?"
                " Read it as the status, or as not used.",
                (other.index,),
            )


def _thousands(table: Cells) -> Iterator[Question]:
    """`Bestand (Tsd. Stk)`, `Stock k pcs`: quantities that are read as pieces count thousands."""
    for one, column in table.used:
        if type(column.type) not in (Number, Whole):
            continue
        words = [word for word in plain_words(one.header).split() if len(word) > 1]
        words = [word for word in words if not word.isdecimal()] + _IN_BRACKETS.findall(one.header)
        if any(pieces_of(word) in _SEVERAL for word in words):
            yield asked(
                "quantity_unit",
                f"{named(one)} may count in hundreds or thousands; its numbers are read as they"
                " stand. Write pieces into the file, or say that they are pieces.",
                (one.index,),
            )
