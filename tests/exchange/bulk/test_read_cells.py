"""Numbers and dates as people write them: told apart by the column, asked about when unclear."""

from __future__ import annotations

import pytest

from secondsource.core import dates, numerals
from secondsource.exchange.bulk import cells
from secondsource.exchange.bulk.cells import Bad
from secondsource.exchange.bulk.countries import Country


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        (".", "1250", "1250"),
        (".", "1,250.5", "1250.5"),
        (".", "1,25,000.50", "125000.5"),
        (".", "-40", "-40"),
        (".", "40-", "-40"),
        (".", "(40)", "-40"),
        (".", "−3", "-3"),
        (".", ".5", "0.5"),
        (".", "$1.25", "1.25"),
        (".", "1.25 USD", "1.25"),
        (".", "12.000000", "12"),
        (".", "1.2E+05", "120000"),
        (".", "1 250.5", "1250.5"),
        (",", "1.250,5", "1250.5"),
        (",", "1250,50", "1250.5"),
        (",", "1'250,5", "1250.5"),
        (",", "0,98", "0.98"),
        (",", "1,2E+05", "120000"),
        (",", "€ 12,50", "12.5"),
        ("", "1.234,5", "1234.5"),
        ("", "1,234.5", "1234.5"),
    ],
)
def test_numbers(form: str, text: str, expected: str) -> None:
    assert numerals.read(text, form, 18, 4) == expected


@pytest.mark.parametrize(
    ("form", "text", "code", "says"),
    [
        (".", "0,98", "no_number", "Use a point: 0.98."),
        (",", "0.98", "no_number", "Use a comma: 0,98."),
        (".", "0,125", "no_number", "Use a point: 0.125."),
        (",", "0.125", "no_number", "Use a comma: 0,125."),
        (".", "lots", "no_number", "“lots” is not a number."),
        (".", "1.2.3", "no_number", "is not a number"),
        (".", "1,2,3", "no_number", "is not a number"),
        (".", "--5", "no_number", "is not a number"),
        (".", "=1+1", "no_number", "is not a number"),
        (".", "0.12345", "too_precise", "at most 4 decimals"),
        (".", "123456789012345", "too_large", "At most 14 digits"),
        (".", "1E99", "too_large", "At most 14 digits"),
        ("?", "1,234", "unclear_number", "Choose for the column"),
        ("", "1.234", "unclear_number", "Choose for the column"),
    ],
)
def test_no_numbers(form: str, text: str, code: str, says: str) -> None:
    with pytest.raises(numerals.UnreadableNumber) as refusal:
        numerals.read(text, form, 18, 4)
    assert refusal.value.code == code
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("samples", "form"),
    [
        (["1,234.56", "12"], "."),
        (["1.234,56", "12"], ","),
        (["1,234", "0.5"], "."),
        (["1.234", "0,5"], ","),
        (["1,234,567"], "."),
        (["05,000"], ","),
        (["1.234.567"], ","),
        (["12345.678"], "."),
        (["12,50", "8,25"], ","),
        (["1,234", "5,678"], "?"),
        (["1.234", "999"], "?"),
        (["12", "340"], ""),
        ([], ""),
    ],
)
def test_how_a_column_writes_numbers(samples: list[str], form: str) -> None:
    assert numerals.form_of(samples) == form


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("", "2026-03-31", "2026-03-31"),
        ("", "2026/3/1", "2026-03-01"),
        ("", "20260331", "2026-03-31"),
        ("", "2026-03-31T12:30:00Z", "2026-03-31"),
        ("", "2026-03-31 00:00:00", "2026-03-31"),
        ("", "2-Jun-06", "2006-06-02"),
        ("", "31. März 2026", "2026-03-31"),
        ("", "1er", None),
        ("", "March 31, 2026", "2026-03-31"),
        ("", "14 févr. 2025", "2025-02-14"),
        ("", "3 de mayo de 2025", "2025-05-03"),
        ("", "31.3.2026", "2026-03-31"),
        ("", "05/05/2026", "2026-05-05"),
        ("dmy", "04/03/2026", "2026-03-04"),
        ("mdy", "04/03/2026", "2026-04-03"),
        ("mdy", "4/3/26 11:05 AM", "2026-04-03"),
        ("mdy", "04.03.2026", "2026-03-04"),
        ("dmy", "1-1-69", "1969-01-01"),
        ("", "29.2.2024", "2024-02-29"),
    ],
)
def test_dates(form: str, text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(dates.UnreadableDate):
            dates.read(text, form)
    else:
        assert dates.read(text, form) == expected


@pytest.mark.parametrize(
    ("form", "text", "code", "says"),
    [
        ("", "2026-02-30", "no_such_day", "February 2026 has 28 days."),
        ("dmy", "31/04/2026", "no_such_day", "April 2026 has 30 days."),
        (
            "dmy",
            "04/31/2026",
            "date_form",
            "no month 31: this column is read as day/month",
        ),
        ("mdy", "31/04/2026", "date_form", "this column is read as month/day"),
        ("", "04/03/2026", "unclear_date", "4 March or 3 April?"),
        ("", "Date Not Captured Yet", "no_date", "Write 2026-08-31."),
        ("", "45292", "no_date", "is not a date"),
        ("", "1026-01-01", "no_date", "out of range"),
        ("", "2026-13-01", "no_date", "There is no month 13."),
    ],
)
def test_no_dates(form: str, text: str, code: str, says: str) -> None:
    with pytest.raises(dates.UnreadableDate) as refusal:
        dates.read(text, form)
    assert refusal.value.code == code
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("samples", "form"),
    [
        (["01/02/2026", "25/02/2026"], "dmy"),
        (["01/02/2026", "02/25/2026"], "mdy"),
        (["01.02.2026"], "dmy"),
        (["01/02/2026", "3/4/2026"], "?"),
        (["2026-01-02", "2-Jun-06", "05/05/2026"], ""),
    ],
)
def test_how_a_column_writes_dates(samples: list[str], form: str) -> None:
    assert dates.form_of(samples) == form


@pytest.mark.parametrize("text", ["", "  ", "n/a", "N.A.", "-", "–", "?", "TBD", "Not Captured",
                                  "Date Not Captured", "#N/A", "none", "k.A."])  # fmt: skip
def test_placeholders_are_nothing(text: str) -> None:
    assert cells.is_blank(text)


@pytest.mark.parametrize("text", ["0", "A-1", "no", "NULL-1", "nano", "-1"])
def test_words_that_are_something(text: str) -> None:
    assert not cells.is_blank(text)


def test_words_of_a_choice() -> None:
    kind = cells.Choice(words={"production": ("Serie",), "pilot": ()})
    assert (kind.read("serie", ""), kind.read(" Pilot ", "")) == ("production", "pilot")
    assert kind.read("often", "") == Bad("unknown_word", "Use one of: production, pilot.")
    several = cells.Choices(words={"manufacturer": ("Hersteller",), "distributor": ()})
    assert several.read("Hersteller; distributor", "") == "{manufacturer,distributor}"
    assert isinstance(several.read("office", ""), Bad)
    assert cells.YesNo().read("Ja", "") == "true"


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (cells.Code(), "a-1 ", "A-1"),
        (cells.PartNumber(), "TPS 62130‑rgtr", "TPS 62130-rgtr\tTPS62130-RGTR"),
        (cells.Company(), "Texas Instruments, Inc.", "Texas Instruments, Inc.\tTEXAS INSTRUMENTS"),
        (cells.Text(9), "a\tb\\\x01", "a\\tb\\\\"),
        (cells.Currency(), "€", "EUR"),
        (cells.Currency(), "usd", "USD"),
        (cells.Currency(), "us$", "USD"),
        (Country(), "de", "DE"),
    ],
)
def test_texts_as_the_database_takes_them(kind: cells.Type, text: str, found: str) -> None:
    assert kind.read(text, "") == found


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (cells.Code(), "no good", "code_form"),
        (cells.Text(3), "four", "too_long"),
        (cells.PartNumber(), "x" * 201, "too_long"),
        (cells.PartNumber(), "=1+1", "formula"),
        (cells.PartNumber(), "@SUM(A1)", "formula"),
        (cells.PartNumber(), "+1+1", "formula"),
        (cells.Company(), "---!", "no_name"),
        (cells.Currency(), "EURO2", "currency_form"),
        (cells.Currency(), "$", "several_currencies"),
        (cells.Currency(), "¥", "several_currencies"),
        (Country(), "Atlantis", "country_form"),
        (cells.Whole(), "1.5", "too_precise"),
    ],
)
def test_texts_that_are_refused(kind: cells.Type, text: str, code: str) -> None:
    found = kind.read(text, ".")
    assert isinstance(found, Bad)
    assert found.code == code
