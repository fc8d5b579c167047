"""The same BOM comes out of every shape in which people write alternates."""

from decimal import Decimal

import pytest

from secondsource.exchange.bom import guess, parse, read
from tests.core.tabular.files import ods, xlsx

from .invented import LINES, MEANT, SHAPES, as_csv, imported, meaning


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_means_the_same(shape):
    assert meaning(imported(SHAPES[shape]())) == MEANT


@pytest.mark.parametrize("shape", SHAPES)
def test_clean_file_gives_no_warning(shape):
    assert imported(SHAPES[shape]()).warnings == ()


@pytest.mark.parametrize("shape", SHAPES)
def test_spreadsheets_mean_the_same_as_text(shape):
    rows = SHAPES[shape]()
    for data in (xlsx({"BOM": rows}), ods(rows)):
        assert meaning(imported(data)) == MEANT


def test_totals():
    totals = imported(SHAPES["continuation rows"]()).totals
    assert totals.lines == len(LINES)
    assert totals.quantity_total == Decimal(18)
    assert totals.quantity_fitted == Decimal(17)
    assert totals.designators == 18
    assert totals.mpns_primary == 9
    assert totals.mpns == 13
    assert totals.alternates == 4
    assert totals.lines_not_fitted == 1
    assert totals.lines_without_mpn == 1


def test_figures_stand_in_the_order_of_the_api():
    found = list(imported(SHAPES["continuation rows"]()).as_dict())
    assert found[:7] == [
        "lines",
        "quantity_total",
        "quantity_fitted",
        "designators",
        "mpns_primary",
        "mpns",
        "alternates",
    ]


def test_where_an_alternate_was_read():
    by_row = imported(SHAPES["continuation rows"]()).lines[0].alternates
    assert [(a.where_read, a.row, a.column) for a in by_row] == [("row 3", 3, 7), ("row 4", 4, 7)]
    by_cell = imported(SHAPES["tildes in cells"]()).lines[0].alternates
    assert [a.where_read for a in by_cell] == ["MPN, entry 2", "MPN, entry 3"]
    by_column = imported(SHAPES["alternate columns"]()).lines[0].alternates
    assert [a.where_read for a in by_column] == ["Alternate MPN 1", "Alternate MPN 2"]


def test_parallel_lists_with_commas_need_a_manufacturer_each():
    rows = [
        ["Qty", "Reference", "Manufacturer", "MPN"],
        ["2", "C1,C2", "Murata, Yageo", "GRM155R71C104KA88D, CC0402KRX7R7BB104"],
        ["1", "D1", "Nexperia", "BAS16,215"],
        ["1", "L1", "Feryster", "DTMSS-27/0,022/30-H"],
    ]
    first, second, third = imported(rows).lines
    assert [part.mpn for part in first.parts] == ["GRM155R71C104KA88D", "CC0402KRX7R7BB104"]
    assert [part.manufacturer for part in first.parts] == ["Murata", "Yageo"]
    assert [part.mpn for part in second.parts] == ["BAS16,215"]
    assert [part.mpn for part in third.parts] == ["DTMSS-27/0,022/30-H"]


def test_parts_of_different_kinds_joined_by_a_program_are_no_alternates():
    rows = [
        ["Qty", "Reference", "Manufacturer", "MPN"],
        ["3", "R1,R2,RT1", "TDK,Yageo", "NTCG163JF103FT1S,RC0603FR-0710KL"],
        ["1", "R7", "Yageo", "RC0603FR-0768KL"],
    ]
    result = imported(rows)
    assert [part.mpn for part in result.lines[0].parts] == ["NTCG163JF103FT1S"]
    assert [warning.code for warning in result.warnings] == ["merged_parts"]


def test_remarks_name_alternates_apart_from_listed_ones():
    rows = [
        ["Qty", "Reference", "Manufacturer", "MPN", "Remarks"],
        ["1", "R1", "Yageo", "RC0603FR-0710KL", "Alternative: Vishay CRCW060310K0FKEA"],
        ["1", "Q1", "Diodes", "DMN10H220LE", "100V, >2A, Alternative: IRFM120ATF"],
        ["1", "D1", "Bourns", "SMCJ70A", "Second source: Diodes Inc. SMCJ70A-13-F"],
        ["1", "U1", "TI", "BQ76952PFBR", "no alternative known"],
    ]
    result = imported(rows)
    named = [
        (a.part.manufacturer, a.part.mpn, a.where_read, a.listed)
        for line in result.lines
        for a in line.alternates
    ]
    assert named == [
        ("Vishay", "CRCW060310K0FKEA", "Remarks", False),
        (None, "IRFM120ATF", "Remarks", False),
        ("Diodes Inc.", "SMCJ70A-13-F", "Remarks", False),
    ]
    assert result.totals.alternates == 0
    assert result.totals.alternates_inferred == 3


def test_row_of_quantity_zero_names_an_alternate():
    rows = [
        ["Parts", "Qty", "Description", "Manufacturer", "MPN"],
        ["C76", "1", "CAP 470UF", "Nichicon", "UPW1H471MHD1TO"],
        ["", "0", "Alternate capacitor", "Nichicon", "UVZ1H471MHD1TO"],
        ["X11", "1", "HEADER", "Molex", "395311010"],
        ["R1,R2", "0", "RES", "", ""],
        ["X11", "0", "TERMINAL BLOCK", "Multicomp", "MB612-50810"],
    ]
    lines = imported(rows).lines
    assert [line.alternate_of for line in lines] == [None, 2, None, None, 4]
    assert [a.part.mpn for a in lines[0].alternates] == ["UVZ1H471MHD1TO"]
    assert lines[2].alternates[0].where_read == "zero-quantity row 6"
    assert [line.fitted for line in lines] == [True, False, True, False, False]


def test_alternate_columns_whose_meaning_changes_from_row_to_row():
    rows = [
        ["Reference", "Count", "MPN", "Manufacturer", "AManufacturer", "APN", "AMPN"],
        ["U1", "1", "LP5907SNX-1.2/NOPB", "TI", "Microchip", "576-4305-1-ND", "MIC5504-1.2YMT"],
        ["U2", "1", "UHD1110-FKA", "Cree", "Citizen", "CL-505S-X-SD-T", ""],
        ["C1", "1", "ANY", "ANY", "", "N/A", ""],
    ]
    first, second, third = imported(rows).lines
    assert [(p.manufacturer, p.mpn) for p in first.parts] == [
        ("TI", "LP5907SNX-1.2/NOPB"),
        ("Microchip", "MIC5504-1.2YMT"),
    ]
    assert [(p.manufacturer, p.mpn) for p in second.parts] == [
        ("Cree", "UHD1110-FKA"),
        ("Citizen", "CL-505S-X-SD-T"),
    ]
    assert third.parts == ()


def test_note_belongs_to_its_own_part():
    rows = [
        ["Qty", "Reference", "Manufacturer", "MPN", "Notes"],
        ["1", "C1", "TDK", "C2012Y5V1A106Z", "Soon to be obsoleted."],
        ["", "", "Murata", "GRM21BR71A106KE51L", ""],
        ["1", "C2", "Yageo", "CC0402JRNPO9BN100", ""],
        ["", "", "Murata", "GRM1555C1H100JZ01D", "Soon to be obsoleted."],
    ]
    first, second = imported(rows).lines
    assert [part.note for part in first.parts] == ["Soon to be obsoleted.", ""]
    assert [part.note for part in second.parts] == ["", "Soon to be obsoleted."]


def test_designators_wrapped_into_the_next_row():
    rows = [
        ["Item", "Quantity", "Reference", "Part"],
        ["1", "5", "C1,C2,C3,C4,", "100nF"],
        ["", "", "C5", ""],
        ["2", "1", "R1", "10k"],
    ]
    result = imported(as_csv(rows, "\t"))
    assert result.lines[0].designators == ("C1", "C2", "C3", "C4", "C5")
    assert result.warnings == ()


def test_same_workbook_parsed_twice_is_the_same():
    workbook = read(as_csv(SHAPES["two storeys"]()), "x.csv")
    mapping = guess(workbook)
    assert parse(workbook, mapping) == parse(workbook, mapping)


@pytest.mark.parametrize("mark", ["alt", "ALT.", "or", "2nd source", '"', "-"])
def test_row_marked_as_alternate_in_its_quantity(mark):
    rows = [
        ["Qty", "Reference", "Manufacturer", "MPN"],
        ["2", "C1,C2", "Murata", "GRM155R71C104KA88D"],
        [mark, "", "Yageo", "CC0402KRX7R7BB104"],
        ["1", "U1", "NXP", "LM75BD"],
    ]
    result = imported(rows)
    assert [part.mpn for part in result.lines[0].parts] == [
        "GRM155R71C104KA88D",
        "CC0402KRX7R7BB104",
    ]
    assert result.warnings == ()


def test_table_without_quantities_counts_designators():
    rows = [
        ["Comment", "Designator", "Footprint", "JLCPCB Part #"],
        ["100nF", "C1,C2", "C0402", "C1525"],
        ["", "TP1", "", ""],
    ]
    lines = imported(rows).lines
    assert [(line.quantity, line.designators) for line in lines] == [
        (Decimal(2), ("C1", "C2")),
        (Decimal(1), ("TP1",)),
    ]
    assert lines[0].sku == "C1525"
    assert lines[0].primary is None


def test_table_drawn_with_bars_and_dashes():
    text = (
        "| Qty | Reference | MPN | Manufacturer |\n"
        "|-----|-----------|-----|--------------|\n"
        "| 2 | C1 C2 | GRM155R71C104KA88D | Murata |\n"
        "| 1 | U1 | LM75BD | NXP |\n"
    )
    result = imported(text.encode())
    assert [line.primary.mpn for line in result.lines] == ["GRM155R71C104KA88D", "LM75BD"]
    assert result.warnings == ()


@pytest.mark.parametrize("cell", ["R" + "1" * 30_000, "R1-" * 9_000, "A" * 30_000, "(" * 9_000])
def test_absurd_cells_are_read_at_once(cell):
    header = ["Qty", "Reference", "Value", "MPN", "Remarks"]
    rows = [header, ["1", cell, cell, cell, cell], ["1", "U1", "LM75", "LM75BD", ""]]
    assert len(imported(rows).lines) == 2


@pytest.mark.parametrize("words", ["or equivalent", "(or similar)", "oder ähnlich"])
def test_words_behind_a_part_number_are_no_part_of_it(words):
    rows = [["Qty", "Reference", "MPN"], ["1", "U1", f"LM75BD {words}"], ["1", "U2", "LM393QT"]]
    assert [part.mpn for part in imported(rows).lines[0].parts] == ["LM75BD"]


def test_column_that_points_back_names_no_alternate():
    """`Alt for` repeats the part of the line above."""
    result = imported(
        b"Ref,Qty,Mfr,MPN,Alt for\nC1,1,Murata,GRM155R71C104KA88D,\n"
        b"C1,,TDK,C1005X7R1C104K050BC,GRM155R71C104KA88D\nR1,1,Yageo,RC0402FR-0710KL,\n"
    )
    assert [[part.mpn for part in line.parts] for line in result.lines] == [
        ["GRM155R71C104KA88D", "C1005X7R1C104K050BC"],
        ["RC0402FR-0710KL"],
    ]
    assert result.warnings == ()


def test_manufacturer_and_number_joined_by_a_colon():
    result = imported(
        b"Ref|Qty|Part Number|Manufacturer|Alternates\n"
        b"C1,C2|2|GRM155R71C104KA88D|Murata|TDK:C1005X7R1C104K050BC, Samsung:CL05B104KO5NNNC\n"
        b"R1|1|RC0402FR-0710KL|Yageo|\n"
    )
    assert [(p.manufacturer, p.mpn) for p in result.lines[0].parts] == [
        ("Murata", "GRM155R71C104KA88D"),
        ("TDK", "C1005X7R1C104K050BC"),
        ("Samsung", "CL05B104KO5NNNC"),
    ]
