"""Questions name row, column and code; what is in order is not asked about."""

import pytest

from secondsource.exchange.bom.values import CAPACITANCE, RESISTANCE, encoded, stated

from .invented import imported

HEADER = ["Qty", "Reference", "Value", "Manufacturer", "MPN"]
GOOD = ["1", "U9", "LM393", "STMicroelectronics", "LM393QT"]


def asked(*rows: list[str], header: list[str] = HEADER) -> list[tuple[int | None, int | None, str]]:
    result = imported([header, *rows, [*GOOD, *[""] * (len(header) - len(GOOD))]])
    return [(warning.row, warning.column, warning.code) for warning in result.warnings]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (["3", "C1,C2", "100nF", "Murata", "GRM155R71C104KA88D"], 1, "quantity_differs"),
        (["", "C1,C2", "100nF", "Murata", "GRM155R71C104KA88D"], 1, "quantity_missing"),
        (["A/R", "", "GLUE", "Henkel", "LOCTITE-3621"], 1, "quantity_missing"),
        (["1", "C1", "10nF", "Murata", "GRM155R71C104KA88D"], 5, "value_differs"),
        (["1", "R1", "120k", "Panasonic", "ERJ-2RKF2673X"], 5, "value_differs"),
        (["1", "C1", "100nF", "TDK", "GRM155R71C104KA88D"], 4, "manufacturer_differs"),
        (["1", "Y1", "48MHz", "ECS", "XC2756CT-ND"], 5, "distributor_number"),
        (["1", "SW2", "SPDT", "", "1"], 5, "mpn_doubtful"),
        (["1", "R1", "100R", "Yageo", "RC0805JR--07100RL"], 5, "mpn_doubtful"),
        (["1", "J1", "HDR", "Molex", "4.70531E+08"], 5, "mpn_spoiled"),
        (["1", "J1", "HDR", "Molex", "1E10"], 5, "mpn_spoiled"),
        (["1", "J1", "HDR", "Molex", "2024-03-01"], 5, "mpn_spoiled"),
        (["1", "RF1", "AMP", "Mini-Circuits", "1-Mar"], 5, "mpn_spoiled"),
        (["1", "RF1", "AMP", "Mini-Circuits", "Mar-02"], 5, "mpn_spoiled"),
        (["1", "RF1", "AMP", "Mini-Circuits", "2. Mrz"], 5, "mpn_spoiled"),
        (["1", "Y1", "48MHz", "ECS", "01.02.2024"], 5, "mpn_spoiled"),
        (["1", "Y1", "48MHz", "ECS", "#N/A"], 5, "cell_error"),
        (["1", "Y1", "48MHz", "ECS", "TBD"], 5, "placeholder"),
        (["1", "Y1", "48MHz", "ECS", "?"], 5, "placeholder"),
        (["1", "U1", "MPXA4250AC6U", "NXP", "MPX5700AP"], 5, "name_differs"),
        (["1", "R1", "10k", "YAEGO", "RC0402FR-0710KL"], 4, "manufacturer_misspelled"),
        (["1", "R1", "10k", "Digi-Key", "RC0402FR-0710KL"], 4, "manufacturer_is_distributor"),
        (["1,000", "", "SCREW", "Bossard", "1241516"], 1, "quantity_unclear"),
        (["1", "C1", "22nF", "", "CC0603JRX7R8BB223 CX0603MRX7R8BB223"], 5, "two_part_numbers"),
        (["1", "P8", "HDR", "MLE", "SSHS-123-D\u00c3\u0099"], 5, "garbled"),
        (["1", "P8", "HDR", "YUXI \u00e5\u00ae\u0087", "P125-1106A1"], 4, "garbled"),
        (["1", "PCB1", "PCB", "Various", "PCB-1234-A"], 4, "manufacturer_unnamed"),
        (["1", "P2", "Serial", "BOOMELE", "Female header 1*6p"], 5, "mpn_doubtful"),
        (["1", "H1", "Hole", "", "M3 Hole"], 5, "mpn_doubtful"),
        (["1", "FID1", "", "", "FIDUCIAL"], 5, "mpn_doubtful"),
        (["1", "U9X U9X", "LM75", "NXP", "LM75BD"], 2, "designator_repeated"),
        (["1", "White Wire", "wire", "", "1853 WH001"], 2, "designators_in_words"),
    ],
)
def test_question(row, column, code):
    assert asked(row) == [(2, column, code)]


def test_nothing_is_asked_about_a_clean_line():
    clean = ["1", "R1", "267k", "Panasonic", "ERJ-2RKF2673X"]
    assert asked(clean) == []


def test_designator_of_two_lines():
    row = ["1", "C1", "100nF", "Murata", "GRM155R71C104KA88D"]
    other = ["1", "C1", "10nF", "Murata", "GRM155R71H103KA01D"]
    assert asked(row, other) == [(3, 2, "designator_repeated")]


def test_one_number_listed_for_two_manufacturers():
    row = ["1", "R7", "4.99k", "Yageo~Vishay", "RC0402FR-074K99L~RC0402FR-074K99L"]
    assert asked(row) == [(2, 4, "manufacturer_differs"), (2, 4, "one_number_two_manufacturers")]


def test_number_listed_twice():
    row = ["1", "TP1", "5015", "Keystone~Keystone Electronics", "5015A~5015A"]
    assert asked(row) == [(2, 5, "alternate_repeated")]


def test_line_that_may_be_an_alternate_of_the_line_above():
    header = ["Designator", "Manufacturer/MPN", "Qty", "Description"]
    rows = [
        header,
        ["U1", "NXP LM75BD", "1", "SENSOR"],
        ["U2", "Texas Instruments SN74LVC1G07DCKR", "1", "IC,SINGLE BUFFER"],
        ["", "Nexperia 74LVC1G07GV,125", "1", "IC,SINGLE BUFFER"],
    ]
    result = imported(rows)
    assert result.totals.lines == 3
    assert [(w.row, w.column, w.code) for w in result.warnings] == [(4, 2, "possible_alternate")]


def test_row_below_the_lines_that_is_no_line():
    rows = [HEADER, ["1", "U1", "LM75", "NXP", "LM75BD"], GOOD, [], ["STICKER", "", "", "", ""]]
    warnings = imported(rows).warnings
    assert [(w.row, w.column, w.code) for w in warnings] == [(5, 1, "row_skipped")]


def test_row_of_notes_between_lines():
    assert asked(["", "", "", "", "", "see drawing"], header=[*HEADER, "Notes"]) == []
    assert asked(["", "", "heatsink", "", ""]) == [(2, 3, "row_skipped")]


@pytest.mark.parametrize("mpn", ["N/A", "-", "none", "DNP", ""])
def test_signs_for_no_part_number_are_not_asked(mpn):
    assert asked(["1", "TP1", "TEST POINT", "", mpn]) == []


def test_a_placeholder_is_asked_once_with_its_rows():
    rows = [["1", f"C{n}", "100nF", "ANY", "ANY"] for n in range(1, 10)]
    warnings = imported([HEADER, *rows, GOOD]).warnings
    assert [(w.row, w.column, w.code) for w in warnings] == [(2, 5, "placeholder")]
    assert "9 lines have none, rows 2, 3, 4, 5, 6, 7 and 3 more." in warnings[0].detail


def test_order_number_that_names_no_alternate():
    header = [*HEADER, "Alternate MPN"]
    row = ["1", "U1", "LDO", "TI", "LP5907SNX-1.2/NOPB", "576-4305-1-ND"]
    assert asked(row, header=header) == [(2, 6, "distributor_number")]


def test_question_about_an_alternate_names_its_own_cell():
    header = [*HEADER, "Manufacturer 2", "MPN 2"]
    row = ["1", "C1", "100nF", "Murata", "GRM155R71C104KA88D", "Kemet", "CL05B104KO5NNNC"]
    assert asked(row, header=header) == [(2, 6, "manufacturer_differs")]
    below = [["1", "C1", "", "Murata", "GRM155R71C104KA88D"], ["", "", "", "NXP", "MAR--1"]]
    assert asked(*below) == [(3, 5, "mpn_doubtful")]


def test_size_without_its_zero():
    row = ["1", "C1", "100nF", "Murata", "GRM155R71C104KA88D", "402"]
    assert asked(row, header=[*HEADER, "Package"]) == [(2, 6, "zero_lost")]


def test_manufacturers_in_other_scripts_are_themselves():
    assert asked(["1", "C1", "100nF", "村田", "GRM155R71C104KA88D"]) == []


@pytest.mark.parametrize(
    ("value", "mpn"),
    [
        ("LM75", "LM75BD"),
        ("ESP32-WROOM", "ESP-WROOM-32"),
        ("Conn_01x04", "0470531000"),
        ("GRM155R71C104KA88D", "CC0402KRX7R7BB104"),
        ("ABM8G-14.7456MHZ", "7M-14.7456MAHE-T"),
    ],
)
def test_names_that_contradict_no_part_number(value, mpn):
    assert asked(["1", "U1", value, "", mpn]) == []


def test_columns_of_two_variants_that_do_not_agree():
    header = [*HEADER, "Variant A", "Variant B"]
    rows = [
        ["1", "R1", "10k", "Yageo", "RC0402FR-0710KL", "DNP", "fitted"],
        ["1", "U1", "LM75", "NXP", "LM75BD", "fitted", "fitted"],
        ["1", "U2", "LM393", "STMicroelectronics", "LM393QT", "DNP", "DNP"],
    ]
    result = imported([header, *rows])
    assert [(q.code, q.columns) for q in result.questions] == [
        ("fitted", (5,)),
        ("fitted", (5, 6)),
    ]
    assert [line.fitted for line in result.lines] == [False, True, False]


def test_a_second_column_of_designators():
    header = ["Qty", "Top Designators", "MPN", "Bottom Designators"]
    rows = [["1", "R1", "RC0402FR-0710KL", "C1"], ["1", "U1", "LM75BD", "C2"]]
    warnings = imported([header, *rows]).warnings
    assert [(w.row, w.column, w.code) for w in warnings] == [(1, 4, "designators_unread")]


def test_manufacturer_of_an_alternate_without_its_number():
    header = [*HEADER, "MFR 2", "MPN 2", "MFR 3"]
    row = ["1", "C1", "100nF", "Murata", "GRM155R71C104KA88D", "TDK", "C1005X7R1C104K", "Kemet"]
    assert asked(row, header=header) == [(2, 8, "manufacturer_without_number")]


def test_remark_that_is_a_part():
    row = ["1", "C1", "100nF", "Murata", "GRM155R71C104KA88D"]
    header = [*HEADER, "Remarks"]
    assert asked([*row, "TDK C1005X7R1C104K"], header=header) == [(2, 6, "possible_alternate")]
    assert asked([*row, "Murata GRM155R71C104KA88D"], header=header) == []
    assert asked([*row, "min. 100V, X7R"], header=header) == []
    assert asked([*row, "Mating connector: 662024113322"], header=header) == []


def test_column_whose_header_hides_part_numbers():
    header = [*HEADER, "MP_N2"]
    row = ["1", "C1", "100nF", "Murata", "GRM155R71C104KA88D", "C1005X7R1C104K"]
    assert asked(row, header=header) == []
    questions = imported([header, row, [*GOOD, ""]]).questions
    assert [(one.code, one.columns) for one in questions] == [("part_numbers", (5,))]


@pytest.mark.parametrize("mpn", ["BSS123N H6327", "PTS525SM15SMTR2 LFS", "LFXTAL003000Reel"])
def test_part_numbers_with_blanks_and_small_letters_are_no_words(mpn):
    assert asked(["1", "U1", "", "", mpn]) == []


def test_order_numbers_beside_part_numbers_are_no_numbers_of_ours():
    header = ["Qty", "Ref", "Part Number", "Manufacturer Part Number"]
    rows = [
        ["1", "R1", "311-10.0KLRCT-ND", "RC0402FR-0710KL"],
        ["1", "U1", "568-4687-1-ND", "LM75BD"],
    ]
    lines = imported([header, *rows]).lines
    assert [(line.ipn, line.sku) for line in lines] == [
        (None, "311-10.0KLRCT-ND"),
        (None, "568-4687-1-ND"),
    ]


def test_numbered_types_beside_numbered_manufacturers():
    header = ["Qty", "Ref", "Hersteller 1", "Typ 1", "Hersteller 2", "Typ 2"]
    row = ["1", "C1", "Murata", "GRM155R71C104KA88D", "Samsung", "CL05B104KO5NNNC"]
    parts = imported([header, row, ["1", "U1", "NXP", "LM75BD", "", ""]]).lines[0].parts
    assert [part.mpn for part in parts] == ["GRM155R71C104KA88D", "CL05B104KO5NNNC"]


LEVELS = [
    ["Level", "Item Number", "Qty", "Ref Des", "Description"],
    ["0", "PCA-1", "1", "", "BOARD"],
    ["1", "CAP-1", "2", "C1,C2", "CAP"],
    ["1", "MOD-1", "1", "A1", "MODULE"],
    ["2", "RES-1", "4", "R1,R2,R3,R4", "RES"],
    ["1", "IC-1", "1", "U1", "IC"],
]


def test_the_product_itself_is_no_line():
    result = imported(LEVELS[:3] + LEVELS[5:])
    assert [line.ipn for line in result.lines] == ["CAP-1", "IC-1"]
    assert [(one.row, one.kind) for one in result.left_out] == [(2, "assembly")]
    assert result.warnings == ()


def test_parts_below_a_line_are_asked_about():
    result = imported(LEVELS)
    assert [(w.row, w.column, w.code) for w in result.warnings] == [(4, 1, "has_parts_below")]
    assert result.totals.lines == 4


def test_every_row_that_is_no_line_is_told():
    rows = [
        HEADER,
        ["Capacitors", "", "", "", ""],
        ["1", "C1", "100nF", "Murata", "GRM155R71C104KA88D"],
        HEADER,
        ["Do not fit", "", "", "", ""],
        GOOD,
        [],
        ["2", "", "", "", ""],
        ["Prepared by:", "", "", "", ""],
    ]
    result = imported(rows)
    assert [(one.row, one.kind, one.text) for one in result.left_out] == [
        (2, "heading", "Capacitors"),
        (4, "header", "Qty | Reference | Value | Manufacturer | MPN"),
        (5, "heading", "Do not fit"),
        (8, "total", "2"),
        (9, "note", "Prepared by:"),
    ]
    assert [line.fitted for line in result.lines] == [True, False]
    assert result.warnings == ()


@pytest.mark.parametrize(
    "footer",
    [
        ["Total", "2", "", "", ""],
        ["2", "", "", "", ""],
        ["Component Groups:", "2", "", "", ""],
        ["Component Count:", "2", "", "", ""],
        ["Schematic Version:", "3.0.8", "", "", ""],
    ],
)
def test_footer_that_agrees_is_no_question(footer):
    rows = [HEADER, ["1", "U1", "LM75", "NXP", "LM75BD"], GOOD, [], footer]
    result = imported(rows)
    assert result.totals.lines == 2
    assert result.warnings == ()


@pytest.mark.parametrize("footer", [["Component Groups:", "7"], ["Component Count:", "7"], ["7"]])
def test_footer_that_differs_is_asked(footer):
    rows = [HEADER, ["1", "U1", "LM75", "NXP", "LM75BD"], GOOD, [], footer]
    warnings = imported(rows).warnings
    assert [(warning.row, warning.code) for warning in warnings] == [(5, "total_differs")]
    assert "7" in warnings[0].detail


@pytest.mark.parametrize(
    ("mpn", "kind", "value"),
    [
        ("ERJ-2RKF2673X", RESISTANCE, 267e3),
        ("RC0402FR-07120KL", RESISTANCE, 120e3),
        ("RC0603FR-072K2L", RESISTANCE, 2200),
        ("CRCW040260R4FKED", RESISTANCE, 60.4),
        ("RMCF0402FT4K75", RESISTANCE, 4750),
        ("RK73H1ETTP1203F", RESISTANCE, 120e3),
        ("MCR01MRTJ330", RESISTANCE, 33),
        ("GRM155R71C104KA88D", CAPACITANCE, 100e-9),
        ("GRM1555C1H4R7CA01D", CAPACITANCE, 4.7e-12),
        ("CC0402KRX7R7BB104", CAPACITANCE, 100e-9),
        ("C1005X5R0J105K", CAPACITANCE, 1e-6),
        ("CL05B104KO5NNNC", CAPACITANCE, 100e-9),
        ("TMK105BJ104KV-F", CAPACITANCE, 100e-9),
        ("04025A101JAT2A", CAPACITANCE, 100e-12),
    ],
)
def test_value_in_a_part_number(mpn, kind, value):
    found = encoded(mpn)
    assert found is not None
    assert found[0] == kind
    assert found[1] == pytest.approx(value)


@pytest.mark.parametrize("mpn", ["LM75BD", "STM32F103C8T6", "M50-3600542", "5015"])
def test_part_number_without_a_known_code(mpn):
    assert encoded(mpn) is None


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("RES 120K OHM 1% 0402", RESISTANCE, 120e3),
        ("4k7", RESISTANCE, 4700),
        ("49.9R", RESISTANCE, 49.9),
        ("0.1uF 25V X7R 0402", CAPACITANCE, 100e-9),
        ("4u7", CAPACITANCE, 4.7e-6),
        ("100n", CAPACITANCE, 100e-9),
    ],
)
def test_value_in_words(text, kind, value):
    assert stated(text, kind) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "DIODE 100V", "10k or 12k"])
def test_no_single_value_in_words(text):
    assert stated(text, RESISTANCE) is None
