"""The SOP of a case: by category, family or for all parts, at its risk class or above."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from parts.models import Category
from parts.models.catalogue import RiskClass
from qualification.families import Family, family_of, places_of
from qualification.gate_requirements import RequiredItem, rank
from qualification.models import Sop, SopItem
from qualification.models.cases import State
from qualification.starter_sops import starter_items
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import RuleRefused

#: The scopes of the starter SOPs; '' is for all parts.
STARTER_SCOPES = ("", *Family.values)


def sop_for(category: Category, risk_class: str) -> Sop:
    """The SOP in force for a case on a part of this category.

    The category's own, else that of the nearest category above, of its family, of all parts; there
    the one of its risk class, else of the next one above. Raises ``RuleRefused`` for none.
    """
    places, family = places_of(category), family_of(category.path, category.name)
    scopes = Q(category__path__in=places) | Q(category=None, family__in={"", family})
    found = nearest(in_force().filter(scopes), category, risk_class)
    if found is None:
        raise RuleRefused.one(
            "no_sop", f"There is no SOP for {category.name}, {risk_class} risk.", "Activate one."
        )
    return found


def in_force() -> QuerySet[Sop]:
    """All SOPs in force, with their categories."""
    return Sop.objects.filter(state=Sop.State.ACTIVE).select_related("category")


def nearest(sops: Iterable[Sop], category: Category, risk_class: str) -> Sop | None:
    """The one of these SOPs in force that a case on a part of this category takes over."""
    places, family = places_of(category), family_of(category.path, category.name)

    def place(sop: Sop) -> int | None:
        """How near it is: the category's own, one above, its family, all parts; None for none."""
        if sop.category is not None:
            path = sop.category.path
            return places.index(path) if path in places else None
        return len(places) + (not sop.family) if sop.family in ("", family) else None

    fitting = [
        (where, rank(sop.risk_class), sop.pk, sop)
        for sop in sops
        if (where := place(sop)) is not None and rank(sop.risk_class) >= rank(risk_class)
    ]
    return min(fitting)[-1] if fitting else None


def ship_starters(**_: Any) -> None:
    """Write the starter SOPs after a migration, and a next version of those that changed.

    It comes into force where the company has activated no version of its own, else it is a draft to
    compare. An own draft is left alone.
    """
    tables = set(connection.introspection.table_names())
    if not {Sop._meta.db_table, SopItem._meta.db_table} <= tables:
        return
    actor = Actor.named_job("starter SOPs")
    with transaction.atomic():
        shipped = _newest_shipped()
        for family in STARTER_SCOPES:
            for risk_class in RiskClass.values:
                items = starter_rows(family, risk_class)
                before = shipped.get((family, risk_class))
                if before is None or _contents(before.items.all()) != _contents(items):
                    _ship(family, risk_class, items, actor)


def _newest_shipped() -> dict[tuple[str, str], Sop]:
    rows = Sop.objects.filter(shipped=True).prefetch_related("items").order_by("number")
    return {(sop.family, sop.risk_class): sop for sop in rows}


def starter_rows(family: str, risk_class: str) -> list[SopItem]:
    """The steps of a starter SOP as unsaved rows."""
    rows: list[SopItem] = []
    for gate, step in starter_items(family, risk_class):
        position = 1 + sum(row.gate == gate for row in rows)
        rows.append(_row(gate, position, step))
    return rows


def _row(gate: State, position: int, step: RequiredItem) -> SopItem:
    return SopItem(
        gate=str(gate), position=position, code=step.code, text=step.text,
        guidance=step.guidance, evidence_required=step.evidence, kind=str(step.kind),
        unit=step.unit, lower=step.lower, upper=step.upper,
        functions=[str(function) for function in step.functions], link=step.link,
    )  # fmt: skip


def _contents(items: Iterable[SopItem]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            item.gate,
            item.position,
            *(getattr(item, name) for name in SopItem.FROZEN if name != "functions"),
            tuple(item.functions),
        )
        for item in items
    )


def _ship(family: str, risk_class: str, items: list[SopItem], actor: Actor) -> None:
    sop = Sop(family=family, risk_class=risk_class, number=1, shipped=True)
    siblings = list(sop.siblings().select_for_update(of=("self",)))
    in_force = next((row for row in siblings if row.state == Sop.State.ACTIVE), None)
    is_own = in_force is not None and not in_force.shipped
    if is_own and any(row.state in (Sop.State.DRAFT, Sop.State.PROPOSED) for row in siblings):
        return
    sop.number = 1 + max((row.number for row in siblings), default=0)
    sop.derived_from = in_force
    sop.reason = "Starter SOP" if not siblings else "The starter SOP of a new release"
    if not is_own:
        sop.state, sop.activated_at = Sop.State.ACTIVE, clock.now()
        if in_force is not None:
            in_force.state = Sop.State.SUPERSEDED
            audit.save_as(in_force, actor, "a new release")
    audit.save_as(sop, actor, sop.reason)
    for item in items:
        item.sop = sop
    audit.bulk_create_as(SopItem, items, actor, sop.reason)
