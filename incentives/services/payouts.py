"""Services for payouts: lines are added in batches that sum; what comes back is netted later."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from incentives import pool_figures
from incentives.models import Allocation, BonusPool, Payout, PayoutBatch
from secondsource.accounts.models import User
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.money import posted


def pay(pool: BonusPool, due: Mapping[int, Decimal], actor: Actor, note: str) -> PayoutBatch:
    """Pay these shares of a locked pool; open clawbacks of a person are settled from them first.

    The people are locked in the order of their keys, because two pools may pay one person at once.
    """
    found = list(pool.allocations.filter(pk__in=due))
    people = [one.person_id for one in found]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    owed = pool_figures.debts(people, pool.currency)
    batch = _batch(pool, PayoutBatch.Kind.PAYMENT, sum(due.values(), Decimal(0)), actor, note)
    lines = []
    for one in found:
        netted = min(due[one.pk], owed.get(one.person_id, Decimal(0)))
        lines.append(_line(batch, one, due[one.pk], netted))
    audit.bulk_create_as(Payout, lines, actor, note)
    return batch


def claw_back(
    pool: BonusPool, taken: Mapping[int, Decimal], actor: Actor, note: str
) -> PayoutBatch | None:
    """Write what comes back of paid shares of a locked pool (positive amounts)."""
    lines_of = {pk: amount for pk, amount in taken.items() if amount > 0}
    if not lines_of:
        return None
    total = sum(lines_of.values(), Decimal(0))
    batch = _batch(pool, PayoutBatch.Kind.CLAWBACK, -total, actor, note)
    rows = pool.allocations.filter(pk__in=lines_of)
    lines = [_line(batch, one, -lines_of[one.pk], Decimal(0)) for one in rows]
    audit.bulk_create_as(Payout, lines, actor, note)
    return batch


def _batch(pool: BonusPool, kind: str, total: Decimal, actor: Actor, note: str) -> PayoutBatch:
    made = PayoutBatch(
        pool=pool, kind=kind, total=total, currency=pool.currency, base=pool.base, rate=pool.rate,
        day=clock.business_day(), note=note[:300], made_by=actor.user,
    )  # fmt: skip
    return audit.save_as(made, actor, note)


def _line(batch: PayoutBatch, one: Allocation, amount: Decimal, netted: Decimal) -> Payout:
    payroll = posted(amount - netted if amount > 0 else Decimal(0), batch.currency)
    return Payout(
        batch=batch, allocation=one, person_id=one.person_id, share=one.share, amount=amount,
        netted=posted(netted, batch.currency), payroll=payroll,
    )  # fmt: skip
