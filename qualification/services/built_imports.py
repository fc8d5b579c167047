"""Services for lots that come by file: many rows at once, taken back as one."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from parts.models import Product
from qualification.models import AsBuilt
from qualification.services.hold_points import judge_anew
from secondsource.core import audit, clock, queries, traces
from secondsource.core.actors import Actor

_INSERT = """
INSERT INTO qualification_asbuilt (public_id, version, created_at, updated_at, product_id, plant_id,
       lot, serial_prefix, serial_from, serial_to, part_id, source_id, part_lot, quantity, failed,
       built_on, entered_by_id, withdrawn_reason)
SELECT gen_random_uuid(), 1, %s, %s, r.product_id, r.plant_id, r.lot, r.prefix, r.first, r.last,
       r.part_id, r.source_id, r.part_lot, r.quantity, r.failed, r.built_on, %s, ''
  FROM ({rows}) r ORDER BY r.row
RETURNING id
"""


def lock_products(ids: Collection[int]) -> None:
    """Lock products in order: two that claim serials of one take turns."""
    products = Product.objects.filter(pk__in=ids).order_by("pk")
    list(products.select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def add_staged(*, rows: str, origin: str, actor: Actor) -> list[int]:
    """Add the lots that a query selects; returns their ids. The caller locked the products.

    ``rows`` is SQL of (row, product_id, plant_id, lot, prefix, first, last, part_id, source_id,
    part_lot, quantity, failed, built_on), checked by the caller as ``record_built`` checks.
    """
    actor.require("qualification.write_case")
    traces.attribute(actor, origin)
    now = clock.now()
    statement = _INSERT.format(rows=rows)
    ids = queries.column(statement, (now, now, actor.user_id))
    _tell(ids, "qualification.lot.built", origin, actor)
    return ids


def lock_lots(ids: Collection[int]) -> None:
    """Lock these lots in order."""
    rows = AsBuilt.objects.filter(pk__in=ids).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))


@transaction.atomic
def withdraw_lots(*, ids: Collection[int], reason: str, actor: Actor) -> None:
    """Withdraw those of these lots that stand; they stay on record with the reason."""
    actor.require("qualification.write_case")
    lock_lots(ids)
    standing = list(AsBuilt.objects.standing().filter(pk__in=ids).values_list("pk", flat=True))
    traces.attribute(actor, reason)
    queries.execute(
        "UPDATE qualification_asbuilt SET withdrawn_at = %s, withdrawn_reason = %s,"
        " version = version + 1, updated_at = %s WHERE id = ANY(%s)",
        (clock.now(), reason[:300], clock.now(), standing),
    )
    _tell(standing, "qualification.lot.withdrawn", reason, actor)


def _tell(ids: Collection[int], action: str, note: str, actor: Actor) -> None:
    """An event for each lot, on its source; triggers and hold points look at the lots."""
    rows = AsBuilt.objects.filter(pk__in=ids).select_related("source", "product").order_by("pk")
    entries = [
        (row.source, {"product": row.product.code, "lot": row.lot, "quantity": row.quantity})
        for row in rows
    ]
    audit.record_all(action, entries, actor, note=note)
    judge_anew({row.source_id for row in rows}, actor)
