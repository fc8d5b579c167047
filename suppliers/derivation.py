"""Derivation of sources from facts: status, caps and all reasons.

One SELECT derives the sources of any parts on any day from approvals, revocations, the
manufacturer's standing and the causes that other apps provide. ``suppliers.resolve`` stores the
result of today, ``suppliers.check`` uses that of an order's day. No other code decides a status.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from secondsource.core import queries
from suppliers import causes

#: Common table expressions that end in ``state``; ``{causes}`` is filled by :func:`state_sql`.
_STATE = """
src AS (
    SELECT s.id, s.part_id, s.role, c.standing
      FROM suppliers_source s
      JOIN suppliers_manufacturerpart m ON m.id = s.manufacturer_part_id
      JOIN suppliers_supplier c ON c.id = m.manufacturer_id
     WHERE s.part_id = ANY(%(parts)s)
), cause AS (
    {causes}
), caused AS (
    SELECT source_id, bool_or(cause = 'in_qualification') AS underway,
           bool_or(cause = 'requalify') AS requalify,
           min(share) FILTER (WHERE cause = 'capped') AS share,
           max(quantity) AS quantity, max(since) AS since,
           jsonb_agg(jsonb_build_object('code', code, 'detail', detail) ORDER BY code, detail)
               FILTER (WHERE detail <> '') AS reasons
      FROM cause GROUP BY source_id
), given AS (
    SELECT a.*, r.cause AS ended, r.reason
      FROM suppliers_approval a LEFT JOIN suppliers_revocation r ON r.approval_id = a.id
     WHERE a.source_id IN (SELECT id FROM src)
       AND (r.cause IS NULL OR r.cause NOT IN ('sent_back', 'undone'))
       AND a.valid_from <= %(day)s
), holds AS (  -- the approval in force
    SELECT DISTINCT ON (source_id) * FROM given
     WHERE ended IS NULL AND (valid_to IS NULL OR valid_to >= %(day)s)
     ORDER BY source_id, kind = 'interim', id DESC
), held AS (  -- the last one that makes the source one that was approved
    SELECT DISTINCT ON (source_id) * FROM given WHERE kind <> 'interim'
     ORDER BY source_id, id DESC
), judged AS (
    SELECT s.*, c.share AS cap, c.quantity AS granted, c.since, c.reasons AS causes,
           coalesce(c.underway, false) AS underway,
           CASE WHEN s.standing = 'disqualified' THEN 'disqualified'
                WHEN h.kind <> 'interim' AND c.requalify THEN 'requalify'
                WHEN h.kind <> 'interim' AND s.standing = 'phase_out' THEN 'phase_out'
                WHEN h.kind <> 'interim' THEN 'approved'
                WHEN o.id IS NOT NULL THEN 'requalify'
                WHEN h.kind = 'interim' THEN 'interim'
                WHEN c.underway THEN 'in_qualification'
                ELSE 'candidate' END AS status,
           CASE WHEN h.kind = 'interim' AND o.id IS NOT NULL THEN NULL ELSE h.id END AS holds_id,
           h.share AS h_share, h.quantity AS h_quantity, h.created_at AS h_at,
           o.id AS held_id, o.share AS o_share, o.quantity AS o_quantity, o.created_at AS o_at,
           o.ended, o.reason, o.valid_to AS o_until
      FROM src s
      LEFT JOIN caused c ON c.source_id = s.id
      LEFT JOIN holds h ON h.source_id = s.id
      LEFT JOIN held o ON o.source_id = s.id
), limited AS (
    SELECT j.*,
           CASE WHEN status IN ('candidate', 'in_qualification') THEN NULL
                ELSE coalesce(holds_id, held_id) END AS approval_id,
           CASE WHEN status IN ('disqualified', 'candidate', 'in_qualification') THEN 0
                WHEN holds_id IS NOT NULL THEN least(h_share, cap)
                WHEN ended IS NULL THEN o_share ELSE 0 END AS share_cap,
           CASE WHEN status IN ('disqualified', 'candidate') THEN 0
                WHEN status = 'in_qualification' THEN coalesce(granted, 0)
                WHEN holds_id IS NOT NULL THEN h_quantity
                WHEN ended IS NULL THEN o_quantity ELSE 0 END AS quantity_cap
      FROM judged j
), state AS (
    SELECT id, part_id, role, status, underway, approval_id, share_cap, quantity_cap,
           CASE WHEN quantity_cap > 0 THEN CASE WHEN status = 'in_qualification' THEN since
                WHEN holds_id IS NOT NULL THEN h_at ELSE o_at END END AS quantity_since,
           CASE standing
             WHEN 'disqualified' THEN jsonb_build_array(jsonb_build_object('code',
                  'supplier_disqualified', 'detail', 'The manufacturer is disqualified.'))
             WHEN 'phase_out' THEN jsonb_build_array(jsonb_build_object('code',
                  'supplier_phase_out', 'detail', 'The manufacturer is being phased out.'))
             ELSE '[]' END
           || CASE WHEN status <> 'requalify' OR holds_id IS NOT NULL THEN '[]'
             ELSE jsonb_build_array(CASE coalesce(ended, '')
               WHEN '' THEN jsonb_build_object('code', 'approval_expired', 'detail',
                    'The approval ended on ' || to_char(o_until, 'FMDD Mon YYYY') || '.')
               WHEN 'rolled_back' THEN jsonb_build_object('code', 'rolled_back', 'detail', reason)
               WHEN 'withdrawn' THEN jsonb_build_object('code', 'approval_withdrawn', 'detail',
                    'The approval was withdrawn: ' || reason)
               ELSE jsonb_build_object('code', 'approval_replaced', 'detail',
                    'The approval was replaced, and what replaced it was sent back.') END) END
           || coalesce(causes, '[]') AS reasons
      FROM limited
)
"""


_ANSWER = (
    "SELECT id, status, approval_id, share_cap, quantity_cap, quantity_since, reasons FROM state"
)


def state_sql() -> str:
    """The common table expressions up to ``state``, with all registered causes."""
    return _STATE.format(causes=causes.query())


def parameters(part_ids: Iterable[int], day: dt.date) -> dict[str, Any]:
    """Values for the placeholders of :func:`state_sql`."""
    zone = str(settings.COMPANY_TIME_ZONE)
    return {"parts": sorted(set(part_ids)), "day": day, "zone": zone}


@dataclass(frozen=True)
class SourceState:
    """The state of a source on a day; caps are None without a cap."""

    source_id: int
    status: str
    approval_id: int | None
    share_cap: Decimal | None
    quantity_cap: Decimal | None
    quantity_since: dt.datetime | None
    reasons: list[dict[str, str]]


def derive(part_ids: Iterable[int], day: dt.date) -> dict[int, SourceState]:
    """The state of every source of these parts on a day, by source id."""
    found = queries.rows(f"WITH {state_sql()} {_ANSWER}", parameters(part_ids, day))
    states = [_state(*row) for row in found]
    return {state.source_id: state for state in states}


def _state(*columns: Any) -> SourceState:
    return SourceState(*(*columns[:-1], json.loads(columns[-1])))
