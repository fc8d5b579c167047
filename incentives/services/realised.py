"""Realised savings from receipts: in SQL for all cases at once, which can be run again.

A receipt counts in one case. On the source whose price is the baseline, it is *negotiated*; on the
candidate, *volume shift*. Where the windows of two cases overlap on a source, the earlier one has
the receipt; a rollback ends the window of its case that day. A closed month keeps its lines: what
its receipts say now beyond them is a correction in the present month.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from incentives.services.baselines import COUNTS, LEDGER, SAVING_KINDS
from parts.house_rules import CompanyPolicy
from secondsource.core import clock, jobs, policies, queries, traces
from secondsource.core.actors import Actor
from secondsource.core.money import minor_units

#: Budget rates to the company's currency; its own is worth 1 in every year.
BUDGET = """
budget AS (
    SELECT year::int AS year, currency, rate FROM incentives_budgetrate
     WHERE quote = %(currency)s
     UNION ALL
    SELECT y, %(currency)s, 1 FROM generate_series(2000, 2100) y
), frozen AS (
    SELECT b.id, b.case_id, b.source_id AS paid_source_id, c.source_id AS new_source_id, b.price,
           b.currency, b.window_start, b.window_months, c.state, c.part_id, b.index_id,
           b.linked_share, b.index_base,
           (c.opened_at AT TIME ZONE %(zone)s)::date AS opened
      FROM incentives_baseline b JOIN qualification_case c ON c.id = b.case_id
     WHERE b.superseded_at IS NULL AND c.kind = ANY(%(kinds)s)
       AND c.state NOT IN ('draft', 'rejected', 'withdrawn')
)"""
#: What a unit of ``{code}`` is worth in the year of ``{day}`` by the budget; None without a rate.
_WORTH = """CASE {code} WHEN %(currency)s THEN 1 ELSE (
       SELECT x.rate FROM incentives_budgetrate x
        WHERE x.quote = %(currency)s AND x.currency = {code}
          AND x.year = extract(year FROM {day})::int) END"""
#: The price of a baseline in the month of ``{day}``: where it names an index, its linked share
#: follows the last value of the three months up to the first of that month; None without one.
INDEXED = """CASE WHEN {row}.index_id IS NULL THEN {row}.price
       ELSE incentives_indexed({row}.price, {row}.index_id, {row}.linked_share, {row}.index_base,
                               {day}) END"""
_OF_CASES = "(%(cases)s::bigint[] IS NULL OR {}.case_id = ANY(%(cases)s::bigint[]))"
_MONTH = "date_trunc('month', r.received_date::timestamp)::date"
#: The window begins with the first production receipt at a new price: of the candidate, or of the
#: other source below the baseline. It stays once a month of the case is closed. Each source is read
#: in the order of its days, and no further than to that receipt.
_BEGIN = f"""
WITH {BUDGET}, moving AS (
    SELECT * FROM frozen f
     WHERE {_OF_CASES.format("f")}
       AND NOT EXISTS (SELECT FROM incentives_savingline l
                         JOIN incentives_closedmonth m ON m.month = l.month
                        WHERE l.case_id = f.case_id AND l.origin IN ('receipts', 'correction'))
), found AS (
    SELECT f.id, min(d.day) AS day
      FROM moving f
     CROSS JOIN LATERAL (VALUES (true, f.new_source_id), (false, f.paid_source_id))
                        s(is_new, source_id)
      LEFT JOIN LATERAL (
           SELECT r.received_date AS day FROM suppliers_receipt r
            WHERE r.source_id = s.source_id AND r.received_date >= f.opened
              AND r.received_qty > 0 AND r.unit_price IS NOT NULL AND {COUNTS}
              AND (s.is_new
                   OR r.unit_price * {_WORTH.format(code="r.currency", day="r.received_date")}
                      < {INDEXED.format(row="f", day=_MONTH)}
                        * {_WORTH.format(code="f.currency", day="r.received_date")})
            ORDER BY r.received_date LIMIT 1) d ON true
     GROUP BY f.id
)
UPDATE incentives_baseline b
   SET window_start = w.day, version = b.version + 1, updated_at = %(now)s
  FROM found w WHERE w.id = b.id AND b.window_start IS DISTINCT FROM w.day
"""  # noqa: S608  (constants of this module)

#: The days of a case on a source, each source's days in one case only, without the months that a
#: rollback took back. From the day of a rollback on, other cases have the source; a case that was
#: reopened begins again after the months taken back, behind the cases that began meanwhile.
_SPANS = f"""
WITH {BUDGET}, back AS (
    SELECT v.case_id, min(v.since) AS since, (max(v.until) + interval '1 month')::date AS again,
           min((k.decided_at AT TIME ZONE %(zone)s)::date) AS day
      FROM incentives_reversal v JOIN qualification_rollback k ON k.id = v.rollback_id GROUP BY 1
), sides AS (
    SELECT f.*, s.kind, s.source_id, d.first, d.until, d.counted
      FROM (SELECT *, (window_start + make_interval(months => window_months))::date AS last
              FROM frozen WHERE window_start IS NOT NULL) f
      LEFT JOIN back k ON k.case_id = f.case_id
     CROSS JOIN LATERAL (VALUES ('negotiated', f.paid_source_id),
                                ('volume_shift', f.new_source_id)) s(kind, source_id)
     CROSS JOIN LATERAL (
           VALUES (true, f.window_start, least(f.last, k.day), least(f.last, k.since)),
                  (k.again IS NOT NULL AND f.state <> 'rolled_back',
                   greatest(f.window_start, k.again), f.last, f.last)
           ) d(counts, first, until, counted)
     WHERE d.counts AND d.first < d.until
), spans AS (
    SELECT *, greatest(first, max(until) OVER (
               PARTITION BY source_id ORDER BY first, case_id, kind
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS since
      FROM sides
)
SELECT s.case_id, s.source_id, s.kind, s.price, s.currency, s.since, s.counted
  FROM spans s WHERE s.since < s.counted AND {_OF_CASES.format("s")}
"""  # noqa: S608
#: The sums of the receipts of each span and month, the only pass over them; of each day too where a
#: daily rate has to be applied. The spans come as arrays, whose length the planner knows, and the
#: sums go to a table of the transaction, because a statement that also writes is not run in
#: parallel.
_READ = f"""
CREATE TEMP TABLE saving_read ON COMMIT DROP AS
WITH spans AS (
    SELECT * FROM unnest(%(case_id)s::bigint[], %(source_id)s::bigint[], %(kind)s::text[],
                         %(price)s::numeric[], %(base_currency)s::text[], %(since)s::date[],
                         %(until)s::date[]) WITH ORDINALITY
           AS s(case_id, source_id, kind, price, base_currency, since, until, span)
), summed AS (
    SELECT s.span, date_trunc('month', r.received_date::timestamp)::date AS earned_in, r.currency,
           CASE WHEN r.currency <> %(currency)s OR s.base_currency <> %(currency)s
                THEN r.received_date END AS day,
           sum(r.received_qty) AS quantity,
           sum(r.received_qty) FILTER (WHERE r.received_qty < 0) AS returned,
           sum(r.received_qty * r.unit_price) AS paid, count(*) AS receipts
      FROM spans s
      JOIN suppliers_receipt r ON r.source_id = s.source_id
       AND r.received_date >= s.since AND r.received_date < s.until
     WHERE r.unit_price IS NOT NULL AND {COUNTS}
     GROUP BY 1, 2, 3, 4
)
SELECT s.case_id, s.source_id, s.kind, s.price, s.base_currency, r.*
  FROM summed r JOIN spans s ON s.span = r.span
"""  # noqa: S608
#: ``settled``: what lines in closed months say, and keys that were reversed. ``due``: the one open
#: line of each key. Only what differs from a line is written.
_LINES = f"""
WITH {BUDGET}, worth AS (
    SELECT n.code, n.day, x.rate
      FROM (SELECT currency AS code, day FROM saving_read WHERE day IS NOT NULL
             UNION SELECT base_currency, day FROM saving_read WHERE day IS NOT NULL) n,
           LATERAL parts_rate(n.code, %(currency)s, n.day) x
     WHERE n.code <> %(currency)s
), linked AS (
    SELECT DISTINCT r.case_id, r.earned_in, {INDEXED.format(row="b", day="r.earned_in")} AS price
      FROM saving_read r
      JOIN incentives_baseline b ON b.case_id = r.case_id AND b.superseded_at IS NULL
     WHERE b.index_id IS NOT NULL
), valued AS (
    SELECT r.*, i.case_id IS NOT NULL AS is_linked,
           CASE WHEN i.case_id IS NULL THEN r.price ELSE i.price END AS indexed,
           {_WORTH.format(code="r.currency", day="r.earned_in")} AS paid_worth,
           {_WORTH.format(code="r.base_currency", day="r.earned_in")} AS base_worth,
           CASE r.currency WHEN %(currency)s THEN 1 ELSE p.rate END AS paid_today,
           CASE r.base_currency WHEN %(currency)s THEN 1 ELSE b.rate END AS base_today
      FROM saving_read r
      LEFT JOIN linked i ON i.case_id = r.case_id AND i.earned_in = r.earned_in
      LEFT JOIN worth p ON p.code = r.currency AND p.day = r.day
      LEFT JOIN worth b ON b.code = r.base_currency AND b.day = r.day
), summed AS (
    SELECT case_id, source_id, kind, earned_in, min(indexed * base_worth) AS base,
           sum(quantity) AS quantity, coalesce(-sum(returned), 0) AS returned,
           sum(paid * paid_worth) AS paid,
           min(indexed * base_worth) * sum(quantity) - sum(paid * paid_worth) AS amount,
           CASE WHEN bool_or(is_linked)
                THEN min((price - indexed) * base_worth) * sum(quantity) END AS by_market,
           coalesce(sum(quantity * indexed * (base_today - base_worth)
                        - paid * (paid_today - paid_worth)) FILTER (WHERE day IS NOT NULL), 0)
             AS by_rate,
           bool_and(paid_today IS NOT NULL AND base_today IS NOT NULL) AS known,
           sum(receipts)::bigint AS receipts
      FROM valued
     WHERE paid_worth IS NOT NULL AND base_worth IS NOT NULL AND indexed IS NOT NULL
     GROUP BY 1, 2, 3, 4
), earned AS (
    SELECT e.case_id, e.source_id, e.kind, e.earned_in, round(e.base, 6) AS base,
           round(e.paid / nullif(e.quantity, 0), 6) AS paid, e.quantity, e.returned,
           round(e.amount, %(places)s) AS amount,
           CASE WHEN e.known THEN round(e.amount + e.by_rate, %(places)s)
                                  - round(e.amount, %(places)s) END AS fx,
           round(e.amount + e.by_market, %(places)s) - round(e.amount, %(places)s) AS market,
           e.receipts, round(100 * e.quantity / nullif(sum(e.quantity) OVER (
               PARTITION BY e.case_id, e.earned_in), 0)) AS share
      FROM summed e
), own AS (
    SELECT l.*, m.id IS NOT NULL AS settled
      FROM incentives_savingline l LEFT JOIN incentives_closedmonth m ON m.month = l.month
     WHERE l.origin IN ('receipts', 'correction') AND {_OF_CASES.format("l")}
), settled AS (
    SELECT case_id, source_id, kind, earned_in, min(id) AS line_id, sum(quantity) AS quantity,
           sum(returned) AS returned, sum(amount) AS amount, sum(fx_effect) AS fx,
           sum(market_effect) AS market
      FROM own WHERE settled GROUP BY 1, 2, 3, 4
), reversed AS (
    SELECT DISTINCT case_id, source_id, kind, earned_in FROM incentives_savingline l
     WHERE origin = 'reversal' AND {_OF_CASES.format("l")}
), due AS (
    SELECT case_id, source_id, kind, earned_in, p.base, p.paid, s.line_id,
           coalesce(p.quantity, 0) - coalesce(s.quantity, 0) AS quantity,
           coalesce(p.returned, 0) - coalesce(s.returned, 0) AS returned,
           coalesce(p.amount, 0) - coalesce(s.amount, 0) AS amount,
           CASE WHEN s.line_id IS NULL THEN p.fx
                ELSE coalesce(p.fx, 0) - coalesce(s.fx, 0) END AS fx,
           CASE WHEN p.market IS NULL AND s.market IS NULL THEN NULL
                ELSE coalesce(p.market, 0) - coalesce(s.market, 0) END AS market,
           p.receipts, p.share
      FROM earned p FULL JOIN settled s USING (case_id, source_id, kind, earned_in)
      LEFT JOIN reversed v USING (case_id, source_id, kind, earned_in)
     WHERE v.case_id IS NULL
), placed AS (
    SELECT d.case_id, d.source_id, d.kind, d.earned_in,
           CASE WHEN m.id IS NULL THEN d.earned_in ELSE coalesce(o.month, %(month)s) END AS month,
           CASE WHEN d.line_id IS NULL THEN 'receipts' ELSE 'correction' END AS origin,
           d.base, d.paid, d.quantity, d.returned, d.amount, d.fx, d.market,
           CASE WHEN d.line_id IS NOT NULL
                THEN CASE WHEN d.quantity = 0 AND d.market <> 0 THEN 'Index of '
                          ELSE 'Receipts of ' END
                     || to_char(d.earned_in, 'FMMon YYYY') || ' changed'
                ELSE coalesce(d.share || ' %% share', 'returned') END AS reason,
           CASE coalesce(d.receipts, 0) WHEN 1 THEN '1 receipt'
                ELSE coalesce(d.receipts, 0) || ' receipts' END AS evidence, d.line_id
      FROM due d
      LEFT JOIN incentives_closedmonth m ON m.month = d.earned_in
      LEFT JOIN own o ON NOT o.settled AND o.case_id = d.case_id AND o.source_id = d.source_id
       AND o.kind = d.kind AND o.earned_in = d.earned_in
     WHERE d.line_id IS NULL OR d.amount <> 0 OR d.quantity <> 0 OR d.fx IS DISTINCT FROM 0
), gone AS (
    DELETE FROM incentives_savingline l USING own o
     WHERE o.id = l.id AND NOT o.settled AND NOT EXISTS (
           SELECT FROM placed n WHERE n.case_id = o.case_id AND n.source_id = o.source_id
              AND n.kind = o.kind AND n.earned_in = o.earned_in AND n.month = o.month)
 RETURNING 1
), written AS (
    INSERT INTO incentives_savingline AS l (case_id, source_id, kind, earned_in, month, stage,
           origin, baseline_price, paid_price, quantity, returned, amount, currency, fx_effect,
           market_effect, reason, evidence, corrects_id, created_at, updated_at)
    SELECT n.case_id, n.source_id, n.kind, n.earned_in, n.month, 'realised', n.origin, n.base,
           n.paid, n.quantity, n.returned, n.amount, %(currency)s, n.fx, n.market, n.reason,
           n.evidence, n.line_id, %(now)s, %(now)s
      FROM placed n
      LEFT JOIN own o ON NOT o.settled AND o.case_id = n.case_id AND o.source_id = n.source_id
       AND o.kind = n.kind AND o.earned_in = n.earned_in AND o.month = n.month
     WHERE (o.baseline_price, o.paid_price, o.quantity, o.returned, o.amount, o.currency,
            o.fx_effect, o.market_effect, o.reason, o.evidence, o.origin, o.corrects_id)
           IS DISTINCT FROM
           (n.base, n.paid, n.quantity, n.returned, n.amount, %(currency)s, n.fx, n.market,
            n.reason, n.evidence, n.origin, n.line_id)
     ORDER BY n.month, n.case_id, n.kind, n.source_id
    ON CONFLICT (case_id, source_id, kind, earned_in, month)
       WHERE origin IN ('receipts', 'correction')
    DO UPDATE SET baseline_price = excluded.baseline_price, paid_price = excluded.paid_price,
       quantity = excluded.quantity, returned = excluded.returned, amount = excluded.amount,
       currency = excluded.currency, fx_effect = excluded.fx_effect,
       market_effect = excluded.market_effect, reason = excluded.reason,
       evidence = excluded.evidence, origin = excluded.origin, corrects_id = excluded.corrects_id,
       version = l.version + 1, updated_at = excluded.updated_at
    RETURNING 1
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM gone)
"""  # noqa: S608
#: What was written a moment ago has no statistics yet, and a loop over it in a loop takes minutes.
_HASHED = "SET LOCAL enable_nestloop = {}"


@dataclass(frozen=True)
class Recomputed:
    """How many lines were written and removed; nothing when no fact changed."""

    written: int
    removed: int


@transaction.atomic
def recompute_realised(*, actor: Actor, case_ids: Collection[int] | None = None) -> Recomputed:
    """Compute the realised lines of these cases, or of all, from receipts.

    A second run changes nothing. Receipts without price or budget rate are left out; the ledger of
    the case counts them (``ledger_page.unpriced``).
    """
    jobs.take_turns(LEDGER)
    traces.attribute(actor, "computed from receipts")
    currency = policies.active(CompanyPolicy)[0].currency
    asked = {
        "cases": None if case_ids is None else sorted(case_ids), "currency": currency,
        "places": minor_units(currency), "zone": str(settings.COMPANY_TIME_ZONE),
        "kinds": [str(kind) for kind in SAVING_KINDS], "now": clock.now(),
        "month": clock.business_day().replace(day=1),
    }  # fmt: skip
    queries.execute(_BEGIN, asked)
    names = ("case_id", "source_id", "kind", "price", "base_currency", "since", "until")
    spans = queries.rows(_SPANS, asked)
    columns = {name: [row[place] for row in spans] for place, name in enumerate(names)}
    queries.execute("DROP TABLE IF EXISTS saving_read")
    queries.execute(_READ, asked | columns)
    queries.execute("ANALYZE saving_read")
    queries.execute(_HASHED.format("off"))
    written, removed = queries.rows(_LINES, asked)[0]
    queries.execute(_HASHED.format("on"))
    return Recomputed(written, removed)
