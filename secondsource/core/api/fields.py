"""Serializer fields: decimals as strings, money with its currency, references by natural key."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from secondsource.core import dates
from secondsource.core.money import MINOR_UNITS, PRICE_PLACES, is_currency

_DECIMAL = r"^-?[0-9]{1,12}(\.[0-9]{1,12})?$"
_DECIMAL_TEXT = re.compile(_DECIMAL[:-1] + r"\Z")


def too_precise(text: str, places: int) -> bool:
    """Whether a decimal has too many digits after its point, apart from trailing zeros."""
    return len(text.partition(".")[2].rstrip("0")) > places


class Text(serializers.CharField):
    """A JSON string; other types are refused."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text: str = super().to_internal_value(data)
        return text

    def to_representation(self, value: Any) -> str:
        return str(value)


class Texts(serializers.ListField):
    """A list of texts; output only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, child=Text(), **options)


class Codes(Texts):
    """The sorted keys of related records; output only."""

    def to_representation(self, rows: Any) -> list[str]:
        return sorted(row.key for row in rows.all())


class Whole(serializers.IntegerField):
    """A whole JSON number; text and booleans are refused."""

    def to_internal_value(self, data: Any) -> int:
        whole = isinstance(data, int) or (isinstance(data, float) and data.is_integer())
        if isinstance(data, bool) or not whole:
            self.fail("invalid")
        return int(data)


class Number(serializers.FloatField):
    """A JSON number; text and booleans are refused."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, (bool, str)):
            self.fail("invalid")
        try:
            value = float(super().to_internal_value(data))
        except OverflowError:  # more digits than a double has
            value = math.inf
        if not math.isfinite(value):  # 1e999 is read as infinity, which no answer can hold
            self.fail("invalid")
        return value


class Flag(serializers.BooleanField):
    """``true`` or ``false``."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


@extend_schema_field({"type": "string", "pattern": _DECIMAL})
class DecimalText(serializers.Field[Decimal, Any, str, Any]):
    """An exact decimal as a string, such as ``"0.07"``, always with ``places`` digits."""

    default_error_messages = {
        "not_a_decimal": 'Write a decimal as a string, such as "1.25".',
        "out_of_range": "Must be {range}.",
        "too_precise": "At most {places} digits after the point.",
    }

    def __init__(
        self,
        *,
        low: Decimal | int | None = None,
        high: Decimal | int | None = None,
        places: int | None = None,
        **options: Any,
    ) -> None:
        self.low, self.high, self.places = low, high, places
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not _DECIMAL_TEXT.match(data):
            self.fail("not_a_decimal")
        if self.places is not None and too_precise(data, self.places):
            self.fail("too_precise", places=self.places)
        value = Decimal(data)
        if (self.low is not None and value < self.low) or (
            self.high is not None and value > self.high
        ):
            least = "at most" if self.low is None else self.low
            most = "or more" if self.high is None else self.high
            to = "" if self.low is None or self.high is None else "to "
            self.fail("out_of_range", range=f"{least} {to}{most}")
        return value

    def to_representation(self, value: Any) -> str:
        return f"{value:f}" if self.places is None else f"{value:.{self.places}f}"


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string", "pattern": _DECIMAL}]})
class Quantity(serializers.Field[Decimal, Any, Any, Any]):
    """An integer; for divisible units a decimal string."""

    default_error_messages = {
        "not_a_quantity": "Write a whole number, or a fraction as a string.",
        "negative": "Must not be negative.",
    }

    def __init__(self, *, signed: bool = False, **options: Any) -> None:
        self.signed = signed
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        text = str(data) if isinstance(data, int) and not isinstance(data, bool) else data
        if not isinstance(text, str) or not _DECIMAL_TEXT.match(text):
            self.fail("not_a_quantity")
        value = Decimal(text)
        if value < 0 and not self.signed:
            self.fail("negative")
        return value

    def to_representation(self, value: Any) -> int | str:
        whole = int(value)
        return whole if whole == value else f"{value.normalize():f}"


UNKNOWN_CURRENCY = "The currency is an ISO 4217 code such as EUR."

_MONEY = {
    "type": "object",
    "required": ["amount", "currency"],
    "additionalProperties": False,
    "properties": {
        "amount": {"type": "string", "pattern": _DECIMAL},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    },
}


@extend_schema_field(_MONEY)
class Money(serializers.Field[Any, Any, Any, Any]):
    """``{"amount": "1.250000", "currency": "USD"}``, from and to two attributes of the object.

    Without ``places`` it has those of its currency. ``named`` converts the second attribute to the
    code of the currency; the field is then read-only.
    """

    default_error_messages = {
        "not_money": 'Write money as {{"amount": "1.25", "currency": "USD"}}.',
        "negative": "An amount is 0 or more.",
        "too_precise": "An amount has at most {places} digits after the point.",
        "unknown_currency": UNKNOWN_CURRENCY,
    }

    def __init__(
        self,
        amount: str,
        currency: str = "currency",
        *,
        places: int | None = PRICE_PLACES,
        named: Callable[[Any], str] | None = None,
        **options: Any,
    ) -> None:
        self.amount, self.currency, self.places, self.named = amount, currency, places, named
        self.attributes = (amount, currency)
        super().__init__(source="*", **options)

    def to_representation(self, obj: Any) -> dict[str, str] | None:
        value, currency = getattr(obj, self.amount), getattr(obj, self.currency)
        if value is None:
            return None
        code = self.named(currency) if self.named else currency
        return {"amount": f"{value:.{self._places(code)}f}", "currency": code}

    def _places(self, currency: str) -> int:
        return MINOR_UNITS.get(currency, 2) if self.places is None else self.places

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        if data is None and self.allow_null:
            return True, {self.amount: None, self.currency: ""}
        empty: tuple[bool, Any] = super().validate_empty_values(data)
        return empty

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict) or set(data) != {"amount", "currency"}:
            self.fail("not_money")
        amount, currency = data["amount"], data["currency"]
        if not isinstance(amount, str) or not _DECIMAL_TEXT.match(amount):
            self.fail("not_money")
        if not is_currency(currency):
            self.fail("unknown_currency")
        if too_precise(amount, self._places(currency)):
            self.fail("too_precise", places=self._places(currency))
        if amount.startswith("-"):
            self.fail("negative")
        return {self.amount: Decimal(amount), self.currency: currency}


@extend_schema_field({"type": "string", "pattern": "^[A-Z]{3}$"})
class Currency(Text):
    """The code of a currency, ISO 4217."""

    default_error_messages = {"unknown_currency": UNKNOWN_CURRENCY}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not is_currency(text):
            self.fail("unknown_currency")
        return text


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.Field[dt.datetime, Any, str, Any]):
    """A time in UTC with ``Z``; output only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: dt.datetime) -> str:
        text = value.isoformat()
        if not text.endswith("+00:00"):
            text = value.astimezone(dt.UTC).isoformat()
        return text[:-6] + "Z"


@extend_schema_field(OpenApiTypes.DATE)
class Day(serializers.Field[dt.date, Any, str, Any]):
    """A calendar day, ``YYYY-MM-DD``."""

    default_error_messages = {
        "not_a_date": "Write a day as YYYY-MM-DD.",
        "no_such_day": "{month} has {days} days.",
        "out_of_range": "The year {year} is out of range.",
    }
    _form = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")

    def to_internal_value(self, data: Any) -> dt.date:
        if not isinstance(data, str) or not self._form.match(data):
            self.fail("not_a_date")
        year, month, day = (int(part) for part in data.split("-"))
        if not 1 <= month <= 12:
            self.fail("not_a_date")
        if year < dates.FIRST_YEAR:
            self.fail("out_of_range", year=year)
        days = calendar.monthrange(year, month)[1]
        if not 1 <= day <= days:
            self.fail("no_such_day", month=f"{calendar.month_name[month]} {year}", days=days)
        return dt.date(year, month, day)

    def to_representation(self, value: dt.date) -> str:
        return value.isoformat()


@extend_schema_field(OpenApiTypes.STR)
class Key(serializers.Field[Any, Any, str, Any]):
    """A reference by natural key or opaque id: shows ``obj.key``, finds by ``lookup``.

    ``among`` returns the rows within the caller's scope.
    """

    default_error_messages = {
        "not_a_key": "Write the key as a string.",
        "does_not_exist": "There is no {wanted!r} here.",
    }

    def __init__(
        self,
        among: Callable[[Any], QuerySet[Any]] | None = None,
        lookup: str = "code",
        **options: Any,
    ) -> None:
        self.among, self.lookup = among, lookup
        self._known: dict[str, Any] | None = None
        if among is None:
            options["read_only"] = True
        super().__init__(**options)

    def to_representation(self, value: Any) -> str:
        return str(value.key)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("not_a_key")
        known = self._find([data]) if self._known is None else self._known
        if data not in known:
            self.fail("does_not_exist", wanted=data[:80])
        return known[data]

    def read_ahead(self, wanted: Iterable[Any]) -> None:
        """Read the rows of several keys by one query, for later lookups."""
        self._known = self._find({one for one in wanted if isinstance(one, str)})

    def _find(self, wanted: Iterable[str]) -> dict[str, Any]:
        if self.among is None:
            return {}
        actor = self.context.get("actor")
        rows = self.among(actor.user if actor else None)
        values = {text: value for text in wanted if (value := self._value(rows, text)) is not None}
        found = {
            getattr(row, self.lookup): row
            for row in rows.filter(**{f"{self.lookup}__in": set(values.values())})
        }
        return {text: found[value] for text, value in values.items() if value in found}

    def _value(self, rows: QuerySet[Any], text: str) -> Any:
        try:
            return rows.model._meta.get_field(self.lookup).to_python(text)
        except ValidationError:
            return None


class Items(serializers.ListField):
    """A list of at most ``max_length`` items; the length is checked before the items."""

    default_error_messages = {"not_a_list": "This must be a list."}

    def __init__(self, *, max_length: int, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, list) and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        if isinstance(data, list) and isinstance(self.child, Key):
            self.child.read_ahead(data)
        items: list[Any] = super().to_internal_value(data)
        return items


class PublicId(serializers.UUIDField):
    """The opaque ``id`` of an object."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, source=options.pop("source", "public_id"), **options)

    def to_representation(self, value: Any) -> str:
        return str(value)


class Word(serializers.ChoiceField):
    """A choice of a model, by its stored value."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)

    def to_representation(self, value: Any) -> Any:
        return str(value)
