"""The check before an order: may this be ordered?

The answer is allow, warn or block with all reasons and remedies. It is derived from the facts of
the order's day by ``suppliers.derivation``, as the stored status is.
"""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from parts.models import Part, PartUsage, Product
from parts.models.catalogue import RiskClass
from secondsource.accounts.models import Plant
from secondsource.core import clock
from secondsource.core.errors import Reason
from secondsource.core.formats import apart, number, percent
from suppliers.derivation import SourceState, derive
from suppliers.models import Approval, Offer, OrderLine, Receipt, Source, Supplier
from suppliers.names import normal_mpn, normal_name

ALLOW, WARN, BLOCK = "allow", "warn", "block"
_RANK = {ALLOW: 0, WARN: 1, BLOCK: 2}


@dataclass
class Verdict:
    """The worst answer of all findings, with their reasons."""

    source: Source | None = None
    verdict: str = ALLOW
    reasons: list[Reason] = field(default_factory=list)

    def add(self, verdict: str, code: str, detail: str, fix: str = "") -> None:
        """Add a finding. The answer never becomes better."""
        self.reasons.append(Reason(code, detail, fix))
        if _RANK[verdict] > _RANK[self.verdict]:
            self.verdict = verdict


@dataclass(frozen=True)
class IntendedOrder:
    """The order to check; ``day`` is its day."""

    part: Part
    quantity: Decimal
    day: dt.date
    product: Product | None = None
    supplier: Supplier | None = None
    plant: Plant | None = None


def check(
    *,
    part: Part,
    mpn: str = "",
    manufacturer: str = "",
    supplier: Supplier | None = None,
    product: Product | None = None,
    plant: Plant | None = None,
    quantity: Decimal = Decimal(1),
    day: dt.date | None = None,
) -> Verdict:
    """Check an order of a manufacturer part for ``part``; without ``mpn`` that of the incumbent.

    ``quantity`` is in the part's unit, ``day`` the day of the order (None = today).
    """
    order = IntendedOrder(part, quantity, day or clock.business_day(), product, supplier, plant)
    matches = _sources(part, mpn, manufacturer)
    if len(matches) == 1:
        return check_source(matches[0], order)
    verdict = Verdict()
    if not matches:
        what = f"{mpn} is not a source of {part.ipn}." if mpn else f"{part.ipn} has no source."
        verdict.add(BLOCK, "not_a_source", what, "Engineering can add it as a candidate.")
    else:
        manufacturers = ", ".join(s.manufacturer_part.manufacturer.name for s in matches)
        verdict.add(
            BLOCK, "ambiguous", f"{mpn} is a part of {manufacturers}.", "Name the manufacturer."
        )
    return verdict


def check_source(source: Source, order: IntendedOrder) -> Verdict:
    """Check an order of a source that was read ``with_manufacturers``."""
    state = derive([order.part.pk], order.day)[source.pk]
    dated = _as_of(source, state)
    verdict = Verdict(source=dated)
    _judge(verdict, dated, state, order)
    return verdict


def _sources(part: Part, mpn: str, manufacturer: str) -> list[Source]:
    sources = Source.objects.with_manufacturers().filter(part=part)
    if mpn:
        sources = sources.filter(manufacturer_part__mpn_normal=normal_mpn(mpn))
    else:
        sources = sources.filter(role=Source.Role.INCUMBENT)
    if manufacturer:
        named = Supplier.objects.filter(
            Q(aliases__normal=normal_name(manufacturer))
            | Q(code=manufacturer)
            | Q(merged__code=manufacturer)
        )
        sources = sources.filter(manufacturer_part__manufacturer__in=list(named.distinct()[:5]))
    return list(sources[:5])


def _as_of(source: Source, state: SourceState) -> Source:
    """The source by the facts of the order's day, with ``units_left``; None without a cap."""
    dated = copy.copy(source)
    dated.status, dated.approval_id = state.status, state.approval_id
    dated.share_cap, dated.quantity_cap = state.share_cap, state.quantity_cap
    dated.units_left = None
    if state.quantity_cap is not None:
        since = state.quantity_since or clock.now()
        counted = Source.objects.with_units_left(state.quantity_cap, since)
        dated.units_left = counted.values_list("units_left", flat=True).get(pk=source.pk)
    return dated


def _judge(verdict: Verdict, source: Source, state: SourceState, order: IntendedOrder) -> None:
    given = Approval.objects.filter(pk=source.approval_id or 0).first()
    _BY_STATUS[Source.Status(source.status)](verdict, source, state, order)
    _scope(verdict, source, given, order)
    _validity(verdict, source, order)
    if given is not None:
        _terms(verdict, given)
    if source.manufacturer_part.manufacturer.placeholder:
        detail = f"The manufacturer of {source.manufacturer_part.mpn} is not named."
        verdict.add(WARN, "manufacturer_not_named", detail, "Name the manufacturer.")
    if order.supplier is not None:
        _supplier(verdict, source, order.supplier)


def _terms(verdict: Verdict, given: Approval) -> None:
    """Warn of each condition of the approval and of each risk that was accepted with it."""
    fix = "Order only where the condition is met."
    for condition in given.conditions.splitlines():
        if condition.strip():
            verdict.add(WARN, "condition", f"Approved on condition: {condition.strip()}", fix)
    for risk in given.accepted_risks.splitlines():
        verdict.add(WARN, "accepted_risk", f"Accepted risk: {risk}")


def _scope(verdict: Verdict, source: Source, given: Approval | None, order: IntendedOrder) -> None:
    """Check the products and plants of the approval or of the candidate."""
    products = given.products if given else source.scope
    codes = set(products.values_list("code", flat=True))
    plants = set(given.plants.values_list("code", flat=True)) if given else set()
    names = ", ".join([*sorted(codes), *sorted(plants)])
    if order.product is not None:
        _usage(verdict, order.part, order.product, order.plant)
    outside = [
        code for code in (_outside_products(codes, order), _outside_plants(plants, order)) if code
    ]
    if outside:
        detail = f"Approved for {names}, not for {' at '.join(outside)}."
        verdict.add(BLOCK, "out_of_scope", detail, "A case can widen the scope.")
    elif missing := _missing(codes, plants, order):
        detail = f"Approved for {names} only."
        verdict.add(WARN, "scope_unknown", detail, f"Name the {missing} of the order.")


def _missing(codes: set[str], plants: set[str], order: IntendedOrder) -> str:
    """Return what the order has to name before the scope of the approval can be judged."""
    if order.product is None and (codes or (plants and order.plant is None)):
        return "product"
    if plants and order.plant is None and not _made_at(order.product) <= plants:
        return "plant"
    return ""


def _usage(verdict: Verdict, part: Part, product: Product, plant: Plant | None) -> None:
    if not PartUsage.objects.filter(part=part, product=product).exists():
        detail = f"{product.code} does not use {part.ipn}."
        verdict.add(WARN, "not_used_in_product", detail, "Check the product of the order.")
    if plant is not None and (theirs := _made_at(product)) and plant.code not in theirs:
        detail = f"{product.code} is not made at {plant.code}."
        verdict.add(WARN, "not_made_at_plant", detail, "Check the plant of the order.")


def _outside_products(codes: set[str], order: IntendedOrder) -> str:
    product = order.product
    return product.code if product and codes and product.code not in codes else ""


def _outside_plants(plants: set[str], order: IntendedOrder) -> str:
    """Return the plant, or the product that is made at none of ``plants``."""
    if not plants:
        return ""
    if order.plant is not None:
        return "" if order.plant.code in plants else order.plant.code
    return order.product.code if order.product and not plants & _made_at(order.product) else ""


def _made_at(product: Product | None) -> set[str]:
    return set(product.plants.values_list("code", flat=True)) if product else set()


def _supplier(verdict: Verdict, source: Source, supplier: Supplier) -> None:
    if supplier.standing == Supplier.Standing.DISQUALIFIED:
        verdict.add(BLOCK, "supplier_disqualified", "The supplier is disqualified.")
    elif supplier.standing == Supplier.Standing.PHASE_OUT:
        verdict.add(WARN, "supplier_phase_out", "The supplier is being phased out.")
    part = source.manufacturer_part
    franchise = Q(manufacturer_part__manufacturer=part.manufacturer_id) & ~Q(
        channel=Offer.Channel.BROKER
    )
    known = Offer.objects.filter(Q(manufacturer_part=part) | franchise, supplier=supplier)
    if supplier.pk != part.manufacturer_id and not known.exists():
        verdict.add(
            WARN,
            "supplier_not_on_record",
            f"{supplier.name} has no offer of {part.mpn} and no franchise of its manufacturer.",
            "Procurement can enter an offer.",
        )


def _validity(verdict: Verdict, source: Source, order: IntendedOrder) -> None:
    """Check the source's own period, which can only narrow that of its approval."""
    if source.valid_from and order.day < source.valid_from:
        verdict.add(BLOCK, "not_yet_in_use", f"The source may be used from {source.valid_from}.")
    if source.valid_to and order.day > source.valid_to:
        verdict.add(BLOCK, "no_longer_in_use", f"The source may be used until {source.valid_to}.")


def _candidate(verdict: Verdict, source: Source, state: SourceState, order: IntendedOrder) -> None:
    later = Approval.objects.standing().filter(source=source, valid_from__gt=order.day)
    begins = later.order_by("valid_from").values_list("valid_from", flat=True).first()
    if begins:
        verdict.add(BLOCK, "not_yet_valid", f"The approval begins on {begins}.")
        return
    verdict.add(BLOCK, "candidate", "The source is only a candidate.", "Open a case.")
    _reasons(verdict, state, BLOCK)


def _reasons(verdict: Verdict, state: SourceState, how: str) -> None:
    for reason in state.reasons:
        verdict.add(how, reason["code"], reason["detail"])


def _in_qualification(
    verdict: Verdict, source: Source, state: SourceState, order: IntendedOrder
) -> None:
    left = source.units_left or Decimal(0)
    if left == 0:
        verdict.add(
            BLOCK, "in_qualification", "The source is in qualification, no pilot quantity is open."
        )
    elif order.quantity > left:
        verdict.add(
            BLOCK, "above_pilot_quantity", f"{number(left)} units are left for the pilot, not more."
        )
    else:
        verdict.add(ALLOW, "pilot_quantity", f"Pilot material, {number(left)} units left.")


def _interim(verdict: Verdict, source: Source, state: SourceState, order: IntendedOrder) -> None:
    left = source.units_left
    if left is not None and order.quantity > left:
        verdict.add(
            BLOCK, "above_interim_quantity", f"{number(left)} units are left of the interim."
        )
    else:
        verdict.add(ALLOW, "interim", "Within the interim approval.")
        _share(verdict, source, order)


def _approved(verdict: Verdict, source: Source, state: SourceState, order: IntendedOrder) -> None:
    left = source.units_left
    if left is not None and order.quantity > left:
        verdict.add(
            BLOCK, "above_approved_quantity", f"{number(left)} units are left of the approval."
        )
    _share(verdict, source, order)


def _requalify(verdict: Verdict, source: Source, state: SourceState, order: IntendedOrder) -> None:
    if source.share_cap == 0:
        verdict.add(
            BLOCK, "requalify", "The source must be qualified again.", "A case can reopen it."
        )
        _reasons(verdict, state, BLOCK)
        return
    how = BLOCK if order.part.category.risk_class == RiskClass.HIGH else WARN
    verdict.add(
        how, "requalify", "The source must be qualified again.", "Open a requalification case."
    )
    _reasons(verdict, state, how)
    _approved(verdict, source, state, order)


def _phase_out(verdict: Verdict, source: Source, state: SourceState, order: IntendedOrder) -> None:
    _reasons(verdict, state, WARN)
    _approved(verdict, source, state, order)


def _disqualified(
    verdict: Verdict, source: Source, state: SourceState, order: IntendedOrder
) -> None:
    _reasons(verdict, state, BLOCK)


_BY_STATUS: dict[Source.Status, Any] = {
    Source.Status.CANDIDATE: _candidate,
    Source.Status.IN_QUALIFICATION: _in_qualification,
    Source.Status.INTERIM: _interim,
    Source.Status.APPROVED: _approved,
    Source.Status.REQUALIFY: _requalify,
    Source.Status.PHASE_OUT: _phase_out,
    Source.Status.DISQUALIFIED: _disqualified,
}


def _share(verdict: Verdict, source: Source, order: IntendedOrder) -> None:
    if source.share_cap is None:
        return
    demand = source.part.figures.month_demand if hasattr(source.part, "figures") else None
    if not demand:
        verdict.add(
            WARN,
            "share_unknown",
            "The month's demand is not known, so the share is unknown.",
            "Give the products their monthly volume.",
        )
        return
    taken = received_this_month(source, order.day) + on_order(source)
    share = (taken + order.quantity) / demand
    if share > source.share_cap:
        asked, allowed = apart(share, source.share_cap, percent)
        limit = "interim approval" if source.status == Source.Status.INTERIM else "ramp"
        verdict.add(
            WARN,
            "above_ramp",
            f"{asked} of the month's demand, the {limit} allows {allowed}.",
            "Quality can allow more.",
        )


def received_this_month(source: Source, day: dt.date) -> Decimal:
    """Units of the source received in the calendar month of ``day``."""
    received = Receipt.objects.standing().filter(
        source=source, received_date__year=day.year, received_date__month=day.month
    )
    return received.aggregate(total=Sum("received_qty"))["total"] or Decimal(0)


def on_order(source: Source) -> Decimal:
    """Units of the source on order, whenever they are due."""
    lines = OrderLine.objects.filter(source=source).with_open()
    return lines.aggregate(total=Sum("open_qty"))["total"] or Decimal(0)
