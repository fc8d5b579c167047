"""Notices of change and discontinuance: deadlines, last-time buy, the four questions.

Sources: J-STD-046 (July 2016) for product changes, J-STD-048 (Nov 2014) for discontinuance.
Calendar months are clamped to the month's end (our convention).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from secondsource.core import inputs
from secondsource.core.calendar import add_days, add_months
from secondsource.core.distributions import normal_quantile
from secondsource.core.provenance import Method

ACKNOWLEDGE_DAYS = 30
FIRST_SHIP_DAYS = 90
LAST_BUY_MONTHS = 6
LAST_SHIP_MONTHS = 12
REQUALIFYING_CHANGES = ("die", "fab", "assembly", "material")


@dataclass(frozen=True, kw_only=True)
class ChangeTimeline:
    """The last day to acknowledge, and the first day of shipment of the changed product."""

    acknowledge_by: date
    earliest_first_ship: date
    method: Method


@dataclass(frozen=True, kw_only=True)
class DiscontinuanceTimeline:
    """Earliest dates of the standard, compared with the notice's own dates.

    The verdicts and the shortfall are None for a date that the notice does not give.
    """

    earliest_last_time_buy: date
    earliest_last_time_ship: date
    last_buy_ok: bool | None
    last_ship_ok: bool | None
    last_buy_days_short: int | None
    last_ship_days_short: int | None
    method: Method


@dataclass(frozen=True, kw_only=True)
class LastTimeBuy:
    """Units to buy, never negative, and the safety factor used."""

    quantity: int
    z: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class ChangeAnswer:
    """Whether a change needs a requalification, and why."""

    requalify: bool
    reasons: tuple[str, ...]


def change_timeline(*, issued: date) -> ChangeTimeline:
    """Acknowledge within 30 days; first shipment of changed product 90 days after the notice."""
    issued = inputs.day("issued", issued)
    return ChangeTimeline(
        acknowledge_by=add_days(issued, ACKNOWLEDGE_DAYS, field="issued"),
        earliest_first_ship=add_days(issued, FIRST_SHIP_DAYS, field="issued"),
        method=Method(name="Change notice deadlines", standard="J-STD-046, July 2016"),
    )


def discontinuance_timeline(
    *, issued: date, last_buy: date | None = None, last_ship: date | None = None
) -> DiscontinuanceTimeline:
    """Last-time buy at least 6 months and last shipment at least 12 months after the notice.

    Dates before the notice, or a last shipment before the last-time buy, are impossible and
    refused.
    """
    issued = inputs.day("issued", issued)
    last_buy = None if last_buy is None else inputs.day("last_buy", last_buy)
    last_ship = None if last_ship is None else inputs.day("last_ship", last_ship)
    for field, day in (("last_buy", last_buy), ("last_ship", last_ship)):
        if day is not None and day < issued:
            inputs.refuse(field, "impossible_date", f"must not be before the notice of {issued}")
    if last_buy and last_ship and last_ship < last_buy:
        inputs.refuse("last_ship", "limit_order", f"must not be before the last buy of {last_buy}")
    earliest_buy = add_months(issued, LAST_BUY_MONTHS, field="issued")
    earliest_ship = add_months(issued, LAST_SHIP_MONTHS, field="issued")
    return DiscontinuanceTimeline(
        earliest_last_time_buy=earliest_buy,
        earliest_last_time_ship=earliest_ship,
        last_buy_ok=None if last_buy is None else last_buy >= earliest_buy,
        last_ship_ok=None if last_ship is None else last_ship >= earliest_ship,
        last_buy_days_short=_short(last_buy, earliest_buy),
        last_ship_days_short=_short(last_ship, earliest_ship),
        method=Method(name="Discontinuance deadlines", standard="J-STD-048, Nov 2014"),
    )


def last_time_buy(
    *,
    monthly_demand: float,
    months: float,
    sd_month: float = 0.0,
    service: float = 0.95,
    stock: float = 0.0,
    scrap_rate: float = 0.0,
    open_orders: float = 0.0,
) -> LastTimeBuy:
    """ceil((μM + zσ√M - stock - open orders) ÷ (1 - scrap)), at least 0.

    Demand and its standard deviation a month in units, ``service`` 0.5 to below 1, ``scrap_rate``
    0 to below 1.
    """
    demand = inputs.number("monthly_demand", monthly_demand, low=0, high=1e12)
    span = inputs.number("months", months, above=0, high=600)
    deviation = inputs.number("sd_month", sd_month, low=0, high=1e12)
    service = inputs.number("service", service, low=0.5, below=1.0)
    covered = inputs.number("stock", stock, low=0) + inputs.number(
        "open_orders", open_orders, low=0
    )
    scrap = inputs.number("scrap_rate", scrap_rate, low=0, high=0.99)
    z = normal_quantile(service)
    spread = Decimal(z * deviation * math.sqrt(span))
    need = Decimal(repr(demand)) * Decimal(repr(span)) + spread - Decimal(repr(covered))
    return LastTimeBuy(
        quantity=max(0, math.ceil(need / (1 - Decimal(repr(scrap))))),
        z=z,
        method=Method(
            name="Last-time buy for a service level", design_choice=True, confidence=service
        ),
    )


def four_questions(
    *, changed: set[str], near_margin: bool, characterised_on_lot: bool, safety_critical: bool
) -> ChangeAnswer:
    """Whether a change requires a requalification.

    What changed (die, fab, assembly or material always does)? Is our use near the design margin?
    Did we characterise on a lot rather than on the data sheet? Is the application safety-critical
    or regulated? Any yes is enough.
    """
    reasons = [f"the {what} changed" for what in REQUALIFYING_CHANGES if what in changed]
    asked = (
        (near_margin, "our use is near the design margin"),
        (characterised_on_lot, "it was characterised on a lot, not on the data sheet"),
        (safety_critical, "the application is safety-critical or regulated"),
    )
    reasons += [reason for yes, reason in asked if yes]
    return ChangeAnswer(requalify=bool(reasons), reasons=tuple(reasons))


def _short(given: date | None, earliest: date) -> int | None:
    return None if given is None else max(0, (earliest - given).days)
