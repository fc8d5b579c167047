"""Sums of money for readers who do not see single prices.

They get sums of last night, rounded to two significant digits. The difference of a live or exact
sum before and after their own change would be a price.

A sum over one part is the spend of that part, and so is the rest when all other sums are taken
from the total. Sums are therefore hidden until what is hidden together covers no part or at least
two in every segment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from secondsource.core.money import two_digits
from secondsource.workspace.models import CompanyFigures

#: What the spend of a category is split into; ``<segment>_known`` counts the parts in each sum.
SEGMENTS = ("none", "single", "underway", "several")

#: The company's sums.
TOTALS = ("spend_12m", "no_source_spend", "single_source_spend", "single_source_underway")

Category = Mapping[str, Any]


def figures_for(*, sees_prices: bool) -> CompanyFigures | None:
    """The company's figures; None before the first computation.

    Without ``sees_prices`` the counts are current and the sums are of last night, rounded.
    """
    row = CompanyFigures.objects.first()
    if row is None:
        return None
    row.money_as_of, row.money_rounded = row.computed_at, not sees_prices
    if row.money_rounded:
        _take_night(row)
    return row


def _take_night(row: CompanyFigures) -> None:
    for name, value in row.nightly.items():
        if name == "computed_at":
            row.money_as_of = dt.datetime.fromisoformat(value)
        else:
            setattr(row, name, value)
    for name in TOTALS:
        value = getattr(row, name)
        setattr(row, name, None if value is None else two_digits(Decimal(value)))
    row.by_category = [
        {**item, **{name: f"{two_digits(Decimal(item.get(name, 0))):.2f}" for name in SEGMENTS}}
        for item in row.by_category
    ]


def tells_one(rows: Sequence[Category]) -> bool:
    """Whether a segment over all these categories covers a single part, or an unknown number."""
    return any(sum(row.get(f"{name}_known", 1) for row in rows) == 1 for name in SEGMENTS)


def hidden(rows: Sequence[Category]) -> list[Category]:
    """The categories whose sums are hidden, so that the rest is not of a single part either."""
    shut = [row for row in rows if tells_one([row])]
    others = sorted((row for row in rows if row not in shut), key=lambda row: int(row["known"]))
    while shut and others and tells_one(shut):
        shut.append(others.pop(0))
    return shut
