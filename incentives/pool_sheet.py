"""What the page of a pool shows: the formula, the shares with what they come from, the release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.urls import reverse

from incentives import pool_chips, pool_figures
from incentives.contributions import WORKING
from incentives.models import Allocation, BonusPool, Contribution, Payout, SavingLine
from incentives.pool_querysets import sees_all
from incentives.pool_words import in_percent
from incentives.pool_workflow import ALLOCATION_FLOW, POOL_FLOW
from qualification.models.cases import State as CaseState
from secondsource.accounts.rights import Function
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.calendar import months_between
from secondsource.core.charts.base import Chart, fraction, pct, svg, tag
from secondsource.core.chips import StateChip
from secondsource.core.formats import day, money_exact, number, percent
from secondsource.core.money import minor_units
from secondsource.core.workflow import OfferedMove

_WORDS = {
    Contribution.Kind.HOURS: ("hour", "hours"),
    Contribution.Kind.GATE: ("gate led", "gates led"),
    Contribution.Kind.PILOT_LOT: ("pilot lot", "pilot lots"),
    Contribution.Kind.ROUND: ("round", "rounds"),
    Contribution.Kind.FMEA_ROW: ("FMEA row", "FMEA rows"),
    Contribution.Kind.SIGN_OFF: ("sign-off", "sign-offs"),
}
#: The colour of each function, the same on every page.
_COLOURS = {
    Function.ENGINEERING: "f-alt", Function.PROCUREMENT: "f-3", Function.QUALITY: "f-4",
    Function.MANUFACTURING: "f-5", Function.TEST: "f-inc",
}  # fmt: skip


@dataclass(frozen=True)
class ShareLine:
    """A share as a row: what it is for, its formula, its state and the reader's moves."""

    share: Allocation
    what_for: str
    bar: Chart
    formula: str
    state: StateChip
    paid: Decimal
    moves: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Step:
    """A step of the release: done, next, waiting or held."""

    title: str
    note: str
    icon: str
    tone: str
    moves: Sequence[OfferedMove] = ()


def share_lines(pool: BonusPool, actor: Actor) -> list[ShareLine]:
    """The shares that the reader sees, the largest first."""
    rows = pool.allocations.visible_to(actor.user).with_paid().select_related("person", "pool")
    found = list(rows.order_by("-share", "id"))
    counted = _acts(found)
    longest = max((one.share for one in found), default=Decimal(1)) or Decimal(1)
    rule = f"{money_exact(pool.base, pool.currency)} × {in_percent(pool.rate)}"
    capped = ", capped" if pool_figures.above_caps(pool) else ""
    return [
        ShareLine(
            share=one,
            what_for=counted.get(one.pk, ""),
            bar=_bar(float(one.share), float(longest)),
            formula=f"{rule} × {in_percent(one.share)}{capped}",
            state=pool_chips.of_share(one),
            paid=one.paid,
            moves=_share_moves(one, actor),
        )
        for one in found
    ]


def _acts(rows: Iterable[Allocation]) -> dict[int, str]:
    """Allocation → ``3 pilot lots, 14 FMEA rows``."""
    summed = (
        Contribution.objects.filter(allocation__in=[one.pk for one in rows]).order_by()
        .values_list("allocation", "kind").annotate(n=Sum("quantity"), points=Sum("points"))
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for pk, kind, n, _ in sorted(summed, key=lambda row: -row[3]):
        one, many = _WORDS[Contribution.Kind(kind)]
        found.setdefault(pk, []).append(f"{number(n)} {one if n == 1 else many}")
    return {pk: ", ".join(words) for pk, words in found.items()}


def _share_moves(share: Allocation, actor: Actor) -> list[tuple[str, str]]:
    """Label and address of the moves that the reader may make now."""
    may = actor.may
    return [
        (offer.label, reverse("share_move", args=[share.public_id, offer.name]))
        for offer in ALLOCATION_FLOW.offered(share, actor)
        if may(ALLOCATION_FLOW.transitions[offer.name].permission, share) and offer.allowed
    ]


def _bar(share: float, longest: float) -> Chart:
    width = pct(fraction(share, longest))
    parts = [
        tag("rect", css="f-0", width="100%", height=8, rx=4),
        tag("rect", css="f-alt", width=width, height=8, rx=4),
    ]
    return Chart(svg(parts, 8, f"{share * 100:.0f} percent", width="60"), "")


def steps(pool: BonusPool, actor: Actor) -> list[Step]:
    """The way of a pool to the payroll."""
    offers = {
        offer.name: offer
        for offer in POOL_FLOW.offered(pool, actor)
        if actor.may(POOL_FLOW.transitions[offer.name].permission, pool)
    }

    def of(*names: str) -> list[OfferedMove]:
        return [offers[name] for name in names if name in offers]

    return [
        _agreement(pool, of("open")),
        _finance(pool, of("release_finance")),
        _executive(pool, of("release")),
        _hold(pool),
        _payment(pool, of("pay")),
    ]


def _agreement(pool: BonusPool, moves: Sequence[OfferedMove]) -> Step:
    states = dict(pool.allocations.order_by().values_list("state").annotate(n=Count("pk")))
    total = sum(states.values())
    open_ones = states.get("proposed", 0) + states.get("questioned", 0)
    if pool.state == BonusPool.State.DRAFT:
        return Step("Shares proposed", "The people see them once they are asked.", "circle-dot",
                    "lk", moves)  # fmt: skip
    asked = states.get("questioned", 0)
    last = pool.allocations.aggregate(last=Max("answered_at"))["last"]
    note = f"{f'{day(last)}. ' if last else ''}Consent of each person, sum 100\u202f%"
    if asked:
        note = f"{asked} asked, not answered yet"
    elif states.get("disputed"):
        note = f"{states['disputed']} disputed: only that share waits"
    done = open_ones == 0
    icon, tone = ("check", "good") if done else ("circle-dot", "lk")
    return Step(f"Shares agreed, {total - open_ones} of {total}", note, icon, tone)


def _finance(pool: BonusPool, moves: Sequence[OfferedMove]) -> Step:
    if pool.finance_by and pool.finance_at:
        note = f"{day(pool.finance_at)}, {pool.finance_by.name}. No share in this pool"
        return Step("Finance released", note, "check", "good")
    return Step("Finance releases", "Somebody without a share", *_waits(moves), moves)


def _executive(pool: BonusPool, moves: Sequence[OfferedMove]) -> Step:
    if pool.executive_by and pool.executive_at:
        note = f"{day(pool.executive_at)}, {pool.executive_by.name}. No share in this pool"
        return Step("Executive released", note, "check", "good")
    return Step("Executive releases", "Another person, without a share", *_waits(moves), moves)


def _waits(moves: Sequence[OfferedMove]) -> tuple[str, str]:
    return ("circle-dot", "lk") if any(one.allowed for one in moves) else ("circle", "t3")


def _hold(pool: BonusPool) -> Step:
    key, held = pool.case.key, percent(pool_figures.policy_of(pool).holdback)
    if pool.case.state == CaseState.CLOSED:
        return Step(f"{key} is closed", "Nothing is held back any more", "check", "good")
    run = pool.case.run
    last = f"{day(run.ends_on)} at the earliest, after the last hold point. " if run else ""
    note = f"{last}A rollback cancels or claws back, same shares"
    return Step(f"{held} held until {key} is closed", note, "lock", "warn")


def _payment(pool: BonusPool, moves: Sequence[OfferedMove]) -> Step:
    paid, currency = pool.paid, pool.currency  # type: ignore[attr-defined]
    if pool.state in (BonusPool.State.CLAWED_BACK, BonusPool.State.PAID):
        moves = [move for move in moves if move.allowed]  # "Everything is paid" stops nobody
    if pool.state == BonusPool.State.CLAWED_BACK:
        note = f"{money_exact(pool.clawed_back, currency)} came back, netted against later payouts"  # type: ignore[attr-defined]
        return Step("Clawed back", note, "undo-2", "bad", moves)
    if pool.state == BonusPool.State.PAID:
        return Step("Paid", f"{money_exact(paid, currency)} with the payroll", "check", "good",
                    moves)  # fmt: skip
    return Step("Paid", "With the payroll after closing", *_waits(moves), moves)


def not_in_base(pool: BonusPool) -> list[tuple[str, Decimal]]:
    """What the case saves beside the base: not validated yet, and avoidance of both kinds."""
    stages, kinds = SavingLine.Stage, SavingLine.Kind
    rows = SavingLine.objects.filter(
        case=pool.case_id, stage__in=(stages.REALISED, stages.VALIDATED)
    ).order_by()
    found = {
        (kind, stage): total
        for kind, stage, total in rows.values_list("kind", "stage").annotate(n=Sum("amount"))
    }
    hard = sum((found.get((k, stages.REALISED), 0) for k in SavingLine.HARD), Decimal(0))
    lines = [("Realised, not validated", hard)]
    for kind, label in ((kinds.AVOIDANCE, "Avoidance"),
                        (kinds.SHORTAGE_AVOIDANCE, "Shortage avoidance")):  # fmt: skip
        both = (found.get((kind, s), 0) for s in (stages.REALISED, stages.VALIDATED))
        lines.append((label, sum(both, Decimal(0))))
    return lines


def by_function(pools: QuerySet[Any], actor: Actor) -> dict[str, Any]:
    """The amounts of all pools by function, for readers who see all of them."""
    if not sees_all(actor.user):
        return {}
    standing = pools.exclude(state__in=(BonusPool.State.CANCELLED, BonusPool.State.DRAFT))
    rows = Allocation.objects.filter(pool__in=standing).order_by()
    summed = list(
        rows.values_list("function", "pool__currency").annotate(n=Sum("amount")).order_by("-n")
    )
    currencies = {currency for _, currency, _ in summed}
    total = sum((n for _, _, n in summed), Decimal(0))
    if len(currencies) != 1 or not total:
        return {}
    parts, at, legend = [], 0.0, []
    for function, _, amount in summed:
        share = float(amount / total)
        colour = _COLOURS.get(Function(function), "f-0")
        parts.append(tag("rect", css=colour, x=pct(at), width=pct(max(share - 0.003, 0)),
                         height=18, rx=3))  # fmt: skip
        legend.append((Function(function).label, colour, amount, amount / total))
        at += share
    told = ", ".join(f"{label} {percent(part)}" for label, _, _, part in legend)
    drawn = Chart(svg(parts, 18, f"Bonus by function: {told}"), told)
    return {"chart": drawn, "legend": legend, "total": total, "currency": currencies.pop()}


def totals(pools: QuerySet[Any]) -> Mapping[str, Any]:
    """Sums of the pools that stand, when they have one currency."""
    standing = pools.exclude(state=BonusPool.State.CANCELLED).order_by()
    sums = list(
        standing.values("currency").annotate(
            total=Sum("amount"), total_held=Sum("held"), total_paid=Sum("paid")
        )
    )
    return sums[0] if len(sums) == 1 else {}


def own_paid(actor: Actor, pools: Iterable[BonusPool]) -> dict[int, tuple[Decimal, Decimal]]:
    """Pool → the reader's own amount and what was paid of it."""
    rows = Allocation.objects.filter(pool__in=[p.pk for p in pools], person=actor.user)
    paid = dict(
        Payout.objects.filter(person=actor.user).order_by()
        .values_list("allocation__pool").annotate(total=Sum("amount"))
    )  # fmt: skip
    return {
        pool: (amount, paid.get(pool, Decimal(0)))
        for pool, amount in rows.values_list("pool", "amount")
    }


def cents_note(pool: BonusPool, lines: Sequence[ShareLine]) -> str:
    """How the cents were shared: the unrounded parts before the largest remainder."""
    if pool_figures.above_caps(pool):
        return ""
    places = minor_units(pool.currency) + 1
    exact = [number(pool.amount * one.share.share, places) for one in lines]
    return " + ".join(exact)


def without_work(pool: BonusPool, lines: Sequence[ShareLine]) -> str:
    """``Manufacturing and test logged no work here.``; empty when every function worked."""
    held = {str(one.share.function) for one in lines}
    rest = [str(one.label) for one in WORKING if str(one) not in held]
    if not rest:
        return ""
    *first, last = rest
    told = f"{', '.join(first)} and {last}" if first else last
    return f"{told.capitalize()} logged no work here."


def month_of_window(pool: BonusPool) -> str:
    """``month 9 of 12``; empty outside of the window."""
    today = clock.business_day()
    if pool.window_start is None or pool.window_end is None:
        return ""
    if not pool.window_start <= today < pool.window_end:
        return ""
    return f"month {months_between(pool.window_start, today) + 1} of {_length(pool)}"


def _length(pool: BonusPool) -> int:
    assert pool.window_start is not None
    assert pool.window_end is not None
    return months_between(pool.window_start, pool.window_end)
