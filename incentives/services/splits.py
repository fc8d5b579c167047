"""Services for splits that are proposed to procurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from incentives.models import Negotiation, SplitProposal, SplitShare
from incentives.split_facts import SplitFacts
from incentives.split_reading import read_split
from incentives.workflow import JOB, SPLIT_FLOW, in_force, overtaken
from parts.models import Part
from qualification.models import Case
from secondsource.core import audit, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, Refused, refuse_values
from secondsource.core.formats import number
from secondsource.core.money import round_half_up
from secondsource.core.records import create
from suppliers.models import Source


@dataclass(frozen=True)
class NewShare:
    """The share of a source, a fraction of the year's demand."""

    source: Source
    share: Decimal


@transaction.atomic
def propose_split(
    *,
    part: Part,
    shares: Sequence[NewShare],
    reason: str,
    actor: Actor,
    demand: Decimal | None = None,
    warm_share: Decimal | None = None,
    case: Case | None = None,
    negotiation: Negotiation | None = None,
) -> SplitProposal:
    """Propose a split to procurement. It changes nothing until it is accepted.

    The shares must keep every bound of today; costs are those of today's offers.
    """
    actor.require("incentives.propose_split", part)
    if demand is not None and demand <= 0:
        refuse_values([FieldProblem("/demand", "not_positive", "Above 0.")])
    facts = read_split(part, demand=demand, warm_share=warm_share)
    problems = _problems(facts, shares, case, negotiation)
    if not reason.strip():
        problems.append(FieldProblem("/reason", "required", "Say why the volume is split so."))
    refuse_values(problems)
    assert facts.demand is not None
    by_source = {row.source.pk: row.share for row in shares}
    found = facts.priced(by_source)
    split = create(
        SplitProposal(
            part=part, case=case, negotiation=negotiation, demand=facts.demand,
            warm_share=facts.warm_share, currency=facts.currency, reason=reason.strip(),
            yearly_cost=found.cost, exposure=found.exposure, proposed_by=actor.user,
            replaces=in_force(part.pk),
        ),
        actor,
        duplicate="This split is proposed already.",
    )  # fmt: skip
    traces.attribute(actor, "split")
    SplitShare.objects.bulk_create(
        SplitShare(
            proposal=split, source=row.source, share=row.share,
            quantity=round_half_up(row.share * facts.demand, 4),
            unit_cost=facts.of(row.source.pk).unit_cost, bound=facts.of(row.source.pk).bound[:200],
            lacks=facts.of(row.source.pk).lacks[:200],
        )
        for row in shares
    )  # fmt: skip
    audit.record("incentives.splitproposal.proposed", split, actor, note=split.reason)
    close_overtaken(part=part)
    return split


def _problems(
    facts: SplitFacts,
    shares: Sequence[NewShare],
    case: Case | None,
    negotiation: Negotiation | None,
) -> list[FieldProblem]:
    problems = [FieldProblem("/part", one.code, one.detail) for one in facts.obstacles()]
    for name, about in (("case", case), ("negotiation", negotiation)):
        if about is not None and about.part_id != facts.part.pk:
            detail = f"{about.key} is about another part."
            problems.append(FieldProblem(f"/{name}", "other_part", detail))
    if problems or facts.demand is None:
        return problems
    problems += [
        FieldProblem(f"/shares/{place}/{field}", code, detail)
        for place, row in enumerate(shares)
        for field, code, detail in facts.against(row.source.pk, row.share)
    ]
    pairs = [row.source.pk for row in shares]
    if len(set(pairs)) != len(pairs):
        problems.append(FieldProblem("/shares", "duplicate", "Give each source once."))
    total = sum((row.share for row in shares), Decimal(0))
    if total != 1:
        detail = f"The shares sum to {number(total * 100)} %, not to 100 %."
        problems.append(FieldProblem("/shares", "not_whole", detail))
    missing = facts.warm_missing({row.source.pk: row.share for row in shares})
    if missing:
        problems.append(FieldProblem("/shares", "second_source_cold", missing))
    return problems


@transaction.atomic
def decide_split(
    *,
    split: SplitProposal,
    accepted: bool,
    actor: Actor,
    note: str = "",
    expected: int | None = None,
) -> SplitProposal:
    """Accept a split, which writes its shares to the sources, or decline it with a reason."""
    move = "accept" if accepted else "decline"
    decided = SPLIT_FLOW.fire(split.pk, move, actor=actor, note=note, expected=expected)
    if accepted:
        close_overtaken(part=split.part)
    return decided


def withdraw_split(
    *, split: SplitProposal, actor: Actor, note: str = "", expected: int | None = None
) -> SplitProposal:
    """Withdraw one's own proposal; the note says why."""
    return SPLIT_FLOW.fire(split.pk, "withdraw", actor=actor, note=note, expected=expected)


def close_overtaken(*, part: Part | None = None) -> int:
    """Withdraw the proposals that can no longer be accepted, with the reasons; returns how many.

    One that changed in the meantime is left as it is.
    """
    found = SplitProposal.objects.filter(state=SplitProposal.State.PROPOSED)
    if part is not None:
        found = found.filter(part=part)
    closed = 0
    for split in found.select_related("part").order_by("pk"):
        why = overtaken(split)
        try:
            if why:
                SPLIT_FLOW.fire(
                    split.pk, "overtake", actor=JOB, note=" ".join(why), expected=split.version
                )
        except Refused:
            continue
        closed += bool(why)
    return closed
