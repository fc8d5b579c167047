"""Forecast and contracted savings, and what leaks between contract and receipts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from incentives import case_ledger, services, totals
from incentives.models import ClosedMonth, SavingLine
from qualification.models import BusinessCase, Case
from secondsource.core import clock
from suppliers import services as sourcing
from tests.factories import JOB
from tests.incentives.saving import AUGUST, JUNE, Saving


def agree(saving: Saving, price: str = "1.94", **fields: Any) -> None:
    """An agreement on the alternate from June on for a year."""
    part = saving.alternate.manufacturer_part
    given = {
        "volume_commitment": 120_000, "valid_from": JUNE, "valid_to": dt.date(2027, 5, 31),
    } | fields  # fmt: skip
    sourcing.add_agreement(
        supplier=part.manufacturer, manufacturer_part=part, document="Contract 12",
        currency="USD", price_breaks=[(1, Decimal("2.50")), (10_000, Decimal(price))],
        actor=JOB, **given,
    )  # fmt: skip


def foresee(saving: Saving) -> Any:
    with clock.at(AUGUST):
        services.recompute_realised(actor=JOB)
        return services.recompute_foreseen(actor=JOB)


def test_an_agreement_is_contracted_by_month(saving: Saving) -> None:
    saving.summer()
    agree(saving)
    foresee(saving)
    june = saving.lines(stage="contracted", month=JUNE)[0]
    assert (june.quantity, june.paid_price, june.amount) == (
        10_000, Decimal("1.94"), Decimal("11600.00"),
    )  # fmt: skip
    assert (june.reason, june.evidence) == ("PA-0001", "Contract 12")
    assert len(saving.lines(stage="contracted")) == 12
    again = foresee(saving)
    assert (again.written, again.removed) == (0, 0)


def test_a_business_case_is_a_forecast(saving: Saving) -> None:
    saving.receive(saving.alternate, dt.date(2026, 6, 20), 100, "1.94")
    BusinessCase.objects.update_or_create(
        case=saving.case, defaults={"saving_per_year": Decimal(120000), "currency": "USD"}
    )
    foresee(saving)
    rows = saving.lines(origin="forecast")
    # The window is 20 June to 19 June: 13 calendar months, of which the ends are one together.
    amounts = [row.amount for row in rows]
    assert amounts == [Decimal("3666.67"), *[Decimal("10000.00")] * 11, Decimal("6333.33")]
    assert sum(amounts) == 120_000
    assert {row.stage for row in rows} <= {"idea", "committed"}
    assert rows[0].month == JUNE


def test_a_long_agreement_is_contracted_to_the_end_of_the_window(saving: Saving) -> None:
    saving.receive(saving.alternate, dt.date(2026, 6, 20), 100, "1.94")
    agree(saving, valid_from=dt.date(2026, 6, 15), valid_to=dt.date(2028, 6, 14),
          volume_commitment=240_000)  # fmt: skip
    foresee(saving)
    units = [row.quantity for row in saving.lines(stage="contracted")]
    assert units == [*[10_000] * 12, 6_333]


def test_a_year_from_the_middle_of_a_month_is_contracted_twelve_times(saving: Saving) -> None:
    saving.receive(saving.alternate, JUNE, 100, "1.94")
    agree(saving, valid_from=dt.date(2026, 6, 15), valid_to=dt.date(2027, 6, 14))
    foresee(saving)
    assert sum(row.quantity for row in saving.lines(stage="contracted")) == 120_000


def test_nothing_is_foreseen_for_a_case_that_was_rolled_back(saving: Saving) -> None:
    saving.summer()
    agree(saving)
    BusinessCase.objects.update_or_create(
        case=saving.case, defaults={"saving_per_year": Decimal(120000), "currency": "USD"}
    )
    foresee(saving)
    saving.close(JUNE)
    Case.objects.filter(pk=saving.case.pk).update(state="rolled_back")
    foresee(saving)
    rows = saving.lines(origin__in=("agreement", "forecast"))
    assert {row.month for row in rows} == {JUNE}


def test_leakage_by_price_and_volume_sums_to_the_whole(saving: Saving) -> None:
    agree(saving)
    saving.receive(saving.alternate, dt.date(2026, 6, 20), 4000, "2.04")
    foresee(saving)
    saving.close(JUNE)
    leak = totals.leakage(
        SavingLine.objects.all(), ClosedMonth.objects.values_list("month", flat=True)
    )[0]
    assert (leak.contracted, leak.realised) == (Decimal("11600.00"), Decimal("4240.00"))
    assert (leak.price, leak.volume) == (Decimal("400.00"), Decimal("6960.00"))
    assert leak.price + leak.volume == leak.total
    assert leak.fx == 0


def test_a_contracted_line_of_a_closed_month_stays(saving: Saving) -> None:
    saving.summer()
    agree(saving)
    foresee(saving)
    saving.close(JUNE)
    services.recompute_foreseen(actor=JOB)
    june = saving.lines(stage="contracted", month=JUNE)[0]
    assert june.amount == Decimal("11600.00")
    with clock.at(AUGUST):
        sums = totals.in_all(case_ledger.read(saving.case).months)
    assert sums["realised"] == Decimal("40368.80")
    assert sums["validated"] == 0
