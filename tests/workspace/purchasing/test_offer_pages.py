"""Offers on pages: entered by hand, versions, the list by validity, the comparison."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from secondsource.core import clock
from suppliers import services
from suppliers.models import ManufacturerPart, Offer, PriceBreak, Source
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def in_days(days: int) -> dt.date:
    return clock.business_day() + dt.timedelta(days=days)


def offer_of(made: ManufacturerPart, *breaks: tuple[int, str], **fields: Any) -> Offer:
    fields = {"currency": "USD", "supplier": made.manufacturer} | fields
    return services.add_offer(
        manufacturer_part=made, actor=factories.JOB,
        price_breaks=[(q, Decimal(p)) for q, p in breaks or ((1, "2"),)], **fields,
    )  # fmt: skip


def typed(made: ManufacturerPart, **fields: str) -> dict[str, str]:
    return {
        "manufacturer": made.manufacturer.name, "mpn": made.mpn, "currency": "EUR",
        "break_type": "all_units", "moq": "1,000", "multiple": "500", "channel": "direct",
        "valid_from": "2026-01-01", "valid_to": "31 Dec 2027", "lead_time_days_min": "14",
        "lead_time_days_max": "21", "quantity_0": "1", "price_0": "1.25",
        "quantity_2": "10,000", "price_2": "0.98",
    } | fields  # fmt: skip


def test_an_offer_is_entered_by_hand(buyer: Client, source: Source) -> None:
    made = source.manufacturer_part
    page = text_of(buyer.get(reverse("offer_create"), {"manufacturer_part": made.mpn}))
    assert f'value="{made.mpn}"' in page
    answer = buyer.post(reverse("offer_create"), typed(made))
    row = Offer.objects.get()
    assert answer["Location"] == reverse("offer_detail", args=[row.public_id])
    assert (row.supplier, row.currency, row.moq, row.multiple) == (
        made.manufacturer, "EUR", 1000, 500,
    )  # fmt: skip
    assert (row.lead_time_days_min, row.valid_to) == (14, dt.date(2027, 12, 31))
    assert list(row.price_breaks.values_list("quantity", "price")) == [
        (1, Decimal("1.25")), (10_000, Decimal("0.98")),
    ]  # fmt: skip
    assert "€0.98 from 10,000" in text_of(buyer.get(answer["Location"]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"price_0": "0,98"}, "Use a point: 0.98"),
        ({"price_0": "1,000"}, "1,000 can mean 1000 or 1."),
        ({"price_0": ""}, "Give the unit price."),
        ({"quantity_0": "", "quantity_2": ""}, "From which quantity?"),
        ({"quantity_2": "1"}, "Line 1 has it already."),
        ({"currency": "XYZ"}, "A currency code of ISO 4217"),
        ({"valid_to": "2025-12-31"}, "Ends before it begins."),
        ({"lead_time_days_max": "7"}, "Below the minimum."),
        ({"moq": "0"}, "0 is below 1"),
        ({"mpn": "NOBODY"}, "has no such MPN here"),
        ({"manufacturer": "Nobody"}, "No manufacturer goes by this name."),
    ],
)
def test_a_wrong_offer_is_refused_and_kept_as_typed(
    buyer: Client, source: Source, changes: dict[str, str], said: str
) -> None:
    answer = buyer.post(reverse("offer_create"), typed(source.manufacturer_part, **changes))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="500"' in text_of(answer)
    assert not Offer.objects.exists()


def test_a_new_version_keeps_the_prices_before(buyer: Client, source: Source) -> None:
    made = source.manufacturer_part
    offer = offer_of(made, (1, "2"), (100, "1.5"))
    address = reverse("offer_edit", args=[offer.public_id])
    page = text_of(buyer.get(address))
    assert 'name="price_1"' in page
    changed = typed(made, expected=str(offer.version), quantity_0="1", price_0="1.80")
    for name in ("manufacturer", "mpn"):
        del changed[name]
    assert buyer.post(address, changed).status_code == 302
    offer.refresh_from_db()
    assert list(offer.price_breaks.values_list("quantity", "price")) == [
        (1, Decimal("1.8")), (10_000, Decimal("0.98")),
    ]  # fmt: skip
    assert PriceBreak.every_version.filter(offer=offer).count() == 4
    shown = text_of(buyer.get(reverse("offer_detail", args=[offer.public_id])))
    assert "$1.50 from 100" in shown
    assert buyer.post(address, changed).status_code == 409


def test_offers_are_listed_by_validity(signed_in: Any, source: Source) -> None:
    made = source.manufacturer_part
    begun = in_days(-90)
    ends = {"SKU-OPEN": None, "SKU-SOON": in_days(20), "SKU-LONG": in_days(31),
            "SKU-OVER": in_days(-1)}  # fmt: skip
    for sku, last in ends.items():
        house = factories.manufacturer(sku)
        offer_of(made, supplier=house, valid_from=begun, valid_to=last)
    offer_of(made, supplier=factories.manufacturer("SKU-NEXT"), valid_from=in_days(5))
    finance = signed_in("finance")

    def listed(**state: str) -> set[str]:
        answer: Any = finance.get(reverse("offer_list"), {"export": "csv"} | state)
        rows = b"".join(answer.streaming_content).decode()
        return {name for name in (*ends, "SKU-NEXT") if name in rows}

    assert listed(state="valid") == {"SKU-OPEN", "SKU-SOON", "SKU-LONG"}
    assert listed(state="expiring") == {"SKU-SOON"}
    assert listed(state="expired") == {"SKU-OVER"}
    assert listed(state="coming") == {"SKU-NEXT"}
    assert listed() == {*ends, "SKU-NEXT"}


@pytest.mark.parametrize("role", ["engineer", "quality", "viewer", "admin", "integration"])
def test_who_sees_no_prices_sees_no_offers(signed_in: Any, source: Source, role: str) -> None:
    offer = offer_of(source.manufacturer_part)
    client = signed_in(role)
    for address in (
        reverse("offer_list"), reverse("offer_detail", args=[offer.public_id]),
        reverse("part_offers", args=[source.part.ipn]), reverse("offer_create"),
    ):  # fmt: skip
        assert client.get(address).status_code == 403, address


def test_the_offers_of_a_part_are_compared_at_a_quantity(buyer: Client, source: Source) -> None:
    dear = source.manufacturer_part
    cheap = factories.approved(source.part, "LM3671").manufacturer_part
    offer_of(dear, (1, "1"), (10_000, "0.5"))
    offer_of(cheap, (1, "0.8"), moq=5000)
    offer_of(cheap, (1, "0.1"), valid_from=in_days(-9), valid_to=in_days(-1))
    address = reverse("part_offers", args=[source.part.ipn])

    def order(quantity: str) -> list[str]:
        page = text_of(buyer.get(address, {"quantity": quantity}))
        found = {mpn: page.find(f">{mpn}<") for mpn in (dear.mpn, cheap.mpn)}
        assert "$0.10" not in page
        return sorted(found, key=lambda mpn: found[mpn])

    assert order("100") == [cheap.mpn, dear.mpn]
    assert order("20,000") == [dear.mpn, cheap.mpn]
    assert "5,000" in text_of(buyer.get(address, {"quantity": "100"}))
    for wrong in ("1,5", "many", "0", "-3", "9" * 30):
        page = text_of(buyer.get(address, {"quantity": wrong}))
        assert 'aria-invalid="true"' in page, wrong
