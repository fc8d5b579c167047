"""Taking an import back, unless something was built on what it made."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from parts import services as catalogue
from parts.models import BomLine, BomRevision, Part, Requirement
from parts.signals import parts_changed
from qualification.models import Case
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import Reason
from secondsource.core.models import Attachment, Comment
from secondsource.exchange.models import Import
from suppliers.models import (
    Approval,
    ManufacturerPart,
    Offer,
    Parameter,
    Receipt,
    Site,
    Source,
    Supplier,
)


def reasons_against(imported: Import) -> list[Reason]:
    """Everything that was built on the import's rows; empty when it can be taken back."""
    return list(_found(imported))


def _found(imported: Import) -> Iterator[Reason]:
    made = imported.created
    parts, sources = made.get("parts.part", []), made.get("suppliers.source", [])
    numbers, makers = made.get("suppliers.manufacturerpart", []), made.get("suppliers.supplier", [])
    revision = imported.revision
    if revision is not None:
        later = BomRevision.objects.filter(product=revision.product, number__gt=revision.number)
        if later.exists():
            yield Reason("newer_revision", f"{revision.product.code} has a newer BOM revision.")
    lines = BomLine.objects.filter(part__in=parts).exclude(revision=revision)
    yield from _used(lines, "in_other_boms", "lines of other BOMs use parts of this import")
    yield from _used(
        Case.objects.filter(source__in=sources) | Case.objects.filter(part__in=parts),
        "cases", "qualification cases work on its sources",
    )  # fmt: skip
    yield from _used(
        Receipt.objects.filter(source__in=sources), "receipts", "receipts stand on its sources"
    )
    yield from _used(
        Approval.objects.filter(source__in=sources).exclude(kind=Approval.Kind.LEGACY),
        "approvals", "approvals were given to its sources",
    )  # fmt: skip
    yield from _used(
        Source.objects.filter(part__in=parts).exclude(pk__in=sources)
        | Source.objects.filter(manufacturer_part__in=numbers).exclude(pk__in=sources),
        "sources", "sources were added to its parts",
    )  # fmt: skip
    yield from _used(
        Requirement.objects.filter(part__in=parts),
        "requirements",
        "requirements stand on its parts",
    )
    yield from _used(
        Offer.objects.filter(manufacturer_part__in=numbers), "offers", "offers stand on its numbers"
    )
    yield from _used(
        Parameter.objects.filter(manufacturer_part__in=numbers),
        "parameters", "datasheet lines stand on its numbers",
    )  # fmt: skip
    yield from _used(
        ManufacturerPart.objects.filter(manufacturer__in=makers).exclude(pk__in=numbers),
        "manufacturer_parts", "other numbers of its makers were added",
    )  # fmt: skip
    yield from _used(Site.objects.filter(supplier__in=makers), "sites", "sites of its makers stand")
    yield from _changed(parts)
    for model, ids in (("parts.part", parts), ("suppliers.source", sources)):
        for kind in (Attachment, Comment):
            rows = kind.objects.filter(subject_type=model, subject_id__in=ids)
            yield from _used(rows, "words_or_files", "files or comments stand on its rows")


def _used(rows: object, code: str, what: str) -> Iterator[Reason]:
    count = rows.count()  # type: ignore[attr-defined]
    if count:
        yield Reason(code, f"{count} {what}.", "Remove these first.")


def _changed(part_ids: list[int]) -> Iterator[Reason]:
    changed = list(
        Part.objects.filter(pk__in=part_ids, version__gt=1).values_list("ipn", flat=True)
    )
    if changed:
        names = ", ".join(changed[:3]) + (" …" if len(changed) > 3 else "")
        yield Reason("changed", f"{len(changed)} parts were changed since: {names}.")


def take_back(imported: Import, *, actor: Actor) -> None:
    """Remove what the import made, in the caller's transaction; histories keep the last values."""
    made, reason = imported.created, f"undo of import {imported.name}"
    touched: set[int] = set()
    if imported.revision is not None:
        touched = set(imported.revision.lines.values_list("part_id", flat=True))
        catalogue.remove_revision(revision=imported.revision, actor=actor, reason=reason)
    sources = made.get("suppliers.source", [])
    with connection.cursor() as cursor:
        # Source and approval name each other; their keys are checked at the commit.
        cursor.execute("DELETE FROM suppliers_approval WHERE source_id = ANY(%s)", (sources,))
    audit.bulk_delete_as(Source, sources, actor, reason)
    parts = made.get("parts.part", [])
    _delete_parts(parts, actor, reason)
    audit.bulk_delete_as(
        ManufacturerPart, made.get("suppliers.manufacturerpart", []), actor, reason
    )
    _delete_makers(made.get("suppliers.supplier", []), actor, reason)
    parts_changed.send(sender=Part, part_ids=touched - set(parts))


def _delete_parts(ids: list[int], actor: Actor, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM parts_partfigures WHERE part_id = ANY(%s)", (ids,))
        cursor.execute("DELETE FROM parts_partusage WHERE part_id = ANY(%s)", (ids,))
    audit.bulk_delete_as(Part, ids, actor, reason)


def _delete_makers(ids: list[int], actor: Actor, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM suppliers_supplieralias WHERE supplier_id = ANY(%s)", (ids,))
    audit.bulk_delete_as(Supplier, ids, actor, reason)
