"""Services for negotiations, their rounds and the award.

Whoever writes a round locks the negotiation and raises its version. An award that was prepared
before the round is therefore stale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from incentives.models import Negotiation, NegotiationRound, RoundPrice
from incentives.quoted import newest_quotes, quoted_price
from incentives.workflow import NEGOTIATION_FLOW, NewAward
from parts.models import Part
from qualification.models import Case
from secondsource.core import audit, clock, traces
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.models import Counter
from secondsource.core.money import is_currency
from secondsource.core.records import change, create
from suppliers.models import Offer, QuoteLine, Source, Supplier

NEGOTIATION_FIELDS = frozenset({"terms", "quantity", "currency"})
ROUND_FIELDS = frozenset(
    {"sent_on", "answer_by", "put_on_table", "note", "target_price", "should_cost"}
)


@dataclass(frozen=True)
class NewPrice:
    """The price of a supplier for a source; ``offer`` or ``quote_line`` is what it comes from."""

    source: Source
    supplier: Supplier
    price: Decimal
    valid_from: dt.date | None = None
    offer: Offer | None = None
    quote_line: QuoteLine | None = None

    @property
    def cited(self) -> tuple[Any, ...]:
        """What a stored price is compared with."""
        offer, line = self.offer, self.quote_line
        return (
            self.source.pk, self.supplier.pk, self.price, self.valid_from,
            offer.pk if offer else None, line.pk if line else None,
        )  # fmt: skip


@transaction.atomic
def open_negotiation(
    *,
    part: Part,
    currency: str,
    quantity: int,
    actor: Actor,
    case: Case | None = None,
    terms: str = "",
) -> Negotiation:
    """Open a negotiation about a part; a part has one open negotiation."""
    actor.require("incentives.write_negotiation")
    problems = _negotiation_problems({"currency": currency, "quantity": quantity})
    if case is not None and case.part_id != part.pk:
        detail = f"{case.key} is about another part."
        problems.append(FieldProblem("/case", "other_part", detail))
    refuse_values(problems)
    row = create(
        Negotiation(
            number=Counter.take("negotiation")[0], part=part, case=case, currency=currency,
            quantity=quantity, terms=terms.strip(), opened_by=actor.user,
        ),
        actor,
        duplicate=f"A negotiation of {part.ipn} is open already.",
    )  # fmt: skip
    audit.record("incentives.negotiation.opened", row, actor)
    return row


@transaction.atomic
def change_negotiation(
    *,
    negotiation: Negotiation,
    values: Mapping[str, Any],
    actor: Actor,
    expected: int | None = None,
) -> Negotiation:
    """Change ``NEGOTIATION_FIELDS``; quantity and currency until the first round."""
    row = _locked(negotiation, actor)
    refuse_values(_negotiation_problems(values))
    moved = [n for n in ("quantity", "currency") if n in values and values[n] != getattr(row, n)]
    if moved and row.rounds.exists():
        refuse_values(
            FieldProblem(f"/{name}", "has_rounds", "The prices of the rounds depend on it.")
            for name in moved
        )
    return change(row, values, actor, allowed=NEGOTIATION_FIELDS, expected=expected)


def _negotiation_problems(values: Mapping[str, Any]) -> list[FieldProblem]:
    problems = []
    if "currency" in values and not is_currency(values["currency"]):
        detail = "Give the ISO 4217 code of the currency."
        problems.append(FieldProblem("/currency", "unknown_currency", detail))
    if "quantity" in values and values["quantity"] < 1:
        problems.append(FieldProblem("/quantity", "not_positive", "At least 1."))
    return problems


def _locked(negotiation: Negotiation, actor: Actor) -> Negotiation:
    """The open negotiation under its row lock. Raises ``RuleRefused``, ``PermissionRefused``."""
    locked = Negotiation.objects.select_for_update(of=("self",))
    row: Negotiation = locked.select_related("part").get(pk=negotiation.pk)
    actor.require("incentives.write_negotiation", row)
    if row.state != Negotiation.State.OPEN:
        raise RuleRefused.one("not_open", f"{row.key} is {row.state}.", "Open another one.")
    return row


@transaction.atomic
def record_round(
    *,
    negotiation: Negotiation,
    sent_on: dt.date,
    put_on_table: str,
    prices: Sequence[NewPrice],
    actor: Actor,
    expected: int | None = None,
    **fields: Any,
) -> NegotiationRound:
    """Record the next round with the prices that are in; ``fields``: ``ROUND_FIELDS``."""
    row = _locked(negotiation, actor)
    audit.check_version(row, expected)
    if unknown := set(fields) - ROUND_FIELDS:
        raise KeyError(f"not settable: {sorted(unknown)}")
    values = {"sent_on": sent_on, "put_on_table": put_on_table.strip(), **fields}
    before = row.rounds.order_by("-number").first()
    refuse_values([*_round_problems(values, before), *_price_problems(row, prices)])
    number = before.number + 1 if before else 1
    made = create(
        NegotiationRound(negotiation=row, number=number, held_by=actor.user, **values),
        actor,
        duplicate="This round is on record already.",
    )
    _write_prices(made, prices, actor)
    _touch(row, actor, f"recorded round {made.number}")
    audit.record("incentives.negotiation.round", row, actor, data={"round": made.number})
    return made


@transaction.atomic
def change_round(
    *,
    negotiation_round: NegotiationRound,
    values: Mapping[str, Any],
    actor: Actor,
    prices: Sequence[NewPrice] | None = None,
    expected: int | None = None,
) -> NegotiationRound:
    """Change a round of an open negotiation; ``prices`` replaces all of them."""
    negotiation = _locked(negotiation_round.negotiation, actor)
    rounds = negotiation.rounds.order_by("-number")
    before = rounds.filter(number__lt=negotiation_round.number).first()
    whole = {name: getattr(negotiation_round, name) for name in ROUND_FIELDS} | dict(values)
    problems = _round_problems(whole, before)
    if prices is not None:
        problems += _price_problems(negotiation, prices)
    refuse_values(problems)
    row = change(negotiation_round, values, actor, allowed=ROUND_FIELDS, expected=expected)
    if prices is not None and _differ(row, prices):
        traces.attribute(actor, "prices of the round")
        versions = {_cited(old): old.offer_version for old in row.prices.all()}
        row.prices.all().delete()
        _write_prices(row, prices, actor, versions)
        if row.version == negotiation_round.version:
            audit.save_as(row, actor, "prices of the round")
    if row.version != negotiation_round.version:
        _touch(negotiation, actor, f"changed round {row.number}")
        data = {"round": row.number}
        audit.record("incentives.negotiation.round_changed", negotiation, actor, data=data)
    return row


@transaction.atomic
def import_quotes(
    *,
    negotiation: Negotiation,
    quote_lines: Sequence[QuoteLine],
    actor: Actor,
    into: NegotiationRound | None = None,
    sent_on: dt.date | None = None,
    put_on_table: str = "",
    expected: int | None = None,
) -> NegotiationRound:
    """Take quoted prices into a round, each at the negotiation's quantity, and cite their lines.

    ``into`` None records the next round with them. In a round that is there they take the place of
    the prices of their suppliers. Only the newest quote of a supplier for a source can be taken.
    """
    row = _locked(negotiation, actor)
    audit.check_version(row, expected)
    refuse_values(_import_problems(row, quote_lines, actor, into, put_on_table))
    newest = newest_quotes(row, actor.user)
    new = [
        NewPrice(one.source, one.supplier, one.at_price, quote_line=one.line)
        for one in newest
        if one.line in quote_lines
    ]
    if into is None:
        return record_round(
            negotiation=row, sent_on=sent_on or clock.business_day(), prices=new,
            put_on_table=put_on_table, actor=actor,
        )  # fmt: skip
    pairs = {(one.source.pk, one.supplier.pk) for one in new}
    kept = [
        NewPrice(old.source, old.supplier, old.price, old.valid_from, old.offer, old.quote_line)
        for old in into.prices.select_related(
            "source", "supplier", "offer", "quote_line__quote__invitation__supplier"
        ).prefetch_related("quote_line__breaks")
        if (old.source_id, old.supplier_id) not in pairs
    ]
    return change_round(negotiation_round=into, values={}, prices=[*kept, *new], actor=actor)


def _import_problems(
    negotiation: Negotiation,
    quote_lines: Sequence[QuoteLine],
    actor: Actor,
    into: NegotiationRound | None,
    put_on_table: str,
) -> list[FieldProblem]:
    problems = []
    if not quote_lines:
        problems.append(FieldProblem("/quote_lines", "required", "Choose at least one quote."))
    known = {one.line.pk: one for one in newest_quotes(negotiation, actor.user)}
    for place, line in enumerate(quote_lines):
        found = known.get(line.pk)
        where = f"/quote_lines/{place}"
        if found is None:
            detail = f"{line.mpn}: it is no quote of this part, or a later one took its place."
            problems.append(FieldProblem(where, "not_newest", detail))
        elif found.why:
            detail = f"{found.supplier.name} {line.mpn}: {found.why}."
            problems.append(FieldProblem(where, "not_usable", detail))
    if into is not None and into.negotiation_id != negotiation.pk:
        problems.append(FieldProblem("/round", "other", "It is a round of another negotiation."))
    if into is None and not put_on_table.strip():
        detail = "Say what the suppliers were asked."
        problems.append(FieldProblem("/put_on_table", "required", detail))
    return problems


def _round_problems(
    values: Mapping[str, Any], before: NegotiationRound | None
) -> list[FieldProblem]:
    problems = []
    if not values["put_on_table"].strip():
        detail = "Say what we put on the table."
        problems.append(FieldProblem("/put_on_table", "required", detail))
    if values["sent_on"] > clock.business_day():
        problems.append(FieldProblem("/sent_on", "in_future", "A round is sent by today."))
    if before and values["sent_on"] < before.sent_on:
        detail = f"Round {before.number} was sent on {before.sent_on}."
        problems.append(FieldProblem("/sent_on", "before_last_round", detail))
    answer_by = values.get("answer_by")
    if answer_by and answer_by < values["sent_on"]:
        detail = "Before the round is sent."
        problems.append(FieldProblem("/answer_by", "limits_reversed", detail))
    if (values.get("target_price") or 0) < 0:
        problems.append(FieldProblem("/target_price", "negative", "A price is 0 or more."))
    return problems


def _price_problems(negotiation: Negotiation, prices: Sequence[NewPrice]) -> list[FieldProblem]:
    problems, seen = [], set()
    for place, one in enumerate(prices):
        where = f"/prices/{place}"
        if one.source.part_id != negotiation.part_id:
            detail = f"It is no source of {negotiation.part.ipn}."
            problems.append(FieldProblem(f"{where}/source", "other_part", detail))
        if one.price < 0:
            problems.append(FieldProblem(f"{where}/price", "negative", "A price is 0 or more."))
        if (one.source.pk, one.supplier.pk) in seen:
            detail = "Give each supplier of a source once."
            problems.append(FieldProblem(f"{where}/supplier", "duplicate", detail))
        if one.offer and one.offer.manufacturer_part_id != one.source.manufacturer_part_id:
            detail = "The offer is of another manufacturer part."
            problems.append(FieldProblem(f"{where}/offer", "other_part", detail))
        if one.offer and one.offer.currency != negotiation.currency:
            detail = f"The offer is in {one.offer.currency}, the round in {negotiation.currency}."
            problems.append(FieldProblem(f"{where}/offer", "mixed_currencies", detail))
        if one.quote_line is not None:
            problems += _citation_problems(f"{where}/quote_line", negotiation, one)
        seen.add((one.source.pk, one.supplier.pk))
    return problems


def _citation_problems(
    where: str, negotiation: Negotiation, one: NewPrice
) -> Iterator[FieldProblem]:
    """A cited quote is the supplier's, of this source, in the currency and at the price."""
    line = one.quote_line
    assert line is not None
    asked = line.quote.invitation.supplier
    if line.manufacturer_part_id != one.source.manufacturer_part_id:
        yield FieldProblem(where, "other_part", "The quote is of another manufacturer part.")
    elif (asked.merged_into_id or asked.pk) != one.supplier.pk:
        yield FieldProblem(where, "other_supplier", f"The quote is one of {asked.name}.")
    elif line.quote.currency != negotiation.currency:
        detail = f"The quote is in {line.quote.currency}, the round in {negotiation.currency}."
        yield FieldProblem(where, "mixed_currencies", detail)
    elif quoted_price(line, negotiation.quantity) != one.price:
        detail = f"It is not the quoted price of {negotiation.quantity:,} units."
        yield FieldProblem(where, "other_price", detail)


def _write_prices(
    row: NegotiationRound,
    prices: Sequence[NewPrice],
    actor: Actor,
    before: Mapping[tuple[Any, ...], int | None] | None = None,
) -> None:
    """``before``: the versions of offers that unchanged prices keep."""
    versions = before or {}
    traces.attribute(actor, "prices of the round")
    RoundPrice.objects.bulk_create(
        RoundPrice(
            round=row, source=one.source, supplier=one.supplier, price=one.price,
            valid_from=one.valid_from, offer=one.offer, quote_line=one.quote_line,
            offer_version=versions.get(one.cited, one.offer.version if one.offer else None),
        )
        for one in prices
    )  # fmt: skip


def _differ(row: NegotiationRound, prices: Sequence[NewPrice]) -> bool:
    return {_cited(old) for old in row.prices.all()} != {one.cited for one in prices}


def _cited(old: RoundPrice) -> tuple[Any, ...]:
    return (
        old.source_id, old.supplier_id, old.price, old.valid_from, old.offer_id, old.quote_line_id,
    )  # fmt: skip


def _touch(negotiation: Negotiation, actor: Actor, reason: str) -> None:
    """Raise the version: whoever read the negotiation before is told."""
    audit.save_as(negotiation, actor, reason)


def award_negotiation(
    *,
    negotiation: Negotiation,
    lines: Sequence[NewAward],
    reason: str,
    actor: Actor,
    expected: int | None = None,
) -> Negotiation:
    """Award the volume with a reason; each supplier keeps its last price."""
    return NEGOTIATION_FLOW.fire(
        negotiation.pk, "award", actor=actor, note=reason, data={"lines": lines}, expected=expected
    )


def abandon_negotiation(
    *, negotiation: Negotiation, reason: str, actor: Actor, expected: int | None = None
) -> Negotiation:
    """End a negotiation without an award, with a reason."""
    return NEGOTIATION_FLOW.fire(
        negotiation.pk, "abandon", actor=actor, note=reason, expected=expected
    )
