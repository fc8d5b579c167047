"""Services for budget rates."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from incentives.models import BudgetRate, ClosedMonth
from incentives.services.baselines import LEDGER
from parts.house_rules import CompanyPolicy
from secondsource.core import audit, jobs, policies
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.money import is_currency
from secondsource.core.records import create


@transaction.atomic
def plan_rate(
    *, year: int, currency: str, rate: Decimal, actor: Actor, expected: int | None = None
) -> BudgetRate:
    """Set the budget rate of a currency in the company's for a year, or change it.

    It stays once a month of the year is closed. Raises ``ValuesRefused``, ``RuleRefused``.
    """
    actor.require("incentives.write_budgetrate")
    jobs.take_turns(LEDGER)
    quote = policies.active(CompanyPolicy)[0].currency
    problems = []
    if not is_currency(currency) or currency == quote:
        told = f"The code of a currency other than {quote}."
        problems.append(FieldProblem("/currency", "unknown_currency", told))
    if rate <= 0:
        problems.append(FieldProblem("/rate", "not_positive", "Above 0."))
    if not 2000 <= year <= 2100:
        problems.append(FieldProblem("/year", "out_of_range", "2000 to 2100."))
    refuse_values(problems)
    rows = BudgetRate.objects.select_for_update(of=("self",))
    row = rows.filter(year=year, currency=currency, quote=quote).first()
    if row is None:
        row = create(
            BudgetRate(year=year, currency=currency, quote=quote, rate=rate), actor,
            duplicate="This year has a rate of the currency already.",
        )  # fmt: skip
    else:
        audit.check_version(row, expected)
        if ClosedMonth.objects.filter(month__year=year).exists():
            raise RuleRefused.one(
                "month_closed", f"Months of {year} are closed at {row.rate.normalize():f}.",
                "Rates of closed months stay.",
            )  # fmt: skip
        row.rate = rate
        audit.save_as(row, actor, "budget rate changed")
    audit.record("incentives.rate.planned", row, actor, data={"rate": str(rate)})
    return row
