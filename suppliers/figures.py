"""Figures of parts computed from sources, offers and receipts by set-based SQL.

The same SQL explains one part and stores the figures of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction

from parts.house_rules import CompanyPolicy
from parts.models import Part, PartFigures
from secondsource.core import clock, figures, outbox, policies, queries
from secondsource.core.calendar import add_months
from suppliers.house_rules import SpendPolicy
from suppliers.prices import PRICED

#: Up to this many parts are refreshed in the transaction that changed them, more by a job.
AT_ONCE = 5_000
#: Parts for each transaction of a large run, well below a second.
SLICE = 500

COLUMNS = [
    "part_id", "approved_sources", "counted_sources", "independent_sources", "underway_sources",
    "candidate_sources", "supply", "in_qualification", "single_source", "incumbent_mpn",
    "incumbent_manufacturer", "month_demand", "annual_demand", "bom_demand", "demand_basis",
    "spend_12m", "spend_basis", "unpriced_receipts", "cover_wk", "lead_wk", "search_text",
    "policy_version",
]  # fmt: skip

#: ``counted``: approved and not nominal. ``paid`` has the receipts of the period, without corrected
#: ones; receipts without a price or a rate are counted in ``unpriced`` and not in the sum.
#: ``asked`` has the offers of sources that may be ordered today without a cap on quantity
#: (``suppliers.check``). A product too large for its column (``1e18``) is missing: the rate or the
#: quantity behind it is wrong, and must not keep the figures of other parts from being stored.
PART_FIGURES = """
WITH chosen AS (
    SELECT p.*, c.risk_class FROM parts_part p JOIN parts_category c ON c.id = p.category_id
     WHERE %(parts)s::bigint[] IS NULL OR p.id = ANY(%(parts)s)
), fx AS (
    SELECT c.currency, r.rate
      FROM (SELECT DISTINCT standard_cost_currency AS currency FROM chosen
             WHERE standard_cost IS NOT NULL) c,
           LATERAL parts_rate(c.currency, %(currency)s, %(today)s) r
), src AS (
    SELECT s.part_id,
           count(*) FILTER (WHERE s.status = 'approved') AS approved,
           count(*) FILTER (WHERE s.status = 'approved' AND s.independence <> 'nominal') AS counted,
           count(*) FILTER (WHERE s.status = 'approved'
                              AND s.independence IN ('independent', 'partly')) AS independent,
           bool_or(s.would_count) AS would_count,
           count(*) FILTER (WHERE s.status IN ('in_qualification', 'interim', 'requalify')) AS half,
           count(*) FILTER (WHERE s.status IN ('candidate', 'phase_out', 'disqualified')) AS dashed,
           (array_agg(m.mpn ORDER BY s.role <> 'incumbent', s.id))[1] AS mpn,
           (array_agg(c.name ORDER BY s.role <> 'incumbent', s.id))[1] AS manufacturer,
           string_agg(upper(m.mpn || ' ' || m.mpn_normal || ' ' || c.name), ' ' ORDER BY s.id)
               AS words
      FROM suppliers_source s
      JOIN suppliers_manufacturerpart m ON m.id = s.manufacturer_part_id
      JOIN suppliers_supplier c ON c.id = m.manufacturer_id
     WHERE s.part_id IN (SELECT id FROM chosen)
     GROUP BY s.part_id
), used AS (
    SELECT u.part_id, nullif(least(sum(u.quantity * p.monthly_volume), 1e18), 1e18) AS month,
           bool_or(p.phase <> 'end_of_life') AS active
      FROM parts_partusage u JOIN parts_product p ON p.id = u.product_id
     WHERE u.quantity > 0 AND u.part_id IN (SELECT id FROM chosen)
     GROUP BY u.part_id
), demand AS (
    SELECT c.id AS part_id, coalesce(c.given_demand / 12, used.month) AS month,
           coalesce(c.given_demand, used.month * 12) AS year, used.month * 12 AS by_bom
      FROM chosen c LEFT JOIN used ON used.part_id = c.id
     WHERE c.given_demand IS NOT NULL OR used.month IS NOT NULL
), paid AS (
    SELECT s.part_id,
           nullif(least(sum(r.received_qty * r.unit_price * rate.value), 1e18), 1e18) AS spend,
           count(*) FILTER (WHERE r.unit_price IS NULL OR rate.value IS NULL) AS unpriced
      FROM suppliers_receipt r
      JOIN suppliers_source s ON s.id = r.source_id
      LEFT JOIN LATERAL (
          SELECT CASE WHEN r.currency = %(currency)s THEN 1
                      ELSE (SELECT e.rate
                              FROM parts_rate(r.currency, %(currency)s, r.received_date) e)
                      END AS value
      ) rate ON true
     WHERE r.received_date > %(since)s AND r.received_date <= %(today)s
       AND NOT EXISTS (SELECT 1 FROM suppliers_receiptbatch b
                        WHERE b.id = r.batch_id AND b.taken_back_at IS NOT NULL)
       AND r.corrects_id IS NULL
       AND NOT EXISTS (SELECT FROM suppliers_receipt k
                        WHERE k.corrects_id = r.id AND k.corrects_id IS NOT NULL)
       AND s.part_id IN (SELECT id FROM chosen)
     GROUP BY s.part_id
), asked AS (
    SELECT s.part_id AS key, o.id AS offer_id, d.month AS quantity
      FROM suppliers_source s
      JOIN chosen c ON c.id = s.part_id
      JOIN suppliers_offer o ON o.manufacturer_part_id = s.manufacturer_part_id
      JOIN suppliers_supplier sold ON sold.id = o.supplier_id AND sold.standing <> 'disqualified'
      LEFT JOIN demand d ON d.part_id = s.part_id
     WHERE s.quantity_cap IS NULL
       AND (s.valid_from IS NULL OR s.valid_from <= %(today)s)
       AND (s.valid_to IS NULL OR s.valid_to >= %(today)s)
       AND (s.status IN ('approved', 'interim', 'phase_out')
            OR s.status = 'requalify' AND s.share_cap IS DISTINCT FROM 0
               AND c.risk_class <> 'high')
), {PRICED}, offers AS (
    SELECT key AS part_id, min(price) AS price, min(lead_days) AS lead_days
      FROM priced GROUP BY key
), valued AS (
    SELECT c.*, src.*, demand.month, demand.year, demand.by_bom, paid.spend, paid.unpriced,
           offers.lead_days,
           CASE WHEN NOT (coalesce(used.active, false) OR coalesce(c.given_demand > 0, false)
                          OR paid.part_id IS NOT NULL)
                     OR EXISTS (SELECT FROM parts_product a WHERE a.part_id = c.id)
                THEN 'left_out'
                ELSE CASE coalesce(src.counted, 0) WHEN 0 THEN 'none' WHEN 1 THEN 'single'
                          ELSE 'several' END END AS supply,
           nullif(least(offers.price * demand.year, 1e18), 1e18) AS by_offer,
           nullif(least(c.standard_cost * demand.year * fx.rate, 1e18), 1e18) AS by_standard
      FROM chosen c
      LEFT JOIN src ON src.part_id = c.id
      LEFT JOIN used ON used.part_id = c.id
      LEFT JOIN demand ON demand.part_id = c.id
      LEFT JOIN paid ON paid.part_id = c.id
      LEFT JOIN offers ON offers.part_id = c.id
      LEFT JOIN fx ON fx.currency = c.standard_cost_currency
)
SELECT id AS part_id, coalesce(approved, 0) AS approved_sources,
       coalesce(counted, 0) AS counted_sources, coalesce(independent, 0) AS independent_sources,
       coalesce(half, 0) AS underway_sources, coalesce(dashed, 0) AS candidate_sources, supply,
       supply IN ('none', 'single') AND coalesce(would_count, false) AS in_qualification,
       supply = 'single' AS single_source,
       coalesce(mpn, '') AS incumbent_mpn, coalesce(manufacturer, '') AS incumbent_manufacturer,
       round(month, 4) AS month_demand, round(year, 4) AS annual_demand,
       round(by_bom, 4) AS bom_demand,
       CASE WHEN given_demand IS NOT NULL THEN 'given' WHEN by_bom IS NOT NULL THEN 'bom'
            ELSE 'missing' END AS demand_basis,
       round(coalesce(spend, by_offer, by_standard), 6) AS spend_12m,
       CASE WHEN spend IS NOT NULL THEN 'receipts' WHEN by_offer IS NOT NULL THEN 'offer'
            WHEN by_standard IS NOT NULL THEN 'standard' ELSE 'missing' END AS spend_basis,
       coalesce(unpriced, 0) AS unpriced_receipts,
       CASE WHEN month > 0 AND stock_qty IS NOT NULL
            THEN round(least(stock_qty / (month * 12 / 52), 9999999), 1) END
           AS cover_wk,
       round(lead_days / 7.0, 1) AS lead_wk,
       upper(ipn || ' ' || description) || ' ' || coalesce(words, '') AS search_text,
       %(policy)s::integer AS policy_version, %(now)s::timestamptz AS computed_at
  FROM valued ORDER BY id
""".replace("{PRICED}", PRICED.strip())


def parameters(part_ids: Iterable[int] | None) -> dict[str, Any]:
    """Parameters of the SQL of the figures: parts (None = all), day, currency."""
    company, number = policies.active(CompanyPolicy)
    spend, _ = policies.active(SpendPolicy)
    today = clock.business_day()
    return {
        "parts": None if part_ids is None else sorted(set(part_ids)),
        "currency": company.currency,
        "today": today,
        "since": add_months(today, -spend.months),
        "policy": number,
        "now": clock.now(),
    }


def explain(part_id: int) -> dict[str, Any]:
    """The figures of one part computed now, by the same SQL that stores them."""
    return queries.records(PART_FIGURES, parameters([part_id]))[0]


@transaction.atomic
def refresh(part_ids: Iterable[int]) -> int:
    """Store the figures of these parts.

    Returns the number of changed rows. The rows are locked before anything is read, so that
    concurrent changes are seen or wait.
    """
    ids = sorted(set(part_ids))
    if not ids:
        return 0
    PartFigures.objects.lock(ids)
    return store(ids)


_waits: ContextVar[bool] = ContextVar("figures_wait", default=False)


@contextmanager
def waiting() -> Iterator[None]:
    """Store no figures of parts within: who makes many changes stores them after the last one."""
    token = _waits.set(True)
    try:
        yield
    finally:
        _waits.reset(token)


def store(ids: list[int]) -> int:
    """Write the figures of parts whose rows the caller has locked."""
    if _waits.get():
        return 0
    return figures.upsert_sql(
        PART_FIGURES, parameters(ids), into=PartFigures, key="part_id", columns=COLUMNS
    )


def refresh_slices(part_ids: Iterable[int] | None = None) -> int:
    """Store the figures of any number of parts (None = all), a transaction for each slice."""
    return sum(refresh(ids) for ids in slices(part_ids))


def slices(part_ids: Iterable[int] | None) -> Iterator[list[int]]:
    """Slices of these part ids (None = all)."""
    if part_ids is not None:
        ids = sorted(set(part_ids))
        yield from (ids[start : start + SLICE] for start in range(0, len(ids), SLICE))
        return
    last = 0
    parts = Part.objects.order_by("pk").values_list("pk", flat=True)
    while ids := list(parts.filter(pk__gt=last)[:SLICE]):
        yield ids
        last = ids[-1]


def refresh_soon(part_ids: Iterable[int]) -> None:
    """Refresh few parts in the caller's transaction, many by a job after it."""
    ids = sorted(set(part_ids))
    if len(ids) <= AT_ONCE:
        refresh(ids)
    else:
        PartFigures.objects.make_missing(ids)
        outbox.post("part_figures", {"part_ids": ids})


_FOREIGN = """
SELECT id FROM parts_part WHERE standard_cost_currency NOT IN ('', %(currency)s)
UNION
SELECT s.part_id FROM suppliers_source s
  JOIN suppliers_offer o ON o.manufacturer_part_id = s.manufacturer_part_id
 WHERE o.currency <> %(currency)s
UNION
SELECT s.part_id FROM suppliers_source s WHERE s.id IN (
       SELECT r.source_id FROM suppliers_receipt r
        WHERE r.currency NOT IN ('', %(currency)s) AND r.received_date > %(since)s)
"""


def parts_with_foreign_money() -> set[int]:
    """Parts whose figures depend on exchange rates."""
    return set(queries.column(_FOREIGN, parameters(None)))
