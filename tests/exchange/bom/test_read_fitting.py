"""Not fitted, in every way of saying it."""

from decimal import Decimal

import pytest

from secondsource.exchange.bom import guess, parse, read
from tests.core.tabular.files import xlsx

from .invented import imported

HEADER = ["Qty", "Reference", "Value", "MPN"]
FILLER = [["1", "U8", "LM75", "LM75BD"], ["1", "U9", "LM393", "LM393QT"]]


def fitted(header: list[str], *rows: list[str]) -> list[bool]:
    return [line.fitted for line in imported([header, *rows]).lines]


@pytest.mark.parametrize(
    "value",
    ["DNP", "DNI", "0R - DNP", "10k (DNP)", "NF", "NM", "NI", "NP", "NA(10k)", "do not populate"],
)
def test_value_says_so(value):
    assert fitted(HEADER, ["1", "R1", value, "RC0402FR-0710KL"], *FILLER) == [False, True, True]


@pytest.mark.parametrize("value", ["NFM21CC223", "10k", "DNPX", "NPN", "NA", "NC7SZ125", "0R"])
def test_value_does_not_say_so(value):
    assert fitted(HEADER, ["1", "R1", value, "RC0402FR-0710KL"]) == [True]


def test_unclear_value_is_asked():
    result = imported([HEADER, ["1", "R1", "NA", "RC0402FR-0710KL"], *FILLER])
    assert [(w.row, w.column, w.code) for w in result.warnings] == [(2, 3, "fitted_unclear")]


@pytest.mark.parametrize("mark", ["X", "x", "Yes", "1", "DNP", "TRUE", "ja"])
def test_column_of_parts_that_are_not_fitted(mark):
    header = [*HEADER, "DNP"]
    rows = [["1", "R1", "10k", "RC0402FR-0710KL", mark], ["1", "U9", "LM393", "LM393QT", ""]]
    assert fitted(header, *rows) == [False, True]


@pytest.mark.parametrize("mark", ["No", "N", "DNI", "NM", "False", "0", "nein", "Non"])
def test_column_of_parts_that_are_fitted(mark):
    header = [*HEADER, "Fitted"]
    rows = [["1", "R1", "10k", "RC0402FR-0710KL", mark], ["1", "U9", "LM393", "LM393QT", "Yes"]]
    assert fitted(header, *rows) == [False, True]


def test_install_option_that_is_mostly_blank():
    header = [*HEADER, "Install Option"]
    rows = [["1", "R1", "10k", "RC0402FR-0710KL", "DNI"], ["1", "U9", "LM393", "LM393QT", ""]]
    assert fitted(header, *rows) == [False, True]


@pytest.mark.parametrize("words", ["NF(C2 C3)", "not fitted: C2, C3", "DNP (C2,C3)"])
def test_part_of_a_line(words):
    rows = [
        [*HEADER, "Assembly Info"],
        ["4", "C1, C2, C3, C4", "100nF", "GRM155R71C104KA88D", words],
        *FILLER,
    ]
    line = imported(rows).lines[0]
    assert line.fitted
    assert line.not_fitted_designators == ("C2", "C3")
    assert line.quantity_not_fitted == Decimal(2)
    assert imported(rows).totals.quantity_fitted == Decimal(4)


def test_list_that_names_all_of_a_line():
    rows = [[*HEADER, "Notes"], ["2", "C1, C2", "100nF", "GRM155R71C104KA88D", "NF(C1 C2)"]]
    line = imported(rows).lines[0]
    assert not line.fitted
    assert line.dnp_reason == "NF(C1 C2)"


def test_list_that_names_strangers_is_asked():
    rows = [[*HEADER, "Notes"], ["2", "C1, C2", "100nF", "GRM155R71C104KA88D", "NF(C1 C9)"]]
    result = imported(rows)
    assert result.lines[0].not_fitted_designators == ("C1",)
    assert [warning.code for warning in result.warnings] == ["not_fitted_elsewhere"]


@pytest.mark.parametrize(
    "words",
    [
        "Components NOT POPULATED in this BOM",
        "Widerstand nicht bestückt",
        "Résistance non montée",
        "do not install",
        "no-stuff",
        "不贴",
    ],
)
def test_description_says_so(words):
    header = ["Qty", "Reference", "Description", "MPN"]
    rows = [["1", "R1", words, "RC0402FR-0710KL"], ["1", "U9", "COMPARATOR", "LM393QT"]]
    assert fitted(header, *rows) == [False, True]


@pytest.mark.parametrize("name", ["NM", "DNP parts", "Not fitted", "Nicht bestückt", "no_mount"])
def test_sheet_of_parts_that_are_not_fitted(name):
    good = [HEADER, ["1", "U1", "LM75", "LM75BD"], ["1", "U2", "LM393", "LM393QT"]]
    absent = [HEADER, ["2", "R1,R2", "10k", "RC0402FR-0710KL"]]
    result = imported(xlsx({"BOM": good, name: absent}))
    assert [line.fitted for line in result.lines] == [True, True, False]
    assert result.lines[2].sheet == name
    assert result.totals.quantity_fitted == Decimal(2)


def test_section_of_a_sheet():
    rows = [
        HEADER,
        ["1", "U1", "LM75", "LM75BD"],
        ["", "DO NOT INSTALL COMPONENTS BELOW.", "", ""],
        ["1", "U2", "LM393", "LM393QT"],
        ["", "R1,R2,R3", "", ""],
    ]
    result = imported(rows)
    assert [line.fitted for line in result.lines] == [True, False]
    assert result.not_installed == ("R1", "R2", "R3")
    assert [(w.row, w.code) for w in result.warnings] == [(5, "not_installed_list")]


def test_quantity_zero():
    result = imported([HEADER, ["0", "R1", "10k", "RC0402FR-0710KL"], *FILLER])
    assert not result.lines[0].fitted
    assert [(w.row, w.code) for w in result.warnings] == [(2, "quantity_zero")]


def test_whole_table_marked_by_its_user():
    data = xlsx({"BOM": [HEADER, *FILLER]})
    workbook = read(data, "x.xlsx")
    mapping = guess(workbook).with_table(0, not_fitted=True)
    assert [line.fitted for line in parse(workbook, mapping).lines] == [False, False]


def test_quantity_column_says_so():
    result = imported([HEADER, ["DNP", "R1,R2", "10k", "RC0402FR-0710KL"], *FILLER])
    assert not result.lines[0].fitted
    assert result.lines[0].quantity == Decimal(2)
    assert result.warnings == ()


@pytest.mark.parametrize(
    ("cell", "absent"),
    [
        ("R1, R2, R3 (not fitted)", ("R3",)),
        ("R1,R2(DNP),R3", ("R2",)),
        ("R1, R2, R3 DNI", ("R3",)),
        ("R1, R2, R3 nicht bestückt", ("R3",)),
        ("R1-R2 (DNP), R3", ("R1", "R2")),
        ("R1, R2, R3 (top side)", ()),
        ("R1, R2, R3", ()),
    ],
)
def test_mark_behind_a_designator(cell, absent):
    """The name before the mark is not fitted; the others of the line are."""
    (line, *_) = imported([HEADER, ["3", cell, "10k", "RC0402FR-0710KL"], *FILLER]).lines
    assert line.not_fitted_designators == absent
    assert line.quantity_not_fitted == len(absent)
    assert line.fitted


def test_only_designator_is_marked():
    (line, *_) = imported([HEADER, ["1", "J1 (not fitted)", "2x5", "61201021621"], *FILLER]).lines
    assert (line.designators, line.fitted, line.dnp_reason) == (("J1",), False, "not fitted")


@pytest.mark.parametrize(
    ("comment", "absent"),
    [("C2 not fitted", ("C2",)), ("not fitted", ("C1", "C2")), ("near C9", ())],
)
def test_comment_beside_a_value(comment, absent):
    """It names some designators of the line, or speaks of all of them."""
    header = [*HEADER, "Comment"]
    rows = [["2", "C1, C2", "100n", "GRM155R71C104KA88D", comment], *([*row, ""] for row in FILLER)]
    assert imported([header, *rows]).lines[0].not_fitted_designators == absent


@pytest.mark.parametrize(
    ("header", "yes", "no"),
    [
        ("Bestückung", "bestückt", "nicht bestückt"),
        ("Câblage", "câblé", "non câblé"),
        ("実装", "実装", "未実装"),
        ("実装有無", "○", "×"),
    ],
)
def test_column_says_fitted_in_words(header, yes, no):
    """Cells that say yes in their own language show what the column is for."""
    rows = [["1", f"R{n}", "10k", "RC0402FR-0710KL", yes] for n in range(1, 4)]
    rows.append(["1", "R4", "10k", "RC0402FR-0710KL", no])
    assert fitted([*HEADER, header], *rows) == [True, True, True, False]
