"""Figures of suppliers: stored as explained, shown by scope and by right."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from secondsource.accounts.models import Plant
from secondsource.core import clock
from secondsource.workspace.suppliers.figures import refresh_suppliers
from suppliers import services
from suppliers.models import Supplier, SupplierFigures
from tests import factories

pytestmark = pytest.mark.django_db


def figures(company: Supplier) -> SupplierFigures:
    refresh_suppliers()
    return SupplierFigures.objects.get(supplier=company)


def rows(role: str, query: str = "", **fields: Any) -> list[Any]:
    client = Client()
    client.force_login(factories.person(role, **fields))
    return list(client.get(f"/suppliers/{query}").context["table"].page.rows)


def test_every_company_has_a_row_from_the_beginning() -> None:
    company = factories.manufacturer()
    assert company.figures.approved_sources == 0
    services.add_manufacturers({"BIRCH": "Birch"})
    assert SupplierFigures.objects.count() == 2


def test_what_hangs_on_a_company() -> None:
    company = factories.manufacturer("Alder")
    part, other = factories.part(), factories.part()
    factories.product("PUMP", uses={part: 1, other: 1})
    factories.incumbent(part, manufacturer=company)
    factories.incumbent(other, manufacturer=company)
    factories.approved(other)
    factories.Team(factories.alternate(factories.part(), manufacturer=company))
    row = figures(company)
    assert (row.approved_sources, row.candidate_sources) == (2, 1)
    assert (row.single_parts, row.open_cases) == (1, 1)
    assert refresh_suppliers() == 0


def test_what_was_bought_from_it() -> None:
    company, shop = factories.manufacturer("Alder"), factories.manufacturer("Shop")
    source = factories.incumbent(factories.part(), manufacturer=company)
    factories.receipt(source, 100, "2.00")
    factories.receipt(source, 10)
    factories.receipt(source, 10, "3.00", supplier=shop)
    factories.receipt(source, 100, "9.00", received_date=factories.days_ago(500))
    wrong = factories.receipt(source, 100, "5.00")
    services.correct_receipt(receipt=wrong, reason="twice", actor=factories.JOB)
    assert (figures(company).spend_12m, figures(shop).spend_12m) == (Decimal(200), Decimal(30))
    assert figures(company).last_receipt == clock.business_day()


def test_the_lead_time_is_the_middle_of_valid_offers() -> None:
    made = factories.manufacturer_part()
    for days, until in ((70, None), (98, None), (126, None), (700, factories.days_ago(1))):
        services.add_offer(
            manufacturer_part=made, supplier=made.manufacturer, currency="USD",
            price_breaks=[(1, 1)], lead_time_days_max=days, valid_to=until, sku=f"A{days}",
            valid_from=clock.business_day() - dt.timedelta(days=9), actor=factories.JOB,
        )  # fmt: skip
    assert figures(made.manufacturer).lead_wk == Decimal(14)


def test_a_reader_of_one_plant_sees_its_part_of_the_figures() -> None:
    company = factories.manufacturer("Alder")
    plant = Plant.objects.create(code="BRNO", name="Brno")
    mine, other = factories.part(), factories.part()
    factories.product("MINE", uses={mine: 1}, plants=[plant])
    factories.product("OTHER", uses={other: 1}, plants=[Plant.objects.create(code="X", name="X")])
    for part in (mine, other):
        factories.receipt(factories.incumbent(part, manufacturer=company), 10, "1.00")
    refresh_suppliers()
    (row,) = rows("procurement")
    assert (row.figures.approved_sources, row.figures.spend_12m) == (2, Decimal(20))
    person = factories.person("procurement")
    person.plants.add(plant)
    client = Client()
    client.force_login(person)
    page = client.get("/suppliers/?sort=-approved")
    (row,) = page.context["table"].page.rows
    assert (row.figures.approved_sources, row.figures.spend_12m) == (1, Decimal(10))
    assert page.context["table"].sort.column.name == "name"
    assert b"Spend" not in client.get("/suppliers/?export=csv").getvalue()
    assert "10" in client.get(company.get_absolute_url()).content.decode()


def test_who_does_not_see_prices_sees_no_spend() -> None:
    factories.receipt(factories.incumbent(factories.part()), 10, "4321.00")
    refresh_suppliers()
    client = Client()
    client.force_login(factories.person("engineer"))
    (row,) = rows("engineer")
    for address in ("/suppliers/?sort=-spend", row.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "43,210" not in page
        assert "43.2k" not in page


def test_the_list_is_narrowed_to_companies_on_which_parts_hang() -> None:
    part = factories.part()
    source = factories.incumbent(part)
    factories.product("PUMP", uses={part: 1})
    factories.manufacturer("Alder")
    refresh_suppliers()
    assert [row.pk for row in rows("viewer", "?single=true")] == [
        source.manufacturer_part.manufacturer_id
    ]
    assert [row.name for row in rows("viewer", "?single=false")] == ["Alder"]
