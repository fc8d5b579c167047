"""Tables and columns are found, can be corrected, and the correction is remembered."""

import json

import pytest

from secondsource.exchange.bom import BomError, Mapping, Role, guess, parse, read
from secondsource.exchange.bom.header import guesses
from tests.core.tabular.files import xlsx

from .invented import SHAPES, as_csv, imported

LINES = [
    ["2", "C1,C2", "GRM155R71C104KA88D", "Murata"],
    ["1", "R1", "RC0402FR-0710KL", "Yageo"],
    ["1", "U1", "LM75BTP,147", "NXP"],
]


def roles(rows: list[list[str]]) -> list[str]:
    table = guess(read(as_csv(rows), "x")).tables[0]
    return [
        column.role.value + (str(column.number) if column.number > 1 else "")
        for column in table.columns
    ]


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Quantity Per PCB", Role.QUANTITY),
        ("Usage", Role.QUANTITY),
        ("Stückzahl", Role.QUANTITY),
        ("REF DES", Role.DESIGNATORS),
        ("Location", Role.DESIGNATORS),
        ("Repère", Role.DESIGNATORS),
        ("位号", Role.DESIGNATORS),
        ("MANUFACTURER #", Role.MPN),
        ("mfr  part #", Role.MPN),
        ("Manuf reference", Role.MPN),
        ("MFG P/N", Role.MPN),
        ("PARTNO", Role.MPN),
        ("Hersteller-Teilenummer", Role.MPN),
        ("Manufacturer/MPN", Role.MANUFACTURER_MPN),
        ("MANU", Role.MANUFACTURER),
        ("Hersteller", Role.MANUFACTURER),
        ("DISTRIBUTOR #", Role.SKU),
        ("Digikey P/N", Role.SKU),
        ("LCSC", Role.SKU),
        ("Supplier 1", Role.SUPPLIER),
        ("Alternative", Role.ALTERNATIVE),
        ("2nd source", Role.ALTERNATIVE),
        ("Assembly Info", Role.FITTED),
        ("Install Option", Role.FITTED),
        ("Do Not Populate", Role.DNP),
        ("MYPN", Role.IPN),
        ("Bemerkung", Role.REMARKS),
        ("price100_LCSC", Role.IGNORE),
        ("Substitutions allowed", Role.IGNORE),
    ],
)
def test_header_words(header, role):
    assert guesses(header)[0].role == role


@pytest.mark.parametrize(
    ("header", "number", "alternate"),
    [
        ("MPN3", 3, False),
        ("Alternate Part Number 2", 2, True),
        ("Alternate Mfg 1", 1, True),
        ("Second source MPN", 1, True),
        ("AMPN", None, True),
        ("Manufacturer Part Number 1", 1, False),
    ],
)
def test_numbers_in_headers(header, number, alternate):
    guess = guesses(header)[0]
    assert (guess.number, guess.alternate) == (number, alternate)


def test_words_that_say_nothing():
    assert guesses("1b2-bom-key") == ()
    assert guesses("") == ()


def test_columns_without_headers_by_their_content():
    assert roles(LINES) == ["quantity", "designators", "mpn", "manufacturer"]


def test_unknown_headers_by_their_content():
    rows = [["Qty", "Designator", "zzz", "yyy"], *LINES]
    assert roles(rows) == ["quantity", "designators", "mpn", "manufacturer"]


def test_quantity_of_a_build_is_not_that_of_a_board():
    rows = [["QTY 100", "Quantity", "Reference", "MPN"]]
    rows += [[str(100 * int(line[0])), *line[:3]] for line in LINES]
    assert roles(rows) == ["ignore", "quantity", "designators", "mpn"]


def test_plain_part_number_beside_the_manufacturers():
    rows = [["Part Number", "Qty", "Reference", "MPN", "Manufacturer"]]
    rows += [[f"100-{n}", *line] for n, line in enumerate(LINES)]
    assert roles(rows) == ["ipn", "quantity", "designators", "mpn", "manufacturer"]


def test_vendor_is_the_manufacturer_when_nobody_else_is():
    rows = [["Quantity", "Reference", "Part Number", "Vendor"], *LINES]
    assert roles(rows) == ["quantity", "designators", "mpn", "manufacturer"]


def test_library_reference_counts_only_when_it_reads_as_part_numbers():
    good = [["Quantity", "Designator", "LibRef"], *(line[:3] for line in LINES)]
    assert roles(good)[2] == "mpn"
    names = [["Quantity", "Designator", "LibRef"], ["1", "C1", "CAP"], ["1", "R1", "RES 0402"]]
    assert roles(names)[2] == "ignore"


def test_column_of_yes_and_no_is_no_alternative():
    rows = [["Qty", "Reference", "MPN", "Alternative"]]
    rows += [[*line[:3], "Yes"] for line in LINES]
    assert roles(rows)[3] == "ignore"


def test_title_rows_and_second_table_with_its_own_header():
    rows = [
        ["Board X"],
        [],
        ["Qty", "Reference", "MPN", "Manufacturer"],
        *LINES,
        [],
        ["Accessories"],
        ["Qty", "Reference", "MPN", "Manufacturer"],
        ["4", "", "M2X4", "McMaster"],
    ]
    tables = guess(read(as_csv(rows), "x")).tables
    assert [table.header_rows for table in tables] == [(2,), (8,)]
    assert [line.primary.mpn for line in imported(rows).lines][-1] == "M2X4"


def test_repeated_header_on_the_next_page_is_no_line():
    header = ["Qty", "Reference", "MPN", "Manufacturer"]
    assert len(imported([header, *LINES[:2], header, *LINES[2:]]).lines) == 3


def test_grouped_table_wins_over_the_single_parts():
    rows = [
        ["Component Count:", "3"],
        ["Individual Components:"],
        ["Item", "Qty", "Reference(s)", "Value", "MPN"],
        ["", "", "C1", "100n", "GRM155R71C104KA88D"],
        ["", "", "C2", "100n", "GRM155R71C104KA88D"],
        ["", "", "R1", "10k", "RC0402FR-0710KL"],
        [],
        ["Collated Components:"],
        ["Item", "Qty", "Reference(s)", "Value", "MPN"],
        ["1", "2", "C1, C2", "100n", "GRM155R71C104KA88D"],
        ["2", "1", "R1", "10k", "RC0402FR-0710KL"],
    ]
    result = imported(rows)
    assert [(int(line.quantity), line.designators) for line in result.lines] == [
        (2, ("C1", "C2")),
        (1, ("R1",)),
    ]
    assert result.warnings == ()


def test_sheets_that_are_no_bom_are_left_with_a_reason():
    header = ["Qty", "Ref Des", "Part Number", "Manufacturer"]
    data = xlsx(
        {
            "Main": [header, *LINES],
            "Change log": [["S.No.", "Ref Des", "Part Number"], [1, "R1", "RC0402FR-0710KL"]],
            "Twin": [header, *LINES[:2]],
        }
    )
    mapping = guess(read(data, "x.xlsx"))
    assert [(table.use, table.why) for table in mapping.tables] == [
        (True, "largest table of lines"),
        (False, "sheet of changes or instructions"),
        (False, "repeats designators of another table"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["Dear Sir or Madam"], ["please find our offer"]],
        [["Name", "City"], ["Anna", "Bern"], ["Bob", "Rome"]],
        [["Date", "Price"], ["2024-01-01", "1.2"]],
    ],
)
def test_file_without_lines_is_refused(rows):
    with pytest.raises(BomError) as caught:
        guess(read(as_csv(rows), "x"))
    assert caught.value.code == "no_table"


def test_mapping_survives_json():
    for shape in SHAPES.values():
        mapping = guess(read(as_csv(shape()), "x"))
        assert Mapping.from_json(json.loads(json.dumps(mapping.to_json()))) == mapping


@pytest.mark.parametrize("data", [{}, {"tables": [{}], "shape": "x"}, {"tables": 3, "shape": ""}])
def test_stored_rubbish_is_refused(data):
    with pytest.raises(BomError) as caught:
        Mapping.from_json(data)
    assert caught.value.code == "bad_mapping"


def test_correction_by_the_user_is_remembered_for_the_shape():
    rows = [["Qty", "Reference", "MPN", "Thing"], *([*line[:3], "XY-1"] for line in LINES)]
    workbook = read(as_csv(rows), "x")
    mapping = guess(workbook)
    corrected = mapping.with_column(0, 3, Role.IPN)
    assert [line.ipn for line in parse(workbook, corrected).lines] == ["XY-1"] * 3

    other = [["QTY", "reference", "MPN", "thing"], ["1", "R7", "ERJ-2RKF1002X", "XY-9"]]
    again = read(as_csv(other), "y")
    assert guess(again).shape == corrected.shape
    remembered = guess(again, remembered=Mapping.from_json(corrected.to_json()))
    assert [line.ipn for line in parse(again, remembered).lines] == ["XY-9"]


def test_mapping_of_another_shape_is_not_applied():
    corrected = guess(read(as_csv([["Qty", "Reference", "MPN"], *LINES]), "x"))
    corrected = corrected.with_column(0, 2, Role.IGNORE)
    other = read(as_csv([["Anzahl", "Bezeichner", "MPN"], *LINES]), "y")
    assert guess(other, remembered=corrected) == guess(other)


def test_user_points_at_the_header():
    rows = [["Qty", "Reference", "MPN"], ["Menge", "Name", "Nummer"], *(line[:3] for line in LINES)]
    workbook = read(as_csv(rows), "x")
    mapping = guess(workbook, header=(0, 1))
    assert mapping.tables[0].header_rows == (1,)
    with pytest.raises(BomError):
        guess(workbook, header=(0, 99))


def test_table_left_by_the_user():
    workbook = read(as_csv([["Qty", "Reference", "MPN"], *LINES]), "x")
    mapping = guess(workbook).with_table(0, use=False)
    assert parse(workbook, mapping).lines == ()


def test_part_numbers_that_look_like_designators_are_none():
    rows = [["Part Number", "Qty"], ["BC547", "2"], ["LM358", "1"], ["NE555", "4"]]
    assert roles(rows) == ["mpn", "quantity"]


def test_component_column_with_designators():
    rows = [["Component", "Count", "Part Number"], *([a, b, c] for b, a, c, _ in LINES)]
    assert roles(rows) == ["designators", "quantity", "mpn"]


def test_vendors_that_are_manufacturers():
    rows = [["Quantity", "Reference", "Vendor P/N", "Vendor"], *LINES]
    assert roles(rows) == ["quantity", "designators", "mpn", "manufacturer"]


def test_vendors_that_are_distributors():
    rows = [["Quantity", "Reference", "Value", "Vendor P/N", "Vendor"]]
    rows += [[*line[:2], "10k", f"311-{n}-1-ND", "Digi-Key"] for n, line in enumerate(LINES)]
    assert roles(rows) == ["quantity", "designators", "value", "sku", "supplier"]
