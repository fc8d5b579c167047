"""What a pool amounts to: the base of the ledger, the rate, and the shares to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from incentives import shares
from incentives.house_rules import PoolPolicy
from incentives.ledger import PoolBase, pool_base
from incentives.models import Allocation, BonusPool, Payout
from qualification.fmea_sheet import counts
from qualification.models import Case
from secondsource.core import policies
from secondsource.core.errors import Reason
from secondsource.core.money import allocate, minor_units

#: States in which the pool follows the ledger up and down.
OPEN = (BonusPool.State.DRAFT, BonusPool.State.IN_AGREEMENT)
#: States in which two persons released it: it follows the ledger only down.
RELEASED = (
    BonusPool.State.RELEASED,
    BonusPool.State.HELD,
    BonusPool.State.PAID,
    BonusPool.State.CLAWED_BACK,
)


@dataclass(frozen=True)
class Sized:
    """The amount of a pool, and what stayed below the floor."""

    amount: Decimal
    carried_forward: Decimal


def policy_of(pool: BonusPool) -> PoolPolicy:
    """The policy under which the pool was proposed."""
    return policies.version(PoolPolicy, pool.policy_version)


def size(pool: BonusPool) -> Sized:
    """``rate × base`` with cap and floor, by ``shares.bonus_pool``."""
    policy = policy_of(pool)
    found = shares.bonus_pool(
        realised=pool.base, rate=pool.rate, cap=policy.cap or None, min_pool=policy.floor,
        places=minor_units(pool.currency), policy=policy,
    )  # fmt: skip
    return Sized(found.pool, found.carried_forward)


def divide(amount: Decimal, allocations: Sequence[Allocation], currency: str) -> list[Decimal]:
    """The amount by the shares, largest remainder, in the order of the allocations."""
    return allocate(amount, [one.share for one in allocations], places=minor_units(currency))


def bases(case: Case, pools: Iterable[BonusPool]) -> tuple[PoolBase, dict[int, Decimal]]:
    """The ledger's base of a case, and what of it each pool (oldest first) rests on.

    A released pool keeps at most the base on which it was released; the next takes what is left.
    """
    found = pool_base(case)
    left, parts = found.net, {}
    for pool in pools:
        part = min(pool.base, left) if pool.state in RELEASED else left
        if pool.state in RELEASED:
            part = max(part, Decimal(0))
        parts[pool.pk] = part
        left -= part
    return found, parts


def credited(pool: BonusPool) -> dict[int, Decimal]:
    """Allocation → what was paid of it, less what came back."""
    rows = Payout.objects.filter(batch__pool=pool).order_by().values_list("allocation")
    return dict(rows.annotate(total=Sum("amount")))


def debts(people: Iterable[int], currency: str) -> dict[int, Decimal]:
    """Person → what of earlier clawbacks was not settled by a later payout yet."""
    rows = Payout.objects.filter(person__in=list(people), batch__currency=currency).order_by()
    taken = dict(
        rows.filter(amount__lt=0).values_list("person").annotate(total=Sum("amount"))
    )  # negative
    settled = dict(rows.values_list("person").annotate(total=Sum("netted")))
    return {
        person: max(Decimal(0), -total - settled.get(person, Decimal(0)))
        for person, total in taken.items()
    }


def payable(pool: BonusPool, allocations: Sequence[Allocation]) -> dict[int, Decimal]:
    """Allocation → what can be paid of it now.

    Until the case is closed the part that is held back stays, and a disputed share waits for its
    decision. Nothing is paid while the case is not introduced.
    """
    disputed = {a.pk for a in allocations if a.state == Allocation.State.DISPUTED}
    targets = {a.pk: a.amount for a in allocations}
    if pool.case.state != "closed":
        names = [(str(a.pk), a.share) for a in allocations]
        found = shares.bonus_pool(
            pool=pool.amount, shares=names, holdback=policy_of(pool).holdback,
            places=minor_units(pool.currency),
        )  # fmt: skip
        now = divide(found.paid_now, allocations, pool.currency)
        targets = {a.pk: min(a.amount, part) for a, part in zip(allocations, now, strict=True)}
    had = credited(pool)
    due = {pk: amount - had.get(pk, Decimal(0)) for pk, amount in targets.items()}
    return {pk: amount for pk, amount in due.items() if amount > 0 and pk not in disputed}


def reversed_by(pool: BonusPool, rows: Sequence[Allocation], base: Decimal) -> shares.Clawback:
    """The clawback when the base of a pool falls to ``base``."""
    return shares.clawback(
        paid_pool=pool.amount, realised_before=pool.base, reversed_amount=pool.base - base,
        rate=pool.rate, shares=[(str(one.pk), one.share) for one in rows],
        places=minor_units(pool.currency), policy=policy_of(pool),
    )  # fmt: skip


def take_back(pool: BonusPool, allocations: Sequence[Allocation], amount: Decimal) -> list[Decimal]:
    """What each share gives back of ``amount``, by the same shares and at most what it has.

    A cent that a share does not have is taken from the next one that has it.
    """
    parts = divide(amount, allocations, pool.currency)
    parts = [min(part, one.amount) for part, one in zip(parts, allocations, strict=True)]
    missing = amount - sum(parts, Decimal(0))
    for place, one in enumerate(allocations):
        more = min(missing, one.amount - parts[place])
        parts[place] += more
        missing -= more
    return parts


def obstacles(case: Case) -> list[Reason]:
    """Reasons of quality against a pool; open SCARs are not on record yet."""
    found = shares.pool_obstacles(open_ap_high=counts(case)["high_open"], critical_actions=0)
    fix = "Complete their actions with evidence, or have them accepted."
    return [Reason("quality_open", f"{said}.", fix) for said in found]
