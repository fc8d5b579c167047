"""The exposure of parts in SQL: the margin lost while the only source of a part is down.

It is the exposure before of a business case (``economics.figures``) for parts without a second
source that delivers; ``tests/qualification/test_start_small.py`` compares the two.
"""

from __future__ import annotations

from typing import Any

from parts.house_rules import CompanyPolicy
from qualification.house_rules import RiskPolicy
from qualification.survival import WEEKS_A_YEAR
from secondsource.core import clock, policies

#: An amount rounded to two significant digits, as ``core.money.two_digits``. The logarithm of a
#: float is exact enough: beside a power of ten, one digit more or less rounds to that power, too.
TWO_DIGITS = "round({0}, CASE WHEN {0} = 0 THEN 0 ELSE 1 - floor(log(abs({0})::float8))::int END)"

#: Common table expression after one named ``exposed_parts`` (part_id): the margin of a week of all
#: products that use a part, in ``%(currency)s``, and the products whose margin is not known.
EARNING = """
product_rate AS (
    SELECT c.currency, r.rate
      FROM (SELECT DISTINCT currency FROM parts_product WHERE currency <> '') c,
           LATERAL parts_rate(c.currency, %(currency)s, %(today)s) r
), earning AS (
    SELECT u.part_id, count(*) AS products,
           array_agg(p.code ORDER BY p.code)
               FILTER (WHERE p.unit_margin IS NULL OR r.rate IS NULL) AS without_margin,
           sum(p.unit_margin * p.monthly_volume * r.rate) * 12 / %(weeks)s AS margin
      FROM parts_partusage u
      JOIN exposed_parts e ON e.part_id = u.part_id
      JOIN parts_product p ON p.id = u.product_id AND p.monthly_volume > 0
      LEFT JOIN product_rate r ON r.currency = p.currency
     GROUP BY u.part_id
)"""
_LOST = """
exposed_source AS (
    SELECT DISTINCT ON (s.part_id) s.part_id, s.manufacturer_part_id
      FROM suppliers_source s JOIN {PARTS} e ON e.part_id = s.part_id
     WHERE s.status = 'approved'
     ORDER BY s.part_id, s.role <> 'incumbent', s.id
), recovering AS (
    SELECT d.part_id, max(site.recovery_days) AS stated_days,
           max(CASE CASE site.activity WHEN 'fab' THEN c.made_in ELSE site.activity END
               WHEN 'fab' THEN %(recover_fab)s::numeric
               WHEN 'assembly' THEN %(recover_assembly)s::numeric
               WHEN 'test' THEN %(recover_test)s::numeric END) AS by_activity,
           CASE c.made_in WHEN 'fab' THEN %(recover_fab)s::numeric
                          ELSE %(recover_assembly)s::numeric END AS by_kind
      FROM exposed_source d
      JOIN parts_part p ON p.id = d.part_id
      JOIN parts_category c ON c.id = p.category_id
      LEFT JOIN suppliers_manufacturerpartsite l
        ON l.manufacturer_part_id = d.manufacturer_part_id
      LEFT JOIN suppliers_site site ON site.id = l.site_id
     GROUP BY d.part_id, c.made_in
), lasting AS (
    SELECT e.part_id, coalesce(w.products, 0) AS products, w.without_margin,
           CASE WHEN w.without_margin IS NULL THEN
               CASE WHEN %(round_margins)s THEN {TWO_MARGIN} ELSE w.margin END END AS margin_wk,
           coalesce(d.stated_days / 7.0, d.by_activity, d.by_kind) AS recovery_wk,
           d.stated_days IS NOT NULL AS recovery_stated,
           {STOCK_WK} AS stock_wk
      FROM {PARTS} e
      JOIN parts_part p ON p.id = e.part_id
      LEFT JOIN parts_partfigures f ON f.part_id = e.part_id
      LEFT JOIN recovering d ON d.part_id = e.part_id
      LEFT JOIN earning w ON w.part_id = e.part_id
), lost AS (
    SELECT l.*, CASE WHEN l.recovery_wk <= l.stock_wk THEN 0
                     ELSE l.recovery_wk - l.stock_wk END AS lost_wk
      FROM lasting l
), exposed AS (
    SELECT l.*, %(round_margins)s AND l.products < 2 AS withheld,
           CASE WHEN NOT (%(round_margins)s AND l.products < 2)
                THEN l.lost_wk * l.margin_wk END AS exposure
      FROM lost l
)"""
#: How many weeks the stock of the part ``p`` with the figures ``f`` lasts.
STOCK_WK = """CASE WHEN p.stock_qty < 0 THEN 0 ELSE p.stock_qty END
               / nullif(round(f.annual_demand / %(weeks)s, 8), 0)"""
#: The longest time to recover that any part can have, in weeks.
LONGEST_WK = """(
    SELECT greatest(max(recovery_days) / 7.0, %(recover_fab)s::numeric,
                    %(recover_assembly)s::numeric, %(recover_test)s::numeric)
      FROM suppliers_site)"""


def exposed(parts: str) -> str:
    """Common table expressions after ``EARNING``, for parts of one named ``parts`` (part_id).

    ``exposed`` has a row for each part. ``recovery_wk`` is null without an approved source,
    ``margin_wk`` while a product has no margin. With ``%(round_margins)s`` margins are rounded
    before anything is calculated, and the exposure over a single product, which is its margin, is
    ``withheld``.
    """
    return (
        _LOST.replace("{PARTS}", parts)
        .replace("{TWO_MARGIN}", TWO_DIGITS.format("w.margin"))
        .replace("{STOCK_WK}", STOCK_WK)
    )


#: The two together, after one named ``exposed_parts``.
EXPOSED = f"{EARNING}, {exposed('exposed_parts').strip()}"


def parameters(*, round_margins: bool) -> dict[str, Any]:
    """Parameters of the SQL: the day, the currency and the default times to recover."""
    rules, _ = policies.active(RiskPolicy)
    return {
        "currency": policies.active(CompanyPolicy)[0].currency,
        "today": clock.business_day(),
        "weeks": WEEKS_A_YEAR,
        "recover_fab": rules.recover_fab_wk,
        "recover_assembly": rules.recover_assembly_wk,
        "recover_test": rules.recover_test_wk,
        "round_margins": round_margins,
    }
