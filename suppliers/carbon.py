"""Carbon of a part: its footprint and the transport to us (ISO 14083, GLEC v3: t × km × factor).

Factors: UK DESNZ/DEFRA greenhouse gas conversion factors 2025, freighting goods, Open Government
Licence v3.0. They describe UK fleets; regional factors differ. Tank-to-wheel and well-to-wheel
figures are never added.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from secondsource.core import inputs
from secondsource.core.provenance import Method

Mode = Literal["road", "rail", "sea", "air_long_haul", "air_short_haul"]
Scope = Literal["ttw", "wtw"]

PUBLISHER = "UK DESNZ/DEFRA conversion factors"
YEAR = 2025
LONGEST_KM = 60_000.0
FOOTPRINT_METHOD = Method(
    name="Cradle to gate plus inbound transport",
    standard="ISO 14067:2018; GHG Protocol product standard, 2011",
)


@dataclass(frozen=True)
class Factor:
    """kg CO₂e per tonne-kilometre: direct, upstream of the fuel, and without radiative forcing."""

    direct: float
    upstream: float
    direct_without_forcing: float | None = None


FACTORS: dict[str, Factor] = {
    "road": Factor(0.10163, 0.02359),
    "rail": Factor(0.02779, 0.00691),
    "sea": Factor(0.01612, 0.00365),
    "air_long_haul": Factor(0.89939, 0.13516, 0.53130),
    "air_short_haul": Factor(1.27835, 0.20515, 0.75539),
}


@dataclass(frozen=True, kw_only=True)
class Leg:
    """One transport leg: mode and distance in kilometres."""

    mode: Mode
    km: float


@dataclass(frozen=True, kw_only=True)
class Freight:
    """kg CO₂e of a consignment, in total and by leg, with their scope."""

    kg: float
    legs_kg: tuple[float, ...]
    scope: Scope
    method: Method


def freight(
    *, mass_t: float, legs: Sequence[Leg], scope: Scope = "ttw", radiative_forcing: bool = True
) -> Freight:
    """Emissions of a consignment of ``mass_t`` tonnes (above 0) over its legs.

    ``scope`` "ttw" is direct only, "wtw" adds the upstream emissions of the fuel to every leg;
    ``radiative_forcing`` concerns air only.
    """
    mass = inputs.number("mass_t", mass_t, above=0, high=1e6)
    word: Scope = inputs.choice("scope", scope, ("ttw", "wtw"))  # type: ignore[assignment]
    forcing = inputs.flag("radiative_forcing", radiative_forcing)
    parts = tuple(
        mass * _km(f"legs.{i}", leg) * _factor(leg.mode, word, forcing)
        for i, leg in enumerate(inputs.sequence("legs", legs))
    )
    return Freight(
        kg=math.fsum(parts),
        legs_kg=parts,
        scope=word,
        method=Method(
            name=f"t x km x factor, {word}", standard=f"{PUBLISHER} {YEAR}; ISO 14083:2023"
        ),
    )


def footprint(*, supplier_kg: float, freight_kg_total: float, units: int) -> float:
    """kg CO₂e a unit: the supplier's cradle-to-gate figure plus its part of the inbound transport.

    Both footprints must have the same scope and year; ``units`` at least 1.
    """
    own = inputs.number("supplier_kg", supplier_kg, low=0)
    transport = inputs.number("freight_kg_total", freight_kg_total, low=0)
    return own + transport / inputs.integer("units", units, low=1)


def _km(field: str, leg: Leg) -> float:
    inputs.choice(f"{field}.mode", leg.mode, FACTORS)
    return inputs.number(f"{field}.km", leg.km, low=0, high=LONGEST_KM)


def _factor(mode: Mode, scope: Scope, forcing: bool) -> float:
    factor = FACTORS[mode]
    direct = factor.direct
    if not forcing and factor.direct_without_forcing is not None:
        direct = factor.direct_without_forcing
    return direct + factor.upstream if scope == "wtw" else direct
