"""How long stock and approved alternates last when the first source stops, until it is back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from parts.models import Part, PartFigures, PartUsage
from qualification import risk
from qualification.house_rules import RiskPolicy
from qualification.risk import Recovery
from secondsource.core import clock, policies
from suppliers import cover
from suppliers.cover import Alternate
from suppliers.models import Source
from suppliers.price_facts import PriceFact

WEEKS_A_YEAR = 52
_SURVIVES = (Source.Independence.INDEPENDENT, Source.Independence.PARTLY)
_NOTHING = 1e-6
_UNDERWAY = (Source.Status.IN_QUALIFICATION, Source.Status.INTERIM)


class SourceFacts(Protocol):
    """A source with its sites and scope, the price of its offers, and the open case on it."""

    @property
    def source(self) -> Source: ...

    @property
    def price(self) -> PriceFact: ...

    @property
    def case(self) -> Any: ...


@dataclass(frozen=True)
class Helper:
    """A second source: what it delivers when the first is down, or why it does not count."""

    source: Source
    alternate: Alternate | None = None
    why_not: str = ""

    @property
    def mpn(self) -> str:
        """The manufacturer's number."""
        return str(self.source.manufacturer_part.mpn)


@dataclass(frozen=True)
class PartSurvival:
    """The first source down, exact figures; pages round them for show.

    ``down`` is None without an approved source: then there is no recovery to wait for. ``now``
    counts ``helpers`` that are approved, ``alone`` none; ``later`` counts ``underway`` too, the
    sources in qualification, and is None where that changes nothing.
    """

    stock: Decimal
    per_week: Decimal
    down: Source | None
    recovery: Recovery | None
    helpers: Sequence[Helper]
    underway: Sequence[Helper]
    alone: cover.SurvivalTime
    now: cover.SurvivalTime
    later: cover.SurvivalTime | None

    @property
    def counting(self) -> list[Helper]:
        """Approved second sources that deliver."""
        return [helper for helper in self.helpers if helper.alternate]

    @property
    def left_out(self) -> list[Helper]:
        """Approved second sources that do not count."""
        return [helper for helper in self.helpers if not helper.alternate]

    @cached_property
    def missing(self) -> float:
        """Pieces that the line misses until recovery; 0 when it lasts."""
        lost = self.now.lost_units or 0.0
        return lost if lost > _NOTHING else 0.0


def of(part: Part, columns: Sequence[SourceFacts]) -> PartSurvival | None:
    """None when stock or demand is not known. ``columns`` are the sources of the part in order."""
    figures: PartFigures | None = getattr(part, "figures", None)
    if figures is None or part.stock_qty is None or not figures.annual_demand:
        return None
    per_week = round(figures.annual_demand / WEEKS_A_YEAR, 8)  # as many as the API writes
    approved = [c for c in columns if c.source.status == Source.Status.APPROVED]
    waiting = [c for c in columns if c.source.status in _UNDERWAY]
    down = approved[0].source if approved else None
    back = recovery_of(down, part) if down else None
    helpers = [_helper(column, part, per_week) for column in approved[1:]]
    underway = [_once_approved(column, part, per_week) for column in waiting if column.case]

    def lasting(*groups: Sequence[Helper]) -> cover.SurvivalTime:
        return cover.time_to_survive(
            inventory=[float(max(part.stock_qty or 0, 0))],
            demand_wk=[float(per_week)],
            alternates=[h.alternate for group in groups for h in group if h.alternate],
            ttr_wk=back.weeks if back else None,
        )

    gains = down is not None and any(helper.alternate for helper in underway)
    return PartSurvival(
        stock=part.stock_qty,
        per_week=per_week,
        down=down,
        recovery=back,
        helpers=helpers,
        underway=underway,
        alone=lasting(),
        now=lasting(helpers),
        later=lasting(helpers, underway) if gains else None,
    )


def recovery_of(source: Source, part: Part) -> Recovery:
    """Until a source delivers again after an outage: its worst site, else the default."""
    policy, _ = policies.active(RiskPolicy)
    links = source.manufacturer_part.part_sites.all()
    sites = [
        risk.RecoverySite(
            name=link.site.name,
            activity=link.site.activity,
            own_wk=None if link.site.recovery_days is None else link.site.recovery_days / 7,
        )
        for link in links
    ]
    return risk.recovery(sites, made_in=part.category.made_in, policy=policy)


def _helper(column: SourceFacts, part: Part, per_week: Decimal) -> Helper:
    """An approved second source with its own lead time, capacity and caps."""
    source, price = column.source, column.price
    if source.independence not in _SURVIVES:
        return Helper(source, why_not=_NOT_SURVIVING[Source.Independence(source.independence)])
    today = clock.business_day()
    if (source.valid_from or today) > today or (source.valid_to or today) < today:
        return Helper(source, why_not="not valid today")
    if price.lead_days is None:
        return Helper(source, why_not="lead time not on record")
    rates = [source.capacity_wk, price.capacity_wk]
    if source.share_cap is not None:
        rates.append(source.share_cap * per_week)
    rates.append(_need_in_scope(source, part))
    known = [float(rate) for rate in rates if rate is not None]
    left = source.units_left
    return Helper(
        source,
        Alternate(
            lead_wk=price.lead_days / 7,
            capacity_wk=min(known, default=None),
            quantity=None if left is None else float(left),
        ),
    )


_NOT_SURVIVING = {
    Source.Independence.NOMINAL: "nominal, it stops with the first",
    Source.Independence.UNKNOWN: "independence not known",
}


def _once_approved(column: SourceFacts, part: Part, per_week: Decimal) -> Helper:
    """A source in qualification as it will be: today's caps are those of the pilot."""
    helper = _helper(column, part, per_week)
    if helper.alternate is None:
        return helper
    rates = (column.source.capacity_wk, column.price.capacity_wk)
    known = [float(rate) for rate in rates if rate is not None]
    return replace(
        helper,
        alternate=replace(helper.alternate, capacity_wk=min(known, default=None), quantity=None),
    )


def _need_in_scope(source: Source, part: Part) -> Decimal | None:
    """Pieces a week of the products it is approved for; None for all."""
    codes = getattr(source, "product_codes", [])
    plants = getattr(source, "plant_codes", [])
    if not codes and not plants:
        return None
    used = PartUsage.objects.filter(part=part)
    if codes:
        used = used.filter(product__code__in=codes)
    if plants:
        used = used.filter(product__plants__code__in=plants).distinct()
    rows = used.values_list("quantity", "product__monthly_volume", "product")
    month = sum((quantity * (volume or 0) for quantity, volume, _ in rows), Decimal(0))
    return month * 12 / WEEKS_A_YEAR
