"""What a new revision would change for the product's parts, their sources and open cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from parts.models import BomLine, BomRevision, Part, PartUsage
from qualification.models import Case
from secondsource.accounts.models import User
from secondsource.core.bulk import ids_in
from secondsource.exchange.bom import BomLine as ReadLine
from secondsource.exchange.boms.compare import Comparison, Item, compare
from secondsource.exchange.boms.plan import Plan
from suppliers.models import Source
from suppliers.names import normal_mpn


@dataclass(frozen=True)
class Effect:
    """A part that leaves the product or is used otherwise, and what hangs on it."""

    part: Part
    leaves: bool
    change: str
    approved: int
    sources: int
    elsewhere: int
    cases: tuple[Case, ...]


def of_revision(revision: BomRevision) -> list[Item]:
    """The lines of a stored revision."""
    return [_stored(line) for line in revision.lines.select_related("part").order_by("position")]


def _stored(line: BomLine) -> Item:
    return Item(
        designators=tuple(line.designators),
        quantity=line.quantity,
        not_fitted=line.quantity_not_fitted,
        mpn=normal_mpn(line.mpn),
        manufacturer=line.manufacturer,
        alternates=tuple(dict.fromkeys(normal_mpn(one["mpn"]) for one in line.alternates)),
        value=line.value,
        footprint=line.footprint,
        description=line.part.description,
        row=line.source_row or line.position,
        part=line.part_id,
    )


def of_plan(plan: Plan) -> list[Item]:
    """The lines that an import would write."""
    return [_planned(planned.line, planned.part) for planned in plan.lines]


def _planned(line: ReadLine, part: object) -> Item:
    numbers = (normal_mpn(alternate.part.mpn) for alternate in line.alternates)
    quantity = line.quantity if line.quantity is not None else Decimal(len(line.designators))
    return Item(
        designators=line.designators,
        quantity=quantity,
        not_fitted=line.quantity_not_fitted,
        mpn=normal_mpn(line.primary.mpn) if line.primary else "",
        manufacturer=(line.primary.manufacturer or "") if line.primary else "",
        alternates=tuple(dict.fromkeys(numbers)),
        value=line.value[:200],
        footprint=line.footprint[:200],
        description=line.description,
        row=line.row,
        part=part if isinstance(part, (int, tuple)) else None,
    )


def between(before: Sequence[Item], after: Sequence[Item], user: User | None) -> list[Effect]:
    """Parts that leave or are used otherwise, those with open cases first."""
    old, new = _use(before), _use(after)
    moved = {part for part in old if old[part] != new.get(part, (Decimal(0), frozenset()))}
    seen = Part.objects.visible_to(user).filter(pk__in=ids_in(moved))
    parts = list(seen.annotate(all_sources=Count("sources")).order_by("ipn"))
    facts = _facts([part.pk for part in parts], user)
    effects = [_effect(part, old, new, facts) for part in parts]
    return sorted(effects, key=lambda effect: (not effect.cases, not effect.leaves))


Use = dict[int, tuple[Decimal, frozenset[str]]]


def _use(items: Iterable[Item]) -> Use:
    pieces: Counter[int] = Counter()
    numbers: dict[int, set[str]] = {}
    for item in items:
        if isinstance(item.part, int):
            pieces[item.part] += item.quantity - item.not_fitted  # type: ignore[assignment]
            numbers.setdefault(item.part, set()).update({item.mpn, *item.alternates} - {""})
    return {part: (Decimal(count), frozenset(numbers[part])) for part, count in pieces.items()}


@dataclass
class _Facts:
    approved: dict[int, int]
    products: dict[int, int]
    cases: dict[int, list[Case]]


def _facts(ids: list[int], user: User | None) -> _Facts:
    approved = Source.objects.filter(part__in=ids_in(ids), status=Source.Status.APPROVED)
    usage = PartUsage.objects.filter(part__in=ids_in(ids))
    cases: dict[int, list[Case]] = {}
    for case in Case.objects.visible_to(user).open().filter(part__in=ids_in(ids)).order_by("pk"):
        cases.setdefault(case.part_id, []).append(case)
    return _Facts(
        dict(approved.values_list("part").annotate(n=Count("pk")).values_list("part", "n")),
        dict(usage.values_list("part").annotate(n=Count("pk")).values_list("part", "n")),
        cases,
    )


def _effect(part: Part, old: Use, new: Use, facts: _Facts) -> Effect:
    leaves = part.pk not in new
    return Effect(
        part=part,
        leaves=leaves,
        change=_in_words(old[part.pk], new.get(part.pk)),
        approved=facts.approved.get(part.pk, 0),
        sources=part.all_sources,  # type: ignore[attr-defined]
        elsewhere=max(0, facts.products.get(part.pk, 1) - 1),
        cases=tuple(facts.cases.get(part.pk, ())),
    )


def _in_words(
    old: tuple[Decimal, frozenset[str]], new: tuple[Decimal, frozenset[str]] | None
) -> str:
    if new is None:
        return f"{old[0].normalize():f} → not used"
    said = [f"{old[0].normalize():f} → {new[0].normalize():f} pieces"] if old[0] != new[0] else []
    if gone := sorted(old[1] - new[1]):
        said.append(f"no longer names {', '.join(gone[:3])}")
    if more := sorted(new[1] - old[1]):
        said.append(f"now names {', '.join(more[:3])}")
    return "; ".join(said)


def revisions(before: BomRevision, after: BomRevision) -> Comparison:
    """Two stored revisions."""
    return compare(of_revision(before), of_revision(after))
