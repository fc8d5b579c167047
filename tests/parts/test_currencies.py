"""A currency is one of ISO 4217, by every entrance."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from rest_framework import serializers

from secondsource.core.api import fields
from secondsource.core.form_fields import CurrencyField
from secondsource.exchange.bulk.cells import Bad, Currency
from suppliers.models import Receipt
from tests import factories

UNKNOWN = ["XYZ", "AAA", "EURO", "E", "€€€", "EU R", "XXX", "eu"]


@pytest.mark.parametrize("code", UNKNOWN)
def test_an_unknown_currency_is_refused_in_forms(code: str) -> None:
    with pytest.raises(ValidationError):
        CurrencyField().clean(code)


@pytest.mark.parametrize("code", ["XYZ", "AAA", "E", "€€€", "EU R", "XXX", "eu"])
def test_an_unknown_currency_is_refused_in_files(code: str) -> None:
    assert isinstance(Currency().read(code, ""), Bad)


@pytest.mark.parametrize("code", [*UNKNOWN, "eur", "", 3, None])
def test_an_unknown_currency_is_refused_by_the_api(code: Any) -> None:
    with pytest.raises(serializers.ValidationError):
        fields.Currency().run_validation(code)


@pytest.mark.parametrize("code", ["EUR", "USD", "JPY", "KWD"])
def test_a_currency_is_taken(code: str) -> None:
    assert CurrencyField().clean(code) == code
    assert Currency().read(code.lower(), "") == code
    assert fields.Currency().run_validation(code) == code


@pytest.mark.django_db
def test_a_receipt_in_an_unknown_currency_is_refused(client: Any) -> None:
    source = factories.incumbent(factories.part(ipn="R-1"))
    client.force_login(factories.person("procurement"))
    sent = {
        "source": source.pk, "received_date": "2026-01-02", "received_qty": "5",
        "unit_price": "1.5", "currency": "XYZ", "purpose": "production",
    }  # fmt: skip
    answer = client.post("/parts/R-1/receipts/new/", sent)
    assert answer.status_code == 422
    assert "A currency code of ISO 4217" in answer.content.decode()
    assert not Receipt.objects.exists()
    client.post("/parts/R-1/receipts/new/", sent | {"currency": "EUR"})
    assert Receipt.objects.values_list("currency", flat=True).get() == "EUR"


@pytest.mark.parametrize(
    ("aliases", "why"), [("a\n" * 101, "At most 100 lines"), ("a" * 201, "at most 200 letters")]
)
@pytest.mark.django_db
def test_the_names_of_a_supplier_are_bounded(client: Any, aliases: str, why: str) -> None:
    client.force_login(factories.person("quality"))
    sent = {"name": "Alder", "kinds": "manufacturer", "aliases": aliases}
    answer = client.post("/suppliers/new/", sent)
    assert answer.status_code == 422
    assert why in answer.content.decode()
