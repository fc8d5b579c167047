"""Forms on pages have no field that their reader does not see, and take no value for one."""

from __future__ import annotations

from collections.abc import Set
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.test import Client
from django.urls import get_resolver

from parts.models import Part, Product
from secondsource.accounts.visibility import FIELD_GROUPS
from secondsource.core.actors import Actor
from secondsource.core.form_fields import FormWithoutHidden
from suppliers.forms import OrderLineChangeForm, OrderLineForm, ReceiptForm
from suppliers.models import PriceAgreement
from suppliers.rfq_forms import AgreementTermsForm
from tests import factories
from tests.security.world import routes

pytestmark = pytest.mark.django_db

#: Forms of a project's cost, on pages that refuse readers who do not see it.
OF_COSTS = ("BusinessCaseForm", "PlannedCostForm", "CostEntryForm")
#: Names that a form may have though a model hides a field of this name: rates are no secret, and
#: the currency of a cost is that of no price.
SHOWN_TO_ALL: dict[str, Set[str]] = {
    "ExchangeRateForm": {"currency", "rate"},
    **{name: {"currency", "amount"} for name in OF_COSTS},
}
SHOWN_TO_ALL["RateCorrectionForm"] = {"rate"}
#: Forms of buying, savings and pools, on pages that only readers of prices open.
OF_PRICES = (
    "RfqForm", "RfqLineForm", "LineCostForm", "QuoteHeadForm", "QuotedLineForm", "TermsForm",
    "RoundForm", "NegotiationForm", "BaselineForm", "EntryForm", "AvoidanceForm", "ShortageForm",
    "RebateForm", "BudgetRateForm", "PoolForm", "RateForm",
)  # fmt: skip
MONEY = frozenset({
    "currency", "rate", "price", "amount", "freight", "nre", "tooling", "qualification_cost",
    "target_price", "should_cost",
})  # fmt: skip
SHOWN_TO_ALL |= dict.fromkeys(OF_PRICES, MONEY)
#: A saving is written by the whole team, and read with two digits by who sees no prices.
SHOWN_TO_ALL["BusinessCaseForm"] |= {"saving_per_year"}


def _all_forms() -> list[type[forms.Form]]:
    get_resolver().url_patterns  # noqa: B018 (loads every view, and with it every form)
    found, todo = [], [forms.Form]
    while todo:
        below = todo.pop().__subclasses__()
        todo += below
        found += [one for one in below if _is_ours(one)]
    return found


def _is_ours(form: type[forms.Form]) -> bool:
    ours = ("parts.", "suppliers.", "qualification.", "incentives.", "secondsource.")
    return form.__module__.startswith(ours) and "styleguide" not in form.__module__


def signed_in(*roles: str) -> Client:
    client = Client()
    client.force_login(factories.person(*roles))
    return client


def test_a_form_with_a_hidden_name_says_whose_it_is() -> None:
    hidden = {name for groups in FIELD_GROUPS.values() for name in groups}
    found = set()
    for form in _all_forms():
        names = hidden & set(form.base_fields) - SHOWN_TO_ALL.get(form.__name__, set())
        declared = set(FIELD_GROUPS.get(getattr(form, "hides", ""), {}))
        assert names <= declared, (form, names - declared)
        found.add(form.__name__ if names else "")
    assert {"PartForm", "ProductForm", "ReceiptForm"} <= found


def test_forms_of_cost_are_on_pages_that_refuse_who_does_not_see_cost() -> None:
    outsider, case = factories.actor("engineer"), factories.Team().case
    seen = set()
    for _, pattern in routes():
        page = getattr(pattern.callback, "view_class", None)
        form = getattr(getattr(page, "form_class", None), "__name__", "")
        if page and form in OF_COSTS:
            seen.add(form)
            assert not outsider.may("qualification.view_cost", case)
            assert not outsider.may(page.permission_required, case), page
    assert seen == {*OF_COSTS}


def test_forms_of_prices_are_on_pages_that_only_readers_of_prices_open() -> None:
    outsiders = [factories.actor(role) for role in ("engineer", "quality", "viewer", "admin")]
    seen = set()
    for _, pattern in routes():
        page = getattr(pattern.callback, "view_class", None)
        form = getattr(getattr(page, "form_class", None), "__name__", "")
        if page and form in OF_PRICES:
            seen.add(form)
            assert not any(one.may(page.permission_required) for one in outsiders), page
    assert len(seen) >= 9, seen


def _hiding() -> list[Any]:
    return [form for form in _all_forms() if issubclass(form, FormWithoutHidden) and form.hides]


def _built(form: Any, actor: Actor | None, data: dict[str, str]) -> Any:
    beside: dict[str, Any] = {}
    if form in (ReceiptForm, OrderLineForm):
        beside = {"part": factories.part(), "currency": "USD"}
    elif form is OrderLineChangeForm:
        beside = {"order_line": factories.order_line(factories.incumbent(factories.part()))}
    elif form is AgreementTermsForm:
        beside = {"agreement": PriceAgreement()}
    return form(data, actor=actor, **beside)


@pytest.mark.parametrize("role", ["", "engineer", "quality", "viewer", "integration", "admin"])
def test_each_hidden_field_is_refused_to_a_role_that_does_not_see_it(role: str) -> None:
    actor = factories.actor(role) if role else None
    assert len(_hiding()) >= 3
    for form in _hiding():
        for name in set(FIELD_GROUPS[form.hides]) & set(form.base_fields):
            bound = _built(form, actor, {name: "1"})
            assert name not in bound.fields
            assert "hidden_field" in [one.code for one in bound.errors.as_data()["__all__"]]


def test_who_sees_the_fields_fills_them() -> None:
    for form in _hiding():
        bound = _built(form, factories.actor("finance"), {})
        assert set(FIELD_GROUPS[form.hides]) & set(form.base_fields) <= set(bound.fields)


@pytest.mark.parametrize("cost", ["3.4567", "9", "", "x"])
def test_a_posted_cost_answers_the_same_whatever_it_is(cost: str) -> None:
    part = factories.part(standard_cost=Decimal("3.4567"), standard_cost_currency="EUR")
    sent = {
        "description": "other", "category": part.category_id, "criticality": "a", "unit": "pcs",
        "lifecycle": "active", "standard_cost": cost, "expected": part.version,
    }  # fmt: skip
    answer = signed_in("engineer").post(f"/parts/{part.ipn}/edit/", sent)
    assert answer.status_code == 422
    assert "You may not fill this field: Standard cost." in answer.content.decode()
    found = Part.objects.get()
    assert (found.version, found.standard_cost) == (part.version, Decimal("3.456700"))


def test_a_posted_margin_is_refused() -> None:
    factories.product(code="PUMP")
    sent = {"name": "Pump", "phase": "pilot", "unit_margin": "9", "currency": "EUR"}
    answer = signed_in("engineer").post("/products/PUMP/edit/", sent)
    assert answer.status_code == 422
    assert "Margin per piece" in answer.content.decode()
    assert Product.objects.values_list("unit_margin", flat=True).get() is None
