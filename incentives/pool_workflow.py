"""The moves of pools and of shares, through which every change of their state goes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from incentives import pool_figures, pool_guards
from incentives.models import Allocation, BonusPool
from incentives.services import payouts
from qualification.models.cases import State as CaseState
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import ValuesRefused, refuse_values
from secondsource.core.workflow import Move, MoveDefinition, Workflow

S, A = BonusPool.State, Allocation.State


# --- pools --------------------------------------------------------------------------------------
def release_for_finance(pool: Any, move: Move) -> None:
    """Note the first of the two persons."""
    pool.finance_by, pool.finance_at = move.actor.user, clock.now()
    move.facts["amount"] = str(pool.amount)


def released_state(pool: Any, move: Move) -> str:
    """Held while the case is in transition."""
    return str(S.RELEASED if pool.case.state == CaseState.CLOSED else S.HELD)


def release(pool: Any, move: Move) -> None:
    """Note the second person and release every share that nobody disputes."""
    pool.executive_by, pool.executive_at = move.actor.user, clock.now()
    pool.released_amount = pool.amount
    move.facts["amount"] = str(pool.amount)
    for one in pool.allocations.exclude(state=A.DISPUTED):
        one.state = A.RELEASED
        audit.save_as(one, move.actor, "released")


def paid_state(pool: Any, move: Move) -> str:
    """Paid once the case is closed, clawed back if money came back before, else held."""
    if pool.case.state != CaseState.CLOSED:
        return str(S.HELD)
    return str(S.CLAWED_BACK if pool.state == S.CLAWED_BACK else S.PAID)


def pay(pool: Any, move: Move) -> None:
    """Pay what is due, and mark the shares that are paid in full."""
    allocations = list(pool.allocations.all())
    due = pool_figures.payable(pool, allocations)
    batch = payouts.pay(pool, due, move.actor, move.note or "paid with the payroll")
    move.facts["batch"], move.facts["total"] = batch.key, str(batch.total)
    had = pool_figures.credited(pool)
    for one in allocations:
        if one.pk in due and had.get(one.pk) == one.amount and pool.case.state == CaseState.CLOSED:
            one.state = A.PAID
            audit.save_as(one, move.actor, "paid")


def withdraw(pool: Any, move: Move) -> None:
    """Back to the draft: the release of finance and consents are void."""
    void_release(pool)
    reopen_shares(pool, move.actor, move.note)


def void_release(pool: BonusPool) -> None:
    """The figure or the shares changed after finance released them."""
    pool.finance_by, pool.finance_at = None, None


def reopen_shares(pool: BonusPool, actor: Actor, why: str) -> None:
    """Everybody is asked again."""
    for one in pool.allocations.exclude(state=A.PROPOSED):
        one.state, one.answered_at = A.PROPOSED, None
        audit.save_as(one, actor, why)


def clawed_state(pool: Any, move: Move) -> str:
    """Clawed back where something was paid; a pool that was only released stays so."""
    return str(S.CLAWED_BACK if pool.batches.exists() else pool.state)


def claw_back(pool: Any, move: Move) -> None:
    """Lower the pool to the base of the ledger; shares and what was paid of them follow."""
    base = Decimal(move.data["base"])
    rows = list(pool.allocations.all())
    found = pool_figures.reversed_by(pool, rows, base)
    pool.base = base
    taken = pool_figures.take_back(pool, rows, found)
    clawed = sum(taken, Decimal(0))
    had = pool_figures.credited(pool)
    pool.amount -= clawed
    over = {}
    for row, part in zip(rows, taken, strict=True):
        row.amount -= part
        over[row.pk] = had.get(row.pk, Decimal(0)) - row.amount
        audit.save_as(row, move.actor, move.note)
    payouts.claw_back(pool, over, move.actor, move.note)
    told = {
        "base": str(base), "amount": str(pool.amount), "clawback": str(clawed),
        "by": move.data.get("by"),
    }  # fmt: skip
    move.facts.update(told)


READY = (
    pool_guards.case_is_introduced, pool_guards.quality_is_done, pool_guards.ledger_is_complete,
)  # fmt: skip
POOL_FLOW: Workflow[BonusPool] = Workflow(
    BonusPool,
    [
        MoveDefinition(
            "open", "Ask for agreement", (S.DRAFT,), S.IN_AGREEMENT, "incentives.write_pool",
            (pool_guards.has_shares, pool_guards.case_is_introduced),
        ),
        MoveDefinition(
            "withdraw", "Take back the shares", (S.IN_AGREEMENT,), S.DRAFT,
            "incentives.write_pool", (), withdraw, needs_note=True,
        ),
        MoveDefinition(
            "release_finance", "Release for finance", (S.IN_AGREEMENT,), S.IN_AGREEMENT,
            "incentives.release_as_finance",
            (
                pool_guards.has_no_share, pool_guards.finance_has_not_released,
                pool_guards.shares_are_agreed, pool_guards.something_to_pay, *READY,
            ),
            release_for_finance,
        ),
        MoveDefinition(
            "release", "Release", (S.IN_AGREEMENT,), released_state,
            "incentives.release_as_executive",
            (
                pool_guards.has_no_share, pool_guards.finance_has_released,
                pool_guards.is_another_person, pool_guards.shares_are_agreed,
                pool_guards.something_to_pay, *READY,
            ),
            release,
        ),
        MoveDefinition(
            "pay", "Pay with the payroll", (S.RELEASED, S.HELD, S.PAID, S.CLAWED_BACK), paid_state,
            "incentives.release_payment",
            (
                pool_guards.has_no_share, *READY, pool_guards.something_is_due,
            ),
            pay,
        ),
        MoveDefinition(
            "claw_back", "Claw back", pool_figures.RELEASED, clawed_state,
            "incentives.follow_ledger", (), claw_back,
        ),
        MoveDefinition(
            "cancel", "Cancel", (S.DRAFT, S.IN_AGREEMENT, S.RELEASED, S.HELD), S.CANCELLED,
            "incentives.write_pool", (pool_guards.nothing_is_paid,), needs_note=True,
        ),
    ],
)  # fmt: skip


# --- shares -------------------------------------------------------------------------------------
def answered(allocation: Any, move: Move) -> None:
    """Keep what the person said."""
    allocation.note, allocation.answered_at = move.note, clock.now()


def decided_state(allocation: Any, move: Move) -> str:
    """Agreed for the release; released where the pool is released already."""
    return str(A.RELEASED if allocation.pool.state in pool_figures.RELEASED else A.AGREED)


def decide(allocation: Any, move: Move) -> None:
    """Set the share that the decision gives; the other shares take the rest in proportion."""
    allocation.note, allocation.answered_at = move.note, clock.now()
    allocation.decided_by = move.actor.user
    share = share_in(str(move.data.get("share", "")))
    pool = allocation.pool
    if share is None or share == allocation.share:
        return
    others = list(pool.allocations.exclude(pk=allocation.pk))
    _share_out(allocation, share, others)
    given = [(one, one.share) for one in (allocation, *others)]
    refuse_values(pool_figures.below_least(given, "/share"))
    before, is_open = pool.amount, pool.state in pool_figures.OPEN
    gross = pool_figures.size(pool).amount if is_open else pool.amount
    pool_figures.entitle(pool, [allocation, *others], gross)
    had = pool_figures.credited(pool)
    for one in others:
        audit.save_as(one, move.actor, f"decision: {move.note}")
    over = {one.pk: had.get(one.pk, Decimal(0)) - one.amount for one in [allocation, *others]}
    payouts.claw_back(pool, over, move.actor, f"decision: {move.note}")
    voided = is_open and pool.finance_by_id is not None
    if voided:
        void_release(pool)
    if voided or pool.amount != before:
        audit.save_as(pool, move.actor, f"decision: {move.note}")
    move.facts["share"] = str(share)


def _share_out(allocation: Allocation, share: Decimal, others: list[Allocation]) -> None:
    """The share, and the rest by the present shares of the others; the sum is 1."""
    if share < 1 and not any(one.share for one in others):
        raise ValuesRefused.one("/share", "no_others", "Nobody else could take the rest.")
    rest = pool_figures.allocate(1 - share, [one.share for one in others], places=4)
    allocation.share = share
    for one, part in zip(others, rest, strict=True):
        one.share = part


def share_in(text: str) -> Decimal | None:
    """A typed share in per cent as a fraction; None for an empty one. Raises ``ValuesRefused``."""
    typed = text.replace("%", "").replace(",", ".").strip()
    if not typed:
        return None
    try:
        share = Decimal(typed) / 100
    except InvalidOperation:
        raise ValuesRefused.one("/share", "not_a_number", "Write a share in per cent.") from None
    if not share.is_finite() or not 0 <= share <= 1 or share != round(share, 4):
        said = "Write 0 to 100 per cent, with two decimals at most."
        raise ValuesRefused.one("/share", "out_of_range", said)
    return share


class AllocationFlow(Workflow[Allocation]):
    """Moves of a share lock its pool first, as the moves of the pool do."""

    def fire(
        self,
        pk: int,
        name: str,
        *,
        actor: Actor,
        note: str = "",
        data: Mapping[str, Any] | None = None,
        expected: int | None = None,
    ) -> Allocation:
        """As in :class:`Workflow`, under the lock of the pool."""
        with transaction.atomic():
            of_pool = BonusPool.objects.select_for_update(of=("self",), no_key=True)
            of_pool.get(allocations=pk)
            return super().fire(pk, name, actor=actor, note=note, data=data, expected=expected)


ALLOCATION_FLOW = AllocationFlow(
    Allocation,
    [
        MoveDefinition(
            "agree", "Agree", (A.PROPOSED, A.QUESTIONED), A.AGREED, "incentives.agree_share",
            (pool_guards.pool_is_in_agreement,), answered,
        ),
        MoveDefinition(
            "question", "Ask", (A.PROPOSED, A.AGREED), A.QUESTIONED, "incentives.agree_share",
            (pool_guards.pool_is_in_agreement,), answered, needs_note=True,
        ),
        MoveDefinition(
            "dispute", "Dispute", (A.PROPOSED, A.QUESTIONED, A.AGREED, A.RELEASED), A.DISPUTED,
            "incentives.agree_share", (pool_guards.can_be_disputed,), answered, needs_note=True,
        ),
        MoveDefinition(
            "answer", "Answer", (A.QUESTIONED,), A.PROPOSED, "incentives.write_pool",
            (pool_guards.pool_is_in_agreement,), answered, needs_note=True,
        ),
        MoveDefinition(
            "decide", "Decide the dispute", (A.DISPUTED,), decided_state,
            "incentives.judge_dispute", (pool_guards.is_outside_the_team,), decide,
            needs_note=True,
        ),
    ],
)  # fmt: skip
