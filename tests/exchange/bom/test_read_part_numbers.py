"""Part numbers are normalised, placeholders and distributors' numbers recognised."""

from decimal import Decimal

import pytest

from secondsource.exchange.bom.alternates import combined_parts, prose_parts, split_manufacturer
from secondsource.exchange.bom.characters import is_mojibake
from secondsource.exchange.bom.families import contradicts, owner
from secondsource.exchange.bom.manufacturers import is_manufacturer
from secondsource.exchange.bom.part_numbers import (
    hides_the_part,
    is_distributor_sku,
    is_placeholder,
    looks_like_mpn,
    normalise,
)
from secondsource.exchange.bom.quantities import is_as_required, read_quantity

from .invented import imported


@pytest.mark.parametrize(
    ("written", "mpn"),
    [
        ("CAT24M01YI\u2212GT3", "CAT24M01YI-GT3"),
        ("GRM155\u2013X", "GRM155-X"),
        ("\u200eLM75\u200b", "LM75"),
        ("  BAT \u00a0 60A  ", "BAT 60A"),
        ("3-5176264-2 \n", "3-5176264-2"),
        ("\uff21\uff22\uff11", "AB1"),
        ("'0603", "0603"),
        ("bss84", "bss84"),
    ],
)
def test_normalised(written, mpn):
    assert normalise(written) == mpn


def test_original_is_kept_and_said():
    rows = [["Qty", "Ref", "MPN"], ["1", "U2", "CAT24M01YI\u2212GT3"], ["1", "U3", "LM75BD"]]
    result = imported(rows)
    assert result.lines[0].primary.mpn == "CAT24M01YI-GT3"
    assert result.lines[0].primary.mpn_original == "CAT24M01YI\u2212GT3"
    assert [(w.row, w.column, w.code) for w in result.warnings] == [(2, 3, "mpn_normalised")]


@pytest.mark.parametrize(
    "text",
    ["ANY", "any", "Generic", "TBD", "?", "N/A", "Custom", "-", "--", "DNP", "", "任意", "~"],
)
def test_placeholders(text):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["LM75", "1", "x16", "Tomu-ESD-Bag", "micro:bit PCB V2"])
def test_part_numbers_are_no_placeholders(text):
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["XC2756CT-ND", "576-4305-1-ND", "296-38557-1-ND", "C12345", "81-GRM155R71C104KA88"]
)
def test_distributor_numbers(text):
    assert is_distributor_sku(text)


@pytest.mark.parametrize("text", ["19-217/BHC-ZL1M2RY/3T", "54-00164", "C0402C104K", "3-5176264-2"])
def test_part_numbers_are_no_distributor_numbers(text):
    assert not is_distributor_sku(text)


def test_some_distributor_numbers_contain_the_part():
    assert hides_the_part("576-4305-1-ND")
    assert not hides_the_part("IS43TR16256AL-15HBLI-ND")


@pytest.mark.parametrize("text", ["GRM155R71C104KA88D", "LM75BTP,147", "PTS645SL50SMTR92 LFS"])
def test_order_codes(text):
    assert looks_like_mpn(text)


@pytest.mark.parametrize(
    "text", ["100nF", "10k", "4u7", "0603", "C0402", "16V", "R1", "1%", "DIODE"]
)
def test_values_and_packages_are_no_order_codes(text):
    assert not looks_like_mpn(text)


@pytest.mark.parametrize(
    ("text", "manufacturer", "mpn"),
    [
        ("YAGEO RC0402FR-071KL", "YAGEO", "RC0402FR-071KL"),
        ("C&K Components KMR231GLFS", "C&K Components", "KMR231GLFS"),
        ("Octavo Systems OSD3358-512M-BSM", "Octavo Systems", "OSD3358-512M-BSM"),
        ("Texas Instruments SN74LVC1G07DCKR", "Texas Instruments", "SN74LVC1G07DCKR"),
        ("Diodes Inc. SMCJ70A-13-F", "Diodes Inc.", "SMCJ70A-13-F"),
        ("Johanson Dielectrics 500R07W102", "Johanson Dielectrics", "500R07W102"),
        ("Infineon Technologies BSC093N04LS G", "Infineon Technologies", "BSC093N04LS G"),
        ("Infineon BAT 60A E6327", "Infineon", "BAT 60A E6327"),
        ("3M 961102-6404-AR", "3M", "961102-6404-AR"),
        ("Murata: GRM155R71C104KA88D", "Murata", "GRM155R71C104KA88D"),
        ("BSS84AK (Nexperia)", "Nexperia", "BSS84AK"),
        ("Murata/GRM155R71C104KA88D", "Murata", "GRM155R71C104KA88D"),
        ("MIC5225", None, "MIC5225"),
        ("Other MURS360", None, "MURS360"),
    ],
)
def test_manufacturer_and_number_in_one_cell(text, manufacturer, mpn):
    named = split_manufacturer(text)
    assert (named.manufacturer, named.mpn) == (manufacturer, mpn)


def test_several_manufacturers_with_numbers_in_one_cell():
    found = combined_parts("Interquip 5XBB24000183TF50Q3, CTS 445A35A24M00000, TXC 7A-24.000MAAJ-T")
    assert [(part.manufacturer, part.mpn) for part in found] == [
        ("Interquip", "5XBB24000183TF50Q3"),
        ("CTS", "445A35A24M00000"),
        ("TXC", "7A-24.000MAAJ-T"),
    ]
    assert [part.mpn for part in combined_parts("Nexperia 74LVC1G07GV,125")] == ["74LVC1G07GV,125"]


@pytest.mark.parametrize(
    "text", ["Alternative to be found", "no alternative", "Alternative: any 0603 type", "red"]
)
def test_prose_without_a_part_names_none(text):
    assert prose_parts(text) == []


def test_manufacturers():
    assert is_manufacturer("Murata Electronics North America")
    assert is_manufacturer("WÜRTH Elektronik")
    assert not is_manufacturer("Resistor")


def test_families_of_part_numbers():
    assert owner("GRM155R61A105KE15J") == "Murata"
    assert contradicts("GRM155R61A105KE15J", "TDK")
    assert not contradicts("GRM155R61A105KE15J", "Murata Electronics")
    assert not contradicts("GRM155R61A105KE15J", "some house brand")


def test_mojibake():
    assert is_mojibake("SSHS-123-D-02-GT-LFÙ\x88Ù\x88Ù\x88Ù\x88")
    assert not is_mojibake("Würth µF ±5 %")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", "1"),
        ("2.0", "2.0"),
        ("0.012", "0.012"),
        ("0,012", "0.012"),
        ("4 pcs", "4"),
        ("x4", "4"),
        ("1 000", "1000"),
        ("1,000", "1000"),
        ("1.000,5", "1000.5"),
        ("10 Stk.", "10"),
    ],
)
def test_quantities(text, number):
    assert read_quantity(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "STICKER", "A/R", "-3", "R1", "1-2"])
def test_words_are_no_quantities(text):
    assert read_quantity(text) is None


def test_as_required():
    assert is_as_required("A/R")
    assert not is_as_required("4")
