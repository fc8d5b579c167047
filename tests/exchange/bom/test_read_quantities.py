"""Quantities by the decimal sign that their column proves."""

from decimal import Decimal

import pytest

from secondsource.exchange.bom.quantities import decimal_mark, is_ambiguous, read_quantity

from .invented import imported


@pytest.mark.parametrize(
    ("cells", "mark", "numbers"),
    [
        (["2,000", "12,000"], ",", ["2", "12"]),
        (["2,000 ST", "0,150 M"], ",", ["2", "0.15"]),
        (["1.000,5", "1.000"], ",", ["1000.5", "1000"]),
        (["2.000", "12.000"], ".", ["2", "12"]),
        (["1.5", "1,000"], ".", ["1.5", "1000"]),
        (["1,234.5", "2"], ".", ["1234.5", "2"]),
        (["1", "2", "1,000"], "", ["1", "2", "1000"]),
        (["4 pcs", "5 Stk", "1x", "3 szt."], "", ["4", "5", "1", "3"]),
        (["05,000", "1"], ",", ["5", "1"]),
        (["0,5", "0.125", "1,000"], "", ["0.5", "0.125", "1000"]),
        ([], "", []),
    ],
)
def test_decimal_sign_of_a_column(cells, mark, numbers):
    assert decimal_mark(cells) == mark
    assert [read_quantity(cell, mark) for cell in cells] == [Decimal(one) for one in numbers]


def test_numbers_that_can_be_read_in_two_ways():
    assert [is_ambiguous(text) for text in ("1,000", "2.500 pcs", "1,0", "0,500", "1000")] == [
        True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "pcs", "1/2", "-3", "1e5", "A/R", "1,2,3", "1.5,00"])
def test_no_quantity(text):
    assert read_quantity(text) is None


def test_designators_decide_before_the_sign_is_asked_for():
    rows = [["Qty", "Ref", "MPN"], ["1,000", "R1", "RC0402FR-0710KL"], ["1", "U1", "LM75BD"]]
    assert [warning.code for warning in imported(rows).warnings] == ["quantity_differs"]


def test_column_of_quantities_that_cannot_be_read():
    """Its header names it; what was counted instead is asked in every row."""
    text = "Ref,Qty,MPN\nR1,1e308,RC0603FR-0710KL\nR2,-4,LM75BD\nR3,NaN,LM358DR\n"
    result = imported(text.encode())
    assert [(w.row, w.column, w.code) for w in result.warnings] == [
        (2, 2, "quantity_missing"),
        (3, 2, "quantity_missing"),
        (4, 2, "quantity_missing"),
    ]
    assert [line.quantity for line in result.lines] == [1, 1, 1]


@pytest.mark.parametrize(
    ("text", "number"),
    [("999999999", Decimal(999999999)), ("1000000000", None), ("9" * 26, None)],
)
def test_quantity_that_no_product_holds(text, number):
    """Asked about as unreadable, instead of failing when it is written."""
    assert read_quantity(text) == number
