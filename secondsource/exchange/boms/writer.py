"""Writing a planned import, in the caller's transaction, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from parts import services as catalogue
from parts.models import BomRevision, Category, Part, Product
from parts.signals import parts_changed
from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.bulk import ids_in, insert_rows, take_ids
from secondsource.core.models import Record
from secondsource.exchange.bom import BomLine
from secondsource.exchange.boms import categories as grouping
from secondsource.exchange.boms.lookup import Key, key_of
from secondsource.exchange.boms.plan import Plan, PlannedLine, usable
from secondsource.exchange.company_questions import add_spellings
from suppliers import services as sourcing
from suppliers.models import Approval, ManufacturerPart, Source, Supplier
from suppliers.names import clean

Report = Callable[[int, int], None]
STEPS = 6


@dataclass
class Written:
    """What came into being, for the result and for undo."""

    actor: Actor
    origin: str
    revision: BomRevision | None = None
    created: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        model: type[Record],
        names: Sequence[str],
        rows: Sequence[Sequence[Any]],
        **same: Any,
    ) -> list[int]:
        """Write new rows with their history, and remember their ids."""
        now = clock.now()
        traces.attribute(self.actor, self.origin)
        ids = insert_rows(model, names, rows, created_at=now, updated_at=now, **same)
        self.note(model, ids)
        return ids

    def note(self, model: type[Record], ids: list[int]) -> None:
        """Remember the ids of rows that were written."""
        self.created.setdefault(audit.label(model), []).extend(ids)


def write(
    plan: Plan,
    *,
    product: Product,
    origin: str,
    actor: Actor,
    categories: Mapping[str, str],
    report: Report,
) -> Written:
    """Write manufacturers, their parts, our parts, sources, legacy approvals and the revision.

    ``categories``: the category's path by group of parts, where somebody chose one.
    """
    traces.attribute(actor, origin)
    written = Written(actor, origin)
    _write_manufacturers(plan, written)
    report(1, STEPS)
    numbers = _write_numbers(plan, written)
    report(2, STEPS)
    parts = _write_parts(plan, categories, written)
    report(3, STEPS)
    _write_sources(plan, parts, numbers, written)
    report(4, STEPS)
    lines = [_new_line(planned, _id(planned, parts)) for planned in plan.lines]
    written.revision = catalogue.add_revision(
        product=product, lines=lines, actor=actor, origin=origin
    )
    report(5, STEPS)
    _tell_of_sources(written)
    report(6, STEPS)
    return written


def _tell_of_sources(written: Written) -> None:
    """New parts and those whose use changed have their figures by now; these others have not."""
    new = set(written.created.get(audit.label(Part), []))
    sources = Source.objects.filter(pk__in=ids_in(written.created.get(audit.label(Source), [])))
    touched = set(sources.values_list("part_id", flat=True)) - new
    if touched:
        parts_changed.send(sender=Part, part_ids=touched)


def _write_manufacturers(plan: Plan, written: Written) -> None:
    records = plan.records
    if any(not key[0] and records.manufacturer_part(key) is None for key in plan.numbers):
        records.nameless, made = sourcing.placeholder_id()
        written.note(Supplier, [records.nameless] if made else [])
    if plan.manufacturers:
        by_name = sourcing.add_manufacturers(plan.manufacturers)
        written.note(Supplier, list(by_name.values()))
        records.suppliers.update(by_name)
    _write_spellings(plan, written)


def _write_spellings(plan: Plan, written: Written) -> None:
    """Names that the person called those of another company are its spellings from now on."""
    asked, suppliers = plan.questions, plan.records.suppliers
    for normal, lead in plan.same.items():
        if lead in suppliers:
            suppliers[normal] = suppliers[lead]
            plan.spellings.append((suppliers[lead], asked[normal]["name"], normal))
    written.counts["spellings"] = add_spellings(plan.spellings)


def _write_numbers(plan: Plan, written: Written) -> dict[Key, int]:
    """The manufacturer part of every number of the file; missing ones are made."""
    records = plan.records
    found = {key: records.manufacturer_part(key) for key in plan.numbers}
    nameless = records.nameless or 0
    missing: dict[tuple[int, str], Key] = {}
    for key, pk in found.items():
        if pk is None:
            missing.setdefault((records.suppliers.get(key[0], nameless), key[1]), key)
    rows = [
        (manufacturer, clean(plan.numbers[key].mpn_original)[:200] or number, number)
        for (manufacturer, number), key in missing.items()
    ]
    ids = written.add(ManufacturerPart, ("manufacturer_id", "mpn", "mpn_normal"), rows)
    made = dict(zip(missing, ids, strict=True))
    return {
        key: pk or made[records.suppliers.get(key[0], nameless), key[1]]
        for key, pk in found.items()
    }


def _write_parts(
    plan: Plan, chosen: Mapping[str, str], written: Written
) -> dict[tuple[str, ...], int]:
    new = plan.new_parts()
    group_of = {key: grouping.group_of(planned.line) for key, planned in new.items()}
    categories = _categories(set(group_of.values()), chosen, written)
    without: dict[Category, list[tuple[str, ...]]] = {}
    for key, group in group_of.items():
        if key[0] != "ipn":
            without.setdefault(categories[group], []).append(key)
    numbers: dict[tuple[str, ...], str] = {}
    for category, keys in without.items():
        numbers.update(zip(keys, catalogue.next_ipns(category, len(keys)), strict=True))
    ids = written.add(
        Part,
        ("ipn", "category_id", "description", "value", "footprint"),
        [
            (
                key[1] if key[0] == "ipn" else numbers[key],
                categories[group_of[key]].pk,
                *_look(planned.line),
            )
            for key, planned in new.items()
        ],
    )
    return dict(zip(new, ids, strict=True))


def _categories(
    groups: set[str], chosen: Mapping[str, str], written: Written
) -> dict[str, Category]:
    """The category of each group of parts, as chosen, else as guessed; missing ones are made."""
    paths = {"": grouping.UNSORTED, **grouping.suggestions(groups)}
    paths |= {group: path for group, path in chosen.items() if group in groups}
    known = {one.path: one for one in Category.objects.filter(path__in=paths.values())}
    found: dict[str, Category] = {}
    for group in groups:
        if paths[group] == grouping.UNSORTED:
            found[group], is_new = catalogue.unsorted_category(written.actor)
        elif paths[group] == grouping.NEW:
            found[group], is_new = _new_category(grouping.BY_KEY[group], written)
        else:
            found[group], is_new = known[paths[group]], False
        if is_new:
            written.note(Category, [found[group].pk])
    return found


def _new_category(group: grouping.Group, written: Written) -> tuple[Category, bool]:
    """The category that goes by the group's name, which another import may have made by now."""
    there = Category.objects.filter(path=group.key).first()
    if there is not None:
        return there, False
    made = catalogue.add_category(
        path=group.key, name=group.name, ipn_prefix=group.prefix, actor=written.actor
    )
    return made, True


def _look(line: BomLine) -> tuple[str, str, str]:
    description = line.description or " ".join(filter(None, (line.value, line.footprint)))
    return clean(description)[:300], line.value[:120], line.footprint[:200]


def _id(planned: PlannedLine, parts: dict[tuple[str, ...], int]) -> int:
    return planned.part if isinstance(planned.part, int) else parts[planned.part]


@dataclass(frozen=True)
class NewSource:
    """A source to be written: our part, the manufacturer's, where it was read."""

    part_id: int
    manufacturer_part_id: int
    place: str
    incumbent: bool


def _write_sources(
    plan: Plan, parts: dict[tuple[str, ...], int], numbers: dict[Key, int], written: Written
) -> None:
    """Primaries first: a part's first one is its incumbent; alternates are candidates."""
    known, incumbents = plan.records.sources, dict(plan.records.with_incumbent)
    new: dict[tuple[int, int], NewSource] = {}
    for planned in plan.lines:
        if usable(planned.line.primary):
            pair = (_id(planned, parts), numbers[key_of(planned.line.primary)])  # type: ignore[arg-type]
            first = pair[0] not in incumbents
            incumbents.setdefault(*pair)
            if pair not in known and pair not in new:
                place = f"{written.origin}, row {planned.line.row}"
                new[pair] = NewSource(*pair, place, first)
    for planned in plan.lines:
        for alternate in planned.line.alternates:
            if usable(alternate.part):
                pair = (_id(planned, parts), numbers[key_of(alternate.part)])
                if pair not in known and pair not in new:
                    place = f"{written.origin}, row {alternate.row}, {alternate.where_read}"
                    new[pair] = NewSource(*pair, place, incumbent=False)
    sources = list(new.values())
    _insert_incumbents([source for source in sources if source.incumbent], written)
    _insert_candidates([source for source in sources if not source.incumbent], written)


def _insert_incumbents(sources: list[NewSource], written: Written) -> None:
    """Sources and their legacy approvals, which name each other."""
    approvals = take_ids(Approval, len(sources))
    ids = written.add(
        Source,
        ("part_id", "manufacturer_part_id", "origin", "approval_id"),
        [
            (source.part_id, source.manufacturer_part_id, source.place[:200], approval)
            for source, approval in zip(sources, approvals, strict=True)
        ],
        **sourcing.AS_INCUMBENT,
    )
    pairs = list(zip(approvals, ids, strict=True))
    sourcing.approve_as_legacy(pairs, evidence_ref=written.origin, actor=written.actor)
    written.counts["incumbents"] = len(ids)


def _insert_candidates(sources: list[NewSource], written: Written) -> None:
    ids = written.add(
        Source,
        ("part_id", "manufacturer_part_id", "origin"),
        [(source.part_id, source.manufacturer_part_id, source.place[:200]) for source in sources],
        **sourcing.AS_CANDIDATE,
    )
    written.counts["candidates"] = len(ids)


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
