"""The set-based figures and the pure rules that the calculators call give the same, on many
made-up parts whose seed is fixed.
"""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from parts.models import PartFigures
from suppliers import services as sourcing
from suppliers.independence import independence
from suppliers.models import Source
from suppliers.price_break import price_of
from suppliers.spend import yearly_spend
from tests import factories

pytestmark = pytest.mark.django_db
PARTS = 25


def ladder(dice: random.Random) -> list[tuple[int, Decimal]]:
    steps = sorted([*dice.sample([1, 10, 50, 100, 500, 1000], dice.randint(1, 4)), 1])
    prices = sorted((Decimal(dice.randint(10, 900)) / 1000 for _ in steps), reverse=True)
    return list(dict(zip(steps, prices, strict=True)).items())


def offered(source: Source, dice: random.Random, month: int) -> Decimal:
    """Adds an offer and answers what a unit costs at a month's need."""
    breaks = ladder(dice)
    kind: Any = dice.choice(["all_units", "incremental"])
    moq = dice.choice([1, 1, 200])
    number = source.manufacturer_part
    sourcing.add_offer(
        manufacturer_part=number, supplier=number.manufacturer, currency="USD", moq=moq,
        break_type=kind, price_breaks=breaks, actor=factories.JOB,
    )  # fmt: skip
    found = price_of(quantity=month, moq=moq, breaks=breaks, break_type=kind)
    assert found is not None
    return found.unit_price


def test_spend_by_offers() -> None:
    dice = random.Random(20)
    expected: dict[int, Any] = {}
    for _ in range(PARTS):
        month = dice.randint(1, 1500)
        part = factories.part(given_demand=Decimal(12 * month), standard_cost=None)
        sources = [factories.incumbent(part)] + [factories.approved(part)] * dice.randint(0, 1)
        prices = [offered(source, dice, month) for source in sources]
        expected[part.pk] = yearly_spend(
            receipts=[], demand=Decimal(12 * month), best_offer=min(prices)
        )
    for row in PartFigures.objects.filter(part__in=expected):
        assert row.spend_basis == expected[row.part_id].basis == "offer"
        assert abs(row.spend_12m - expected[row.part_id].amount) < Decimal("0.0001")


@pytest.mark.parametrize(
    ("receipts", "demand", "cost", "basis"),
    [
        ([("100", "2.5"), ("-10", "2.5"), ("7", "0.01")], "1200", "3", "receipts"),
        ([("100", "2.5"), ("7", None)], "1200", "3", "receipts"),
        ([("7", None)], "1200", "3", "standard"),
        ([], "1200", "3", "standard"),
        ([], None, "3", "missing"),
        ([], "1200", None, "missing"),
    ],
)
def test_spend_by_receipts_cost_or_not_at_all(
    receipts: list[tuple[str, str | None]], demand: str | None, cost: str | None, basis: str
) -> None:
    money = {"standard_cost": Decimal(cost), "standard_cost_currency": "USD"} if cost else {}
    part = factories.part(given_demand=Decimal(demand) if demand else None, **money)
    source = factories.incumbent(part)
    for quantity, price in receipts:
        factories.receipt(source, int(quantity), price)
    ruled = yearly_spend(
        receipts=[(Decimal(q), Decimal(p) if p else None) for q, p in receipts],
        demand=Decimal(demand) if demand else None,
        standard_cost=Decimal(cost) if cost else None,
    )
    row = PartFigures.objects.get(part=part)
    assert (row.spend_12m, row.spend_basis) == (ruled.amount, basis)
    assert row.unpriced_receipts == ruled.unpriced


def made(dice: random.Random, places: list[Any]) -> dict[str, Any]:
    """Where a manufacturer part comes from: a fab and an assembly of few, a die of few."""
    fab, assembly = dice.choice(places[:4]), dice.choice(places[4:])
    return {"sites": [fab, assembly], "die": dice.choice(["", "D1", "D2", "D3", "D4"])}


def common(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    pairs = list(zip(one["sites"], other["sites"], strict=True))
    shared = {mine.activity for mine, theirs in pairs if mine == theirs}
    if any(mine.country == theirs.country for mine, theirs in pairs):
        shared.add("country")
    if one["die"] and one["die"] == other["die"]:
        shared.add("die")
    return shared


def test_independence_of_two_sources() -> None:
    dice = random.Random(21)
    fabs, assemblies = ("TW", "US", "DE", "DE"), ("MY", "PH", "CN", "CN")
    where = [("fab", at) for at in fabs] + [("assembly", at) for at in assemblies]
    places = [
        sourcing.add_site(
            supplier=factories.manufacturer(), name=f"S{n}", activity=activity, country=country,
            actor=factories.JOB,
        )
        for n, (activity, country) in enumerate(where)
    ]  # fmt: skip
    expected = {}
    for _ in range(PARTS):
        part, one, other = factories.part(), made(dice, places), made(dice, places)
        factories.incumbent(part, **one)
        second = factories.approved(part, **other)
        complete = bool(one["die"] and other["die"])
        expected[second.pk] = independence(common(one, other), complete=complete).badge
    found = dict(Source.objects.filter(pk__in=expected).values_list("pk", "independence"))
    assert found == expected
    assert len(set(expected.values())) == 4
