"""The ranking of ``start_small`` in SQL: every part judged, eligible ones with figures."""

from __future__ import annotations

from qualification import exposure
from suppliers.prices import PRICED

RANKED = """
WITH judged AS MATERIALIZED (
    SELECT p.id AS part_id, p.ipn, f.annual_demand, f.spend_12m,
           CASE WHEN c.risk_class <> 'low' THEN 'risk_class'
                WHEN p.lifecycle = 'unknown' THEN 'lifecycle_unknown'
                WHEN p.lifecycle <> ALL(%(active)s) THEN 'lifecycle'
                WHEN f.supply = 'several' THEN 'several'
                WHEN EXISTS (SELECT FROM qualification_case k
                              WHERE k.part_id = p.id AND k.state = ANY(%(open)s)) THEN 'under_way'
                WHEN NOT EXISTS ({CANDIDATE}) THEN 'no_candidate'
                ELSE '' END AS why
      FROM parts_part p
      JOIN parts_category c ON c.id = p.category_id
      JOIN parts_partfigures f ON f.part_id = p.id
     WHERE f.supply <> 'left_out'
       AND (%(plants)s::bigint[] IS NULL
            OR NOT EXISTS (SELECT FROM parts_partusage u WHERE u.part_id = p.id)
            OR EXISTS (SELECT FROM parts_partusage u JOIN parts_product d ON d.id = u.product_id
                        WHERE u.part_id = p.id
                          AND (d.product_line_id = ANY(%(lines)s::bigint[])
                               OR EXISTS (SELECT FROM parts_product_plants m
                                           WHERE m.product_id = d.id
                                             AND m.plant_id = ANY(%(plants)s::bigint[])))))
), eligible AS (
    SELECT j.*, (SELECT s.id FROM suppliers_source s
                  WHERE s.part_id = j.part_id AND s.role = 'incumbent'
                  ORDER BY s.id LIMIT 1) AS incumbent_id
      FROM judged j WHERE j.why = ''
), candidate AS (
    SELECT s.id, s.part_id, s.manufacturer_part_id
      FROM eligible p, LATERAL ({CANDIDATE}) s
), asked AS (
    SELECT s.id AS key, o.id AS offer_id,
           greatest(1, ceil(e.annual_demand / 12 * s.part)) AS quantity
      FROM eligible e
      JOIN LATERAL (
           SELECT n.id, n.manufacturer_part_id, 1::numeric AS part FROM suppliers_source n
            WHERE n.id = e.incumbent_id
           UNION ALL
           SELECT k.id, k.manufacturer_part_id, %(share)s::numeric FROM candidate k
            WHERE k.part_id = e.part_id) s ON true
      JOIN suppliers_offer o ON o.manufacturer_part_id = s.manufacturer_part_id
     WHERE e.annual_demand IS NOT NULL
), {PRICED}, best AS (
    SELECT key, min(price) AS price FROM priced GROUP BY key
), exposed_parts AS (
    SELECT part_id FROM eligible
), {EXPOSED}, priced_candidate AS (
    SELECT e.part_id, e.ipn, e.annual_demand, k.id AS source_id, i.price AS incumbent_price,
           a.price AS candidate_price,
           CASE WHEN %(round_prices)s THEN {TWO_SPEND} ELSE e.spend_12m END AS spend,
           CASE WHEN %(round_prices)s THEN {TWO_UNIT} ELSE i.price - a.price END AS unit_saving
      FROM eligible e
      JOIN candidate k ON k.part_id = e.part_id
      LEFT JOIN best i ON i.key = e.incumbent_id
      LEFT JOIN best a ON a.key = k.id
), valued AS (
    SELECT v.*, coalesce(v.unit_saving * v.annual_demand * %(share)s,
                         v.spend * %(saving_rate)s) AS saving
      FROM priced_candidate v
), ranked AS (
    SELECT v.*, x.exposure, x.withheld, x.products, x.without_margin, x.margin_wk, x.recovery_wk,
           x.recovery_stated, x.stock_wk, x.lost_wk,
           (v.saving + %(weight)s * coalesce(x.exposure, 0)) / %(effort)s AS points
      FROM valued v JOIN exposed x ON x.part_id = v.part_id
     WHERE v.saving IS NOT NULL
), told AS (
    SELECT jsonb_object_agg(why, n) AS counts FROM (
        SELECT CASE WHEN j.why <> '' THEN j.why
                    WHEN r.part_id IS NULL THEN 'saving_unknown'
                    ELSE 'eligible' END AS why, count(*) AS n
          FROM judged j LEFT JOIN (SELECT DISTINCT part_id FROM ranked) r USING (part_id)
         GROUP BY 1) c
)
SELECT told.counts, r.*
  FROM told LEFT JOIN (
       SELECT * FROM ranked ORDER BY points DESC, ipn, source_id LIMIT %(looked_at)s) r ON true
 ORDER BY r.points DESC NULLS LAST, r.ipn, r.source_id
"""
_CANDIDATE = """
SELECT s.id, s.part_id, s.manufacturer_part_id FROM suppliers_source s
  JOIN suppliers_manufacturerpart m ON m.id = s.manufacturer_part_id
  JOIN suppliers_supplier k ON k.id = m.manufacturer_id
 WHERE s.part_id = p.{id} AND s.role = 'alternate' AND s.status = 'candidate'
   AND NOT k.placeholder AND k.standing NOT IN ('phase_out', 'disqualified')
   AND m.lifecycle <> ALL(%(ending)s)
""".strip()
RANKED = (
    RANKED.replace("{CANDIDATE}", _CANDIDATE.replace("{id}", "id"), 1)
    .replace("{CANDIDATE}", _CANDIDATE.replace("{id}", "part_id"))
    .replace("{PRICED}", PRICED.strip())
    .replace("{EXPOSED}", exposure.EXPOSED.strip())
    .replace("{TWO_SPEND}", exposure.TWO_DIGITS.format("e.spend_12m"))
    .replace("{TWO_UNIT}", exposure.TWO_DIGITS.format("(i.price - a.price)"))
)
