"""Services that record quotes and turn accepted ones into offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from parts.exchange import conversion
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, Stale, refuse_values
from secondsource.core.money import is_currency
from secondsource.core.records import create, problems_of
from suppliers.models import (
    ManufacturerPart,
    Offer,
    Quote,
    QuoteBreak,
    QuoteLine,
    Rfq,
    RfqInvitation,
    RfqLine,
    SupplierAlias,
)
from suppliers.names import normal_mpn, normal_name
from suppliers.price_break import MOST_PRICE
from suppliers.services.commerce import MOST_TARIFF, add_offer, break_problems, change_offer
from suppliers.services.rfqs import locked_rfq

QUOTE_FIELDS = (
    "currency", "incoterm", "place", "valid_to", "reference", "note", "esg_kind", "esg_result",
    "esg_valid_to",
)  # fmt: skip
QUOTE_LINE_FIELDS = (
    "declined", "manufacturer", "mpn", "break_type", "moq", "multiple", "lead_time_days_min",
    "lead_time_days_max", "capacity_wk", "ncnr", "freight", "tariff_rate", "nre", "tooling",
    "tooling_owner", "note",
)  # fmt: skip
#: Fields of a quoted line that its offer takes over.
OFFERED = (
    "break_type", "moq", "multiple", "lead_time_days_min", "lead_time_days_max", "capacity_wk",
    "ncnr", "tariff_rate",
)  # fmt: skip
_NOT_NEGATIVE = ("capacity_wk", "freight", "tariff_rate", "nre", "tooling")
MOST_MONEY = Decimal("1e13")


@transaction.atomic
def record_quote(
    *,
    invitation: RfqInvitation,
    channel: str,
    values: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    actor: Actor,
    expected: int | None = None,
) -> Quote:
    """Record a quote as the next revision, whole or not at all.

    ``values``: ``QUOTE_FIELDS``; ``lines``: ``line``, ``price_breaks`` and ``QUOTE_LINE_FIELDS``.
    ``expected`` is the revision that the author saw. Nobody quotes after the due date, by whatever
    channel, until a buyer gives the RFQ a later one. Raises ``RuleRefused``, ``ValuesRefused``,
    ``Stale``.
    """
    rfq = locked_rfq(invitation.rfq)
    if channel != Quote.Channel.LINK:
        actor.require("suppliers.write_rfq", rfq)
    row = RfqInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    _require_open(rfq, by_link=channel == Quote.Channel.LINK)
    if expected is not None and expected != row.revision:
        raise Stale(expected=expected, current=row.revision)
    quote = Quote(
        invitation=row,
        revision=row.revision + 1,
        channel=channel,
        received_on=clock.business_day(),
        recorded_by=actor.user,
        **{name: values[name] for name in QUOTE_FIELDS if name in values},
    )
    refuse_values([*quote_problems(quote), *quoted_problems(rfq, lines)])
    _fix_rate(quote, rfq)
    create(quote, actor, reason=channel, duplicate="This revision is on record already.")
    _write_lines(quote, lines, actor)
    row.revision = quote.revision
    audit.save_as(row, actor, "quoted")
    data = {"supplier": invitation.supplier.code, "revision": quote.revision, "channel": channel}
    audit.record("suppliers.rfq.quoted", rfq, actor, data=data)
    return quote


def _require_open(rfq: Rfq, *, by_link: bool) -> None:
    if rfq.state != Rfq.State.SENT:
        state = rfq.get_state_display().lower()
        fix = "Write to the buyer." if by_link else ""
        raise RuleRefused.one("not_open", f"{rfq.reference} is {state}: it takes no quotes.", fix)
    if rfq.due < clock.business_day():
        fix = "Write to the buyer." if by_link else "Give it a later due date first."
        raise RuleRefused.one("too_late", f"The due date of {rfq.reference} is over.", fix)


def _fix_rate(quote: Quote, rfq: Rfq) -> None:
    """Keep the rate of the day on which the quote arrived."""
    found = conversion(given=quote.currency, wanted=rfq.currency, day=quote.received_on)
    if found is not None:
        quote.rate, quote.rate_date = round(found.rate, 12), found.as_of
        quote.rate_publisher = found.publisher


def _write_lines(quote: Quote, lines: Sequence[Mapping[str, Any]], actor: Actor) -> None:
    known = _known_parts(quote, lines)
    rows, breaks = [], []
    for given, number in zip(lines, known, strict=True):
        named = {name: given[name] for name in QUOTE_LINE_FIELDS if name in given}
        row = QuoteLine(quote=quote, line=given["line"], manufacturer_part=number, **named)
        rows.append(row)
        breaks += [
            QuoteBreak(quote_line=row, quantity=quantity, price=price)
            for quantity, price in given.get("price_breaks") or ()
        ]
    refuse_values(_unclean(rows))
    audit.bulk_create_as(QuoteLine, rows, actor, "quoted")
    for one in breaks:
        one.quote_line_id = one.quote_line.pk
    QuoteBreak.objects.bulk_create(breaks)


def _unclean(rows: Sequence[QuoteLine]) -> list[FieldProblem]:
    """Values that a field cannot hold: too long, too large, unknown words."""
    found = []
    for place, row in enumerate(rows):
        try:
            row.clean_fields(exclude={"quote", "line", "manufacturer_part"})
        except ValidationError as error:
            found += [
                FieldProblem(f"/lines/{place}{one.pointer}", one.code, one.detail)
                for one in problems_of(error)
            ]
    return found


def _known_parts(quote: Quote, lines: Sequence[Mapping[str, Any]]) -> list[ManufacturerPart | None]:
    """The row on record of each quoted part, by three statements for all lines."""
    supplier = quote.invitation.supplier
    names = [normal_name(line.get("manufacturer") or supplier.name) for line in lines]
    numbers = [normal_mpn(line.get("mpn") or "") for line in lines]
    aliases = SupplierAlias.objects.filter(normal__in=set(names))
    companies = dict(aliases.values_list("normal", "supplier_id"))
    rows = ManufacturerPart.objects.filter(
        manufacturer__in=companies.values(), mpn_normal__in={n for n in numbers if n}
    )
    found = {(row.manufacturer_id, row.mpn_normal): row for row in rows}
    return [
        found.get((companies.get(name, 0), number))
        for name, number in zip(names, numbers, strict=True)
    ]


def quote_problems(quote: Quote) -> list[FieldProblem]:
    """Problems of the head of a quote."""
    found = []
    if not is_currency(quote.currency):
        detail = "Give the ISO 4217 code of the currency."
        found.append(FieldProblem("/currency", "unknown_currency", detail))
    if quote.valid_to is None:
        found.append(FieldProblem("/valid_to", "required", "Until when is the quote valid?"))
    elif quote.valid_to < quote.received_on:
        found.append(FieldProblem("/valid_to", "in_past", "This day is over."))
    if quote.incoterm and quote.incoterm not in Offer.Incoterm.values:
        found.append(FieldProblem("/incoterm", "unknown", "Give a term of Incoterms 2020."))
    if not quote.esg_kind and (quote.esg_result or quote.esg_valid_to):
        found.append(FieldProblem("/esg_kind", "required", "Name the kind of evidence."))
    return found


def quoted_problems(rfq: Rfq, lines: Sequence[Mapping[str, Any]]) -> list[FieldProblem]:
    """Problems of quoted lines; a declined line needs nothing."""
    asked = set(RfqLine.objects.filter(rfq=rfq).values_list("pk", flat=True))
    found, seen = [], set()
    for place, given in enumerate(lines):
        at, line = f"/lines/{place}", given["line"]
        if line.pk not in asked:
            found.append(FieldProblem(f"{at}/line", "unknown", "This line is not in the RFQ."))
        if line.pk in seen:
            found.append(FieldProblem(f"{at}/line", "duplicate", "This line is quoted above."))
        seen.add(line.pk)
        if not given.get("declined"):
            found += _priced_problems(at, given)
    if not any(not given.get("declined") for given in lines):
        found.append(FieldProblem("/lines", "required", "Quote at least one line."))
    return found


def _priced_problems(at: str, given: Mapping[str, Any]) -> list[FieldProblem]:
    found = [
        FieldProblem(f"{at}{one.pointer}", one.code, one.detail)
        for one in break_problems(given.get("price_breaks") or ())
    ]
    if not given.get("mpn"):
        found.append(FieldProblem(f"{at}/mpn", "required", "Which MPN is quoted?"))
    for name in _NOT_NEGATIVE:
        value = given.get(name)
        if value is not None and value < 0:
            found.append(FieldProblem(f"{at}/{name}", "negative", "0 or more."))
        elif value is not None and value >= (MOST_PRICE if name == "freight" else MOST_MONEY):
            found.append(FieldProblem(f"{at}/{name}", "out_of_range", "Too large."))
    if (given.get("tariff_rate") or 0) > MOST_TARIFF:
        detail = "A tariff rate is a fraction: 0.25 is 25 %."
        found.append(FieldProblem(f"{at}/tariff_rate", "out_of_range", detail))
    found += [
        FieldProblem(f"{at}/{name}", "not_positive", "At least 1.")
        for name in ("moq", "multiple")
        if given.get(name) is not None and given[name] < 1
    ]
    low, high = given.get("lead_time_days_min"), given.get("lead_time_days_max")
    if low is not None and high is not None and low > high:
        found.append(
            FieldProblem(f"{at}/lead_time_days_max", "limits_reversed", "Below the minimum.")
        )
    if given.get("tooling") and not given.get("tooling_owner"):
        detail = "Whose are the tools afterwards?"
        found.append(FieldProblem(f"{at}/tooling_owner", "required", detail))
    return found


def offer_quote_line(*, line: QuoteLine, why: str, actor: Actor) -> Offer:
    """Accept a quoted line: it becomes the supplier's offer of the part, or its new version.

    For ``suppliers.rfq_workflow`` and awards of negotiations, in their transaction.
    """
    quote, number = line.quote, line.manufacturer_part
    if number is None:
        raise RuleRefused.one("unknown_mpn", f"{line.mpn} is not on record.", "Add it as a source.")
    supplier = quote.invitation.supplier.merged_into or quote.invitation.supplier
    # Two awards take turns at the part, so that the second one finds the offer of the first.
    ManufacturerPart.objects.select_for_update(of=("self",), no_key=True).get(pk=number.pk)
    today = clock.business_day()
    values = {name: getattr(line, name) for name in OFFERED} | {
        "currency": quote.currency,
        "incoterm": quote.incoterm,
        "valid_from": today,
        "valid_to": quote.valid_to,
    }
    breaks = [(one.quantity, one.price) for one in line.breaks.all()]
    there = Offer.objects.filter(manufacturer_part=number, supplier=supplier).order_by("-pk")
    old = there.select_for_update(of=("self",)).first()
    if old is None:
        direct = supplier.pk == number.manufacturer_id
        values["channel"] = Offer.Channel.DIRECT if direct else Offer.Channel.FRANCHISED
        offer = add_offer(
            manufacturer_part=number, supplier=supplier, price_breaks=breaks, actor=actor, **values
        )
    else:
        offer = change_offer(offer=old, values=values, price_breaks=breaks, actor=actor)
    line.accepted_on, line.accepted_why, line.offer = today, why[:300], offer
    audit.save_as(line, actor, why)
    return offer


def last_quotes(invitations: Iterable[RfqInvitation]) -> dict[int, Quote]:
    """Id of an invitation → its last quote."""
    rows = Quote.objects.filter(invitation__in=list(invitations)).order_by("revision")
    return {quote.invitation_id: quote for quote in rows}
