"""The ranking of ``start_small`` in SQL: every part judged, eligible ones with figures."""

from __future__ import annotations

from qualification import exposure
from suppliers.prices import PRICED

#: Three things keep it short. Parts without a reason against them are asked for by conditions on
#: tables, because only from those the planner knows how many there are, and a join of two lists
#: that it takes for short costs their product; for the same reason a candidate carries what its
#: price needs of its part. Exposure is calculated for ``contender`` alone: the rows that can be
#: among the first ones by their saving and the bound ``most`` of what exposure adds to it.
RANKED = """
WITH facts AS (
    SELECT p.category_id, p.lifecycle, f.supply, count(*) AS n
      FROM {PART}
     GROUP BY p.category_id, p.lifecycle, f.supply
), judged AS (
    SELECT CASE WHEN c.risk_class <> 'low' THEN 'risk_class'
                WHEN p.lifecycle = 'unknown' THEN 'lifecycle_unknown'
                WHEN p.lifecycle <> ALL(%(active)s) THEN 'lifecycle'
                WHEN p.supply = 'several' THEN 'several'
                ELSE '' END AS why, p.n
      FROM facts p JOIN parts_category c ON c.id = p.category_id
), open_to_it AS MATERIALIZED (
    SELECT p.id AS part_id, f.annual_demand, f.spend_12m, {STOCK_WK} AS stock_wk
      FROM {PART}
       AND p.category_id IN (SELECT id FROM parts_category WHERE risk_class = 'low')
       AND p.lifecycle = ANY(%(active)s) AND f.supply <> 'several'
       AND NOT EXISTS (SELECT FROM qualification_case k
                        WHERE k.part_id = p.id AND k.state = ANY(%(open)s))
), candidate AS MATERIALIZED (
    SELECT s.id, s.part_id, s.manufacturer_part_id, p.annual_demand, p.spend_12m, p.stock_wk
      FROM open_to_it p
      JOIN suppliers_source s ON s.part_id = p.part_id
       AND s.role = 'alternate' AND s.status = 'candidate'
      JOIN suppliers_manufacturerpart m ON m.id = s.manufacturer_part_id
       AND m.lifecycle <> ALL(%(ending)s)
      JOIN suppliers_supplier k ON k.id = m.manufacturer_id
       AND NOT k.placeholder AND k.standing NOT IN ('phase_out', 'disqualified')
), eligible AS MATERIALIZED (
    SELECT DISTINCT part_id, annual_demand FROM candidate
), incumbent AS MATERIALIZED (
    SELECT DISTINCT ON (s.part_id) s.id, s.part_id, s.manufacturer_part_id, e.annual_demand
      FROM eligible e
      JOIN suppliers_source s ON s.part_id = e.part_id AND s.role = 'incumbent'
     WHERE e.annual_demand IS NOT NULL
     ORDER BY s.part_id, s.id
), asked AS (
    SELECT s.id AS key, o.id AS offer_id,
           greatest(1, ceil(s.annual_demand / 12 * s.part)) AS quantity
      FROM (SELECT id, manufacturer_part_id, annual_demand, 1::numeric AS part FROM incumbent
            UNION ALL
            SELECT id, manufacturer_part_id, annual_demand, %(share)s::numeric FROM candidate
             WHERE annual_demand IS NOT NULL) s
      JOIN suppliers_offer o ON o.manufacturer_part_id = s.manufacturer_part_id
), {PRICED}, best AS MATERIALIZED (
    SELECT key, min(price) AS price FROM priced GROUP BY key
), priced_candidate AS (
    SELECT k.part_id, k.annual_demand, k.stock_wk, k.id AS source_id,
           i.price AS incumbent_price, a.price AS candidate_price,
           CASE WHEN %(round_prices)s THEN {TWO_SPEND} ELSE k.spend_12m END AS spend,
           CASE WHEN %(round_prices)s THEN {TWO_UNIT} ELSE i.price - a.price END AS unit_saving
      FROM candidate k
      LEFT JOIN incumbent n ON n.part_id = k.part_id
      LEFT JOIN best i ON i.key = n.id
      LEFT JOIN best a ON a.key = k.id
), valued AS MATERIALIZED (
    SELECT * FROM (
        SELECT v.*, coalesce(v.unit_saving * v.annual_demand * %(share)s,
                             v.spend * %(saving_rate)s) AS saving
          FROM priced_candidate v) v
     WHERE v.saving IS NOT NULL
), exposed_parts AS (
    SELECT part_id FROM eligible WHERE annual_demand IS NOT NULL
), {EARNING}, reach AS MATERIALIZED (
    SELECT v.*,
           coalesce(%(weight)s * greatest({LONGEST_WK} - v.stock_wk, 0)
                    * w.margin * 1.05, 0) AS most
      FROM valued v LEFT JOIN earning w ON w.part_id = v.part_id
), contender AS MATERIALIZED (
    SELECT * FROM reach
     WHERE saving + greatest(most, 0) >= coalesce(
           (SELECT saving + least(most, 0) FROM reach
             ORDER BY 1 DESC OFFSET %(looked_at)s - 1 LIMIT 1), '-infinity')
), contending AS (
    SELECT DISTINCT part_id FROM contender
), {EXPOSED}, ranked AS (
    SELECT v.*, p.ipn, x.exposure, x.withheld, x.products, x.without_margin, x.margin_wk,
           x.recovery_wk, x.recovery_stated, x.lost_wk,
           (v.saving + %(weight)s * coalesce(x.exposure, 0)) / %(effort)s AS points
      FROM exposed x
      JOIN contender v ON v.part_id = x.part_id
      JOIN parts_part p ON p.id = x.part_id
     ORDER BY points DESC, p.ipn, v.source_id
     LIMIT %(looked_at)s
), counted AS (
    SELECT why, sum(n)::bigint AS n FROM judged WHERE why <> '' GROUP BY why
    UNION ALL
    SELECT w.why, w.n
      FROM (SELECT coalesce(sum(n), 0)::bigint AS n FROM judged WHERE why = '') free,
           (SELECT count(*) AS n FROM open_to_it) idle,
           (SELECT count(*) AS n FROM eligible) designed,
           (SELECT count(DISTINCT part_id) AS n FROM valued) known,
           LATERAL (VALUES ('under_way', free.n - idle.n),
                           ('no_candidate', idle.n - designed.n),
                           ('saving_unknown', designed.n - known.n),
                           ('eligible', known.n)) w (why, n)
     WHERE w.n > 0
), told AS (
    SELECT jsonb_object_agg(why, n) AS counts FROM counted
)
SELECT told.counts, r.*
  FROM told LEFT JOIN ranked r ON true
 ORDER BY r.points DESC NULLS LAST, r.ipn, r.source_id
"""
_PART = """
parts_part p
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
""".strip()
RANKED = (
    RANKED.replace("{PART}", _PART)
    .replace("{STOCK_WK}", exposure.STOCK_WK)
    .replace("{LONGEST_WK}", exposure.LONGEST_WK)
    .replace("{PRICED}", PRICED.strip())
    .replace("{EARNING}", exposure.EARNING.strip())
    .replace("{EXPOSED}", exposure.exposed("contending").strip())
    .replace("{TWO_SPEND}", exposure.TWO_DIGITS.format("k.spend_12m"))
    .replace("{TWO_UNIT}", exposure.TWO_DIGITS.format("(i.price - a.price)"))
)
