"""Taking an import back, unless something was built on what it made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, models

from parts import services as catalogue
from parts.models import BomLine, BomRevision, Part, PartFigures, PartUsage
from parts.signals import parts_changed
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.copying import ids_in
from secondsource.core.errors import Reason
from secondsource.core.models import Attachment, Comment, Record
from secondsource.exchange.models import Import
from suppliers.models import Approval, ManufacturerPart, Source, Supplier, SupplierAlias

#: What an import makes, in the order in which undo removes it.
MADE: tuple[type[Record], ...] = (Source, Part, ManufacturerPart, Supplier)
#: What hangs on these rows without being work of somebody: computed, or removed with them.
_OWN = (BomLine, PartFigures, PartUsage, Approval, SupplierAlias)


def reasons_against(imported: Import) -> list[Reason]:
    """Everything that was built on the import's rows; empty when it can be taken back."""
    return list(_found(imported))


def made_by(imported: Import, model: type[models.Model]) -> list[int]:
    """The ids of the rows of a model that the import made."""
    return list(imported.created.get(audit.label(model), []))


def lock(imported: Import) -> None:
    """Hold the import's rows, so that nothing is built on them while undo looks and removes."""
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
    yield from _counted(lines.count(), "in_other_boms", "BOM line", "parts")
    given = Approval.objects.filter(source__in=ids_in(made_by(imported, Source)))
    yield from _counted(
        given.exclude(kind=Approval.Kind.LEGACY).count(), "approvals", "approval", "sources"
    )
    for model in MADE:
        ids = made_by(imported, model)
        if ids:
            yield from _dependents(imported, model, ids)
            yield from _notes(model, ids)
            yield from _changed(model, ids)


def _dependents(imported: Import, model: type[Record], ids: list[int]) -> Iterator[Reason]:
    """Rows of whatever other model point at these, except those that the import made too."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or _is_own(relation):
            continue
        other = relation.related_model
        rows = other._base_manager.filter(**{f"{relation.field.name}__in": ids_in(ids)})
        if other in MADE:
            rows = rows.exclude(pk__in=ids_in(made_by(imported, other)))
        name = str(other._meta.verbose_name)
        yield from _counted(rows.count(), f"{other._meta.model_name}s", name, _plural(model))


def _is_own(relation: models.ForeignObjectRel) -> bool:
    """Many-to-many is seen through its table; histories never hold a row back."""
    other: Any = relation.related_model
    return (
        other in _OWN
        or isinstance(relation, models.ManyToManyRel)
        or other.__name__.startswith("Historical")
    )


def _notes(model: type[Record], ids: list[int]) -> Iterator[Reason]:
    for kind in (Attachment, Comment):
        rows = kind.objects.filter(subject_type=audit.label(model), subject_id__in=ids_in(ids))
        name = str(kind._meta.verbose_name)
        yield from _counted(rows.count(), f"{kind._meta.model_name}s", name, _plural(model))


def _changed(model: type[Record], ids: list[int]) -> Iterator[Reason]:
    rows = model._default_manager.filter(pk__in=ids_in(ids), version__gt=1)
    changed = [str(row.key) for row in rows.order_by("pk")[:4]]
    if changed:
        named = ", ".join(changed[:3]) + (" …" if len(changed) > 3 else "")
        count = rows.count()
        what = _plural(model) if count > 1 else str(model._meta.verbose_name)
        verb = "were" if count > 1 else "was"
        yield Reason("changed", f"{count} {what} {verb} changed since: {named}.")


def _counted(count: int, code: str, what: str, on: str) -> Iterator[Reason]:
    if count:
        verb = "stands" if count == 1 else "stand"
        words = what if count == 1 else f"{what}s"
        yield Reason(code, f"{count} {words} {verb} on its {on}.", "Remove these first.")


def _plural(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name_plural)


def take_back(imported: Import, *, actor: Actor) -> None:
    """Remove what the import made, in the caller's transaction; histories keep the last values."""
    reason = f"undo of import {imported.name}"
    touched: set[int] = set()
    if imported.revision is not None:
        touched = set(imported.revision.lines.values_list("part_id", flat=True))
        catalogue.remove_revision(revision=imported.revision, actor=actor, reason=reason)
    sources, parts = made_by(imported, Source), made_by(imported, Part)
    touched |= set(Source.objects.filter(pk__in=ids_in(sources)).values_list("part_id", flat=True))
    # Source and approval name each other; their keys are checked at the commit.
    _delete("suppliers_approval", "source_id", sources)
    _delete("parts_partfigures", "part_id", parts)
    _delete("parts_partusage", "part_id", parts)
    _delete("suppliers_supplieralias", "supplier_id", made_by(imported, Supplier))
    for model in MADE:
        ids = made_by(imported, model)
        audit.note_history(model, ids, "-", actor, reason)
        _delete(model._meta.db_table, "id", ids)
    if touched - set(parts):
        parts_changed.send(sender=Part, part_ids=touched - set(parts))


def _delete(table: str, column: str, ids: list[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            # Names are constants of this module, ids are parameters.
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", (ids,))  # noqa: S608
