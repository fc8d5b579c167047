"""The brief of a negotiation: what its buyer takes to the table, on a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from incentives.leverage import GatePassed, Leverage, gates_passed
from incentives.models import Negotiation
from incentives.price_ladder import Rung
from incentives.quoted import Quoted
from secondsource.core import clock, formats
from suppliers.models import PriceAgreement, Source

_ORDERABLE = (Source.Status.APPROVED, Source.Status.INTERIM)


@dataclass(frozen=True)
class BriefLine:
    """A source of the part, with all that is known about its offers."""

    source: Source
    gate: GatePassed | None
    last: Decimal | None
    rung: Rung | None
    offered: Decimal | None
    quotes: Sequence[Quoted]
    agreements: Sequence[PriceAgreement]

    @property
    def standing(self) -> str:
        """Status, cap, independence, and the last gate it passed."""
        source = self.source
        said = [str(source.get_status_display()).capitalize()]
        if source.share_cap is not None:
            said.append(f"share cap {formats.percent(source.share_cap)}")
        if source.role != Source.Role.INCUMBENT:
            said.append(str(source.get_independence_display()).lower())
        if self.gate is not None:
            said.append(f"{self.gate.label.lower()} passed {formats.day(self.gate.day)}")
        return ", ".join(said)


def lines_of(
    negotiation: Negotiation,
    leverage: Leverage,
    rungs: Sequence[Rung],
    quoted: Sequence[Quoted],
) -> list[BriefLine]:
    """A line for each source of the part, the incumbent first."""
    sources = list(Source.objects.filter(part=negotiation.part_id).with_manufacturers().in_order())
    today = clock.business_day()
    agreements = PriceAgreement.objects.filter(
        manufacturer_part__in=[source.manufacturer_part_id for source in sources],
        valid_from__lte=today, valid_to__gte=today,
    ).select_related("supplier")  # fmt: skip
    gates = {gate.source_id: gate for gate in gates_passed({source.pk for source in sources})}
    lasts = leverage.last_prices()
    best = {rung.source.pk: rung for rung in rungs}
    return [
        BriefLine(
            source, gates.get(source.pk), _least(source, lasts), best.get(source.pk),
            best[source.pk].at(negotiation.quantity) if source.pk in best else None,
            [one for one in quoted if one.source.pk == source.pk],
            [one for one in agreements if one.manufacturer_part_id == source.manufacturer_part_id],
        )
        for source in sources
    ]  # fmt: skip


def _least(source: Source, lasts: dict[tuple[int, int], Decimal]) -> Decimal | None:
    return min((price for (pk, _), price in lasts.items() if pk == source.pk), default=None)


def arguments(negotiation: Negotiation, lines: Sequence[BriefLine]) -> Iterator[str]:
    """What may be said at the table, from facts on record; no prices."""
    figures = getattr(negotiation.part, "figures", None)
    demand = figures.annual_demand if figures else None
    if demand:
        unit = negotiation.part.unit
        yield f"We buy {formats.number(demand)} {unit} a year."
    for line in lines:
        mpn = line.source.manufacturer_part.mpn
        if line.source.role == Source.Role.INCUMBENT:
            continue
        if line.source.status in _ORDERABLE:
            cap = line.source.share_cap
            most = "any share of it" if cap is None or cap == 1 else f"{formats.percent(cap)} of it"
            yield f"{mpn} may take {most} today."
        elif line.gate is not None:
            yield f"{mpn} passed {line.gate.label.lower()} on {formats.day(line.gate.day)}."
    for line in lines:
        for one in line.agreements:
            yield (
                f"{one.document} with {one.supplier.name} ends on {formats.day(one.valid_to)}"
                f"{_bound(one)}."
            )


def _bound(one: PriceAgreement) -> str:
    said = ""
    if one.volume_commitment:
        said += f"; we committed to {formats.number(one.volume_commitment)} units"
    if one.allocation:
        said += f"; {formats.percent(one.allocation)} of our demand is allocated to it"
    if one.rebate_threshold:
        said += f"; its rebate begins at {formats.number(one.rebate_threshold)} units a year"
    return said
