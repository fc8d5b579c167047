"""Quotes side by side: what a unit costs in all, and why an offer cannot be compared.

Every quote is brought to one currency at the rates of one day, one volume, and one place of
delivery: freight and duty are added where the Incoterm leaves them to us. A quote of which a part
of the cost is not known, and one that is over, is marked and never counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from secondsource.core import clock, policies, queries
from secondsource.core.errors import Reason
from secondsource.core.formats import day as shown_day
from secondsource.core.formats import number
from secondsource.core.inputs import InputError
from secondsource.core.money import round_half_up
from suppliers.house_rules import LifecyclePolicy, TcoPolicy
from suppliers.lifecycle import lifecycle_risk
from suppliers.models import (
    ManufacturerPartSite,
    Offer,
    Quote,
    QuoteBreak,
    QuoteLine,
    Rfq,
    RfqInvitation,
    RfqLine,
    Source,
    Supplier,
)
from suppliers.price_break import price_of
from suppliers.price_facts import relative
from suppliers.quote_cell import Cell
from suppliers.tco import total_cost

_T = Offer.Incoterm
#: Terms whose price holds the carriage to us.
CARRIED = frozenset({_T.CPT, _T.CIP, _T.CFR, _T.CIF, _T.DAP, _T.DPU, _T.DDP})
#: The term whose price also holds the duty.
DUTY_PAID = _T.DDP
_WEEKS = 52
#: Places of converted amounts: more than a unit price has, fewer than a rate.
_PLACES = 10
_POOR_STANDINGS = {Supplier.Standing.PROBATION, Supplier.Standing.PHASE_OUT}


@dataclass(frozen=True)
class Rate:
    """One unit of a currency in that of the comparison."""

    rate: Decimal
    as_of: dt.date
    publisher: str


@dataclass
class Row:
    """A part at the chosen volume with a cell for each asked supplier, None without a quote."""

    line: RfqLine
    volume: int
    cells: list[Cell | None]

    @property
    def counted(self) -> list[Cell]:
        """The cells that are compared."""
        return [cell for cell in self.cells if cell is not None and cell.counted]


@dataclass
class Matrix:
    """All lines of an RFQ by all asked suppliers, on the day of the comparison."""

    rfq: Rfq
    day: dt.date
    invitations: list[RfqInvitation]
    rows: list[Row]
    rates: dict[str, Rate]
    policy: TcoPolicy

    @property
    def suppliers(self) -> list[dict[str, Any]]:
        """For each supplier how many lines it quotes, how many are counted and best."""
        found = []
        for place, invitation in enumerate(self.invitations):
            cells = [row.cells[place] for row in self.rows]
            quoted = [cell for cell in cells if cell is not None and cell.state != "declined"]
            found.append(
                {
                    "invitation": invitation,
                    "quoted": len(quoted),
                    "counted": sum(cell.counted for cell in quoted),
                    "best": sum(cell.best for cell in quoted),
                }
            )
        return found


def quote_matrix(rfq: Rfq, *, place: int = 1, quantity: int | None = None) -> Matrix:
    """Compare the last quotes at the ``place``-th volume of each line, or at one quantity.

    From its closing on an RFQ is compared as on that day. The number of statements does not depend
    on lines and suppliers.
    """
    on = rfq.closed_on or clock.business_day()
    policy, _ = policies.active(TcoPolicy)
    lifecycle, _ = policies.active(LifecyclePolicy)
    lines = list(rfq.lines.select_related("part"))
    invitations = list(rfq.invitations.select_related("supplier").order_by("supplier__name", "pk"))
    quoted = _quoted(invitations)
    sources = _sources(lines)
    rates = rates_of({line.quote.currency for line in quoted.values()}, rfq.currency, on)
    ladders = _ladders(quoted.values())
    countries = _countries(quoted.values())
    rows = []
    for line in lines:
        volume = quantity or line.volumes[min(place, len(line.volumes)) - 1]
        cells: list[Cell | None] = []
        for invitation in invitations:
            one = quoted.get((invitation.pk, line.pk))
            if one is None:
                cells.append(None)
                continue
            cell = Cell(
                one, one.quote, on, source=sources.get((line.part_id, _number_of(one))),
                supplier=invitation.supplier, countries=countries.get(_number_of(one), ()),
            )  # fmt: skip
            _judge(cell, line, volume, ladders.get(one.pk, []), rates, policy, on)
            _remark(cell, invitation.supplier, volume, lifecycle)
            cells.append(cell)
        row = Row(line, volume, cells)
        _rank(row.counted)
        rows.append(row)
    return Matrix(rfq, on, invitations, rows, rates, policy)


def _number_of(quoted: QuoteLine) -> int:
    return quoted.manufacturer_part_id or 0


def _quoted(invitations: Sequence[RfqInvitation]) -> dict[tuple[int, int], QuoteLine]:
    """Id of the invitation and of the line → the line of the last quote."""
    revisions = {one.pk: one.revision for one in invitations if one.revision}
    quotes = {
        quote.pk: quote
        for quote in Quote.objects.filter(invitation__in=revisions)
        if quote.revision == revisions[quote.invitation_id]
    }
    rows = QuoteLine.objects.filter(quote__in=quotes).select_related("manufacturer_part")
    found = {}
    for row in rows.order_by():
        row.quote = quotes[row.quote_id]
        found[row.quote.invitation_id, row.line_id] = row
    return found


def _ladders(quoted: Iterable[QuoteLine]) -> dict[int, list[tuple[int, Decimal]]]:
    rows = QuoteBreak.objects.filter(quote_line__in=[one.pk for one in quoted])
    found: dict[int, list[tuple[int, Decimal]]] = {}
    for pk, quantity, price in rows.order_by("quote_line", "quantity").values_list(
        "quote_line", "quantity", "price"
    ):
        found.setdefault(pk, []).append((quantity, price))
    return found


def _countries(quoted: Iterable[QuoteLine]) -> dict[int, list[str]]:
    """Id of a manufacturer part → the countries in which it is made, in order."""
    made = {_number_of(one) for one in quoted} - {0}
    rows = ManufacturerPartSite.objects.filter(manufacturer_part__in=made)
    pairs = rows.exclude(site__country="").values_list("manufacturer_part", "site__country")
    found: dict[int, list[str]] = {}
    for pk, country in pairs.order_by("site__country").distinct():
        found.setdefault(pk, []).append(country)
    return found


def _sources(lines: Sequence[RfqLine]) -> dict[tuple[int, int], Source]:
    rows = Source.objects.filter(part__in=[line.part_id for line in lines])
    return {(row.part_id, row.manufacturer_part_id): row for row in rows}


def rates_of(currencies: set[str], wanted: str, on: dt.date) -> dict[str, Rate]:
    """The rate of each currency on a day, those without one left out, by one statement."""
    rows = queries.rows(
        "SELECT c.code, r.rate, r.as_of, r.publisher FROM unnest(%s::text[]) c (code),"
        " LATERAL parts_rate(c.code, %s, %s) r",
        (sorted(currencies), wanted, on),
    )
    return {code: Rate(rate, as_of, publisher or "") for code, rate, as_of, publisher in rows}


def _judge(
    cell: Cell,
    line: RfqLine,
    volume: int,
    ladder: list[tuple[int, Decimal]],
    rates: Mapping[str, Rate],
    policy: TcoPolicy,
    on: dt.date,
) -> None:
    """Price the cell, or say why it is not compared."""
    quoted, quote = cell.quoted, cell.quote
    if quoted.declined:
        cell.state = "declined"
        return
    try:
        _price(cell, line, volume, ladder, rates.get(quote.currency), policy)
    except InputError:  # one supplier's figures do not stop the comparison of all
        detail = "A price or cost is too large to compare."
        cell.reasons = [Reason("out_of_range", detail, "Ask for a new one.")]
    if quote.is_expired(on):
        cell.state = "expired"
        detail = f"The quote ended on {shown_day(quote.valid_to)}."
        cell.reasons = [Reason("expired", detail, "Ask for a new one."), *cell.reasons]
    elif cell.reasons:
        cell.state = "not_comparable"


def _price(
    cell: Cell,
    line: RfqLine,
    volume: int,
    ladder: list[tuple[int, Decimal]],
    rate: Rate | None,
    policy: TcoPolicy,
) -> None:
    """The cost of a unit, or every part of it that is not known. Raises ``InputError``."""
    quoted = cell.quoted
    kind: Any = quoted.break_type
    found = price_of(
        quantity=volume, breaks=ladder, break_type=kind, moq=quoted.moq, multiple=quoted.multiple
    )
    cell.reasons = list(_unknown(cell, line, ladder, found, rate))
    if found is None or rate is None or cell.reasons:
        return
    cell.order_qty = found.order_qty
    cell.cost = total_cost(
        price=_in_full(found.unit_price * rate.rate),
        freight=_in_full((quoted.freight or Decimal(0)) * rate.rate),
        duty_rate=_duty(quoted, cell.quote),
        duty_basis="cif" if policy.duty_on_freight else "fob",
        carry_rate=policy.carry_rate,
        days_held=policy.days_held,
        quality_cost_rate=policy.quality_cost_rate,
        qualification_cost=_in_full(_once(cell, line, rate.rate)),
        amortise_units=line.amortise_units,
    )


def _unknown(
    cell: Cell, line: RfqLine, ladder: list[tuple[int, Decimal]], found: Any, rate: Rate | None
) -> Iterable[Reason]:
    """Every part of the cost that is not known."""
    quoted, quote = cell.quoted, cell.quote
    if cell.source is None:
        detail = f"{quoted.mpn} is no source of {line.part.ipn}."
        yield Reason("no_source", detail, "Add it as a source.")
    if found is None:
        detail = f"No price below {number(ladder[0][0])} units." if ladder else "No price."
        yield Reason("no_price", detail)
    if rate is None:
        yield Reason("no_rate", f"No exchange rate of {quote.currency}.", "Record the rate.")
    if not quote.incoterm:
        yield Reason("no_incoterm", "The Incoterm is not stated.", "Ask the supplier.")
    elif quote.incoterm not in CARRIED and quoted.freight is None:
        detail = f"The freight is not known ({quote.incoterm})."
        yield Reason("no_freight", detail, "Enter the freight of a unit.")
    if quote.incoterm and quote.incoterm != DUTY_PAID and quoted.tariff_rate is None:
        yield Reason("no_duty", "The duty rate is not known.", "Enter the rate, 0 for none.")
    needs_qualifying = cell.source is not None and not _is_approved(cell.source)
    if needs_qualifying and line.qualification_cost is None:
        detail = "What the qualification costs is not entered."
        yield Reason("no_qualification", detail, "Enter the cost at the line.")
    if _is_paid_once(quoted) and line.amortise_units is None:
        detail = "Over how many units NRE and tooling are spread is not entered."
        yield Reason("no_units", detail, "Enter the units at the line.")


def _is_approved(source: Source) -> bool:
    return source.status == Source.Status.APPROVED


def _is_paid_once(quoted: QuoteLine) -> bool:
    return bool(quoted.nre or quoted.tooling)


def _in_full(amount: Decimal) -> Decimal:
    """A converted amount without the endless places of a rate."""
    return round_half_up(amount, _PLACES)


def _duty(quoted: QuoteLine, quote: Quote) -> Decimal:
    if quote.incoterm == DUTY_PAID:
        return Decimal(0)
    return quoted.tariff_rate or Decimal(0)


def _once(cell: Cell, line: RfqLine, rate: Decimal) -> Decimal:
    """NRE, tooling and, for a source that is not approved, its qualification."""
    quoted = cell.quoted
    paid = ((quoted.nre or Decimal(0)) + (quoted.tooling or Decimal(0))) * rate
    approved = cell.source is not None and _is_approved(cell.source)
    return paid if approved else paid + (line.qualification_cost or Decimal(0))


def _remark(cell: Cell, supplier: Supplier, volume: int, policy: LifecyclePolicy) -> None:
    """What a buyer should know beside the cost."""
    quoted, said = cell.quoted, cell.remarks
    if cell.state == "declined":
        return
    if cell.order_qty is not None and cell.order_qty > volume:
        said.append(f"Order {number(cell.order_qty)} at least")
    if quoted.capacity_wk is not None and quoted.capacity_wk * _WEEKS < volume:
        said.append(f"Capacity {number(quoted.capacity_wk)} a week")
    if quoted.ncnr:
        said.append("NCNR")
    if quoted.tooling:
        said.append(f"Tools are {quoted.get_tooling_owner_display()}")
    if supplier.standing in _POOR_STANDINGS:
        said.append(f"{supplier.get_standing_display().capitalize()}")
    made = quoted.manufacturer_part
    if made is not None and made.sanctions_flag:
        said.append("Flagged by sanctions screening")
    risk = lifecycle_risk(made.lifecycle, policy=policy) if made is not None else None
    if made is not None and risk is not None and risk >= policy.decline:
        said.append(f"Lifecycle {made.get_lifecycle_display().lower()}")


def _rank(cells: Sequence[Cell]) -> None:
    """Mark the least cost of a line, and how far the others are above it."""
    least = min((cell.cost.tco for cell in cells if cell.cost), default=None)
    for cell in cells:
        if cell.cost is not None:
            cell.best = cell.cost.tco == least
            cell.difference = relative(cell.cost.tco, least)
