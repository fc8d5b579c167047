"""Reading what splits rest on, for many parts at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from incentives.split_costs import unit_cost
from incentives.split_facts import ORDERABLE, WEEKS, SourceTerms, SplitFacts
from parts.house_rules import CompanyPolicy
from parts.models import Part
from qualification import exposure, survival
from secondsource.core import clock, formats, policies, queries
from secondsource.core.errors import Reason
from suppliers.house_rules import SplitPolicy, TcoPolicy
from suppliers.models import Source
from suppliers.prices import PRICED

_TERMS = f"""
WITH asked AS (
    SELECT s.id AS key, o.id AS offer_id,
           greatest(coalesce(f.month_demand, 1), 1) AS quantity
      FROM suppliers_source s
      JOIN suppliers_offer o ON o.manufacturer_part_id = s.manufacturer_part_id
      LEFT JOIN parts_partfigures f ON f.part_id = s.part_id
     WHERE s.part_id = ANY(%(parts)s)
), {PRICED.strip()}
SELECT DISTINCT ON (p.key) p.key, p.price, p.lead_days, o.tariff_rate, o.capacity_wk, o.moq,
       p.valid_to, o.incoterm, q.freight * r.rate AS freight,
       (coalesce(q.nre, 0) + coalesce(q.tooling, 0)) * r.rate AS paid_once,
       q.nre > 0 OR q.tooling > 0 AS is_paid_once,
       l.qualification_cost * c.rate AS qualification, l.amortise_units
  FROM priced p
  JOIN suppliers_offer o ON o.id = p.offer_id
  LEFT JOIN LATERAL (
       SELECT a.* FROM suppliers_quoteline a
        WHERE a.offer_id = o.id AND a.accepted_on IS NOT NULL ORDER BY a.id DESC LIMIT 1) q ON true
  LEFT JOIN suppliers_quote t ON t.id = q.quote_id
  LEFT JOIN suppliers_rfqline l ON l.id = q.line_id
  LEFT JOIN suppliers_rfq f ON f.id = l.rfq_id
  LEFT JOIN LATERAL parts_rate(t.currency, %(currency)s, %(today)s) r ON true
  LEFT JOIN LATERAL parts_rate(f.currency, %(currency)s, %(today)s) c ON true
 WHERE p.price IS NOT NULL
 ORDER BY p.key, p.price, p.offer_id
"""  # noqa: S608 (a constant)
_EXPOSED = f"""
WITH exposed_parts AS (SELECT unnest(%(parts)s::bigint[]) AS part_id), {exposure.EXPOSED.strip()}
SELECT part_id, margin_wk, withheld FROM exposed
"""  # noqa: S608 (a constant)


def read_split(
    part: Part,
    *,
    demand: Decimal | None = None,
    warm_share: Decimal | None = None,
    exact_margins: bool = False,
) -> SplitFacts:
    """The facts of one part; ``demand`` of a year replaces that of its figures."""
    return read_splits(
        [part.pk], demand=demand, warm_share=warm_share, exact_margins=exact_margins
    )[0]


def read_splits(
    part_ids: Sequence[int],
    *,
    demand: Decimal | None = None,
    warm_share: Decimal | None = None,
    exact_margins: bool = False,
) -> list[SplitFacts]:
    """The facts of several parts in the order of their ids."""
    with policies.read_once():
        return _read(part_ids, demand, warm_share, exact_margins=exact_margins)


def _read(
    part_ids: Sequence[int],
    demand: Decimal | None,
    warm_share: Decimal | None,
    *,
    exact_margins: bool,
) -> list[SplitFacts]:
    tco, _ = policies.active(TcoPolicy)
    warm = policies.active(SplitPolicy)[0].warm_share if warm_share is None else warm_share
    currency = policies.active(CompanyPolicy)[0].currency
    parts = Part.objects.select_related("figures", "category").in_bulk(part_ids)
    terms = {row.pop("key"): row for row in _terms(part_ids, currency)}
    margins = _margins(part_ids, exact=exact_margins)
    found = {
        pk: SplitFacts(parts[pk], demand or _demand(parts[pk]), warm, currency,
                       margin_wk=margins.get(pk))
        for pk in part_ids
    }  # fmt: skip
    rows = Source.objects.filter(part__in=part_ids).with_manufacturers().with_units_left()
    rows = rows.prefetch_related("manufacturer_part__part_sites__site").in_order()
    for source in rows:
        facts = found[source.part_id]
        source.part = facts.part
        if why := _left_out(source, terms.get(source.pk)):
            facts.left_out.append((source, why))
        else:
            facts.sources.append(_source_terms(source, terms[source.pk], facts.demand, tco))
    return list(found.values())


def _demand(part: Part) -> Decimal | None:
    figures = getattr(part, "figures", None)
    return figures.annual_demand if figures else None


def _terms(part_ids: Sequence[int], currency: str) -> list[dict[str, Any]]:
    given = {"parts": list(part_ids), "today": clock.business_day(), "currency": currency}
    return queries.records(_TERMS, given)


def _margins(part_ids: Sequence[int], *, exact: bool) -> dict[int, Decimal]:
    """Part → margin of a week; parts whose margin is unknown or withheld are absent."""
    given = exposure.parameters(round_margins=not exact) | {"parts": list(part_ids)}
    return {
        part: margin
        for part, margin, withheld in queries.rows(_EXPOSED, given)
        if margin is not None and not withheld
    }


def _left_out(source: Source, terms: Mapping[str, Any] | None) -> str:
    today = clock.business_day()
    if source.status not in ORDERABLE:
        return f"{source.get_status_display()}, it may not be ordered"
    if (source.valid_from or today) > today or (source.valid_to or today) < today:
        return "not valid today"
    if source.share_cap == 0 or source.units_left == 0:
        return "nothing may be ordered of it today"
    return "" if terms else "no offer with a price is valid today"


def _source_terms(
    source: Source, terms: Mapping[str, Any], demand: Decimal | None, policy: TcoPolicy
) -> SourceTerms:
    bounds = sorted(_bounds(source, terms, demand))
    unit = unit_cost(source, terms, policy)
    lead = terms["lead_days"]
    return SourceTerms(
        source=source, unit_cost=unit.cost.tco, cost=unit,
        most=bounds[0][0] if bounds else Decimal(1), bounds=bounds,
        lead_wk=None if lead is None else lead / 7, moq=terms["moq"],
        recovery_wk=survival.recovery_of(source, source.part).weeks,
    )  # fmt: skip


def _bounds(
    source: Source, terms: Mapping[str, Any], demand: Decimal | None
) -> Iterator[tuple[Decimal, str]]:
    """Every limit below the whole demand, as a fraction of it."""
    if source.share_cap is not None and source.share_cap < 1:
        yield source.share_cap, ORDERABLE[Source.Status(source.status)]
    if not demand:
        return
    if source.units_left is not None and source.units_left < demand:
        left = formats.number(source.units_left)
        yield _fraction(source.units_left, demand), f"{left} units are left of its approval"
    for rate, whose in ((source.capacity_wk, "its capacity"), (terms["capacity_wk"], "its offer")):
        if rate is not None and rate * WEEKS < demand:
            text = f"{formats.number(rate)} a week by {whose}"
            yield _fraction(rate * WEEKS, demand), text


def _fraction(units: Decimal, demand: Decimal) -> Decimal:
    return (units / demand).quantize(Decimal("0.0001"), ROUND_DOWN)


def over_bounds(split: Any) -> Iterator[Reason]:
    """Reasons why a proposed split breaks the bounds of today."""
    facts = read_split(split.part, demand=split.demand, warm_share=split.warm_share)
    for row in split.shares.select_related("source"):
        for _, code, detail in facts.against(row.source_id, row.share):
            yield Reason(code, detail, "Propose another split.")
