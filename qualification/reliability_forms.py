"""The form of a reliability test of a pilot build."""

from __future__ import annotations

from decimal import Decimal

from django import forms

from qualification.pilot_forms import MOST_UNITS
from qualification.services.reliability_tests import TestResult
from secondsource.core.form_fields import PointDecimalField, WholeField
from secondsource.core.shares import ShareField


class ReliabilityForm(forms.Form):
    """A life test of the alternate."""

    name = forms.CharField(max_length=80, label="Test", help_text="Such as HTOL, 1,000 h.")
    devices = WholeField(min_value=1, max_value=MOST_UNITS, label="Devices")
    hours = PointDecimalField(
        max_digits=10, decimal_places=2, min_value=0, label="Hours of each device"
    )
    failures = WholeField(min_value=0, max_value=MOST_UNITS, label="Failures")
    use_c = PointDecimalField(
        max_digits=6, decimal_places=2, required=False, label="Junction in use"
    )
    stress_c = PointDecimalField(
        max_digits=6, decimal_places=2, required=False, label="Junction in the test"
    )
    activation_energy_ev = PointDecimalField(
        max_digits=4, decimal_places=2, initial=Decimal("0.7"), label="Activation energy",
        help_text="0.7 eV is customary for silicon; others by mechanism (JEP122).",
    )  # fmt: skip
    confidence = ShareField(
        initial=Decimal("0.6"), help_text="60 % is customary for FIT, 90 % where stricter."
    )

    def result(self) -> TestResult:
        """The test for the service."""
        return TestResult(**self.cleaned_data)
