"""Readiness of a source to take over, with all missing items."""

from __future__ import annotations

from dataclasses import dataclass

from secondsource.core import inputs


@dataclass(frozen=True, kw_only=True)
class Standby:
    """The facts about a source in an emergency; None = not known, which counts as missing.

    ``ramp_share`` is set while its case is in transition: ready only up to that share.
    """

    approved_for_products: bool
    independent_of_event: bool
    offer_valid: bool
    capacity_wk: float | None
    lead_time_wk: float | None
    rollback_rehearsed: bool
    ramp_share: float | None = None


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """Ready or not, what is missing, and the share it may take (more needs quality)."""

    ready: bool
    missing: tuple[str, ...]
    share: float


def readiness(source: Standby, *, need_wk: float, cover_wk: float | None) -> Readiness:
    """Judge a source by the weekly need and the weeks of cover (None = stock does not run out)."""
    need = inputs.number("need_wk", need_wk, low=0)
    share = (
        1.0 if source.ramp_share is None else inputs.probability("ramp_share", source.ramp_share)
    )
    checks = (
        (source.approved_for_products, "approval for the products concerned"),
        (source.independent_of_event, "independence of this event"),
        (source.offer_valid, "a valid offer"),
        (source.capacity_wk is not None and source.capacity_wk >= need * share, "capacity"),
        (_in_time(source.lead_time_wk, cover_wk), "a lead time within the cover"),
        (source.rollback_rehearsed, "a rehearsed rollback"),
    )
    missing = tuple(item for met, item in checks if not met)
    return Readiness(ready=not missing, missing=missing, share=share if not missing else 0.0)


def _in_time(lead_time_wk: float | None, cover_wk: float | None) -> bool:
    if lead_time_wk is None:
        return False
    return cover_wk is None or lead_time_wk < cover_wk
