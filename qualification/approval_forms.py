"""Forms of accepted risks, customers' approvals and regulatory files. Services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from parts.models import Product
from qualification.approval import products_of
from qualification.models import Case, CustomerApproval
from secondsource.accounts.models import User
from secondsource.core.form_fields import IsoDateField, capitalized


class RiskForm(forms.Form):
    """The words of an accepted risk."""

    text = forms.CharField(widget=forms.Textarea, max_length=2000, label="What can go wrong")
    severity = forms.CharField(
        max_length=200, required=False, label="How bad it would be",
        help_text="In words, such as “a reset of the device, no harm to people”.",
    )  # fmt: skip
    mitigation = forms.CharField(
        widget=forms.Textarea, max_length=2000, required=False, label="What limits it",
        help_text="Such as a tightened incoming inspection or a smaller share.",
    )  # fmt: skip


class SignRiskForm(forms.Form):
    """The signature of a risk needs no values."""


class NoRiskForm(forms.Form):
    """The statement that no risk is accepted."""

    reason = forms.CharField(
        widget=forms.Textarea, max_length=2000, label="Why no risk is left",
        help_text="Shown with the statement and in the dossier.",
    )  # fmt: skip


class CustomerApprovalForm(forms.Form):
    """What a customer is asked, and the answer."""

    product = forms.ModelChoiceField(
        queryset=Product.objects.none(), to_field_name="code", empty_label="Choose a product"
    )
    customer = forms.CharField(max_length=120)
    kind = forms.ChoiceField(choices=capitalized(CustomerApproval.Kind), label="What is sent")
    sent_on = IsoDateField(label="Sent on", required=False)
    due = IsoDateField(label="Answer due", required=False)
    silence_clause = forms.CharField(
        max_length=200, required=False, label="Agreement on silence",
        help_text="The clause by which no answer until the due day is an approval. "
        "Left empty, silence is no approval.",
    )  # fmt: skip
    answered_on = IsoDateField(label="Answered on", required=False)
    answer = forms.ChoiceField(
        choices=[("", "No answer yet"), *capitalized(CustomerApproval.Answer)], required=False
    )
    conditions = forms.CharField(
        widget=forms.Textarea, max_length=10_000, required=False,
        help_text="They become conditions of the source's approval.",
    )  # fmt: skip
    needed = {"due": "once it is sent", "conditions": "for an approval with conditions"}

    def __init__(
        self,
        *args: Any,
        case: Case,
        reader: User | None,
        row: CustomerApproval | None = None,
        **kwargs: Any,
    ) -> None:
        if row is not None:
            names = [name for name in self.base_fields if name != "product"]
            kwargs["initial"] = {name: getattr(row, name) for name in names}
        super().__init__(*args, **kwargs)
        if row is not None:
            del self.fields["product"]
        else:
            seen = Product.objects.visible_to(reader)
            product: Any = self.fields["product"]
            product.queryset = products_of(case).filter(pk__in=seen.values("pk"))


class RegulatoryFileForm(forms.Form):
    """A file with an authority, the decision on it and the day of its update."""

    name = forms.CharField(max_length=200, label="File", help_text="Such as “CE technical file”.")
    authority = forms.CharField(max_length=120, required=False, label="Authority or notified body")
    update_needed = forms.TypedChoiceField(
        choices=[("", "Not decided"), ("yes", "Yes"), ("no", "No")], required=False,
        label="Does the change need an update?", coerce=lambda text: text == "yes",
        empty_value=None,
    )  # fmt: skip
    reason = forms.CharField(
        widget=forms.Textarea,
        max_length=2000,
        required=False,
        label="Reason",
    )
    updated_on = IsoDateField(label="Updated on", required=False)
    needed = {"reason": "where no update is needed"}

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {name: getattr(row, name) for name in self.base_fields}
            words = {None: "", True: "yes", False: "no"}
            kwargs["initial"]["update_needed"] = words[row.update_needed]
        super().__init__(*args, **kwargs)
