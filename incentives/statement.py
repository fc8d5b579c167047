"""The statement of a person and year: every share and payout with its formula, as a PDF.

What people wrote reaches the template as JSON in ``sys.inputs``: it is data, never source.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
from django.db.models import Sum

from incentives import pool_figures
from incentives.house_rules import PoolPolicy
from incentives.models import Allocation, Payout
from incentives.pool_words import in_percent
from parts.house_rules import CompanyPolicy
from secondsource.accounts.models import User
from secondsource.core import clock, policies
from secondsource.core.formats import day, money_exact, percent

_TEMPLATE = Path(__file__).with_name("statement.typ")


def of(person: User, year: int, reader: User) -> dict[str, Any]:
    """What the statement of a person says about a year to a reader, who sees their own scope."""
    rules, version = policies.active(PoolPolicy)
    shares = (
        Allocation.objects.visible_to(reader)
        .filter(person=person, pool__proposed_on__year=year)
        .exclude(pool__state__in=("draft", "cancelled"))
        .select_related("pool__case__source__manufacturer_part").with_paid().order_by("id")
    )  # fmt: skip
    payouts = Payout.objects.visible_to(reader).filter(person=person, batch__day__year=year)
    lines = payouts.select_related("batch__pool__case").order_by("batch__day", "id")
    return {
        "name": person.name,
        "email": person.email,
        "year": str(year),
        "made": day(clock.business_day()),
        "rule": (
            f"Pool = rate × validated realised hard savings, net of rebates lost and project cost;"
            f" 0 while negative. Policy version {version} allows rates of"
            f" {in_percent(rules.least_rate)} to {in_percent(rules.most_rate)}."
            f" {pool_figures.caps_in_words(rules, policies.active(CompanyPolicy)[0].currency)}"
            f" {percent(rules.holdback)} is held back until the case is closed. A reversal of"
            f" savings takes back by the same shares and is settled from later payouts."
        ),
        "shares": [_share(one) for one in shares],
        "payouts": [_line(one) for one in lines],
        "totals": [
            [money_exact(amount, currency), money_exact(payroll, currency)]
            for currency, amount, payroll in payouts.order_by("batch__currency")
            .values_list("batch__currency")
            .annotate(amount=Sum("amount"), payroll=Sum("payroll"))
        ],
    }


def _share(one: Allocation) -> list[str]:
    pool = one.pool
    money = pool.currency
    rule = f"{money_exact(pool.base, money)} × {in_percent(pool.rate)} × {in_percent(one.share)}"
    if pool_figures.above_caps(pool):
        rule += ", capped"
    source = pool.case.source.manufacturer_part.mpn
    paid: Decimal = one.paid  # type: ignore[attr-defined]
    return [
        f"{pool.case.key}, {source}", one.get_function_display(), rule,
        money_exact(one.amount, money), money_exact(paid, money), one.get_state_display(),
    ]  # fmt: skip


def _line(one: Payout) -> list[str]:
    money = one.batch.currency
    return [
        day(one.batch.day), one.batch.pool.case.key, one.batch.get_kind_display(),
        money_exact(one.amount, money), money_exact(one.netted, money),
        money_exact(one.payroll, money),
    ]  # fmt: skip


def typeset(data: dict[str, Any]) -> bytes:
    """Set a statement by Typst with its own fonts."""
    compiler = typst.Compiler(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    content = compiler.compile(format="pdf")
    if not isinstance(content, bytes):
        raise TypeError("Typst gave more than one file.")
    return content
