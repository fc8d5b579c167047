"""The cheapest splits of many parts at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from incentives.split_facts import SplitFacts
from incentives.split_reading import read_splits
from parts.models import Part
from secondsource.core.inputs import InputError


def cheapest_splits(
    parts: Sequence[Part], *, warm_share: Decimal | None = None
) -> list[dict[str, Any]]:
    """A dictionary for each part: its sources with limit and share, the cost, or the problems."""
    ids = list(dict.fromkeys(part.pk for part in parts))
    return [_answer(facts) for facts in read_splits(ids, warm_share=warm_share)]


def _answer(facts: SplitFacts) -> dict[str, Any]:
    problems = [reason.detail for reason in facts.obstacles()]
    solved = {} if problems else facts.cheapest()
    if isinstance(solved, InputError):
        problems.append(f"No split keeps all bounds: {solved.field} {solved.message}.")
        solved = {}
    return {
        "part": facts.part.ipn,
        "demand": facts.demand,
        "currency": facts.currency,
        "sources": [
            {
                "source": one.source, "mpn": one.source.manufacturer_part.mpn, "most": one.most,
                "bounds": [text for _, text in one.bounds], "unit_cost": one.unit_cost,
                "lacks": one.lacks, "share": solved.get(one.source.pk),
            }
            for one in facts.sources
        ],
        "yearly_cost": facts.priced(solved).cost if solved else None,
        "problems": problems,
    }  # fmt: skip
