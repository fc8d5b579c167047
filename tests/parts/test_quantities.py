"""Stock and given demand: dated, in the part's unit, and which demand counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from parts import services
from parts.models import Part
from parts.units import allows_fractions
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from tests import factories

pytestmark = pytest.mark.django_db


def change(part: Part, **values: Any) -> Part:
    return services.change_part(part=part, values=values, actor=factories.actor("engineer"))


def demand(part: Part) -> tuple[Decimal | None, Decimal | None, str]:
    part.figures.refresh_from_db()
    return part.figures.annual_demand, part.figures.bom_demand, part.figures.demand_basis


@pytest.mark.parametrize(
    ("unit", "measured"),
    [("pcs", False), ("m", True), ("KG", True), ("reel", False), ("mm²", True), ("", False)],
)
def test_what_is_measured_has_fractions(unit: str, measured: bool) -> None:
    assert allows_fractions(unit) is measured


def test_stock_without_a_day_is_as_of_today() -> None:
    part = change(factories.part(), stock_qty=Decimal(7))
    assert (part.stock_as_of, part.stock_source) == (clock.business_day(), "entered by hand")


def test_stock_that_stays_keeps_its_day() -> None:
    old = factories.days_ago(30)
    part = factories.part(stock_qty=Decimal(7), stock_as_of=old, stock_source="ERP")
    part = change(part, stock_qty=Decimal(7), description="other words")
    assert (part.stock_as_of, part.stock_source) == (old, "ERP")


def test_stock_that_is_no_longer_known_has_no_day() -> None:
    part = change(factories.part(stock_qty=Decimal(7)), stock_qty=None)
    assert (part.stock_as_of, part.stock_source) == (None, "")


def test_the_demand_of_boms_counts_until_one_is_given() -> None:
    part = factories.part()
    factories.product(uses={part: 2}, monthly_volume=100)
    assert demand(part) == (Decimal(2400), Decimal(2400), "bom")
    part = change(part, given_demand=Decimal(3000))
    assert demand(part) == (Decimal(3000), Decimal(2400), "given")
    assert (part.demand_as_of, part.demand_source) == (clock.business_day(), "entered by hand")
    part = change(part, given_demand=None)
    assert demand(part) == (Decimal(2400), Decimal(2400), "bom")


def test_a_given_demand_of_nothing_is_nothing_not_missing() -> None:
    part = factories.part(given_demand=Decimal(0))
    assert demand(part) == (Decimal(0), None, "given")


def test_without_either_it_is_missing() -> None:
    assert demand(factories.part()) == (None, None, "missing")


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"stock_qty": Decimal("1.5")}, "/stock_qty", "not_whole"),
        ({"given_demand": Decimal("1.5")}, "/annual_demand", "not_whole"),
        ({"given_demand": Decimal(-1)}, "/annual_demand", "negative"),
        ({"open_order_qty": Decimal(-1)}, "/open_order_qty", "negative"),
        ({"stock_qty": 1, "stock_as_of": dt.date(2999, 1, 1)}, "/stock_as_of", "in_future"),
    ],
)
def test_a_quantity_that_cannot_be(values: dict[str, Any], pointer: str, code: str) -> None:
    part = factories.part()
    with pytest.raises(ValuesRefused) as refused:
        change(part, **values)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [(pointer, code)]
    assert Part.objects.get().version == 1


def test_a_counted_unit_for_a_part_with_a_fraction_is_refused() -> None:
    part = factories.part(unit="m", stock_qty=Decimal("1.5"))
    with pytest.raises(ValuesRefused) as refused:
        change(part, unit="pcs")
    assert [p.pointer for p in refused.value.problems] == ["/stock_qty"]
