"""Files of a list: no cell is a formula, numbers stay numbers."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

from secondsource.core import clock, exports
from secondsource.core.tables import Column

COLUMNS = [Column("name", "Name"), Column("price", "Price")]
ROWS = [
    SimpleNamespace(name="=1+1", price=Decimal("-0.98")),
    SimpleNamespace(name="Übertrager", price=None),
]


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠A", "  =1", "\u3000=1", "\tx"],
)
def test_text_never_starts_a_formula(text: str) -> None:
    assert exports.safe_text(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x; ＋1;y", "x; '＋1;y"),
        ("x\n=1", "x\n'=1"),
        ("x\t@A", "x\t'@A"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_text_starts_no_formula_where_a_program_splits_it(text: str, kept: str) -> None:
    assert exports.safe_text(text) == kept


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ('a;b "c"', '"a;b ""c"""'),
        ("a,b", '"a,b"'),
        ("a\tb", '"a\tb"'),
        ("a\rb", '"a\rb"'),
        ("a\nb", '"a\nb"'),
        ("a b", "a b"),
        (Decimal("1.50"), "1.50"),
        ("", ""),
    ],
)
def test_a_cell_that_a_separator_would_split_is_quoted(cell: Any, line: str) -> None:
    text = exports.csv_line([cell, cell])
    assert text == f"{line},{line}\r\n"
    assert next(csv.reader(io.StringIO(text, newline=""))) == [str(cell)] * 2


def test_a_decimal_is_written_without_an_exponent() -> None:
    assert exports.csv_line([Decimal("0E-10"), Decimal("1E+3")]) == "0.0000000000,1000\r\n"


@pytest.mark.parametrize("text", ["410-00217", "a;b", "a\nb", "a=b", "", "5 %"])
def test_other_text_stays(text: str) -> None:
    assert exports.safe_text(text) == text


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, ""),
        (True, "yes"),
        (-3, -3),
        (Decimal("1.50"), Decimal("1.50")),
        (dt.date(2026, 8, 21), "2026-08-21"),
        (dt.datetime(2026, 8, 21, 9, 40, tzinfo=dt.UTC), "2026-08-21T09:40:00+00:00"),
    ],
)
def test_values_are_plain(value: Any, kept: Any) -> None:
    assert exports.plain(value) == kept


def test_csv_holds_head_and_rows() -> None:
    text = content(exports.as_csv(ROWS, COLUMNS, "parts")).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["Name", "Price"],
        ["'=1+1", "-0.98"],
        ["Übertrager", ""],
    ]


def test_csv_names_the_day() -> None:
    with clock.at(dt.date(2026, 8, 18)):
        response = exports.as_csv([], COLUMNS, "parts")
    assert response["Content-Disposition"] == 'attachment; filename="parts-2026-08-18.csv"'


def test_xlsx_holds_numbers_as_numbers_and_no_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(content(exports.as_xlsx(ROWS, COLUMNS, "parts"))))
    cells = [[(cell.value, cell.data_type) for cell in row] for row in book.active.iter_rows()]
    assert cells[1] == [("'=1+1", "s"), (-0.98, "n")]
    assert cells[2][0] == ("Übertrager", "s")


def test_a_workbook_has_a_limit() -> None:
    with pytest.raises(exports.TooManyRows, match="at most 1 rows"):
        exports.as_xlsx(ROWS, COLUMNS, "parts", limit=1)


def test_a_column_can_stay_out_of_files() -> None:
    kept = exports.exported([*COLUMNS, Column("mark", "Mark", export=False)])
    assert kept == COLUMNS
