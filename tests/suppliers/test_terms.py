"""Offers, candidates, manufacturer parts and suppliers: accepted and refused input."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from secondsource.core import clock
from secondsource.core.errors import RuleRefused, ValuesRefused
from secondsource.core.views.history import changes_of
from suppliers import figures, services
from suppliers.models import ManufacturerPart, Offer, Source
from tests import factories

pytestmark = pytest.mark.django_db


def offer(of: ManufacturerPart | None = None, **fields: Any) -> Offer:
    part = of or factories.manufacturer_part()
    fields = {"price_breaks": [(1, Decimal(2)), (1000, Decimal(1))]} | fields
    return services.add_offer(
        manufacturer_part=part, supplier=part.manufacturer, currency="USD", actor=factories.JOB,
        **fields,
    )  # fmt: skip


def problems(refused: pytest.ExceptionInfo[ValuesRefused]) -> list[str]:
    return [problem.pointer for problem in refused.value.problems]


def test_an_offer_with_its_terms() -> None:
    made = offer(
        break_type="incremental", capacity_wk=Decimal(5000), ncnr=True, incoterm="DAP",
        tariff_rate=Decimal("0.25"), stock=Decimal(100),
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.break_type, made.incoterm, made.ncnr) == ("incremental", "DAP", True)
    assert made.tariff_rate == Decimal("0.25")


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"tariff_rate": Decimal(25)}, "/tariff_rate"),
        ({"stock": Decimal(-1)}, "/stock"),
        ({"incoterm": "XXX"}, "/incoterm"),
        ({"moq": 0}, "/moq"),
        ({"valid_to": factories.days_ago(1)}, "/valid_to"),
        ({"lead_time_days_min": 9, "lead_time_days_max": 8}, "/lead_time_days/max"),
        ({"price_breaks": []}, "/price_breaks"),
    ],
)
def test_an_offer_that_cannot_be(fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        offer(**fields)
    assert problems(refused) == [pointer]
    assert not Offer.objects.exists()


def test_other_prices_replace_the_breaks_and_raise_the_version() -> None:
    made = offer()
    buyer = factories.actor("procurement")
    row = services.change_offer(
        offer=made, values={"moq": 10}, price_breaks=[(10, Decimal("0.9"))], actor=buyer
    )
    assert list(row.price_breaks.values_list("quantity", "price")) == [(10, Decimal("0.9"))]
    assert (row.moq, row.version) == (10, 3)


def test_the_same_prices_write_nothing() -> None:
    made = offer()
    buyer = factories.actor("procurement")
    breaks = [(1, Decimal(2)), (1000, Decimal(1))]
    row = services.change_offer(offer=made, values={}, price_breaks=breaks, actor=buyer)
    assert row.version == 1


def test_an_incremental_ladder_costs_its_average() -> None:
    part = factories.part(given_demand=Decimal(24_000))
    first = factories.incumbent(part)
    offer(first.manufacturer_part, break_type="incremental")
    figures.refresh([part.pk])
    # 2,000 a month: 999 at 2 and 1,001 at 1.
    assert figures.explain(part.pk)["spend_12m"] == Decimal("35988.000000")


def test_a_candidate_with_scope_share_and_period() -> None:
    part, pump = factories.part(), factories.product("PUMP")
    source = services.add_source(
        part=part, manufacturer_part=factories.manufacturer_part(), actor=factories.JOB,
        scope=[pump], share=Decimal("0.3"), capacity_wk=Decimal(900),
        valid_from=clock.business_day(),
    )  # fmt: skip
    assert (source.status, source.share) == ("candidate", Decimal("0.3"))
    assert [product.code for product in source.scope.all()] == ["PUMP"]


def test_a_status_cannot_be_given() -> None:
    with pytest.raises(KeyError):
        services.add_source(
            part=factories.part(), manufacturer_part=factories.manufacturer_part(),
            actor=factories.JOB, status="approved",
        )  # fmt: skip
    assert not Source.objects.exists()


def test_the_products_of_a_candidate_can_change() -> None:
    source, pump = factories.alternate(factories.part()), factories.product("PUMP")
    row = services.set_scope(source=source, products=[pump], actor=factories.actor("engineer"))
    assert ([p.code for p in row.scope.all()], row.version) == (["PUMP"], 2)


def test_the_products_of_an_approved_source_cannot() -> None:
    source = factories.incumbent(factories.part())
    with pytest.raises(RuleRefused) as refused:
        services.set_scope(
            source=source, products=[factories.product()], actor=factories.actor("engineer")
        )
    assert [reason.code for reason in refused.value.reasons] == ["scope_is_approved"]
    assert not source.scope.exists()


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"valid_from": clock.business_day(), "valid_to": factories.days_ago(1)}, "/valid_to"),
        ({"share": Decimal("1.5")}, "/share"),
        ({"capacity_wk": Decimal(-1)}, "/capacity_wk"),
    ],
)
def test_terms_of_a_source_that_cannot_be(values: dict[str, Any], pointer: str) -> None:
    source = factories.alternate(factories.part())
    with pytest.raises(ValuesRefused) as refused:
        services.change_source(source=source, values=values, actor=factories.actor("engineer"))
    assert problems(refused) == [pointer]


def test_what_is_declared_of_a_manufacturers_part() -> None:
    part = factories.manufacturer_part(
        fit=Decimal("12.5"), fit_confidence=Decimal("0.6"), msl="2a", rohs="exempt", reach="svhc",
        pcf_kg=Decimal("0.0123"), country_of_origin="TW", hts_code="8542.31.0001", eccn="3A991.a.2",
        sanctions_flag=False,
    )  # fmt: skip
    part.refresh_from_db()
    assert (part.fit, part.msl, part.rohs) == (Decimal("12.5"), "2a", "exempt")
    assert part.history.get().eccn == "3A991.a.2"


def test_the_history_of_a_flag_says_yes_and_no() -> None:
    actor = factories.actor("engineer")
    part = factories.manufacturer_part(sanctions_flag=False)
    services.change_manufacturer_part(
        manufacturer_part=part, values={"sanctions_flag": True}, actor=actor
    )
    newest = changes_of(part, actor, "manufacturer part")[0]
    assert newest.what == "changed sanctions flag from no to yes"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"fit": Decimal(-1)}, "/fit"),
        ({"fit_confidence": Decimal(60)}, "/fit_confidence"),
        ({"pcf_kg": Decimal(-1)}, "/pcf_kg"),
        ({"msl": "7"}, "/msl"),
        ({"rohs": "yes"}, "/rohs"),
        ({"country_of_origin": "tw"}, "/country_of_origin"),
        ({"hts_code": "chips"}, "/hts_code"),
        ({"eccn": "none"}, "/eccn"),
    ],
)
def test_declarations_that_cannot_be(fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ValuesRefused) as refused:
        factories.manufacturer_part(**fields)
    assert problems(refused) == [pointer]
    assert not ManufacturerPart.objects.exists()


def test_a_supplier_goes_by_further_names() -> None:
    manufacturer = factories.manufacturer("Texas Instruments")
    services.set_aliases(supplier=manufacturer, aliases=["TI", "T.I."], actor=factories.JOB)
    assert services.find_manufacturer("ti") == manufacturer
    manufacturer.refresh_from_db()
    assert manufacturer.version == 2
    services.set_aliases(supplier=manufacturer, aliases=["T. I.", "TI"], actor=factories.JOB)
    assert manufacturer.aliases.count() == 3
    services.set_aliases(supplier=manufacturer, aliases=[], actor=factories.JOB)
    assert [alias.text for alias in manufacturer.aliases.all()] == ["Texas Instruments"]


def test_a_name_of_another_supplier_is_refused() -> None:
    manufacturer, other = (
        factories.manufacturer("Texas Instruments"),
        factories.manufacturer("Tundra"),
    )
    with pytest.raises(ValuesRefused) as refused:
        services.set_aliases(supplier=manufacturer, aliases=["Tundra"], actor=factories.JOB)
    assert problems(refused) == ["/aliases"]
    assert services.find_manufacturer("Tundra") == other


def test_a_site_changes() -> None:
    site = services.add_site(
        supplier=factories.manufacturer(),
        name="Fab 1",
        activity="fab",
        country="TW",
        actor=factories.JOB,
    )
    row = services.change_site(site=site, values={"recovery_days": 90}, actor=factories.JOB)
    assert (row.recovery_days, row.version) == (90, 2)
