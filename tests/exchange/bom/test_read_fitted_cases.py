"""Which lines of a file are fitted: by header, mark, sheet and section, or asked."""

from __future__ import annotations

import pytest

from tests.core.tabular.files import xlsx

from .cases import MURATA, TI, TI2, YAGEO, asked, read_text, text
from .invented import imported


@pytest.mark.parametrize(
    "header",
    [
        "No Load", "Do Not Load", "do_not_load", "Not Installed", "Do Not Stuff", "NoFit",
        "Do Not Assemble", "No Mount", "No Place", "DNS", "DNL", "Unfitted", "Not stuffed",
        "Don't populate", "Do not solder", "Excluded", "Exclude from BOM", "Omit", "Skip",
        "Depopulate", "Ne pas monter", "Nicht montieren", "DNP", "Do not place", "Unpopulated",
    ],
)  # fmt: skip
@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("x", ""), ("1", "0"), ("True", "False")])
def test_header_that_says_not(header, yes, no):
    result = read_text(
        f"Ref;Qty;{header};Manufacturer;MPN\nC1;1;{no};Murata;{MURATA}\nR1;1;{yes};Yageo;{YAGEO}"
    )
    assert [line.fitted for line in result.lines] == [True, False]
    assert asked(result) == []


@pytest.mark.parametrize(
    ("header", "no"), [("Load", "NL"), ("Stuff Option", "NS"), ("Assembly option", "DNL")]
)
def test_code_in_a_column_about_fitting(header, no):
    result = read_text(f"Ref;Qty;{header};MPN\nC1;1;;{MURATA}\nR1;1;{no};{YAGEO}\nU1;1;;{TI}")
    assert [line.fitted for line in result.lines] == [True, False, True]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Nicht für Serie montieren", ("x", "", "")),  # a no among other words
        ("Monteras", ("ja", "ja", "nein")),  # a language that nobody listed
        ("Fitted", ("x", "x", "")),  # is the blank one fitted?
        ("Fitted", ("no", "no", "no")),  # a board without parts
    ],
)
def test_fitting_in_doubt_is_asked(header, cells):
    one, two, three = cells
    result = read_text(
        f"Ref;Qty;{header};MPN\nC1;1;{one};{MURATA}\nR1;1;{two};{YAGEO}\nU1;1;{three};{TI}"
    )
    assert asked(result) == ["fitted"]


@pytest.mark.parametrize(
    ("name", "fitted"),
    [
        ("Rev C incl. DNP", True), ("with DNP parts", True), ("BOM", True), ("NOT-FITTED", False),
        ("Not-populated", False), ("DNP", False), ("Parts not fitted", False), ("no_mount", False),
    ],
)  # fmt: skip
def test_sheet_named_after_fitting(name, fitted):
    rows = text(f"Ref;Qty;MPN\nR1;1;{YAGEO}\nU1;1;{TI}")
    assert [line.fitted for line in imported(xlsx({name: rows})).lines] == [fitted, fitted]


def test_title_in_another_column_ends_what_is_not_installed():
    result = read_text(
        f"#;Qty;Part name;Reference designator;MPN\n1;1;Buck;U1;{TI}\n;;Not installed;;\n"
        f"2;1;LDO;U2;{TI2}\n;;Related parts and accessories;;\n3;1;Bracket;KK1;PMB-1"
    )
    assert [line.fitted for line in result.lines] == [True, False, True]


@pytest.mark.parametrize(
    "words",
    [
        "CAP; do not use as replacement for C2", "Do not mount with wave soldering",
        "DNP on pilot", "nicht bestücken bei Variante B",
    ],
)  # fmt: skip
def test_sentence_about_something_else_takes_no_line_off(words):
    result = imported([["Ref", "Qty", "Description", "MPN"], ["C1", "1", words, MURATA]])
    assert result.lines[0].fitted
    assert [warning.code for warning in result.warnings] == ["fitted_unclear"]


def test_line_without_quantity_that_is_not_mounted():
    result = read_text(
        f"Line;Reference;Qty;Populate?;Value;MPN\n1;C1,C2;2;Yes;1uF;{MURATA}\n2;L1, L2;;No;;\n"
        f"3;IC2;1;Yes;LDO;{TI2}\n4;;10 cc;Yes;Paste;TP-1200"
    )
    assert [(str(line.quantity), line.fitted) for line in result.lines] == [
        ("2", True),
        ("2", False),
        ("1", True),
        ("10", True),
    ]
