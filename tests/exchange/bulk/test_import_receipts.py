"""Receipts by file: found by numbers or order lines, added once, counted no more after undo."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from parts.models import PartFigures
from secondsource.core import clock
from secondsource.core.errors import PermissionRefused, RuleRefused
from secondsource.core.models import Event
from secondsource.exchange import services
from suppliers import services as suppliers
from suppliers.models import Receipt, ReceiptBatch, Source
from tests.exchange.bulk.files import problems, roles, send, take
from tests.exchange.bulk.world import SYSTEM, Sourcing

HEAD = "Received date,Our part number,MPN,Manufacturer,PO,Qty,Rejected,Lot,Unit price,Currency\n"
FILE = HEAD + (
    "2026-03-28,470-00019,TPS62130RGTR,TI,4500017,5000,0,A1,1.25,USD\n"
    "2026-03-28,,MP2315GJ-Z,,4500018,100,5,,1.10,USD\n"
    "2026-03-29,470-00020,,,,20,,,,\n"
    "2026-03-29,470-00020,,,,20,,,,\n"
)


def test_receipts_are_added(sourcing: Sourcing) -> None:
    imported = send(FILE, "receipts", sourcing.buyer)
    assert roles(imported) == {
        "Received date": "received_date", "Our part number": "ipn", "MPN": "mpn",
        "Manufacturer": "manufacturer", "PO": "po", "Qty": "received_qty",
        "Rejected": "rejected_qty", "Lot": "lot", "Unit price": "unit_price",
        "Currency": "currency",
    }  # fmt: skip
    assert imported.totals["would"] == {"created": 4, "updated": 0, "unchanged": 0}
    assert imported.totals["sums"]["Sources"] == "3"
    done = take(FILE, "receipts", sourcing.buyer)
    assert (done.state, done.result["created"]) == ("done", 4)
    rows = Receipt.objects.order_by("id").values_list(
        "source", "received_date", "received_qty", "rejected_qty", "po", "lot", "nth"
    )
    assert list(rows) == [
        (sourcing.first.pk, dt.date(2026, 3, 28), 5000, 0, "4500017", "A1", 1),
        (sourcing.second.pk, dt.date(2026, 3, 28), 100, 5, "4500018", "", 1),
        (sourcing.only.pk, dt.date(2026, 3, 29), 20, 0, "", "", 1),
        (sourcing.only.pk, dt.date(2026, 3, 29), 20, 0, "", "", 2),
    ]
    first = Receipt.objects.get(lot="A1")
    assert (first.unit_price, first.currency, first.purpose) == (
        Decimal("1.25"),
        "USD",
        "production",
    )
    assert first.actor_id == sourcing.buyer.user_id
    assert ReceiptBatch.objects.get().ref == done.public_id
    told = Event.objects.filter(action="suppliers.receipts.recorded", note="import file.csv")
    assert [one.data for one in told.order_by("subject_id")] == [
        {"rows": 1, "quantity": "5000.0000"},
        {"rows": 1, "quantity": "100.0000"},
        {"rows": 2, "quantity": "40.0000"},
    ]
    assert PartFigures.objects.get(part=sourcing.first.part_id).spend_12m is not None


def test_a_file_sent_twice_doubles_nothing(sourcing: Sourcing) -> None:
    take(FILE, "receipts", sourcing.buyer)
    again = send(FILE, "receipts", sourcing.buyer)
    assert again.totals["would"] == {"created": 0, "updated": 0, "unchanged": 4}
    with pytest.raises(RuleRefused) as refusal:
        services.confirm(imported=again, actor=sourcing.buyer)
    assert [r.code for r in refusal.value.reasons] == ["nothing_to_do"]
    longer = FILE + "2026-03-29,470-00020,,,,20,,,,\n2026-03-30,470-00020,,,,7,,,,\n"
    more = take(longer, "receipts", sourcing.buyer)
    assert (more.result["created"], more.result["unchanged"]) == (2, 4)
    assert sorted(Receipt.objects.filter(received_qty=20).values_list("nth", flat=True)) == [
        1,
        2,
        3,
    ]


def test_undo_lets_them_count_no_more_and_they_can_come_again(sourcing: Sourcing) -> None:
    done = take(FILE, "receipts", sourcing.buyer)
    undone = services.undo(imported=done, actor=sourcing.buyer)
    assert undone.state == "undone"
    assert (Receipt.objects.count(), Receipt.objects.standing().count()) == (4, 0)
    assert PartFigures.objects.get(part=sourcing.first.part_id).spend_basis != "receipts"
    again = take(FILE, "receipts", sourcing.buyer)
    assert again.result["created"] == 4
    assert (Receipt.objects.count(), Receipt.objects.standing().count()) == (8, 4)


def test_undo_is_refused_when_units_of_a_pilot_were_used_up(sourcing: Sourcing) -> None:
    source = sourcing.second
    with clock.at(dt.date(2026, 3, 1)):
        suppliers.approve_source(
            source=source, kind="case", evidence_ref="SSQ-9999", quantity=Decimal(150), actor=SYSTEM
        )
    done = take(FILE, "receipts", sourcing.buyer)
    assert Source.objects.with_units_left().get(pk=source.pk).units_left == 50
    with pytest.raises(RuleRefused) as refusal:
        services.undo(imported=done, actor=sourcing.buyer)
    assert [r.code for r in refusal.value.reasons] == ["units_used_up"]
    assert Receipt.objects.standing().count() == 4


def test_by_order_and_line(sourcing: Sourcing) -> None:
    line = suppliers.add_order_line(
        source=sourcing.first, po="4500017", line="10", ordered_qty=Decimal(500),
        supplier=sourcing.distributor, actor=sourcing.buyer,
    )  # fmt: skip
    text = (
        "Order,Line,Received on,Received quantity,MPN,Supplier\n"
        "4500017,10,2026-03-28,500,,\n"
        "4500017,10,2026-03-29,500,MP2315GJ-Z,Digi-Key\n"
        "4500017,20,2026-03-29,500,RC0402,\n"
        "4500017,20,2026-03-29,500,,\n"
    )
    imported = take(text, "receipts", sourcing.buyer, partial=True)
    assert problems(imported) == [(3, "mpn", "other_source"), (5, "line", "no_source")]
    assert [one["code"] for one in imported.warnings] == ["no_order_line"]
    first, other = Receipt.objects.order_by("id")
    assert (first.order_line, first.source, first.supplier) == (
        line, sourcing.first, sourcing.distributor,
    )  # fmt: skip
    assert (other.order_line, other.source, other.po) == (None, sourcing.only, "4500017")


def test_every_error_of_a_row(sourcing: Sourcing) -> None:
    text = HEAD + (
        "2026-02-30,470-00019,,,,0,,,1,\n"
        "2126-01-01,,TPS62130RGTR,Nobody,,-5,1,,-1,EURO\n"
        "2026-01-01,470-00020,,,,2.5,3,,1,usd\n"
        "2026-01-01,470-00020,WRONG,,,2,3,,1,dollars of old\n"
        ",,,,,,,,,\n"
        "n/a,470-00020,,,,5,,,,\n"
    )
    imported = send(text, "receipts", sourcing.buyer)
    assert problems(imported) == [
        (2, "ipn", "ambiguous_source"),
        (2, "received_date", "no_such_day"),
        (2, "received_qty", "zero"),
        (2, "unit_price", "no_currency"),
        (3, "manufacturer", "unknown_manufacturer"),
        (3, "received_date", "in_future"),
        (3, "unit_price", "negative"),
        (4, "received_qty", "not_whole"),
        (4, "rejected_qty", "above_received"),
        (5, "currency", "currency_form"),
        (5, "mpn", "unknown_source"),
        (5, "rejected_qty", "above_received"),
        (7, "received_date", "missing"),
    ]
    assert (imported.totals["blank"], imported.totals["good"]) == (1, 0)


def test_an_engineer_records_no_receipts(sourcing: Sourcing, engineer: object) -> None:
    with pytest.raises(PermissionRefused):
        send(FILE, "receipts", engineer)  # type: ignore[arg-type]


def test_equal_rows_with_one_goods_receipt_number_are_told(sourcing: Sourcing) -> None:
    """They are taken, as the file says, and not in silence."""
    text = "Date,Part no,Qty,Lot,GRN\n" + "2026-03-28,470-00020,5,L1,G-1\n" * 2
    text += "2026-03-28,470-00020,5,L1,G-2\n"
    imported = send(text, "receipts", sourcing.buyer)
    assert imported.totals["would"]["created"] == 3
    (told,) = [one["detail"] for one in imported.warnings if one["code"] == "equal_arrivals"]
    assert told.startswith("Rows that repeat an earlier one, goods receipt number and all: 1.")


def test_price_without_currency_in_a_column_of_currencies(sourcing: Sourcing) -> None:
    text = "Date,Part no,Qty,Price,Currency\n2026-03-28,470-00020,5,1.25,\n"
    (row,) = send(text, "receipts", sourcing.buyer).errors
    assert (row["code"], row["detail"]) == (
        "no_currency",
        "A price needs a currency: this row has none.",
    )


def test_returns_stay_within_what_was_received_here_and_before(sourcing: Sourcing) -> None:
    text = HEAD + (
        "2026-03-28,470-00020,,,,100,,A1,,\n"
        "2026-03-28,470-00020,,,,50,,A2,,\n"
        "2026-03-29,470-00020,,,,-100,,A1,,\n"
        "2026-03-30,470-00020,,,,-51,,A2,,\n"
        "2026-03-30,470-00019,TPS62130RGTR,TI,,-1,,,,\n"
    )
    imported = send(text, "receipts", sourcing.buyer)
    assert problems(imported) == [
        (5, "received_qty", "above_received"), (6, "received_qty", "above_received"),
    ]  # fmt: skip
    good = "".join(text.splitlines(keepends=True)[:4])
    take(good, "receipts", sourcing.buyer)
    again = send(good, "receipts", sourcing.buyer)
    assert again.totals["would"] == {"created": 0, "updated": 0, "unchanged": 3}
    more = send(HEAD + "2026-03-31,470-00020,,,,-1,,A1,,\n", "receipts", sourcing.buyer)
    assert problems(more) == [(2, "received_qty", "above_received")]


def test_a_corrected_receipt_can_come_again(sourcing: Sourcing) -> None:
    take(FILE, "receipts", sourcing.buyer)
    wrong = Receipt.objects.get(lot="A1")
    suppliers.correct_receipt(receipt=wrong, reason="wrong price", actor=sourcing.buyer)
    again = take(FILE, "receipts", sourcing.buyer)
    assert (again.result["created"], again.result["unchanged"]) == (1, 3)


def test_quantities_far_above_the_usual_are_counted_in_the_preview(sourcing: Sourcing) -> None:
    take(FILE, "receipts", sourcing.buyer)
    text = HEAD + "2026-03-31,,MP2315GJ-Z,,4500019,1001,,,,\n2026-03-31,,MP2315GJ-Z,,,1000,,,,\n"
    imported = send(text, "receipts", sourcing.buyer)
    (told,) = imported.warnings
    assert told["code"] == "unusual_quantity"
    assert "of their source: 1. Check" in told["detail"]
