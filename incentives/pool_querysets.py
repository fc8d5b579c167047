"""Querysets of pools: each person sees their own shares, finance and executives all."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

if TYPE_CHECKING:
    from secondsource.accounts.models import User

_AMOUNT: Any = DecimalField(max_digits=18, decimal_places=3)
_NOTHING = Value(Decimal(0), output_field=_AMOUNT)


def sees_all(user: User | None) -> bool:
    """Whether the person sees the amounts of everybody; nobody does without a person."""
    return user is None or bool(user.has_perm("incentives.view_all_pools"))


def _reach(user: User, case: str) -> Q:
    """Rows whose case is in the scope of the person; ``case`` is the path to it."""
    if not any(user.places):
        return Q()
    from qualification.models import Case  # the models import this module

    return Q(**{f"{case}__in": Case.objects.visible_to(user).values("pk")})


class PoolQuerySet(models.QuerySet[Any]):
    """Pools by reader and period, with their figures."""

    def visible_to(self, user: User | None) -> PoolQuerySet:
        """Pools in which the person has a share; all of their scope for finance and executives."""
        if user is None:
            return self
        from incentives.models import Allocation  # the models import this module

        mine = Exists(Allocation.objects.filter(pool=OuterRef("pk"), person=user))
        if sees_all(user):
            reach = _reach(user, "case")
            return self.filter(reach | mine) if reach else self
        return self.filter(mine & ~Q(state="draft"))

    def of_year(self, year: int, quarter: int | None = None) -> PoolQuerySet:
        """Pools that were proposed in a year, or in a quarter of it."""
        found = self.filter(proposed_on__year=year)
        return found if quarter is None else found.filter(proposed_on__quarter=quarter)

    def with_figures(self) -> PoolQuerySet:
        """Adds ``paid`` and ``clawed_back`` from the payouts, ``held`` and open questions."""
        from incentives.models import Allocation, Payout  # the models import this module

        of_pool = Payout.objects.filter(batch__pool=OuterRef("pk")).order_by()
        lines = of_pool.values("batch__pool")

        def summed(rows: Any) -> Any:
            total = Subquery(rows.annotate(total=Sum("amount")).values("total"))
            return Coalesce(total, _NOTHING, output_field=_AMOUNT)

        asked = Allocation.objects.filter(pool=OuterRef("pk"), state="questioned").order_by()
        counted = asked.values("pool").annotate(n=models.Count("pk")).values("n")
        disputed = Allocation.objects.filter(pool=OuterRef("pk"), state="disputed").order_by()
        argued = disputed.values("pool").annotate(n=models.Count("pk")).values("n")
        return self.annotate(
            paid=summed(lines),
            clawed_back=-summed(lines.filter(amount__lt=0)),
            questions=Coalesce(Subquery(counted), 0),
            disputes=Coalesce(Subquery(argued), 0),
        ).annotate(
            held=Case(
                When(state__in=["released", "held", "paid", "clawed_back"],
                     then=Greatest(F("amount") - F("paid"), _NOTHING)),
                default=_NOTHING, output_field=_AMOUNT,
            )
        )  # fmt: skip


class AllocationQuerySet(models.QuerySet[Any]):
    """Shares by reader."""

    def visible_to(self, user: User | None) -> AllocationQuerySet:
        """The person's own shares; all of their scope for finance and executives."""
        if user is None:
            return self
        if sees_all(user):
            reach = _reach(user, "pool__case")
            return self.filter(reach | Q(person=user)) if reach else self
        return self.filter(person=user).exclude(pool__state="draft")

    def with_paid(self) -> AllocationQuerySet:
        """Adds ``paid``: what was paid of the share, less what came back."""
        return self.annotate(paid=Coalesce(Sum("payouts__amount"), _NOTHING, output_field=_AMOUNT))


class PayoutQuerySet(models.QuerySet[Any]):
    """Payouts by reader."""

    def visible_to(self, user: User | None) -> PayoutQuerySet:
        """The person's own payouts; all of their scope for finance and executives."""
        if user is None:
            return self
        if sees_all(user):
            reach = _reach(user, "batch__pool__case")
            return self.filter(reach | Q(person=user)) if reach else self
        return self.filter(person=user)
