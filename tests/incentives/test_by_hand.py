"""The ledger of odd receipts against the sums that an auditor makes by hand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import ROUND_HALF_UP
from decimal import Decimal as D

from incentives import services
from incentives.ledger import pool_base
from incentives.models import BudgetRate, SavingLine
from parts import services as catalogue
from secondsource.core import clock
from tests.factories import JOB
from tests.incentives.saving import Saving

#: Day, units, price and currency: six decimals, two currencies, a return, before the opening, on
#: the last day of the window and on the day after, over the end of a year.
RECEIPTS = (
    ("2026-01-05", 500, "1.00", "USD"), ("2026-06-20", 3333, "1.234567", "USD"),
    ("2026-06-21", 100, "1.111111", "EUR"), ("2026-06-25", -33, "1.234567", "USD"),
    ("2026-12-31", 777, "2.999999", "USD"), ("2027-01-01", 250, "1.333333", "EUR"),
    ("2027-06-19", 10, "3.100001", "USD"), ("2027-06-20", 9999, "0.500000", "USD"),
)  # fmt: skip
BUDGET = {2026: D("1.2"), 2027: D("1.3")}
ACTUAL = D("1.0817")


def cents(value: D) -> D:
    """Rounded half up."""
    return value.quantize(D("0.01"), ROUND_HALF_UP)


def by_hand() -> dict[str, tuple[D, D, D]]:
    """Month → units, saving at the budget rate, effect of the rate."""
    found: dict[str, list[D]] = defaultdict(lambda: [D(0)] * 3)
    for day, units, price, currency in RECEIPTS:
        if not "2026-06-20" <= day < "2027-06-20":
            continue
        budget = BUDGET[int(day[:4])] if currency == "EUR" else D(1)
        actual = ACTUAL if currency == "EUR" else D(1)
        sums = found[day[:7]]
        found[day[:7]] = [
            sums[0] + units, sums[1] + (D("3.10") - D(price) * budget) * units,
            sums[2] + (D("3.10") - D(price) * actual) * units,
        ]  # fmt: skip
    return {
        month: (units, cents(saved), cents(total) - cents(saved))
        for month, (units, saved, total) in found.items()
    }


def test_odd_receipts_are_counted_as_by_hand(saving: Saving) -> None:
    with clock.at(dt.date(2026, 1, 2)):
        catalogue.record_rate(
            currency="EUR", quote="USD", rate=ACTUAL, as_of=clock.business_day(),
            publisher="ECB", actor=JOB,
        )  # fmt: skip
    for year, rate in BUDGET.items():
        BudgetRate.objects.create(year=year, currency="EUR", quote="USD", rate=rate)
    for day, units, price, currency in RECEIPTS:
        saving.receive(
            saving.alternate, dt.date.fromisoformat(day), units, price, currency=currency
        )
    saving.compute(dt.date(2027, 8, 1))
    rows = SavingLine.objects.filter(kind="volume_shift", origin="receipts")
    assert {
        f"{row.earned_in:%Y-%m}": (row.quantity, row.amount, row.fx_effect) for row in rows
    } == by_hand()
    with clock.at(dt.date(2027, 8, 1)):
        for month in sorted({row.month for row in rows}):
            services.close_month(month=month, actor=saving.finance)
        services.validate_lines(
            lines=list(SavingLine.objects.filter(kind="volume_shift", origin="receipts")),
            reason="checked", actor=saving.finance,
        )  # fmt: skip
        assert pool_base(saving.case).validated == sum(one[1] for one in by_hand().values())
