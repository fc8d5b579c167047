"""Forms of the ledger. Services check the rules."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from incentives.models import PriceIndex
from qualification.models import Case
from secondsource.core import clock
from secondsource.core.calendar import add_months
from secondsource.core.form_fields import (
    CurrencyField,
    IsoDateField,
    PointDecimalField,
    PriceField,
    QuantityField,
    WholeField,
)
from secondsource.core.shares import ShareField
from suppliers.models import Source

_MONTH = re.compile(r"(\d{4})-(\d{1,2})(?:-01)?")


class MonthInput(forms.TextInput):
    """A month input of the browser; ``2026-06`` where there is none."""

    input_type = "month"

    def format_value(self, value: Any) -> Any:
        """``2026-06``."""
        return f"{value:%Y-%m}" if isinstance(value, dt.date) else super().format_value(value)


class MonthField(forms.CharField):
    """A month; its value is the first day."""

    widget = MonthInput

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError``."""
        if isinstance(value, dt.date):
            return value
        text = str(super().to_python(value) or "").strip()
        if not text:
            return None
        found = _MONTH.fullmatch(text)
        if found is None or not (1 <= int(found[2]) <= 12 and 1900 <= int(found[1]) <= 9998):
            raise ValidationError("A month such as 2026-06.", "invalid")
        return dt.date(int(found[1]), int(found[2]), 1)


class SourceField(forms.ModelChoiceField):
    """A source of the case's part, by its manufacturer part."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Source.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Manufacturer and MPN."""
        return str(obj.manufacturer_part)

    def of_case(self, case: Case, *, candidate: bool) -> None:
        """Offer the part's sources, with or without the candidate."""
        rows = Source.objects.filter(part=case.part_id)
        rows = rows if candidate else rows.exclude(pk=case.source_id)
        self.queryset = rows.select_related("manufacturer_part__manufacturer").order_by("id")


def last_month() -> dt.date:
    """The first day of the month before this one."""
    return add_months(clock.business_day().replace(day=1), -1)


class BaselineForm(forms.Form):
    """The price that was paid when the case opened."""

    source = SourceField(label="Bought from")
    price = PriceField(label="Price of a unit")
    currency = CurrencyField(max_length=3)
    price_on = IsoDateField(label="Paid on", help_text="Not after the case opened.")
    volume = QuantityField(required=False, label="Units in the 12 months before")
    evidence = forms.CharField(
        max_length=500, help_text="Invoice, order or contract that shows the price."
    )
    window_months = WholeField(
        min_value=6, max_value=24, initial=12, label="Months of the savings window"
    )
    index = forms.ModelChoiceField(
        PriceIndex.objects.all(), required=False, empty_label="none", label="Follows the index",
        help_text="For material that is priced by a market. What the index moves is no saving.",
    )  # fmt: skip
    linked_share = ShareField(
        required=False, label="Share of the price that follows it",
        help_text="By the contract or the bill of material, such as 40 %.",
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, currency: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"currency": currency, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["source"].of_case(case, candidate=False)  # type: ignore[attr-defined]


class EntryForm(forms.Form):
    """A line that no receipt shows."""

    month = MonthField()
    currency = CurrencyField(max_length=3)
    reason = forms.CharField(max_length=300, label="What was saved")
    evidence = forms.CharField(max_length=500, help_text="The document that shows it.")
    of_sources = True

    def __init__(self, *args: Any, case: Case, currency: str, **kwargs: Any) -> None:
        given = {"currency": currency, "month": last_month(), **kwargs.get("initial", {})}
        kwargs["initial"] = given
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            self.fields["source"].of_case(case, candidate=True)  # type: ignore[attr-defined]


class AvoidanceForm(EntryForm):
    """A price increase or a higher offer that was avoided."""

    source = SourceField()
    offered = PriceField(label="Price offered or asked")
    paid = PriceField(label="Price paid")
    quantity = QuantityField(label="Units")
    field_order = ("month", "source", "offered", "paid", "currency", "quantity")


class ShortageForm(EntryForm):
    """An expedite, a premium or a line stop that was avoided."""

    source = SourceField(required=False)
    amount = PointDecimalField(max_digits=18, decimal_places=3)
    field_order = ("month", "source", "amount", "currency")


class RebateForm(EntryForm):
    """A rebate that the shift of share cost."""

    source = SourceField()
    amount = PointDecimalField(
        max_digits=18, decimal_places=3, label="Rebate lost", help_text="As a positive amount."
    )
    reason = forms.CharField(max_length=300, label="Which rebate")
    field_order = ("month", "source", "amount", "currency")


class ValidationForm(forms.Form):
    """Why these lines hold; a single one needs no reason."""

    reason = forms.CharField(
        widget=forms.Textarea, max_length=300, required=False,
        help_text="Shown in the history. Needed for more than one line.",
    )  # fmt: skip


class CloseMonthForm(forms.Form):
    """A month that is over."""

    month = MonthField(help_text="Its figures stay as they are afterwards.")
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"month": last_month(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class BudgetRateForm(forms.Form):
    """What a currency is planned to be worth in a year."""

    year = WholeField(min_value=2000, max_value=2100)
    currency = CurrencyField(max_length=3)
    rate = PointDecimalField(max_digits=24, decimal_places=12, min_value=0)

    def __init__(self, *args: Any, quote: str, **kwargs: Any) -> None:
        year = clock.business_day().year
        kwargs["initial"] = {"year": year, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["rate"].label = f"{quote} for one unit"


class IndexForm(forms.Form):
    """A market index."""

    code = forms.CharField(max_length=40, help_text="Such as LME-CU.")
    name = forms.CharField(max_length=120)
    publisher = forms.CharField(max_length=120)
    unit = forms.CharField(max_length=40, help_text="Such as USD/t.")


class IndexValueForm(forms.Form):
    """The value of an index on a day."""

    day = IsoDateField(help_text="A value of that day is corrected.")
    value = PointDecimalField(max_digits=18, decimal_places=6, min_value=0)
    evidence = forms.CharField(max_length=300, help_text="The publication that shows it.")


class SeriesField(forms.CharField):
    """Values of days as copied from a table: a line each, the day and then the value."""

    widget = forms.Textarea
    most = 500

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError`` with each line that is wrong."""
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        given = [(place, line) for place, line in enumerate(lines, 1) if line]
        if len(given) > self.most:
            raise ValidationError(f"At most {self.most} lines at once.", "too_many")
        found, wrong = [], []
        for place, line in given:
            try:
                found.append(self._read(line))
            except ValidationError as error:
                wrong.append(f"Line {place}: {' '.join(error.messages)}")
        if wrong:
            raise ValidationError(wrong[:10])
        return found

    @staticmethod
    def _read(line: str) -> tuple[dt.date, Decimal]:
        parts = re.fullmatch(r"(.*?)[\s;]+(\S+)", line)
        if parts is None:
            raise ValidationError("The day, a blank and the value.", "invalid")
        value = PointDecimalField(max_digits=18, decimal_places=6, min_value=0).clean(parts[2])
        day = IsoDateField().clean(parts[1].rstrip(";, "))
        return day, value


class IndexSeriesForm(forms.Form):
    """Values of an index on many days."""

    values = SeriesField(help_text="A line each, such as “2026-05-29 9900”.")
    evidence = forms.CharField(max_length=300, help_text="The publication that shows them.")


class TargetForm(forms.Form):
    """What a team wants to reach in a year, the same for all functions."""

    conversions = WholeField(min_value=1, max_value=1000)
    cost_reduction_pct = PointDecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100,
        label="Material cost reduction, %",
    )  # fmt: skip
