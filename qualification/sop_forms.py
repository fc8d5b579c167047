"""Forms of SOPs and their steps. Services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from parts.models import Category
from parts.models.catalogue import RiskClass
from qualification import linked_work
from qualification.families import Family
from qualification.models import SopItem
from qualification.models.cases import GATES
from qualification.step_forms import StepForm
from secondsource.accounts.rights import Function
from secondsource.core.form_fields import WholeField, capitalized


class SopForm(forms.Form):
    """A new version of an SOP: for which parts, and why."""

    category = forms.ModelChoiceField(
        queryset=Category.objects.none(), required=False, empty_label="No category of its own",
        help_text="An SOP of a category goes before that of its family.",
    )  # fmt: skip
    family = forms.ChoiceField(
        choices=[("", "All parts"), *capitalized(Family)], required=False, label="Family of parts",
        help_text="Left at all parts where a category is chosen.",
    )  # fmt: skip
    risk_class = forms.ChoiceField(choices=capitalized(RiskClass), label="Risk class")
    reason = forms.CharField(
        widget=forms.Textarea, max_length=2000, label="Why", help_text="Shown in the history."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.queryset = Category.objects.order_by("path")


def _links() -> list[tuple[str, str]]:
    """The kinds of work of a case that a step can be done with."""
    known = linked_work.known()
    return [choice for choice in capitalized(SopItem.Link) if choice[0] in known]


class SopItemForm(StepForm):
    """A step of a draft."""

    gate = forms.ChoiceField(choices=capitalized((str(g), g.label) for g in GATES))
    position = WholeField(
        min_value=1, max_value=999, required=False, label="Place in the gate",
        help_text="Left empty, the end.",
    )  # fmt: skip
    link = forms.ChoiceField(
        required=False, label="Done with other work of the case",
        choices=lambda: [("", "Nothing"), *_links()],
    )  # fmt: skip
    required = forms.BooleanField(required=False, initial=True, label="Required to pass the gate")
    functions = forms.MultipleChoiceField(
        choices=capitalized(Function), required=False, widget=forms.CheckboxSelectMultiple,
        label="Signed by, besides those who sign the gate anyway",
    )  # fmt: skip
    field_order: Any = (
        "gate", "text", "guidance", "kind", "unit", "lower", "upper", "evidence_required", "link",
        "required", "functions", "position",
    )  # fmt: skip


class NewSopItemForm(SopItemForm):
    """A new step of a draft, with the code that it keeps in all versions."""

    code = forms.CharField(
        max_length=40, required=False,
        help_text="Small letters and hyphens; the same in all versions. Left empty, from the text.",
    )  # fmt: skip
    field_order: Any = (*SopItemForm.field_order[:2], "code", *SopItemForm.field_order[2:])
