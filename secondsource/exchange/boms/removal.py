"""Taking an import back, unless something was built on what it made."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, models

from parts import services as catalogue
from parts.models import BomLine, BomRevision, Part, PartFigures, Product
from parts.signals import parts_changed
from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.bulk import ids_in
from secondsource.core.errors import Reason
from secondsource.core.models import Record
from secondsource.exchange import dependents
from secondsource.exchange.dependents import counted
from secondsource.exchange.models import Import
from suppliers import services as sourcing
from suppliers.models import Approval, ManufacturerPart, Revocation, Source, Supplier

#: What an import makes, in the order in which undo removes it.
MADE: tuple[type[Record], ...] = (Source, Part, ManufacturerPart, Supplier)


def reasons_against(imported: Import) -> list[Reason]:
    """Everything that was built on the import's rows; empty when it can be taken back."""
    return list(dict.fromkeys(_found(imported)))  # a case names both its part and its source


def made_by(imported: Import, model: type[models.Model]) -> list[int]:
    """The ids of the rows of a model that the import made."""
    return list(imported.created.get(audit.label(model), []))


def lock(imported: Import) -> None:
    """Hold the import's rows, so that nothing is built on them while undo looks and removes.

    Parts come before sources, the order in which moves hold them.
    """
    sources = Source.objects.filter(pk__in=ids_in(made_by(imported, Source)))
    PartFigures.objects.lock(sources.values_list("part_id", flat=True))
    for model in reversed(MADE):
        rows = model._default_manager.filter(pk__in=ids_in(made_by(imported, model)))
        list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _found(imported: Import) -> Iterator[Reason]:
    revision = imported.revision
    if revision is not None:
        later = BomRevision.objects.filter(product=revision.product, number__gt=revision.number)
        if later.exists():
            yield Reason(
                "newer_revision", f"{revision.product.code} has a newer BOM revision.",
                "Take that one back first.",
            )  # fmt: skip
    parts = ids_in(made_by(imported, Part))
    lines = BomLine.objects.filter(part__in=parts).exclude(revision=revision)
    yield from counted(lines.count(), "in_other_boms", "BOM line", "parts")
    given = Approval.objects.filter(source__in=ids_in(made_by(imported, Source)))
    yield from counted(
        given.exclude(kind=Approval.Kind.LEGACY).count(), "approvals", "approval", "sources"
    )

    def made(other: type[models.Model]) -> list[int]:
        return made_by(imported, other) if other in MADE else []

    for model in MADE:
        ids = made_by(imported, model)
        if ids:
            yield from dependents.dependents(model, ids, made=made)
            yield from dependents.notes(model, ids)
            yield from _changed(model, ids)


def _changed(model: type[Record], ids: list[int]) -> Iterator[Reason]:
    rows = model._default_manager.filter(pk__in=ids_in(ids), version__gt=1)
    yield from dependents.changed(model, list(rows.order_by("pk").values_list("pk", flat=True)))


def take_back(imported: Import, *, actor: Actor) -> None:
    """Remove what the import made, in the caller's transaction; histories keep the last values."""
    reason = f"undo of import {imported.name}"
    traces.attribute(actor, reason)
    touched: set[int] = set()
    if imported.revision is not None:
        touched = set(imported.revision.lines.values_list("part_id", flat=True))
        catalogue.remove_revision(revision=imported.revision, actor=actor, reason=reason)
    sources, parts = made_by(imported, Source), made_by(imported, Part)
    touched |= set(Source.objects.filter(pk__in=ids_in(sources)).values_list("part_id", flat=True))
    sourcing.revoke_approvals(
        approvals=Approval.objects.filter(source__in=ids_in(sources)),
        cause=Revocation.Cause.UNDONE,
        actor=actor,
        reason=reason,
    )
    _delete("parts_partfigures", "part_id", parts)
    _delete("parts_partusage", "part_id", parts)
    _delete("suppliers_supplieralias", "supplier_id", made_by(imported, Supplier))
    for model in MADE:
        ids = made_by(imported, model)
        _delete(model._meta.db_table, "id", ids)
    if touched - set(parts):
        parts_changed.send(sender=Part, part_ids=touched - set(parts))


def remove_product(imported: Import, ids: list[int]) -> None:
    """Remove the product that the import made, unless somebody worked on it or refers to it.

    The rows are deleted by SQL: Django would also delete from the scopes of approvals, which the
    application's role may not.
    """
    product = Product.objects.filter(pk__in=ids, version=1).select_for_update().first()
    if product is None or product.revisions.exists():
        return
    own = {Import._meta.db_table, Product.plants.through._meta.db_table}
    if any(dependents.dependents(Product, ids, own_tables=own)):
        return
    imported.product = None
    Import.objects.filter(product=product).update(product=None)
    _delete(Product.plants.through._meta.db_table, "product_id", ids)
    _delete(Product._meta.db_table, "id", ids)


def _delete(table: str, column: str, ids: list[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            # Names are constants of this module, ids are parameters.
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", (ids,))  # noqa: S608
