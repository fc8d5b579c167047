"""Forms of the rollback plan. Services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from qualification.forms import MEMBERS, PersonField
from qualification.models import Case, Metric, Operator, Rehearsal, RollbackTrigger
from secondsource.core.form_fields import IsoDateField, PointDecimalField, WholeField, capitalized

_MOST_HOURS = 99_999


def hours_field(**kwargs: Any) -> PointDecimalField:
    """Hours with one decimal."""
    return PointDecimalField(min_value=0, max_value=_MOST_HOURS, decimal_places=1, **kwargs)


class TriggerForm(forms.Form):
    """A limit on a metric."""

    metric = forms.ChoiceField(
        choices=capitalized(Metric),
        help_text="Customers' returns are reported by people. All others are measured from "
        "receipts, orders and builds.",
    )  # fmt: skip
    operator = forms.ChoiceField(choices=capitalized(Operator), label="Breached")
    threshold = PointDecimalField(
        min_value=0, max_value=1_000_000_000, decimal_places=4,
        help_text="Yield and on-time delivery in per cent, all others as a number.",
    )  # fmt: skip
    window_days = WholeField(min_value=1, max_value=730, label="Within the last days")


class RollbackStepForm(forms.Form):
    """A step of the way back."""

    text = forms.CharField(max_length=300, label="What is done")
    owner = PersonField(*MEMBERS)
    hours = hours_field(label="Hours")
    position = WholeField(
        min_value=1, max_value=99, required=False, label="Place in the order",
        help_text="Left empty, the last.",
    )  # fmt: skip

    def __init__(self, *args: Any, owner: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["owner"]
        person.offer(owner)


class RehearsalForm(forms.Form):
    """A rehearsal that was held."""

    held_on = IsoDateField(label="Held on")
    result = forms.ChoiceField(choices=capitalized(Rehearsal.Result))
    hours = hours_field(label="Hours it took")
    held_by = PersonField(*MEMBERS, label="Held by")
    note = forms.CharField(
        widget=forms.Textarea, max_length=2000, required=False, label="What was found",
    )  # fmt: skip
    needed = {"note": "where it failed"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["held_by"]
        person.offer()


class StockForm(forms.Form):
    """The hours that a rollback may take, and the stock that bridges them."""

    rollback_hours = hours_field(required=False, label="Back on the line in")
    rollback_stock = WholeField(
        min_value=0, max_value=2_000_000_000, required=False, label="Incumbent stock held"
    )


class BreachForm(forms.Form):
    """A value beyond a limit that no receipt shows."""

    trigger = forms.ModelChoiceField(RollbackTrigger.objects.none(), empty_label="Choose a trigger")
    value = PointDecimalField(min_value=0, max_value=1_000_000_000, decimal_places=4)
    note = forms.CharField(
        widget=forms.Textarea, max_length=2000, label="Where it comes from",
        help_text="Such as the complaint or the report.",
    )  # fmt: skip

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trigger: Any = self.fields["trigger"]
        trigger.queryset = RollbackTrigger.objects.filter(plan__case=case)


class HoursForm(forms.Form):
    """The hours that a rollback took."""

    hours = hours_field(label="Hours until the incumbent was on the line again")
