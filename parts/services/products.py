"""Services for products and assemblies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from parts.models import Part, PartUsage, Product
from parts.signals import parts_changed
from secondsource.accounts.models import Plant
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.records import change, create

PRODUCT_FIELDS = frozenset(
    {
        "name", "phase", "monthly_volume", "unit_margin", "annual_revenue", "currency",
        "product_line", "customer_approval", "part",
    }
)  # fmt: skip


@transaction.atomic
def add_product(
    *, code: str, name: str, actor: Actor, plants: Iterable[Plant] = (), **fields: Any
) -> Product:
    """Add a product. Raises ``Duplicate``, ``ValuesRefused``, ``PermissionRefused``."""
    actor.require("parts.write_product")
    product = create(
        Product(code=code, name=name, **fields), actor, duplicate=f"{code} exists already."
    )
    product.plants.set(plants)
    audit.record("parts.product.added", product, actor)
    if product.part_id:
        parts_changed.send(sender=Part, part_ids={product.part_id})
    return product


def change_product(
    *, product: Product, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Product:
    """Change plain fields of a product and refresh the figures of its parts."""
    actor.require("parts.write_product", product)
    with transaction.atomic():
        before = Product.objects.values_list("part_id", flat=True).get(pk=product.pk)
        row = change(product, values, actor, allowed=PRODUCT_FIELDS, expected=expected)
        used = set(PartUsage.objects.filter(product=row).values_list("part_id", flat=True))
        if before != row.part_id:
            used |= {pk for pk in (before, row.part_id) if pk}
        if used:
            parts_changed.send(sender=Part, part_ids=used)
    return row
