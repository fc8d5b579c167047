"""Order lines: what is ordered, what is open, and what that means for the next order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from parts.models import Part
from secondsource.core import clock
from secondsource.core.errors import Duplicate, PermissionRefused, ValuesRefused
from secondsource.core.models import Event
from suppliers import services
from suppliers.check import check
from suppliers.models import OrderLine, Receipt, Source
from tests import factories

pytestmark = pytest.mark.django_db


def source() -> Source:
    return factories.incumbent(factories.part())


def still_open(line: OrderLine) -> Decimal:
    return OrderLine.objects.with_open().get(pk=line.pk).open_qty


def arrives(line: OrderLine, quantity: int, **fields: Any) -> None:
    factories.receipt(line.source, quantity, order_line=line, **fields)


def test_a_line_is_added_told_and_kept_in_the_history() -> None:
    of, buyer = source(), factories.actor("procurement")
    line = services.add_order_line(
        source=of, po="4500", line="10", ordered_qty=Decimal(500), actor=buyer,
        agreed_date=clock.business_day(), unit_price=Decimal("0.5"), currency="USD",
    )  # fmt: skip
    assert line.supplier == of.manufacturer_part.manufacturer
    assert line.history.get().history_user_id == buyer.user_id
    assert Event.objects.get(action="suppliers.orderline.added").subject_id == line.pk


def test_what_did_not_arrive_is_open() -> None:
    line = factories.order_line(source(), 500)
    assert still_open(line) == 500
    arrives(line, 300)
    assert still_open(line) == 200
    arrives(line, 300)
    assert still_open(line) == 0


def test_what_the_erp_said_counts_and_what_came_since() -> None:
    day = factories.days_ago(5)
    line = factories.order_line(source(), 500, open_given=Decimal(200), open_as_of=day)
    arrives(line, 300, received_date=day)
    assert still_open(line) == 200
    arrives(line, 50)
    assert still_open(line) == 150


def test_an_open_quantity_without_a_day_is_as_of_today() -> None:
    line = factories.order_line(source(), 500, open_given=Decimal(200))
    assert line.open_as_of == clock.business_day()
    actor = factories.actor("procurement")
    line = services.change_order_line(order_line=line, values={"open_given": None}, actor=actor)
    assert line.open_as_of is None


def test_a_receipt_of_a_line_takes_its_order_and_supplier() -> None:
    distributor = factories.manufacturer("Distributor", kinds=["distributor"])
    line = factories.order_line(source(), po="4500", supplier=distributor)
    arrives(line, 10)
    receipt = line.receipts.get()
    assert (receipt.po, receipt.supplier) == ("4500", distributor)


def test_a_suppliers_order_has_a_line_once() -> None:
    of = source()
    factories.order_line(of, po="4500", line="10")
    with pytest.raises(Duplicate):
        factories.order_line(of, po="4500", line="10")
    factories.order_line(of, po="4500", line="10", supplier=factories.manufacturer())
    assert OrderLine.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"quantity": 0}, "/ordered_qty"),
        ({"open_given": Decimal(101)}, "/open_qty"),
        ({"open_given": Decimal(1), "open_as_of": dt.date(2999, 1, 1)}, "/open_as_of"),
        ({"unit_price": Decimal(1)}, "/unit_price"),
        ({"open_given": Decimal("1.5")}, "/open_qty"),
        ({"po": ""}, "/po"),
    ],
)
def test_a_line_that_cannot_be(fields: dict[str, Any], pointer: str) -> None:
    of = source()
    with pytest.raises(ValuesRefused) as refused:
        factories.order_line(of, **fields)
    assert [p.pointer for p in refused.value.problems] == [pointer]
    assert not OrderLine.objects.exists()


def test_an_engineer_orders_nothing() -> None:
    of = source()
    with pytest.raises(PermissionRefused):
        services.add_order_line(
            source=of, po="1", line="1", ordered_qty=Decimal(1), actor=factories.actor("engineer")
        )


def test_a_receipt_of_another_source_is_refused_by_service_and_database() -> None:
    line, other = factories.order_line(source()), source()
    with pytest.raises(ValuesRefused) as refused:
        factories.receipt(other, 5, order_line=line)
    assert [p.code for p in refused.value.problems] == ["other_source"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    wrong = Receipt(
        source=other, order_line=line, received_date=clock.business_day(), received_qty=1
    )
    with pytest.raises(IntegrityError, match="receipt_of_order_line"), transaction.atomic():
        wrong.save(force_insert=True)


def ramped() -> tuple[Part, Source]:
    """A part of which 1,000 are needed a month, its source capped at a half."""
    part = factories.part(given_demand=Decimal(12_000))
    first = factories.incumbent(part)
    return part, services.approve_source(
        source=first,
        kind="case",
        evidence_ref="SSQ-9999",
        actor=factories.JOB,
        share=Decimal("0.5"),
    )


def codes(part: Part, quantity: int) -> list[str]:
    return [reason.code for reason in check(part=part, quantity=Decimal(quantity)).reasons]


def test_open_orders_count_in_the_share() -> None:
    part, first = ramped()
    assert codes(part, 500) == []
    line = factories.order_line(
        first, 400, agreed_date=clock.business_day() + dt.timedelta(days=90)
    )
    assert codes(part, 100) == []
    assert codes(part, 101) == ["above_ramp"]
    arrives(line, 400)
    assert codes(part, 101) == ["above_ramp"]


def test_orders_that_are_filled_leave_room_in_the_next_month() -> None:
    part, first = ramped()
    line = factories.order_line(first, 400)
    arrives(line, 400, received_date=factories.days_ago(40))
    assert codes(part, 500) == []


@pytest.mark.parametrize(
    ("name", "blocked", "code"),
    [("valid_to", 2, "no_longer_in_use"), ("valid_from", 0, "not_yet_in_use")],
)
def test_a_source_is_used_within_its_own_period(name: str, blocked: int, code: str) -> None:
    first, tomorrow = source(), clock.business_day() + dt.timedelta(days=1)
    actor = factories.actor("engineer")
    services.change_source(source=first, values={name: tomorrow}, actor=actor)
    verdict = check(part=first.part, day=clock.business_day() + dt.timedelta(days=blocked))
    assert (verdict.verdict, [r.code for r in verdict.reasons]) == ("block", [code])
    assert check(part=first.part, day=tomorrow).verdict == "allow"
