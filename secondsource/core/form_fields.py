"""Form fields whose refusals say what to write instead; what was typed stays in the field."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from secondsource.core.actors import Actor
from secondsource.core.api.visibility import hidden_names
from secondsource.core.money import is_currency

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_COMMA = re.compile(r"[+-]?\d+,\d+\Z")


def _check_point(value: Any) -> None:
    text = str(value or "").strip()
    if _COMMA.match(text):
        raise ValidationError(f"Use a point: {text.replace(',', '.')}", code="comma")


class PointDecimalField(forms.DecimalField):
    """A decimal with a point; ``0,98`` is refused with what to write, never read as 98."""

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError``."""
        _check_point(value)
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A stored 7860.0000 stands in the field as 7860; what was typed stays as it was."""
        if not isinstance(value, Decimal) or not value.is_finite():
            return value
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class PointFloatField(forms.FloatField):
    """A number with a point, for measured values; ``3,3`` is refused with what to write."""

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError``."""
        _check_point(value)
        return super().to_python(value)


class CurrencyField(forms.CharField):
    """The code of a currency, ISO 4217; small letters are made capitals."""

    def to_python(self, value: Any) -> str:
        """Raises ``ValidationError``."""
        code = str(super().to_python(value)).upper()
        if code and not is_currency(code):
            raise ValidationError("A currency code of ISO 4217, such as EUR or USD.", "currency")
        return code


class IsoDateField(forms.DateField):
    """A date as 2026-02-28; 30 February is told how long February is."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateInput(format="%Y-%m-%d", attrs={"placeholder": "2026-08-21"})
        )
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """Raises ``ValidationError``."""
        found = _ISO.match(str(value or "").strip())
        if found:
            self._check_month(*(int(part) for part in found.groups()))
        elif value and not isinstance(value, dt.date):
            raise ValidationError("Write the date as year-month-day, 2026-08-21.", code="invalid")
        return super().to_python(value)

    def _check_month(self, year: int, month: int, day: int) -> None:
        if year < 1:
            raise ValidationError("There is no year 0.", code="year")
        if not 1 <= month <= 12:
            raise ValidationError(f"There is no month {month}.", code="month")
        length = calendar.monthrange(year, month)[1]
        if not 1 <= day <= length:
            name = f"{dt.date(year, month, 1):%B} {year}"
            raise ValidationError(f"{name} has {length} days.", code="day")


class FormWithoutHidden(forms.Form):
    """A form without the fields of the model ``hides`` that its reader does not see.

    A value that is posted for one of them is refused, whatever it is.
    """

    hides: ClassVar[str] = ""

    def __init__(self, *args: Any, actor: Actor | None, **options: Any) -> None:
        super().__init__(*args, **options)
        unseen = [name for name in self.fields if name in hidden_names(actor, self.hides)]
        dropped = {name: self.fields.pop(name) for name in unseen}
        self._refused = [
            str(field.label or name.replace("_", " "))
            for name, field in dropped.items()
            if self.add_prefix(name) in self.data
        ]

    def clean(self) -> dict[str, Any]:
        """Name what may not be filled."""
        values: dict[str, Any] = super().clean() or {}
        if self._refused:
            labels = ", ".join(self._refused)
            self.add_error(
                None, ValidationError(f"You may not fill this field: {labels}.", "hidden_field")
            )
        return values


class Rows(forms.BaseFormSet):
    """A table of forms that takes a service's refusals as one form does: on top."""

    @property
    def fields(self) -> dict[str, forms.Field]:
        """None of its own: what is refused of a row stands on top, in the service's words."""
        return {}

    def add_error(self, field: str | None, error: str) -> None:
        """Add a refusal of the whole table."""
        self.non_form_errors().append(error)
