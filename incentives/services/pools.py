"""Services for bonus pools: propose, set shares, follow the ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db import transaction

from incentives import contributions, pool_figures, pool_guards
from incentives.house_rules import PoolPolicy
from incentives.models import Allocation, BonusPool
from incentives.pool_words import in_percent
from incentives.pool_workflow import POOL_FLOW, void_release
from qualification.models import Case
from qualification.services.work import locked_case
from secondsource.core import audit, clock, jobs, policies, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, Reason, RuleRefused, refuse_values
from secondsource.core.records import create
from secondsource.core.workflow import Move

S, A = BonusPool.State, Allocation.State
#: Nobody claws back by hand: the ledger does, for whoever changed it.
LEDGER = Actor.named_job("savings_ledger")
#: A pool that is proposed and a ledger that changes wait for each other.
TURN = "bases of bonus pools"


@transaction.atomic
def propose_pool(*, case: Case, actor: Actor, rate: Decimal | None = None) -> BonusPool:
    """Make the pool of a case with shares from the evidence.

    ``rate`` is a fraction within the policy, which has a default. Raises ``RuleRefused`` for a case
    that is not introduced, has an open pool, or on which nobody worked.
    """
    case = locked_case(case)
    actor.require("incentives.write_pool", case)
    jobs.take_turns(TURN)
    policy, version = policies.active(PoolPolicy)
    if rate is None:
        rate = min(max(policy.rate, policy.least_rate), policy.most_rate)
    refuse_values(_rate_problems(rate, policy))
    earlier = list(case.bonus_pools.order_by("number"))
    pool = BonusPool(
        case=case, number=len(earlier) + 1, rate=rate, policy_version=version,
        proposed_on=clock.business_day(), proposed_by=actor.user, currency="XXX",
    )  # fmt: skip
    reasons = list(pool_guards.case_is_introduced(pool, Move(actor)))
    if any(one.state in (S.DRAFT, S.IN_AGREEMENT, S.RELEASED, S.HELD) for one in earlier):
        reasons.append(Reason("pool_open", f"{case.key} has an open pool.", "Finish that one."))
    if reasons:
        raise RuleRefused(reasons)
    standing = [one for one in earlier if one.state != S.CANCELLED]
    _follow(pool, [*standing, pool])
    create(pool, actor, reason="proposed", duplicate=f"{case.key} has an open pool.")
    before = pool.amount
    _propose(pool, actor)
    if pool.amount != before:
        audit.save_as(pool, actor, "capped by person")
    audit.record("incentives.bonuspool.proposed", pool, actor, data={"rate": str(rate)})
    return pool


@transaction.atomic
def propose_split(*, pool: BonusPool, actor: Actor, expected: int | None = None) -> BonusPool:
    """Propose the shares of a draft again from the evidence as it is now."""
    pool = _locked(pool, expected)
    actor.require("incentives.write_pool", pool)
    if pool.state != S.DRAFT:
        raise RuleRefused.one(
            "wrong_state", f"The pool is {pool.get_state_display()}.", "Take back the shares first."
        )
    traces.attribute(actor, "proposed again")
    pool.allocations.all().delete()
    _propose(pool, actor)
    audit.save_as(pool, actor, "proposed again")
    audit.record("incentives.bonuspool.split_proposed", pool, actor)
    return pool


@transaction.atomic
def set_rate(
    *, pool: BonusPool, rate: Decimal, actor: Actor, expected: int | None = None
) -> BonusPool:
    """Set the rate of a pool that is not released, within its policy."""
    pool = _locked(pool, expected)
    actor.require("incentives.write_pool", pool)
    _require_open(pool)
    refuse_values(_rate_problems(rate, pool_figures.policy_of(pool)))
    if rate == pool.rate:
        return pool
    pool.rate = rate
    void_release(pool)
    _resize(pool, actor, f"rate {in_percent(rate)}")
    audit.record("incentives.bonuspool.rate_set", pool, actor, data={"rate": str(rate)})
    return pool


@transaction.atomic
def set_shares(
    *,
    pool: BonusPool,
    values: Mapping[int, Decimal],
    reason: str,
    actor: Actor,
    expected: int | None = None,
) -> BonusPool:
    """Set the shares (person → fraction) of a pool that is not released; they sum to 1.

    Whoever's share changes is asked again. Raises ``ValuesRefused`` for another sum, for a person
    without a share in the proposal, and for a function that worked and would have too little.
    """
    pool = _locked(pool, expected)
    actor.require("incentives.write_pool", pool)
    _require_open(pool)
    rows = list(pool.allocations.select_related("person"))
    refuse_values(_share_problems(rows, values, reason))
    changed = [one for one in rows if values[one.person_id] != one.share]
    for one in changed:
        one.share, one.state, one.answered_at = values[one.person_id], A.PROPOSED, None
    if changed:
        void_release(pool)
        _entitle(pool, rows, actor, reason.strip())
        audit.record("incentives.bonuspool.shares_set", pool, actor, note=reason.strip())
    return pool


@transaction.atomic
def follow_ledger(
    *, case_ids: Collection[int], actor: Actor, why: str, released: bool = True
) -> None:
    """Compute the pools of these cases again from the ledger.

    A pool that is not released follows up and down, and a changed figure voids the release of
    finance. A released one follows down: what was paid is clawed back by the same shares, unless
    ``released`` is false.
    """
    jobs.take_turns(TURN)
    found = BonusPool.objects.select_for_update(of=("self",)).exclude(state=S.CANCELLED)
    pools = list(found.filter(case__in=case_ids).select_related("case").order_by("case", "number"))
    for case in {pool.case_id: pool.case for pool in pools}.values():
        of_case = [pool for pool in pools if pool.case_id == case.pk]
        before = {pool.pk: pool.base for pool in of_case}
        for pool in of_case:
            if pool.state in pool_figures.RELEASED:
                if not released:
                    continue
                _, parts = pool_figures.bases(case, of_case)
                if (base := parts[pool.pk]) < pool.base:
                    data = {"base": str(base), "by": actor.user_id}
                    POOL_FLOW.fire(pool.pk, "claw_back", actor=LEDGER, note=why, data=data)
                    pool.base = base
            else:
                _follow(pool, of_case)
                if before[pool.pk] != pool.base:
                    void_release(pool)
                    told = {"from": str(before[pool.pk]), "to": str(pool.base)}
                    audit.record("incentives.bonuspool.followed", pool, actor, note=why, data=told)
                _resize(pool, actor, why)


@transaction.atomic
def follow_rollback(*, case: Case, why: str) -> None:
    """Cancel the pool of a case that was rolled back before anything was paid.

    What was paid follows the ledger, which reverses the savings of the months taken back.
    """
    found = BonusPool.objects.select_for_update(of=("self",)).filter(
        case=case, state__in=(S.DRAFT, S.IN_AGREEMENT, S.RELEASED, S.HELD)
    )
    for pool in found:
        if not pool.batches.exists():
            POOL_FLOW.fire(pool.pk, "cancel", actor=LEDGER, note=f"{case.key} rolled back: {why}")


def _follow(pool: BonusPool, of_case: list[BonusPool]) -> None:
    """Take the figures of the ledger into a pool that is not released."""
    found, parts = pool_figures.bases(pool.case, of_case)
    pool.currency = found.currency
    pool.validated, pool.rebate_lost = found.validated, found.rebate_lost
    pool.project_cost, pool.base = found.project_cost, parts[pool.pk]
    pool.earlier = found.net - pool.base
    pool.window_start, pool.window_end = found.window_start, found.window_end
    sized = pool_figures.size(pool)
    pool.amount, pool.carried_forward = sized.amount, sized.carried_forward


def _propose(pool: BonusPool, actor: Actor) -> None:
    leavers = pool_figures.policy_of(pool).leavers_paid
    found = contributions.propose(pool, leavers=leavers)
    rows = [
        Allocation(
            pool=pool, person_id=one.person, function=one.function, points=one.points,
            proposed_share=one.share, share=one.share,
        )
        for one in found
    ]  # fmt: skip
    pool_figures.entitle(pool, rows, pool_figures.size(pool).amount)
    audit.bulk_create_as(Allocation, rows, actor, "proposed from the evidence")
    contributions.keep_acts(pool, leavers=leavers)


def _resize(pool: BonusPool, actor: Actor, why: str) -> None:
    _entitle(pool, list(pool.allocations.all()), actor, why)


def _entitle(pool: BonusPool, rows: list[Allocation], actor: Actor, why: str) -> None:
    """Size the pool and its shares, and keep both."""
    sized = pool_figures.size(pool)
    pool.carried_forward = sized.carried_forward
    pool_figures.entitle(pool, rows, sized.amount)
    audit.save_as(pool, actor, why)
    for row in rows:
        audit.save_as(row, actor, why)


def _locked(pool: BonusPool, expected: int | None) -> BonusPool:
    row = BonusPool.objects.select_for_update(of=("self",)).select_related("case").get(pk=pool.pk)
    audit.check_version(row, expected)
    return row


def _require_open(pool: BonusPool) -> None:
    if pool.state not in pool_figures.OPEN:
        raise RuleRefused.one(
            "released", f"The pool is {pool.get_state_display()}.", "A released pool stays."
        )


def _rate_problems(rate: Decimal, policy: PoolPolicy) -> list[FieldProblem]:
    if policy.least_rate <= rate <= policy.most_rate and rate == round(rate, 4):
        return []
    low, high = in_percent(policy.least_rate), in_percent(policy.most_rate)
    return [FieldProblem("/rate", "out_of_range", f"The policy allows {low} to {high}.")]


def _share_problems(
    rows: list[Allocation], values: Mapping[int, Decimal], reason: str
) -> list[FieldProblem]:
    problems = []
    if not reason.strip():
        problems.append(FieldProblem("/reason", "required", "Give the reason."))
    if set(values) != {one.person_id for one in rows}:
        said = "Give the share of each person of the proposal, once."
        return [*problems, FieldProblem("/shares", "other_people", said)]
    if any(not 0 <= share <= 1 or share != round(share, 4) for share in values.values()):
        said = "Each share is 0 to 100 %, with two decimals of a per cent at most."
        problems.append(FieldProblem("/shares", "out_of_range", said))
    total = sum(values.values(), Decimal(0))
    if total != 1:
        said = f"The shares sum to {in_percent(total)}, not to 100 %."
        problems.append(FieldProblem("/shares", "sum_not_one", said))
    given = [(one, values[one.person_id]) for one in rows]
    return problems + pool_figures.below_least(given, "/shares")
