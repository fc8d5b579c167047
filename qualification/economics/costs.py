"""Planned and actual cost of a case by kind, in the company's currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DateField, Sum, Value
from django.db.models.functions import Coalesce

from parts import exchange
from parts.house_rules import CompanyPolicy
from qualification.models import Case, CostKind
from secondsource.core import clock, policies


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
    """What the business case plans, at the rates of today."""
    return _total(case.planned_costs, Value(clock.business_day(), DateField()))


def actual(case: Case) -> CostTotal:
    """What was logged, at the rate of the day of each cost, so that no later rate moves it.

    A counter-entry takes off what it corrects, at the same rate. It is what the savings of a case
    are reduced by.
    """
    return _total(case.cost_entries, Coalesce("corrects__day", "day"))


def hours_in_all(costs: Any) -> Decimal:
    """Working hours of these costs."""
    found: Decimal | None = costs.aggregate(hours=Sum("hours"))["hours"]
    return found or Decimal(0)


def _total(costs: Any, day: Any) -> CostTotal:
    """Sums by kind in the company's currency, each amount at the rate of its ``day``."""
    currency = policies.active(CompanyPolicy)[0].currency
    found = costs.order_by().annotate(on=day).values_list("kind", "currency", "on")
    rows = list(found.annotate(total=Sum("amount"), of_hours=Sum("hours")))
    given = {(code, on) for _, code, on, *_ in rows}
    rates = exchange.rates(given=given, wanted=currency)
    unknown = {code for code, on in given if (code, on) not in rates}
    kinds = []
    for kind in CostKind.values:
        own = [row for row in rows if row[0] == kind]
        if not own:
            continue
        known = [amount * rates[code, on] for _, code, on, amount, _ in own if (code, on) in rates]
        amount = sum(known, Decimal(0)) if len(known) == len(own) else None
        kinds.append(
            KindTotal(kind, amount, sum((row[4] or Decimal(0) for row in own), Decimal(0)))
        )
    return CostTotal(currency, tuple(kinds), tuple(sorted(unknown)))
