"""Rows of a take-over with names and codes, resolved by a few queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parts.models import Part, Product
from secondsource.accounts.models import User
from secondsource.core.errors import FieldProblem
from suppliers.models import ManufacturerPart, Supplier, SupplierAlias
from suppliers.names import names_nobody, normal_mpn, normal_name
from suppliers.services import Proposal


@dataclass(frozen=True)
class WrittenRow:
    """A line of a document; ``scope`` is a list of codes of products, empty means all."""

    part: str
    manufacturer: str
    mpn: str
    scope: Sequence[str] = ()
    valid_to: dt.date | None = None
    evidence: str = ""


def read_rows(
    rows: Sequence[WrittenRow], user: User | None
) -> tuple[list[Proposal], list[FieldProblem]]:
    """The rows as proposals, and problems of names that are not found in the user's scope.

    Rows with a problem are left out of the proposals.
    """
    parts = {p.ipn: p for p in Part.objects.visible_to(user).filter(ipn__in=[r.part for r in rows])}
    codes = {code for row in rows for code in row.scope}
    products = {p.code: p for p in Product.objects.visible_to(user).filter(code__in=codes)}
    manufacturers = _manufacturers(row.manufacturer for row in rows)
    numbers = _numbers(rows, manufacturers)
    proposals, problems = [], []
    for place, row in enumerate(rows):
        manufacturer = manufacturers.get(row.manufacturer)
        number = numbers.get((manufacturer.pk, normal_mpn(row.mpn))) if manufacturer else None
        found = _problems(f"/rows/{place}", row, parts, products, manufacturer, number)
        problems += found
        if not found and number is not None:
            scope = [products[code] for code in dict.fromkeys(row.scope)]
            proposals.append(
                Proposal(parts[row.part], number, scope, row.valid_to, row.evidence.strip())
            )
    return proposals, problems


def _manufacturers(names: Iterable[str]) -> dict[str, Supplier]:
    """Name or code as written → its manufacturer."""
    written = set(names)
    by_code = {one.code: one for one in Supplier.objects.filter(code__in=written)}
    aliases = SupplierAlias.objects.select_related("supplier")
    normal = {name: normal_name(name) for name in written}
    by_name = {a.normal: a.supplier for a in aliases.filter(normal__in=set(normal.values()))}
    found = {name: by_code.get(name) or by_name.get(normal[name]) for name in written}
    return {name: manufacturer for name, manufacturer in found.items() if manufacturer}


def _numbers(
    rows: Sequence[WrittenRow], manufacturers: dict[str, Supplier]
) -> dict[tuple[int, str], ManufacturerPart]:
    found = ManufacturerPart.objects.select_related("manufacturer").filter(
        manufacturer__in={manufacturer.pk for manufacturer in manufacturers.values()},
        mpn_normal__in={normal_mpn(row.mpn) for row in rows},
    )
    return {(part.manufacturer_id, part.mpn_normal): part for part in found}


def _problems(
    pointer: str,
    row: WrittenRow,
    parts: dict[str, Part],
    products: dict[str, Product],
    manufacturer: Supplier | None,
    number: ManufacturerPart | None,
) -> list[FieldProblem]:
    problems = []
    if row.part not in parts:
        detail = f"There is no part {row.part}."
        problems.append(FieldProblem(f"{pointer}/part", "does_not_exist", detail))
    if manufacturer is None and names_nobody(row.manufacturer):
        detail = f"“{row.manufacturer}” names no manufacturer: name it."
        place = f"{pointer}/manufacturer_part/manufacturer"
        problems.append(FieldProblem(place, "manufacturer_not_named", detail))
    elif manufacturer is None:
        detail = f"No manufacturer has the name {row.manufacturer}."
        place = f"{pointer}/manufacturer_part/manufacturer"
        problems.append(FieldProblem(place, "does_not_exist", detail))
    elif number is None:
        detail = f"{manufacturer.name} has no part {row.mpn} here."
        place = f"{pointer}/manufacturer_part/mpn"
        problems.append(FieldProblem(place, "does_not_exist", detail))
    problems += [
        FieldProblem(f"{pointer}/scope", "does_not_exist", f"There is no product {code}.")
        for code in dict.fromkeys(row.scope)
        if code not in products
    ]
    return problems
