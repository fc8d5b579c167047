"""Forms of component tests, samples, inspections and PPAP. Services check the rules."""

from __future__ import annotations

from typing import Any

from django import forms

from qualification.component_tests import CHANGES, FEATURES, STANDARDS
from qualification.models import (
    ComponentTest,
    InspectionLot,
    PpapElement,
    PpapSubmission,
    Sample,
)
from secondsource.core.form_fields import IsoDateField, PointDecimalField, WholeField, capitalized

MOST = 100_000_000


def reason_field(label: str = "Why") -> forms.CharField:
    """A reason that is shown in the history."""
    return forms.CharField(
        widget=forms.Textarea, max_length=300, label=label, help_text="Shown in the history."
    )


class ProposalForm(forms.Form):
    """The standard, and what is new about the candidate."""

    standard = forms.ChoiceField(
        choices=[(word, f"{name} Rev {revision}") for word, (name, revision) in STANDARDS.items()],
        help_text="AEC for cars: Q100 integrated circuits, Q101 discretes, Q200 passives. JESD47 "
        "for integrated circuits elsewhere.",
    )
    changes = forms.MultipleChoiceField(
        choices=CHANGES.items(), widget=forms.CheckboxSelectMultiple, label="What is new",
        help_text="Checked is what is not known to be the same as the incumbent's.",
    )  # fmt: skip
    features = forms.MultipleChoiceField(
        choices=FEATURES.items(), widget=forms.CheckboxSelectMultiple, required=False,
        label="The part has",
    )  # fmt: skip


class NewTestForm(forms.Form):
    """A component test that the matrix does not propose."""

    code = forms.CharField(max_length=20, help_text="Short and unique in this case, such as SAM.")
    name = forms.CharField(max_length=120)
    standard = forms.CharField(max_length=40)
    reference = forms.CharField(max_length=120, required=False)
    condition = forms.CharField(max_length=300, required=False)
    sample_size = WholeField(
        min_value=1, max_value=1_000_000, required=False, label="Units of each lot"
    )
    lots = WholeField(min_value=1, max_value=1000, required=False)
    reason = reason_field("Why it is needed")


class TestDataForm(forms.Form):
    """The data of a component test."""

    __test__ = False
    origin = forms.ChoiceField(
        choices=[("", "Choose"), *capitalized(ComponentTest.Origin)], label="Whose data"
    )
    data_date = IsoDateField(label="Day of the data")
    revision = forms.CharField(
        max_length=20, required=False, label="Revision of the standard tested to"
    )
    family = forms.CharField(
        max_length=120, required=False, label="Qualification family",
        help_text="Process, package and site that the data represent.",
    )  # fmt: skip
    lots_tested = WholeField(min_value=1, max_value=1000, label="Lots tested")
    units_tested = WholeField(min_value=1, max_value=MOST, label="Units tested")
    failures = WholeField(min_value=0, max_value=MOST)
    cpk = PointDecimalField(
        max_digits=7, decimal_places=3, required=False, label="Cpk",
        help_text="Where the standard judges an index.",
    )  # fmt: skip
    note = forms.CharField(widget=forms.Textarea, max_length=2000, required=False)
    needed = {"family": "for generic data"}

    def __init__(self, *args: Any, test: ComponentTest, **options: Any) -> None:
        options.setdefault("initial", {name: getattr(test, name) for name in self.base_fields})
        super().__init__(*args, **options)
        if test.cpk_above is None:
            del self.fields["cpk"]


class WhyForm(forms.Form):
    """A reason."""

    reason = reason_field()


class SampleForm(forms.Form):
    """Units of a lot that came in."""

    lot = forms.CharField(max_length=60)
    quantity = WholeField(min_value=1, max_value=MOST)
    received_on = IsoDateField(label="Received on")
    purpose = forms.ChoiceField(choices=[("", "Choose"), *capitalized(Sample.Purpose)])
    date_code = forms.CharField(max_length=20, required=False, label="Date code")
    certificate = forms.CharField(
        max_length=120, required=False, label="Certificate of conformity",
        help_text="Its number. Add the file to the sample.",
    )  # fmt: skip
    note = forms.CharField(widget=forms.Textarea, max_length=2000, required=False)


class InspectionForm(forms.Form):
    """The inspection of a lot."""

    lot = forms.CharField(max_length=60)
    size = WholeField(min_value=1, max_value=MOST, label="Units in the lot")
    inspected = WholeField(min_value=1, max_value=MOST, label="Units inspected")
    defects = WholeField(min_value=0, max_value=MOST, label="Defective units")
    inspected_on = IsoDateField(label="Inspected on")
    resubmitted = forms.BooleanField(
        required=False, label="Resubmitted after a rejection",
        help_text="It does not count for switching.",
    )  # fmt: skip
    note = forms.CharField(widget=forms.Textarea, max_length=2000, required=False)
    needed = {"note": "after inspection has stopped"}


class DecisionForm(forms.Form):
    """What happens to a rejected lot."""

    decision = forms.ChoiceField(
        choices=capitalized(InspectionLot.Decision), widget=forms.RadioSelect
    )
    reason = reason_field()


class PpapLevelForm(forms.Form):
    """The submission level."""

    level = forms.TypedChoiceField(
        choices=[
            (1, "1: warrant only"),
            (2, "2: warrant, samples and limited data"),
            (3, "3: warrant, samples and full data"),
            (4, "4: warrant and what the customer defines"),
            (5, "5: full data, reviewed at the supplier"),
        ],
        coerce=int,
        help_text="Elements that nobody worked on follow the level.",
    )


class PpapElementsForm(forms.Form):
    """Status and reason of every element."""

    def __init__(self, *args: Any, elements: list[PpapElement], **options: Any) -> None:
        super().__init__(*args, **options)
        self.elements = elements
        for element in elements:
            self.fields[f"status-{element.number}"] = forms.ChoiceField(
                choices=capitalized(PpapElement.Status), initial=element.status,
                label=f"Status of {element.name}",
            )  # fmt: skip
            self.fields[f"reason-{element.number}"] = forms.CharField(
                max_length=300, required=False, initial=element.reason,
                label=f"Reason for {element.name}",
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[PpapElement, forms.BoundField, forms.BoundField]]:
        """Each element with its two fields."""
        return [(e, self[f"status-{e.number}"], self[f"reason-{e.number}"]) for e in self.elements]

    def changed(self) -> dict[int, tuple[str, str]]:
        """Status and reason by number, of the elements that differ from what was shown."""
        found = {}
        for element in self.elements:
            number = element.number
            said = self.cleaned_data[f"status-{number}"], self.cleaned_data[f"reason-{number}"]
            if said != (element.status, element.reason):
                found[number] = said
        return found


class WarrantForm(forms.Form):
    """The disposition of the part submission warrant."""

    disposition = forms.ChoiceField(
        choices=capitalized(PpapSubmission.Disposition), widget=forms.RadioSelect
    )
    interim_until = IsoDateField(label="Interim until", required=False)
    interim_quantity = WholeField(
        min_value=1, max_value=MOST, required=False, label="Interim up to"
    )
    reason = forms.CharField(
        widget=forms.Textarea, max_length=300, required=False, label="Why",
        help_text="Shown in the history.",
    )  # fmt: skip
    needed = {
        "interim_until": "for an interim approval, or a quantity",
        "interim_quantity": "for an interim approval, or a day",
        "reason": "unless approved",
    }
