"""Services for manufacturer parts, their sites and datasheets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction

from parts.signals import specification_changed
from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, ValuesRefused, refuse_values
from secondsource.core.records import change, create
from suppliers.models import (
    ManufacturerPart,
    ManufacturerPartSite,
    Parameter,
    Site,
    Source,
    Supplier,
)
from suppliers.names import clean, normal_mpn
from suppliers.services.sources import send_sources_changed
from suppliers.signals import supply_changed

MANUFACTURER_PART_FIELDS = frozenset(
    {
        "description", "lifecycle", "lifecycle_as_of", "lifecycle_source", "datasheet_url", "die",
        "fit", "fit_confidence", "msl", "rohs", "reach", "pcf_kg", "country_of_origin", "hts_code",
        "eccn", "sanctions_flag",
    }
)  # fmt: skip


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
    refuse_values(figure_problems(fields))
    part = create(
        ManufacturerPart(
            manufacturer=manufacturer, mpn=clean(mpn), mpn_normal=normal_mpn(mpn), **fields
        ),
        actor,
        duplicate=f"{manufacturer.name} {clean(mpn)} is on record already.",
    )
    _write_sites(part, sites)
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
    refuse_values(figure_problems(values))
    with transaction.atomic():
        row = change(
            manufacturer_part, values, actor, allowed=MANUFACTURER_PART_FIELDS, expected=expected
        )
        send_sources_changed(Source.objects.filter(manufacturer_part=row), actor)
        if row.die != manufacturer_part.die:
            supply_changed.send(
                sender=ManufacturerPart, manufacturer_part_ids={row.pk}, actor=actor,
                why=f"the die of {row.mpn} changed",
            )  # fmt: skip
    return row


@transaction.atomic
def set_sites(
    *,
    manufacturer_part: ManufacturerPart,
    sites: Iterable[Site],
    actor: Actor,
    expected: int | None = None,
) -> ManufacturerPart:
    """Set the sites of a manufacturer part, on which independence depends.

    The sites belong to its version: it is checked against ``expected`` and rises.
    """
    locked = ManufacturerPart.objects.select_for_update(of=("self",))
    row = locked.get(pk=manufacturer_part.pk)
    audit.check_version(row, expected)
    actor.require("suppliers.write_manufacturerpart", row)
    wanted = {site.pk: site for site in sites}
    before = set(row.part_sites.values_list("site_id", flat=True))
    if before == set(wanted):
        return row
    traces.attribute(actor, "sites")
    row.part_sites.exclude(site__in=wanted).delete()
    _write_sites(row, [site for pk, site in wanted.items() if pk not in before])
    audit.save_as(row, actor, "sites")
    names = sorted(str(site) for site in wanted.values())
    audit.record("suppliers.manufacturerpart.sites", row, actor, data={"sites": names})
    send_sources_changed(Source.objects.filter(manufacturer_part=row), actor, "its sites")
    supply_changed.send(
        sender=ManufacturerPart, manufacturer_part_ids={row.pk}, actor=actor,
        why=f"the sites of {row.mpn} changed",
    )  # fmt: skip
    return row


def _write_sites(part: ManufacturerPart, sites: Iterable[Site]) -> None:
    ManufacturerPartSite.objects.bulk_create(
        [ManufacturerPartSite(manufacturer_part=part, site=site) for site in sites]
    )


def figure_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    """Problems of the figures of a manufacturer part."""
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
    refuse_values(problems)
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
    """The fields of a datasheet line, for comparison."""
    return (row.name, row.condition, row.minimum, row.typical, row.maximum, row.text, row.unit)


def send_specification_changed(manufacturer_part_ids: Collection[int], actor: Actor) -> None:
    """Send ``specification_changed`` for the parts that have these as sources."""
    sources = Source.objects.filter(manufacturer_part__in=manufacturer_part_ids)
    parts = set(sources.values_list("part_id", flat=True))
    if parts:
        specification_changed.send(
            sender=ManufacturerPart, part_ids=parts, actor=actor, why="the datasheet of a source"
        )
