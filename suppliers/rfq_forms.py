"""Forms of requests for quotation and price agreements."""

from __future__ import annotations

import copy
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from parts.models import Part
from secondsource.core import numerals
from secondsource.core.form_fields import (
    CurrencyField,
    FormWithoutHidden,
    IsoDateField,
    PointDecimalField,
    Rows,
    WholeField,
    capitalized,
)
from secondsource.core.shares import ShareField
from secondsource.core.widgets import SuggestInput
from suppliers.models import PriceAgreement, Supplier
from suppliers.models.rfqs import MOST_VOLUMES
from suppliers.offer_forms import OfferForm

_MOST = 2_000_000_000


def companies() -> Any:
    """Suppliers that can be asked."""
    rows = Supplier.objects.companies().exclude(standing=Supplier.Standing.DISQUALIFIED)
    return rows.order_by("name")


class VolumesField(forms.CharField):
    """Rising volumes: ``1,000; 10,000``."""

    def to_python(self, value: Any) -> Any:
        """A list of whole numbers. Raises ``ValidationError``."""
        if isinstance(value, list):
            return value
        text = super().to_python(value)
        if not text:
            return text  # an empty row of a formset is unchanged
        found = [_volume(one) for one in _separate(text) if one.strip()]
        if len(found) > MOST_VOLUMES:
            raise ValidationError(f"At most {MOST_VOLUMES} volumes.", "too_many")
        if sorted(set(found)) != found:
            raise ValidationError("Write the volumes rising, each once.", "not_rising")
        return found

    def prepare_value(self, value: Any) -> Any:
        """Stored volumes as text."""
        return "; ".join(f"{one:,}" for one in value) if isinstance(value, list) else value


def _separate(text: str) -> list[str]:
    """The single volumes of a text: by signs, else by blanks, which group thousands as well."""
    if re.search(r"[;/|]", text):
        return re.split(r"[;/|]", text)
    parts, whole = text.split(), _plain(text)
    if len(parts) == 1 or not whole.isdecimal():
        return parts
    if any(one.startswith("0") for one in parts) or sorted(set(parts), key=int) != parts:
        return [whole]
    each = "; ".join(parts)
    told = f"{text.strip()} can mean {int(whole):,} or {each}. Write {whole} or {each}."
    raise ValidationError(told, "two_readings")


def _plain(text: str) -> str:
    try:
        return numerals.typed(text.strip().rstrip(","), "pieces")
    except numerals.UnreadableNumber as error:
        raise ValidationError(str(error), error.code) from None


def _volume(text: str) -> int:
    plain = _plain(text)
    if not plain.isascii() or not plain.isdecimal() or not 1 <= int(plain[:12]) <= _MOST:
        raise ValidationError(f"“{text.strip()[:40]}” is not a volume.", "not_whole")
    return int(plain)


class RfqForm(forms.Form):
    """What a request is about."""

    title = forms.CharField(max_length=120)
    due = IsoDateField(label="Quotes are due on")
    currency = CurrencyField(label="Compared in", help_text="The currency of the comparison.")
    note = forms.CharField(
        label="For the suppliers", required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )  # fmt: skip


class SentRfqForm(forms.Form):
    """What can still change once a request is sent."""

    due = IsoDateField(label="Quotes are due on")


class SuppliersForm(forms.Form):
    """The suppliers to ask."""

    suppliers = forms.ModelMultipleChoiceField(
        queryset=Supplier.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        known = options.pop("known", ())
        super().__init__(*args, **options)
        field: Any = self.fields["suppliers"]
        field.queryset = companies().exclude(pk__in=known)


class RfqLineForm(forms.Form):
    """A part and its volumes."""

    ipn = forms.CharField(label="Part", max_length=60, widget=SuggestInput("parts"))
    volumes = VolumesField(
        max_length=120, widget=forms.TextInput(attrs={"placeholder": "1,000; 10,000"})
    )
    qualification_cost = PointDecimalField(
        label="Qualification of an alternate", max_digits=18, decimal_places=4, min_value=0,
        required=False,
    )  # fmt: skip
    amortise_units = WholeField(
        label="Spread over units", min_value=1, max_value=_MOST, required=False
    )
    note = forms.CharField(label="Remark", max_length=300, required=False)

    def __init__(self, *args: Any, user: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_ipn(self) -> Part:
        """The part, of those that the reader sees."""
        ipn = self.cleaned_data["ipn"].strip().upper()
        found = Part.objects.visible_to(self.user).filter(ipn=ipn).first()
        if found is None:
            raise ValidationError(f"There is no part {ipn}.", "unknown")
        return found

    def clean(self) -> dict[str, Any]:
        """A cost is spread over units."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("qualification_cost") and values.get("amortise_units") is None:
            self.add_error("amortise_units", "Over how many units is the cost spread?")
        return values


RfqLineFormSet = forms.formset_factory(
    RfqLineForm, formset=Rows, extra=3, can_delete=True, max_num=200
)


class LineCostForm(forms.Form):
    """What the qualification of an alternate costs."""

    qualification_cost = RfqLineForm.base_fields["qualification_cost"]
    amortise_units = RfqLineForm.base_fields["amortise_units"]


class ReopenForm(forms.Form):
    """A new due date and why."""

    due = IsoDateField(label="Quotes are due on")
    note = forms.CharField(
        label="Reason", max_length=300, widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Shown in the history.",
    )  # fmt: skip


class AwardForm(forms.Form):
    """Why the chosen quotes are accepted."""

    note = forms.CharField(
        label="Why these quotes", max_length=300, widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="Shown in the history and at each accepted line.",
    )  # fmt: skip


class AgreementTermsForm(FormWithoutHidden):
    """The terms of an agreement that can change."""

    hides = "suppliers.priceagreement"

    document = forms.CharField(
        max_length=120, help_text="Contract number, revision or file that was signed."
    )
    valid_to = IsoDateField(label="Valid to")
    volume_commitment = WholeField(
        label="Units that we take in this time", min_value=1, max_value=_MOST, required=False
    )
    allocation = ShareField(label="Share of our demand", required=False)
    rebate_threshold = WholeField(
        label="Rebate from units a year", min_value=0, max_value=_MOST, required=False
    )
    rebate_rate = ShareField(label="Rebate", decimal_places=5, required=False)
    rebate_on = forms.ChoiceField(
        label="The rebate is on", choices=capitalized(PriceAgreement.RebateOn)
    )
    last_time_buy_months = WholeField(
        label="Notice before the last order, months", min_value=0, max_value=120, required=False
    )
    last_time_buy = forms.CharField(
        label="Last-time-buy clause", required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )  # fmt: skip
    ip_clause = forms.CharField(
        label="IP clause", required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )  # fmt: skip
    note = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": "3"})
    )

    def __init__(self, *args: Any, agreement: PriceAgreement, **options: Any) -> None:
        options["initial"] = {name: getattr(agreement, name) for name in self.base_fields}
        super().__init__(*args, **options)


_OF_OFFER = (
    "sku", "moq", "multiple", "lead_time_days_min", "lead_time_days_max", "channel",
    "capacity_wk", "stock",
)  # fmt: skip


_FIRST = ("manufacturer", "mpn", "supplier", "document", "valid_from", "valid_to")


class AgreementForm(OfferForm):
    """A new agreement: the part, the supplier, its prices and terms."""

    hides = "suppliers.priceagreement"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in _OF_OFFER:
            self.fields.pop(name, None)
        self.fields["valid_to"].required = True
        for name, field in AgreementTermsForm.base_fields.items():
            if name not in self.fields:
                self.fields[name] = copy.deepcopy(field)
        self.order_fields(_FIRST)
