"""The moves of negotiations and of proposed splits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from incentives.models import (
    AwardLine,
    Negotiation,
    RoundPrice,
    SplitProposal,
)
from parts.models import PartFigures
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, Reason, refuse_values
from secondsource.core.formats import number
from secondsource.core.workflow import Move, MoveDefinition, Workflow
from suppliers import services as sourcing
from suppliers.models import Source, Supplier

#: Who closes what is overtaken.
JOB = Actor.named_job("overtaken_splits")


@dataclass(frozen=True)
class NewAward:
    """A share of the volume for a supplier of a source."""

    source: Source
    supplier: Supplier
    share: Decimal


def last_prices(negotiation: Negotiation) -> dict[tuple[int, int], Decimal]:
    """The last price of each supplier of a source, by their ids."""
    prices = RoundPrice.objects.filter(round__negotiation=negotiation).order_by("round__number")
    return {(row.source_id, row.supplier_id): row.price for row in prices}


def _has_answers(negotiation: Negotiation, move: Move) -> Iterator[Reason]:
    if not RoundPrice.objects.filter(round__negotiation=negotiation).exists():
        yield Reason("no_price", "No supplier gave a price.", "Record a round with prices.")


def _award(negotiation: Negotiation, move: Move) -> None:
    lines: Sequence[NewAward] = move.data.get("lines", ())
    prices = last_prices(negotiation)
    refuse_values(_award_problems(lines, prices))
    AwardLine.objects.bulk_create(
        AwardLine(
            negotiation=negotiation, source=line.source, supplier=line.supplier,
            share=line.share, price=prices[line.source.pk, line.supplier.pk],
        )
        for line in lines
    )  # fmt: skip
    _decide(negotiation, move)
    move.facts["award"] = [
        {"source": line.source.key, "supplier": line.supplier.code, "share": str(line.share)}
        for line in lines
    ]


def _award_problems(
    lines: Sequence[NewAward], prices: dict[tuple[int, int], Decimal]
) -> list[FieldProblem]:
    if not lines:
        return [FieldProblem("/lines", "required", "Award a share to at least one supplier.")]
    found, seen = [], set()
    for place, line in enumerate(lines):
        pair = (line.source.pk, line.supplier.pk)
        if pair not in prices:
            detail = f"{line.supplier.name} gave no price for {line.source.manufacturer_part.mpn}."
            found.append(FieldProblem(f"/lines/{place}/supplier", "no_price", detail))
        if pair in seen:
            detail = "Give each supplier of a source once."
            found.append(FieldProblem(f"/lines/{place}/supplier", "duplicate", detail))
        if not 0 < line.share <= 1:
            detail = "A share is above 0 and at most 1."
            found.append(FieldProblem(f"/lines/{place}/share", "out_of_range", detail))
        seen.add(pair)
    total = sum((line.share for line in lines), Decimal(0))
    if total != 1:
        detail = f"The shares sum to {number(total * 100)} %, not to 100 %."
        found.append(FieldProblem("/lines", "not_whole", detail))
    return found


def _decide(negotiation: Negotiation, move: Move) -> None:
    negotiation.decided_by, negotiation.decided_at = move.actor.user, clock.now()
    negotiation.reason = move.note


_N = Negotiation.State
NEGOTIATION_FLOW: Workflow[Negotiation] = Workflow(
    Negotiation,
    [
        MoveDefinition(
            "award", "Award", (_N.OPEN,), _N.AWARDED, "incentives.award_negotiation",
            (_has_answers,), _award, needs_note=True,
        ),
        MoveDefinition(
            "abandon", "Abandon", (_N.OPEN,), _N.ABANDONED, "incentives.award_negotiation",
            (), _decide, needs_note=True,
        ),
    ],
)  # fmt: skip


def _still_replaces(split: SplitProposal, move: Move) -> Iterator[Reason]:
    """Another split may have come into force since this one was proposed."""
    found = in_force(split.part_id)
    if (found.pk if found else None) != split.replaces_id:
        yield Reason(
            "split_replaced",
            "Another split came into force after this one was proposed.",
            "Propose it again, compared with the split in force.",
        )


def _within_caps(split: SplitProposal, move: Move) -> Iterator[Reason]:
    from incentives.split_reading import over_bounds  # it reads what this module's models hold

    yield from over_bounds(split)


def overtaken(split: SplitProposal) -> list[str]:
    """Why a proposed split can no longer be accepted, or nobody waits for it."""
    newer = SplitProposal.objects.filter(
        part=split.part_id, proposed_by=split.proposed_by_id, state=split.state, pk__gt=split.pk
    )
    found = []
    if split.proposed_by_id is not None and newer.exists():
        found.append("Its author proposed another split.")
    move = Move(JOB)
    reasons = [*_still_replaces(split, move), *_within_caps(split, move)]
    return found + [reason.detail for reason in reasons]


def _is_overtaken(split: SplitProposal, move: Move) -> Iterator[Reason]:
    if not overtaken(split):
        yield Reason("not_overtaken", "The split can still be accepted.", "Decide it.")


def in_force(part_id: int) -> SplitProposal | None:
    """The accepted split of a part that has not ended."""
    accepted = SplitProposal.objects.filter(part=part_id, ended_at=None)
    return accepted.filter(state=SplitProposal.State.ACCEPTED).first()


def _accept(split: SplitProposal, move: Move) -> None:
    """End the split in force, and write the shares to the sources of the part."""
    now = clock.now()
    before = in_force(split.part_id)
    if before is not None:
        before.ended_at = now
        audit.save_as(before, move.actor, "another split was accepted")
        audit.record("incentives.splitproposal.ended", before, move.actor)
    _decided(split, move)
    shares = {row.source_id: row.share for row in split.shares.all()}
    for source in Source.objects.filter(part=split.part_id).order_by("pk"):
        share = shares.get(source.pk)
        if share is not None or source.share is not None:
            sourcing.change_source(
                source=source, values={"share": share or Decimal(0)}, actor=move.actor
            )


def _decided(split: SplitProposal, move: Move) -> None:
    split.decided_by, split.decided_at = move.actor.user, clock.now()
    split.decision_note = move.note


_S = SplitProposal.State


class SplitWorkflow(Workflow[SplitProposal]):
    """Decisions about splits of one part take turns."""

    def fire(self, pk: int, name: str, **call: Any) -> SplitProposal:
        """Lock the part first, so that two acceptances see each other."""
        with transaction.atomic():
            PartFigures.objects.lock([SplitProposal.objects.get(pk=pk).part_id])
            return super().fire(pk, name, **call)


SPLIT_FLOW = SplitWorkflow(
    SplitProposal,
    [
        MoveDefinition(
            "accept", "Accept", (_S.PROPOSED,), _S.ACCEPTED, "incentives.decide_split",
            (_still_replaces, _within_caps), _accept,
        ),
        MoveDefinition(
            "decline", "Decline", (_S.PROPOSED,), _S.DECLINED, "incentives.decide_split",
            (), _decided, needs_note=True,
        ),
        MoveDefinition(
            "withdraw", "Withdraw", (_S.PROPOSED,), _S.WITHDRAWN, "incentives.withdraw_split",
            (), _decided, needs_note=True,
        ),
        MoveDefinition(
            "overtake", "Close as overtaken", (_S.PROPOSED,), _S.WITHDRAWN,
            "incentives.follow_split", (_is_overtaken,), _decided, needs_note=True,
        ),
    ],
)  # fmt: skip
