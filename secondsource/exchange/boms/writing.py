"""Writing a planned import, in the caller's transaction, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from parts import services as catalogue
from parts.models import BomRevision, Part, Product
from parts.signals import parts_changed
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.models import Record
from secondsource.exchange.bom import BomLine
from secondsource.exchange.boms.lookup import NO_MAKER_CODE, NO_MAKER_NAME, Key, key_of
from secondsource.exchange.boms.plan import Plan, PlannedLine, usable
from suppliers.models import Approval, ManufacturerPart, Source, Supplier, SupplierAlias
from suppliers.naming import clean, code_from, normal_name

Report = Callable[[int, int], None]
STEPS = 6


@dataclass
class Written:
    """What came into being, for the result and for undo."""

    revision: BomRevision | None = None
    created: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def note(self, model: type[Record], rows: list[Record]) -> None:
        """Remember the ids of new rows."""
        self.created.setdefault(audit.label(model), []).extend(row.pk for row in rows)


def write(plan: Plan, *, product: Product, origin: str, actor: Actor, report: Report) -> Written:
    """Write makers, their parts, our parts, sources, legacy approvals and the revision."""
    written = Written()
    _write_makers(plan, written, actor, origin)
    report(1, STEPS)
    numbers = _write_numbers(plan, written, actor, origin)
    report(2, STEPS)
    parts = _write_parts(plan, written, actor, origin)
    report(3, STEPS)
    _write_sources(plan, parts, numbers, written, actor, origin)
    report(4, STEPS)
    lines = [_new_line(planned, _id(planned, parts)) for planned in plan.lines]
    written.revision = catalogue.add_revision(
        product=product, lines=lines, actor=actor, origin=origin
    )
    report(5, STEPS)
    parts_changed.send(sender=Part, part_ids={line.part_id for line in lines})
    report(6, STEPS)
    return written


def _write_makers(plan: Plan, written: Written, actor: Actor, origin: str) -> None:
    names = dict(plan.makers)
    nameless = normal_name(NO_MAKER_NAME)
    needs_nameless = any(
        not key[0] and plan.records.manufacturer_part(key) is None for key in plan.numbers
    )
    if needs_nameless and nameless not in plan.records.suppliers:
        names[nameless] = NO_MAKER_NAME
    if not names:
        return
    codes = _free_codes(names)
    rows = audit.bulk_create_as(
        Supplier,
        [
            Supplier(code=codes[n], name=clean(t), kinds=[Supplier.Kind.MANUFACTURER])
            for n, t in names.items()
        ],
        actor,
        origin,
    )
    SupplierAlias.objects.bulk_create(
        [
            SupplierAlias(supplier=row, text=clean(text), normal=normal)
            for row, (normal, text) in zip(rows, names.items(), strict=True)
        ]
    )
    plan.records.suppliers.update({n: r.pk for n, r in zip(names, rows, strict=True)})
    written.note(Supplier, list(rows))


def _free_codes(names: dict[str, str]) -> dict[str, str]:
    wanted = {
        normal: NO_MAKER_CODE if text == NO_MAKER_NAME else code_from(text)
        for normal, text in names.items()
    }
    taken = set(Supplier.objects.values_list("code", flat=True))
    for normal, base in wanted.items():
        code, number = base, 2
        while code in taken:
            code, number = f"{base}-{number}", number + 1
        taken.add(code)
        wanted[normal] = code
    return wanted


def _write_numbers(plan: Plan, written: Written, actor: Actor, origin: str) -> dict[Key, int]:
    """The maker's part of every number of the file; missing ones are made."""
    records = plan.records
    found = {key: records.manufacturer_part(key) for key in plan.numbers}
    nameless = records.suppliers.get(normal_name(NO_MAKER_NAME), 0)
    missing: dict[tuple[int, str], Key] = {}
    for key, pk in found.items():
        if pk is None:
            missing.setdefault((records.suppliers.get(key[0], nameless), key[1]), key)
    rows = audit.bulk_create_as(
        ManufacturerPart,
        [
            ManufacturerPart(
                manufacturer_id=maker, mpn=clean(plan.numbers[key].mpn_original) or key[1],
                mpn_normal=number,
            )
            for (maker, number), key in missing.items()
        ],
        actor,
        origin,
    )  # fmt: skip
    made = {pair: row.pk for pair, row in zip(missing, rows, strict=True)}
    written.note(ManufacturerPart, list(rows))
    return {
        key: pk or made[records.suppliers.get(key[0], nameless), key[1]]
        for key, pk in found.items()
    }


def _write_parts(
    plan: Plan, written: Written, actor: Actor, origin: str
) -> dict[tuple[str, ...], int]:
    new: dict[tuple[str, ...], PlannedLine] = {}
    for planned in plan.lines:
        if isinstance(planned.part, tuple):
            new.setdefault(planned.part, planned)
    if not new:
        return {}
    category = catalogue.unsorted_category(actor)
    without = [key for key in new if key[0] != "ipn"]
    numbers = dict(zip(without, catalogue.next_ipns(category, len(without)), strict=True))
    rows = audit.bulk_create_as(
        Part,
        [
            _new_part(planned.line, key[1] if key[0] == "ipn" else numbers[key], category.pk)
            for key, planned in new.items()
        ],
        actor,
        origin,
    )
    written.note(Part, list(rows))
    return {key: row.pk for key, row in zip(new, rows, strict=True)}


def _new_part(line: BomLine, ipn: str, category_id: int) -> Part:
    description = line.description or " ".join(filter(None, (line.value, line.footprint)))
    return Part(
        ipn=ipn,
        category_id=category_id,
        description=clean(description)[:300],
        value=line.value[:120],
        footprint=line.footprint[:120],
    )


def _id(planned: PlannedLine, parts: dict[tuple[str, ...], int]) -> int:
    return planned.part if isinstance(planned.part, int) else parts[planned.part]


def _write_sources(
    plan: Plan,
    parts: dict[tuple[str, ...], int],
    numbers: dict[Key, int],
    written: Written,
    actor: Actor,
    origin: str,
) -> None:
    """Primaries first: a part's first one is its incumbent; alternates are candidates."""
    known, incumbents = plan.records.sources, dict(plan.records.with_incumbent)
    new: dict[tuple[int, int], Source] = {}
    for planned in plan.lines:
        if usable(planned.line.primary):
            pair = (_id(planned, parts), numbers[key_of(planned.line.primary)])  # type: ignore[arg-type]
            first = pair[0] not in incumbents
            incumbents.setdefault(*pair)
            if pair not in known and pair not in new:
                place = f"{origin}, row {planned.line.row}"
                new[pair] = _new_source(pair, place, incumbent=first)
    for planned in plan.lines:
        for alternate in planned.line.alternates:
            if usable(alternate.part):
                pair = (_id(planned, parts), numbers[key_of(alternate.part)])
                if pair not in known and pair not in new:
                    place = f"{origin}, row {alternate.row}, {alternate.where_read}"
                    new[pair] = _new_source(pair, place, incumbent=False)
    _insert_sources(list(new.values()), written, actor, origin)


def _new_source(pair: tuple[int, int], place: str, *, incumbent: bool) -> Source:
    return Source(
        part_id=pair[0],
        manufacturer_part_id=pair[1],
        role=Source.Role.INCUMBENT if incumbent else Source.Role.ALTERNATE,
        origin=place[:200],
    )


def _insert_sources(sources: list[Source], written: Written, actor: Actor, origin: str) -> None:
    rows = Source.objects.bulk_create(sources, batch_size=2000)
    incumbents = [row for row in rows if row.role == Source.Role.INCUMBENT]
    approvals = Approval.objects.bulk_create(
        [
            Approval(
                source=row, kind=Approval.Kind.LEGACY, evidence_ref=origin[:200],
                valid_from=clock.now().date(), actor_id=actor.user_id, job=actor.job,
            )
            for row in incumbents
        ],
        batch_size=2000,
    )  # fmt: skip
    for row, approval in zip(incumbents, approvals, strict=True):
        row.status, row.approval = Source.Status.APPROVED, approval
    Source.objects.bulk_update(incumbents, ["status", "approval"], batch_size=2000)
    audit.note_history(Source, [row.pk for row in rows], "+", actor, origin)
    written.note(Source, list(rows))
    written.counts["incumbents"] = len(incumbents)
    written.counts["candidates"] = len(rows) - len(incumbents)


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
