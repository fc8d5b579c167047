"""Form fields with specific errors; the field keeps the typed text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from secondsource.core import attachments, dates, numerals
from secondsource.core.actors import Actor
from secondsource.core.api.visibility import hidden_names
from secondsource.core.money import PRICE_PLACES, is_currency


def capitalized(choices: Any) -> list[tuple[str, str]]:
    """Choices whose labels begin with a capital, as a form shows them."""
    return [(value, capfirst(str(label))) for value, label in getattr(choices, "choices", choices)]


def _plain(value: Any, kind: numerals.Kind = "number") -> Any:
    """The typed number with a decimal point. Raises ``ValidationError``."""
    if not isinstance(value, str):
        return value
    try:
        return numerals.typed(value, kind)
    except numerals.UnreadableNumber as error:
        raise ValidationError(str(error), code=error.code) from None


class PointDecimalField(forms.DecimalField):
    """A decimal with a point; ``0,98`` is refused and never read as 98."""

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError``, also for ``NaN``, which no code after this compares with."""
        found = super().to_python(_plain(value))
        if found is not None and not found.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def prepare_value(self, value: Any) -> Any:
        """Show a stored 7860.0000 as 7860, and typed text unchanged."""
        if not isinstance(value, Decimal) or not value.is_finite():
            return value
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class PriceField(PointDecimalField):
    """A unit price; prices too small to be stored are refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=18, decimal_places=PRICE_PLACES, min_value=0, **options)


class QuantityField(PointDecimalField):
    """A quantity. Pieces have no decimals, so ``1,000`` and ``1.000`` are 1000.

    ``unit`` and ``divisible`` are those of the part; the form sets them.
    """

    unit, divisible = "pcs", False

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=18, decimal_places=4, **options)

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError``."""
        found = super().to_python(_plain(value, "quantity" if self.divisible else "pieces"))
        if found is not None and not self.divisible and found != found.to_integral():
            raise ValidationError(f"A quantity in {self.unit} is a whole number.", "not_whole")
        return found


class WholeField(forms.IntegerField):
    """A whole number; ``1,000`` is a thousand."""

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError``."""
        return super().to_python(_plain(value, "pieces"))


class PointFloatField(forms.FloatField):
    """A number with a point, for measured values; ``3,3`` is refused."""

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError``."""
        return super().to_python(_plain(value))


class CurrencyField(forms.CharField):
    """The ISO 4217 code of a currency; it is converted to capitals."""

    def to_python(self, value: Any) -> str:
        """Raises ``ValidationError``."""
        code = str(super().to_python(value)).upper()
        if code and not is_currency(code):
            raise ValidationError("A currency code of ISO 4217, such as EUR or USD.", "currency")
        return code


class DayInput(forms.DateInput):
    """A date input; a text input for values that a date input cannot show."""

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"placeholder": "2026-08-21"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Use ``type=date`` for empty values and days, ``type=text`` for others."""
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        context["widget"]["type"] = "date" if not shown or dates.is_iso(shown) else "text"
        return context


class IsoDateField(forms.DateField):
    """A date in any usual spelling.

    ``04/03/2026`` can be two days; the error contains both.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DayInput())
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """Raises ``ValidationError``."""
        if isinstance(value, str) and value.strip():
            try:
                value = dates.read(value, "")
            except dates.UnreadableDate as error:
                raise ValidationError(str(error), code=error.code) from None
        return super().to_python(value)


class FormWithoutHidden(forms.Form):
    """A form without the fields of the model ``hides`` that are hidden from its reader.

    Posted values of these fields are refused.
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
        """Refuse values of hidden fields."""
        values: dict[str, Any] = super().clean() or {}
        if self._refused:
            labels = ", ".join(self._refused)
            self.add_error(
                None, ValidationError(f"You may not fill this field: {labels}.", "hidden_field")
            )
        return values


class Rows(forms.BaseFormSet):
    """A table of forms that shows refusals of services above the table.

    ``unique`` are fields whose values, regardless of case, must differ between rows.
    """

    unique: ClassVar[tuple[str, ...]] = ()

    @property
    def fields(self) -> dict[str, forms.Field]:
        """No fields, so that refusals of rows are shown above the table."""
        return {}

    def add_error(self, field: str | None, error: str) -> None:
        """Add a refusal of the whole table."""
        self.non_form_errors().append(error)

    def clean(self) -> None:
        """Refuse the second of two rows with the same ``unique`` values."""
        seen: set[tuple[str, ...]] = set()
        for form in self.forms if self.unique else ():
            values = form.cleaned_data
            key = tuple((values.get(name) or "").casefold() for name in self.unique)
            if key[0] and not values.get("DELETE") and key in seen:
                form.add_error(self.unique[0], "This is in a row above already.")
            seen.add(key)


class AttachmentField(forms.FileField):
    """A file to attach; one that is too large or of another type is refused before it is sent."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What the script compares a chosen file with."""
        return super().widget_attrs(widget) | {
            "accept": attachments.ACCEPT,
            "data-types": attachments.TYPES,
            "data-max-bytes": attachments.MAX_BYTES,
        }
