"""Planned and actual cost of a case by kind, in the company's currency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from parts import exchange
from parts.house_rules import CompanyPolicy
from qualification.models import Case, CostKind
from secondsource.core import clock, policies

Rows = Iterable[tuple[str, str, Decimal, Decimal | None]]


@dataclass(frozen=True)
class KindTotal:
    """The cost of one kind; ``amount`` is None without an exchange rate."""

    kind: str
    amount: Decimal | None
    hours: Decimal

    @property
    def label(self) -> str:
        """The kind with a capital."""
        label = str(CostKind(self.kind).label)
        return label[:1].upper() + label[1:]


@dataclass(frozen=True)
class CostTotal:
    """The cost by kind and in all, in ``currency``; ``unknown`` are currencies without a rate."""

    currency: str
    kinds: tuple[KindTotal, ...]
    unknown: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal | None:
        """The sum; None if an amount cannot be converted."""
        if self.unknown:
            return None
        return sum((one.amount for one in self.kinds if one.amount is not None), Decimal(0))

    @property
    def hours(self) -> Decimal:
        """Working hours in all."""
        return sum((one.hours for one in self.kinds), Decimal(0))

    def of(self, kind: str) -> KindTotal:
        """The total of a kind, 0 if there is none."""
        found = (one for one in self.kinds if one.kind == kind)
        return next(found, KindTotal(kind, Decimal(0), Decimal(0)))


def planned(case: Case) -> CostTotal:
    """What the business case plans."""
    return _total(case.planned_costs)


def actual(case: Case) -> CostTotal:
    """What was logged; a counter-entry takes off what it corrects.

    It is what the savings of a case are reduced by.
    """
    return _total(case.cost_entries)


def hours_in_all(costs: Any) -> Decimal:
    """Working hours of these costs."""
    found: Decimal | None = costs.aggregate(hours=Sum("hours"))["hours"]
    return found or Decimal(0)


def _total(costs: Any) -> CostTotal:
    rows = (
        costs.order_by()
        .values_list("kind", "currency")
        .annotate(total=Sum("amount"), of_hours=Sum("hours"))
    )
    currency = policies.active(CompanyPolicy)[0].currency
    return total(rows, currency=currency, day=clock.business_day())


def total(rows: Rows, *, currency: str, day: dt.date) -> CostTotal:
    """Sums by kind and currency as one total in ``currency``, at the rates of ``day``."""
    rows = list(rows)
    rates = _rates({given for _, given, _, _ in rows}, currency, day)
    kinds = []
    for kind in CostKind.values:
        own = [row for row in rows if row[0] == kind]
        if not own:
            continue
        parts = [(amount, rates[given]) for _, given, amount, _ in own]
        known = [amount * rate for amount, rate in parts if rate is not None]
        amount = sum(known, Decimal(0)) if len(known) == len(parts) else None
        hours = sum((hours or Decimal(0) for *_, hours in own), Decimal(0))
        kinds.append(KindTotal(kind, amount, hours))
    unknown = tuple(sorted(code for code, rate in rates.items() if rate is None))
    return CostTotal(currency, tuple(kinds), unknown)


def _rates(given: set[str], wanted: str, day: dt.date) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {}
    for code in given:
        rate = exchange.conversion(given=code, wanted=wanted, day=day) if code != wanted else None
        found[code] = Decimal(1) if code == wanted else rate.rate if rate else None
    return found
