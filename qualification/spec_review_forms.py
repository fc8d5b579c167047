"""Forms of the spec review. Services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from qualification.forms import MEMBERS, PersonField
from qualification.models import Disposition, IpClearance
from qualification.spec_review import ReviewLine
from secondsource.core.form_fields import IsoDateField, capitalized
from suppliers.declared import STATUSES
from suppliers.models import Declaration


class DispositionForm(forms.Form):
    """The decision on lines of the spec review; a missed limit is not plainly accepted."""

    needed = {"condition": "to accept with a condition"}

    decision = forms.ChoiceField(
        choices=capitalized(Disposition.Decision), widget=forms.RadioSelect
    )
    condition = forms.CharField(
        widget=forms.Textarea, max_length=2000, required=False,
        help_text="It becomes a condition of the approval.",
    )  # fmt: skip
    reason = forms.CharField(widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: Any, lines: list[ReviewLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made = lines[0].disposition if len(lines) == 1 else None
        if made is not None:
            self.initial = {n: getattr(made, n) for n in ("decision", "condition", "reason")}
        if any(line.verdict == "blocks" for line in lines):
            decision: Any = self.fields["decision"]
            decision.choices = [one for one in decision.choices if one[0] != "accept"]
        if all(line.verdict == "unknown" for line in lines):
            self.fields["reason"].help_text = "Such as: measured on 5 samples of lot 2629."


class ClearanceForm(forms.Form):
    """A search for rights of others."""

    kind = forms.ChoiceField(choices=capitalized(IpClearance.Kind), label="What for")
    subject = forms.CharField(max_length=300, help_text="The patent, the licence, the cloned part.")
    searched_in = forms.CharField(
        max_length=300, label="Searched in", help_text="Databases, offices, the attorney."
    )
    searched_by = PersonField(*MEMBERS, label="Searched by")
    searched_on = IsoDateField(label="Searched on")
    result = forms.ChoiceField(choices=capitalized(IpClearance.Result))
    licence = forms.CharField(max_length=200, required=False, label="Licence agreement")
    valid_to = IsoDateField(required=False, label="Last day")
    note = forms.CharField(widget=forms.Textarea, max_length=2000, required=False)
    needed = {"licence": "if licensed"}

    def __init__(self, *args: Any, chosen: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["searched_by"]
        people.offer(chosen)


class DeclarationForm(forms.Form):
    """A declaration with the fields of its scheme."""

    status = forms.ChoiceField()
    document = forms.CharField(max_length=200, help_text="Number and revision, such as CMRT 6.4.")
    exemption = forms.CharField(max_length=60, required=False, help_text="Such as 7(c)-I.")
    exemption_expires = IsoDateField(required=False, label="Exemption ends on")
    list_date = IsoDateField(required=False, label="Candidate list of")

    def __init__(
        self, *args: Any, scheme: str, former: Declaration | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        status: Any = self.fields["status"]
        status.choices = capitalized((str(one), one.label) for one in STATUSES[scheme])
        for name, of in (("exemption", "rohs"), ("exemption_expires", "rohs"),
                         ("list_date", "reach")):  # fmt: skip
            if scheme != of:
                del self.fields[name]
        if former is not None:
            self.initial = {name: getattr(former, name) for name in self.fields}


class ConfirmForm(forms.Form):
    """Nothing to fill in."""
