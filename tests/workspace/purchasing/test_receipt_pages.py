"""Receipts on pages: the list, the form, the counter-entry, and the task of the first one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qualification.my_work import tasks_of
from qualification.task_counts import count
from secondsource.core import clock
from suppliers.models import Receipt, Source
from suppliers.serializers import receipt_id
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def form_of(source: Source) -> str:
    return reverse("receipt_create", args=[source.part.ipn])


def typed(of: Source, **fields: str) -> dict[str, str]:
    day = clock.business_day().isoformat()
    return {
        "source": str(of.pk), "received_date": day, "received_qty": "1,000",
        "purpose": "production",
    } | fields  # fmt: skip


def test_thousands_are_read_and_echoed(buyer: Client, source: Source) -> None:
    answer = buyer.post(form_of(source), typed(source), follow=True)
    assert "Recorded 1,000 pieces of TPS62130." in text_of(answer)
    assert Receipt.objects.get().received_qty == 1000


def test_a_large_quantity_asks_to_be_confirmed(buyer: Client, source: Source) -> None:
    factories.receipt(source, 100)
    large = typed(source, received_qty="5,000", lot="L9")
    answer = buyer.post(form_of(source), large)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "5,000 pcs is more than 10 times the usual receipt, 100 pcs." in page
    assert 'type="checkbox" name="confirm"' in page
    assert 'value="L9"' in page
    assert Receipt.objects.count() == 1
    assert buyer.post(form_of(source), large | {"confirm": "on"}).status_code == 302
    assert Receipt.objects.count() == 2


def test_a_return_above_what_came_is_refused_at_its_field(buyer: Client, source: Source) -> None:
    factories.receipt(source, 100, lot="L1")
    answer = buyer.post(form_of(source), typed(source, received_qty="-5,000,000", lot="L1"))
    assert answer.status_code == 422
    assert "Only 100 pcs of lot L1 were received and not returned." in text_of(answer)
    assert Receipt.objects.count() == 1


def test_an_order_line_fills_in_its_source_and_order(buyer: Client, source: Source) -> None:
    line = factories.order_line(source, 500, "1.25", po="PO-77")
    page = text_of(buyer.get(f"{form_of(source)}?order_line={line.key}"))
    assert 'value="1.25"' in page
    assert f'<option value="{line.pk}" selected>' in page
    assert 'value="PO-77"' in page
    buyer.post(form_of(source), typed(source, source="", order_line=str(line.pk)))
    assert Receipt.objects.get().order_line == line


def test_the_source_is_chosen_where_several_may_be_ordered(buyer: Client, source: Source) -> None:
    other = factories.approved(source.part)
    page = text_of(buyer.get(form_of(source)))
    assert f'<option value="{source.pk}" selected>' not in page
    assert f'<option value="{other.pk}" selected>' not in page
    answer = buyer.post(form_of(source), typed(source, source=""))
    assert "Choose the source that was delivered." in text_of(answer)
    assert not Receipt.objects.exists()


def test_receipts_are_listed_by_part_and_kind(signed_in: Any, source: Source) -> None:
    factories.receipt(source, 100, "1.25", lot="L1")
    factories.receipt(source, -10, lot="L1")
    factories.receipt(factories.incumbent(factories.part()), 70, lot="OTHER")
    listed = reverse("receipt_list")
    finance, engineer = signed_in("finance"), signed_in("engineer")
    page = text_of(finance.get(listed, {"search": "tps62130"}))
    assert ("L1" in page, "OTHER" in page, "$1.25" in page) == (True, False, True)
    assert "$1.25" not in text_of(engineer.get(listed))
    returns = finance.get(listed, {"kind": "return", "export": "csv"})
    rows = b"".join(returns.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(rows) == 2
    assert "-10" in rows[1]


def test_a_wrong_receipt_is_corrected_from_the_list(
    signed_in: Any, buyer: Client, source: Source
) -> None:
    wrong = factories.receipt(source, 100)
    address = reverse("receipt_correct", args=[receipt_id(wrong.pk)])
    assert address in text_of(buyer.get(reverse("receipt_list")))
    assert address not in text_of(signed_in("engineer").get(reverse("receipt_list")))
    assert buyer.post(address, {"reason": ""}).status_code == 422
    answer = buyer.post(address, {"reason": "Typed twice"}, follow=True)
    page = text_of(answer)
    assert ("Counter-entry" in page, "Typed twice" in page, "Corrected" in page) == (True,) * 3
    assert not Receipt.objects.standing().exists()
    again = text_of(buyer.get(address))
    assert "This receipt was corrected already." in again


@pytest.mark.parametrize("id", ["rcp-zzzzzzzzzz", "rcp-", "x", "rcp-zzzzzzzzzzzzzzz"])
def test_a_receipt_that_is_not_there(buyer: Client, id: str) -> None:
    assert buyer.get(f"/receipts/{id}/correct/").status_code == 404


def test_sources_are_found_by_numbers_and_orders(buyer: Client, source: Source) -> None:
    factories.order_line(source, 5, po="4500017")
    for text in ("tps62", source.part.ipn.lower(), "4500017"):
        page = text_of(buyer.get(reverse("receipt_choose"), {"q": text}))
        assert f"{form_of(source)}?source={source.key}" in page, text
    assert "No source has" in text_of(buyer.get(reverse("receipt_choose"), {"q": "nothing"}))


def test_the_first_production_receipt_is_procurements_task(buyer: Client, signed_in: Any) -> None:
    team = factories.Team()
    team.jump_to("transition")
    team.finish_transition()
    person = buyer.person  # type: ignore[attr-defined]
    (task,) = tasks_of(person, [])
    assert (task.title, task.group) == ("Record the first production receipt", "to_do")
    assert count(person, cap=99) == 1
    assert count(signed_in("engineer").person, cap=99) == 0
    assert "Record the first production receipt" in text_of(buyer.get(reverse("my_work")))
    page = text_of(buyer.get(task.url))
    assert f'<option value="{team.source.pk}" selected>' in page
    assert "waits for its first production receipt" in page
    assert team.case.key in text_of(buyer.get(reverse("receipt_choose")))
    pilot = typed(team.source, received_qty="5", purpose="pilot")
    assert buyer.post(task.url, pilot)["Location"] == team.source.part.get_absolute_url()
    answer = buyer.post(task.url, typed(team.source, received_qty="5", lot="P1"))
    assert answer["Location"] == f"{team.case.get_absolute_url()}#orders"
    assert f"{team.case.key} counts as a conversion now." in text_of(buyer.get(answer["Location"]))
    assert tasks_of(person, []) == []
    assert count(person, cap=99) == 0


def test_open_orders_are_offered_before_anything_is_searched(buyer: Client, source: Source) -> None:
    line = factories.order_line(source, 2500, po="PO-77")
    page = text_of(buyer.get(reverse("receipt_choose")))
    assert "PO-77 line 10 · 2,500 pcs open" in page
    assert f"order_line={line.key}" in page
