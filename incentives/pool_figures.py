"""What a pool amounts to: the base of the ledger, the rate, and the shares to the cent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.db.models import QuerySet, Sum

from incentives import shares
from incentives.house_rules import ContributionPolicy, PoolPolicy
from incentives.ledger import PoolBase, pool_base
from incentives.models import Allocation, BonusPool, Payout
from qualification.fmea_sheet import counts
from qualification.models import Case
from secondsource.core import jobs, policies
from secondsource.core.errors import FieldProblem, Reason
from secondsource.core.formats import money_exact, percent
from secondsource.core.money import allocate, minor_units, round_half_up

#: The turn of pools under a cap of the year, which see what the others have.
_CAPPED = "capped bonus pools"
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
    """``rate × base`` with caps and floor, by ``shares.bonus_pool``."""
    policy = policy_of(pool)
    caps = [cap for cap in (policy.cap or None, _year_left(pool, policy)) if cap is not None]
    found = shares.bonus_pool(
        realised=pool.base, rate=pool.rate, cap=min(caps, default=None), min_pool=policy.floor,
        places=minor_units(pool.currency), policy=policy,
    )  # fmt: skip
    return Sized(found.pool, found.carried_forward)


def _year_left(pool: BonusPool, policy: PoolPolicy) -> Decimal | None:
    """What the other pools of its year leave of the cap; None without one."""
    if not policy.year_cap:
        return None
    jobs.take_turns(_CAPPED)
    others = _of_the_year(pool).aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return max(Decimal(0), policy.year_cap - others)


def _of_the_year(pool: BonusPool) -> QuerySet[BonusPool]:
    """The other pools of its calendar year that stand."""
    found = BonusPool.objects.exclude(state=BonusPool.State.CANCELLED).exclude(pk=pool.pk or 0)
    return found.filter(proposed_on__year=pool.proposed_on.year, currency=pool.currency)


def person_left(pool: BonusPool, people: Collection[int]) -> dict[int, Decimal]:
    """Person → what the other pools of the year leave of the cap; empty without one."""
    cap = policy_of(pool).person_cap
    if not cap:
        return {}
    jobs.take_turns(_CAPPED)
    rows = Allocation.objects.filter(pool__in=_of_the_year(pool), person__in=people).order_by()
    had = dict(rows.values_list("person").annotate(total=Sum("amount")))
    whole = cap.quantize(Decimal(1).scaleb(-minor_units(pool.currency)), ROUND_DOWN)
    return {person: max(whole - whole, whole - had.get(person, Decimal(0))) for person in people}


def above_caps(pool: BonusPool) -> Decimal:
    """What ``rate × base`` would pay beyond the caps of the policy."""
    free = round_half_up(max(Decimal(0), pool.base * pool.rate), minor_units(pool.currency))
    return max(Decimal(0), free - pool.carried_forward - pool.amount)


def caps_in_words(policy: PoolPolicy, currency: str) -> str:
    """``At most $50,000.00 a case, $5,000.00 a person in a year.``; empty without a cap."""
    caps = ((policy.cap, "a case"), (policy.person_cap, "a person in a year"),
            (policy.year_cap, "of all pools of a year"))  # fmt: skip
    told = [f"{money_exact(cap, currency)} {of}" for cap, of in caps if cap]
    return f"At most {', '.join(told)}." if told else ""


def entitle(pool: BonusPool, rows: Sequence[Allocation], gross: Decimal) -> None:
    """Set the amount of each share of ``gross``, and of the pool, which is their sum.

    What is above the cap of a person is paid to nobody.
    """
    left = person_left(pool, [one.person_id for one in rows])
    for one, part in zip(rows, divide(gross, rows, pool.currency), strict=True):
        one.amount = min(part, left.get(one.person_id, part))
    pool.amount = sum((one.amount for one in rows), Decimal(0)) if rows else gross


def divide(amount: Decimal, allocations: Sequence[Allocation], currency: str) -> list[Decimal]:
    """The amount by the shares, largest remainder, in the order of the allocations."""
    return allocate(amount, [one.share for one in allocations], places=minor_units(currency))


def below_least(given: Iterable[tuple[Allocation, Decimal]], pointer: str) -> list[FieldProblem]:
    """Functions that carried work and would get less than the policy grants each."""
    least = policies.active(ContributionPolicy)[0].least_function_share
    found: dict[str, Decimal] = {}
    for one, share in given:
        if one.points > 0:
            found[one.function] = found.get(one.function, Decimal(0)) + share
    return [
        FieldProblem(
            pointer, "function_below_least",
            f"{function.capitalize()} carried work and gets at least {percent(least)}.",
        )
        for function, share in found.items()
        if share < least
    ]  # fmt: skip


def bases(case: Case, pools: Iterable[BonusPool]) -> tuple[PoolBase, dict[int, Decimal]]:
    """The ledger's base of a case, and each pool's part of it, oldest first.

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
        found = shares.bonus_pool(
            pool=pool.amount, holdback=policy_of(pool).holdback, places=minor_units(pool.currency)
        )
        now = _by_amount(found.paid_now, allocations, pool.currency)
        targets = {a.pk: min(a.amount, part) for a, part in zip(allocations, now, strict=True)}
    had = credited(pool)
    due = {pk: amount - had.get(pk, Decimal(0)) for pk, amount in targets.items()}
    return {pk: amount for pk, amount in due.items() if amount > 0 and pk not in disputed}


def _by_amount(total: Decimal, rows: Sequence[Allocation], currency: str) -> list[Decimal]:
    """A part of a pool by what each share is worth, to the cent."""
    if not total:
        return [Decimal(0)] * len(rows)
    return allocate(total, [one.amount for one in rows], places=minor_units(currency))


def reversed_by(pool: BonusPool, rows: Sequence[Allocation], base: Decimal) -> shares.Clawback:
    """The clawback when the base of a pool falls to ``base``."""
    return shares.clawback(
        paid_pool=pool.amount, realised_before=pool.base, reversed_amount=pool.base - base,
        rate=pool.rate, shares=[(str(one.pk), one.share) for one in rows],
        places=minor_units(pool.currency), policy=policy_of(pool),
    )  # fmt: skip


def take_back(
    pool: BonusPool, allocations: Sequence[Allocation], found: shares.Clawback
) -> list[Decimal]:
    """What each share gives back, by the same shares and at most what it has.

    A cent that a share does not have is taken from the next one that has it. Where a person's cap
    holds, a share gives back only what it has above its part of the new pool.
    """
    left = person_left(pool, [one.person_id for one in allocations])
    if left:
        now = divide(min(found.new_pool, size(pool).amount), allocations, pool.currency)
        return [
            max(Decimal(0), one.amount - min(part, left[one.person_id]))
            for one, part in zip(allocations, now, strict=True)
        ]
    amount = found.clawback
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
