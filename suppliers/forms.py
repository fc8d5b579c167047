"""Forms of sources, datasheets and receipts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from parts.models import Part
from parts.units import measure
from secondsource.core import clock
from secondsource.core.form_fields import (
    CurrencyField,
    FormWithoutHidden,
    IsoDateField,
    PointDecimalField,
    PointFloatField,
    PriceField,
    QuantityField,
    Rows,
    capitalized,
)
from secondsource.core.formats import number
from secondsource.core.shares import ShareField
from suppliers.models import OrderLine, Receipt, Source, Supplier


class SourceForm(forms.Form):
    """A manufacturer part as a new source."""

    manufacturer = forms.CharField(
        max_length=200,
        help_text="Any of its names on record.",
        widget=forms.TextInput(attrs={"list": "manufacturers", "autocomplete": "off"}),
    )
    mpn = forms.CharField(label="Manufacturer part number", max_length=200)
    description = forms.CharField(max_length=300, required=False)


class SourceTermsForm(forms.Form):
    """The agreed terms of a source; status and caps depend on its qualification."""

    share = ShareField(label="Agreed share", required=False)
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


class CorrectionForm(forms.Form):
    """The reason of a correction."""

    reason = forms.CharField(
        label="What was wrong", max_length=300, widget=forms.Textarea(attrs={"rows": "3"})
    )


def delivering_company() -> forms.ModelChoiceField:
    """The choice of the supplier; empty means the manufacturer."""
    return forms.ModelChoiceField(
        queryset=Supplier.objects.companies().order_by("name"),
        required=False,
        empty_label="Direct from the manufacturer",
    )


class CancelForm(forms.Form):
    """The reason of a cancellation."""

    reason = forms.CharField(
        label="Reason", max_length=300, widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Shown in the history.",
    )  # fmt: skip


class OrderLineChangeForm(FormWithoutHidden):
    """Changes of an order line."""

    hides = "suppliers.orderline"

    ordered_qty = QuantityField(label="Quantity")
    agreed_date = IsoDateField(
        label="Agreed date", required=False, help_text="The day that the supplier promised."
    )
    ordered_on = IsoDateField(label="Ordered on", required=False)
    unit_price = PriceField(label="Unit price", required=False)
    currency = CurrencyField(required=False)

    def __init__(self, *args: Any, order_line: OrderLine, **options: Any) -> None:
        options["initial"] = {name: getattr(order_line, name) for name in self.base_fields}
        super().__init__(*args, **options)
        measure(self.fields, order_line.source.part.unit)

    def clean(self) -> dict[str, Any]:
        """Check the currency of the price."""
        values: dict[str, Any] = super().clean() or {}
        _check_price(self, values)
        return values


class OrderLineForm(FormWithoutHidden):
    """A new line of a purchase order."""

    hides = "suppliers.orderline"

    source = forms.ModelChoiceField(queryset=Source.objects.none(), empty_label="Choose the source")
    supplier = delivering_company()
    po = forms.CharField(label="Purchase order", max_length=60)
    line = forms.CharField(label="Line", max_length=20, initial="10")
    ordered_qty = QuantityField(label="Quantity")
    agreed_date = IsoDateField(
        label="Agreed date", required=False, help_text="The day that the supplier promised."
    )
    ordered_on = IsoDateField(label="Ordered on", required=False)
    unit_price = PriceField(label="Unit price", required=False)
    currency = CurrencyField(required=False)

    def __init__(self, *args: Any, part: Part, currency: str, **options: Any) -> None:
        initial = {"ordered_on": clock.business_day(), "currency": currency}
        options["initial"] = initial | options.get("initial", {})
        super().__init__(*args, **options)
        measure(self.fields, part.unit)
        field: Any = self.fields["source"]
        field.queryset, field.label_from_instance = sources_of(part), source_in_words

    def clean(self) -> dict[str, Any]:
        """Check the currency of the price."""
        values: dict[str, Any] = super().clean() or {}
        _check_price(self, values)
        return values


class ReceiptForm(FormWithoutHidden):
    """A receipt of a part; with an order line its source is that of the line."""

    hides = "suppliers.receipt"

    order_line = forms.ModelChoiceField(
        queryset=OrderLine.objects.none(), required=False, empty_label="No order line"
    )
    source = forms.ModelChoiceField(
        queryset=Source.objects.none(), required=False, empty_label="Choose the source",
        error_messages={"required": "Choose the source that was delivered."},
    )  # fmt: skip
    supplier = delivering_company()
    received_date = IsoDateField(label="Received on")
    received_qty = QuantityField(label="Quantity", help_text="Enter a return as −100.")
    rejected_qty = QuantityField(label="Rejected", min_value=0, required=False)
    confirm = forms.BooleanField(
        label="The quantity is right", required=False, widget=forms.HiddenInput
    )
    lot = forms.CharField(max_length=60, required=False)
    reference = forms.CharField(
        label="Goods receipt number", max_length=80, required=False,
        help_text="Keeps two equal arrivals of one day apart.",
    )  # fmt: skip
    po = forms.CharField(label="Purchase order", max_length=60, required=False)
    unit_price = PriceField(label="Unit price", required=False)
    currency = CurrencyField(required=False)
    purpose = forms.ChoiceField(choices=capitalized(Receipt.Purpose))

    def __init__(self, *args: Any, part: Part, currency: str, **options: Any) -> None:
        initial = {"received_date": clock.business_day(), "currency": currency}
        options["initial"] = initial | options.get("initial", {})
        super().__init__(*args, **options)
        measure(self.fields, part.unit)
        fields: Any = self.fields
        fields["source"].queryset = sources_of(part)
        fields["source"].label_from_instance = source_in_words
        fields["order_line"].queryset = open_lines_of(part)
        fields["order_line"].label_from_instance = line_in_words
        if not fields["order_line"].queryset.exists():
            del fields["order_line"]
            fields["source"].required = True
        else:
            fields["source"].help_text = "Empty: the source of the order line."

    def add_error(self, field: str | None, error: Any) -> None:
        """Add a box to tick for a quantity that must be confirmed."""
        if field == "confirm":
            self.fields["confirm"].widget = forms.CheckboxInput()
        super().add_error(field, error)

    def clean_rejected_qty(self) -> Decimal:
        """Empty means none."""
        return self.cleaned_data["rejected_qty"] or Decimal(0)

    def clean(self) -> dict[str, Any]:
        """Check source, currency and rejected quantity."""
        values: dict[str, Any] = super().clean() or {}
        if line := values.get("order_line"):
            values["source"] = values.get("source") or line.source
        if not values.get("source") and "source" not in self.errors:
            self.add_error("source", self.fields["source"].error_messages["required"])
        received, rejected = values.get("received_qty"), values.get("rejected_qty")
        if received is not None and rejected and 0 < received < rejected:
            self.add_error("rejected_qty", f"Rejected is above received, {received.normalize():f}.")
        _check_price(self, values)
        return values


def _check_price(form: Any, values: dict[str, Any]) -> None:
    """Require a currency for a price, and drop it without one."""
    if "currency" not in form.fields:
        return
    if values.get("unit_price") is None:
        values["currency"] = ""
    elif not values.get("currency") and "currency" not in form.errors:
        form.add_error("currency", "A price needs its currency.")


def sources_of(part: Part) -> Any:
    """The sources of a part to choose from."""
    return Source.objects.filter(part=part).with_manufacturers().in_order()


def open_lines_of(part: Part) -> Any:
    """The open order lines of a part."""
    lines = OrderLine.objects.filter(source__part=part).with_open().filter(open_qty__gt=0)
    return lines.select_related("source__manufacturer_part", "source__part").order_by(
        "agreed_date", "pk"
    )


def source_in_words(source: Any) -> str:
    """``TPS62130RGTR, Texas Instruments (approved)``."""
    manufacturer = source.manufacturer_part.manufacturer.name
    return f"{source.manufacturer_part.mpn}, {manufacturer} ({source.get_status_display()})"


def line_in_words(line: Any) -> str:
    """``PO-1 line 10, TPS62130RGTR, 2,500 pcs open``."""
    left = f"{number(line.open_qty)} {line.source.part.unit} open"
    return f"{line}, {line.source.manufacturer_part.mpn}, {left}"


class ParameterForm(forms.Form):
    """A row of a datasheet: numbers with a unit, or a word."""

    name = forms.CharField(label="Parameter", max_length=80)
    minimum = PointFloatField(required=False)
    typical = PointFloatField(required=False)
    maximum = PointFloatField(required=False)
    unit = forms.CharField(max_length=20, required=False)
    text = forms.CharField(label="Text value", max_length=200, required=False)
    condition = forms.CharField(max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """Require a value, and a minimum that does not exceed the maximum."""
        values: dict[str, Any] = super().clean() or {}
        low, high = values.get("minimum"), values.get("maximum")
        numbers = [low, high, values.get("typical")]
        if values.get("name") and not values.get("text") and numbers == [None] * 3:
            self.add_error("typical", "Give a number or a text value.")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", "Below the minimum.")
        return values


class ParameterRows(Rows):
    """The table of a datasheet; each parameter once under one condition."""

    unique = ("name", "condition")


ParameterFormSet = forms.formset_factory(
    ParameterForm, formset=ParameterRows, extra=3, can_delete=True, max_num=300
)
