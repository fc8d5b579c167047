"""Exchange rates by file: a row a rate, or the wide table of a central bank."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from parts.models import ExchangeRate
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused
from secondsource.exchange import services
from tests import factories
from tests.exchange.bulk.files import problems, roles, send, take

pytestmark = pytest.mark.django_db
PLAIN = (
    "Currency,Quote,Rate,Date,Publisher\n"
    "EUR,USD,1.0923,2026-01-02,ECB\n"
    "GBP,USD,1.25,2026-01-02,BoE\n"
)
WIDE = (
    "Date,USD,JPY,CYP,GBP,\n"
    "2024-12-31,1.0389,163.06,N/A,0.82918,\n"
    "2024-12-30,1.0444,164.57,N/A,0.8295,\n"
)


@pytest.fixture
def finance(db: None) -> Actor:
    return factories.actor("finance")


def rates() -> list[tuple[str, str, str, str]]:
    rows = ExchangeRate.objects.order_by("-as_of", "currency", "quote")
    return [
        (f"{r.currency}/{r.quote}", f"{r.rate.normalize():f}", r.as_of.isoformat(), r.publisher)
        for r in rows
    ]


def test_a_row_a_rate_and_again(finance: Actor) -> None:
    done = take(PLAIN, "exchange_rates", finance)
    assert done.result["created"] == 2
    assert rates() == [
        ("EUR/USD", "1.0923", "2026-01-02", "ECB"), ("GBP/USD", "1.25", "2026-01-02", "BoE"),
    ]  # fmt: skip
    again = take(PLAIN.replace("1.25", "1.26"), "exchange_rates", finance)
    assert (again.result["updated"], again.result["unchanged"]) == (1, 1)
    assert ExchangeRate.objects.get(currency="GBP").rate == Decimal("1.26")
    services.undo(imported=again, actor=finance)
    row = ExchangeRate.objects.get(currency="GBP")
    assert (row.rate, row.version, row.history.count()) == (Decimal("1.25"), 3, 3)


def test_units_for_one_usd(finance: Actor) -> None:
    text = "Currency,Per USD,As of,Source\nJPY,156.25,2026-01-02,Fed\n"
    take(text, "exchange_rates", finance)
    assert rates() == [("USD/JPY", "156.25", "2026-01-02", "Fed")]


def test_a_column_for_each_currency(finance: Actor) -> None:
    imported = send(WIDE, "exchange_rates", finance)
    assert roles(imported) == {"Date": "as_of", "USD": "rates", "JPY": "rates", "GBP": "rates"}
    assert imported.totals["would"]["created"] == 6
    assert {note["code"] for note in imported.warnings} == {"in_euro", "by_ecb"}
    take(WIDE, "exchange_rates", finance)
    assert rates() == [
        ("EUR/GBP", "0.82918", "2024-12-31", "ECB"), ("EUR/JPY", "163.06", "2024-12-31", "ECB"),
        ("EUR/USD", "1.0389", "2024-12-31", "ECB"), ("EUR/GBP", "0.8295", "2024-12-30", "ECB"),
        ("EUR/JPY", "164.57", "2024-12-30", "ECB"), ("EUR/USD", "1.0444", "2024-12-30", "ECB"),
    ]  # fmt: skip


def test_rows_that_need_a_person(finance: Actor) -> None:
    tomorrow = clock.business_day() + dt.timedelta(days=1)
    text = (
        "Currency,Quote,Rate,Per USD,Date,Publisher\n"
        "XYZ,USD,1,,2026-01-02,ECB\n"
        "EUR,EUR,1,,2026-01-02,ECB\n"
        "EUR,USD,0,,2026-01-02,ECB\n"
        "EUR,USD,-1,,2026-01-03,ECB\n"
        "EUR,USD,,,2026-01-04,ECB\n"
        "EUR,,1,,2026-01-05,ECB\n"
        "EUR,USD,1,,2026-01-06,\n"
        f"EUR,USD,1,,{tomorrow},ECB\n"
        "EUR,USD,1,2,2026-01-07,ECB\n"
        "EUR,USD,1.1,,2026-01-08,ECB\n"
        "EUR,USD,1.2,,2026-01-08,ECB\n"
    )
    found = problems(send(text, "exchange_rates", finance))
    assert found == [
        (2, "currency", "currency_form"),
        (3, "quote", "same_currency"),
        (4, "rate", "not_positive"),
        (5, "rate", "not_positive"),
        (6, "rate", "missing"),
        (7, "quote", "missing"),
        (8, "publisher", "missing"),
        (9, "as_of", "in_future"),
        (10, "per_usd", "two_rates"),
        (12, "currency", "duplicate"),
    ]
    assert not ExchangeRate.objects.exists()


def test_a_wide_row_with_a_cell_that_is_no_rate_is_refused_whole(finance: Actor) -> None:
    text = WIDE.replace("163.06", "about 163").replace("0.8295", "0")
    imported = send(text, "exchange_rates", finance)
    assert problems(imported) == [(2, "rates", "not_a_rate"), (3, "rates", "not_a_rate")]
    assert imported.totals["bad"] == 2


def test_an_engineer_imports_no_rates(engineer: Actor) -> None:
    with pytest.raises(PermissionRefused):
        send(PLAIN, "exchange_rates", engineer)
