"""Bonus pools: size, split, hold-back, dispute, clawback, and the proposal of shares.

The base is the finance-validated, realised hard saving net of project cost. All rules are our own;
every sum comes out to the last minor unit by largest remainder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incentives.house_rules import ContributionPolicy, PoolPolicy
from secondsource.core import inputs
from secondsource.core.money import allocate, round_half_up
from secondsource.core.provenance import Method

DEFAULTS = PoolPolicy()
CONTRIBUTION = ContributionPolicy()
MOST_SHARES = 200
METHOD = Method(name="Share of realised savings, largest remainder", design_choice=True)
ShareList = Sequence[tuple[str, Decimal]]


@dataclass(frozen=True, kw_only=True)
class BonusPool:
    """A bonus pool and where its money is.

    ``pool`` = ``held`` + ``paid_now``, and ``paid_now`` = Σ ``paid`` + ``disputed_held`` when there
    are shares. ``split`` divides the whole pool; ``carried_forward`` is what stayed below the
    minimum.
    """

    pool: Decimal
    split: dict[str, Decimal]
    held: Decimal
    paid_now: Decimal
    paid: dict[str, Decimal]
    disputed_held: Decimal
    carried_forward: Decimal
    method: Method = METHOD


@dataclass(frozen=True, kw_only=True)
class Clawback:
    """The pool computed from corrected savings, and what is paid back, by the same shares."""

    new_pool: Decimal
    clawback: Decimal
    split: dict[str, Decimal]
    method: Method = METHOD


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a person did for a case: the basis of the proposed shares."""

    person: str
    function: str
    hours: Decimal = Decimal(0)
    gates_led: int = 0
    pilot_lots: int = 0
    negotiation_rounds: int = 0
    fmea_rows: int = 0
    sign_offs: int = 0


def bonus_pool(
    *,
    realised: Decimal | None = None,
    rate: Decimal | None = None,
    pool: Decimal | None = None,
    shares: ShareList = (),
    cap: Decimal | None = None,
    min_pool: Decimal = Decimal(0),
    holdback: Decimal = Decimal(0),
    disputed: Iterable[str] = (),
    places: int = 2,
    policy: PoolPolicy = DEFAULTS,
) -> BonusPool:
    """Size a pool (rate × realised, or given), cap it, hold part of it back and split it.

    ``rate`` is 0.05 to 0.10, both included; a loss gives 0. Below ``min_pool`` the pool is 0 and
    the amount is carried forward. ``shares`` are (name, weight), weights 0 or more and not all 0;
    ``holdback`` a fraction 0 to 1; ``disputed`` names the people whose part is held while the
    others are paid.
    """
    sized = (
        _given(pool, realised, rate, places)
        if pool is not None
        else _sized(realised, rate, places, policy)
    )
    if cap is not None:
        sized = min(sized, round_half_up(inputs.decimal("cap", cap, low=0), places))
    least = inputs.decimal("min_pool", min_pool, low=0)
    carried = sized if sized < least else round_half_up(Decimal(0), places)
    sized -= carried
    part = inputs.decimal("holdback", holdback, low=0, high=1)
    held = round_half_up(sized * part, places)
    names, weights = _checked(shares)
    split = _divided(sized, names, weights, places)
    now = _divided(sized - held, names, weights, places)
    stopped = _disputed(disputed, names)
    return BonusPool(
        pool=sized,
        split=split,
        held=held,
        paid_now=sized - held,
        paid={name: amount for name, amount in now.items() if name not in stopped},
        disputed_held=round_half_up(
            sum((now[name] for name in names if name in stopped), Decimal(0)), places
        ),
        carried_forward=carried,
    )


def clawback(
    *,
    paid_pool: Decimal,
    realised_before: Decimal,
    reversed_amount: Decimal,
    rate: Decimal,
    shares: ShareList = (),
    places: int = 2,
    policy: PoolPolicy = DEFAULTS,
) -> Clawback:
    """Recompute the pool on the corrected savings: paid - new comes back, never below 0.

    It is divided by the shares of the payout, so that it never falls on one function alone. It is
    netted against later payouts and never takes anyone below zero without consent.
    """
    paid = round_half_up(inputs.decimal("paid_pool", paid_pool, low=0), places)
    before = inputs.decimal("realised_before", realised_before)
    taken_back = inputs.decimal("reversed", reversed_amount, low=0)
    new = _sized(before - taken_back, rate, places, policy)
    claw = max(round_half_up(Decimal(0), places), paid - new)
    names, weights = _checked(shares)
    return Clawback(new_pool=new, clawback=claw, split=_divided(claw, names, weights, places))


def propose_shares(
    work: Sequence[Work], *, policy: ContributionPolicy = CONTRIBUTION
) -> dict[str, Decimal]:
    """Shares by person (fractions, four places, summing to 1) from logged work.

    Every function that carried qualification work gets at least the policy's share, taken from the
    others in proportion. The team agrees on the shares; this is only a proposal.
    """
    points = {w.person: _points(w, policy) for w in inputs.sequence("work", work, most=MOST_SHARES)}
    if len(points) != len(work):
        inputs.refuse("work", "duplicate", "must name each person once")
    if not any(points.values()):
        inputs.refuse("work", "all_zero", "must hold at least one point of work")
    functions = {w.person: w.function for w in work}
    lifted = _with_floor(points, functions, policy.least_function_share)
    parts = allocate(Decimal("1.0000"), [lifted[w.person] for w in work], places=4)
    return {w.person: part for w, part in zip(work, parts, strict=True)}


def pool_obstacles(*, open_ap_high: int, critical_actions: int) -> list[str]:
    """Reasons of quality against releasing the pool now; empty when it can be released."""
    high = inputs.integer("open_ap_high", open_ap_high, high=100_000)
    critical = inputs.integer("critical_actions", critical_actions, high=100_000)
    found = [f"{high} failure mode(s) of action priority High are open"] if high else []
    return found + ([f"{critical} critical corrective action(s) are open"] if critical else [])


def _given(pool: Decimal, realised: Decimal | None, rate: Decimal | None, places: int) -> Decimal:
    if realised is not None or rate is not None:
        inputs.refuse("pool", "ambiguous", "must not be given together with realised and rate")
    return round_half_up(inputs.decimal("pool", pool, low=0), places)


def _sized(
    realised: Decimal | None, rate: Decimal | None, places: int, policy: PoolPolicy
) -> Decimal:
    if realised is None:
        inputs.refuse("realised", "missing", "must be given, or the pool itself")
    if rate is None:
        inputs.refuse("rate", "missing", "must be given with the realised saving")
    base = inputs.decimal("realised", realised)
    part = inputs.decimal("rate", rate, low=policy.least_rate, high=policy.most_rate)
    return round_half_up(max(Decimal(0), base * part), places)


def _checked(shares: ShareList) -> tuple[list[str], list[Decimal]]:
    names, weights = [], []
    for i, entry in enumerate(inputs.sequence("shares", shares, least=0, most=MOST_SHARES)):
        name, weight = inputs.sequence(f"shares.{i}", entry, least=2, most=2)
        names.append(inputs.text(f"shares.{i}.0", name))
        weights.append(inputs.decimal(f"shares.{i}.1", weight, low=0, high=Decimal("1e9")))
    if len(set(names)) != len(names):
        inputs.refuse("shares", "duplicate", "must name each party once")
    if names and not any(weights):
        inputs.refuse("shares", "all_zero", "must hold at least one share above 0")
    return names, weights


def _divided(
    amount: Decimal, names: list[str], weights: list[Decimal], places: int
) -> dict[str, Decimal]:
    if not names:
        return {}
    parts = allocate(amount, weights, places=places, field="shares")
    return dict(zip(names, parts, strict=True))


def _disputed(disputed: Iterable[str], names: list[str]) -> set[str]:
    stopped = set()
    for i, name in enumerate(disputed):
        if name not in names:
            inputs.refuse(f"disputed.{i}", "unknown", "must be one of the shares' names")
        stopped.add(name)
    return stopped


def _points(work: Work, policy: ContributionPolicy) -> Decimal:
    hours = inputs.decimal(f"work.{work.person}.hours", work.hours, low=0, high=100_000)
    return (
        policy.per_hour * hours
        + policy.per_gate * work.gates_led
        + policy.per_pilot_lot * work.pilot_lots
        + policy.per_negotiation_round * work.negotiation_rounds
        + policy.per_fmea_row * work.fmea_rows
        + policy.per_sign_off * work.sign_offs
    )


def _with_floor(
    points: Mapping[str, Decimal], functions: Mapping[str, str], least: Decimal
) -> dict[str, Decimal]:
    """Shares of people with every working function raised to ``least`` and the rest scaled down."""
    whole = sum(points.values())
    by_function: dict[str, Decimal] = {}
    for person, value in points.items():
        name = functions[person]
        by_function[name] = by_function.get(name, Decimal(0)) + value / whole
    working = {name: share for name, share in by_function.items() if share > 0}
    targets = _lifted(working, least)
    return {
        person: value / whole * targets[functions[person]] / working[functions[person]]
        if value
        else Decimal(0)
        for person, value in points.items()
    }


def _lifted(shares: Mapping[str, Decimal], least: Decimal) -> dict[str, Decimal]:
    if least * len(shares) >= 1:
        return dict.fromkeys(shares, Decimal(1) / len(shares))
    raised: set[str] = set()
    while True:
        free = 1 - least * len(raised)
        rest = sum((s for n, s in shares.items() if n not in raised), Decimal(0))
        scaled = {n: least if n in raised else s * free / rest for n, s in shares.items()}
        low = {n for n, s in scaled.items() if n not in raised and s < least}
        if not low:
            return scaled
        raised |= low
