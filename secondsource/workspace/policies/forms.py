"""The form of a new version: a field for each value of the policy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from secondsource.core.form_fields import PointDecimalField, WholeField
from secondsource.workspace.policies.registry import Policy, PolicyValue
from secondsource.workspace.policies.texts import shown


class VersionForm(forms.Form):
    """Values start as those in force; ``note`` is the reason of the change."""

    note = forms.CharField(
        label="Why", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Whoever activates the version reads it.",
    )  # fmt: skip

    def __init__(self, *args: Any, policy: Policy, now: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        own = {value.name: _field(value, now[value.name]) for value in policy.values}
        self.fields = own | {"note": self.fields["note"]}  # type: ignore[assignment]


def _field(value: PolicyValue, now: Any) -> forms.Field:
    unit = f", {value.unit}" if value.unit else ""
    common: dict[str, Any] = {
        "label": f"{value.label}{unit}",
        "initial": now,
        "help_text": f"Default {shown(value.default)}",
    }
    if isinstance(value.default, bool):
        return forms.BooleanField(required=False, **common)
    if isinstance(value.default, str):
        return forms.CharField(max_length=120, **common)
    if isinstance(value.default, int):
        return WholeField(**common)
    common["initial"] = Decimal(str(now))  # the field shows 30.0 as 30
    return PointDecimalField(max_digits=20, decimal_places=6, **common)
