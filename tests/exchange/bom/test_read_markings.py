"""Struck, hidden and merged cells of workbooks: never read or left out in silence."""

import io
from collections.abc import Callable

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from secondsource.exchange.bom import BomResult

from .invented import imported

HEADER = ["Item", "Qty", "Reference", "Value", "Manufacturer", "MPN", "Assembly"]
LINES = [
    ["1", "2", "C1,C2", "100nF", "Murata", "GRM155R71C104KA88D"],
    ["2", "1", "U1", "LM75", "NXP", "LM75BD"],
    ["3", "1", "U2", "LM393", "STMicroelectronics", "LM393QT"],
]
STRUCK = Font(strike=True)


def read(change: Callable[[Worksheet], object], rows: list[list[str]] = LINES) -> BomResult:
    """Rows below the header, from row 2 on, changed in the workbook and read."""
    book = Workbook()
    sheet = book.active
    for row in [HEADER, *rows]:
        sheet.append([cell or None for cell in row])
    change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return imported(stream.getvalue())


def strike(*cells: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for cell in cells:
            sheet[cell].font = STRUCK

    return change


def asked(result: BomResult) -> list[tuple[int | None, int | None, str]]:
    return [(one.row, one.column, one.code) for one in result.warnings]


def designators(result: BomResult) -> list[tuple[str, ...]]:
    return [line.designators for line in result.lines]


def test_row_struck_through_is_left_out_and_told():
    result = read(strike("A3", "B3", "C3", "D3", "E3", "F3"))
    assert designators(result) == [("C1", "C2"), ("U2",)]
    assert asked(result) == [(3, 1, "struck_through")]
    assert [(one.row, one.kind) for one in result.left_out] == [(3, "struck")]


def test_item_number_need_not_be_struck():
    assert designators(read(strike("B3", "C3", "D3", "E3", "F3"))) == [("C1", "C2"), ("U2",)]


def test_alternates_of_a_struck_line_do_not_go_to_the_line_above():
    rows = [*LINES[:2], ["", "", "", "", "Texas Instruments", "LM75AIMM"], LINES[2]]
    result = read(strike("A3", "B3", "C3", "D3", "E3", "F3"), rows)
    assert [len(line.alternates) for line in result.lines] == [0, 0]
    assert asked(result) == [(3, 1, "struck_through"), (4, 5, "row_skipped")]


def test_struck_row_of_an_alternate_is_left_out_alone():
    rows = [LINES[0], ["", "", "", "", "TDK", "C1005X7R1C104K"], *LINES[1:]]
    result = read(strike("E3", "F3"), rows)
    assert [len(line.alternates) for line in result.lines] == [0, 0, 0]
    assert asked(result) == [(3, 5, "struck_through")]


def test_struck_part_number_is_not_read():
    result = read(strike("E3", "F3"))
    assert [line.primary is None for line in result.lines] == [False, True, False]
    assert asked(result) == [(3, 5, "struck_through"), (3, 6, "struck_through")]


def test_struck_runs_of_a_cell_are_taken_out():
    def change(sheet: Worksheet) -> None:
        old = TextBlock(InlineFont(strike=True), "LM75AD ")
        sheet["F3"] = CellRichText(old, "LM75BD")
        gone = TextBlock(InlineFont(strike=True), "C9,")
        sheet["C2"] = CellRichText("C1,", gone, "C2")

    result = read(change)
    assert result.lines[0].designators == ("C1", "C2")
    assert result.lines[1].primary.mpn == "LM75BD"
    assert asked(result) == [(2, 3, "struck_through"), (3, 6, "struck_through")]


def test_hidden_rows_are_read_and_told_once():
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True

    result = read(change)
    assert result.totals.lines == 3
    assert asked(result) == [(3, None, "hidden_row")]
    assert result.warnings[0].detail.endswith("rows 3, 4.")


def test_hidden_column_is_read_and_told():
    def change(sheet: Worksheet) -> None:
        sheet.column_dimensions["F"].hidden = sheet.column_dimensions["H"].hidden = True

    result = read(change)
    assert result.totals.mpns == 3
    assert asked(result) == [(1, 6, "hidden_column")]


def test_merged_manufacturer_holds_for_the_rows_of_its_alternates():
    rows = [LINES[0], ["", "", "", "", "", "GRM155R71C104KA88J"], *LINES[1:]]
    result = read(lambda sheet: sheet.merge_cells("E2:E3"), rows)
    assert [(one.part.manufacturer, one.part.mpn) for one in result.lines[0].alternates] == [
        ("Murata", "GRM155R71C104KA88J")
    ]
    assert result.lines[1].primary.manufacturer == "NXP"
    assert result.warnings == ()


def test_merged_part_number_of_several_manufacturers():
    rows = [LINES[0], ["", "", "", "", "TDK", ""], *LINES[1:]]
    result = read(lambda sheet: sheet.merge_cells("F2:F3"), rows)
    assert [(one.part.manufacturer, one.part.mpn) for one in result.lines[0].alternates] == [
        ("TDK", "GRM155R71C104KA88D")
    ]


def test_merged_cell_of_fitting_holds_for_its_lines():
    def change(sheet: Worksheet) -> None:
        sheet["G3"] = "DNP"
        sheet.merge_cells("G3:G4")

    assert [line.fitted for line in read(change).lines] == [True, False, False]


def test_merged_quantity_is_that_of_one_line():
    rows = [LINES[0], ["", "", "", "", "TDK", "C1005X7R1C104K"], *LINES[1:]]
    result = read(lambda sheet: sheet.merge_cells("B2:B3"), rows)
    assert result.totals.quantity_total == 4
    assert result.totals.alternates == 1


def test_row_of_nothing_but_merged_cells_is_no_alternate():
    rows = [LINES[0], ["", "", "", "", "", ""], *LINES[1:]]
    result = read(lambda sheet: [sheet.merge_cells(f"{one}2:{one}3") for one in "ABCDEF"], rows)
    assert result.totals.alternates == 0
    assert result.warnings == ()
