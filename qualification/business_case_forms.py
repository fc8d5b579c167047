"""Forms of the business case. Services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from qualification.models import CostKind
from secondsource.core import clock
from secondsource.core.form_fields import (
    AttachmentField,
    CurrencyField,
    IsoDateField,
    PointDecimalField,
    WholeField,
    capitalized,
)
from secondsource.core.shares import ShareField


class BusinessCaseForm(forms.Form):
    """Inputs in place of the proposal; an empty field lets the proposal hold."""

    saving_per_year = PointDecimalField(
        max_digits=18, decimal_places=2, required=False, label="Saving a year",
        help_text="Empty: proposed from offers, demand and share.",
    )  # fmt: skip
    currency = CurrencyField(max_length=3, required=False, label="Currency")
    share = ShareField(required=False, label="Share of the candidate")
    discount_rate = ShareField(required=False, label="Discount rate of a year")
    horizon_months = WholeField(min_value=1, max_value=120, required=False, label="Horizon")
    exposure_note = forms.CharField(
        max_length=500, required=False, label="Exposure in words",
        help_text="Needed where it cannot be computed.",
    )  # fmt: skip
    no_cost_reason = forms.CharField(
        max_length=500, required=False, label="Why there is no cost",
        help_text="Needed where no cost is planned.",
    )  # fmt: skip
    note = forms.CharField(
        widget=forms.Textarea, max_length=2000, required=False,
        help_text="What the sponsor should know about the figures.",
    )  # fmt: skip

    def __init__(self, *args: Any, rounded: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rounded:
            told = "Shown with two digits; left as it is, the exact amount stays."
            self.fields["saving_per_year"].help_text = told


class PlannedCostForm(forms.Form):
    """A one-time cost: an amount, or working hours."""

    kind = forms.ChoiceField(choices=capitalized(CostKind), initial=CostKind.LAB)
    amount = PointDecimalField(max_digits=18, decimal_places=2, required=False)
    currency = CurrencyField(max_length=3, required=False)
    hours = PointDecimalField(max_digits=9, decimal_places=2, required=False)
    note = forms.CharField(max_length=300, required=False, label="What for")

    def __init__(self, *args: Any, rate: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].help_text = f"For working hours only, at {rate} an hour."


class CostEntryForm(PlannedCostForm):
    """An actual cost of a day, with a file as evidence."""

    day = IsoDateField(label="Day")
    file = AttachmentField(required=False, label="Invoice or other evidence")
    field_order = ("kind", "day", "amount", "currency", "hours", "note", "file")

    def __init__(self, *args: Any, only_hours: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"day": clock.business_day(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if only_hours:
            kind: Any = self.fields["kind"]
            kind.choices = capitalized([(CostKind.HOURS, CostKind.HOURS.label)])
            del self.fields["amount"], self.fields["currency"]
