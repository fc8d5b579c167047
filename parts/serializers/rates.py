"""Serializers of exchange rates."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from parts.models import ExchangeRate
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape
from secondsource.core.formats import rate as rate_text

RATE_PLACES = 12


class ExchangeRateShape(RecordShape):
    """One unit of ``base`` is ``rate`` units of ``quote``.

    ``currency`` and ``per_usd`` are the same rate in units for one USD; null for other pairs.
    """

    base = fields.Text(source="currency")
    quote = fields.Text()
    rate = fields.DecimalText()
    date = fields.Day(source="as_of")
    publisher = fields.Text()
    currency = serializers.SerializerMethodField()
    per_usd = serializers.SerializerMethodField()

    def get_currency(self, row: ExchangeRate) -> str | None:
        """The currency of the pair that is not USD."""
        return {row.currency: row.quote, row.quote: row.currency}.get("USD")

    def get_per_usd(self, row: ExchangeRate) -> str | None:
        """Units of ``currency`` for one USD."""
        if "USD" not in (row.currency, row.quote):
            return None
        return rate_text(row.rate if row.currency == "USD" else 1 / row.rate)


class ExchangeRateChanges(Input):
    """A corrected rate."""

    rate = fields.DecimalText(places=RATE_PLACES)
    reason = fields.Text(max_length=300, required=False, allow_blank=True)


class ExchangeRateInput(Input):
    """A new rate: ``base``, ``quote`` and ``rate``, or ``currency`` and ``per_usd``."""

    base = fields.Currency(required=False)
    quote = fields.Currency(required=False)
    rate = fields.DecimalText(places=RATE_PLACES, required=False)
    currency = fields.Currency(required=False)
    per_usd = fields.DecimalText(places=RATE_PLACES, required=False)
    date = fields.Day(source="as_of")
    publisher = fields.Text(max_length=120)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Returns base, quote and rate in both cases."""
        pair, by_usd = ("base", "quote", "rate"), ("currency", "per_usd")
        given = {name for name in (*pair, *by_usd) if name in attrs}
        if given not in (set(pair), set(by_usd)):
            said = "Give base, quote and rate, or currency and per_usd."
            missing = next((n for n in pair if n not in given), "per_usd")
            raise serializers.ValidationError({missing: [said]}, "required")
        rest = {name: attrs[name] for name in ("as_of", "publisher")}
        if "base" in given:
            return rest | {
                "currency": attrs["base"],
                "quote": attrs["quote"],
                "rate": attrs["rate"],
            }
        return rest | {"currency": "USD", "quote": attrs["currency"], "rate": attrs["per_usd"]}
