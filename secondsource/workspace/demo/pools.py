"""The demonstration's bonus pools: one paid, one held until its case is closed. All invented."""

from __future__ import annotations

import datetime as dt

from incentives.models import Allocation, BonusPool
from incentives.pool_workflow import ALLOCATION_FLOW, POOL_FLOW
from incentives.services import pools
from qualification.models import Case
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.workspace.demo.people import Cast

#: Part of the case, whether its case is closed so that the pool is paid.
PAID, HELD = "MLCC", "LDO"
QUESTION = "Are my hours of the incoming tests in?"
ANSWER = "Yes, they are in the list of your acts."


def build_pools(cases: dict[str, Case], cast: Cast, *, today: dt.date) -> None:
    """Pools of the closed case and of the one whose transition ends today."""
    for key, ago in ((PAID, 12), (HELD, 6)):
        with clock.at(today - dt.timedelta(days=ago)):
            pool = pools.propose_pool(case=cases[key], actor=cast["finance"])
            POOL_FLOW.fire(pool.pk, "open", actor=cast["finance"])
        with clock.at(today - dt.timedelta(days=ago - 2)):
            _agree(pool, cast)
        with clock.at(today - dt.timedelta(days=ago - 4)):
            _release(pool, cast)


def _agree(pool: BonusPool, cast: Cast) -> None:
    """Everybody agrees; quality asks before."""
    for share in Allocation.objects.filter(pool=pool).select_related("person"):
        person = Actor(user=share.person, origin="job")
        if share.function == "quality":
            ALLOCATION_FLOW.fire(share.pk, "question", actor=person, note=QUESTION)
            ALLOCATION_FLOW.fire(share.pk, "answer", actor=cast["finance"], note=ANSWER)
        ALLOCATION_FLOW.fire(share.pk, "agree", actor=person)


def _release(pool: BonusPool, cast: Cast) -> None:
    """Two persons release a pool that pays something; that of a closed case is paid."""
    pool.refresh_from_db()
    if not pool.amount:
        return
    POOL_FLOW.fire(pool.pk, "release_finance", actor=cast["finance"])
    released = POOL_FLOW.fire(pool.pk, "release", actor=cast["executive"])
    if released.state == BonusPool.State.RELEASED:
        POOL_FLOW.fire(pool.pk, "pay", actor=cast["finance"])
