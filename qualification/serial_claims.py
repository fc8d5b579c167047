"""Serials that two rows claim: each is in one lot of its product, with one source of a part."""

from __future__ import annotations

#: The first claim on the serials of each row ``n`` of a relation with the columns ``row``,
#: ``product_id``, ``part_id``, ``source_id``, ``lot``, ``prefix``, ``first`` and ``last``: of a lot
#: on record (``other`` is null), or of another of its rows.
_CLAIMS = """
SELECT DISTINCT ON (n.row) n.row, o.row AS other, o.prefix, o.first, o.last, o.lot, o.source_id
  FROM {name} n JOIN LATERAL (
       SELECT NULL::int AS row, a.serial_prefix AS prefix, a.serial_from AS first,
              a.serial_to AS last, a.lot, a.source_id, a.part_id
         FROM qualification_asbuilt a
        WHERE a.withdrawn_at IS NULL AND a.serial_from IS NOT NULL
          AND a.product_id = n.product_id AND a.serial_prefix = n.prefix
          AND int8range(a.serial_from, a.serial_to, '[]') && int8range(n.first, n.last, '[]')
       UNION ALL
       SELECT m.row, m.prefix, m.first, m.last, m.lot, m.source_id, m.part_id
         FROM {name} m
        WHERE m.row {others} n.row AND m.product_id = n.product_id AND m.prefix = n.prefix
          AND int8range(m.first, m.last, '[]') && int8range(n.first, n.last, '[]')) o
    ON o.lot <> n.lot OR o.part_id = n.part_id AND o.source_id <> n.source_id
 ORDER BY n.row, o.row NULLS FIRST
"""


def claims(name: str, *, both: bool = False) -> str:
    """SQL of the claims on the rows of a relation; ``both``: of two rows each, else the later."""
    return _CLAIMS.format(name=name, others="<>" if both else "<")
