"""What is on record already of the manufacturers, numbers and parts that a file names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Q

from parts.models import BomLine, Part, Product
from secondsource.accounts.models import User
from secondsource.core.bulk import ids_in, words_in
from secondsource.exchange.bom import BomResult, PartRef
from suppliers.models import ManufacturerPart, Source, SupplierAlias
from suppliers.names import names_nobody, normal_mpn, normal_name
from suppliers.services import placeholder

#: (normal manufacturer name or "", normal number): how a file's part is told apart.
Key = tuple[str, str]


def key_of(ref: PartRef) -> Key:
    """The normal form of a file's manufacturer and number."""
    return _normal(ref.manufacturer or "", ref.mpn)


@lru_cache(maxsize=65_536)
def _normal(manufacturer: str, number: str) -> Key:
    return "" if names_nobody(manufacturer) else normal_name(manufacturer), normal_mpn(number)


@dataclass
class Records:
    """Look-ups by normal form, read in a fixed number of queries whatever the file's size.

    Parts that the importer does not see match nothing; ``outside`` are their numbers in the file.
    ``nameless`` stands for the manufacturer of numbers without one, once there are some.
    """

    suppliers: dict[str, int] = field(default_factory=dict)
    nameless: int | None = None
    manufacturer_parts: dict[tuple[int, str], int] = field(default_factory=dict)
    by_number: dict[str, set[int]] = field(default_factory=dict)
    part_of: dict[int, list[int]] = field(default_factory=dict)
    sources: dict[tuple[int, int], int] = field(default_factory=dict)
    approved: dict[int, set[int]] = field(default_factory=dict)
    with_incumbent: dict[int, int] = field(default_factory=dict)
    ipns: dict[str, int] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    by_designators: dict[tuple[str, ...], int] = field(default_factory=dict)
    by_value: dict[tuple[str, str], int | None] = field(default_factory=dict)
    value_of: dict[int, str] = field(default_factory=dict)
    before: set[int] = field(default_factory=set)

    def manufacturer_part(self, key: Key) -> int | None:
        """The id of the manufacturer part; an MPN alone matches when only one has it."""
        manufacturer, number = key
        if manufacturer:
            supplier = self.suppliers.get(manufacturer)
            return None if supplier is None else self.manufacturer_parts.get((supplier, number))
        found = self.by_number.get(number, set())
        return next(iter(found)) if len(found) == 1 else None


def read_records(result: BomResult, product: Product | None, user: User | None) -> Records:
    """Everything that the file could match, among what the importer sees."""
    refs = [ref for line in result.lines for ref in all_refs(line)]
    keys = {key_of(ref) for ref in refs}
    records = Records()
    _read_suppliers(records, {manufacturer for manufacturer, _ in keys if manufacturer})
    _read_manufacturer_parts(records, {number for _, number in keys})
    _read_sources(records, user)
    ipns = {line.ipn for line in result.lines if line.ipn}
    named = Part.objects.filter(ipn__in=words_in(ipns))
    records.ipns = dict(named.visible_to(user).values_list("ipn", "pk"))
    records.outside = set(named.values_list("ipn", flat=True)) - set(records.ipns)
    if product is not None:
        _read_previous_revision(records, product)
    return records


def all_refs(line: object) -> Iterable[PartRef]:
    """Primary and alternates of a line, in their order."""
    primary = getattr(line, "primary", None)
    if primary is not None:
        yield primary
    for alternate in getattr(line, "alternates", ()):
        yield alternate.part


def _read_suppliers(records: Records, names: set[str]) -> None:
    aliases = SupplierAlias.objects.filter(normal__in=words_in(names))
    records.suppliers = dict(aliases.values_list("normal", "supplier_id"))
    nobody = placeholder()
    records.nameless = nobody.pk if nobody else None


def _read_manufacturer_parts(records: Records, numbers: set[str]) -> None:
    rows = ManufacturerPart.objects.filter(mpn_normal__in=words_in(numbers))
    for pk, manufacturer, number in rows.values_list("pk", "manufacturer_id", "mpn_normal"):
        records.manufacturer_parts[manufacturer, number] = pk
        records.by_number.setdefault(number, set()).add(pk)


def _read_sources(records: Records, user: User | None) -> None:
    ids = list(records.manufacturer_parts.values())
    rows = Source.objects.visible_to(user).filter(manufacturer_part__in=ids_in(ids)).order_by("id")
    for pk, part, mp in rows.values_list("pk", "part_id", "manufacturer_part_id"):
        records.sources[part, mp] = pk
        records.part_of.setdefault(mp, []).append(part)


def read_incumbents(records: Records, part_ids: Iterable[int]) -> None:
    """Which of these parts have an incumbent, and which manufacturer part it is."""
    ids = set(part_ids)
    rows = Source.objects.filter(
        Q(role=Source.Role.INCUMBENT) | Q(status=Source.Status.APPROVED), part__in=ids_in(ids)
    ).order_by("-id")
    records.with_incumbent = dict(rows.values_list("part_id", "manufacturer_part_id"))
    approved = rows.filter(status=Source.Status.APPROVED)
    for part, number in approved.values_list("part_id", "manufacturer_part_id"):
        records.approved.setdefault(part, set()).add(number)
    both = Source.objects.filter(part__in=ids_in(ids))
    for pk, part, mp in both.values_list("pk", "part_id", "manufacturer_part_id"):
        records.sources[part, mp] = pk


def _read_previous_revision(records: Records, product: Product) -> None:
    lines = BomLine.objects.filter(revision__product=product, revision__current=True)
    for part, designators, value, footprint in lines.values_list(
        "part_id", "designators", "value", "footprint"
    ):
        records.before.add(part)
        records.value_of.setdefault(part, value)
        if designators:
            records.by_designators[tuple(sorted(designators))] = part
        look = (value, footprint)
        if all(look):
            # A look that two parts share tells neither of them.
            records.by_value[look] = part if records.by_value.get(look, part) == part else None
