"""Writing a planned BOM: its rows are staged, written by the steps of all imports, then the lines.

Primaries come first: a part's first one becomes its incumbent; alternates are candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from parts import services as catalogue
from parts.models import Category, Part
from parts.signals import parts_changed
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.exchange.bom import BomLine, PartRef
from secondsource.exchange.boms import categories as grouping
from secondsource.exchange.boms.lookup import key_of
from secondsource.exchange.boms.plan import NewPart, Plan, PlannedLine, usable
from secondsource.exchange.bulk.kind import Kind
from secondsource.exchange.bulk.new_parts import parts_of
from secondsource.exchange.bulk.removal import note_made
from secondsource.exchange.bulk.staging import Stage, stage_rows
from secondsource.exchange.bulk.steps import journaled
from secondsource.exchange.company_questions import add_spellings
from secondsource.exchange.models import Import
from suppliers.models import Source, SupplierAlias
from suppliers.names import clean, normal_name
from suppliers.services import NO_MANUFACTURER_NAME

#: Columns of the staging table that a BOM fills, beside ids.
STAGED = tuple(
    (name, "text")
    for name in (
        "part_key", "ipn", "text", "value", "footprint", "description", "mpn", "mpn_key",
        "manufacturer", "manufacturer_key", "place",
    )
)  # fmt: skip


def stage_of(kind: Kind, plan: Plan, imported: Import, actor: Actor) -> Stage:
    """The plan's rows: line ``n`` of the plan is row ``n``, from 1; alternates come behind."""
    chosen = imported.choices.get("categories", {})
    new = _new_parts(plan, chosen, imported, actor)
    rows = [
        {"row": row, **_part(planned, new), **_number(plan, planned.line.primary),
         "place": f"row {planned.line.row}"}
        for row, planned in enumerate(plan.lines, 1)
    ]  # fmt: skip
    further = (
        {**_part(planned, new), **_number(plan, one.part), "open": 1,
         "place": f"row {one.row}, {one.where_read}"}
        for planned in plan.lines
        for one in planned.line.alternates
        if usable(one.part)
    )  # fmt: skip
    rows += ({"row": row, **one} for row, one in enumerate(further, len(rows) + 1))
    stage = stage_rows(kind, rows, imported.name, actor)
    stage.spellings = plan.spellings
    stage.sql(
        "UPDATE {s} s SET manufacturer_id = m.manufacturer_id FROM suppliers_manufacturerpart m"
        " WHERE m.id = s.manufacturer_part_id"
    )
    return stage


def _part(planned: PlannedLine, new: Mapping[NewPart, Mapping[str, Any]]) -> dict[str, Any]:
    if isinstance(planned.part, int):
        return {"part_id": planned.part, "part_key": str(planned.part)}
    return {**new[planned.part], "part_key": repr(planned.part)}


def _number(plan: Plan, ref: PartRef | None) -> dict[str, Any]:
    """The manufacturer's number of a row, as far as it is on record."""
    if ref is None or not usable(ref):
        return {}
    name, number = key = key_of(ref)
    lead, records = plan.same.get(name, name), plan.records
    known = records.suppliers.get(name, records.suppliers.get(lead))
    return {
        "mpn": clean(plan.numbers[key].mpn_original)[:200] or number,
        "mpn_key": number,
        "manufacturer_part_id": records.manufacturer_part(key),
        "manufacturer": plan.manufacturers.get(lead, ref.manufacturer) if name
        else NO_MANUFACTURER_NAME,
        "manufacturer_key": lead or normal_name(NO_MANUFACTURER_NAME),
        "manufacturer_id": known if name else records.nameless,
    }  # fmt: skip


def add_same_spellings(plan: Plan, stage: Stage) -> None:
    """Further names of the file are those of a company that was made by the first of them."""
    leads = SupplierAlias.objects.filter(normal__in=plan.same.values())
    made = dict(leads.values_list("normal", "supplier_id"))
    names = [
        (made[lead], plan.questions[normal]["name"], normal)
        for normal, lead in plan.same.items()
        if lead in made
    ]
    stage.facts["spellings"] += add_spellings(names)


def add_lines(plan: Plan, stage: Stage, imported: Import, actor: Actor) -> None:
    """Write the revision, and tell of sources of parts whose figures are not computed by it."""
    parts = dict(stage.fetch("SELECT row, part_id FROM {s}"))
    lines = [_new_line(planned, parts[row]) for row, planned in enumerate(plan.lines, 1)]
    assert imported.product is not None
    imported.revision = catalogue.add_revision(
        product=imported.product, lines=lines, actor=actor, origin=f"import {imported.name}"
    )
    touched = parts_of(journaled(imported, Source)) - set(journaled(imported, Part, new=True))
    if touched:
        parts_changed.send(sender=Part, part_ids=touched)


def _new_parts(
    plan: Plan, chosen: Mapping[str, str], imported: Import, actor: Actor
) -> dict[NewPart, dict[str, Any]]:
    """What new parts are, with their categories and numbers."""
    new = plan.new_parts()
    group_of = {key: grouping.group_of(planned.line) for key, planned in new.items()}
    categories = _categories(set(group_of.values()), chosen, imported, actor)
    without: dict[Category, list[NewPart]] = {}
    for key, group in group_of.items():
        if key[0] != "ipn":
            without.setdefault(categories[group], []).append(key)
    ipns: dict[NewPart, str] = {key: key[1] for key in new if key[0] == "ipn"}
    for category, keys in without.items():
        ipns.update(zip(keys, catalogue.next_ipns(category, len(keys)), strict=True))
    return {
        key: {"ipn": ipns[key], "category_id": categories[group_of[key]].pk, **_look(planned.line)}
        for key, planned in new.items()
    }


def _categories(
    groups: set[str], chosen: Mapping[str, str], imported: Import, actor: Actor
) -> dict[str, Category]:
    """The category of each group of parts, as chosen, else as guessed; missing ones are made."""
    paths = {"": grouping.UNSORTED, **grouping.suggestions(groups)}
    paths |= {group: path for group, path in chosen.items() if group in groups}
    known = {one.path: one for one in Category.objects.filter(path__in=paths.values())}
    found: dict[str, Category] = {}
    for group in groups:
        if paths[group] == grouping.UNSORTED:
            found[group], is_new = catalogue.unsorted_category(actor)
        elif paths[group] == grouping.NEW:
            found[group], is_new = _new_category(grouping.BY_KEY[group], actor)
        else:
            found[group], is_new = known[paths[group]], False
        if is_new:
            note_made(imported, audit.label(Category), [found[group].pk])
    return found


def _new_category(group: grouping.Group, actor: Actor) -> tuple[Category, bool]:
    """The category that goes by the group's name, which another import may have made by now."""
    there = Category.objects.filter(path=group.key).first()
    if there is not None:
        return there, False
    made = catalogue.add_category(
        path=group.key, name=group.name, ipn_prefix=group.prefix, actor=actor
    )
    return made, True


def _look(line: BomLine) -> dict[str, str]:
    description = line.description or " ".join(filter(None, (line.value, line.footprint)))
    return {
        "text": clean(description)[:300],
        "value": line.value[:120],
        "footprint": line.footprint[:200],
    }


def _new_line(planned: PlannedLine, part_id: int) -> catalogue.NewLine:
    line = planned.line
    primary = line.primary
    return catalogue.NewLine(
        part_id=part_id,
        quantity=line.quantity if line.quantity is not None else Decimal(len(line.designators)),
        quantity_not_fitted=line.quantity_not_fitted,
        designators=tuple(d[:60] for d in line.designators),
        source_row=line.row,
        value=line.value,
        footprint=line.footprint,
        manufacturer=(primary.manufacturer or "") if primary else "",
        mpn=primary.mpn if primary else "",
        alternates=tuple(
            {
                "manufacturer": alternate.part.manufacturer or "",
                "mpn": alternate.part.mpn,
                "read_from": f"row {alternate.row}, {alternate.where_read}",
            }
            for alternate in line.alternates
        ),
        note=line.notes,
    )
