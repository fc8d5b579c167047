"""A reader without prices learns no single price from what a sum does after a change of theirs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from parts import services as catalogue
from parts.models import Part
from secondsource.core import clock
from secondsource.core.money import two_digits
from secondsource.workspace import figures
from secondsource.workspace.models import CompanyFigures
from tests import factories

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2026, 11, 29, 3, 0, tzinfo=dt.UTC)
MORNING = NIGHT + dt.timedelta(hours=6)


def client(role: str) -> Client:
    signed_in = Client()
    signed_in.force_login(factories.person(role))
    return signed_in


def read(role: str) -> dict[str, Any]:
    shown: dict[str, Any] = client(role).get("/api/v1/dashboards/executive/").json()
    return shown


@pytest.fixture
def part() -> Part:
    """One of four single-source parts in two categories; figures were computed at night."""
    found = []
    for path in ("timing", "interface"):
        where = factories.category(path)
        for price in ("1.11", "2.22"):
            found.append(factories.part(category=where))
            with clock.at(NIGHT):
                factories.receipt(factories.incumbent(found[-1]), 1000, price)
    with clock.at(NIGHT):
        figures.recompute_everything()
    return found[0]


def money(shown: dict[str, Any]) -> Any:
    return shown["spend_12m"], shown["single_source_spend"], shown["by_category"]


def change(part: Part) -> None:
    with clock.at(MORNING):
        catalogue.change_part(
            part=part, values={"category": factories.category("interface")}, actor=factories.JOB
        )
        figures.refresh_company()


def test_a_change_by_day_moves_no_sum_of_theirs(part: Part) -> None:
    engineer, buyer = read("engineer"), read("procurement")
    change(part)
    assert money(read("engineer")) == money(engineer)
    assert money(read("procurement")) != money(buyer)


def test_sums_are_rounded_and_say_of_when_they_are(part: Part) -> None:
    change(part)
    engineer, buyer = read("engineer"), read("procurement")
    assert engineer["spend_12m"] == {"amount": "6700.00", "currency": "USD"}
    assert buyer["spend_12m"] == {"amount": "6660.00", "currency": "USD"}
    assert (engineer["money_rounded"], buyer["money_rounded"]) == (True, False)
    assert engineer["money_as_of"] == "2026-11-29T03:00:00Z"
    assert buyer["money_as_of"] == buyer["computed_at"] == "2026-11-29T09:00:00Z"
    assert [one["single"] for one in engineer["by_category"]] == ["3300.00", "3300.00"]


def test_the_page_says_of_when_they_are(part: Part) -> None:
    change(part)
    with clock.at(MORNING):
        text = client("engineer").get("/dashboard/").content.decode()
    assert "29 Nov, 03:00, rounded" in text
    assert "$7k" in text
    assert "rounded" not in client("procurement").get("/dashboard/").content.decode()


def test_the_next_night_moves_them(part: Part) -> None:
    with clock.at(MORNING):
        factories.receipt(part.sources.get(), 100_000, "1")
    with clock.at(NIGHT + dt.timedelta(days=1)):
        figures.recompute_everything()
    assert read("engineer")["money_as_of"] == "2026-11-30T03:00:00Z"
    assert read("engineer")["spend_12m"]["amount"] == "110000.00"


def test_counts_are_those_of_now(part: Part) -> None:
    before = read("engineer")["parts"]
    factories.part(given_demand=Decimal(1))
    figures.refresh_company()
    assert read("engineer")["parts"] == before + 1


def test_the_first_figures_are_shown_before_a_night() -> None:
    figures.refresh_company()
    assert set(CompanyFigures.objects.get().nightly) == set(figures.NIGHTLY)
    assert read("engineer")["money_rounded"] is True


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("163777.00", "160000"), ("170435.80", "170000"), ("995", "1000"), ("0.314", "0.31"),
     ("12", "12"), ("0", "0"), ("-1250", "-1300"), ("7", "7.0")],
)  # fmt: skip
def test_two_digits_are_left(amount: str, shown: str) -> None:
    assert two_digits(Decimal(amount)) == Decimal(shown)
