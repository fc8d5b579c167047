"""Conditions of the moves of pools and shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incentives import pool_figures
from incentives.ledger import pool_base
from incentives.models import Allocation, BonusPool
from qualification.models.cases import State as CaseState
from qualification.rules import in_team
from secondsource.accounts.models import User
from secondsource.accounts.rights import Role
from secondsource.core.errors import Reason
from secondsource.core.workflow import Move

S = BonusPool.State
INTRODUCED = (CaseState.TRANSITION, CaseState.CLOSED)


def case_is_introduced(pool: Any, move: Move) -> Iterator[Reason]:
    """The alternate is in transition or approved for good."""
    case = pool.case
    if case.state not in INTRODUCED:
        said = f"{case.key} is {case.get_state_display()}, not in transition and not closed."
        yield Reason("not_introduced", said, "A pool follows the introduction of the source.")


def quality_is_done(pool: Any, move: Move) -> Iterator[Reason]:
    """No failure mode of AP-High is open."""
    yield from pool_figures.obstacles(pool.case)


def has_shares(pool: Any, move: Move) -> Iterator[Reason]:
    """Somebody has a share."""
    if not pool.allocations.exists():
        yield Reason("no_shares", "The pool has no shares.", "Propose the split first.")


def shares_are_agreed(pool: Any, move: Move) -> Iterator[Reason]:
    """Everybody agreed to their share, or disputes it. Who left needs not agree."""
    waiting = pool.allocations.filter(
        state__in=(Allocation.State.PROPOSED, Allocation.State.QUESTIONED)
    ).select_related("person")
    leavers_paid = pool_figures.policy_of(pool).leavers_paid
    for one in waiting:
        if one.person.is_active:
            asked = one.state == Allocation.State.QUESTIONED
            fix = "Answer the question." if asked else "The share is theirs to agree to."
            yield Reason("share_open", f"{one.person.name} has not agreed to the share.", fix)
        elif not leavers_paid:
            said = f"{one.person.name} has left, and the policy gives the share to the others."
            yield Reason("person_left", said, "Propose the split again.")


def something_to_pay(pool: Any, move: Move) -> Iterator[Reason]:
    """The pool is above zero and above the floor."""
    if pool.amount > 0:
        return
    if pool.carried_forward > 0:
        said = "The pool is below the floor of the policy and is carried forward."
        yield Reason("below_floor", said, "It grows with the next validated month.")
    else:
        said = "The validated savings do not exceed the cost of the project: the pool is 0."
        yield Reason("nothing_to_pay", said, "Wait for further validated months.")


def ledger_is_complete(pool: Any, move: Move) -> Iterator[Reason]:
    """Every figure behind the base is known."""
    for problem in pool_base(pool.case).problems:
        yield Reason("ledger_incomplete", problem, "Complete the ledger of the case.")


def finance_has_not_released(pool: Any, move: Move) -> Iterator[Reason]:
    """Finance releases once."""
    if pool.finance_by_id is not None:
        yield Reason("released_already", f"{pool.finance_by.name} released it for finance.")


def finance_has_released(pool: Any, move: Move) -> Iterator[Reason]:
    """Finance releases first."""
    if pool.finance_by_id is not None:
        return
    if finance_can_release(pool):
        yield Reason("finance_first", "Finance releases first.", "Ask finance to release it.")
    else:
        said = "There is no person in finance without a share in this pool."
        yield Reason("finance_missing", said, "Ask an administrator to add one.")


def finance_can_release(pool: BonusPool) -> bool:
    """Whether somebody in finance has no share in the pool."""
    people = User.objects.filter(is_active=True, roles__contains=[Role.FINANCE])
    return people.exclude(allocations__pool=pool, allocations__share__gt=0).exists()


def is_another_person(pool: Any, move: Move) -> Iterator[Reason]:
    """Two persons release."""
    user = move.actor.user
    if user is not None and user.pk in (pool.finance_by_id, pool.executive_by_id):
        fix = "Another executive must release it."
        yield Reason("same_person", "You released this pool already.", fix)


def has_no_share(pool: Any, move: Move) -> Iterator[Reason]:
    """Nobody releases or pays their own share, and no job does."""
    user = move.actor.user
    if user is None:
        yield Reason("not_a_person", "Only a person releases a pool.")
    elif pool.allocations.filter(person=user, share__gt=0).exists():
        said = "You have a share in this pool."
        yield Reason("own_share", said, "Somebody without a share must do this.")


def something_is_due(pool: Any, move: Move) -> Iterator[Reason]:
    """A share can be paid now."""
    if pool_figures.payable(pool, list(pool.allocations.all())):
        return
    if pool.case.state == CaseState.TRANSITION:
        key = pool.case.key
        yield Reason("held_back", f"Paid after {key} is closed.", "It is held until then.")
    elif pool.allocations.filter(state=Allocation.State.DISPUTED).exists():
        said = "Only disputed shares are left."
        yield Reason("disputed", said, "Somebody outside the team decides them.")
    else:
        yield Reason("nothing_due", "Everything is paid.")


def nothing_is_paid(pool: Any, move: Move) -> Iterator[Reason]:
    """A paid pool is not cancelled; its money comes back by a clawback."""
    if pool.batches.exists():
        said = "A part of this pool is paid."
        yield Reason("paid", said, "What is paid comes back when the savings are reversed.")


# --- shares -------------------------------------------------------------------------------------
def pool_is_in_agreement(allocation: Any, move: Move) -> Iterator[Reason]:
    """The team is asked."""
    if allocation.pool.state != S.IN_AGREEMENT:
        shown = allocation.pool.get_state_display()
        yield Reason("not_in_agreement", f"The pool is {shown}: shares are fixed.")


def can_be_disputed(allocation: Any, move: Move) -> Iterator[Reason]:
    """A share is disputed until it is paid."""
    if allocation.pool.state not in (S.IN_AGREEMENT, S.RELEASED, S.HELD):
        yield Reason("too_late", f"The pool is {allocation.pool.get_state_display()}.")


def is_outside_the_team(allocation: Any, move: Move) -> Iterator[Reason]:
    """A dispute is decided by somebody who neither has a share nor is in the team of the case."""
    user, pool = move.actor.user, allocation.pool
    if user is None:
        yield Reason("not_a_person", "Only a person decides a dispute.")
        return
    if in_team(user, pool.case) or pool.allocations.filter(person=user).exists():
        said = "You are in the team of this case or have a share in the pool."
        yield Reason("in_team", said, "Somebody outside the team decides.")
