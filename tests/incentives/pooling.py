"""A case with validated savings, and the pool of its team."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from incentives import services as ledger
from incentives.models import Allocation, Baseline, BonusPool, Payout, SavingLine
from incentives.pool_workflow import ALLOCATION_FLOW, POOL_FLOW
from incentives.services import pools
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from tests import factories
from tests.factories import Team

FULL = "123456.78"
#: Function → share of the vector.
SPLIT = {"engineering": "0.5", "procurement": "0.3", "quality": "0.2"}


def month(ago: int) -> dt.date:
    """The first day of a month in the past."""
    return add_months(clock.business_day().replace(day=1), -ago)


class Pooled:
    """A closed case, or one in transition, with finance and an executive outside its team."""

    def __init__(self, *, closed: bool = True) -> None:
        with clock.at(factories.days_ago(150)):
            self.team = Team()
            self.team.jump_to(State.TRANSITION)
            incumbent = self.team.case.part.sources.exclude(pk=self.team.source.pk).get()
            Baseline.objects.create(
                case=self.team.case, source=incumbent, basis="entered", price=100,
                currency="USD", price_on=clock.business_day(), evidence="PO 1",
                frozen_at=clock.now(),
            )  # fmt: skip
        if closed:
            self.team.finish_transition()
        self.finance = factories.actor("finance")
        self.executive = factories.actor("executive")

    def save(self, amount: str = FULL, *, ago: int = 2, **fields: Any) -> SavingLine:
        """A realised line of a month, closed and validated by finance."""
        day = month(ago)
        values = {
            "kind": "volume_shift", "stage": "realised", "origin": "entered", "currency": "USD",
        } | fields  # fmt: skip
        line = SavingLine.objects.create(
            case=self.team.case, source=self.team.source, month=day, earned_in=day,
            amount=Decimal(amount), reason="Shifted", **values,
        )  # fmt: skip
        ledger.close_month(month=day, actor=self.finance)
        ledger.validate_lines(lines=[line], actor=self.finance)
        return line

    def propose(self, **fields: Any) -> BonusPool:
        """The pool by evidence."""
        return pools.propose_pool(case=self.team.case, actor=self.finance, **fields)

    def split(self, pool: BonusPool, shares: dict[str, str] = SPLIT, **fields: Any) -> BonusPool:
        """Shares by function."""
        people = {self.team.people[name].pk: Decimal(share) for name, share in shares.items()}
        given = {"reason": "talked it over", "actor": self.finance} | fields
        return pools.set_shares(pool=pool, values=people, **given)

    def fire(self, pool: BonusPool, move: str, by: Actor | None = None, **fields: Any) -> BonusPool:
        """A move of the pool, by finance unless somebody is named."""
        return POOL_FLOW.fire(pool.pk, move, actor=by or self.finance, **fields)

    def answer(self, pool: BonusPool, function: str, move: str = "agree", **fields: Any) -> Any:
        """A person's move on their own share."""
        share = self.share(pool, function)
        return ALLOCATION_FLOW.fire(share.pk, move, actor=self.team[function], **fields)

    def share(self, pool: BonusPool, function: str) -> Allocation:
        """The share of a function's person."""
        return Allocation.objects.get(pool=pool, person=self.team.people[function])

    def agreed(self, **fields: Any) -> BonusPool:
        """A pool with the shares of the vector, to which everybody agreed."""
        pool = self.split(self.propose(rate=Decimal("0.07"), **fields))
        self.fire(pool, "open")
        for function in SPLIT:
            self.answer(pool, function)
        return pool

    def released(self) -> BonusPool:
        """A pool that two persons released."""
        pool = self.agreed()
        self.fire(pool, "release_finance")
        return self.fire(pool, "release", self.executive)

    def paid(self) -> BonusPool:
        """A pool that is paid."""
        return self.fire(self.released(), "pay")

    def amounts(self, pool: BonusPool) -> dict[str, str]:
        """Function → amount of its share."""
        rows = Allocation.objects.filter(pool=pool)
        return {row.function: str(row.amount) for row in rows}

    def payouts(self, pool: BonusPool, kind: str = "payment") -> dict[str, tuple[str, str]]:
        """Function → amount and what the payroll pays."""
        rows = Payout.objects.filter(batch__pool=pool, batch__kind=kind)
        return {
            row.allocation.function: (str(row.amount), str(row.payroll))
            for row in rows.select_related("allocation")
        }
