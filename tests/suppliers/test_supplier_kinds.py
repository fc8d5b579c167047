"""A company that has parts stays a manufacturer."""

from __future__ import annotations

import pytest

from secondsource.core.errors import ValuesRefused
from suppliers import services
from suppliers.models import Supplier
from tests import factories
from tests.factories import JOB

pytestmark = pytest.mark.django_db


def test_the_kind_stays_while_parts_carry_it() -> None:
    manufacturer = factories.manufacturer_part().manufacturer
    with pytest.raises(ValuesRefused) as refused:
        services.change_supplier(
            supplier=manufacturer, values={"kinds": ["distributor"]}, actor=JOB
        )
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/kinds", "in_use")]
    assert Supplier.objects.get().kinds == ["manufacturer"]


def test_a_kind_is_added_to_it() -> None:
    manufacturer = factories.manufacturer_part().manufacturer
    both = ["manufacturer", "distributor"]
    services.change_supplier(supplier=manufacturer, values={"kinds": both}, actor=JOB)
    assert Supplier.objects.get().kinds == both


def test_without_parts_it_becomes_a_distributor() -> None:
    manufacturer = factories.manufacturer()
    services.change_supplier(supplier=manufacturer, values={"kinds": ["distributor"]}, actor=JOB)
    assert Supplier.objects.get().kinds == ["distributor"]
