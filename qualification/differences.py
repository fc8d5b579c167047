"""What is new about a candidate, by the dies and sites on record."""

from __future__ import annotations

from collections.abc import Callable

from qualification.models import Case
from suppliers.models import ManufacturerPart, Source


def what_is_new(case: Case) -> list[str]:
    """Words of ``component_tests.CHANGES`` that are not known to be as with the incumbent."""
    candidate = case.source.manufacturer_part
    incumbent = (
        Source.objects.filter(part=case.part_id, role=Source.Role.INCUMBENT)
        .exclude(pk=case.source_id)
        .select_related("manufacturer_part")
        .first()
    )
    used = incumbent.manufacturer_part if incumbent else None
    new = []
    if not _same(used, candidate, lambda one: one.die):
        new.append("die")
    if not _same(used, candidate, lambda one: _sites(one, "fab")):
        new.append("fab")
    if not _same(used, candidate, lambda one: _sites(one, "assembly")):
        new += ["package", "assembly"]
    return new


def _same(
    used: ManufacturerPart | None,
    candidate: ManufacturerPart,
    fact: Callable[[ManufacturerPart], object],
) -> bool:
    """Whether a fact of both is on record and equal."""
    return used is not None and bool(fact(candidate)) and fact(used) == fact(candidate)


def _sites(one: ManufacturerPart, activity: str) -> frozenset[int]:
    found = one.part_sites.filter(site__activity=activity)
    return frozenset(found.values_list("site_id", flat=True))
