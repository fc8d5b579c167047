"""A company of any size, made by the database itself: the same seed gives the same rows.

Numbers come from a hash of row and seed, so nothing depends on the order of execution. Prices and
volumes are skewed as in life: many cheap passives, few dear parts, a tenth of the parts with most
of the receipts, four BOM levels. Field histories are not made.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from secondsource.core import clock
from secondsource.core.errors import Reason, RuleRefused
from secondsource.workspace import figures

Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much is made; everything follows from the number of parts."""

    parts: int
    receipts_a_part: int = 5

    @property
    def manufacturers(self) -> int:
        return max(20, min(800, self.parts // 100))

    @property
    def products(self) -> int:
        return max(8, self.parts // 200)


#: name, SQL. ``u(i, salt)`` is uniform on [0, 1) and depends on the seed.
STEPS: tuple[tuple[str, str], ...] = (
    (
        "helpers",
        """
        CREATE OR REPLACE FUNCTION pg_temp.u(i bigint, salt int) RETURNS float8 LANGUAGE sql
        IMMUTABLE PARALLEL SAFE AS $$
            SELECT (hashint8extended(i, {seed} * 1000 + salt) & 9007199254740991)
                   / 9007199254740992.0
        $$;
        CREATE OR REPLACE FUNCTION pg_temp.bell(i bigint, salt int) RETURNS float8 LANGUAGE sql
        IMMUTABLE PARALLEL SAFE AS $$
            SELECT (pg_temp.u(i, salt) + pg_temp.u(i, salt + 1) + pg_temp.u(i, salt + 2) - 1.5) * 2
        $$;
        """,
    ),
    (
        "categories",
        """
        INSERT INTO parts_category (path, name, ipn_prefix, risk_class)
        SELECT 'gen' || n, 'Generated ' || n, 'GEN' || n,
               (ARRAY['low', 'medium', 'high'])[1 + n % 3] FROM generate_series(1, 24) n;
        """,
    ),
    (
        "manufacturers",
        """
        INSERT INTO suppliers_supplier (code, name, kinds, country, standing)
        SELECT 'GENMAKER' || n, 'Generated manufacturer ' || n, ARRAY['manufacturer'],
               (ARRAY['US','CN','TW','JP','DE','KR','MY'])[1 + floor(pg_temp.u(n, 1) * 7)::int],
               'approved' FROM generate_series(1, {manufacturers}) n;
        INSERT INTO suppliers_supplieralias (supplier_id, text, normal)
        SELECT id, name, upper(name) FROM suppliers_supplier WHERE code LIKE 'GENMAKER%';
        INSERT INTO suppliers_site (supplier_id, name, activity, country)
        SELECT s.id, 'Fab ' || s.code, 'fab', s.country FROM suppliers_supplier s
         WHERE s.code LIKE 'GENMAKER%';
        """,
    ),
    (
        "parts",
        """
        INSERT INTO parts_part (ipn, description, category_id, criticality, lifecycle, unit, value,
               footprint, stock_qty, standard_cost, standard_cost_currency)
        SELECT 'GEN-' || lpad(n::text, 7, '0'),
               (ARRAY['Resistor','Capacitor','Inductor','MCU','Regulator','Connector','Diode',
                      'Transceiver','Flash','Crystal'])[1 + floor(pg_temp.u(n, 2) * 10)::int]
               || ' ' || upper(substr(md5('d' || n || {seed}), 1, 6)),
               c.id, (ARRAY['a','b','c'])[1 + floor(pg_temp.u(n, 3) * 3)::int],
               CASE WHEN pg_temp.u(n, 4) < .06 THEN 'nrnd' WHEN pg_temp.u(n, 4) < .08
                    THEN 'last_time_buy' ELSE 'mature' END,
               'pcs', '', '', floor(exp(6 + 1.6 * pg_temp.bell(n, 5))),
               CASE WHEN pg_temp.u(n, 8) < .5
                    THEN round(exp(-3 + 2.2 * pg_temp.bell(n, 9))::numeric, 6) END,
               CASE WHEN pg_temp.u(n, 8) < .5 THEN 'USD' ELSE '' END
          FROM generate_series(1, {parts}) n
          JOIN parts_category c ON c.path = 'gen' || (1 + n % 24);
        """,
    ),
    (
        "manufacturer parts",
        """
        INSERT INTO suppliers_manufacturerpart (manufacturer_id, mpn, mpn_normal, description,
               lifecycle, lifecycle_source, die)
        SELECT s.id, m.mpn, m.mpn, '', 'mature', 'generated', ''
          FROM (SELECT p * 3 + k AS i,
                       'G' || upper(substr(md5('m' || p || '-' || k || {seed}), 1, 9)) || k AS mpn
                  FROM generate_series(1, {parts}) p, generate_series(0, 2) k) m
          JOIN suppliers_supplier s
            ON s.code = 'GENMAKER'
               || (1 + floor(power(pg_temp.u(m.i, 12), 2) * {manufacturers})::int)
         ORDER BY m.i ON CONFLICT DO NOTHING;
        INSERT INTO suppliers_manufacturerpartsite (manufacturer_part_id, site_id)
        SELECT m.id, t.id FROM suppliers_manufacturerpart m
          JOIN suppliers_site t ON t.supplier_id = m.manufacturer_id
         WHERE m.lifecycle_source = 'generated' AND pg_temp.u(m.id, 13) < .6;
        """,
    ),
    (
        "sources",
        """
        CREATE TEMP TABLE gen_source ON COMMIT DROP AS
        SELECT p.id AS part_id, m.id AS mp_id, k, pg_temp.u(n * 3 + k, 14) AS luck
          FROM generate_series(1, {parts}) n, generate_series(0, 2) k,
               parts_part p, suppliers_manufacturerpart m
         WHERE p.ipn = 'GEN-' || lpad(n::text, 7, '0')
           AND m.mpn = 'G' || upper(substr(md5('m' || n || '-' || k || {seed}), 1, 9)) || k
           AND m.lifecycle_source = 'generated';
        INSERT INTO suppliers_source (part_id, manufacturer_part_id, role, status, share_cap,
               quantity_cap, independence, shared, conditions, origin)
        SELECT DISTINCT ON (part_id, mp_id) part_id, mp_id,
               CASE k WHEN 0 THEN 'incumbent' ELSE 'alternate' END, 'candidate',
               0, 0, 'independent', '{{}}', '', 'generated'
          FROM gen_source ORDER BY part_id, mp_id, k;
        INSERT INTO suppliers_approval (source_id, kind, evidence_ref, valid_from, job)
        SELECT s.id, CASE s.role WHEN 'incumbent' THEN 'legacy' ELSE 'case' END, 'generated',
               DATE '2024-01-01', 'generate_data'
          FROM suppliers_source s
         WHERE s.origin = 'generated' AND (s.role = 'incumbent' OR pg_temp.u(s.id, 15) < .22);
        UPDATE suppliers_source s SET status = 'approved', approval_id = a.id, share_cap = NULL,
               quantity_cap = NULL
          FROM suppliers_approval a WHERE a.source_id = s.id AND s.origin = 'generated';
        """,
    ),
    (
        "offers",
        """
        INSERT INTO suppliers_offer (manufacturer_part_id, supplier_id, sku, currency, moq,
               multiple, lead_time_days_min, lead_time_days_max, channel, valid_from)
        SELECT m.id, m.manufacturer_id, '', 'USD', 1, 1, d.days, d.days + 14, 'direct',
               DATE '2024-01-01'
          FROM suppliers_source s JOIN suppliers_manufacturerpart m ON m.id = s.manufacturer_part_id
         CROSS JOIN LATERAL (SELECT 14 + floor(pg_temp.u(m.id, 16) * 150)::int AS days) d
         WHERE s.origin = 'generated' AND s.role = 'incumbent';
        INSERT INTO suppliers_pricebreak (offer_id, quantity, price)
        SELECT o.id, q.n, round((exp(-3 + 2.2 * pg_temp.bell(o.id, 17)) * q.f)::numeric, 6)
          FROM suppliers_offer o JOIN suppliers_manufacturerpart m ON m.id = o.manufacturer_part_id
         CROSS JOIN (VALUES (1, 1.6), (1000, 1.0)) q (n, f)
         WHERE m.lifecycle_source = 'generated';
        """,
    ),
    (
        "products and BOMs",
        """
        INSERT INTO parts_part (ipn, description, category_id, criticality, lifecycle, unit, value,
               footprint, standard_cost_currency)
        SELECT 'GENASM-' || n, 'Generated assembly ' || n, (SELECT id FROM parts_category
               WHERE path = 'gen1'), 'b', 'unknown', 'pcs', '', '', ''
          FROM generate_series(1, {products}) n WHERE n % 4 <> 0;
        INSERT INTO parts_product (code, name, phase, monthly_volume, currency, part_id,
               customer_approval)
        SELECT 'GENPRODUCT-' || n, 'Generated product ' || n, 'mass_production',
               CASE WHEN n % 4 = 0 THEN ceil(exp(4 + 1.5 * pg_temp.bell(n, 20))) END, '', p.id,
               false
          FROM generate_series(1, {products}) n LEFT JOIN parts_part p ON p.ipn = 'GENASM-' || n;
        INSERT INTO parts_bomrevision (product_id, number, label, current, origin)
        SELECT id, 1, 'A', true, 'generated' FROM parts_product WHERE code LIKE 'GENPRODUCT-%';
        INSERT INTO parts_bomline (revision_id, position, part_id, quantity, quantity_not_fitted,
               designators, value, footprint, manufacturer, mpn, alternates, note)
        SELECT r.id, k, p.id, 1 + floor(power(pg_temp.u(n * 1000 + k, 21), 3) * 40), 0, '{{}}', '',
               '', '', '', '[]', ''
          FROM generate_series(1, {products}) n, generate_series(1, 60) k, parts_product d,
               parts_bomrevision r, parts_part p
         WHERE d.code = 'GENPRODUCT-' || n AND r.product_id = d.id
           AND p.ipn = 'GEN-' || lpad((1 + floor(power(pg_temp.u(n * 1000 + k, 22), 1.5)
               * {parts}))::bigint::text, 7, '0');
        INSERT INTO parts_bomline (revision_id, position, part_id, quantity, quantity_not_fitted,
               designators, value, footprint, manufacturer, mpn, alternates, note)
        SELECT r.id, 60 + k, p.id, 1, 0, '{{}}', '', '', '', '', '[]', ''
          FROM generate_series(1, {products}) n, generate_series(1, 1) k, parts_product d,
               parts_bomrevision r, parts_part p
         WHERE d.code = 'GENPRODUCT-' || n AND r.product_id = d.id AND n % 4 <> 1
           AND p.ipn = 'GENASM-' || (n - 1);
        """,
    ),
)

ORDER_LINES = """
INSERT INTO suppliers_orderline (source_id, supplier_id, po, line, ordered_qty, agreed_date,
       unit_price, currency)
SELECT s.id, m.manufacturer_id, 'ORD' || p.id, k,
       ceil(exp(5 + 1.4 * pg_temp.bell(p.id, 40 + k))),
       %(today)s::date - 20 + floor(pg_temp.u(p.id, 50 + k) * 120)::int,
       round(exp(-3 + 2.2 * pg_temp.bell(p.id, 9))::numeric, 6), 'USD'
  FROM parts_part p
  JOIN suppliers_source s ON s.part_id = p.id AND s.role = 'incumbent'
  JOIN suppliers_manufacturerpart m ON m.id = s.manufacturer_part_id,
       generate_series(1, 2) k
 WHERE p.ipn LIKE 'GEN-%%' AND pg_temp.u(p.id, 39) < .4
"""

RECEIPTS = """
INSERT INTO suppliers_receipt (source_id, supplier_id, po, received_date, received_qty,
       rejected_qty, lot, date_code, reference, unit_price, currency, purpose)
SELECT s.id, m.manufacturer_id, 'PO' || (g.i %% 90000),
       %(today)s::date - floor(pg_temp.u(g.i, 31) * 700)::int,
       ceil(exp(5 + 1.4 * pg_temp.bell(g.i, 32))),
       CASE WHEN pg_temp.u(g.i, 35) < .02 THEN 1 ELSE 0 END, 'LOT' || (g.i %% 99991), '',
       'GR' || g.i,
       round(exp(-3 + 2.2 * pg_temp.bell(s.part_id, 9))::numeric, 6), 'USD', 'production'
  FROM (SELECT i, 1 + floor(power(pg_temp.u(i, 30), 2.5) * %(parts)s)::bigint AS n
          FROM generate_series(1, %(receipts)s) i) g
  JOIN parts_part p ON p.ipn = 'GEN-' || lpad(g.n::text, 7, '0')
  JOIN suppliers_source s ON s.part_id = p.id AND s.role = 'incumbent'
  JOIN suppliers_manufacturerpart m ON m.id = s.manufacturer_part_id
"""


def generate(size: Size, *, seed: int, say: Say) -> None:
    """Make everything in one transaction, then compute the figures in slices.

    Refused when generated parts are there already.
    """
    _make(size, seed, say)
    began = time.monotonic()
    with _untraced():
        figures.recompute_everything()
    say(f"figures: {time.monotonic() - began:.1f} s")


@transaction.atomic
def _make(size: Size, seed: int, say: Say) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM parts_part WHERE ipn LIKE 'GEN-%%' LIMIT 1")
        if cursor.fetchone():
            raise RuleRefused([Reason("exists", "Generated parts are there already.")])
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL app.traces = 'off'")  # the owner's role alone may
        names = {
            "seed": seed,
            "parts": size.parts,
            "manufacturers": size.manufacturers,
            "products": size.products,
        }
        for name, text in STEPS:
            began = time.monotonic()
            cursor.execute(text.format(**names))
            say(f"{name}: {time.monotonic() - began:.1f} s")
        began = time.monotonic()
        receipts = size.parts * size.receipts_a_part
        today = clock.business_day()
        cursor.execute(RECEIPTS, {"today": today, "parts": size.parts, "receipts": receipts})
        say(f"{receipts:,} receipts: {time.monotonic() - began:.1f} s")
        cursor.execute(ORDER_LINES, {"today": today})
        say(f"{cursor.rowcount:,} order lines")
        cursor.execute("ANALYZE")


@contextmanager
def _untraced() -> Iterator[None]:
    """No field history of what is computed for the first time."""
    with connection.cursor() as cursor:
        cursor.execute("SET app.traces = 'off'")
        try:
            yield
        finally:
            cursor.execute("RESET app.traces")
