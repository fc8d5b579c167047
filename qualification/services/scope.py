"""The scope of a case: the products, plants and manufacturer's sites for which it qualifies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from parts.models import Product
from qualification.guards import gate_of
from qualification.models import Case
from qualification.models.cases import State
from qualification.services.work import case_for_work, work_changed
from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, refuse_values
from suppliers.models import Site

SCOPE_FIELDS = ("products", "plants", "sites")


def products_of(case: Case) -> Any:
    """The products that use the part, as a query set by code."""
    return Product.objects.filter(usages__part=case.part_id).distinct().order_by("code")


def sites_of(case: Case) -> Any:
    """The sites of the manufacturer part on record, as a query set by name."""
    made = case.source.manufacturer_part_id
    return Site.objects.filter(made_parts__manufacturer_part=made).order_by("name", "activity")


@transaction.atomic
def change_scope(
    *, case: Case, values: Mapping[str, Iterable[Any]], actor: Actor, expected: int | None = None
) -> Case:
    """Set the given ones of ``SCOPE_FIELDS``; an empty one means all.

    Possible until the approval gate is passed. Voids the signatures of the present gate. Raises
    ``Stale``, and ``ValuesRefused`` for a product that does not use the part and a site at which
    the manufacturer part is not made.
    """
    case = case_for_work(case, State.APPROVAL, actor)
    audit.check_version(case, expected)
    wanted = {name: {row.pk: row for row in values[name]} for name in values}
    if "products" in wanted:  # products that the actor does not see stay in it
        seen = Product.objects.visible_to(actor.user).values("pk")
        wanted["products"] |= {row.pk: row for row in case.products.exclude(pk__in=seen)}
    refuse_values(scope_problems(case, wanted))
    if not write_scope(case, wanted, actor):
        return case
    audit.save_as(case, actor, "scope")
    work_changed(case, str(gate_of(case)), actor, "the scope was changed after signing")
    return case


def scope_problems(case: Case, wanted: Mapping[str, Mapping[int, Any]]) -> list[FieldProblem]:
    """Problems of a scope."""
    found = []
    used = set(products_of(case).values_list("pk", flat=True))
    strange = sorted(p.code for pk, p in wanted.get("products", {}).items() if pk not in used)
    if strange:
        detail = f"{case.part.ipn} is not used in {', '.join(strange)}."
        found.append(FieldProblem("/products", "not_used_in_product", detail))
    made_at = set(sites_of(case).values_list("pk", flat=True))
    elsewhere = sorted(s.name for pk, s in wanted.get("sites", {}).items() if pk not in made_at)
    if elsewhere:
        detail = f"{case.source.manufacturer_part} is not made at {', '.join(elsewhere)}."
        found.append(FieldProblem("/sites", "not_made_there", detail))
    return found


def write_scope(case: Case, wanted: Mapping[str, Mapping[int, Any]], actor: Actor) -> bool:
    """Write a checked scope in the caller's transaction. Returns whether it changed."""
    before = _in_words(case)
    for name, rows in wanted.items():
        related = getattr(case, name)
        if set(related.values_list("pk", flat=True)) != set(rows):
            traces.attribute(actor, "scope")
            related.set(rows.values())
    after = _in_words(case)
    if before == after:
        return False
    changes = [
        {"field": name, "from": before[name], "to": after[name]}
        for name in SCOPE_FIELDS
        if before[name] != after[name]
    ]
    audit.record("qualification.case.scoped", case, actor, data={"changes": changes})
    return True


def _in_words(case: Case) -> dict[str, str]:
    named = {"products": "code", "plants": "code", "sites": "name"}
    return {
        name: ", ".join(getattr(case, name).order_by(by).values_list(by, flat=True)) or "all"
        for name, by in named.items()
    }
