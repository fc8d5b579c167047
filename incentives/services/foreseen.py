"""Savings that are foreseen: by signed business cases, and by price agreements.

Both are figures of a month beside what receipts show, and are never counted. One statement writes
them for all cases; a second run changes nothing, and closed months keep theirs.
"""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import transaction

from incentives.services.baselines import LEDGER, SAVING_KINDS
from incentives.services.realised import BUDGET, INDEXED, Recomputed
from parts.house_rules import CompanyPolicy
from secondsource.core import clock, jobs, policies, queries, traces
from secondsource.core.actors import Actor
from secondsource.core.money import minor_units

#: Months to come are at the index of this one.
_KNOWN = "least(m.month, %(month)s)"
#: ``agreed``: per source and month the cheapest agreement in force, at the units that it names, or
#: at its share of the part's demand. ``planned``: a twelfth of the yearly saving of the newest
#: signed business case (*committed*), else of the one that was entered (*idea*). The months in
#: which the window begins and ends count by their days and are one month together; an agreement
#: has the months whose 16th is in it, the last one of the window by its days. A year is therefore
#: twelve months, and not thirteen. Nothing is foreseen for a case that was rolled back.
_FORESEEN = f"""
WITH {BUDGET}, asked AS (
    SELECT f.*, w.first, (w.first + make_interval(months => f.window_months))::date AS until,
           (extract(day FROM w.first) - 1)
             / extract(day FROM date_trunc('month', w.first) + interval '1 month -1 day') AS missing
      FROM frozen f, LATERAL (SELECT coalesce(f.window_start, f.opened) AS first) w
     WHERE f.state <> 'rolled_back'
       AND (%(cases)s::bigint[] IS NULL OR f.case_id = ANY(%(cases)s::bigint[]))
), months AS (
    SELECT a.*, m::date AS month,
           CASE m WHEN date_trunc('month', a.first) THEN 1 - a.missing ELSE 1 END AS begun,
           CASE m WHEN date_trunc('month', a.until) THEN a.missing ELSE 1 END AS ended
      FROM asked a,
           generate_series(date_trunc('month', a.first), a.until - interval '1 day',
                           interval '1 month') m
), agreed AS (
    SELECT DISTINCT ON (m.case_id, s.kind, m.month)
           m.case_id, s.source_id, s.kind, m.month, round(k.base * y.rate, 6) AS base,
           round(b.price * x.rate, 6) AS paid, round(n.units * m.ended) AS units,
           'PA-' || lpad(p.number::text, 4, '0') AS reason, p.document
      FROM months m
     CROSS JOIN LATERAL (VALUES ('negotiated', m.paid_source_id),
                                ('volume_shift', m.new_source_id)) s(kind, source_id)
      JOIN suppliers_source o ON o.id = s.source_id
      JOIN suppliers_priceagreement p ON p.manufacturer_part_id = o.manufacturer_part_id
       AND m.month + 15 BETWEEN p.valid_from AND p.valid_to
      LEFT JOIN parts_partfigures d ON d.part_id = m.part_id
     CROSS JOIN LATERAL (SELECT {INDEXED.format(row="m", day=_KNOWN)} AS base) k
     CROSS JOIN LATERAL (SELECT age(p.valid_to + 1, p.valid_from) AS span) t
     CROSS JOIN LATERAL (SELECT round(coalesce(
           p.volume_commitment / greatest(
               extract(year FROM t.span) * 12 + extract(month FROM t.span), 1),
           p.allocation * d.annual_demand / 12)) AS units) n
     CROSS JOIN LATERAL (SELECT c.price FROM suppliers_agreedprice c
           WHERE c.agreement_id = p.id ORDER BY c.quantity > n.units, c.quantity
                 * CASE WHEN c.quantity > n.units THEN 1 ELSE -1 END LIMIT 1) b
      JOIN budget x ON x.currency = p.currency AND x.year = extract(year FROM m.month)
      JOIN budget y ON y.currency = m.currency AND y.year = x.year
     WHERE round(n.units * m.ended) > 0 AND k.base IS NOT NULL
     ORDER BY m.case_id, s.kind, m.month, b.price * x.rate, p.id
), yearly AS (
    SELECT a.case_id, a.new_source_id, coalesce(v.saving, i.saving_per_year) AS saving,
           coalesce(v.currency, i.currency) AS currency,
           CASE WHEN v.saving IS NULL THEN 'idea' ELSE 'committed' END AS stage, v.number
      FROM asked a
      LEFT JOIN LATERAL (SELECT (e.exact ->> 'saving')::numeric AS saving,
                  e.exact ->> 'currency' AS currency, e.number
             FROM qualification_businesscaseversion e WHERE e.case_id = a.case_id
            ORDER BY e.number DESC LIMIT 1) v ON true
      LEFT JOIN qualification_businesscase i ON i.case_id = a.case_id
), planned AS (
    SELECT m.case_id, w.new_source_id AS source_id, m.month, w.stage,
           w.saving / 12 * m.begun * m.ended * x.rate AS amount,
           CASE WHEN w.number IS NULL THEN 'Business case, entered'
                ELSE 'Business case, version ' || w.number END AS reason
      FROM months m
      JOIN yearly w ON w.case_id = m.case_id AND w.saving IS NOT NULL
      JOIN budget x ON x.currency = w.currency AND x.year = extract(year FROM m.month)
), due AS (
    SELECT case_id, source_id, kind, month, 'contracted' AS stage, 'agreement' AS origin, base,
           paid, units::numeric AS quantity, round((base - paid) * units, %(places)s) AS amount,
           reason, document AS evidence
      FROM agreed
     UNION ALL
    SELECT case_id, source_id, 'volume_shift', month, stage, 'forecast', NULL, NULL, NULL,
           round(amount, %(places)s), reason, ''
      FROM planned
), open_due AS (
    SELECT * FROM due WHERE NOT incentives_closed(month)
), gone AS (
    DELETE FROM incentives_savingline l
     WHERE l.origin IN ('agreement', 'forecast')
       AND (%(cases)s::bigint[] IS NULL OR l.case_id = ANY(%(cases)s::bigint[]))
       AND NOT incentives_closed(l.month)
       AND NOT EXISTS (SELECT FROM open_due d WHERE d.case_id = l.case_id
              AND d.source_id = l.source_id AND d.kind = l.kind AND d.stage = l.stage
              AND d.month = l.month)
 RETURNING 1
), written AS (
    INSERT INTO incentives_savingline AS l (case_id, source_id, kind, month, earned_in, stage,
           origin, baseline_price, paid_price, quantity, amount, currency, reason, evidence,
           created_at, updated_at)
    SELECT case_id, source_id, kind, month, month, stage, origin, base, paid, quantity, amount,
           %(currency)s, reason, evidence, %(now)s, %(now)s
      FROM open_due
    ON CONFLICT (case_id, source_id, kind, stage, month)
       WHERE origin IN ('agreement', 'forecast')
    DO UPDATE SET baseline_price = excluded.baseline_price, paid_price = excluded.paid_price,
       quantity = excluded.quantity, amount = excluded.amount, currency = excluded.currency,
       reason = excluded.reason, evidence = excluded.evidence, version = l.version + 1,
       updated_at = excluded.updated_at
     WHERE (l.baseline_price, l.paid_price, l.quantity, l.amount, l.currency, l.reason, l.evidence)
           IS DISTINCT FROM
           (excluded.baseline_price, excluded.paid_price, excluded.quantity, excluded.amount,
            excluded.currency, excluded.reason, excluded.evidence)
    RETURNING 1
)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM gone)
"""  # noqa: S608  (constants)


@transaction.atomic
def recompute_foreseen(*, actor: Actor, case_ids: Collection[int] | None = None) -> Recomputed:
    """Write what business cases and price agreements foresee for the months of each window.

    Before the window begins, its months are counted from the opening of the case.
    """
    jobs.take_turns(LEDGER)
    traces.attribute(actor, "foreseen")
    currency = policies.active(CompanyPolicy)[0].currency
    asked = {
        "cases": None if case_ids is None else sorted(case_ids), "currency": currency,
        "places": minor_units(currency), "zone": str(settings.COMPANY_TIME_ZONE),
        "kinds": [str(kind) for kind in SAVING_KINDS], "now": clock.now(),
        "month": clock.business_day().replace(day=1),
    }  # fmt: skip
    written, removed = queries.rows(_FORESEEN, asked)[0]
    return Recomputed(written, removed)
