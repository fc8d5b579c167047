"""Forms of sources, datasheets and receipts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from parts.models import Part
from secondsource.core import clock
from secondsource.core.form_fields import (
    CurrencyField,
    FormWithoutHidden,
    IsoDateField,
    PointDecimalField,
    PointFloatField,
    Rows,
)
from suppliers.models import Receipt, Source, Supplier


class SourceForm(forms.Form):
    """A manufacturer part that could be a source of ours."""

    manufacturer = forms.CharField(
        max_length=200,
        help_text="In any spelling that we know it by.",
        widget=forms.TextInput(attrs={"list": "manufacturers", "autocomplete": "off"}),
    )
    mpn = forms.CharField(label="Manufacturer part number", max_length=200)
    description = forms.CharField(max_length=300, required=False)


class SourceTermsForm(forms.Form):
    """What we agreed on a source; status and caps follow from its qualification."""

    share = PointDecimalField(
        label="Agreed share",
        min_value=0,
        max_value=1,
        max_digits=5,
        decimal_places=4,
        required=False,
        help_text="A fraction: 0.4 is 40 %.",
    )
    capacity_wk = PointDecimalField(
        label="Capacity a week",
        min_value=0,
        max_digits=18,
        decimal_places=4,
        required=False,
    )
    conditions = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": "3"}), max_length=4000
    )

    def __init__(self, *args: Any, source: Source, **options: Any) -> None:
        options["initial"] = {name: getattr(source, name) for name in self.base_fields}
        super().__init__(*args, **options)


class ReceiptForm(FormWithoutHidden):
    """One arrival of a part."""

    hides = "suppliers.receipt"

    source = forms.ModelChoiceField(queryset=Source.objects.none(), empty_label=None)
    supplier = forms.ModelChoiceField(
        queryset=Supplier.objects.companies().order_by("name"),
        required=False,
        empty_label="the manufacturer",
    )
    received_date = IsoDateField(label="Received on")
    received_qty = PointDecimalField(
        label="Quantity",
        max_digits=18,
        decimal_places=4,
        help_text="A return is negative.",
    )
    rejected_qty = PointDecimalField(
        label="Of these rejected",
        max_digits=18,
        decimal_places=4,
        min_value=0,
        required=False,
    )
    lot = forms.CharField(max_length=60, required=False)
    po = forms.CharField(label="Purchase order", max_length=60, required=False)
    unit_price = PointDecimalField(
        label="Unit price", max_digits=18, decimal_places=6, min_value=0, required=False
    )
    currency = CurrencyField(required=False)
    purpose = forms.ChoiceField(choices=Receipt.Purpose.choices)

    def __init__(self, *args: Any, part: Part, currency: str, **options: Any) -> None:
        options.setdefault("initial", {}).update(
            received_date=clock.business_day(), currency=currency
        )
        super().__init__(*args, **options)
        field: Any = self.fields["source"]
        field.queryset = Source.objects.filter(part=part).with_manufacturers().in_order()
        field.label_from_instance = _source_in_words

    def clean_rejected_qty(self) -> Decimal:
        """Nothing typed means none rejected."""
        return self.cleaned_data["rejected_qty"] or Decimal(0)

    def clean(self) -> dict[str, Any]:
        """A price needs its currency; rejected lie within received."""
        values: dict[str, Any] = super().clean() or {}
        received, rejected = values.get("received_qty"), values.get("rejected_qty")
        if received is not None and rejected and 0 < received < rejected:
            self.add_error("rejected_qty", f"Rejected is above received, {received.normalize():f}.")
        if values.get("unit_price") is None:
            values["currency"] = ""
        elif not values.get("currency") and "currency" not in self.errors:
            self.add_error("currency", "A price needs its currency.")
        return values


def _source_in_words(source: Any) -> str:
    manufacturer = source.manufacturer_part.manufacturer.name
    return f"{source.manufacturer_part.mpn}, {manufacturer} ({source.get_status_display()})"


class ParameterForm(forms.Form):
    """One line of a datasheet: numbers with a unit, or a word."""

    name = forms.CharField(label="Parameter", max_length=80)
    minimum = PointFloatField(required=False)
    typical = PointFloatField(required=False)
    maximum = PointFloatField(required=False)
    unit = forms.CharField(max_length=20, required=False)
    text = forms.CharField(label="Text value", max_length=200, required=False)
    condition = forms.CharField(max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """A value is there, and the limits stand in order."""
        values: dict[str, Any] = super().clean() or {}
        low, high = values.get("minimum"), values.get("maximum")
        numbers = [low, high, values.get("typical")]
        if values.get("name") and not values.get("text") and numbers == [None] * 3:
            self.add_error("typical", "Give a number or a text value.")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", "Below the minimum.")
        return values


class OncePerCondition(Rows):
    """Each parameter stands once under one condition."""

    def clean(self) -> None:
        """The second of two equal lines is refused where it stands."""
        seen: set[tuple[str, str]] = set()
        for form in self.forms:
            values = form.cleaned_data
            key = (
                (values.get("name") or "").casefold(),
                (values.get("condition") or "").casefold(),
            )
            if key[0] and not values.get("DELETE") and key in seen:
                form.add_error("name", "This parameter stands above already.")
            seen.add(key)


ParameterFormSet = forms.formset_factory(
    ParameterForm, formset=OncePerCondition, extra=3, can_delete=True, max_num=300
)
