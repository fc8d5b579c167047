"""Forms of categories, parts, requirements, products and exchange rates."""

from __future__ import annotations

from typing import Any

from django import forms

from parts.models import Category, ExchangeRate, Part, Product, Requirement
from parts.models.catalogue import Lifecycle, MadeIn, RiskClass
from parts.units import measure
from secondsource.accounts.models import Plant, ProductLine, User
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
    WholeField,
    capitalized,
)


class CategoryForm(forms.Form):
    """A node of the category tree."""

    name = forms.CharField(max_length=100)
    risk_class = forms.ChoiceField(
        label="Risk class",
        choices=RiskClass.choices,
        initial=RiskClass.MEDIUM,
        help_text="How much work a qualification of its parts needs.",
    )
    made_in = forms.ChoiceField(
        label="Made in",
        choices=capitalized(MadeIn),
        help_text="The kind of plant. The default time to recover depends on it.",
    )
    ipn_prefix = forms.RegexField(
        "^[A-Z0-9][A-Z0-9._-]*$",
        label="IPN prefix",
        max_length=12,
        required=False,
        help_text="New parts get it; existing parts keep their IPNs.",
        error_messages={"invalid": "Capital letters, digits, point, hyphen, underscore."},
    )
    under = forms.ModelChoiceField(
        queryset=Category.objects.order_by("path"),
        required=False,
        to_field_name="path",
        empty_label="Top level",
        label="Parent category",
    )
    short = forms.SlugField(
        label="Short name",
        max_length=60,
        help_text="Lower-case letters and digits, the last part of its path.",
    )

    def __init__(self, *args: Any, category: Category | None = None, **options: Any) -> None:
        if category is not None:
            options["initial"] = {
                "name": category.name, "risk_class": category.risk_class,
                "made_in": category.made_in, "ipn_prefix": category.ipn_prefix,
                "under": category.path.rpartition("/")[0],
            }  # fmt: skip
        super().__init__(*args, **options)
        under: Any = self.fields["under"]
        under.label_from_instance = lambda one: f"{one.name} ({one.path})"
        if category is not None:
            del self.fields["short"]
            within = Category.objects.filter(path__startswith=f"{category.path}/").values("pk")
            under.queryset = under.queryset.exclude(pk=category.pk).exclude(pk__in=within)

    def clean_short(self) -> str:
        """Paths are written in small letters."""
        return str(self.cleaned_data["short"]).lower()


class CategoryChoice(forms.ModelChoiceField):
    """Categories in the order of their paths."""

    def label_from_instance(self, obj: Any) -> str:
        """``Microcontrollers (ics)``."""
        above, _, _ = obj.path.rpartition("/")
        return f"{obj.name} ({above})" if above else str(obj.name)


class PartForm(FormWithoutHidden):
    """A part's plain fields; the cost only for people who see prices."""

    hides = "parts.part"
    needed = {"standard_cost_currency": "with a cost"}

    ipn = forms.CharField(
        label="Part number",
        max_length=40,
        required=False,
        help_text="Left empty, the part gets the next number of its category.",
    )
    description = forms.CharField(max_length=300)
    category = CategoryChoice(queryset=Category.objects.order_by("path"), empty_label=None)
    criticality = forms.ChoiceField(choices=Part.Criticality.choices, initial=Part.Criticality.B)
    lifecycle = forms.ChoiceField(choices=Lifecycle.choices, initial=Lifecycle.UNKNOWN)
    value = forms.CharField(max_length=120, required=False)
    footprint = forms.CharField(max_length=200, required=False)
    unit = forms.CharField(max_length=12, initial="pcs")
    stock_qty = QuantityField(label="On hand", required=False)
    open_order_qty = QuantityField(label="On order", required=False)
    safety_stock = QuantityField(label="Safety stock", min_value=0, required=False)
    standard_cost = PriceField(label="Standard cost", required=False)
    standard_cost_currency = CurrencyField(label="Currency of the cost", required=False)
    owner = forms.ModelChoiceField(
        queryset=User.objects.filter(is_active=True).order_by("name"),
        required=False,
        empty_label="No owner",
    )

    def __init__(self, *args: Any, part: Part | None = None, **options: Any) -> None:
        if part is not None:
            options["initial"] = {name: getattr(part, name) for name in self.base_fields}
        super().__init__(*args, **options)
        measure(self.fields, self["unit"].value() or "")
        if part is not None:
            del self.fields["ipn"]

    def clean_ipn(self) -> str:
        """Part numbers are written in capital letters."""
        return str(self.cleaned_data["ipn"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """A cost needs its currency."""
        values: dict[str, Any] = super().clean() or {}
        lacking = not values.get("standard_cost_currency") and (
            "standard_cost_currency" not in self.errors
        )
        if values.get("standard_cost") is not None and lacking:
            self.add_error("standard_cost_currency", "A cost needs its currency.")
        return values


class ProductForm(FormWithoutHidden):
    """A product's plain fields; margin and revenue only for people who see them."""

    hides = "parts.product"

    code = forms.CharField(max_length=40, help_text="Capital letters, digits, hyphen.")
    name = forms.CharField(max_length=200)
    phase = forms.ChoiceField(choices=[("", "Choose"), *capitalized(Product.Phase)])
    monthly_volume = WholeField(
        label="Monthly volume",
        min_value=0,
        max_value=2_000_000_000,
        required=False,
        help_text="Pieces a month. Demand, spend and cover of its parts are computed from it.",
    )
    product_line = forms.ModelChoiceField(
        queryset=ProductLine.objects.order_by("code"), required=False, empty_label="No product line"
    )
    plants = forms.ModelMultipleChoiceField(
        queryset=Plant.objects.order_by("code"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    customer_approval = forms.BooleanField(label="A customer must approve changes", required=False)
    unit_margin = PointDecimalField(
        label="Margin per piece", max_digits=18, decimal_places=6, required=False
    )
    annual_revenue = PointDecimalField(
        label="Revenue a year", max_digits=18, decimal_places=2, required=False
    )
    currency = CurrencyField(required=False)

    def __init__(self, *args: Any, product: Product | None = None, **options: Any) -> None:
        if product is not None:
            names = [name for name in self.base_fields if name != "plants"]
            options["initial"] = {name: getattr(product, name) for name in names}
        super().__init__(*args, **options)
        if product is not None:
            del self.fields["code"], self.fields["plants"]

    def clean_code(self) -> str:
        """Codes are written in capitals."""
        return str(self.cleaned_data["code"]).strip().upper()


class RequirementForm(forms.Form):
    """One row of the requirements; an empty row is ignored."""

    group = forms.CharField(max_length=60, required=False)
    parameter = forms.CharField(max_length=80)
    rule = forms.ChoiceField(
        choices=capitalized(Requirement.Rule),
        initial=Requirement.Rule.AT_LEAST,
    )
    minimum = PointFloatField(required=False)
    maximum = PointFloatField(required=False)
    unit = forms.CharField(max_length=20, required=False)
    on_typical = forms.BooleanField(label="Typical", required=False)
    text = forms.CharField(label="Text value", max_length=200, required=False)
    consequence = forms.CharField(max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Each rule requires its limits, and the minimum must not exceed the maximum."""
        values: dict[str, Any] = super().clean() or {}
        low, high, text = values.get("minimum"), values.get("maximum"), values.get("text")
        rule = values.get("rule")
        if rule == "at_least" and low is None:
            self.add_error("minimum", "At least needs a minimum.")
        if rule == "at_most" and high is None:
            self.add_error("maximum", "At most needs a maximum.")
        if rule in ("within", "covers") and (low is None or high is None):
            self.add_error("minimum", f"{rule.capitalize()} needs a minimum and a maximum.")
        if rule == "covers" and values.get("on_typical"):
            self.add_error("on_typical", "A range is covered by guaranteed values alone.")
        if rule in ("one_of", "all_of") and not text:
            self.add_error("text", "Name the words, with commas.")
        if rule == "equal" and low is None and high is None and not text:
            self.add_error("minimum", "Equal needs a value.")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", "Below the minimum.")
        return values


class RequirementRows(Rows):
    """The table of requirements; each parameter once."""

    unique = ("parameter",)


RequirementFormSet = forms.formset_factory(
    RequirementForm, formset=RequirementRows, extra=3, can_delete=True, max_num=300
)


class OptionalReasonForm(forms.Form):
    """A reason that is shown in the history."""

    note = forms.CharField(
        label="Reason", widget=forms.Textarea, max_length=300, required=False,
        help_text="Shown in the history.",
    )  # fmt: skip


class ExchangeRateForm(forms.Form):
    """A new rate of a currency."""

    currency = CurrencyField(label="Currency", help_text="One unit of it, such as EUR.")
    rate = PointDecimalField(label="Rate", max_digits=24, decimal_places=12)
    quote = CurrencyField(label="In", help_text="The currency that the rate is in, such as USD.")
    as_of = IsoDateField(label="Day")
    publisher = forms.CharField(max_length=120, help_text="Such as ECB.")

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        options.setdefault("initial", {}).update(quote=currency, as_of=clock.business_day())
        super().__init__(*args, **options)


class RateCorrectionForm(forms.Form):
    """The correct figure of a rate, and the reason of the correction."""

    rate = PointDecimalField(max_digits=24, decimal_places=12)
    reason = forms.CharField(
        max_length=300, help_text="The wrong rate stays in the history, with this reason."
    )

    def __init__(self, *args: Any, exchange_rate: ExchangeRate, **options: Any) -> None:
        options["initial"] = {"rate": exchange_rate.rate}
        super().__init__(*args, **options)
