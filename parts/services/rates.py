"""Services for exchange rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from parts.models import ExchangeRate
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, ValuesRefused, refuse_values
from secondsource.core.money import is_currency
from secondsource.core.records import change, create

#: Published rates of present currencies begin here.
FIRST_DAY = dt.date(1970, 1, 1)
TOO_EARLY = "No rate is recorded before"


@transaction.atomic
def record_rate(
    *,
    currency: str,
    quote: str,
    rate: Decimal,
    as_of: dt.date,
    publisher: str,
    actor: Actor,
) -> ExchangeRate:
    """Record that one unit of ``currency`` is ``rate`` units of ``quote`` on a day.

    Raises ``Duplicate`` when the publisher's rate of that day is on record.
    """
    actor.require("parts.write_exchangerate")
    row = ExchangeRate(
        currency=currency, quote=quote, rate=rate, as_of=as_of, publisher=publisher.strip()
    )
    refuse_values(rate_problems(row))
    said = f"{row.publisher}'s rate of {currency} in {quote} on {as_of} is on record already."
    create(row, actor, duplicate=f"{said} Correct that one.")
    audit.record("parts.exchangerate.recorded", row, actor, data={"rate": str(rate)})
    return row


def correct_rate(
    *,
    exchange_rate: ExchangeRate,
    rate: Decimal,
    actor: Actor,
    reason: str = "",
    expected: int | None = None,
) -> ExchangeRate:
    """Replace a wrong rate; the history keeps it."""
    actor.require("parts.write_exchangerate", exchange_rate)
    if rate <= 0:
        raise ValuesRefused.one("/rate", "not_positive", "A rate is above 0.")
    return change(
        exchange_rate, {"rate": rate}, actor,
        allowed=frozenset({"rate"}), expected=expected, reason=reason,
    )  # fmt: skip


def rate_problems(row: ExchangeRate) -> list[FieldProblem]:
    """Problems of a rate."""
    found = [
        FieldProblem(f"/{name}", "unknown_currency", f"{code} is not an ISO 4217 currency.")
        for name, code in (("currency", row.currency), ("quote", row.quote))
        if not is_currency(code)
    ]
    if row.currency == row.quote:
        found.append(FieldProblem("/quote", "same_currency", "Name another currency."))
    if row.rate <= 0:
        found.append(FieldProblem("/rate", "not_positive", "A rate is above 0."))
    if row.as_of > clock.business_day():
        found.append(FieldProblem("/as_of", "in_future", "This day has not come yet."))
    if row.as_of < FIRST_DAY:
        found.append(FieldProblem("/as_of", "too_early", f"{TOO_EARLY} {FIRST_DAY}."))
    if not row.publisher:
        found.append(FieldProblem("/publisher", "required", "Say who publishes the rate."))
    return found
