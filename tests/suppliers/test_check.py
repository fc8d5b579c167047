"""The answer to an order: scope, supplier, and what is on order already."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qualification import services as qualification
from qualification.models.cases import State
from secondsource.accounts.models import Plant
from secondsource.core import clock
from suppliers import services
from suppliers.check import Verdict, check
from suppliers.models import Source
from tests import factories
from tests.factories import JOB, Team
from tests.qualification.asking import codes, verdict

pytestmark = pytest.mark.django_db


def asked(source: Source, **order: object) -> tuple[str, list[str]]:
    found: Verdict = check(part=source.part, mpn=source.manufacturer_part.mpn, **order)
    return found.verdict, [reason.code for reason in found.reasons]


def scoped() -> Source:
    """A source approved for the product PUMP, which uses its part; FAN does too."""
    part = factories.part()
    pump = factories.product("PUMP", uses={part: 1})
    factories.product("FAN", uses={part: 1})
    number = factories.manufacturer_part()
    source = services.add_source(part=part, manufacturer_part=number, scope=[pump], actor=JOB)
    return services.approve_source(source=source, kind="case", evidence_ref="x", actor=JOB)


def test_a_scoped_source_without_a_product_is_a_warning() -> None:
    assert asked(scoped()) == ("warn", ["scope_unknown"])


def test_a_scoped_source_is_for_its_product() -> None:
    source = scoped()
    pump, fan = (factories.Product.objects.get(code=code) for code in ("PUMP", "FAN"))
    assert asked(source, product=pump) == ("allow", [])
    assert asked(source, product=fan) == ("block", ["out_of_scope"])


def test_an_approval_for_a_plant_is_for_its_products() -> None:
    brno, tallinn = (Plant.objects.create(code=code, name=code) for code in ("BRNO", "TALLINN"))
    part = factories.part()
    here = factories.product("HERE", uses={part: 1}, plants=[brno])
    there = factories.product("THERE", uses={part: 1}, plants=[tallinn])
    source = factories.alternate(part)
    services.write_approval(source=source, kind="case", evidence_ref="x", plants=[brno], actor=JOB)
    assert asked(source, product=here) == ("allow", [])
    assert asked(source, product=there) == ("block", ["out_of_scope"])
    assert asked(source) == ("warn", ["scope_unknown"])


def test_an_order_for_a_plant_is_checked_against_the_plants_of_the_approval() -> None:
    brno, tallinn, york = (
        Plant.objects.create(code=code, name=code) for code in ("BRNO", "TALLINN", "YORK")
    )
    part = factories.part()
    both = factories.product("BOTH", uses={part: 1}, plants=[brno, tallinn])
    source = factories.alternate(part)
    services.write_approval(source=source, kind="case", evidence_ref="x", plants=[brno], actor=JOB)
    assert asked(source, product=both) == ("warn", ["scope_unknown"])
    assert asked(source, product=both, plant=brno) == ("allow", [])
    assert asked(source, product=both, plant=tallinn) == ("block", ["out_of_scope"])
    assert asked(source, plant=brno) == ("allow", [])
    assert asked(source, product=both, plant=york)[1] == ["not_made_at_plant", "out_of_scope"]


def test_a_product_that_does_not_use_the_part_is_a_warning() -> None:
    source = factories.incumbent(factories.part())
    assert asked(source, product=factories.product("OTHER")) == ("warn", ["not_used_in_product"])


def test_a_supplier_without_offer_or_franchise_is_a_warning() -> None:
    source, broker = factories.incumbent(factories.part()), factories.manufacturer("Broker")
    assert asked(source, supplier=broker) == ("warn", ["supplier_not_on_record"])
    services.add_offer(
        manufacturer_part=source.manufacturer_part, supplier=broker, currency="USD",
        price_breaks=[(1, Decimal(1))], actor=JOB,
    )  # fmt: skip
    assert asked(source, supplier=broker) == ("allow", [])


def test_the_manufacturer_itself_needs_no_offer() -> None:
    source = factories.incumbent(factories.part())
    assert asked(source, supplier=source.manufacturer_part.manufacturer) == ("allow", [])


def test_open_orders_use_up_the_pilot_quantity() -> None:
    team = Team()
    team.jump_to(State.PILOT_BUILD)
    factories.order_line(team.source, 300)
    assert (verdict(team.source, 200), verdict(team.source, 201)) == ("allow", "block")
    factories.order_line(team.source, 200)
    assert codes(team.source, 1) == ["in_qualification"]


def test_open_orders_use_up_an_interim() -> None:
    team = Team()
    team.jump_to(State.APPROVAL)
    qualification.give_interim(
        case=team.case, quantity=100, until=clock.business_day(), note="x", actor=team["quality"]
    )
    factories.order_line(team.source, 60)
    assert (verdict(team.source, 40), verdict(team.source, 41)) == ("allow", "block")


def test_a_rejected_source_says_so() -> None:
    team = Team()
    team.jump_to(State.SPEC_REVIEW)
    team.fire("reject", "quality", note="the package is another")
    found = check(part=team.source.part, mpn=team.source.manufacturer_part.mpn)
    assert [reason.code for reason in found.reasons] == ["candidate", "rejected"]
    assert found.reasons[1].detail == f"{team.case.key} was rejected: the package is another"
