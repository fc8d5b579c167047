"""Files in forms that no list of words foresees: what stands in the cells and beside decides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from secondsource.exchange.bom import BomResult, guess, parse, read
from tests.core.tabular.files import xlsx

from .cases import MURATA, TI, TI2, VISHAY, YAGEO, asked, parts, read_text

TDK = "C1005X7R1C104K050BC"
FIRST = [[("Yageo", YAGEO)], [("Murata", MURATA)], [("Bossard", "BN 4825-M3X8")]]


def read_lines(*rows: str) -> BomResult:
    workbook = read("\n".join(rows).encode(), "bom.csv")
    return parse(workbook, guess(workbook))


# Part numbers of manufacturers, and numbers of ours.


@pytest.mark.parametrize(
    "header",
    ["Hersteller-Artikelnr.", "Herst.-Teilenr.", "Hersteller-TNr", "Herst.-Nr.:", "Typ"],
)
def test_codes_under_a_word_for_the_manufacturer_are_its_numbers(header):
    result = read_text(
        f"Artikel-Nr.;Menge;Hersteller;{header}\n700.10.01;12;Yageo;{YAGEO}\n"
        f"700.20.04;2;Murata;{MURATA}\n700.31.00;4;Bossard;BN 4825-M3X8\n700.44.09;1;TI;{TI}"
    )
    assert parts(result)[:3] == FIRST
    assert [line.ipn for line in result.lines][:2] == ["700.10.01", "700.20.04"]


def test_items_of_one_pattern_are_our_numbers():
    result = read_text(
        "Find No;Item;Description;Qty;Ref Des\n10;120-1001;RES;2;R1 R2\n20;120-1007;RES;1;R3\n"
        "30;130-2010;CAP;1;C1\n40;210-0042;IC;1;U4"
    )
    assert result.lines[0].ipn == "120-1001"


def test_part_numbers_of_one_pattern_without_manufacturers_are_asked_about():
    result = read_text(
        "ITEM NO.;PART NUMBER;DESCRIPTION;QTY.\n1;ENC-1001;BASE;1\n2;ENC-1002;LID;1\n"
        "3;HDW-0042;SCREW;8\n4;PCA-3001;BOARD;1"
    )
    assert [line.ipn for line in result.lines][:2] == ["ENC-1001", "ENC-1002"]
    assert asked(result) == ["part_numbers"]


def test_numbers_in_the_words_of_descriptions_are_asked_about():
    result = read_text(
        f"Pos;Menge;Ref;Bezeichnung\n1;1;R1;Widerstand 10k 1% 0402 Yageo {YAGEO}\n"
        f"2;1;C1;Kondensator 100n Murata {MURATA}\n3;1;U1;Wandler TI {TI}\n4;1;H1;Bolzen M3"
    )
    assert asked(result) == ["part_numbers"]


def test_manufacturers_in_brackets_behind_their_numbers():
    result = read_text(
        "Ref;Qty;Manufacturer Part: Number (Manufacturer);Version\n"
        f"R1;1;{YAGEO} (Yageo) | {VISHAY} (Vishay);A.1 (Design)\n"
        f"C1;1;{MURATA} (Murata);B.3 (Design)"
    )
    assert parts(result)[0] == [("Yageo", YAGEO), ("Vishay", VISHAY)]
    assert asked(result) == []


def test_order_numbers_of_a_shop_are_no_numbers_of_ours():
    result = read_text(
        f"Bestellnummer;Menge;Herstellerteilenummer;Hersteller;Ref\n9239235;1;{YAGEO};Yageo;R1\n"
        f"8819602;1;{MURATA};Murata;C1\n1715486;1;{TI};TI;U1\n1715487;1;{TI2};TI;U2"
    )
    assert {line.ipn for line in result.lines} == {None}


def test_numbers_and_manufacturers_in_the_description_are_asked_about():
    result = read_text(
        f"Поз. обозначение;Наименование;Кол.\n;Конденсаторы;\nC1...C4;{MURATA}, Murata;4\n"
        f"R1, R2;{YAGEO}, Yageo;2\nU1;{TI}, TI;1"
    )
    assert parts(result)[0] == [("Murata", MURATA)]
    assert asked(result) == ["part_numbers"]


# Second sources.


@pytest.mark.parametrize(
    "headers",
    [
        "Ref. fabricante;Fabricante;Ref. 2º fabricante;2º fabricante",
        "First choice order code;First choice maker;Second choice order code;Second choice maker",
        "型式;メーカー;代替型式;代替メーカー",
        "规格型号;品牌;替代料;替代品牌",
        "Symbol producenta;Producent;Zamiennik symbol;Zamiennik producent",
        "Tillv. artikelnr;Tillverkare;Alt. artikelnr;Alt. tillverkare",
    ],
)
def test_second_source_in_other_words(headers):
    result = read_text(
        f"Ref;Qty;{headers}\nR1,R2;2;{YAGEO};Yageo;{VISHAY};Vishay\nC1;1;{MURATA};Murata;;\n"
        f"U1;1;{TI};TI;AP63300WU-7;Diodes"
    )
    assert parts(result)[0] == [("Yageo", YAGEO), ("Vishay", VISHAY)]
    assert asked(result) == []


def test_alternatives_alone_are_no_primary_numbers():
    result = read_text(f"Ref;Qty;Description;Alternative\nR1;1;RES 10K;{YAGEO}\nC1;1;CAP;")
    assert "primary" in asked(result)


def test_a_list_of_sources_on_a_sheet_of_its_own_is_asked_about():
    bom = [["Item", "Qty", "Ref Des"], ["120-1001", 2, "R1 R2"], ["130-2010", 1, "C1"]]
    avl = [["Item", "Mfr", "Mfr P/N"], ["120-1001", "Yageo", YAGEO], ["120-1001", "Vishay", VISHAY]]
    workbook = read(xlsx({"BOM": bom, "AVL": avl}), "bom.xlsx")
    assert asked(parse(workbook, guess(workbook))) == ["table"]


def test_a_line_on_the_places_of_another_one_is_asked_about():
    result = read_text(
        f"Line;Substitute for line;Maker;Maker number;Qty;Refs\n10;;Yageo;{YAGEO};2;R1 R2\n"
        f"20;;Murata;{MURATA};1;C1\n30;10;Vishay;{VISHAY};2;R1 R2"
    )
    assert asked(result) == ["points", "again"]


def test_a_row_that_takes_the_place_of_another_item_is_asked_about():
    result = read_text(
        f"Action;Item;MPN;Manufacturer;Qty;RefDes\nDELETE;20;{TDK};TDK;1;C1\n"
        f"ADD;21;{MURATA};Murata;1;C1\n;30;{YAGEO};Yageo;1;R1"
    )
    assert asked(result) == ["again"]


# Fitted, and how many.


@pytest.mark.parametrize(
    ("header", "yes", "no"), [("Monté (O/N)", "O", "N"), ("実装", "○", "×"), ("Fitted?", "Y", "N")]
)
def test_marks_of_what_is_fitted(header, yes, no):
    result = read_text(f"Ref;Qty;MPN;{header}\nR1;1;{YAGEO};{yes}\nR2;1;{VISHAY};{no}")
    assert ([line.fitted for line in result.lines], asked(result)) == ([True, False], [])


def test_angles_are_no_quantities():
    result = read_text(f"RefDes;MPN;Rot\nR1;{YAGEO};90\nR2;{VISHAY};0\nC1;{MURATA};180")
    assert ([int(line.quantity) for line in result.lines], asked(result)) == ([1, 1, 1], [])


def test_not_fitted_in_two_ways():
    result = read_text(
        "Reference;Qty;Value;DNP;Exclude from BOM;Exclude from Board\nR1;1;10k;;;\n"
        "R2;1;10k;DNP;;\nH1;1;Hole;;Excluded from BOM;"
    )
    assert ([line.fitted for line in result.lines], asked(result)) == ([True, False, False], [])


def test_quantities_of_two_variants_are_asked_about():
    result = read_text(
        f"MPN;Designators;Qty Basic;Qty Pro\n{YAGEO};R1,R2;1;2\n{MURATA};C1;1;1\n{TI};U1;0;1\n"
        f"{TI2};U2;1;1"
    )
    assert asked(result) == ["quantity"]


def test_quantity_of_a_lot_is_the_other_one_times_its_size():
    result = read_text(f"MPN;Qty / Assy;Total Qty\n{YAGEO};8;4000\n{MURATA};14;7000\n{TI};1;500")
    assert ([int(line.quantity) for line in result.lines], asked(result)) == ([8, 14, 1], [])


def test_prices_tell_the_decimal_sign_of_quantities():
    result = read_lines(
        "Menge;MPN;Preis", f"12;{YAGEO};0,41", f"1.024;{MURATA};1,12", f"1;{TI};231,00"
    )
    assert ([line.quantity for line in result.lines][1], asked(result)) == (Decimal(1024), [])
