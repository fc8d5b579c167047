"""What was built on rows that an import made: whatever points at them, and changes since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models

from parts.models import BomLine, PartFigures, PartUsage
from secondsource.core import audit
from secondsource.core.bulk import ids_in
from secondsource.core.errors import Reason
from secondsource.core.models import Attachment, Comment, Record
from suppliers.models import Approval, SupplierAlias, SupplierFigures

#: What hangs on these rows without being work of somebody: computed, or removed with them.
OWN = (BomLine, PartFigures, PartUsage, Approval, SupplierAlias, SupplierFigures)


MOST_NAMED = 3
KEPT = "What was built on an import stays on record, and the import with it."


def dependents(
    model: type[Record],
    ids: list[int],
    *,
    made: Callable[[type[models.Model]], list[int]] = lambda other: [],
    own_tables: Collection[str] = (),
) -> Iterator[Reason]:
    """Rows of whatever other model point at these, except those that the import made too."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or _is_own(relation, own_tables):
            continue
        other = relation.related_model
        rows = other._base_manager.filter(**{f"{relation.field.name}__in": ids_in(ids)})
        if own := made(other):
            rows = rows.exclude(pk__in=ids_in(own))
        yield from _named(rows, plural(model))


def _named(rows: models.QuerySet[Any], on: str) -> Iterator[Reason]:
    """The first rows by name, with their pages; the number of those beyond.

    They are found by an aggregate: with ``LIMIT``, PostgreSQL reads the whole table in the order
    of its keys and compares each row with all ids.
    """
    options = rows.model._meta
    code, what = f"{options.model_name}s", str(options.verbose_name)
    if options.auto_created:
        yield from counted(rows.count(), code, what, on)
        return
    keys = rows.aggregate(all=ArrayAgg("pk", order_by="pk", default=[]))["all"]
    for row in rows.model._base_manager.filter(pk__in=keys[:MOST_NAMED]).order_by("pk"):
        address = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
        yield Reason(code, f"The {what} {row} builds on it.", KEPT, address)
    if (more := len(keys) - MOST_NAMED) > 0:
        plural_name = what if more == 1 else str(options.verbose_name_plural)
        yield Reason(code, f"So {'does' if more == 1 else 'do'} {more:,} more {plural_name}.", KEPT)


def _is_own(relation: models.ForeignObjectRel, own_tables: Collection[str]) -> bool:
    """Many-to-many is seen through its table; histories never hold a row back."""
    other: Any = relation.related_model
    return (
        other in OWN
        or other._meta.db_table in own_tables
        or isinstance(relation, models.ManyToManyRel)
        or other.__name__.startswith("Historical")
    )


def notes(model: type[Record], ids: list[int]) -> Iterator[Reason]:
    """Files and words that depend on the rows."""
    for kind in (Attachment, Comment):
        rows = kind.objects.filter(subject_type=audit.label(model), subject_id__in=ids_in(ids))
        name = str(kind._meta.verbose_name)
        yield from counted(rows.count(), f"{kind._meta.model_name}s", name, plural(model))


def changed(model: type[Record], ids: list[int]) -> Iterator[Reason]:
    """The rows named, which somebody changed since the import."""
    if not ids:
        return
    rows = model._default_manager.filter(pk__in=ids_in(ids[:4])).order_by("pk")
    keys = [str(row) for row in rows]
    named = ", ".join(keys[:3]) + (" …" if len(ids) > 3 else "")
    what = plural(model) if len(ids) > 1 else str(model._meta.verbose_name)
    verb = "were" if len(ids) > 1 else "was"
    yield Reason("changed", f"{len(ids)} {what} {verb} changed since: {named}.")


def counted(count: int, code: str, what: str, on: str) -> Iterator[Reason]:
    """A reason when there are any."""
    if count:
        verb = "stands" if count == 1 else "stand"
        words = what if count == 1 else f"{what}s"
        yield Reason(code, f"{count} {words} {verb} on its {on}.", "Remove these first.")


def plural(model: type[models.Model]) -> str:
    """Many of a model, in words."""
    return str(model._meta.verbose_name_plural)
