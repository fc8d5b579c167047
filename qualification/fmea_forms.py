"""Forms of the FMEA: rows, actions, acceptance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst

from qualification import fmea
from qualification.fmea_sheet import CELLS, RATINGS
from qualification.fmea_starters import BY_CODE, StarterMode, offered
from qualification.forms import MEMBERS, PersonField
from qualification.models import Fmea, FmeaAction
from qualification.models.fmea import MOST_TEXT
from secondsource.core.form_fields import AttachmentField, IsoDateField, capitalized

SCALES = {
    "severity": fmea.SEVERITY,
    "occurrence": fmea.OCCURRENCE,
    "detection": fmea.DETECTION,
}


def rating_field(name: str, label: str = "", **options: Any) -> forms.TypedChoiceField:
    """A rating with the words of its scale."""
    empty = ("", options.pop("empty", "Not rated"))
    choices = [(str(n), f"{n} – {words}") for n, words in SCALES[name].items()]
    return forms.TypedChoiceField(
        choices=[empty, *choices], coerce=int, empty_value=None, required=False,
        label=label or capfirst(name), **options,
    )  # fmt: skip


def _text_field(name: str) -> forms.CharField:
    return forms.CharField(
        max_length=MOST_TEXT, required=False, label=capfirst(name.replace("_", " ")),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class RowForm(forms.Form):
    """The cells of a row."""

    needed = dict.fromkeys(("failure_mode", *RATINGS), "to pass the gate")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CELLS:
            self.fields[name] = rating_field(name) if name in RATINGS else _text_field(name)


class AcceptForm(forms.Form):
    """Why a row stays at AP-High."""

    reason = forms.CharField(
        widget=forms.Textarea, max_length=2000, label="Why the risk is acceptable",
        help_text="Shown in the worksheet, with your name and today's date.",
    )  # fmt: skip


class RemoveRowForm(forms.Form):
    """Why a row is removed."""

    reason = forms.CharField(
        widget=forms.Textarea, max_length=300, help_text="Shown in the history."
    )


class ReopenForm(forms.Form):
    """Why a passed FMEA is reopened."""

    cause = forms.ChoiceField(choices=capitalized(Fmea.Cause))
    reference = forms.CharField(max_length=60, help_text="Number of the document.")
    why = forms.CharField(widget=forms.Textarea, max_length=200, label="What changed")


class ReviewForm(forms.Form):
    """What the review of a reopened FMEA found."""

    note = forms.CharField(
        widget=forms.Textarea, max_length=300, label="What the review found",
        help_text="Shown with the next version.",
    )  # fmt: skip


class ActionForm(forms.Form):
    """An action: what, who, until when, and after its completion the result."""

    description = forms.CharField(max_length=500, label="Action")
    kind = forms.ChoiceField(choices=capitalized(FmeaAction.Kind))
    owner = PersonField(*MEMBERS, required=False)
    due_date = IsoDateField(label="Due", required=False)
    status = forms.ChoiceField(choices=capitalized(FmeaAction.Status), label="State")
    completed_on = IsoDateField(label="Completed on", required=False)
    evidence = AttachmentField(
        required=False,
        label="Evidence",
        help_text="The file is hashed and cannot be changed later.",
    )
    target_severity = rating_field("severity", empty="No target")
    target_occurrence = rating_field("occurrence", empty="No target")
    target_detection = rating_field("detection", empty="No target")
    revised_severity = rating_field("severity", "Severity after", empty="As before")
    revised_occurrence = rating_field("occurrence", "Occurrence after", empty="Not completed")
    revised_detection = rating_field("detection", "Detection after", empty="Not completed")

    def __init__(self, *args: Any, chosen: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(chosen)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The values for the service; the file is apart."""
        values = dict(self.cleaned_data)
        del values["evidence"]
        return values


class StartersForm(forms.Form):
    """Starter failure modes with checkboxes, by heading."""

    def __init__(self, *args: Any, category: Any, known: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = offered(category.path, category.name)
        codes = [
            (mode.code, mode.failure_mode) for _, modes in self.groups for mode in modes
            if mode.failure_mode not in known
        ]  # fmt: skip
        self.known = known
        self.fields["modes"] = forms.MultipleChoiceField(
            choices=codes, label="Failure modes", widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one failure mode."},
        )  # fmt: skip

    @property
    def chosen(self) -> set[str]:
        """The codes that are ticked."""
        return set(self["modes"].value() or [])

    def modes(self) -> list[StarterMode]:
        """The chosen failure modes."""
        return [BY_CODE[code] for code in self.cleaned_data["modes"]]
