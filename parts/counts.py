"""Counts of sources: the words and conditions for lists, pages and exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count as Rows
from django.db.models import Q, QuerySet
from django.urls import reverse

from parts.models import PartFigures
from secondsource.core import queries

_SUPPLY = PartFigures.Supply


@dataclass(frozen=True)
class Count:
    """A word for parts, and the condition on their figures without the path to the figures."""

    label: str
    condition: Q

    def on(self, path: str) -> Q:
        """The condition on the figures behind an ORM path, such as ``figures`` of a part."""
        return _behind(self.condition, f"{path}__")


def _behind(condition: Q, prefix: str) -> Q:
    leaves: Any = condition.children
    children = [
        _behind(leaf, prefix) if isinstance(leaf, Q) else (f"{prefix}{leaf[0]}", leaf[1])
        for leaf in leaves
    ]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def _split(supply: str, label: str) -> dict[str, Count]:
    """A count and its two halves: parts that an open case would take out of it, and the others."""
    one, started = Q(supply=supply), Q(in_qualification=True)
    return {
        supply: Count(label, one),
        f"{supply}_idle": Count(f"{label}, nothing started", one & ~started),
        f"{supply}_underway": Count(f"{label}, in qualification", one & started),
    }


#: The values of ``sources=`` in a list of parts.
COUNTS: dict[str, Count] = {
    **_split("none", "no approved source"),
    **_split("single", "single source"),
    "underway": Count("in qualification", Q(in_qualification=True)),
    "candidate": Count(
        "single source with a candidate", Q(supply=_SUPPLY.SINGLE, candidate_sources__gt=0)
    ),
    "multiple": Count("two or more", Q(supply=_SUPPLY.SEVERAL)),
    "unknown": Count(
        "two or more, independence not known", Q(supply=_SUPPLY.SEVERAL, independent_sources__lt=2)
    ),
    "counted": Count("all that are bought and used", ~Q(supply=_SUPPLY.LEFT_OUT)),
    "left_out": Count("not counted: own assembly or not used", Q(supply=_SUPPLY.LEFT_OUT)),
}


def word_of(figures: PartFigures) -> str:
    """The narrowest word of :data:`COUNTS` that fits a part."""
    if figures.supply == _SUPPLY.SEVERAL:
        return "unknown" if figures.independent_sources < 2 else "multiple"
    if figures.supply == _SUPPLY.LEFT_OUT:
        return "left_out"
    return f"{figures.supply}_{'underway' if figures.in_qualification else 'idle'}"


#: The listed counts: word → the text after the number. Nested ones are part of the one before.
_LISTED = {
    "none": "no approved source",
    "none_underway": "in qualification",
    "single": "single source",
    "single_underway": "in qualification",
    "multiple": "two or more",
    "unknown": "with unknown independence",
    "left_out": "not counted: own assembly or not used",
}
_WITHIN = {"none_underway", "single_underway", "unknown"}


def tally(figures: QuerySet[Any]) -> dict[str, int]:
    """The number of these figures for each listed word, in one query."""
    counted = {word: Rows("pk", filter=COUNTS[word].condition) for word in _LISTED}
    return figures.aggregate(**counted)


def by_product(product_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Parts below each product, through all levels: with none, one and several sources.

    The ORM would join the parts between usages and figures, which costs half of the statement.
    """
    found = queries.rows(
        """
        SELECT u.product_id, count(*) FILTER (WHERE f.supply = 'none'),
               count(*) FILTER (WHERE f.supply = 'single'),
               count(*) FILTER (WHERE f.supply = 'several')
          FROM parts_partusage u JOIN parts_partfigures f ON f.part_id = u.part_id
         WHERE u.product_id = ANY(%s) GROUP BY u.product_id
        """,
        [list(product_ids)],
    )
    return {pk: tuple(counts) for pk, *counts in found}


def listed(counts: Mapping[str, int], **query: str) -> list[dict[str, Any]]:
    """The counts for ``components/counts.html``, each with the address of its list of parts."""
    address = reverse("part_list")
    return [
        {
            "count": counts[word],
            "text": text,
            "within": word in _WITHIN,
            "bad": word in ("none", "single"),
            "url": f"{address}?{urlencode(query | {'sources': word})}",
        }
        for word, text in _LISTED.items()
        if counts[word] or word in ("none", "single", "multiple")
    ]
