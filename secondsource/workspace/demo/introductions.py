"""The demonstration's introductions, and the lots in which alternates were built. All invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from parts.models import BomRevision
from qualification import services as qualification
from qualification.approval import products_of
from qualification.models import Case
from secondsource.core import clock
from secondsource.workspace.demo.people import Cast
from suppliers import resolve
from suppliers import services as sourcing

#: Days after the start of the transition on which a lot was built, its units and failures.
LOTS = ((9, 120, 1), (23, 180, 0), (41, 240, 2), (58, 260, 1))


def plan(case: Case, cast: Cast) -> None:
    """Change notice, cut-in in two weeks, and the present revision of each product."""
    today = clock.business_day()
    current = BomRevision.objects.filter(product__in=products_of(case), current=True)
    qualification.plan_introduction(
        case=case, actor=cast["engineer"],
        revisions={one.product: one for one in current.select_related("product")},
        values={
            "change_notice": f"ECN-{400 + case.number}",
            "cut_in_on": today + dt.timedelta(days=14),
            "run_out_quantity": 3200, "run_out_by": today + dt.timedelta(days=45),
        },
    )  # fmt: skip


#: Days after the start of the transition on which a lot of the alternate came in.
DELIVERIES = (12, 40, 70)


@resolve.together()
def receive(
    case: Case, cast: Cast, *, price: Decimal, until: dt.date, bad_on: dt.date | None = None
) -> None:
    """Lots of the alternate in time, each of a third of a month; one may breach a trigger."""
    began = case.transition_started
    if began is None:
        return
    month = case.part.figures.month_demand or Decimal(1000)
    days = [began + dt.timedelta(days=after) for after in DELIVERIES]
    days = [day for day in days if day <= until] + ([bad_on] if bad_on else [])
    for number, day in enumerate(days, 1):
        quantity = (month / 3).quantize(Decimal(1))
        source = case.source
        money: dict[str, Any] = {"unit_price": price, "currency": "USD"}
        with clock.at(day):
            line = sourcing.add_order_line(
                source=source, po=f"PO-{6000 + case.number}", line=str(10 * number),
                ordered_qty=quantity, agreed_date=day + dt.timedelta(days=1),
                actor=cast["procurement"], **money,
            )  # fmt: skip
            sourcing.record_receipt(
                source=source, order_line=line, received_date=day, received_qty=quantity,
                rejected_qty=quantity // 40 if day == bad_on else Decimal(0),
                lot=f"{source.manufacturer_part.mpn[:4]}{day:%y%W}", actor=cast["procurement"],
                **money,
            )  # fmt: skip


def build_lots(case: Case, cast: Cast, *, until: dt.date) -> None:
    """Lots of the products of a case since its transition began, with serials without a gap."""
    began, lots = case.transition_started, []
    if began is None:
        return
    for product in products_of(case):
        serial = 1
        for days, units, failed in LOTS:
            on = began + dt.timedelta(days=days)
            if on > until:
                break
            lots.append(
                qualification.BuiltLot(
                    product=product, source=case.source, lot=f"{on:%y%m%d}-{product.code[-3:]}",
                    quantity=units, failed=failed, built_on=on,
                    part_lot=f"{case.source.manufacturer_part.mpn[:4]}{on:%y%W}",
                    serial_prefix=f"{product.code}-{case.number:02}-", serial_from=serial,
                    serial_to=serial + units - 1,
                )
            )  # fmt: skip
            serial += units
    if lots:
        qualification.record_built(lots=lots, actor=cast["engineer"])
