"""Designators are read as lists, ranges and groups; prose is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondsource.exchange.bom.designators import (
    prefixes,
    read_designators,
    reads_as_designators,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("C1,C2, C3", "C1 C2 C3"),
        ("C1 C2\n C3", "C1 C2 C3"),
        ("C1;C2", "C1 C2"),
        ("C214,,C218,", "C214 C218"),
        ("R1 and R2", "R1 R2"),
        ("C6..C9, C11", "C6 C7 C8 C9 C11"),
        ("Q1-Q4", "Q1 Q2 Q3 Q4"),
        ("R1–R3", "R1 R2 R3"),
        ("R1 to R3", "R1 R2 R3"),
        ("R1 - R3", "R1 R2 R3"),
        ("R65_D..R67_D", "R65_D R66_D R67_D"),
        ("R[1:3]", "R1 R2 R3"),
        ("C(1,2,5)", "C1 C2 C5"),
        ("C1, 2, 3", "C1 C2 C3"),
        ("R01-R03", "R01 R02 R03"),
        ("CR1L1, C1A2", "CR1L1 C1A2"),
        ("GPIO-1, GPIO-2", "GPIO-1 GPIO-2"),
        ("HDMI", "HDMI"),
        ("RESET, SETUP", "RESET SETUP"),
        ("5V_E, 5V_E_SATA", "5V_E 5V_E_SATA"),
        ("SD/MMC1", "SD/MMC1"),
        ("-", ""),
        ("N/A", ""),
        ("", ""),
    ],
)
def test_names(text, names):
    assert read_designators(text).names == tuple(names.split())


@pytest.mark.parametrize(
    ("text", "quantity", "names"),
    [
        ("PC3/PB8", 1, "PC3/PB8"),
        ("PC3/PB8", 2, "PC3 PB8"),
        ("R1-4", 4, "R1 R2 R3 R4"),
        ("J1-2", 1, "J1-2"),
        ("RESET SETUP", 2, "RESET SETUP"),
        ("R1/R2/R3", 3, "R1 R2 R3"),
    ],
)
def test_quantity_decides_between_two_readings(text, quantity, names):
    assert read_designators(text, quantity).names == tuple(names.split())


@pytest.mark.parametrize(
    "text", ["White Wire", "loose gold connectors", "USB A-B cable", "microswitches"]
)
def test_prose_is_kept_as_words(text):
    found = read_designators(text, 1)
    assert found.names == ()
    assert found.prose == text


def test_repeated_names_count_once():
    found = read_designators("R1,R2,R1")
    assert found.names == ("R1", "R2")
    assert found.repeated == ("R1",)


def test_endless_range_is_not_written_out():
    assert len(read_designators("R1-R999999").names) <= 1


def test_long_run_of_digits_is_read_at_once():
    assert not reads_as_designators("C" + "1" * 5000 + "!")


def test_kinds_of_designators():
    assert prefixes(("R29", "RT1", "R30", "HDMI")) == {"R", "RT"}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    numbers=st.lists(st.integers(1, 9999), min_size=1, max_size=40, unique=True),
    prefix=st.sampled_from(("R", "C", "FB", "LED", "TP")),
    joint=st.sampled_from((",", ", ", " ", ";", "\n", ",\n", " , ")),
)
def test_joined_names_come_apart_again(numbers, prefix, joint):
    names = tuple(f"{prefix}{number}" for number in numbers)
    assert read_designators(joint.join(names)).names == names
