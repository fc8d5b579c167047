"""More forms that no list of words foresees: packed cells, paths, standings and marked values."""

from __future__ import annotations

import pytest

from .cases import MURATA, TI, VISHAY, YAGEO, asked, parts, read_text

TDK = "C1005X7R1C104K050BC"


@pytest.mark.parametrize("sign", [" / ", ": ", " "])
def test_a_manufacturer_of_two_words_and_its_number_are_one_part(sign):
    result = read_text(
        f"Menge;Ref;Hersteller / MPN\n1;R1;Yageo{sign}{YAGEO}\n1;U1;Texas Instruments{sign}{TI}"
    )
    assert parts(result) == [[("Yageo", YAGEO)], [("Texas Instruments", TI)]]


@pytest.mark.parametrize("value", ["NC", "10k_NC", "1uF/NC", "NC 10k", "10k (NC)", "0R n.b."])
def test_a_mark_beside_a_value_says_not_fitted(value):
    assert not read_text(f"Qty;Ref;Value;MPN\n1;R1;{value};{YAGEO}").lines[0].fitted


@pytest.mark.parametrize("value", ["NC7SZ08M5X", "100 NF", "1nF/NP0", "2NO/NC", "10 NM"])
def test_letters_that_belong_to_a_value_say_nothing(value):
    assert read_text(f"Qty;Ref;Value;MPN\n1;R1;{value};{YAGEO}").lines[0].fitted


@pytest.mark.parametrize(
    "remark",
    [
        "leave empty", "only for debug", "optional", "nur für Muster", "N/F on prod. units",
        "monteras ej på variant A",
    ],
)  # fmt: skip
def test_a_remark_that_may_mean_not_fitted_is_named(remark):
    result = read_text(f"Qty;Ref;MPN;Notes\n1;R1;{YAGEO};{remark}\n1;C1;{MURATA};")
    assert [(one.row, one.code) for one in result.warnings] == [(2, "fitted_unclear")]
    assert asked(result) == ["remarks"]


@pytest.mark.parametrize("words", ["Do not use", "Blocked (by QA)", "Not-approved", "停用"])
def test_what_each_column_says_of_its_source_counts_for_that_source(words):
    result = read_text(
        "Qty;Ref;Mfr A;PN A;Status A;Mfr B;PN B;Status B\n"
        f"1;R1;Yageo;{YAGEO};{words};Vishay;{VISHAY};Preferred\n"
        f"1;C1;Murata;{MURATA};Preferred;TDK;{TDK};Approved\n"
        f"1;U1;TI;{TI};Approved;Microchip;MIC5504-3.3YM5;Preferred"
    )
    assert parts(result) == [
        [("Vishay", VISHAY)],
        [("Murata", MURATA), ("TDK", TDK)],
        [("Microchip", "MIC5504-3.3YM5"), ("TI", TI)],
    ]
    assert [one.code for one in result.warnings] == ["source_not_approved"]


@pytest.mark.parametrize("words", [("INSTALL", "NO_INSTALL"), ("igen", "nem"), ("wel", "niet")])
def test_one_of_two_words_on_every_line_may_say_what_is_fitted(words):
    yes, no = words
    result = read_text(
        f"Qty;Ref;MPN;ASSY_OPT\n1;R1;{YAGEO};{yes}\n1;C1;{MURATA};{yes}\n1;U1;{TI};{no}"
    )
    assert asked(result) == ["fitted"]


def test_a_note_in_unknown_words_that_says_no_is_named():
    result = read_text(
        f"Antal;Ref;MPN;Bemærkning\n1;R1;{YAGEO};\n1;C1;{MURATA};monteres ikke\n1;U1;{TI};"
    )
    assert [(one.row, one.code) for one in result.warnings] == [(3, "fitted_unclear")]
    assert result.lines[1].notes == "monteres ikke"
    assert asked(result) == ["remarks"]


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        ("(2)", "(2) optional, not assembled in standard version"), ("*", "*) nicht bestückt"),
        ("b)", "b) only for the test jig"), ("see note 3", "Note 3: leave empty"),
    ],
)  # fmt: skip
def test_a_note_below_the_table_that_a_mark_points_to_is_asked_about(mark, note):
    rows = f"Qty;Ref;MPN;Notes\n1;R1;{YAGEO};\n1;C1;{MURATA};{mark}\n1;U1;{TI};\n;;;\n{note};;;"
    (question,) = read_text(rows).questions
    assert (question.code, question.row) == ("remarks", 3)
    assert note in question.detail


@pytest.mark.parametrize("note", ["(2) matched within 0.1 %", "(4) not assembled", "leave empty"])
def test_other_notes_below_the_table_are_not(note):
    rows = f"Qty;Ref;MPN;Notes\n1;R1;{YAGEO};\n1;C1;{MURATA};(2)\n1;U1;{TI};\n;;;\n{note};;;"
    assert asked(read_text(rows)) == []


def test_order_codes_where_a_manufacturer_has_no_number_are_asked_about():
    result = read_text(
        "Refs;Qty;Üretici;MPN A;Üretici 2;Ordering info 2\n"
        f"R1;1;Yageo;{YAGEO};Vishay;{VISHAY}\nC1;1;Murata;{MURATA};TDK;{TDK}"
    )
    assert asked(result) == ["part_numbers"]


def test_a_word_below_the_table_is_no_line():
    result = read_text(f"Ref;Manufacturer;MPN\nR1;Yageo;{YAGEO}\nC1;Murata;{MURATA}\nPads;512;")
    assert [line.designators for line in result.lines] == [("R1",), ("C1",)]


def test_rows_that_stand_for_another_row_are_asked_about():
    result = read_text(
        "Seq;Part;Alt Of Seq;Qty;Mfg Name;Mfg Part Num;Ref Des\n"
        f"10;R47K;;1;Yageo;{YAGEO};R1\n15;R47K-S;10;1;Vishay;{VISHAY};\n"
        f"20;C10U;;1;Murata;{MURATA};C1"
    )
    assert "points" in asked(result)


def test_a_quantity_that_is_not_in_pieces_is_named():
    result = read_text(
        f"Menge;ME;Ref;MPN\n2;Stk;R1,R2;{YAGEO}\n0,35;M;;3051 RD005\n0,5;M;;3051 BK005"
    )
    warnings = [(one.row, one.code) for one in result.warnings]
    assert warnings == [(3, "unit_unread")]
    assert "rows 3, 4" in result.warnings[0].detail


def test_cells_with_several_named_values_are_asked_about():
    result = read_text(
        "Part Name;Count;Names;Attributes\n"
        f"RES-4K7;2;R1 R2;mfr=Yageo, mpn={YAGEO}, fitted=yes\n"
        f"RES-0R;1;R3;mfr=Vishay, mpn={VISHAY}, fitted=no"
    )
    assert "packed" in asked(result)


def test_rows_of_a_record_are_read_under_their_path():
    result = read_text(
        "Producto;Referencia;Cantidad;Tipo de LdM;Líneas de LdM/Componente;Líneas de LdM/Cantidad\n"
        "[PCB-1] Gateway;LDM-0012;1;Fabricar este;[RES-0471] Resistor 4k7;6\n"
        ";;;;[CAP-0105] Capacitor 1u;3\n;;;;[CAB-0024] Cable red;0.4\n;;;;[MCU-0007] MCU RA2L1;1"
    )
    read = [(line.ipn, line.description, str(line.quantity)) for line in result.lines]
    assert read[0][::2] == ("RES-0471", "6")
    assert read[1] == ("CAP-0105", "Capacitor 1u", "3")
    assert set(asked(result)) == {"part_numbers", "quantity"}


def test_rows_left_out_that_are_as_many_as_the_lines_are_asked_about():
    result = read_text("Qty;Ref;Kind;Extra;More\n1;R1;a;b;c\n;;d;red;1\n;;e;blue;2\n;;f;green;3")
    assert "rows" in asked(result)


def test_long_numbers_under_a_word_for_rows_are_ours_and_asked_about():
    result = read_text(
        "Art;Nr.;Beschreibung;Menge pro;Position\nArtikel;100471;Widerstand;2;R1,R2\n"
        "Artikel;100105;Kondensator;1;C1\nBaugruppe;FS-0044;Kabelsatz;1;W1\n"
        "Artikel;200300;Regler;1;IC1"
    )
    assert [line.ipn for line in result.lines][:3] == ["100471", "100105", "FS-0044"]
    assert asked(result) == ["part_numbers"]


def test_codes_beside_a_manufacturer_of_the_same_rank_are_its_numbers():
    result = read_text(
        f"Qté;Repère;Fabricant 1;Réf. Fab. 1;Fabricant 2;Réf. Fab. 2\n"
        f"1;R1;Yageo;{YAGEO};Vishay;{VISHAY}\n1;C1;Murata;{MURATA};;\n1;U1;TI;{TI};;"
    )
    assert parts(result)[0] == [("Yageo", YAGEO), ("Vishay", VISHAY)]
    assert asked(result) == []


def test_codes_beside_a_plain_article_number_are_asked_about():
    result = read_text(
        "Kennzeichen;Menge;Typnummer;Hersteller;Artikelnummer\n"
        "-K1;2;LC1D09BL;Schneider Electric;SE.LC1D09BL\n-F1;1;5SL6106-6;Siemens;SIE.5SL6106-6\n"
        "-X1;14;3209510A;Phoenix Contact;PXC.3209510A"
    )
    assert "part_numbers" in asked(result)
