"""What products use through all levels, and who uses a part."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parts import services, usage
from parts.models import Part, PartFigures, PartUsage, Product
from tests import factories

pytestmark = pytest.mark.django_db


def assembly(code: str, uses: dict[Part, int]) -> tuple[Product, Part]:
    """A product that other products use under a part number."""
    number = factories.part(ipn=f"ASM-{code}")
    return factories.product(code, uses=uses, part=number), number


def used(part: Part) -> dict[str, tuple[Decimal, int]]:
    rows = PartUsage.objects.filter(part=part).select_related("product")
    return {row.product.code: (row.quantity, row.level) for row in rows}


def test_quantities_multiply_through_the_levels() -> None:
    resistor = factories.part()
    _, board = assembly("BOARD", {resistor: 3})
    _, box = assembly("BOX", {board: 2, resistor: 1})
    factories.product("RACK", uses={box: 5})
    assert used(resistor) == {
        "BOARD": (Decimal(3), 1), "BOX": (Decimal(7), 1), "RACK": (Decimal(35), 2),
    }  # fmt: skip


def test_a_new_revision_below_reaches_the_products_above() -> None:
    resistor, capacitor = factories.part(), factories.part()
    board, number = assembly("BOARD", {resistor: 3})
    factories.product("BOX", uses={number: 2})
    factories.bom(board, {capacitor: 1})
    assert used(resistor) == {}
    assert used(capacitor) == {"BOARD": (Decimal(1), 1), "BOX": (Decimal(2), 2)}


def test_what_is_not_fitted_is_not_used() -> None:
    resistor, product = factories.part(), factories.product("BOX")
    line = services.NewLine(
        part_id=resistor.pk, quantity=Decimal(5), quantity_not_fitted=Decimal(2)
    )
    services.add_revision(product=product, lines=[line], actor=factories.JOB, origin="test")
    assert used(resistor) == {"BOX": (Decimal(3), 1)}


def test_a_cycle_ends_where_it_meets_itself() -> None:
    resistor = factories.part()
    board, number = assembly("BOARD", {resistor: 1})
    _, other = assembly("OTHER", {number: 1})
    factories.bom(board, {resistor: 1, other: 1})
    assert used(resistor)["BOARD"] == (Decimal(1), 1)
    assert used(resistor)["OTHER"] == (Decimal(1), 2)


def test_an_unchanged_explosion_names_no_part() -> None:
    product = factories.product("BOX", uses={factories.part(): 1})
    assert usage.refresh([product.pk]) == []


def test_where_used_gives_every_path() -> None:
    resistor = factories.part()
    board_product, board = assembly("BOARD", {resistor: 3})
    box_product, _ = assembly("BOX", {board: 2, resistor: 1})
    paths = [(row["quantity"], row["level"], row["path"]) for row in usage.where_used(resistor.pk)]
    assert sorted(paths) == sorted(
        [
            (Decimal(3), 1, [board_product.pk]),
            (Decimal(1), 1, [box_product.pk]),
            (Decimal(6), 2, [board_product.pk, box_product.pk]),
        ]
    )


def test_demand_follows_the_volume_at_once() -> None:
    resistor = factories.part()
    product = factories.product("BOX", uses={resistor: 4}, monthly_volume=100)
    assert PartFigures.objects.get(part=resistor).month_demand == Decimal(400)
    services.change_product(product=product, values={"monthly_volume": 50}, actor=factories.JOB)
    assert PartFigures.objects.get(part=resistor).month_demand == Decimal(200)


def test_without_any_volume_the_demand_is_missing() -> None:
    resistor = factories.part()
    factories.product("BOX", uses={resistor: 4})
    assert PartFigures.objects.get(part=resistor).month_demand is None


def test_taking_back_the_newest_revision_brings_the_one_before() -> None:
    resistor, capacitor = factories.part(), factories.part()
    product = factories.product("BOX", uses={resistor: 1})
    newest = factories.bom(product, {capacitor: 1})
    services.remove_revision(revision=newest, actor=factories.JOB, reason="mistake")
    assert product.revisions.get().current is True
    assert (used(resistor), used(capacitor)) == ({"BOX": (Decimal(1), 1)}, {})
