"""Delivered quality and delivery of a source over some days, in SQL.

Each fragment is a ``LEFT JOIN LATERAL`` for a row ``w`` with the columns ``source_id``,
``case_id``, ``since``, ``until`` and ``built_since`` (days; of builds, null for all) and ``after``
(nothing recorded before it counts; null for no such limit), where a case's last rollback is
``LAST_ROLLBACK``. The parameters are those of :func:`parameters`.
"""

from __future__ import annotations

from typing import Any

from secondsource.core import clock, policies
from suppliers.house_rules import DeliveryPolicy

#: When case ``c`` was rolled back last; null if never.
LAST_ROLLBACK = """(SELECT max(k.decided_at) FROM qualification_rollback k
  JOIN qualification_transition n ON n.id = k.transition_id WHERE n.case_id = c.id)"""

#: Receipts ``r`` that count: neither corrected nor taken back.
_COUNTS = """r.corrects_id IS NULL
  AND r.id NOT IN (SELECT corrects_id FROM suppliers_receipt WHERE corrects_id IS NOT NULL)
  AND (r.batch_id IS NULL OR r.batch_id NOT IN (
       SELECT id FROM suppliers_receiptbatch WHERE taken_back_at IS NOT NULL))"""

#: ``r.received``, ``r.rejected``, ``r.returned``: units.
RECEIVED = f"""
SELECT coalesce(sum(r.received_qty) FILTER (WHERE r.received_qty > 0), 0) AS received,
       coalesce(sum(r.rejected_qty) FILTER (WHERE r.received_qty > 0), 0) AS rejected,
       coalesce(-sum(r.received_qty) FILTER (WHERE r.received_qty < 0), 0) AS returned
  FROM suppliers_receipt r
 WHERE r.source_id = w.source_id AND r.received_date BETWEEN w.since AND w.until
   AND (w.after IS NULL OR r.created_at > w.after) AND {_COUNTS}
"""  # noqa: S608  (constants of this module)

#: ``o.due`` and ``o.on_time``: order lines, each by its first receipt against the agreed day.
DELIVERED = f"""
SELECT count(*) FILTER (WHERE first IS NOT NULL OR agreed_date + %(late)s < w.until) AS due,
       count(*) FILTER (WHERE first - agreed_date BETWEEN %(early)s AND %(late)s) AS on_time
  FROM (SELECT l.agreed_date,
               (SELECT min(r.received_date) FROM suppliers_receipt r
                 WHERE r.order_line_id = l.id AND r.received_qty > 0
                   AND r.received_date <= w.until AND {_COUNTS}) AS first
          FROM suppliers_orderline l
         WHERE l.source_id = w.source_id AND l.cancelled_on IS NULL
           AND l.agreed_date BETWEEN w.since AND w.until
           AND (w.after IS NULL OR l.agreed_date > (w.after AT TIME ZONE %(zone)s)::date)) lines
"""  # noqa: S608

#: ``b.started`` and ``b.good``: units of pilot builds, and of lots whose failures were counted.
BUILT = """
SELECT coalesce(sum(x.started), 0) AS started, coalesce(sum(x.good), 0) AS good
  FROM (SELECT b.started, b.good, b.built_on, b.created_at
          FROM qualification_pilotbuild b JOIN qualification_pilotplan p ON p.id = b.plan_id
         WHERE p.case_id = w.case_id
         UNION ALL
        SELECT a.quantity, a.quantity - a.failed, a.built_on, a.created_at
          FROM qualification_asbuilt a
         WHERE a.source_id = w.source_id AND a.failed IS NOT NULL AND a.withdrawn_at IS NULL) x
 WHERE x.built_on <= w.until AND (w.built_since IS NULL OR x.built_on >= w.built_since)
   AND (w.after IS NULL OR x.created_at > w.after)
"""


def parameters() -> dict[str, Any]:
    """The day, the time zone and the on-time window."""
    from django.conf import settings

    policy, _ = policies.active(DeliveryPolicy)
    return {
        "day": clock.business_day(), "zone": str(settings.COMPANY_TIME_ZONE),
        "early": policy.days_early, "late": policy.days_late,
    }  # fmt: skip
