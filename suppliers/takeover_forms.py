"""Forms of take-overs and reviews."""

from __future__ import annotations

from typing import Any

from django import forms

from parts.models import Product
from secondsource.accounts.models import Plant, User
from secondsource.core import policies
from secondsource.core.form_fields import IsoDateField
from suppliers.house_rules import TakeoverPolicy
from suppliers.takeover_rows import WrittenRow


class CodesField(forms.CharField):
    """Codes with commas or blanks between them."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Each code once, in the order in which they are typed."""
        text = super().to_python(value) or ""
        return list(dict.fromkeys(text.replace(",", " ").replace(";", " ").upper().split()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something is typed."""
        return bool(str(data or "").strip())


class ReferenceForm(forms.Form):
    """The document that approves the sources, and its scope."""

    document = forms.CharField(max_length=200, help_text="As your PLM, ERP or list is named.")
    revision = forms.CharField(max_length=60, required=False)
    dated = IsoDateField(label="Date", required=False)
    products = forms.ModelMultipleChoiceField(
        Product.objects.none(), required=False, help_text="None chosen: all products."
    )
    plants = forms.ModelMultipleChoiceField(
        Plant.objects.none(), required=False, help_text="None chosen: all plants."
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["products"].queryset = Product.objects.visible_to(user).order_by("code")
        fields["plants"].queryset = Plant.objects.order_by("code")


class RowForm(forms.Form):
    """One source of the document."""

    part = forms.CharField(label="Part", max_length=40)
    manufacturer = forms.CharField(label="Manufacturer", max_length=200)
    mpn = forms.CharField(label="Manufacturer part number", max_length=200)
    valid_to = IsoDateField(label="Valid until", required=False)
    scope = CodesField(label="Products", max_length=4000, required=False)
    evidence = forms.CharField(label="Evidence", max_length=200, required=False)

    def clean_part(self) -> str:
        """The IPN in capitals."""
        return str(self.cleaned_data["part"]).strip().upper()

    def written(self) -> WrittenRow:
        """The row as the service reads it."""
        return WrittenRow(**self.cleaned_data)


RowFormSet = forms.formset_factory(RowForm, extra=5, max_num=500, absolute_max=500)


class KeepForm(forms.Form):
    """The months to keep an approval, with the reason."""

    months = forms.IntegerField(label="Keep for", min_value=1)
    reason = forms.CharField(
        widget=forms.Textarea, max_length=2000, help_text="Shown in the history."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        most = policies.active(TakeoverPolicy)[0].months_at_most
        kwargs.setdefault("initial", {"months": most})
        super().__init__(*args, **kwargs)
        months: Any = self.fields["months"]
        months.help_text = f"Months, {most} at most."


class WithdrawForm(forms.Form):
    """The reason of a withdrawal."""

    reason = forms.CharField(
        widget=forms.Textarea, max_length=2000, help_text="Shown in the history."
    )
