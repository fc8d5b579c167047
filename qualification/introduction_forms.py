"""Forms of the introduction and of lots with a source. Services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from parts.models import BomRevision, Product
from qualification.approval import products_of
from qualification.models import Case, Introduction
from secondsource.accounts.models import Plant, User
from secondsource.core.form_fields import IsoDateField, WholeField

_MOST = 100_000_000
_CUT_IN = [("date", "From a day on"), ("serial", "From a serial on")]


class IntroductionForm(forms.Form):
    """Change notice, cut-in, run-out, and the revision of each product."""

    change_notice = forms.CharField(max_length=60, required=False, label="Change notice")
    cut_in = forms.ChoiceField(choices=_CUT_IN, label="Cut-in")
    cut_in_on = IsoDateField(required=False, label="First day")
    cut_in_serial = forms.CharField(max_length=40, required=False, label="First serial")
    run_out_quantity = WholeField(
        min_value=0, max_value=_MOST, required=False, label="Old stock that runs out",
        help_text="0 for none. The stock for a rollback stands in the rollback plan.",
    )  # fmt: skip
    run_out_by = IsoDateField(required=False, label="To run out by")
    run_out_done_on = IsoDateField(required=False, label="Ran out on")
    needed = {
        "change_notice": "for approval", "run_out_quantity": "for approval",
        "cut_in_on": "for a cut-in by day", "cut_in_serial": "for a cut-in by serial",
    }  # fmt: skip

    def __init__(
        self, *args: Any, case: Case, introduction: Introduction | None = None, **kwargs: Any
    ) -> None:
        chosen: dict[int, int] = {}
        if introduction is not None:
            kwargs["initial"] = {name: getattr(introduction, name) for name in self.base_fields}
            chosen = dict(introduction.revisions.values_list("product", "revision"))
        super().__init__(*args, **kwargs)
        self.products = list(products_of(case))
        named = [f"revision_{product.pk}" for product in self.products]
        self.needed = self.needed | dict.fromkeys(named, "for approval")
        for product in self.products:
            self.fields[f"revision_{product.pk}"] = forms.ModelChoiceField(
                BomRevision.objects.filter(product=product).order_by("-number"), required=False,
                label=f"BOM revision of {product.code}", initial=chosen.get(product.pk),
                empty_label="Not chosen",
            )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """The values of the service without the revisions."""
        return {name: self.cleaned_data[name] for name in self.base_fields}

    def revisions(self) -> dict[Product, BomRevision]:
        """The chosen revision of each product."""
        chosen = {one: self.cleaned_data[f"revision_{one.pk}"] for one in self.products}
        return {product: revision for product, revision in chosen.items() if revision}


class BuiltForm(forms.Form):
    """A lot of a product that took units of the alternate."""

    product = forms.ModelChoiceField(
        Product.objects.none(), to_field_name="code", empty_label="Choose a product"
    )
    plant = forms.ModelChoiceField(Plant.objects.none(), required=False, empty_label="Not known")
    lot = forms.CharField(max_length=60, label="Lot of the product")
    quantity = WholeField(min_value=1, max_value=_MOST, label="Units built")
    failed = WholeField(
        min_value=0, max_value=_MOST, required=False, label="Units that failed",
        help_text="At first pass. Left empty where nobody has counted.",
    )  # fmt: skip
    built_on = IsoDateField(label="Built on")
    part_lot = forms.CharField(max_length=60, required=False, label="Lot of the part")
    serial_prefix = forms.CharField(
        max_length=20, required=False, label="Serials begin with",
        help_text="The letters before the number, such as “KC-”.",
    )  # fmt: skip
    serial_from = WholeField(min_value=0, max_value=10**15, required=False, label="First serial")
    serial_to = WholeField(min_value=0, max_value=10**15, required=False, label="Last serial")

    def __init__(self, *args: Any, case: Case, reader: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product: Any = self.fields["product"]
        seen = Product.objects.visible_to(reader)
        product.queryset = products_of(case).filter(pk__in=seen.values("pk"))
        plant: Any = self.fields["plant"]
        plant.queryset = Plant.objects.order_by("name")
