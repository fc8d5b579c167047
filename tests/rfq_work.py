"""Requests for quotation, quotes and agreements for tests, through the services."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from parts import services as catalogue
from parts.models import Part
from secondsource.core import clock
from secondsource.core.actors import Actor
from suppliers import services
from suppliers.models import Quote, QuoteLine, Rfq, RfqInvitation, Source, Supplier
from suppliers.rfq_workflow import RFQ_FLOW
from suppliers.services.quotes import QUOTE_FIELDS

JOB = Actor.named_job("tests")


def rfq(*parts: Part, suppliers: tuple[Supplier, ...], sent: bool = True, **fields: Any) -> Rfq:
    """An RFQ over these parts at 1,000 and 10,000 units, due in ten days."""
    volumes = fields.pop("volumes", [1000, 10_000])
    costs = {n: fields.pop(n) for n in ("qualification_cost", "amortise_units") if n in fields}
    lines = [{"part": part, "volumes": volumes, **costs} for part in parts]
    made = services.add_rfq(
        title=fields.pop("title", "Converters"),
        due=fields.pop("due", clock.business_day() + dt.timedelta(days=10)),
        currency=fields.pop("currency", "USD"), lines=lines, suppliers=suppliers, actor=JOB,
        **fields,
    )  # fmt: skip
    return RFQ_FLOW.fire(made.pk, "send", actor=JOB) if sent else made


def invitation(of: Rfq, supplier: Supplier) -> RfqInvitation:
    return of.invitations.get(supplier=supplier)


def head(**fields: Any) -> dict[str, Any]:
    """The head of a quote that can be compared."""
    until = clock.business_day() + dt.timedelta(days=60)
    return {"currency": "USD", "incoterm": "DDP", "valid_to": until} | fields


def quoted(of: Rfq, source: Source, *prices: str, **fields: Any) -> dict[str, Any]:
    """A quoted line: the first price from 1 unit on, the others from 1,000 and 10,000."""
    line = of.lines.get(part=source.part)
    ladder = list(zip((1, 1000, 10_000), map(Decimal, prices or ("1.00",)), strict=False))
    number = source.manufacturer_part
    return {
        "line": line, "manufacturer": number.manufacturer.name, "mpn": number.mpn,
        "price_breaks": ladder, **fields,
    }  # fmt: skip


def quote(of: Rfq, source: Source, *prices: str, **fields: Any) -> Quote:
    """A quote of the source's manufacturer for its part."""
    expected, channel = fields.pop("expected", None), fields.pop("channel", "form")
    named = {name: fields.pop(name) for name in list(fields) if name in QUOTE_FIELDS}
    supplier = fields.pop("supplier", None) or source.manufacturer_part.manufacturer
    return services.record_quote(
        invitation=invitation(of, supplier), channel=channel, values=head(**named),
        lines=[quoted(of, source, *prices, **fields)], actor=JOB, expected=expected,
    )  # fmt: skip


def award(of: Rfq, *lines: QuoteLine, actor: Actor = JOB, why: str = "least cost") -> Rfq:
    data = {"quote_lines": [line.key for line in lines]}
    return RFQ_FLOW.fire(of.pk, "award", actor=actor, note=why, data=data)


def rate(given: str, wanted: str, value: str) -> None:
    """A rate of today."""
    catalogue.record_rate(
        currency=given, quote=wanted, rate=Decimal(value), as_of=clock.business_day(),
        publisher="ECB", actor=JOB,
    )  # fmt: skip


def rfq_rows(source: Source) -> dict[str, str]:
    """A row of every table; their ids by the step of the address before each."""
    made = rfq(source.part, suppliers=(source.manufacturer_part.manufacturer,))
    one = made.invitations.get()
    services.issue_link(invitation=one, actor=JOB)
    first = quote(made, source)
    return {
        "rfqs": made.key, "invitations": one.key, "quotes": first.key,
        "lines": made.lines.get().key,
        "price-agreements": agreement(source).key,
    }  # fmt: skip


def agreement(source: Source, **fields: Any) -> Any:
    """A price agreement about the source with its manufacturer, for a year from today."""
    today = clock.business_day()
    values: dict[str, Any] = {
        "document": "LTA-7", "valid_from": today, "valid_to": today + dt.timedelta(days=364),
        "currency": "USD", "price_breaks": [(1, Decimal(2))], "actor": JOB,
        "supplier": source.manufacturer_part.manufacturer,
    } | fields  # fmt: skip
    return services.add_agreement(manufacturer_part=source.manufacturer_part, **values)
