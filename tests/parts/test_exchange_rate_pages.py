"""Pages of exchange rates: list, a new rate, a correction."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from parts import services
from parts.models import ExchangeRate
from secondsource.core import clock
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/exchange-rates/"


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(factories.person(role))
    return client


def a_rate() -> ExchangeRate:
    return services.record_rate(
        currency="EUR", quote="USD", rate=Decimal("1.0923"), as_of=clock.business_day(),
        publisher="ECB", actor=factories.JOB,
    )  # fmt: skip


def test_everybody_reads_and_who_may_writes() -> None:
    a_rate()
    for role, links in (("viewer", False), ("finance", True), ("admin", True)):
        page = signed_in(role).get(LIST).content.decode()
        assert "1 EUR = 1.0923 USD" in page
        assert "1 USD = 0.9154994 EUR" in page
        assert ("/correct/" in page, reverse("exchange_rate_create") in page) == (links, links)


def test_a_new_rate() -> None:
    values = {
        "currency": "GBP", "quote": "USD", "rate": "1.25", "as_of": "2026-01-02",
        "publisher": "BoE",
    }  # fmt: skip
    client = signed_in("finance")
    assert 'value="USD"' in client.get(f"{LIST}new/").content.decode()
    assert client.post(f"{LIST}new/", values).status_code == 302
    row = ExchangeRate.objects.get()
    assert (str(row), row.publisher, row.history.get().history_user_id) == (
        "1 GBP = 1.25 USD", "BoE", int(client.session["_auth_user_id"]),
    )  # fmt: skip
    again = client.post(f"{LIST}new/", values)
    assert (again.status_code, ExchangeRate.objects.count()) == (422, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"currency": "XYZ"}, "ISO 4217"),
        ({"currency": "EURO"}, "ISO 4217"),
        ({"rate": "0"}, "A rate is above 0."),
        ({"as_of": "2099-01-01"}, "This day has not come yet."),
    ],
)
def test_what_is_refused_stands_at_its_field(changes: dict[str, str], said: str) -> None:
    values = {"currency": "GBP", "quote": "USD", "rate": "1", "as_of": "2026-01-02",
              "publisher": "BoE"}  # fmt: skip
    answer = signed_in("finance").post(f"{LIST}new/", values | changes)
    assert (answer.status_code, ExchangeRate.objects.count()) == (422, 0)
    assert said in answer.content.decode()


def test_a_correction_shows_what_stood_there() -> None:
    row, client = a_rate(), signed_in("finance")
    address = reverse("exchange_rate_correct", args=[row.public_id])
    values = {"rate": "1.0932", "reason": "digits swapped", "expected": "1"}
    assert client.post(address, values).status_code == 302
    row.refresh_from_db()
    assert (row.rate, row.version) == (Decimal("1.0932"), 2)
    page = client.get(address).content.decode()
    assert "1 EUR = 1.0923 USD" in page
    assert "digits swapped" in page
    assert client.post(address, values | {"rate": "2"}).status_code == 409
