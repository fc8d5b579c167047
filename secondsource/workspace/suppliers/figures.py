"""Figures of suppliers: one SELECT, stored over all parts, live for readers with a scope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from parts.house_rules import CompanyPolicy
from qualification.models.cases import OPEN_STATES
from secondsource.core import clock, figures, policies
from secondsource.core.calendar import add_months
from suppliers.house_rules import SpendPolicy
from suppliers.models import SupplierFigures

COLUMNS = [
    "supplier_id", "approved_sources", "candidate_sources", "single_parts", "open_cases",
    "spend_12m", "last_receipt", "lead_wk",
]  # fmt: skip

#: ``%(suppliers)s`` and ``%(parts)s`` are ids; null means all.
FIGURES = """
WITH made AS NOT MATERIALIZED (
    SELECT s.id, s.part_id, s.status, s.independence, m.manufacturer_id
      FROM suppliers_source s
      JOIN suppliers_manufacturerpart m ON m.id = s.manufacturer_part_id
     WHERE (%(suppliers)s::bigint[] IS NULL OR m.manufacturer_id = ANY(%(suppliers)s))
       AND (%(parts)s::bigint[] IS NULL OR s.part_id = ANY(%(parts)s))
), counted AS (
    SELECT d.manufacturer_id AS id,
           count(*) FILTER (WHERE d.status = 'approved') AS approved,
           count(*) FILTER (WHERE d.status IN ('candidate', 'in_qualification', 'interim',
               'requalify')) AS candidates,
           -- A single-source part has one such source: no part is counted twice.
           count(*) FILTER (WHERE d.status = 'approved'
               AND d.independence <> 'nominal' AND f.supply = 'single') AS single
      FROM made d LEFT JOIN parts_partfigures f ON f.part_id = d.part_id GROUP BY 1
), cases AS (
    SELECT d.manufacturer_id AS id, count(*) AS cases
      FROM qualification_case k JOIN made d ON d.id = k.source_id
     WHERE k.state = ANY(%(open)s) GROUP BY 1
), rates AS (
    SELECT c.currency, c.day, e.rate
      FROM (SELECT DISTINCT currency, received_date AS day FROM suppliers_receipt
             WHERE received_date > %(since)s AND unit_price IS NOT NULL
               AND currency <> %(currency)s) c,
           LATERAL parts_rate(c.currency, %(currency)s, c.day) e
), came AS (
    SELECT coalesce(b.merged_into_id, b.id, m.manufacturer_id) AS id, r.received_date,
           r.received_qty * r.unit_price
             * CASE WHEN r.currency = %(currency)s THEN 1 ELSE x.rate END AS paid,
           r.received_qty > 0 AS arrived
      FROM suppliers_receipt r
      JOIN suppliers_source s ON s.id = r.source_id
      JOIN suppliers_manufacturerpart m ON m.id = s.manufacturer_part_id
      LEFT JOIN suppliers_supplier b ON b.id = r.supplier_id
      LEFT JOIN rates x ON x.currency = r.currency AND x.day = r.received_date
     WHERE r.received_date > %(since)s AND r.received_date <= %(today)s
       AND r.corrects_id IS NULL
       AND NOT EXISTS (SELECT FROM suppliers_receipt k
                        WHERE k.corrects_id = r.id AND k.corrects_id IS NOT NULL)
       AND NOT EXISTS (SELECT FROM suppliers_receiptbatch t
                        WHERE t.id = r.batch_id AND t.taken_back_at IS NOT NULL)
       AND (%(parts)s::bigint[] IS NULL OR s.part_id = ANY(%(parts)s))
), bought AS (
    SELECT id, nullif(least(sum(paid), 1e18), 1e18) AS spend,
           max(received_date) FILTER (WHERE arrived) AS last
      FROM came GROUP BY 1
), offered AS (
    SELECT o.supplier_id AS id,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY o.lead_time_days_max) AS days
      FROM suppliers_offer o
     WHERE o.lead_time_days_max IS NOT NULL AND o.valid_from <= %(today)s
       AND (o.valid_to IS NULL OR o.valid_to >= %(today)s)
       AND (%(parts)s::bigint[] IS NULL OR EXISTS (SELECT FROM suppliers_source s
             WHERE s.manufacturer_part_id = o.manufacturer_part_id AND s.part_id = ANY(%(parts)s)))
     GROUP BY 1
)
SELECT c.id AS supplier_id, coalesce(n.approved, 0) AS approved_sources,
       coalesce(n.candidates, 0) AS candidate_sources, coalesce(n.single, 0) AS single_parts,
       coalesce(k.cases, 0) AS open_cases, round(b.spend, 6) AS spend_12m,
       b.last AS last_receipt, round((o.days / 7.0)::numeric, 1) AS lead_wk,
       %(now)s::timestamptz AS computed_at
  FROM suppliers_supplier c
  LEFT JOIN counted n ON n.id = c.id
  LEFT JOIN cases k ON k.id = c.id
  LEFT JOIN bought b ON b.id = c.id
  LEFT JOIN offered o ON o.id = c.id
 WHERE (%(suppliers)s::bigint[] IS NULL OR c.id = ANY(%(suppliers)s))
 ORDER BY c.id
"""


def _parameters(
    suppliers: Iterable[int] | None = None, parts: Iterable[int] | None = None
) -> dict[str, Any]:
    company, _ = policies.active(CompanyPolicy)
    spend, _ = policies.active(SpendPolicy)
    today = clock.business_day()
    return {
        "suppliers": None if suppliers is None else sorted(suppliers),
        "parts": None if parts is None else sorted(parts),
        "currency": company.currency,
        "since": add_months(today, -spend.months),
        "today": today,
        "open": [str(state) for state in OPEN_STATES],
        "now": clock.now(),
    }


def refresh_suppliers() -> int:
    """Store the figures of all suppliers; return the number of changed rows."""
    return figures.upsert_sql(
        FIGURES, _parameters(), into=SupplierFigures, key="supplier_id", columns=COLUMNS
    )


def of_parts(suppliers: Iterable[int], parts: Iterable[int]) -> dict[int, SupplierFigures]:
    """The figures of these suppliers, from these parts alone; nothing is stored."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, _parameters(suppliers, parts))
        names = [*COLUMNS, "computed_at"]
        rows = [SupplierFigures(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    return {row.supplier_id: row for row in rows}
