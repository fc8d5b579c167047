"""Receipts: the same one twice, batches, and batches that are taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from parts.models import PartFigures
from qualification.figures import conversions
from secondsource.core import clock
from secondsource.core.errors import Duplicate, PermissionRefused, RuleRefused, ValuesRefused
from secondsource.core.models import Event
from suppliers import services
from suppliers.check import received_this_month
from suppliers.models import OrderLine, Receipt, ReceiptBatch, Source
from tests import factories

pytestmark = pytest.mark.django_db


def a_receipt(of: Source, quantity: int = 100, **fields: Any) -> Receipt:
    """As a sender gives it: without a lot."""
    return factories.receipt(of, quantity, **{"lot": ""} | fields)


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part())


@pytest.mark.parametrize("fields", [{}, {"reference": "GR-1"}, {"po": "4500", "lot": "L1"}])
def test_the_same_receipt_twice_is_recognised(source: Source, fields: dict[str, Any]) -> None:
    a_receipt(source, **fields)
    with pytest.raises(Duplicate, match="on record already"):
        a_receipt(source, **fields)
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"lot": "L2"}, {"po": "2"}, {"quantity": 99}, {"date_code": "2630"}]
)
def test_another_receipt_of_the_day_is_not_the_same(source: Source, other: dict[str, Any]) -> None:
    a_receipt(source)
    a_receipt(source, **other)
    assert Receipt.objects.count() == 2


def test_a_reference_tells_whatever_the_quantity(source: Source) -> None:
    a_receipt(source, reference="GR-1")
    with pytest.raises(Duplicate):
        a_receipt(source, 99, reference="GR-1")
    a_receipt(source, reference="GR-2")
    assert Receipt.objects.count() == 2


def test_equal_arrivals_of_one_call_are_counted_up(source: Source) -> None:
    rows = [
        Receipt(source=source, received_date=clock.business_day(), received_qty=Decimal(5))
        for _ in range(2)
    ]
    services.record_receipts(receipts=rows, actor=factories.JOB)
    assert sorted(Receipt.objects.values_list("nth", flat=True)) == [1, 2]


def test_the_database_knows_the_natural_key(source: Source) -> None:
    a_receipt(source)
    again = Receipt(source=source, received_date=clock.business_day(), received_qty=Decimal(100))
    with pytest.raises(IntegrityError, match="receipt_once"), transaction.atomic():
        again.save(force_insert=True)


def test_a_fraction_needs_a_unit_that_has_them(source: Source) -> None:
    with pytest.raises(ValuesRefused) as refused:
        services.record_receipt(
            source=source, received_date=clock.business_day(), received_qty=Decimal("1.5"),
            actor=factories.JOB,
        )  # fmt: skip
    assert [p.code for p in refused.value.problems] == ["not_whole"]
    wire = factories.incumbent(factories.part(unit="m"))
    services.record_receipt(
        source=wire,
        received_date=clock.business_day(),
        received_qty=Decimal("1.5"),
        actor=factories.JOB,
    )
    assert Receipt.objects.get().received_qty == Decimal("1.5")


def batch_of(*sources: Source, price: str = "2", **fields: Any) -> ReceiptBatch:
    batch = ReceiptBatch.objects.create(origin="receipts.csv", rows=len(sources))
    for of in sources:
        factories.receipt(of, 100, price, batch=batch, **fields)
    return batch


def take_back(batch: ReceiptBatch, role: str = "procurement") -> None:
    services.take_back_batch(batch=batch, actor=factories.actor(role), reason="wrong file")


def test_a_batch_taken_back_counts_nowhere_and_stays_on_record(source: Source) -> None:
    line = factories.order_line(source, 500)
    batch = batch_of(source, order_line=line)
    assert PartFigures.objects.get(part=source.part).spend_basis == "receipts"
    take_back(batch)
    assert PartFigures.objects.get(part=source.part).spend_basis == "missing"
    assert received_this_month(source, clock.business_day()) == 0
    assert OrderLine.objects.with_open().get().open_qty == 500
    assert (Receipt.objects.count(), Receipt.objects.standing().count()) == (1, 0)
    event = Event.objects.get(action="suppliers.receipts.taken_back")
    assert (event.note, event.data) == ("wrong file", {"rows": 1})


def test_a_conversion_rests_on_receipts_that_stand() -> None:
    team = factories.Team()
    team.jump_to("transition")
    team.finish_transition()
    batch = batch_of(team.source, received_date=clock.business_day())
    assert conversions().count() == 1
    take_back(batch)
    assert conversions().count() == 0


@pytest.mark.parametrize("role", ["quality", "engineer", "viewer"])
def test_procurement_takes_batches_back(source: Source, role: str) -> None:
    with pytest.raises(PermissionRefused):
        take_back(batch_of(source), role)
    assert Receipt.objects.standing().count() == 1


def test_a_receipt_that_was_taken_back_needs_no_correction(source: Source) -> None:
    batch = batch_of(source)
    take_back(batch)
    with pytest.raises(RuleRefused) as refused:
        services.correct_receipt(
            receipt=Receipt.objects.get(), reason="typed wrong", actor=factories.JOB
        )
    assert [reason.code for reason in refused.value.reasons] == ["taken_back"]
    assert Receipt.objects.count() == 1


def test_what_was_taken_back_can_come_again(source: Source) -> None:
    take_back(batch_of(source, lot="L1"))
    factories.receipt(source, 100, "2", lot="L1")
    with pytest.raises(Duplicate):
        factories.receipt(source, 100, "2", lot="L1")
    assert Receipt.objects.standing().count() == 1


def test_units_of_a_pilot_are_not_given_back_by_taking_back(source: Source) -> None:
    services.approve_source(
        source=source,
        kind="case",
        evidence_ref="SSQ-9999",
        actor=factories.JOB,
        quantity=Decimal(500),
    )
    batch = batch_of(source, received_date=clock.business_day())
    with pytest.raises(RuleRefused) as refused:
        take_back(batch)
    assert [reason.code for reason in refused.value.reasons] == ["units_used_up"]
    assert Source.objects.with_units_left().get(pk=source.pk).units_left == 400
    assert Receipt.objects.standing().count() == 1


def test_a_batch_is_taken_back_once(source: Source) -> None:
    batch = batch_of(source)
    take_back(batch)
    with pytest.raises(RuleRefused):
        take_back(batch)
