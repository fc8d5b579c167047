"""Order lines on pages: the list by state, a new line, its change and its cancellation."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from secondsource.core import clock
from suppliers.models import OrderLine, Source
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def in_days(days: int) -> dt.date:
    return clock.business_day() + dt.timedelta(days=days)


def listed(client: Client, **query: str) -> set[str]:
    page = text_of(client.get(reverse("order_list"), query))
    return {po for po in OrderLine.objects.values_list("po", flat=True) if po in page}


def test_lines_are_listed_by_state(signed_in: Any, source: Source) -> None:
    factories.order_line(source, 10, po="PO-OPEN", agreed_date=in_days(5))
    factories.order_line(source, 10, po="PO-LATE", agreed_date=in_days(-5))
    done = factories.order_line(source, 10, po="PO-DONE", agreed_date=in_days(-9))
    factories.receipt(source, 10, order_line=done)
    viewer = signed_in("viewer")
    assert listed(viewer) == {"PO-OPEN", "PO-LATE", "PO-DONE"}
    assert listed(viewer, state="open") == {"PO-OPEN", "PO-LATE"}
    assert listed(viewer, state="late") == {"PO-LATE"}
    assert listed(viewer, state="done") == {"PO-DONE"}
    assert listed(viewer, search="po-la") == {"PO-LATE"}
    assert listed(viewer, search="tps62") == {"PO-OPEN", "PO-LATE", "PO-DONE"}


def test_prices_are_for_those_who_see_them(signed_in: Any, source: Source) -> None:
    factories.order_line(source, 10, "1.25")
    assert "$1.25" in text_of(signed_in("finance").get(reverse("order_list")))
    assert "$1.25" not in text_of(signed_in("engineer").get(reverse("order_list")))


def test_a_line_is_added(buyer: Client, source: Source) -> None:
    typed = {
        "source": source.pk, "po": "4500017", "line": "10", "ordered_qty": "12,000",
        "agreed_date": "3 Mar 2027", "unit_price": "1.25", "currency": "usd",
    }  # fmt: skip
    answer = buyer.post(reverse("order_create", args=[source.part.ipn]), typed, follow=True)
    assert "Added 4500017 line 10: 12,000 pieces of TPS62130." in text_of(answer)
    row = OrderLine.objects.get()
    assert (row.ordered_qty, row.agreed_date, row.currency) == (12_000, dt.date(2027, 3, 3), "USD")
    again = buyer.post(reverse("order_create", args=[source.part.ipn]), typed)
    assert again.status_code == 422
    assert "is on record already." in text_of(again)


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("ordered_qty", "1,5", "1,5 is not a whole number."),
        ("ordered_qty", "0", "Above 0."),
        ("agreed_date", "30 Feb 2027", "February 2027 has 28 days."),
        ("unit_price", "0,98", "Use a point: 0.98"),
        ("currency", "XYZ", "A currency code of ISO 4217"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(
    buyer: Client, source: Source, field: str, text: str, said: str
) -> None:
    typed = {"source": source.pk, "po": "1", "line": "1", "ordered_qty": "5",
             "unit_price": "1", "currency": "USD"} | {field: text}  # fmt: skip
    answer = buyer.post(reverse("order_create", args=[source.part.ipn]), typed)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'value="{text}"' in text_of(answer)
    assert not OrderLine.objects.exists()


def test_quantity_and_date_are_changed(buyer: Client, source: Source) -> None:
    line = factories.order_line(source, 10, "2")
    address = reverse("order_edit", args=[line.public_id])
    typed = {
        "expected": line.version, "ordered_qty": "20", "agreed_date": "2027-03-03",
        "unit_price": "2", "currency": "USD",
    }  # fmt: skip
    assert buyer.post(address, typed).status_code == 302
    line.refresh_from_db()
    assert (line.ordered_qty, line.agreed_date) == (20, dt.date(2027, 3, 3))
    assert buyer.post(address, typed | {"ordered_qty": "30"}).status_code == 409
    line.refresh_from_db()
    assert (line.ordered_qty, line.unit_price) == (20, Decimal(2))


def test_a_line_is_cancelled_with_its_reason(signed_in: Any, buyer: Client, source: Source) -> None:
    line = factories.order_line(source, 10, po="PO-STOP")
    address = reverse("order_cancel", args=[line.public_id])
    assert "10 pcs are no longer expected." in text_of(buyer.get(address))
    assert signed_in("finance").post(address, {"reason": "x"}).status_code == 403
    assert buyer.post(address, {"reason": " "}).status_code == 422
    assert buyer.post(address, {"reason": "Stopped"}).status_code == 302
    assert listed(buyer, state="cancelled") == {"PO-STOP"}
    assert listed(buyer, state="open") == set()
    assert line.history.latest("history_id").history_change_reason == "Stopped"
    again = buyer.post(address, {"reason": "Stopped"})
    assert (again.status_code, "This line was cancelled." in text_of(again)) == (422, True)
