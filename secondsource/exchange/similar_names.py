"""Companies on record that another name may mean: branches, short names and slips."""

from __future__ import annotations

from collections.abc import Iterable

from secondsource.exchange.bom.manufacturers import canonical, misspelled
from suppliers.models import Supplier, SupplierAlias
from suppliers.names import normal_name


def identity(name: str) -> str:
    """The same for names that are probably those of one company."""
    return canonical(misspelled(name) or name)


def looks_like(names: Iterable[str]) -> dict[str, Supplier]:
    """Name → the company on record that it may mean; names that are on record are left out."""
    wanted = {name: identity(name) for name in names}
    if not wanted:
        return {}
    known = _known()
    on_record = {normal_name(text) for texts in known.values() for text in texts}
    found = _companies({key: pk for pk, texts in known.items() for key in map(identity, texts)})
    return {
        name: found[key]
        for name, key in wanted.items()
        if key in found and normal_name(name) not in on_record
    }


def similar_companies(company: Supplier) -> list[Supplier]:
    """Other companies on record whose names may mean this one."""
    known = _known()
    mine = {identity(text) for text in known.pop(company.pk, [company.name])}
    ids = [pk for pk, texts in known.items() if mine & set(map(identity, texts))]
    return list(Supplier.objects.filter(pk__in=ids).order_by("name"))


def _known() -> dict[int, list[str]]:
    """The id of each company → the names that it goes by; the oldest company last."""
    rows = SupplierAlias.objects.filter(
        supplier__placeholder=False, supplier__merged_into=None
    ).order_by("-supplier_id")
    found: dict[int, list[str]] = {}
    for pk, text in rows.values_list("supplier_id", "text"):
        found.setdefault(pk, []).append(text)
    return found


def _companies(keys: dict[str, int]) -> dict[str, Supplier]:
    rows = Supplier.objects.in_bulk(set(keys.values()))
    return {key: rows[pk] for key, pk in keys.items()}
