"""Who does not see a field does not write it, and learns nothing by trying."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from parts.models import Part, Product
from secondsource.accounts.visibility import FIELD_GROUPS, hidden_names
from secondsource.core.actors import Actor
from secondsource.core.api import visibility
from secondsource.core.api.problems import problems_in
from secondsource.core.api.serializers import Input, Shape, written_names
from suppliers.models import Offer, OrderLine, Receipt
from tests import factories
from tests.api.callers import Api
from tests.api.data import a_part, a_product, an_incumbent, an_offer

pytestmark = pytest.mark.django_db
COST = {"amount": "3.4567", "currency": "EUR"}
WRITES = ("read", "write")


def refused(answer: Any, *pointers: str) -> None:
    assert answer.status_code == 422, answer.content
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        (pointer, "hidden_field") for pointer in pointers
    ]


def test_an_engineer_writes_no_cost(engineer: Api) -> None:
    a_part("R-1")
    refused(engineer.patch("/parts/R-1/", {"standard_cost": COST}), "/standard_cost")
    refused(
        engineer.post("/parts/", {"category": "regulators", "standard_cost": COST}),
        "/standard_cost",
    )
    assert Part.objects.values_list("standard_cost", flat=True).get() is None


def test_the_right_guess_answers_as_a_wrong_one(engineer: Api) -> None:
    a_part("R-1", standard_cost=Decimal("3.4567"), standard_cost_currency="EUR")
    right = engineer.patch("/parts/R-1/", {"standard_cost": COST})
    wrong = engineer.patch("/parts/R-1/", {"standard_cost": COST | {"amount": "9"}})
    none = engineer.patch("/parts/R-1/", {"standard_cost": None})
    assert right.content == wrong.content == none.content
    refused(right, "/standard_cost")
    assert "ETag" not in right


def test_what_is_no_money_answers_the_same(engineer: Api) -> None:
    a_part("R-1")
    refused(engineer.patch("/parts/R-1/", {"standard_cost": "x"}), "/standard_cost")


def test_an_engineer_writes_no_margin_and_no_revenue(engineer: Api) -> None:
    a_product("PUMP", unit_margin=Decimal(9), annual_revenue=Decimal(1000), currency="EUR")
    body = {"unit_margin": COST, "annual_revenue": COST}
    refused(engineer.patch("/products/PUMP/", body), "/unit_margin", "/annual_revenue")
    refused(engineer.post("/products/", {"code": "X", "name": "x", **body}),
            "/unit_margin", "/annual_revenue")  # fmt: skip
    assert Product.objects.values_list("unit_margin", "version").get() == (9, 1)


def test_a_token_without_the_scope_writes_no_price(api: Any) -> None:
    caller = api("procurement", scopes=WRITES)
    line = factories.order_line(an_incumbent())
    offer = an_offer()
    refused(caller.patch(f"/order-lines/{line.key}/", {"unit_price": COST}), "/unit_price")
    refused(
        caller.patch(f"/offers/{offer.key}/", {
            "currency": "EUR", "price_breaks": [{"quantity": 1, "price": "2"}]}),
        "/currency", "/price_breaks",
    )  # fmt: skip
    refused(
        caller.post("/receipts/", {
            "order_line": line.key, "received_date": "2026-01-02", "received_qty": 1,
            "unit_price": COST}),
        "/unit_price",
    )  # fmt: skip
    assert OrderLine.objects.values_list("unit_price", flat=True).get() is None
    assert Offer.objects.values_list("currency", flat=True).get() == "USD"
    assert not Receipt.objects.exists()


def test_an_integration_with_the_scope_writes_the_cost(api: Any) -> None:
    a_part("R-1")
    refused(api("integration", scopes=WRITES).patch("/parts/R-1/", {"standard_cost": COST}),
            "/standard_cost")  # fmt: skip
    answer = api("integration", scopes=(*WRITES, "prices")).patch(
        "/parts/R-1/", {"standard_cost": COST}
    )
    assert answer.status_code == 200
    assert Part.objects.values_list("standard_cost", flat=True).get() == Decimal("3.4567")


def test_finance_may_see_the_cost_and_may_not_write_parts(api: Any) -> None:
    a_part("R-1")
    assert api("finance").patch("/parts/R-1/", {"standard_cost": COST}).status_code == 403


def _classes(base: Any) -> set[Any]:
    found = {one for one in base.__subclasses__() if not one.__module__.startswith("tests.")}
    return found.union(*(_classes(one) for one in found)) if found else found


def _project_inputs() -> list[Any]:
    return sorted(_classes(Input), key=lambda one: one.__qualname__)


def _shapes_by_stem() -> dict[str, str]:
    """``Part`` → ``parts.part``: what the shape beside an input hides."""
    return {one.__name__.removesuffix("Shape"): one.hides for one in _classes(Shape) if one.hides}


#: Inputs that write the rows of another shape.
ROWS_OF = dict.fromkeys(("Entry", "Avoidance", "Shortage", "Rebate"), "Saving")


@pytest.mark.parametrize("input_class", _project_inputs(), ids=lambda one: one.__name__)
def test_an_input_hides_what_its_shape_hides(input_class: Any) -> None:
    stem = input_class.__name__.removesuffix("Input").removesuffix("Changes")
    stem = ROWS_OF.get(stem, stem)
    assert input_class.hides == _shapes_by_stem().get(stem, "")


@pytest.mark.parametrize("input_class", _project_inputs(), ids=lambda one: one.__name__)
def test_every_hidden_field_of_an_input_is_refused_without_an_actor(input_class: Any) -> None:
    hidden = set(FIELD_GROUPS.get(input_class.hides, {}))
    given = input_class(data={}, context={})
    wanted = {n for n, field in given.fields.items() if hidden & written_names(field)}
    body = dict.fromkeys(wanted, "x")
    bound = input_class(data=body, context={})
    assert not wanted or not bound.is_valid()
    codes = {name: bound.errors[name][0].code for name in wanted}
    assert codes == dict.fromkeys(wanted, "hidden_field")


@pytest.mark.parametrize("role", ["engineer", "quality", "viewer", "integration", "admin",
                                  "procurement", "finance", "executive"])  # fmt: skip
def test_each_hidden_field_is_refused_to_each_role_that_does_not_see_it(role: str) -> None:
    actor = factories.actor(role)
    for input_class in _project_inputs():
        unseen = hidden_names(actor, input_class.hides)
        for name, field in input_class(data={}, context={"actor": actor}).fields.items():
            bound = input_class(data={name: "x"}, context={"actor": actor})
            bound.is_valid()
            codes = {one.code for one in problems_in(bound.errors)}
            assert ("hidden_field" in codes) == bool(unseen & written_names(field)), name


def test_inputs_with_hidden_fields_are_known() -> None:
    found = {one.__name__ for one in _project_inputs() if one.hides}
    assert {"PartInput", "PartChanges", "ProductInput", "OfferInput", "ReceiptInput"} <= found


def test_nobody_in_particular_sees_no_hidden_field() -> None:
    for label, groups in FIELD_GROUPS.items():
        assert visibility.hidden_names(None, label) == set(groups)
        assert hidden_names(Actor(), label) == set(groups)


def test_a_shape_without_an_actor_shows_no_hidden_field() -> None:
    for shape in _classes(Shape):
        hidden = set(FIELD_GROUPS.get(shape.hides, {}))
        shown = shape(context={}).fields
        assert not hidden & {n for n, f in shown.items() for n in (n, f.source)}, shape


def test_a_filter_without_a_request_offers_no_hidden_field() -> None:
    from parts.filters import PartFilter  # after all filters are known

    hidden = PartFilter.hidden_filters(None)
    assert hidden
    assert not hidden & set(PartFilter({}, queryset=Part.objects.all()).filters)


def test_the_document_names_hidden_fields(stranger: Api) -> None:
    schemas = stranger.get("/schema/").json()["components"]["schemas"]
    assert "standard_cost" in schemas["PartShape"]["properties"]
    assert "unit_margin" in schemas["ProductShape"]["properties"]
    assert "price_breaks" in schemas["OfferShape"]["properties"]
