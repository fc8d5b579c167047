"""A wrong receipt and its counter-entry, returns, and quantities that have to be confirmed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from parts.models import PartFigures
from qualification.figures import conversions
from secondsource.core import clock
from secondsource.core.errors import PermissionRefused, Refused, RuleRefused, ValuesRefused
from secondsource.core.models import Event
from suppliers import services
from suppliers.check import received_this_month
from suppliers.models import OrderLine, Receipt, Source
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return factories.incumbent(factories.part())


def correct(wrong: Receipt, *, reason: str = "100, not 1000", role: str = "procurement") -> Receipt:
    return services.correct_receipt(receipt=wrong, reason=reason, actor=factories.actor(role))


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_corrected_receipt_counts_nowhere_and_stays_on_record(source: Source) -> None:
    line = factories.order_line(source, 500)
    factories.receipt(source, 100, "2")
    wrong = factories.receipt(source, 400, "2", order_line=line, rejected_qty=5)
    assert PartFigures.objects.get(part=source.part).spend_12m == 1000
    entry = correct(wrong)
    assert (entry.received_qty, entry.corrects_id, entry.note) == (-400, wrong.pk, "100, not 1000")
    assert (entry.lot, entry.received_date) == (wrong.lot, wrong.received_date)
    assert PartFigures.objects.get(part=source.part).spend_12m == 200
    assert received_this_month(source, clock.business_day()) == 100
    assert OrderLine.objects.with_open().get().open_qty == 500
    assert (Receipt.objects.count(), Receipt.objects.standing().count()) == (3, 1)
    event = Event.objects.get(action="suppliers.receipts.corrected")
    assert (event.note, event.data["quantity"]) == ("100, not 1000", "400")


def test_the_right_receipt_is_recorded_after_the_correction(source: Source) -> None:
    fields = {"lot": "L1", "reference": "GR-1"}
    correct(factories.receipt(source, 1000, **fields))
    factories.receipt(source, 1000, **fields)
    assert Receipt.objects.standing().count() == 1


def test_a_return_can_be_corrected(source: Source) -> None:
    factories.receipt(source, 100, lot="L1")
    correct(factories.receipt(source, -100, lot="L1"))
    assert received_this_month(source, clock.business_day()) == 100


def test_a_conversion_does_not_rest_on_a_corrected_receipt() -> None:
    team = factories.Team()
    team.jump_to("transition")
    team.finish_transition()
    wrong = factories.receipt(team.source, 5)
    assert conversions().count() == 1
    correct(wrong)
    assert conversions().count() == 0


def test_a_receipt_is_corrected_once(source: Source) -> None:
    wrong = factories.receipt(source)
    entry = correct(wrong)
    with pytest.raises(RuleRefused) as refused:
        correct(wrong)
    assert codes(refused) == ["corrected"]
    with pytest.raises(RuleRefused) as refused:
        correct(entry)
    assert codes(refused) == ["is_correction"]
    assert Receipt.objects.count() == 2


def test_what_was_returned_since_is_named(source: Source) -> None:
    wrong = factories.receipt(source, 100, lot="L1")
    factories.receipt(source, -30, lot="L1")
    with pytest.raises(RuleRefused) as refused:
        correct(wrong)
    assert codes(refused) == ["returned"]
    assert "30 pcs of lot L1 were returned since." in str(refused.value)


def test_units_of_a_pilot_are_not_given_back_by_a_correction(source: Source) -> None:
    services.approve_source(
        source=source, kind="case", evidence_ref="SSQ-9999", actor=factories.JOB,
        quantity=Decimal(500),
    )  # fmt: skip
    wrong = factories.receipt(source, 100)
    with pytest.raises(RuleRefused) as refused:
        correct(wrong)
    assert codes(refused) == ["units_used_up"]


def test_an_engineer_corrects_no_receipt(source: Source) -> None:
    wrong = factories.receipt(source)
    with pytest.raises(PermissionRefused):
        correct(wrong, role="engineer")
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_correction_says_why(source: Source, reason: str) -> None:
    wrong = factories.receipt(source)
    with pytest.raises(ValuesRefused):
        correct(wrong, reason=reason)
    assert Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_written() -> None:
    wrong = factories.receipt(factories.incumbent(factories.part()))
    buyer = factories.actor("procurement")

    def once(_: int) -> bool:
        try:
            services.correct_receipt(receipt=wrong, reason="wrong", actor=buyer)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, range(2))) == [False, True]
    assert Receipt.objects.filter(corrects=wrong).count() == 1


@pytest.mark.parametrize(
    "fields", [{"received_qty": -99}, {"received_date": factories.days_ago(1)}, {"note": ""}]
)
def test_the_database_refuses_what_is_no_counter_entry(
    source: Source, fields: dict[str, Any]
) -> None:
    wrong = factories.receipt(source)
    entry = {
        "source": source, "received_date": wrong.received_date, "received_qty": -100,
        "corrects": wrong, "note": "wrong",
    } | fields  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Receipt.objects.create(**entry)


def record(source: Source, quantity: int, **fields: Any) -> Receipt:
    return services.record_receipt(
        source=source, received_qty=Decimal(quantity), received_date=clock.business_day(),
        actor=factories.actor("procurement"), **fields,
    )  # fmt: skip


def problems(refused: Any) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in refused.value.problems]


@pytest.mark.parametrize(
    ("quantity", "lot", "said"),
    [
        (-101, "L1", "Only 100 pcs of lot L1 were received and not returned."),
        (-1, "L3", "Nothing of lot L3 is left to return."),
        (-151, "", "Only 150 pcs of this source were received and not returned."),
    ],
)
def test_no_more_is_returned_than_was_received(
    source: Source, quantity: int, lot: str, said: str
) -> None:
    factories.receipt(source, 100, lot="L1")
    factories.receipt(source, 50, lot="L2")
    with pytest.raises(ValuesRefused, match=said) as refused:
        record(source, quantity, lot=lot)
    assert problems(refused) == [("/0/received_qty", "above_received")]
    assert Receipt.objects.count() == 2


def test_all_of_a_lot_can_be_returned(source: Source) -> None:
    factories.receipt(source, 100, lot="L1")
    record(source, -100, lot="L1")
    with pytest.raises(ValuesRefused):
        record(source, -1, lot="L1")


def test_a_quantity_far_above_the_usual_is_confirmed(source: Source) -> None:
    for quantity in (90, 100, 110):
        factories.receipt(source, quantity)
    record(source, 1000)
    with pytest.raises(ValuesRefused, match="more than 10 times the usual receipt") as refused:
        record(source, 10_001)
    assert problems(refused) == [("/0/confirm", "unusual_quantity")]
    record(source, 10_001, confirmed=True)


def test_a_quantity_far_above_the_order_is_confirmed(source: Source) -> None:
    factories.receipt(source, 5)
    line = factories.order_line(source, 1000)
    record(source, 1000, order_line=line, lot="A")
    with pytest.raises(ValuesRefused, match="what was ordered, 1,000 pcs"):
        record(source, 10_001, order_line=line)


def test_a_first_receipt_is_compared_with_the_demand() -> None:
    part = factories.part()
    factories.bom(factories.product(monthly_volume=100), {part: 1})
    source = factories.incumbent(part)
    with pytest.raises(ValuesRefused, match="demand, 100 pcs"):
        record(source, 1001)
    record(source, 1000)
