"""Files as people have them, one small case for each thing that may be read wrong in silence."""

from __future__ import annotations

import pytest

from secondsource.exchange.bom import Role, guess, parse, read
from tests.core.tabular.files import xlsx

from .cases import MURATA, TI, TI2, VISHAY, YAGEO, asked, parts, read_text, text
from .invented import imported

# Second sources.


@pytest.mark.parametrize(
    "headers",
    [
        "Manufacturer;Part Number;Manufacturer 2;Part Number 2",
        "Manufacturer;Part No.;Manufacturer;Part No.",
        "Maker;P/N;Maker_1;P/N_1",
        "Mfr;PN;Alternate Mfr #1;Alternate PN #1",
        "Manufacturer A;MPN A;Manufacturer B;MPN B",
        "Manufacturer I;MPN I;Manufacturer II;MPN II",
        "Manufacturer;MPN;AVL Manufacturer;AVL MPN",
        "Manufacturer;MPN;Approved Manufacturer;Approved MPN",
        "Manufacturer;MPN;Secondary Manufacturer;Secondary MPN",
        "Manufacturer;Part Number;Substitute_Part1_Manufacturer_0;Substitute_Part1_Number_0",
        "Primary Mfr;Primary P/N;Secondary Mfr;Secondary P/N",
        "1st Source;1st Source PN;2nd Source;2nd Source PN",
        "First source;First source MPN;Second source;Second source MPN",
        "Hersteller;Herstellernummer;Zweithersteller;Zweithersteller-Nr.",
        "Hersteller;Artikelnummer;Hersteller 2;Artikelnummer 2",
        "Fabricant;Référence fabricant;Fabricant 2;Référence fabricant 2",
        "厂家;型号;厂家2;型号2",
        "MFR1;MPN1;MFR2;MPN2",
    ],
)
def test_alternate_beside_the_first_source(headers):
    result = read_text(
        f"Ref;Qty;{headers}\nR1,R2;2;Yageo;{YAGEO};Vishay;{VISHAY}\n"
        f"U1;1;TI;{TI};Diodes;AP63300WU-7\nC1;1;Murata;{MURATA};;"
    )
    assert parts(result) == [
        [("Yageo", YAGEO), ("Vishay", VISHAY)],
        [("TI", TI), ("Diodes", "AP63300WU-7")],
        [("Murata", MURATA)],
    ]
    assert asked(result) == []


def test_first_source_keeps_its_place_with_blanks_and_other_order():
    result = read_text(
        "RefDes;Qty;P/N;Maker;Maker_1;P/N_1\nMK1 MK2;2;DNP;;;\nLD1;1;APT2012 SRC PRV;Kingbright;"
        f"Lite-On;LTST-C170KRKT\nR7 R8;2;{YAGEO};Yageo;Vishay;{VISHAY}\nX4;1;0533980471;Molex;;"
    )
    assert parts(result)[1:] == [
        [("Kingbright", "APT2012 SRC PRV"), ("Lite-On", "LTST-C170KRKT")],
        [("Yageo", YAGEO), ("Vishay", VISHAY)],
        [("Molex", "0533980471")],
    ]


@pytest.mark.parametrize(
    "headers",
    ["Manufacturer;MPN;Old Manufacturer;Old MPN", "Mfr blue;MPN blue;Mfr red;MPN red"],
)
def test_sources_told_apart_by_unknown_words_are_asked(headers):
    result = read_text(f"Ref;Qty;{headers}\nR1;1;Yageo;{YAGEO};Vishay;{VISHAY}\nU1;1;TI;{TI};;")
    assert asked(result) == ["primary"]


def test_preferred_source_in_the_second_row_is_the_primary_one():
    header = "Item Number;Description;Qty;Ref Des;Mfr. Name;Mfr. Part Number;"
    rows = (
        f"100-9;Res;2;R1,R2;Yageo;{YAGEO};Alternate\n100-9;Res;2;R1,R2;Vishay;{VISHAY};Preferred\n"
        "100-9;Res;2;R1,R2;Rohm;MCR01MZPJ103;Do Not Use"
    )
    result = read_text(f"{header}Preferred Status\n{rows}")
    assert parts(result) == [[("Vishay", VISHAY), ("Yageo", YAGEO)]]
    assert [warning.code for warning in result.warnings] == ["source_not_approved"]


def test_rank_of_sources_decides():
    result = read_text(
        f"Qty;Ref Des;Manufacturer;MPN;Rank\n1;R1;Yageo;{YAGEO};2\n1;R1;Vishay;{VISHAY};1"
    )
    assert parts(result) == [[("Vishay", VISHAY), ("Yageo", YAGEO)]]


# No second source and no number of ours where there is none.


def test_material_is_no_number_of_ours():
    result = read_text(
        "ITEM NO.;PART NUMBER;DESCRIPTION;MATERIAL;QTY.\n1;SCR-M3X8;SCREW M3X8;A2;8\n"
        "2;SCR-M4X10;SCREW M4X10;A2;4\n3;BRK-1001;BRACKET;ALU;2"
    )
    assert [line.ipn for line in result.lines] == [None, None, None]
    assert [one.header for one in result.columns_left_out] == ["MATERIAL"]


def test_row_of_quantity_zero_about_another_thing_is_no_alternate():
    result = read_text(
        "Pos;Description;Qty;Manufacturer;MPN\n1;Carton 200 x 100;1;Packco;CT-2010\n"
        f"2;Ferrite bead;0;Laird;HZ0805E601R-10\n3;LDO;1;TI;{TI2}"
    )
    assert result.totals.alternates_inferred == 0
    assert [line.fitted for line in result.lines] == [True, False, True]


def test_statistics_below_the_table_are_no_sources():
    result = read_text(
        f"No;Own;Description;Part Number;RefDes;Qty\n1;a;Buffer;SN74LVC1G07DCKR;IC4;1\n"
        f"2;b;10k;{YAGEO};R1;1\n\nPlaced on top:;41;Placed on bottom:;17\n"
        "Solder joints top:;233;Solder joints bottom:;28"
    )
    assert [len(line.parts) for line in result.lines] == [1, 1]
    assert [one.kind for one in result.left_out] == ["total", "total"]


def test_label_below_the_table_that_looks_like_a_line_is_asked_about():
    result = read_text(f"RefDes;Qty;MPN\nR1;1;{YAGEO}\nU1;1;{TI}\n\nPlaced top;41;\nPads;512;")
    assert "rows" in asked(result) or result.totals.lines == 2


@pytest.mark.parametrize(
    ("cell", "mpn"),
    [("Label 50 x 20; white,matt", "Label 50 x 20; white,matt"), (f"{YAGEO}; 4:{TI}", YAGEO)],
)
def test_semicolon_that_separates_no_alternates(cell, mpn):
    rows = [["Qty", "Ref", "Manufacturer", "Part Number"], ["1", "", "Acme", cell]]
    result = imported([*rows, ["1", "U1", "TI", TI2]])
    assert [part.mpn for part in result.lines[0].parts] == [mpn]


# Part numbers.


def test_manufacturer_and_number_in_one_cell():
    result = imported(
        [
            ["Ref", "Qty", "Manufacturer / Part No."],
            ["Q1", "1", "onsemi - MMBT3904LT1G"],
            ["IC1", "1", "Nexperia - 74HC595D,118"],
            ["L1", "1", "Wurth, 744043220"],
            ["R1", "1", "Any"],
        ]
    )
    assert parts(result) == [
        [("onsemi", "MMBT3904LT1G")],
        [("Nexperia", "74HC595D,118")],
        [("Wurth", "744043220")],
        [],
    ]


@pytest.mark.parametrize("header", ["Package", "Lieferant und Referenz", "xyz"])
def test_numbers_under_a_strange_header_are_not_lost_in_silence(header):
    result = read_text(
        f"Ref;Value;Manufacturer;{header};Qty\nR1;1k;Panasonic;ERA-3AEB102V;1\n"
        f"R2;2k2;Panasonic;ERA-3AEB222V;1\nIC2;LDO;Texas Instruments;{TI2};1"
    )
    assert result.totals.mpns == 3 or asked(result) == ["part_numbers"]


def test_header_beats_an_unnamed_column_of_codes():
    result = read_text(
        f"Ref;Qty;;Model#;Manufacturer\nR1;1;ZX-8817A;{YAGEO};Yageo\nU1;1;ZX-8818B;{TI};TI"
    )
    assert parts(result) == [[("Yageo", YAGEO)], [("TI", TI)]]


def test_columns_under_the_names_of_distributors():
    result = read_text(
        ";;;;Farnell;;;Digi-Key;\n#;Qty;Part name;Reference designator;Code;Part Number;"
        "Unit price;Part Number;Unit price\n1;2;100n;C1,C2;1414663;C0603C104K5RACTU;0,03;"
        "399-5089-1-ND;0,05\n2;1;TVS;D1;1886356;SMAJ24CA;0,21;SMAJ24CALFCT-ND;0,25"
    )
    assert [part.mpn for line in result.lines for part in line.parts] == [
        "C0603C104K5RACTU",
        "SMAJ24CA",
    ]
    assert [line.ipn for line in result.lines] == [None, None]


def test_numbers_that_lost_their_zero():
    result = read_text(
        "Ref;Qty;Manufacturer;MPN\nJ1;1;Molex;430450200\nJ2;1;Molex;0430450200\n"
        '="C1";1;AVX;="0805YC104KAT2A"\nC2;1;AVX;805YC104KAT2A'
    )
    assert [(w.row, w.code) for w in result.warnings] == [(2, "zero_lost"), (5, "zero_lost")]
    assert result.lines[2].primary.mpn == "0805YC104KAT2A"


# Designators, quantities, names.


def test_designators_among_words():
    result = read_text(
        "Qty;Part;Value;Package;Notes\n2;R1, R2;2k2;0603;\n1;C1;1u;0603;\n1;VR1 trimmer;5k;THT;\n"
        "1;BTN1;6mm;THT;\n2;Standoff;M3x10;steel;\n2;Washer;M3;nylon;\n2;Lid;80 x 40;ABS;"
    )
    assert result.totals.designators == 4


def test_setup_quantity_is_no_quantity():
    result = read_text(
        "Reference;Amount;Setup quantity;Component.Ipn;Component.Description\n"
        "frame;2;0;FRM-1;Steel frame\nfeet;4;0;FT-1;Rubber foot\nvarnish;half litre;0;VR-1;Clear"
    )
    assert [line.quantity for line in result.lines] == [2, 4, None]
    assert all(line.fitted for line in result.lines)


def test_file_without_value_or_number_is_read():
    result = read_text(
        "Id;Designator;Footprint;Quantity;Foo\n1;R1,R2;R_0603;2;10k\n2;C1;C_0603;1;100nF"
    )
    assert (result.totals.lines, result.totals.designators) == (2, 3)


def test_two_columns_of_quantities_are_asked_about():
    result = read_text(f"MPN;Qty;Quantity\n{YAGEO};2;20\n{TI};1;15\n{MURATA};4;44")
    assert asked(result) == ["quantity"]


def test_quantity_under_a_strange_header_is_asked_about():
    result = read_text(
        f"Part Number;Manufacturer;Antall\n{YAGEO};Yageo;2\n{TI};TI;1\n{MURATA};Murata;2"
    )
    assert asked(result) == ["quantity"]


def test_thousand_or_one_is_asked_until_the_sign_is_said():
    rows = [["Part Number", "Qty"], ["M2X4-SCREW", "1,000"], [YAGEO, "12"]]
    workbook = read(b"\n".join(b";".join(cell.encode() for cell in row) for row in rows), "x")
    mapping = guess(workbook)
    assert asked(parse(workbook, mapping)) == ["decimal"]
    said = parse(workbook, mapping.with_table(0, decimal=","))
    assert (said.lines[0].quantity, asked(said)) == (1, [])


def test_reference_that_holds_names():
    result = read_text("Référence;Quantité\nVis M3;8\nEntretoise;4\nCapot;1")
    assert [line.description for line in result.lines] == ["Vis M3", "Entretoise", "Capot"]


def test_values_with_commas_agree():
    result = read_text(
        "Ref;Qty;Description;Manufacturer;Part #\nC4;1;0603,4700PF,50V,X7R;Kemet;C0603C472K5RACTU\n"
        "C5;1;0402,33PF,50V,C0G;TDK;C1005C0G1H330J050BA\nC6;1;8.2pF 0402;Murata;GRM1555C1H829CA01D"
    )
    assert [warning.code for warning in result.warnings] == []


# Sheets.


def test_second_board_is_asked_about():
    header = ["Ref", "Qty", "MPN"]
    main = [header, ["R1", "1", YAGEO], ["U1", "1", TI], ["C1", "1", MURATA]]
    result = imported(xlsx({"Main board": main, "Display": [header, ["R1", "1", VISHAY]]}))
    assert asked(result) == ["table"]
    assert [(one.sheet, one.rows) for one in result.sheets_left_out] == [("Display", 2)]


def test_sheet_without_designators_is_asked_about():
    main = [["Ref", "Qty", "MPN"], ["R1", "1", YAGEO], ["U1", "1", TI]]
    mechanics = [["Qty", "Part Number", "Description"], ["4", "SCR-M3X8", "Screw"]]
    assert asked(imported(xlsx({"PCB": main, "Mechanics": mechanics}))) == ["table"]


def test_older_copy_is_left_out_however_long():
    header = ["Ref", "Qty", "MPN"]
    new = [header, ["R1", "1", YAGEO], ["U1", "1", TI]]
    result = imported(xlsx({"BOM": new, "BOM old": [*new, ["U2", "1", TI2]]}))
    assert (result.totals.lines, asked(result)) == (2, [])
    assert [one.sheet for one in result.sheets_left_out] == ["BOM old"]


# What is said once.


def test_one_warning_for_one_cause():
    rows = [[f"C{n}", "1", f"399-50{n}-1-ND"] for n in range(10, 80)]
    result = imported([["Ref", "Qty", "Part Number"], *rows])
    (warning,) = [one for one in result.warnings if one.code == "distributor_number"]
    assert (warning.row, len(warning.rows)) == (2, 70)


def test_row_left_out_is_shown_whole():
    result = read_text(f"Item;RefDes;Qty;Value;MPN\n1;R1;1;;{YAGEO}\n9;;;heatsink;\n2;U1;1;;{TI}")
    assert [one.text for one in result.left_out] == ["9 | heatsink"]


def test_answers_settle_questions():
    rows = text(f"Ref;Qty;Mfr blue;MPN blue;Mfr red;MPN red\nR1;1;Yageo;{YAGEO};Vishay;{VISHAY}")
    workbook = read(b"\n".join(";".join(row).encode() for row in rows), "x")
    mapping = guess(workbook)
    (question,) = parse(workbook, mapping).questions
    assert parse(workbook, mapping.with_answers([question.key])).questions == ()
    assert parse(workbook, mapping.with_column(0, 3, Role.MPN, 1)).questions == ()
