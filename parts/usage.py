"""Usage of parts by products through all BOM levels, stored for demand, scope and where-used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from parts.models import Product
from secondsource.core import queries
from secondsource.core.figures import unhurried

#: Greatest depth of a BOM. A cycle ends at the first repeated product.
MAX_LEVELS = 20
#: Products for each transaction of a large run, well below a second.
SLICE = 100

_EXPLODE = """
WITH RECURSIVE tree AS (
    SELECT r.product_id AS top, l.part_id,
           l.quantity - l.quantity_not_fitted AS quantity, 1 AS level, ARRAY[r.product_id] AS path
      FROM parts_bomrevision r JOIN parts_bomline l ON l.revision_id = r.id
     WHERE r.current AND r.product_id = ANY(%(products)s)
    UNION ALL
    SELECT t.top, l.part_id, t.quantity * (l.quantity - l.quantity_not_fitted), t.level + 1,
           t.path || a.id
      FROM tree t
      JOIN parts_product a ON a.part_id = t.part_id AND a.id <> ALL(t.path)
      JOIN parts_bomrevision r ON r.product_id = a.id AND r.current,
           -- OFFSET 0 keeps to the index: more assemblies are expected here than there are.
           LATERAL (SELECT * FROM parts_bomline WHERE revision_id = r.id OFFSET 0) l
     WHERE t.level < %(max_levels)s
), summed AS (
    SELECT part_id, top AS product_id, sum(quantity) AS quantity, min(level) AS level
      FROM tree GROUP BY part_id, top
), gone AS (
    DELETE FROM parts_partusage u
     WHERE u.product_id = ANY(%(products)s)
       AND NOT EXISTS (SELECT 1 FROM summed s
                        WHERE s.part_id = u.part_id AND s.product_id = u.product_id)
    RETURNING u.part_id
), written AS (
    INSERT INTO parts_partusage AS u (part_id, product_id, quantity, level)
    SELECT part_id, product_id, quantity, level FROM summed ORDER BY part_id, product_id
    ON CONFLICT (part_id, product_id) DO UPDATE
       SET quantity = excluded.quantity, level = excluded.level
     WHERE (u.quantity, u.level) IS DISTINCT FROM (excluded.quantity, excluded.level)
    RETURNING u.part_id
)
SELECT part_id FROM gone UNION SELECT part_id FROM written
"""

_ABOVE = """
WITH RECURSIVE up AS (
    SELECT id, part_id FROM parts_product WHERE id = ANY(%(products)s)
    UNION
    SELECT p.id, p.part_id
      FROM up JOIN parts_bomline l ON l.part_id = up.part_id
      JOIN parts_bomrevision r ON r.id = l.revision_id AND r.current
      JOIN parts_product p ON p.id = r.product_id
)
SELECT id FROM up
"""

_WHERE_USED = """
WITH RECURSIVE up AS (
    SELECT l.part_id, r.product_id, l.quantity - l.quantity_not_fitted AS quantity, 1 AS level,
           ARRAY[r.product_id] AS path, l.designators::varchar[]
      FROM parts_bomline l JOIN parts_bomrevision r ON r.id = l.revision_id AND r.current
     WHERE l.part_id = %(part)s
    UNION ALL
    SELECT p.part_id, r.product_id, up.quantity * (l.quantity - l.quantity_not_fitted),
           up.level + 1, up.path || r.product_id, ARRAY[]::varchar[]
      FROM up
      JOIN parts_product p ON p.id = up.product_id
      JOIN parts_bomline l ON l.part_id = p.part_id
      JOIN parts_bomrevision r ON r.id = l.revision_id AND r.current
     WHERE r.product_id <> ALL(up.path) AND up.level < %(max_levels)s
)
SELECT product_id, quantity, level, path, designators FROM up ORDER BY level, product_id
"""


def refresh(product_ids: Iterable[int]) -> list[int]:
    """Compute the usage of these products and all that contain them.

    Returns parts whose usage changed.
    """
    ids = list(product_ids)
    if not ids:
        return []
    affected = queries.column(_ABOVE, {"products": ids})
    return queries.column(_EXPLODE, {"products": affected, "max_levels": MAX_LEVELS})


def refresh_all() -> int:
    """Compute the usage of all products, in slices. Returns parts whose usage changed."""
    ids = list(Product.objects.order_by("pk").values_list("pk", flat=True))
    changed: set[int] = set()
    for start in range(0, len(ids), SLICE):
        with unhurried():
            changed.update(refresh(ids[start : start + SLICE]))
    return len(changed)


def where_used(part_id: int) -> list[dict[str, Any]]:
    """Paths from a part up to products: ``product_id, quantity, level, path, designators``.

    ``quantity`` is the number of pieces in one piece of the product along the path; ``path`` lists
    product ids from the direct user upwards.
    """
    return queries.records(_WHERE_USED, {"part": part_id, "max_levels": MAX_LEVELS})
