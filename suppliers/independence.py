"""Independence of sources: concentration and common causes.

A second source counts only if it survives the event that stops the first. The common-cause fraction
(beta) is an idea of IEC 61508-6; its values by shared attribute are our own and adjustable.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from secondsource.core import inputs
from secondsource.core.provenance import Method
from suppliers.house_rules import IndependencePolicy

Badge = Literal["independent", "partly", "nominal", "unknown"]
Basis = Literal["receipts", "allocation", "equal"]

DEFAULTS = IndependencePolicy()
SHARED = (
    "country",
    "group",
    "freight_lane",
    "licence",
    "tool",
    "sub_tier",
    "assembly",
    "fab",
    "die",
)
"""Attributes that two sources can have in common."""
LEVELS = ("supplier", "manufacturer", "fab", "assembly", "country", "sub_tier", "die")
_SUM_TOLERANCE = 0.01


@dataclass(frozen=True, kw_only=True)
class Independence:
    """Beta of two sources, the badge and the shared attributes, worst first."""

    beta: float
    badge: Badge
    shared: tuple[str, ...]
    method: Method


@dataclass(frozen=True, kw_only=True)
class JointFailure:
    """Chance that both sources are down; ``reduction_factor`` is None when one never fails."""

    p_both_down: float
    reduction_factor: float | None
    method: Method


@dataclass(frozen=True, kw_only=True)
class Concentration:
    """Herfindahl index 0 to 10 000 and the effective number of sources."""

    hhi: float
    effective_n: float
    method: Method


@dataclass(frozen=True, kw_only=True)
class Line:
    """A source's share and origin; unknown attributes are None."""

    share: float
    supplier: str | None = None
    manufacturer: str | None = None
    fab: str | None = None
    assembly: str | None = None
    country: str | None = None
    sub_tier: str | None = None
    die: str | None = None


@dataclass(frozen=True, kw_only=True)
class LevelConcentration:
    """HHI by level, the worst of them, and the share of the volume whose attribute is known.

    A level without known attributes is absent, except the supplier, where each line counts for
    itself.
    """

    levels: Mapping[str, float]
    coverage: Mapping[str, float]
    worst: float
    effective_n: float
    method: Method


def independence(
    shared: Iterable[str], *, complete: bool = True, policy: IndependencePolicy = DEFAULTS
) -> Independence:
    """Beta and badge of two sources from the attributes they share (see ``SHARED``).

    The worst attribute decides. Up to 0.02 independent, below 0.5 partly, else nominal; nominal
    never counts as a second source. Unless ``complete`` (site, group and die of both are on
    record), the result is nominal or unknown.
    """
    names = [inputs.choice("shared", name, SHARED) for name in shared]
    betas = {name: float(getattr(policy, f"beta_{name}")) for name in names}
    beta = max(betas.values(), default=policy.beta_none)
    badge: Badge = "partly"
    if beta >= policy.nominal_from:
        badge = "nominal"
    elif not complete:
        badge = "unknown"
    elif beta <= policy.independent_up_to:
        badge = "independent"
    return Independence(
        beta=beta,
        badge=badge,
        shared=tuple(sorted(betas, key=lambda name: (-betas[name], name))),
        method=Method(name="Beta factor by shared attribute", design_choice=True),
    )


def joint_failure(*, p_single: float, beta: float) -> JointFailure:
    """P(both) = 1 - (1 - βp)(1 - ((1 - β)p)²), both inputs 0 to 1."""
    p = inputs.probability("p_single", p_single)
    beta = inputs.probability("beta", beta)
    both = 1 - (1 - beta * p) * (1 - ((1 - beta) * p) ** 2)
    return JointFailure(
        p_both_down=both,
        reduction_factor=p / both if both > 0 else None,
        method=Method(
            name="Beta-factor model", standard="after IEC 61508-6:2010", design_choice=True
        ),
    )


def hhi(shares: Sequence[float]) -> Concentration:
    """Herfindahl index of shares that sum to 1 (fractions; a total of 0.99 to 1.01 is accepted).

    With two sources it is at least 5 000; bands for markets do not apply.
    """
    values = _checked_shares(inputs.sequence("shares", shares), "shares.{}")
    index = _index(values)
    return Concentration(hhi=index, effective_n=10_000 / index, method=_herfindahl())


def concentration(lines: Sequence[Line]) -> LevelConcentration:
    """HHI at every known level; shares of one group are merged before squaring.

    A line with an unknown attribute counts for itself at that level and lowers its coverage.
    """
    inputs.sequence("lines", lines)
    shares = _checked_shares([line.share for line in lines], "lines.{}.share")
    levels, coverage = {}, {}
    for level in LEVELS:
        names = [getattr(line, level) for line in lines]
        known = math.fsum(s for s, name in zip(shares, names, strict=True) if name is not None)
        if known or level == "supplier":
            levels[level] = _index(_merged(shares, names))
            coverage[level] = known
    worst = max(levels.values())
    return LevelConcentration(
        levels=levels,
        coverage=coverage,
        worst=worst,
        effective_n=10_000 / worst,
        method=_herfindahl(),
    )


def shares_of(
    *,
    receipts: Mapping[str, float],
    allocation: Mapping[str, float],
    sources: Sequence[str],
) -> tuple[dict[str, float], Basis]:
    """Shares by source and their basis: receipts, else the approved allocation, else equal parts.

    ``receipts`` are those of 12 months. ``sources`` must name at least one; amounts are 0 or more.
    """
    inputs.sequence("sources", sources)
    for basis, amounts in (("receipts", receipts), ("allocation", allocation)):
        checked = {
            name: inputs.number(f"{basis}.{name}", amounts.get(name, 0.0), low=0)
            for name in sources
        }
        total = math.fsum(checked.values())
        if total > 0:
            found: Basis = "receipts" if basis == "receipts" else "allocation"
            return {name: amount / total for name, amount in checked.items()}, found
    return {name: 1 / len(sources) for name in sources}, "equal"


def _checked_shares(shares: Sequence[float], path: str) -> list[float]:
    values = [inputs.probability(path.format(i), share) for i, share in enumerate(shares)]
    field, total = path.split(".")[0], math.fsum(values)
    if total == 0:
        inputs.refuse(field, "all_zero", "must hold at least one share above 0")
    if abs(total - 1) > _SUM_TOLERANCE:
        inputs.refuse(field, "wrong_total", f"must be fractions that sum to 1, not {total:g}")
    return values


def _merged(shares: Sequence[float], names: Sequence[str | None]) -> list[float]:
    groups: dict[object, float] = {}
    for place, (share, name) in enumerate(zip(shares, names, strict=True)):
        key: object = place if name is None else name
        groups[key] = groups.get(key, 0.0) + share
    return list(groups.values())


def _index(shares: Iterable[float]) -> float:
    return math.fsum((100 * share) ** 2 for share in shares)


def _herfindahl() -> Method:
    return Method(name="Herfindahl-Hirschman index, groups merged before squaring")
