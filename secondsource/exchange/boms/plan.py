"""What an import would do, decided without writing anything.

A line gets its part in this order: its own part number; the part that has its manufacturer part
as a source; the previous revision's part with the same designators, or the same value and
footprint; else a new one. Nothing is decided in silence: how each line was matched is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from parts.models import Product
from secondsource.accounts.models import User
from secondsource.accounts.models.plants import CODE_PATTERN
from secondsource.core.errors import Reason
from secondsource.exchange.bom import BomLine, BomResult, PartRef, Warning
from secondsource.exchange.boms import categories
from secondsource.exchange.boms.lookup import (
    Key,
    Records,
    all_refs,
    key_of,
    read_incumbents,
    read_records,
)
from secondsource.exchange.boms.manufacturer_names import two_names
from secondsource.exchange.company_questions import (
    Questions,
    companies_of,
    questions,
    same_in_file,
)
from suppliers.names import looks_like_formula

_IPN = re.compile(CODE_PATTERN)
#: The code of a line that names a part which its importer does not see.
TAKEN = "taken"

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
    """Lines with their parts, and every manufacturer part needed, in the file's order."""

    records: Records
    lines: list[PlannedLine] = field(default_factory=list)
    manufacturers: dict[str, str] = field(default_factory=dict)
    numbers: dict[Key, PartRef] = field(default_factory=dict)
    warnings: list[Warning] = field(default_factory=list)
    questions: Questions = field(default_factory=dict)
    #: Normal names of the file that are further names of another one in it.
    same: dict[str, str] = field(default_factory=dict)
    #: Companies on record (id) that go by further names of the file.
    spellings: list[tuple[int, str, str]] = field(default_factory=list)

    def warn(self, line: BomLine, code: str, detail: str) -> None:
        """Note something about a line that its owner should look at."""
        self.warnings.append(Warning(line.row, None, code, detail, line.sheet))

    @property
    def refusals(self) -> list[Reason]:
        """What forbids the import, whatever the person says to the warnings."""
        return refusals(warning.as_dict() for warning in self.warnings)

    def summary(self) -> dict[str, Any]:
        """What would happen, in numbers; ``groups``: new parts by the group they look like."""
        by = Counter(planned.matched_by for planned in self.lines)
        parts = {planned.part for planned in self.lines}
        return {
            "groups": categories.counts(one.line for one in self.new_parts().values()),
            "parts_new": sum(isinstance(part, tuple) for part in parts),
            "parts_matched": sum(isinstance(part, int) for part in parts),
            "matched_by_ipn": by["ipn"],
            "matched_by_mpn": by["mpn"],
            "matched_by_previous_revision": by["designators"] + by["value"],
            **self._sources(),
            "manufacturers_new": len(self.manufacturers),
            "manufacturer_parts_new": sum(
                self.records.manufacturer_part(key) is None for key in self.numbers
            ),
        }

    def new_parts(self) -> dict[NewPart, PlannedLine]:
        """The first line of each part that has to be made."""
        new: dict[NewPart, PlannedLine] = {}
        for planned in self.lines:
            if isinstance(planned.part, tuple):
                new.setdefault(planned.part, planned)
        return new

    def _sources(self) -> dict[str, int]:
        """How many sources would be written: incumbents with a legacy approval, candidates."""
        new, has_incumbent = set(), set(self.records.with_incumbent)
        incumbents = 0
        for planned in self.lines:
            if usable(planned.line.primary):
                pair = (planned.part, self._number(planned.line.primary))  # type: ignore[arg-type]
                if pair not in self.records.sources and pair not in new:
                    incumbents += planned.part not in has_incumbent
                    new.add(pair)
                has_incumbent.add(planned.part)  # type: ignore[arg-type]
        for planned in self.lines:
            for alternate in planned.line.alternates:
                pair = (planned.part, self._number(alternate.part))
                if usable(alternate.part) and pair not in self.records.sources:
                    new.add(pair)
        return {"incumbents_new": incumbents, "candidates_new": len(new) - incumbents}

    def _number(self, ref: PartRef) -> Any:
        """What tells the manufacturer part: its id, else its key."""
        key = key_of(ref)
        name = self.records.suppliers.get(key[0], self.same.get(key[0], key[0]))
        return self.records.manufacturer_part(key) or (name, key[1])


def make(
    result: BomResult,
    product: Product | None,
    user: User | None,
    companies: Mapping[str, Any] | None = None,
    *,
    accept: bool = False,
) -> Plan:
    """Plan the import of a file as read, for a product that exists or not.

    ``user`` imports it: a part outside their plants is not found by a MPN, and a line
    that names it by its own is refused, so that no file widens what they see. None sees all.
    """
    plan = Plan(read_records(result, product, user))
    lines = list(positions(result))
    _ask_about_companies(plan, lines, companies or {}, accept=accept)
    by_number = [_by_ipn(line, plan) or _by_mpn(line, plan) for line in lines]
    taken = {found[0] for found in by_number if found and isinstance(found[0], int)}
    for line, found in zip(lines, by_number, strict=True):
        part, how = found or _by_revision(line, plan, taken) or (_new_part(line, plan), "new")
        plan.lines.append(PlannedLine(line, part, how))
        for ref in all_refs(line):
            _need(plan, ref)
            if looks_like_formula(ref.mpn_original):
                detail = f"{ref.mpn_original} looks like a formula, not like a part number."
                plan.warn(line, "formula", detail)
    known = [planned.part for planned in plan.lines if isinstance(planned.part, int)]
    read_incumbents(plan.records, known)
    plan.warnings.extend(two_names(lines, plan.records, plan.same))
    _warn_of_other_incumbents(plan)
    return plan


def refusals(warnings: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """The reasons among warnings that forbid an import."""
    fix = "Have it imported by somebody who sees the part, or take the line out."
    found = [one["detail"] for one in warnings if one["code"] == TAKEN]
    return [Reason(TAKEN, detail, fix) for detail in dict.fromkeys(found)]


def positions(result: BomResult) -> Iterator[BomLine]:
    """Lines that become positions; a row of quantity zero that only names an alternate does not."""
    return (line for line in result.lines if line.alternate_of is None)


def usable(ref: PartRef | None) -> bool:
    """Whether a reference names a manufacturer part: a distributor's number does not."""
    return ref is not None and not ref.is_sku and bool(key_of(ref)[1])


def _need(plan: Plan, ref: PartRef) -> None:
    key = key_of(ref)
    if ref.is_sku or not key[1]:
        return
    plan.numbers.setdefault(key, ref)
    if key[0] and key[0] not in plan.records.suppliers and key[0] not in plan.same:
        plan.manufacturers.setdefault(key[0], ref.manufacturer or "")


def _ask_about_companies(
    plan: Plan, lines: list[BomLine], kept: Mapping[str, Any], *, accept: bool
) -> None:
    """Names that may mean a company on record, or another name of the file; as answered."""
    names: dict[str, str] = {}
    for ref in (ref for line in lines for ref in all_refs(line)):
        normal = key_of(ref)[0]
        if usable(ref) and normal and normal not in plan.records.suppliers:
            names.setdefault(normal, ref.manufacturer or "")
    plan.questions = questions(names, kept, accept=accept)
    plan.same = same_in_file(plan.questions)
    for normal, pk in companies_of(plan.questions).items():
        plan.records.suppliers[normal] = pk
        plan.spellings.append((pk, plan.questions[normal]["name"], normal))


Found = tuple[int | NewPart, str]


def _by_ipn(line: BomLine, plan: Plan) -> Found | None:
    if not line.ipn:
        return None
    if line.ipn in plan.records.outside:
        plan.warn(line, TAKEN, f"{line.ipn} cannot be used here: the file cannot be imported.")
        return ("ipn", line.ipn), "new"
    if _IPN.match(line.ipn):
        found = plan.records.ipns.get(line.ipn)
        return (found, "ipn") if found else (("ipn", line.ipn), "new")
    plan.warn(
        line, "ipn_form",
        f"{line.ipn} is no part number of ours (capitals, digits, . _ -): not used.",
    )  # fmt: skip
    return None


def _by_mpn(line: BomLine, plan: Plan) -> Found | None:
    if not usable(line.primary):
        return None
    key = key_of(line.primary)  # type: ignore[arg-type]
    known = plan.records.manufacturer_part(key)
    candidates = plan.records.part_of.get(known, []) if known else []
    if len(candidates) > 1:
        inside = [part for part in candidates if part in plan.records.before]
        plan.warn(
            line, "part_ambiguous",
            f"{len(candidates)} parts have {key[1]} as a source; the "
            + ("one of the last revision" if inside else "oldest") + " was taken.",
        )  # fmt: skip
        candidates = inside or candidates
    return (candidates[0], "mpn") if candidates else None


def _by_revision(line: BomLine, plan: Plan, taken: set[Any]) -> Found | None:
    """The last revision's part in the same place, or of the same look.

    A line that names a manufacturer part which nobody knows is a further source of that part only
    when the part is not named by another line, and its value is not another one.
    """
    records, named = plan.records, usable(line.primary)
    same = records.by_designators.get(tuple(sorted(line.designators))) if line.designators else None
    if same is not None and not (named and (same in taken or _differs(line, records, same))):
        return same, "designators"
    look = records.by_value.get((line.value, line.footprint)) if line.value else None
    if look is not None and not (named and look in taken):
        return look, "value"
    return None


def _differs(line: BomLine, records: Records, part: int) -> bool:
    before = records.value_of.get(part, "")
    return bool(line.value and before and line.value.casefold() != before.casefold())


def _new_part(line: BomLine, plan: Plan) -> NewPart:
    """Lines with the same key get the same new part."""
    if usable(line.primary):
        name, number = key_of(line.primary)  # type: ignore[arg-type]
        return ("mpn", str(plan.records.suppliers.get(name, plan.same.get(name, name))), number)
    if line.value or line.description:
        return ("look", line.value, line.footprint, line.description)
    return ("row", line.sheet, str(line.row))


def _warn_of_other_incumbents(plan: Plan) -> None:
    """A primary number that is not its part's incumbent gets no legacy approval: say so."""
    records = plan.records
    for planned in plan.lines:
        if not isinstance(planned.part, int) or not usable(planned.line.primary):
            continue
        incumbent = records.with_incumbent.get(planned.part)
        number = records.manufacturer_part(key_of(planned.line.primary))  # type: ignore[arg-type]
        if incumbent is None or number in records.approved.get(planned.part, ()):
            continue
        if number != incumbent:
            plan.warn(
                planned.line, "not_the_incumbent",
                f"{planned.line.primary.mpn} is not approved for the part of this line,"  # type: ignore[union-attr]
                " which has another incumbent: it is a candidate.",
            )  # fmt: skip
