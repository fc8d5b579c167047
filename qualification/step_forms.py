"""Forms of steps (what they ask for, value, tick, owner), of lessons and of comments."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from qualification.forms import MEMBERS, PersonField
from qualification.models import ChecklistItem, StepKind
from qualification.models.cases import GATES, gates_from
from secondsource.core.form_fields import IsoDateField, PointDecimalField, capitalized


class MeasuredField(PointDecimalField):
    """A number in the unit of a step; the unit itself may be typed behind it, no other one."""

    unit = ""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=18, decimal_places=4, **options)

    def to_python(self, value: Any) -> Any:
        """Raises ``ValidationError``."""
        if isinstance(value, str):
            found = _NUMBER_AND_UNIT.fullmatch(value.strip())
            if found and found[2] and _same_sign(found[2]) != _same_sign(self.unit):
                raise ValidationError(f"Give the value in {self.unit}.", code="other_unit")
            value = found[1] if found else value
        return super().to_python(value)


_NUMBER_AND_UNIT = re.compile(r"([-+−]?[\d.,\s]*\d)\s*([^\d\s.,+-].*)?")


def _same_sign(unit: str) -> str:
    """One spelling of micro and ohm."""
    text = unit.replace("\u00b5", "\u03bc").replace("\u2126", "\u03a9")
    return re.sub(r"^u(?=[A-Za-z\u03a9])", "\u03bc", text)


class ValueForm(forms.Form):
    """The value of a step."""

    value = MeasuredField(required=False)

    def __init__(self, *args: Any, item: ChecklistItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["value"]
        field.unit = item.unit
        field.label = f"Value in {item.unit}"
        field.help_text = f"Must be {item.limits}." if item.limits else ""


class StepForm(forms.Form):
    """What a step asks for, in a case or in an SOP."""

    text = forms.CharField(max_length=300, label="What is to be done")
    kind = forms.ChoiceField(
        choices=capitalized(StepKind), initial=StepKind.TICK, required=False, label="Done by",
        help_text="A value is done within its limits, a document with its file.",
    )  # fmt: skip
    unit = forms.CharField(max_length=12, required=False, label="Unit of the value")
    lower = PointDecimalField(max_digits=18, decimal_places=4, required=False, label="At least")
    upper = PointDecimalField(max_digits=18, decimal_places=4, required=False, label="At most")
    evidence_required = forms.BooleanField(required=False, label="Needs a file as evidence")
    guidance = forms.CharField(
        widget=forms.Textarea, max_length=2000, required=False, label="Why it matters"
    )

    def clean_kind(self) -> str:
        """A tick unless said otherwise."""
        return self.cleaned_data["kind"] or str(StepKind.TICK)


class LessonForm(forms.Form):
    """What a case taught, and a step that the next version of the SOP should have."""

    gate = forms.ChoiceField(choices=capitalized((str(g), g.label) for g in GATES))
    text = forms.CharField(
        widget=forms.Textarea, max_length=2000, label="What the case taught",
        help_text="Shown on the next case on a part of the category.",
    )  # fmt: skip
    step = forms.CharField(
        max_length=300, required=False, label="Step to propose",
        help_text="It goes into a draft of the SOP, which quality activates.",
    )  # fmt: skip


class LessonChangeForm(LessonForm):
    """Text and gate of a lesson."""

    step = None  # type: ignore[assignment]  # Django leaves the field out


class ItemForm(forms.Form):
    """Owner, day and note of a checklist item."""

    owner = PersonField(*MEMBERS, required=False)
    due_date = IsoDateField(label="Due", required=False)
    note = forms.CharField(widget=forms.Textarea, required=False, max_length=2000)

    def __init__(self, *args: Any, chosen: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["owner"].offer(chosen)


class NewItemForm(StepForm, ItemForm):
    """A step that is not in the SOP."""

    gate = forms.ChoiceField(label="Gate")
    field_order = (
        "gate", "text", "kind", "unit", "lower", "upper", "evidence_required", "guidance",
        "owner", "due_date", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, first: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ahead = gates_from(first) or GATES
        fields: Any = self.fields
        fields["gate"].choices = capitalized((str(gate), gate.label) for gate in ahead)


class DoneForm(forms.Form):
    """Ticks an item."""

    done = forms.TypedChoiceField(
        choices=[("1", "done"), ("0", "open")],
        coerce=lambda v: v == "1",
        widget=forms.HiddenInput,
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)


class CommentForm(forms.Form):
    """A contribution to the discussion."""

    text = forms.CharField(widget=forms.Textarea, max_length=10_000)
