"""How long the stock lasts when the incumbent stops, against the time until it is back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from parts.models import PartFigures
from qualification import risk
from qualification.house_rules import RiskPolicy
from secondsource.core import formats, policies
from secondsource.core.charts import Chart, bars
from suppliers import cover

WEEKS_A_MONTH = Decimal(52) / 12


@dataclass(frozen=True)
class Survival:
    """Weeks on hand, weeks to recovery, pieces a week, pieces missed until then (0: it lasts)."""

    cover: Decimal
    recovery: Decimal
    per_week: Decimal
    missing: Decimal
    chart: Chart


def of(figures: PartFigures | None) -> Survival | None:
    """From the stored figures; None when stock or demand is not known.

    The time to recovery is the house rule's default of a wafer fab.
    """
    if figures is None or figures.cover_wk is None or not figures.month_demand:
        return None
    policy, _ = policies.active(RiskPolicy)
    weeks, _ = risk.time_to_recover_wk(activity="fab", own=None, policy=policy)
    per_week = figures.month_demand / WEEKS_A_MONTH
    lost = cover.time_to_survive(
        inventory=[float(figures.cover_wk * per_week)], demand_wk=[float(per_week)], ttr_wk=weeks
    ).lost_units
    missing = Decimal(str(lost)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    recovery = Decimal(str(weeks))
    drawn = _chart(figures.cover_wk, recovery)
    return Survival(figures.cover_wk, recovery, per_week, missing, drawn)


def _chart(cover: Decimal, recovery: Decimal) -> Chart:
    stock = min(cover, recovery)
    gap = recovery - stock
    said = f"{formats.number(cover, 1)} of {formats.number(recovery, 0)} weeks to recovery"
    pieces = [(float(stock), "f-neu")]
    if gap:
        pieces.append((float(gap), "f-bad"))
    result = f"{formats.number(gap, 1)} weeks short" if gap else "lasts"
    return bars.stretch([("stock", result, pieces)], float(recovery), sentence=said)
