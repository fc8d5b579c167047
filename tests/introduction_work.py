"""Introductions and lots, made through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parts.models import BomRevision, Product
from qualification import services
from qualification.approval import products_of
from qualification.models import AsBuilt, Case, Introduction
from secondsource.core import audit, clock
from secondsource.core.actors import Actor

if TYPE_CHECKING:
    from tests.factories import Team


def introduce(team: Team, **values: Any) -> Introduction:
    """A whole introduction, by the present revision of each product."""
    given = {
        "change_notice": "ECN-7", "cut_in_on": clock.business_day(), "run_out_quantity": 0,
        **values,
    }  # fmt: skip
    current = {
        product: BomRevision.objects.get(product=product, current=True)
        for product in products_of(team.case)
    }
    return services.plan_introduction(
        case=team.case, values=given, revisions=current, actor=team.lead
    )


def finish_introduction(team: Team) -> None:
    """Plan the introduction."""
    introduce(team)


def built(team: Team, product: Product, lot: str = "B-1", **values: Any) -> AsBuilt:
    """A lot of the product with the alternate."""
    given = {"quantity": 10, "built_on": clock.business_day(), "source": team.source, **values}
    lots = [services.BuiltLot(product=product, lot=lot, **given)]
    return services.record_built(lots=lots, actor=team.lead)[0]


def introduction_rows(case: Case, product: Product, actor: Actor) -> dict[str, str]:
    """A lot and an introduction with a revision: name in an address → id."""
    row = audit.save_as(Introduction(case=case), actor)
    revision = BomRevision.objects.filter(product=product).latest("pk")
    row.revisions.create(product=product, revision=revision)
    lot = audit.save_as(
        AsBuilt(
            product=product, lot="B-1", part=case.part, source=case.source, quantity=1,
            built_on=clock.business_day(),
        ),
        actor,
    )  # fmt: skip
    return {"as-built": lot.key, "built": lot.key}
