"""The unit price of an offer at a quantity, in SQL.

``price_break.price_of`` is the same rule in Python; ``tests/suppliers/test_one_price.py`` compares
them.
"""

from __future__ import annotations

#: Common table expressions after one named ``asked`` (key, offer_id, quantity): ``priced`` has a
#: row for each asked offer that is valid on ``%(today)s``.  ``order_qty`` is the least order that
#: covers the quantity: not below the minimum order quantity, rounded up to the multiple.
#: ``unit_price`` is the cost of a unit in the offer's ``currency``; null below the first price
#: break. ``price`` is the same in ``%(currency)s`` at ``rate`` of ``rate_day`` by ``publisher``;
#: these are null without a rate.
PRICED = """
offer_rate AS (
    SELECT c.currency, r.rate, r.as_of, r.publisher
      FROM (SELECT DISTINCT currency FROM suppliers_offer
             WHERE id IN (SELECT offer_id FROM asked)) c,
           LATERAL parts_rate(c.currency, %(currency)s, %(today)s) r
), ladder AS (
    SELECT offer_id, array_agg(quantity::numeric ORDER BY quantity) AS steps,
           array_agg(price ORDER BY quantity) AS prices
      FROM suppliers_pricebreak
     WHERE until_version IS NULL AND offer_id IN (SELECT offer_id FROM asked)
     GROUP BY offer_id
), priced AS (
    SELECT a.key, o.id AS offer_id, o.valid_to, o.lead_time_days_max AS lead_days, n.order_qty,
           o.currency, u.unit_price, u.unit_price * r.rate AS price, r.rate, r.as_of AS rate_day,
           r.publisher
      FROM asked a
      JOIN suppliers_offer o ON o.id = a.offer_id
       AND o.valid_from <= %(today)s AND (o.valid_to IS NULL OR o.valid_to >= %(today)s)
      JOIN ladder l ON l.offer_id = o.id
     CROSS JOIN LATERAL (
           SELECT ceil(greatest(a.quantity, o.moq) / o.multiple) * o.multiple AS order_qty) n
     CROSS JOIN LATERAL (
           SELECT CASE o.break_type WHEN 'incremental' THEN (
                  SELECT sum(x.price * (least(n.order_qty, coalesce(x.next - 1, n.order_qty))
                                        - CASE WHEN x.nr = 1 THEN 0 ELSE x.step - 1 END))
                         / n.order_qty
                    FROM (SELECT s.step, s.price, s.nr, lead(s.step) OVER (ORDER BY s.nr) AS next
                            FROM unnest(l.steps, l.prices) WITH ORDINALITY s (step, price, nr)) x
                   WHERE x.step <= n.order_qty)
                  ELSE l.prices[width_bucket(n.order_qty, l.steps)] END AS unit_price) u
      LEFT JOIN offer_rate r ON r.currency = o.currency
)"""
