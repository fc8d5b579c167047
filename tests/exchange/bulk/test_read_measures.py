"""Durations, prices and quantities in a period: the unit of the header, the cell or the person."""

from __future__ import annotations

import pytest

from secondsource.exchange.bulk import breaks
from secondsource.exchange.bulk.cells import Bad
from secondsource.exchange.bulk.countries import Country
from secondsource.exchange.bulk.declared import MoistureLevel, Reach, RoHS
from secondsource.exchange.bulk.measures import Duration, Pieces, Price, Rate
from secondsource.exchange.bulk.validity import EndDate


@pytest.mark.parametrize(
    ("header", "unit", "bare"),
    [
        ("Lead time (weeks)", "w", "lead time"),
        ("Lead Time [wks]", "w", "lead time"),
        ("Lieferzeit (Wochen)", "w", "lieferzeit"),
        ("Lieferzeit in Wochen", "w", "lieferzeit"),
        ("Lieferzeit AT", "wd", "lieferzeit"),
        ("Lieferzeit Werktage", "wd", "lieferzeit"),
        ("LeadTimeWeeks", "w", "lead time"),
        ("lead_time_days_max", "d", "lead time max"),
        ("Lead time, days", "d", "lead time"),
        ("Lead time (working days)", "wd", "lead time"),
        ("Délai (semaines)", "w", "delai"),
        ("Délai de livraison (jours ouvrés)", "wd", "delai de livraison"),
        ("Plazo de entrega (semanas)", "w", "plazo de entrega"),
        ("Tempo di consegna (settimane)", "w", "tempo di consegna"),
        ("Levertijd (weken)", "w", "levertijd"),
        ("Prazo de entrega (dias)", "d", "prazo de entrega"),
        ("Lead time months", "m", "lead time"),
        ("交期(周)", "w", "交期"),
        ("Lieferwochen", "w", "lieferwochen"),
    ],
)
def test_units_of_time_in_headers(header: str, unit: str, bare: str) -> None:
    assert (Duration().unit_of(header, ["12"]), Duration().bare(header)) == (unit, bare)


@pytest.mark.parametrize(
    ("unit", "text", "days"),
    [
        ("d", "84", 84), ("w", "12", 84), ("m", "3", 90), ("wd", "10", 14), ("wd", "7", 10),
        ("", "12 weeks", 84), ("d", "12 weeks", 84), ("w", "14 days", 14), ("", "12 Wochen", 84),
        ("", "84 Tage", 84), ("", "6 semaines", 42), ("", "1,5 Wochen", 11), ("", "12wk", 84),
        ("", "12 wks ARO", 84), ("", "ca. 8 Wo.", 56), ("", "20 working days", 28), ("w", "8+", 56),
        ("", "2 months", 60), ("", "3 Monate", 90), ("", "10 días", 10), ("", "5 jours ouvrés", 7),
        ("", "12周", 84),
    ],
)  # fmt: skip
def test_durations(unit: str, text: str, days: int) -> None:
    assert Duration().within(unit).read(text, "") == f"{days}\t\\N"


def test_of_a_span_of_time_both_ends_are_kept() -> None:
    assert Duration().read("8-10 weeks", "") == "70\t56"
    assert Duration().within("w").read("8 – 10", "") == "70\t56"
    assert Duration().read("6 to 8 Wochen", "") == "56\t42"


@pytest.mark.parametrize("text", ["12", "in stock", "1,000 days", "12 furlongs", "10-8 weeks"])
def test_no_durations(text: str) -> None:
    assert isinstance(Duration().read(text, ""), Bad)


def test_a_duration_without_any_unit_is_asked_about() -> None:
    assert Duration().unit_of("Lead time", ["12", "16"]) == "?"
    assert Duration().unit_of("Lead time", ["12", "8 weeks"]) == "?"
    assert Duration().unit_of("Lead time", ["12 weeks", "84 days"]) == ""
    assert Duration().unit_of("Lead time", ["84", "182"]) == "d"
    assert Duration().unit_of("Planlieferzeit", ["12"]) == "d"


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Price per 1000", "1000"), ("Price/100", "100"), ("Price (per hundred)", "100"),
        ("Preis je 1.000 Stk", "1000"), ("Preis pro Tausend", "1000"), ("EUR / 1000", "1000"),
        ("Unit price per 1k (EUR)", "1000"), ("Prix pour cent", "100"), ("Precio por mil", "1000"),
        ("Prijs per 100 stuks", ""), ("Preis pro Stück", "1"), ("Price/pc", "1"),
        ("Price per reel", "?"), ("Price per M", "?"), ("Unit price", ""), ("Price/EUR", ""),
        ("Price/C", "100"), ("per thousand", "1000"),
    ],
)  # fmt: skip
def test_units_of_price_in_headers(header: str, unit: str) -> None:
    assert Price().unit_of(header, []) in ((unit,) if unit else ("", "100"))


@pytest.mark.parametrize(
    ("unit", "text", "price"),
    [
        ("", "2.30", "2.3"), ("1000", "2.30", "0.0023"), ("100", "12.5", "0.125"),
        ("", "2.30 / 1000", "0.0023"), ("", "$2.30 per 100", "0.023"), ("", "4.50/C", "0.045"),
        ("1000", "2.30 per 100", "0.023"), ("", "1.25 USD/pc", "1.25"),
        ("", "12.50 per thousand", "0.0125"),
    ],
)  # fmt: skip
def test_prices_of_one(unit: str, text: str, price: str) -> None:
    assert Price().within(unit).read(text, ".") == price


def test_prices_that_are_asked_about() -> None:
    assert isinstance(Price().read("2.30 per reel", "."), Bad)
    assert isinstance(Price().within("column").read("2.30 / 1000", "."), Bad)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("1000", "1000"), ("1.000", "1000"), ("1,000", "1000"), ("1000,00", "1000"),
        ("per 1000", "1000"), ("/100", "100"), ("C", "100"), ("per hundred", "100"), ("%", "100"),
        ("Tsd.", "1000"), ("1k", "1000"), ("100 Stk", "100"), ("each", "1"), ("EA", "1"),
        ("10", "10"), ("500", "500"), ("M", None), ("EUR", None), ("0", None), ("2.5", None),
    ],
)  # fmt: skip
def test_price_units(text: str, pieces: str | None) -> None:
    read = Pieces().read(text, "")
    assert isinstance(read, Bad) if pieces is None else read == pieces


def test_quantities_in_a_period() -> None:
    assert Rate(base="w").unit_of("Kapazität pro Monat", []) == "m"
    assert Rate(base="w").bare("Kapazität pro Monat") == "kapazitat"
    assert Rate(base="y").unit_of("Wochenbedarf", []) == "w"
    assert Rate(base="y").unit_of("Annual demand", []) == ""
    assert Rate(base="y").within("m").read("1,000", ".") == "12000.0000"
    assert Rate(base="w").within("y").read("52000", ".") == "1000.0000"


@pytest.mark.parametrize(
    ("headers", "quantities"),
    [
        (["Unit Price @ 1", "Unit Price @ 100", "Unit Price @ 1000"], [1, 100, 1000]),
        (["Price 1", "Price 10", "Price 100"], [1, 10, 100]),
        (["Price 1", "Price 2", "Price 3"], []),
        (["1+", "100+", "1,000+"], [1, 100, 1000]),
        (["100 pcs price", "1000 pcs price"], [100, 1000]),
        (["Preis ab 100", "Preis ab 1.000"], [100, 1000]),
        (["Price 1ku"], [1000]),
        (["Price 1k", "Price 10k"], [1000, 10_000]),
        (["Prix à partir de 50"], [50]),
        (["Price"], []),
    ],
)
def test_quantities_in_headers_of_prices(headers: list[str], quantities: list[int]) -> None:
    found = breaks.of_prices(dict(enumerate(headers)), [])
    assert [at.quantity for _, at in sorted(found.items())] == quantities


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Malaysia", "MY"), ("TAIWAN", "TW"), ("cn", "CN"), ("USA", "US"), ("U.S.A.", "US"),
        ("United States of America", "US"), ("Deutschland", "DE"), ("Allemagne", "DE"),
        ("Korea, Republic of", "KR"), ("South Korea", "KR"), ("Taiwan, Province of China", "TW"),
        ("MY - Malaysia", "MY"), ("Malaysia (MY)", "MY"), ("Made in China", "CN"), ("CHN", "CN"),
        ("Philippinen", "PH"), ("République tchèque", "CZ"), ("Viet Nam", "VN"), ("UK", "GB"),
        ("Österreich", "AT"), ("中国", "CN"), ("Atlantis", None), ("China; Malaysia", None),
        ("XX", None), ("MY - China", None),
    ],
)  # fmt: skip
def test_countries(text: str, code: str | None) -> None:
    read = Country().read(text, "")
    assert isinstance(read, Bad) if code is None else read == code


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Lead free / RoHS Compliant", "compliant"), ("ROHS3 Compliant", "compliant"),
        ("RoHS Compliant", "compliant"), ("compliant", "compliant"), ("Yes", "compliant"),
        ("Pb-Free", "compliant"), ("RoHS3", "compliant"), ("RoHS 6", "compliant"),
        ("Bleifrei / RoHS-konform", "compliant"), ("Non RoHS Compliant", "non_compliant"),
        ("Contains lead / RoHS non-compliant", "non_compliant"), ("no", "non_compliant"),
        ("RoHS non-compliant", "non_compliant"), ("non_compliant", "non_compliant"),
        ("Not Compliant", "non_compliant"), ("RoHS Compliant By Exemption", "exempt"),
        ("Compliant with Exemption 7(a)", "exempt"), ("exempt", "exempt"),
        ("Vendor Undefined", "\\N"), ("purple", None),
    ],
)  # fmt: skip
def test_rohs_as_distributors_write_it(text: str, stored: str | None) -> None:
    read = RoHS().read(text, "")
    assert isinstance(read, Bad) if stored is None else read == stored


def test_reach_as_distributors_write_it() -> None:
    said = ["REACH Unaffected", "REACH Affected", "no_svhc", "Contains SVHC", "No SVHC", "svhc"]
    assert [Reach().read(one, "") for one in said] == [
        "no_svhc", "svhc", "no_svhc", "svhc", "no_svhc", "svhc",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("2 (1 Year)", "2"), ("1 (Unlimited)", "1"), ("3 (168 Hours)", "3"), ("MSL 2a", "2a"),
        ("5A (24 Hours)", "5a"), ("Level-3-260C-168 HR", "3"), ("MSL3", "3"), ("6", "6"),
        ("Level-1-260C-UNLIM", "1"), ("3, 168 hours", "3"), ("10", None), ("7", None),
        ("1 or 3", None),
    ],
)  # fmt: skip
def test_moisture_levels(text: str, level: str | None) -> None:
    read = MoistureLevel().read(text, "")
    assert isinstance(read, Bad) if level is None else read == level


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.12.9999", "infinity"), ("9999-12-31", "infinity"), ("99991231", "infinity"),
        ("12/31/9999", "infinity"), ("31-Dec-9999", "infinity"), ("2999-12-31", "infinity"),
        ("9999-12-31 00:00:00", "infinity"), ("unlimited", "infinity"),
        ("31.12.2027", "2027-12-31"), ("unbefristet", "infinity"), ("2099-12-31", "2099-12-31"),
    ],
)  # fmt: skip
def test_last_days(text: str, day: str) -> None:
    assert EndDate().read(text, "") == day
