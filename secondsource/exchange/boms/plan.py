"""What an import would do, decided without writing anything.

A line gets its part in this order: its own part number; the part that has its manufacturer part
as a source; the previous revision's part with the same designators, or the same value and
footprint; else a new one. Nothing is decided in silence: how each line was matched is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from parts.models import Product
from secondsource.accounts.models.places import CODE_PATTERN
from secondsource.exchange.bom import BomLine, BomResult, PartRef, Warning
from secondsource.exchange.boms.lookup import (
    Key,
    Records,
    all_refs,
    key_of,
    read_incumbents,
    read_records,
)

_IPN = re.compile(CODE_PATTERN)

#: How a new part of the plan is told from others: by number, manufacturer part, look or row.
NewPart = tuple[str, ...]


@dataclass(frozen=True)
class PlannedLine:
    """A line with the part it gets: an existing one's id, or the key of a new one."""

    line: BomLine
    part: int | NewPart
    matched_by: str


@dataclass
class Plan:
    """Lines with their parts, and every maker's part that has to exist, in the file's order."""

    records: Records
    lines: list[PlannedLine] = field(default_factory=list)
    makers: dict[str, str] = field(default_factory=dict)
    numbers: dict[Key, PartRef] = field(default_factory=dict)
    warnings: list[Warning] = field(default_factory=list)

    def summary(self) -> dict[str, int]:
        """What would happen, in numbers."""
        by = Counter(planned.matched_by for planned in self.lines)
        parts = {planned.part for planned in self.lines}
        return {
            "parts_new": sum(isinstance(part, tuple) for part in parts),
            "parts_matched": sum(isinstance(part, int) for part in parts),
            "matched_by_ipn": by["ipn"],
            "matched_by_mpn": by["mpn"],
            "matched_by_previous_revision": by["designators"] + by["value"],
            "makers_new": len(self.makers),
            "manufacturer_parts_new": sum(
                self.records.manufacturer_part(key) is None for key in self.numbers
            ),
        }


def make(result: BomResult, product: Product | None) -> Plan:
    """Plan the import of a file as read, for a product that exists or not."""
    plan = Plan(read_records(result, product))
    for line in positions(result):
        part, how = _part_of(line, plan)
        plan.lines.append(PlannedLine(line, part, how))
        for ref in all_refs(line):
            _need(plan, ref)
    known = [planned.part for planned in plan.lines if isinstance(planned.part, int)]
    read_incumbents(plan.records, known)
    return plan


def positions(result: BomResult) -> Iterator[BomLine]:
    """Lines that become positions; a row of quantity zero that only names an alternate does not."""
    return (line for line in result.lines if line.alternate_of is None)


def usable(ref: PartRef | None) -> bool:
    """Whether a reference names a maker's part: a distributor's number does not."""
    return ref is not None and not ref.is_sku and bool(key_of(ref)[1])


def _need(plan: Plan, ref: PartRef) -> None:
    if not usable(ref):
        return
    key = key_of(ref)
    plan.numbers.setdefault(key, ref)
    if key[0] and key[0] not in plan.records.suppliers:
        plan.makers.setdefault(key[0], ref.manufacturer or "")


def _part_of(line: BomLine, plan: Plan) -> tuple[int | NewPart, str]:
    records = plan.records
    if line.ipn and _IPN.match(line.ipn):
        found = records.ipns.get(line.ipn)
        return (found, "ipn") if found else (("ipn", line.ipn), "new")
    if line.ipn:
        plan.warnings.append(
            Warning(
                line.row,
                None,
                "ipn_form",
                f"{line.ipn} is no part number of ours (capitals, digits, . _ -): not used.",
                line.sheet,
            )
        )
    if usable(line.primary):
        return _by_number(line, plan)
    return _by_look(line, records)


def _by_number(line: BomLine, plan: Plan) -> tuple[int | NewPart, str]:
    key = key_of(line.primary)  # type: ignore[arg-type]
    known = plan.records.manufacturer_part(key)
    candidates = plan.records.part_of.get(known, []) if known else []
    if len(candidates) > 1:
        inside = [part for part in candidates if part in plan.records.before]
        plan.warnings.append(
            Warning(
                line.row,
                None,
                "part_ambiguous",
                f"{len(candidates)} parts have {key[1]} as a source; the "
                + ("one of the last revision" if inside else "oldest")
                + " was taken.",
                line.sheet,
            )
        )
        candidates = inside or candidates
    if candidates:
        return candidates[0], "mpn"
    return ("mpn", *key), "new"


def _by_look(line: BomLine, records: Records) -> tuple[int | NewPart, str]:
    same = records.by_designators.get(tuple(sorted(line.designators))) if line.designators else None
    if same is not None:
        return same, "designators"
    look = (line.value, line.footprint)
    if all(look):
        if look in records.by_value:
            return records.by_value[look], "value"
        return ("look", *look, line.description), "new"
    if line.value or line.description:
        return ("look", *look, line.description), "new"
    return ("row", line.sheet, str(line.row)), "new"
