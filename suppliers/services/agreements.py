"""Services for price agreements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Q

from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, Reason, ValuesRefused, refuse_values
from secondsource.core.formats import day
from secondsource.core.models import Counter
from secondsource.core.money import is_currency
from secondsource.core.records import change, create
from suppliers.models import AgreedPrice, ManufacturerPart, PriceAgreement, Supplier
from suppliers.services.commerce import Breaks, break_problems

#: What can change; other prices, parts or currencies are another agreement.
AGREEMENT_FIELDS = frozenset(
    {
        "document", "valid_to", "volume_commitment", "allocation", "rebate_threshold",
        "rebate_rate", "rebate_on", "last_time_buy_months", "last_time_buy", "ip_clause", "note",
    }
)  # fmt: skip


@transaction.atomic
def add_agreement(
    *,
    supplier: Supplier,
    manufacturer_part: ManufacturerPart,
    document: str,
    valid_from: dt.date,
    valid_to: dt.date,
    currency: str,
    price_breaks: Breaks,
    actor: Actor,
    **fields: Any,
) -> PriceAgreement:
    """Record an agreement with its prices. Two of a supplier and part never overlap in time."""
    actor.require("suppliers.write_priceagreement")
    row = PriceAgreement(
        supplier=supplier, manufacturer_part=manufacturer_part, document=document.strip(),
        valid_from=valid_from, valid_to=valid_to, currency=currency, **fields,
    )  # fmt: skip
    refuse_values([*agreement_problems(row), *break_problems(price_breaks)])
    Supplier.objects.select_for_update(of=("self",), no_key=True).get(pk=supplier.pk)
    _refuse_overlap(row)
    row.number = Counter.take("price_agreement")[0]
    create(row, actor, duplicate="This number is taken.")
    AgreedPrice.objects.bulk_create(
        AgreedPrice(agreement=row, quantity=quantity, price=price)
        for quantity, price in price_breaks
    )
    audit.record("suppliers.priceagreement.added", row, actor, note=row.document)
    return row


@transaction.atomic
def change_agreement(
    *,
    agreement: PriceAgreement,
    values: Mapping[str, Any],
    actor: Actor,
    expected: int | None = None,
    reason: str = "",
) -> PriceAgreement:
    """Change terms (``AGREEMENT_FIELDS``); an earlier ``valid_to`` ends the agreement."""
    actor.require("suppliers.write_priceagreement", agreement)
    Supplier.objects.select_for_update(of=("self",), no_key=True).get(pk=agreement.supplier_id)
    row = PriceAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    audit.check_version(row, expected)
    for name, value in values.items():
        setattr(row, name, value)
    refuse_values(agreement_problems(row))
    _refuse_overlap(row)
    return change(
        agreement, values, actor, allowed=AGREEMENT_FIELDS, expected=expected, reason=reason
    )


def _refuse_overlap(row: PriceAgreement) -> None:
    others = PriceAgreement.objects.filter(
        supplier=row.supplier_id, manufacturer_part=row.manufacturer_part_id,
        valid_from__lte=row.valid_to, valid_to__gte=row.valid_from,
    ).exclude(pk=row.pk)  # fmt: skip
    if other := others.order_by("valid_from").first():
        detail = (
            f"{other.reference} holds from {day(other.valid_from)} to {day(other.valid_to)}:"
            " end it first."
        )
        raise ValuesRefused.one("/valid_to", "overlaps", detail)


def overlaps_after(twins: Mapping[int, int], companies: Mapping[int, int]) -> Iterator[Reason]:
    """Agreements that would hold at once if these parts and companies became others."""
    rows = PriceAgreement.objects.filter(
        Q(manufacturer_part__in=[*twins, *twins.values()])
        | Q(supplier__in=[*companies, *companies.values()])
    )
    by_key: dict[tuple[int, int], list[PriceAgreement]] = {}
    for row in rows.order_by("valid_from", "pk"):
        company = companies.get(row.supplier_id, row.supplier_id)
        number = twins.get(row.manufacturer_part_id, row.manufacturer_part_id)
        by_key.setdefault((company, number), []).append(row)
    for found in by_key.values():
        for one, other in pairwise(found):
            if other.valid_from <= one.valid_to:
                detail = f"{one.reference} and {other.reference} would hold at once."
                yield Reason("two_agreements", detail, "End one of them first.")


def agreement_problems(row: PriceAgreement) -> list[FieldProblem]:
    """Problems of the terms of an agreement."""
    found = []
    if not row.document:
        detail = "Name the document of the agreement."
        found.append(FieldProblem("/document", "required", detail))
    if not is_currency(row.currency):
        detail = "Give the ISO 4217 code of the currency."
        found.append(FieldProblem("/currency", "unknown_currency", detail))
    if row.valid_to < row.valid_from:
        found.append(FieldProblem("/valid_to", "limits_reversed", "Ends before it begins."))
    if row.allocation is not None and not 0 <= row.allocation <= 1:
        detail = "A share is from 0 to 100 %."
        found.append(FieldProblem("/allocation", "out_of_range", detail))
    if (row.rebate_rate is None) != (row.rebate_threshold is None):
        missing = "rebate_rate" if row.rebate_rate is None else "rebate_threshold"
        detail = "A rebate has a rate and a threshold."
        found.append(FieldProblem(f"/{missing}", "required", detail))
    if row.rebate_rate is not None and not 0 < row.rebate_rate < 1:
        detail = "A rebate is a fraction above 0: 0.03 is 3 %."
        found.append(FieldProblem("/rebate_rate", "out_of_range", detail))
    return found
