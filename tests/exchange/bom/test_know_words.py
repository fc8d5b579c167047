"""The vocabulary is consistent, and small words are read as they are meant."""

import pytest

from secondsource.exchange.bom.alternates import parts_of, split_list
from secondsource.exchange.bom.characters import one_line, tidy, without_accents
from secondsource.exchange.bom.fitted import listed, names_not_fitted_sheet, says_not_fitted
from secondsource.exchange.bom.header import guesses, words
from secondsource.exchange.bom.mapping import Role, shape_of
from secondsource.exchange.bom.vocabulary import PHRASES
from secondsource.exchange.bom.wordlists import phrase_set, word_set


def test_every_phrase_is_recognised():
    """A phrase that no header can be normalised to, or that a rule hides, would be dead."""
    odd = [phrase for phrase in PHRASES if " ".join(words(phrase)) != phrase]
    hidden = [
        phrase
        for phrase, meant in PHRASES.items()
        if not {role for role, _ in meant} & {guess.role for guess in guesses(phrase)}
    ]
    assert (odd, hidden) == ([], [])


@pytest.mark.parametrize(
    ("header", "tokens"),
    [
        ("PartNumber", "part number"),
        ("MFR_PART_NO", "mfr part no"),
        ("Mfr. P/N", "mfr pn"),
        ("MPN2", "mpn 2"),
        ("Item #", "item #"),
        ("Stückzahl", "stuckzahl"),
        ("Réf.\nfabricant", "ref fabricant"),
        ("Q'ty", "qty"),
        ("  位号 ", "位号"),
    ],
)
def test_words_of_a_header(header, tokens):
    assert " ".join(words(header)) == tokens


@pytest.mark.parametrize(
    ("language", "headers"),
    [
        ("English", "Reference Designator|Quantity|Manufacturer|Manufacturer Part Number"),
        ("German", "Bezeichner|Anzahl|Hersteller|Herstellernummer"),
        ("French", "Repère|Quantité|Fabricant|Référence fabricant"),
        ("Spanish", "Referencia|Cantidad|Fabricante|Número de parte"),
        ("Italian", "Riferimento|Quantità|Produttore|Codice produttore"),
        ("Portuguese", "Designador|Quantidade|Fabricante|Código de parte"),
        ("Polish", "Oznaczenie|Ilość|Producent|Kod producenta"),
        ("Czech", "Označení|Množství|Výrobce|Číslo výrobce"),
        ("Chinese", "位号|数量|制造商|制造商料号"),
        ("Japanese", "部品記号|数量|メーカー|メーカー型番"),
        ("Russian", "Позиционное обозначение|Количество|Производитель|Артикул"),
    ],
)
def test_languages(language, headers):
    found = [guesses(header)[0].role for header in headers.split("|")]
    assert found == [Role.DESIGNATORS, Role.QUANTITY, Role.MANUFACTURER, Role.MPN], language


def test_word_lists():
    assert word_set("a b\n c") == {"a", "b", "c"}
    assert phrase_set("a b|c\n|d") == {"a b", "c", "d"}


def test_blanks_and_lines_of_a_cell():
    assert one_line(" a\u00a0 b\n c\t") == "a b c"
    assert tidy(" a  b \r\n\n c ") == "a b\n\nc"
    assert without_accents("Größe né") == "Große ne"


def test_shape_does_not_mind_case_and_punctuation():
    assert shape_of([["Qty.", "Part Number"]]) == shape_of([["QTY", "part-number"]])
    assert shape_of([["Qty", "Part Number"]]) != shape_of([["Part Number", "Qty"]])


@pytest.mark.parametrize(
    ("cell", "entries"),
    [
        ("LM75BD", ["LM75BD"]),
        ("A1234\nB5678", ["A1234", "B5678"]),
        ("A1234 \n B5678 \n", ["A1234", "B5678"]),
        ("A1234~B5678", ["A1234", "B5678"]),
        ("A1234; B5678", ["A1234", "B5678"]),
        ("A1234-5 or B5678-9", ["A1234-5", "B5678-9"]),
        ("DF12(3.0)-\n40DS", ["DF12(3.0)-40DS"]),
        ("TJA1042T/3/1J", ["TJA1042T/3/1J"]),
        ("", []),
    ],
)
def test_entries_of_a_cell(cell, entries):
    assert split_list(cell) == entries


@pytest.mark.parametrize(
    ("mpns", "manufacturers", "parts"),
    [
        ("A12345~B67890", "TI~NXP", [("TI", "A12345"), ("NXP", "B67890")]),
        ("A12345~B67890", "TI", [("TI", "A12345"), ("TI", "B67890")]),
        ("A12345~B67890~C1234X", "TI~NXP", [("TI", "A12345"), ("NXP", "B67890"), (None, "C1234X")]),
        ("A12345~B67890", "ANY~NXP", [(None, "A12345"), ("NXP", "B67890")]),
        ("A12345,B67890", "TI,NXP", [("TI", "A12345"), ("NXP", "B67890")]),
        ("BSS84AK,215", "Nexperia", [("Nexperia", "BSS84AK,215")]),
        ("PTS645\nSMTR LFS", "C&K", [("C&K", "PTS645 SMTR LFS")]),
    ],
)
def test_manufacturers_beside_part_numbers(mpns, manufacturers, parts):
    assert [(part.manufacturer, part.mpn) for part in parts_of(mpns, manufacturers)] == parts


def test_lists_of_parts_that_are_not_fitted():
    assert listed("NF(C324 C325)") == ("C324", "C325")
    assert listed("Not fitted: R1, R2") == ("R1", "R2")
    assert listed("NA(10k)") == ()
    assert listed("plain words") == ()


@pytest.mark.parametrize("text", ["DNP", "Do not populate", "not mounted", "unpopulated", "空贴"])
def test_words_for_not_fitted(text):
    assert says_not_fitted(text)


@pytest.mark.parametrize("text", ["", "fitted", "note", "NPN", "annotated", "do notice", "DNPX1"])
def test_words_for_nothing_of_the_kind(text):
    assert not says_not_fitted(text)


@pytest.mark.parametrize("name", ["BOM", "Mount_Components", "Sheet1", "PCB NMOS", "Info"])
def test_ordinary_sheets(name):
    assert not names_not_fitted_sheet(name)
