"""Rows of the ledger for tests that visit every address."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from incentives.models import (
    Baseline,
    BudgetRate,
    ClosedMonth,
    IndexValue,
    KpiTarget,
    PriceIndex,
    SavingLine,
)
from qualification.models import Case
from secondsource.accounts.models import Team
from secondsource.core import clock
from suppliers.models import Source

#: Prices that nothing else has.
BASELINE, PAID, SAVED = "7.7211", "7.1213", "599.83"


def saving_rows(case: Case, source: Source) -> dict[str, str]:
    """A baseline, a realised line, a closed month, a budget rate, an index, a target."""
    now = clock.now()
    baseline = Baseline.objects.create(
        case=case, source=source, basis="entered", price=Decimal(BASELINE), currency="USD",
        price_on=dt.date(2026, 1, 5), evidence="Invoice 4711", frozen_at=now,
    )  # fmt: skip
    month = dt.date(2026, 6, 1)
    line = SavingLine.objects.create(
        case=case, source=source, month=month, earned_in=month, kind="negotiated",
        stage="realised", origin="entered", baseline_price=Decimal(BASELINE),
        paid_price=Decimal(PAID), quantity=1000, amount=Decimal(SAVED), currency="USD",
        reason="Cut", evidence="Contract",
    )  # fmt: skip
    closed = ClosedMonth.objects.create(month=dt.date(2025, 12, 1), closed_at=now)
    rate = BudgetRate.objects.create(year=2026, currency="EUR", quote="USD", rate=Decimal("1.1"))
    team = Team.objects.get_or_create(code="NORTH", name="North")[0]
    target = KpiTarget.objects.create(
        team=team, year=2026, conversions=3, cost_reduction_pct=Decimal(5)
    )
    index = PriceIndex.objects.create(code="CU", name="Copper", publisher="LME", unit="USD/t")
    value = IndexValue.objects.create(
        index=index, day=dt.date(2026, 1, 2), value=9000, evidence="LME bulletin"
    )
    return {
        "price-indices": index.key, "index-values": value.key,
        "baselines": baseline.key, "savings": line.key, "closed-months": closed.key,
        "budget-rates": rate.key, "kpi-targets": target.key,
    }  # fmt: skip
