"""States of pools and shares as chips: a word, a tone and an icon."""

from __future__ import annotations

from incentives.models import Allocation, BonusPool
from secondsource.core.chips import StateChip

S, A = BonusPool.State, Allocation.State

_POOLS = {
    S.DRAFT: ("", "pencil"),
    S.IN_AGREEMENT: ("info", "message-square"),
    S.RELEASED: ("good", "check"),
    S.HELD: ("warn", "lock"),
    S.PAID: ("", "check"),
    S.CLAWED_BACK: ("bad", "undo-2"),
    S.CANCELLED: ("bad", "ban"),
}
_SHARES = {
    A.PROPOSED: ("", "hourglass"),
    A.AGREED: ("good", "check"),
    A.QUESTIONED: ("info", "circle-help"),
    A.DISPUTED: ("warn", "triangle-alert"),
    A.RELEASED: ("good", "check"),
    A.PAID: ("", "check"),
}


def of_pool(pool: BonusPool) -> StateChip:
    """The state of a pool."""
    return StateChip(pool.get_state_display().capitalize(), *_POOLS[S(pool.state)])


def of_share(allocation: Allocation) -> StateChip:
    """The state of a share."""
    return StateChip(allocation.get_state_display().capitalize(), *_SHARES[A(allocation.state)])
