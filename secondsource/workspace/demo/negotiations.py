"""The demonstration's negotiations and splits. Prices and words are invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from incentives import services
from incentives.models import Negotiation, SplitProposal
from incentives.workflow import NewAward
from qualification.models import Case
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.workspace.demo.catalogue import PARTS, Shelf
from secondsource.workspace.demo.people import Cast
from suppliers import resolve
from suppliers import services as sourcing
from suppliers.models import Receipt, Source

#: Gate that was passed before a round, what we put on the table, what came of it, and the prices
#: of incumbent and alternate as fractions of those of their offers; None has not answered.
ROUNDS = (
    ("", "RFQ to both manufacturers", "The incumbent offers its present price.", "1.05", "1.15"),
    (State.SPEC_REVIEW, "Spec review of the alternate passed", "The incumbent moves.",
     "0.93", "1.10"),
    (State.PILOT_BUILD, "Pilot passed, 40 % share from the transition on",
     "The alternate moves to its series price.", "0.90", "1.00"),
)  # fmt: skip
#: Part of the case → whether it is awarded.
NEGOTIATED = {"LDO": True, "CAN": False}
#: Days from order to receipt of the incumbent; the alternate is 20 days faster.
LEAD_DAYS = (40, 44, 48, 52, 55, 58, 61, 65, 69, 74, 80)


def build_negotiations(cases: dict[str, Case], shelf: Shelf, cast: Cast, *, today: dt.date) -> None:
    """One awarded and one open negotiation, a split in force and one that waits."""
    for key, awarded in NEGOTIATED.items():
        found = _negotiate(cases[key], shelf, cast, key=key, today=today)
        if awarded:
            _award(found, cases[key], shelf, cast, key=key)
    _deliver(shelf, cast, today=today)
    with clock.at(today - dt.timedelta(days=75)):
        split = _propose(shelf, cast, "MLCC", "0.30", "Two sources, the second one stays warm.")
    with clock.at(today - dt.timedelta(days=70)):
        services.decide_split(
            split=split, accepted=True, note="As agreed in the award.", actor=cast["procurement"]
        )
    _propose(shelf, cast, "LDO", "0.40", "The ramp's last step: the most that the gate allows.")


def _negotiate(case: Case, shelf: Shelf, cast: Cast, *, key: str, today: dt.date) -> Negotiation:
    """The rounds that the gates of the case allow, each some days after its gate."""
    passed = {
        passage.gate: clock.day_of(passage.left_at)
        for passage in case.passages.filter(passed=True)
        if passage.left_at is not None
    }
    first = min(passed.values())
    with clock.at(first):
        found = services.open_negotiation(
            part=case.part, case=case, currency="USD", quantity=10_000, terms="DDP, 60 days net",
            actor=cast["procurement"],
        )  # fmt: skip
    for gate, table, note, *factors in ROUNDS:
        if gate and gate not in passed:
            continue
        sent = (passed[gate] if gate else first) + dt.timedelta(days=4)
        prices = [
            _price(shelf, key, place, factor) for place, factor in enumerate(factors) if factor
        ]
        with clock.at(max(sent, first)):
            services.record_round(
                negotiation=found, sent_on=sent, put_on_table=table, note=note, prices=prices,
                answer_by=today + dt.timedelta(days=10) if gate == State.SPEC_REVIEW else None,
                target_price=prices[0].price * Decimal("0.85"), actor=cast["procurement"],
                should_cost="Die and package of this size cost about a third of the price.",
            )  # fmt: skip
    return found


def _price(shelf: Shelf, key: str, place: int, factor: str) -> services.NewPrice:
    source = shelf.sources[key, place]
    offered = next(Decimal(demo.sources[place][2]) for demo in PARTS if demo.key == key)
    price = (offered * Decimal(factor)).quantize(Decimal("0.0001"))
    return services.NewPrice(source, source.manufacturer_part.manufacturer, price)


def _award(found: Negotiation, case: Case, shelf: Shelf, cast: Cast, *, key: str) -> None:
    began = case.transition_started or clock.business_day()
    with clock.at(began + dt.timedelta(days=10)):
        services.award_negotiation(
            negotiation=found, actor=cast["procurement"],
            lines=[_share(shelf.sources[key, 0], "0.6"), _share(shelf.sources[key, 1], "0.4")],
            reason="The alternate is cheaper; the incumbent keeps the line safe during the ramp.",
        )  # fmt: skip


def _share(source: Source, share: str) -> NewAward:
    return NewAward(source, source.manufacturer_part.manufacturer, Decimal(share))


def _propose(shelf: Shelf, cast: Cast, key: str, share: str, reason: str) -> SplitProposal:
    first, second = shelf.sources[key, 0], shelf.sources[key, 1]
    shares = [services.NewShare(first, 1 - Decimal(share)),
              services.NewShare(second, Decimal(share))]  # fmt: skip
    return services.propose_split(
        part=first.part, shares=shares, reason=reason, actor=cast["engineer"]
    )


@resolve.together()
def _deliver(shelf: Shelf, cast: Cast, *, today: dt.date) -> None:
    """Delivered orders of both sources of the split in force, the last ones since it began."""
    rows = []
    for place, faster in ((0, 0), (1, 20)):
        source = shelf.sources["MLCC", place]
        price = next(Decimal(one.sources[place][2]) for one in PARTS if one.key == "MLCC")
        for number, days in enumerate(LEAD_DAYS):
            came = today - dt.timedelta(days=5 + 6 * number)
            quantity = Decimal(30_000 if place else 2_000)
            line = sourcing.add_order_line(
                source=source, po=f"PO-{7000 + 100 * place + number}", line="10",
                ordered_on=came - dt.timedelta(days=days - faster), ordered_qty=quantity,
                agreed_date=came, unit_price=price, currency="USD", actor=cast["procurement"],
            )  # fmt: skip
            rows.append(
                Receipt(
                    source=source, supplier=source.manufacturer_part.manufacturer,
                    order_line=line, po=line.po, received_date=came, received_qty=quantity,
                    lot=f"MLCC{place}-{came:%y%W}-{number}", unit_price=price, currency="USD",
                )
            )  # fmt: skip
    sourcing.record_receipts(receipts=rows, actor=cast["procurement"])
