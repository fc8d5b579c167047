"""Suppliers and what they make."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction

from parts.signals import specification_changed
from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.changing import change, create
from secondsource.core.errors import Duplicate, FieldProblem, ValuesRefused
from suppliers.models import (
    ManufacturerPart,
    ManufacturerPartSite,
    Parameter,
    Site,
    Source,
    Supplier,
    SupplierAlias,
)
from suppliers.naming import clean, code_from, normal_mpn, normal_name
from suppliers.signals import sources_changed

SUPPLIER_FIELDS = frozenset({"name", "kinds", "country", "group"})
MANUFACTURER_PART_FIELDS = frozenset(
    {
        "description", "lifecycle", "lifecycle_as_of", "lifecycle_source", "die", "fit",
        "fit_confidence", "msl", "rohs", "reach", "pcf_kg", "country_of_origin", "hts_code", "eccn",
        "sanctions_flag",
    }
)  # fmt: skip
SITE_FIELDS = frozenset({"country", "latitude", "longitude", "recovery_days"})


def find_manufacturer(name: str) -> Supplier | None:
    """The supplier that goes by this name in any spelling, or None."""
    alias = (
        SupplierAlias.objects.select_related("supplier").filter(normal=normal_name(name)).first()
    )
    return alias.supplier if alias else None


@transaction.atomic
def add_supplier(
    *,
    name: str,
    actor: Actor,
    code: str = "",
    kinds: Iterable[str] = (Supplier.Kind.MANUFACTURER,),
    country: str = "",
    aliases: Iterable[str] = (),
    group: Supplier | None = None,
    reason: str = "",
) -> Supplier:
    """Add a supplier with its spellings; without ``code`` one is made of the name.

    Raises ``Duplicate`` when the code or a spelling belongs to another supplier.
    """
    actor.require("suppliers.write_supplier")
    return _add_supplier(
        name=name, actor=actor, code=code, kinds=kinds, country=country, aliases=aliases,
        group=group, reason=reason,
    )  # fmt: skip


def _add_supplier(
    *,
    name: str,
    actor: Actor,
    code: str,
    kinds: Iterable[str],
    country: str,
    aliases: Iterable[str],
    group: Supplier | None,
    reason: str,
) -> Supplier:
    if not normal_name(name):
        raise ValuesRefused.one("/name", "required", "A supplier needs a name.")
    taken = find_manufacturer(name)
    if taken is not None:
        raise Duplicate(f"{taken.code} goes by the name {name} already.")
    supplier = create(
        Supplier(
            code=code or free_code(name),
            name=clean(name),
            kinds=list(kinds),
            country=country,
            group=group,
        ),
        actor,
        reason=reason,
        duplicate=f"The code {code} is taken.",
    )
    _add_aliases(supplier, [name, *aliases])
    audit.record("suppliers.supplier.added", supplier, actor, note=reason)
    return supplier


def _add_aliases(supplier: Supplier, texts: Iterable[str]) -> None:
    wanted = {normal_name(text): clean(text) for text in texts}
    theirs = SupplierAlias.objects.filter(normal__in=wanted).exclude(supplier=supplier).first()
    if theirs is not None:
        raise Duplicate(f"{theirs.text} is a name of {theirs.supplier_id} already.")
    SupplierAlias.objects.bulk_create(
        [SupplierAlias(supplier=supplier, text=t, normal=n) for n, t in wanted.items() if n],
        ignore_conflicts=True,
    )


@transaction.atomic
def add_aliases(*, supplier: Supplier, aliases: Iterable[str], actor: Actor) -> None:
    """Let a supplier go by further spellings. ``Duplicate`` when one is another supplier's."""
    actor.require("suppliers.write_supplier", supplier)
    before = set(supplier.aliases.values_list("normal", flat=True))
    traces.attribute(actor, "aliases")
    _add_aliases(supplier, aliases)
    added = sorted(supplier.aliases.exclude(normal__in=before).values_list("text", flat=True))
    if added:
        audit.save_as(supplier, actor, "aliases")
        audit.record("suppliers.supplier.aliases", supplier, actor, data={"added": added})


def free_code(name: str) -> str:
    """A code made of the name that no supplier has yet."""
    base = code_from(name)
    taken = set(Supplier.objects.filter(code__startswith=base).values_list("code", flat=True))
    code, number = base, 2
    while code in taken:
        code, number = f"{base}-{number}", number + 1
    return code


def change_supplier(
    *, supplier: Supplier, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Supplier:
    """Change plain fields (``SUPPLIER_FIELDS``) of a supplier.

    Raises ``ValuesRefused`` when it would no longer be the manufacturer of the parts it has.
    """
    actor.require("suppliers.write_supplier", supplier)
    with transaction.atomic():
        row = change(supplier, values, actor, allowed=SUPPLIER_FIELDS, expected=expected)
        made = ManufacturerPart.objects.filter(manufacturer=row)
        if Supplier.Kind.MANUFACTURER not in row.kinds and made.exists():
            raise ValuesRefused.one(
                "/kinds", "in_use", f"{row.name} has parts, so it stays a manufacturer."
            )
        _tell(Source.objects.filter(manufacturer_part__manufacturer=row))
    return row


@transaction.atomic
def add_site(*, supplier: Supplier, actor: Actor, **fields: Any) -> Site:
    """Add a place where a supplier works (fields of :class:`Site`)."""
    actor.require("suppliers.write_supplier", supplier)
    site = create(
        Site(supplier=supplier, **fields), actor, duplicate="This site is on record already."
    )
    audit.record("suppliers.site.added", site, actor)
    return site


def change_site(
    *, site: Site, values: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Site:
    """Change plain fields (``SITE_FIELDS``) of a site."""
    actor.require("suppliers.write_supplier", site.supplier)
    with transaction.atomic():
        row = change(site, values, actor, allowed=SITE_FIELDS, expected=expected)
        _tell(Source.objects.filter(manufacturer_part__part_sites__site=row))
    return row


@transaction.atomic
def add_manufacturer_part(
    *, manufacturer: Supplier, mpn: str, actor: Actor, sites: Iterable[Site] = (), **fields: Any
) -> ManufacturerPart:
    """Add a manufacturer part; its number is kept as written and compared in normal form.

    Raises ``Duplicate`` when the manufacturer has the number in another spelling.
    """
    actor.require("suppliers.write_manufacturerpart")
    if not normal_mpn(mpn):
        raise ValuesRefused.one("/mpn", "required", "A manufacturer part needs a number.")
    _refuse_figures(fields)
    part = create(
        ManufacturerPart(
            manufacturer=manufacturer, mpn=clean(mpn), mpn_normal=normal_mpn(mpn), **fields
        ),
        actor,
        duplicate=f"{manufacturer.name} {clean(mpn)} is on record already.",
    )
    ManufacturerPartSite.objects.bulk_create(
        [ManufacturerPartSite(manufacturer_part=part, site=site) for site in sites]
    )
    audit.record("suppliers.manufacturerpart.added", part, actor)
    return part


def change_manufacturer_part(
    *,
    manufacturer_part: ManufacturerPart,
    values: Mapping[str, Any],
    actor: Actor,
    expected: int | None = None,
) -> ManufacturerPart:
    """Change plain fields (``MANUFACTURER_PART_FIELDS``) of a manufacturer part."""
    actor.require("suppliers.write_manufacturerpart", manufacturer_part)
    _refuse_figures(values)
    with transaction.atomic():
        row = change(
            manufacturer_part, values, actor, allowed=MANUFACTURER_PART_FIELDS, expected=expected
        )
        _tell(Source.objects.filter(manufacturer_part=row))
    return row


def _refuse_figures(values: Mapping[str, Any]) -> None:
    if problems := figure_problems(values):
        raise ValuesRefused(problems)


def figure_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    """Figures of a manufacturer part that cannot be."""
    found = [
        FieldProblem(f"/{name}", "negative", "0 or more.")
        for name in ("fit", "pcf_kg")
        if (values.get(name) or 0) < 0
    ]
    confidence = values.get("fit_confidence")
    if confidence is not None and not 0 < confidence < 1:
        detail = "A confidence is a fraction between 0 and 1, such as 0.6."
        found.append(FieldProblem("/fit_confidence", "out_of_range", detail))
    return found


@transaction.atomic
def set_parameters(
    *,
    manufacturer_part: ManufacturerPart,
    parameters: Iterable[Mapping[str, Any]],
    actor: Actor,
    expected: int | None = None,
) -> None:
    """Replace the datasheet lines of a manufacturer part (fields of :class:`Parameter`).

    The lines belong to its version: it is checked against ``expected`` and rises.
    """
    locked = ManufacturerPart.objects.select_for_update(of=("self",))
    manufacturer_part = locked.get(pk=manufacturer_part.pk)
    audit.check_version(manufacturer_part, expected)
    actor.require("suppliers.write_manufacturerpart", manufacturer_part)
    rows = [Parameter(manufacturer_part=manufacturer_part, **line) for line in parameters]
    problems = [
        FieldProblem(f"/parameters/{index}", "limits_reversed", "The minimum is above the maximum.")
        for index, row in enumerate(rows)
        if row.minimum is not None and row.maximum is not None and row.minimum > row.maximum
    ]
    if problems:
        raise ValuesRefused(problems)
    before = {_content(row) for row in manufacturer_part.parameters.all()}
    traces.attribute(actor, "parameters")
    Parameter.objects.filter(manufacturer_part=manufacturer_part).delete()
    Parameter.objects.bulk_create(rows)
    audit.save_as(manufacturer_part, actor, "parameters")
    audit.record(
        "suppliers.manufacturerpart.parameters", manufacturer_part, actor, data={"lines": len(rows)}
    )
    if before != {_content(row) for row in rows}:
        send_specification_changed({manufacturer_part.pk}, actor)


def _content(row: Parameter) -> tuple[Any, ...]:
    """What a line of a datasheet says, without its identity."""
    return (row.name, row.condition, row.minimum, row.typical, row.maximum, row.text, row.unit)


def send_specification_changed(manufacturer_part_ids: Collection[int], actor: Actor) -> None:
    """Send ``specification_changed`` for the parts that have these as sources."""
    sources = Source.objects.filter(manufacturer_part__in=manufacturer_part_ids)
    parts = set(sources.values_list("part_id", flat=True))
    if parts:
        specification_changed.send(
            sender=ManufacturerPart, part_ids=parts, actor=actor, why="the datasheet of a source"
        )


def _tell(sources: Any) -> None:
    ids = set(sources.values_list("part_id", flat=True))
    if ids:
        sources_changed.send(sender=Source, part_ids=ids)
