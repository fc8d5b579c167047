"""May this be ordered? The question that an ERP asks before it orders.

The answer follows the table of gates and source status: allow, warn or block, every reason, and
who can mend it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from parts.models import Part, Product
from parts.models.catalogue import RiskClass
from secondsource.core import clock
from secondsource.core.errors import Reason
from secondsource.core.formats import number
from suppliers.models import OrderLine, Receipt, Source, Supplier
from suppliers.naming import normal_mpn, normal_name

ALLOW, WARN, BLOCK = "allow", "warn", "block"
_RANK = {ALLOW: 0, WARN: 1, BLOCK: 2}


@dataclass
class Verdict:
    """The worst of all findings, with each finding's reason."""

    source: Source | None = None
    verdict: str = ALLOW
    reasons: list[Reason] = field(default_factory=list)

    def add(self, verdict: str, code: str, detail: str, fix: str = "") -> None:
        """Note a finding; the verdict only ever gets worse."""
        self.reasons.append(Reason(code, detail, fix))
        if _RANK[verdict] > _RANK[self.verdict]:
            self.verdict = verdict


@dataclass(frozen=True)
class Order:
    """What is about to be ordered; ``day`` is the day of the order."""

    part: Part
    quantity: Decimal
    day: dt.date
    product: Product | None = None
    supplier: Supplier | None = None


def check(
    *,
    part: Part,
    mpn: str = "",
    manufacturer: str = "",
    supplier: Supplier | None = None,
    product: Product | None = None,
    quantity: Decimal = Decimal(1),
    day: dt.date | None = None,
) -> Verdict:
    """Judge an order of a maker's part as our ``part``; without ``mpn`` of the incumbent's.

    ``quantity`` is in the part's unit, ``day`` the day of the order (None = today).
    """
    order = Order(part, quantity, day or clock.business_day(), product, supplier)
    matches = _sources(part, mpn, manufacturer)
    verdict = Verdict()
    if not matches:
        what = f"{mpn} is not a source of {part.ipn}." if mpn else f"{part.ipn} has no source."
        verdict.add(BLOCK, "not_a_source", what, "Engineering can add it as a candidate.")
    elif len(matches) > 1:
        makers = ", ".join(s.manufacturer_part.manufacturer.name for s in matches)
        verdict.add(BLOCK, "ambiguous", f"{mpn} is made by {makers}.", "Name the manufacturer.")
    else:
        verdict.source = matches[0]
        _judge(verdict, matches[0], order)
    return verdict


def _sources(part: Part, mpn: str, manufacturer: str) -> list[Source]:
    sources = Source.objects.with_makers().filter(part=part)
    if mpn:
        sources = sources.filter(manufacturer_part__mpn_normal=normal_mpn(mpn))
    else:
        sources = sources.filter(role=Source.Role.INCUMBENT)
    if manufacturer:
        sources = sources.filter(
            Q(manufacturer_part__manufacturer__aliases__normal=normal_name(manufacturer))
            | Q(manufacturer_part__manufacturer__code=manufacturer)
        ).distinct()
    return list(sources[:5])


def _judge(verdict: Verdict, source: Source, order: Order) -> None:
    _BY_STATUS[Source.Status(source.status)](verdict, source, order)
    if order.product is not None:
        codes = set(source.scope.values_list("code", flat=True))
        if codes and order.product.code not in codes:
            verdict.add(
                BLOCK,
                "out_of_scope",
                f"Approved for {', '.join(sorted(codes))}, not for {order.product.code}.",
                "A qualification case can widen the scope.",
            )
    _validity(verdict, source, order)
    standing = order.supplier.standing if order.supplier else ""
    if standing == Supplier.Standing.DISQUALIFIED:
        verdict.add(BLOCK, "supplier_disqualified", "The supplier is disqualified.")
    elif standing == Supplier.Standing.PHASE_OUT:
        verdict.add(WARN, "supplier_phase_out", "The supplier is being phased out.")


def _validity(verdict: Verdict, source: Source, order: Order) -> None:
    """The source's own period, which only ever narrows that of its approval."""
    if source.valid_from and order.day < source.valid_from:
        verdict.add(BLOCK, "not_yet_in_use", f"The source may be used from {source.valid_from}.")
    if source.valid_to and order.day > source.valid_to:
        verdict.add(BLOCK, "no_longer_in_use", f"The source may be used until {source.valid_to}.")


def _candidate(verdict: Verdict, source: Source, order: Order) -> None:
    verdict.add(BLOCK, "candidate", "The source is only a candidate.", "Open a qualification case.")


def _in_qualification(verdict: Verdict, source: Source, order: Order) -> None:
    left = source.quantity_cap or Decimal(0)
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


def _interim(verdict: Verdict, source: Source, order: Order) -> None:
    _period(verdict, source, order, late=BLOCK)
    left = source.quantity_cap
    if left is not None and order.quantity > left:
        verdict.add(
            BLOCK, "above_interim_quantity", f"{number(left)} units are left of the interim."
        )
    if verdict.verdict == ALLOW:
        verdict.add(ALLOW, "interim", "Within the interim approval.")


def _approved(verdict: Verdict, source: Source, order: Order) -> None:
    late = BLOCK if order.part.category.risk_class == RiskClass.HIGH else WARN
    _period(verdict, source, order, late=late)
    _share(verdict, source, order)


def _requalify(verdict: Verdict, source: Source, order: Order) -> None:
    high = order.part.category.risk_class == RiskClass.HIGH
    if source.share_cap == 0:
        verdict.add(BLOCK, "rolled_back", "The source was taken back.", "A case can reopen it.")
        return
    verdict.add(
        BLOCK if high else WARN,
        "requalify",
        "The source must be qualified again.",
        "Open a requalification case.",
    )
    _share(verdict, source, order)


def _phase_out(verdict: Verdict, source: Source, order: Order) -> None:
    verdict.add(WARN, "phase_out", "The source is being phased out.")


def _disqualified(verdict: Verdict, source: Source, order: Order) -> None:
    verdict.add(BLOCK, "disqualified", "The source is disqualified.")


_BY_STATUS: dict[Source.Status, Any] = {
    Source.Status.CANDIDATE: _candidate,
    Source.Status.IN_QUALIFICATION: _in_qualification,
    Source.Status.INTERIM: _interim,
    Source.Status.APPROVED: _approved,
    Source.Status.REQUALIFY: _requalify,
    Source.Status.PHASE_OUT: _phase_out,
    Source.Status.DISQUALIFIED: _disqualified,
}


def _period(verdict: Verdict, source: Source, order: Order, *, late: str) -> None:
    approval = source.approval
    if approval is None:
        return
    first = approval.valid_from
    if order.day < first:
        verdict.add(BLOCK, "not_yet_valid", f"The approval begins on {first}.")
    if approval.valid_to and order.day > approval.valid_to:
        verdict.add(late, "approval_expired", f"The approval ended on {approval.valid_to}.")


def _share(verdict: Verdict, source: Source, order: Order) -> None:
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
        verdict.add(
            WARN,
            "above_ramp",
            f"{share:.1%} of the month's demand, the ramp allows {source.share_cap:.1%}.",
            "Quality can allow more.",
        )


def received_this_month(source: Source, day: dt.date) -> Decimal:
    """Units of the source received in the calendar month of ``day``."""
    received = Receipt.objects.standing().filter(
        source=source, received_date__year=day.year, received_date__month=day.month
    )
    return received.aggregate(total=Sum("received_qty"))["total"] or Decimal(0)


def on_order(source: Source) -> Decimal:
    """Units of the source that are ordered and have not arrived, whenever they are due."""
    lines = OrderLine.objects.filter(source=source).with_open()
    return lines.aggregate(total=Sum("open_qty"))["total"] or Decimal(0)
