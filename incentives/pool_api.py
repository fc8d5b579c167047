"""``/bonus-pools/``, ``/contributions/`` and ``/payouts/``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from incentives import pool_filters as filters
from incentives.models import Allocation, BonusPool, Payout
from incentives.pool_workflow import ALLOCATION_FLOW, POOL_FLOW
from incentives.serializers import pools as shapes
from incentives.services import pools as services
from secondsource.core.api.etag import check_if_match
from secondsource.core.api.history import History
from secondsource.core.api.moves import Moves
from secondsource.core.api.views import Addable, ById, Changeable, Readable
from secondsource.core.errors import FieldProblem, refuse_values

READ = "incentives.view_pool"


def _by_person(rows: list[dict[str, Any]]) -> dict[int, Decimal]:
    """Person → share. Raises ``ValuesRefused`` for somebody who is named twice."""
    named = [row["person"].pk for row in rows]
    refuse_values(
        FieldProblem(f"/shares/{place}/person", "twice", "This person is named twice.")
        for place, person in enumerate(named)
        if person in named[:place]
    )
    return {row["person"].pk: row["share"] for row in rows}


class PoolResource(ById, Readable, Addable, Changeable, Moves, History):
    """Pools in which the caller has a share; all for finance and executives."""

    permission = {"read": READ, "write": "incentives.write_pool"}
    shape = shapes.PoolShape
    input_class = shapes.PoolInput
    changes_class = shapes.PoolChanges
    filterset_class = filters.PoolFilter
    workflow = POOL_FLOW
    orderings = {"created_at": "id", "period": "proposed_on"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[BonusPool]:
        """Pools with their figures and the shares that the caller sees."""
        user = self.actor.user
        seen = Allocation.objects.visible_to(user).select_related("person", "pool")
        found: QuerySet[BonusPool] = BonusPool.objects.visible_to(user).with_figures()
        return found.select_related("case", "finance_by", "executive_by").prefetch_related(
            Prefetch("allocations", seen, to_attr="seen")
        )

    def add(self, values: dict[str, Any]) -> BonusPool:
        """Propose a pool with shares from the evidence."""
        return services.propose_pool(**values, actor=self.actor)

    def change(self, obj: BonusPool, values: dict[str, Any], expected: int | None) -> BonusPool:
        """Set the rate."""
        if not values:
            return obj
        return services.set_rate(pool=obj, actor=self.actor, expected=expected, **values)

    @extend_schema(request=None, responses=shapes.PoolShape)
    @action(detail=True, methods=["post"], sparse=False)
    def split(self, request: Request, **kwargs: Any) -> Response:
        """Propose the shares of a draft again from the evidence as it is now."""
        pool = self.get_object()
        seen = check_if_match(request, pool)
        done = services.propose_split(pool=pool, actor=self.actor, expected=seen)
        return self.show(self.fresh(done))

    @extend_schema(request=shapes.SharesInput, responses=shapes.PoolShape)
    @action(detail=True, methods=["post"], sparse=False)
    def shares(self, request: Request, **kwargs: Any) -> Response:
        """Set the shares of everybody; whoever's share changes is asked again."""
        pool = self.get_object()
        values = self.take_expected(shapes.SharesInput, pool)
        done = services.set_shares(
            pool=pool, actor=self.actor, expected=values["expected"], reason=values["reason"],
            values=_by_person(values["shares"]),
        )  # fmt: skip
        return self.show(self.fresh(done))


class ContributionResource(ById, Readable, Moves, History):
    """Shares of people with the acts behind them: the caller's own; all for finance and executives.

    The person agrees, asks or disputes by moves.
    """

    permission = {"read": READ, "write": READ}
    shape = shapes.ContributionShape
    filterset_class = filters.AllocationFilter
    workflow = ALLOCATION_FLOW
    orderings = {"created_at": "id"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Allocation]:
        """Shares with their acts."""
        found: QuerySet[Allocation] = Allocation.objects.visible_to(self.actor.user).with_paid()
        return found.select_related("person", "decided_by", "pool__case").prefetch_related(
            "contributions__allocation__pool__case"
        )


class PayoutResource(ById, Readable):
    """What was paid and what came back: the caller's own; all for finance and executives."""

    permission = READ
    shape = shapes.PayoutShape
    filterset_class = filters.PayoutFilter
    orderings = {"created_at": "id"}
    ordering = ("-created_at",)

    def rows(self) -> QuerySet[Payout]:
        """Lines with their batch."""
        found: QuerySet[Payout] = Payout.objects.visible_to(self.actor.user)
        return found.select_related("person", "batch__pool__case")
