"""The demonstration's bonus pools: one paid, one held until its case is closed. All invented.

A year's need is bought ahead at the new price, so that the savings of a small company exceed the
cost of its projects.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from incentives import services as ledger
from incentives.models import Allocation, BonusPool, ClosedMonth, SavingLine
from incentives.pool_workflow import ALLOCATION_FLOW, POOL_FLOW
from incentives.services import pools
from qualification.models import Case
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.calendar import add_months
from secondsource.workspace.demo.people import Cast
from suppliers import resolve
from suppliers import services as sourcing

#: The parts of a closed case and of one in transition.
PAID, HELD = "MLCC", "LDO"
#: Part, units and price of a lot that is bought ahead, and how many months ago.
AHEAD = (
    (PAID, 2_200_000, "0.0021", 3), (PAID, 2_200_000, "0.0021", 2),
    (HELD, 90_000, "0.119", 2), (HELD, 60_000, "0.119", 1),
)  # fmt: skip
#: The months that finance closed.
CLOSED = (4, 3, 2, 1)
QUESTION = "Are my hours of the incoming tests in?"
ANSWER = "Yes, they are in the list of your acts."


@resolve.together()
def buy_ahead(cases: dict[str, Case], cast: Cast, *, today: dt.date) -> None:
    """Lots of the alternates at the price that was negotiated for a year's need."""
    for key, quantity, price, ago in AHEAD:
        source = cases[key].source
        day = add_months((today - dt.timedelta(days=14)).replace(day=17), -ago)
        with clock.at(day):
            sourcing.record_receipt(
                source=source, supplier=source.manufacturer_part.manufacturer, received_date=day,
                received_qty=Decimal(quantity), lot=f"YEAR-{day:%y%m}", po=f"PO-70{day:%m}",
                unit_price=Decimal(price), currency="USD", confirmed=True,
                actor=cast["procurement"],
            )  # fmt: skip


def settle_savings(cases: dict[str, Case], cast: Cast, *, today: dt.date) -> None:
    """Close the past months, validate the lines of the two cases, take one of them back."""
    finance = cast["finance"]
    closing = today - dt.timedelta(days=14)
    with clock.at(closing):
        ledger.recompute_realised(actor=Actor.named_job("demo_company"))
        for ago in CLOSED:
            month = add_months(closing.replace(day=1), -ago)
            if not ClosedMonth.objects.filter(month=month).exists():
                ledger.close_month(month=month, actor=finance)
        lines = SavingLine.objects.filter(
            case__in=(cases[PAID], cases[HELD]), stage=SavingLine.Stage.REALISED,
            kind__in=SavingLine.HARD, month__in=ClosedMonth.objects.values("month"),
        )  # fmt: skip
        validated = ledger.validate_lines(
            lines=list(lines), reason="Receipts and invoices agree.", actor=finance
        )
        of_paid = [line for line in validated if line.case_id == cases[PAID].pk and line.amount > 0]
        ledger.reverse_lines(
            lines=[min(of_paid, key=lambda line: line.amount)],
            reason="The month was billed again at the old price.", actor=finance,
        )  # fmt: skip


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
