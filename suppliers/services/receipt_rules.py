"""Rules of receipts: returns, and quantities that look mistyped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Sum

from parts.models import PartFigures
from secondsource.core import clock
from secondsource.core.calendar import add_months
from secondsource.core.errors import FieldProblem
from secondsource.core.formats import number
from suppliers.models import Receipt

#: A quantity above so many times the usual one must be confirmed.
MOST_TIMES_USUAL = 10
#: The period of the usual quantity.
USUAL_MONTHS = 12


def return_problems(rows: Sequence[Receipt]) -> list[FieldProblem]:
    """Problems of returns: more than was received of the lot or of the source."""
    returns = [row for row in rows if _is_return(row)]
    if not returns:
        return []
    left = _received({row.source_id for row in returns})
    for row in rows:
        if row.received_qty is not None:
            left[row.source_id, None] += row.received_qty
            left[row.source_id, row.lot] += row.received_qty
    found = []
    for index, row in enumerate(rows):
        if _is_return(row) and (said := _too_much(row, left)):
            found.append(FieldProblem(f"/{index}/received_qty", "above_received", said))
    return found


def left_after(receipt: Receipt) -> Decimal:
    """The quantity left of the receipt's lot and source without it; below 0 if it was returned."""
    left = _received({receipt.source_id})
    places = (None, receipt.lot) if receipt.lot else (None,)
    return min(left[receipt.source_id, place] for place in places) - receipt.received_qty


def _is_return(row: Receipt) -> bool:
    return row.received_qty is not None and row.received_qty < 0 and row.corrects_id is None


def _received(source_ids: Iterable[int]) -> defaultdict[tuple[int, str | None], Decimal]:
    """Received less returned quantities by source and lot, and by source."""
    totals: defaultdict[tuple[int, str | None], Decimal] = defaultdict(Decimal)
    standing = Receipt.objects.standing().filter(source__in=source_ids).order_by()
    for source, lot, total in standing.values_list("source", "lot").annotate(n=Sum("received_qty")):
        totals[source, lot] = total
        totals[source, None] += total
    return totals


def _too_much(row: Receipt, left: defaultdict[tuple[int, str | None], Decimal]) -> str:
    """Why the quantity cannot be returned; '' if it can. ``left`` includes this return."""
    unit = row.source.part.unit
    for of, place in ((f"lot {row.lot}", row.lot), ("this source", None)):
        if place == "" or left[row.source_id, place] >= 0:
            continue
        there = left[row.source_id, place] - row.received_qty
        if there <= 0:
            return f"Nothing of {of} is left to return."
        return f"Only {number(there)} {unit} of {of} were received and not returned."
    return ""


def unusual_problems(rows: Sequence[Receipt]) -> list[FieldProblem]:
    """Problems of quantities above ten times the order's, the usual one, or a month's demand."""
    arrivals = [row for row in rows if (row.received_qty or 0) > 0 and not row.corrects_id]
    if not arrivals:
        return []
    usual = _usual({row.source_id for row in arrivals if row.order_line_id is None})
    demand = dict(
        PartFigures.objects.filter(part__in={row.source.part_id for row in arrivals}).values_list(
            "part", "month_demand"
        )
    )
    found = []
    for index, row in enumerate(rows):
        if row not in arrivals:
            continue
        measure, words = _measure(row, usual, demand.get(row.source.part_id))
        if measure and row.received_qty > measure * MOST_TIMES_USUAL:
            unit = row.source.part.unit
            said = (
                f"{number(row.received_qty)} {unit} is more than {MOST_TIMES_USUAL} times"
                f" {words}, {number(measure)} {unit}. Confirm that the quantity is right."
            )
            found.append(FieldProblem(f"/{index}/confirm", "unusual_quantity", said))
    return found


def _measure(
    row: Receipt, usual: dict[tuple[int, str], Decimal], demand: Decimal | None
) -> tuple[Decimal | None, str]:
    if row.order_line is not None:
        return row.order_line.ordered_qty, "what was ordered"
    known = usual.get((row.source_id, row.purpose))
    return (known, "the usual receipt") if known else (demand, "a month's demand")


def _usual(source_ids: set[int]) -> dict[tuple[int, str], Decimal]:
    """The median of the receipts of the last year, by source and purpose."""
    since = add_months(clock.business_day(), -USUAL_MONTHS)
    arrivals: Any = Receipt.objects.standing().filter(
        Q(received_date__gt=since), source__in=source_ids, received_qty__gt=0
    )
    groups = arrivals.order_by().values_list("source", "purpose")
    found = groups.annotate(each=ArrayAgg("received_qty"))
    return {(source, purpose): sorted(each)[len(each) // 2] for source, purpose, each in found}
