"""Fields that a role does not see are nowhere: not shown, not filtered, not ordered by."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from parts import services as catalogue
from secondsource.accounts.models import ApiToken, User
from secondsource.core import clock
from suppliers import services as sourcing
from tests.api.callers import SYSTEM, Api
from tests.api.data import a_part, a_product, an_incumbent, an_offer

COST = {"standard_cost": Decimal("1.25"), "standard_cost_currency": "USD"}
MARGIN = {"unit_margin": Decimal(9), "annual_revenue": Decimal(1000), "currency": "EUR"}


def test_who_sees_the_cost(api: Any) -> None:
    a_part("R-1", **COST)
    seen = {
        role: "standard_cost" in api(role).get("/parts/R-1/").json()
        for role in ("engineer", "quality", "procurement", "finance", "executive", "viewer")
    }
    assert seen == {
        "engineer": False,
        "quality": False,
        "procurement": True,
        "finance": True,
        "executive": True,
        "viewer": False,
    }


def test_money_is_a_decimal_string_with_its_currency(buyer: Api) -> None:
    a_part("R-1", **COST)
    shown = buyer.get("/parts/R-1/").json()
    assert shown["standard_cost"] == {"amount": "1.250000", "currency": "USD"}
    assert shown["figures"]["spend_12m"] is None


def test_who_sees_the_margin(api: Any) -> None:
    a_product("PUMP", **MARGIN)
    shown = api("finance").get("/products/PUMP/").json()
    assert shown["unit_margin"] == {"amount": "9.000000", "currency": "EUR"}
    assert shown["annual_revenue"] == {"amount": "1000.00", "currency": "EUR"}
    hidden = api("procurement").get("/products/PUMP/").json()
    assert {"unit_margin", "annual_revenue", "currency"} & set(hidden) == set()


def test_a_token_without_the_scope_does_not_see_them(api: Any) -> None:
    a_part("R-1", **COST)
    without = api("procurement", scopes=("read",)).get("/parts/R-1/").json()
    assert "standard_cost" not in without


def test_a_role_that_changes_is_read_anew_with_each_request(buyer: Api) -> None:
    a_part("R-1", **COST)
    assert buyer.user is not None
    for roles, seen in ((["procurement"], True), (["engineer"], False), (["finance"], True)):
        User.objects.update(roles=roles)
        (row,) = buyer.get("/parts/").json()["results"]
        assert ("standard_cost" in row, "spend_12m" in row["figures"]) == (seen, seen)


def test_scopes_that_change_are_read_anew_with_each_request(buyer: Api) -> None:
    a_part("R-1", **COST)
    for scopes, seen in ((["read"], False), (["read", "prices"], True), (["read"], False)):
        ApiToken.objects.update(scopes=scopes)
        (row,) = buyer.get("/parts/").json()["results"]
        assert ("standard_cost" in row, "spend_12m" in row["figures"]) == (seen, seen)


@pytest.mark.parametrize("query", [{"spend_min": "5"}, {"ordering": "spend_12m"}])
def test_no_filter_and_no_order_by_what_is_hidden(engineer: Api, query: dict[str, str]) -> None:
    an_incumbent()
    answer = engineer.get("/parts/", **query)
    assert answer.status_code == 400


def test_no_sparse_field_of_what_is_hidden(engineer: Api) -> None:
    a_part("R-1")
    assert engineer.get("/parts/R-1/", fields="standard_cost").status_code == 400


def test_filter_and_order_for_who_sees_it(buyer: Api) -> None:
    an_incumbent(a_part("R-1"))
    assert buyer.get("/parts/", spend_min="5", ordering="-spend_12m").json()["results"] == []


def test_history_leaves_it_out(engineer: Api, buyer: Api) -> None:
    part = a_part("R-1", **COST)
    catalogue.change_part(
        part=part,
        values={"standard_cost": Decimal(2), "standard_cost_currency": "EUR", "unit": "m"},
        actor=SYSTEM,
    )
    hidden = engineer.get("/parts/R-1/history/").json()["results"][0]
    assert [change["field"] for change in hidden["changes"]] == ["unit"]
    shown = buyer.get("/parts/R-1/history/").json()["results"][0]
    assert {change["field"] for change in shown["changes"]} == {
        "unit",
        "standard_cost",
        "standard_cost_currency",
    }


def test_price_of_a_receipt(engineer: Api, buyer: Api) -> None:
    sourcing.record_receipt(
        source=an_incumbent(),
        received_date=clock.business_day() - dt.timedelta(days=1),
        received_qty=Decimal(10),
        unit_price=Decimal("0.5"),
        currency="USD",
        actor=SYSTEM,
    )
    (hidden,) = engineer.get("/receipts/").json()["results"]
    (shown,) = buyer.get("/receipts/").json()["results"]
    assert "unit_price" not in hidden
    assert shown["unit_price"] == {"amount": "0.500000", "currency": "USD"}


def test_offers_are_for_those_who_see_prices(engineer: Api, api: Any) -> None:
    an_offer()
    assert engineer.get("/offers/").status_code == 403
    machine = api("integration", scopes=("read",))
    (shown,) = machine.get("/offers/").json()["results"]
    assert {"price_breaks", "currency"} & set(shown) == set()


def test_where_spend_comes_from_filters_for_those_who_see_prices(engineer: Api, buyer: Api) -> None:
    a_part("R-1", given_demand=12)
    assert engineer.get("/parts/", spend="missing").status_code == 400
    (shown,) = buyer.get("/parts/", spend="missing", sources="counted").json()["results"]
    assert shown["ipn"] == "R-1"
