"""Services for revisions of bills of material."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from parts import usage
from parts.models import BomLine, BomRevision, Part, Product
from parts.signals import parts_changed
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.bulk import insert_rows


@dataclass(frozen=True)
class NewLine:
    """A line to be written: part, quantity, designators, and manufacturers read from the file."""

    part_id: int
    quantity: Decimal
    quantity_not_fitted: Decimal = Decimal(0)
    designators: tuple[str, ...] = ()
    source_row: int | None = None
    value: str = ""
    footprint: str = ""
    manufacturer: str = ""
    mpn: str = ""
    alternates: tuple[dict[str, str], ...] = field(default=())
    note: str = ""


@transaction.atomic
def add_revision(
    *, product: Product, lines: Sequence[NewLine], actor: Actor, origin: str, label: str = ""
) -> BomRevision:
    """Write a new current revision of the product's BOM and refresh what depends on it.

    Figures of parts whose usage changed are refreshed at once when few, else by a job.
    """
    actor.require("parts.write_product", product)
    Product.objects.select_for_update().get(pk=product.pk)
    BomRevision.objects.filter(product=product, current=True).update(current=False)
    last = BomRevision.objects.filter(product=product).aggregate(last=Max("number"))["last"] or 0
    revision = audit.save_as(
        BomRevision(product=product, number=last + 1, label=label, origin=origin), actor, origin
    )
    _write_lines(revision, lines)
    audit.record(
        "parts.product.bom_revised",
        product,
        actor,
        note=origin,
        data={"revision": revision.number, "lines": len(lines)},
    )
    _use_changed(product)
    return revision


_LINE = (
    "position", "source_row", "part_id", "quantity", "quantity_not_fitted", "designators",
    "value", "footprint", "manufacturer", "mpn", "alternates", "note",
)  # fmt: skip


def _write_lines(revision: BomRevision, lines: Sequence[NewLine]) -> None:
    rows = [
        (
            position, line.source_row, line.part_id, line.quantity, line.quantity_not_fitted,
            line.designators, line.value[:200], line.footprint[:200], line.manufacturer[:200],
            line.mpn[:200], line.alternates, line.note,
        )
        for position, line in enumerate(lines, 1)
    ]  # fmt: skip
    insert_rows(BomLine, _LINE, rows, revision_id=revision.pk)


@transaction.atomic
def remove_revision(*, revision: BomRevision, actor: Actor, reason: str) -> None:
    """Remove the newest revision; the one before becomes current again."""
    actor.require("parts.write_product", revision.product)
    product, was_current = revision.product, revision.current
    audit.delete_as(revision, actor, reason)
    if was_current:
        before = BomRevision.objects.filter(product=product).order_by("-number").first()
        if before is not None:
            before.current = True
            audit.save_as(before, actor, reason)
    audit.record("parts.product.bom_taken_back", product, actor, note=reason)
    _use_changed(product)


def _use_changed(product: Product) -> None:
    changed = set(usage.refresh([product.pk]))
    if changed:
        parts_changed.send(sender=Part, part_ids=changed)
