"""The lines of a pilot plan's form that name lots of the alternate with their sites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from qualification.models import Case, PilotLot
from qualification.services.pilot_plans import PlannedLot
from qualification.services.scope import sites_of

#: Empty lines behind those of the plan.
EXTRA_LOTS = 3


class LotLines(forms.Form):
    """Mix into a form; call ``add_lots`` once its own fields are there."""

    def add_lots(self, case: Case, present: Sequence[PilotLot]) -> None:
        """A line for each lot of the plan, and empty ones."""
        self.lot_lines = len(present) + EXTRA_LOTS
        for index in range(self.lot_lines):
            given = present[index] if index < len(present) else PilotLot()
            self.fields[f"lot-l{index}"] = forms.CharField(
                max_length=60, required=False, initial=given.lot, label=f"Lot, line {index + 1}"
            )
            self.fields[f"site-l{index}"] = forms.ModelChoiceField(
                queryset=sites_of(case), required=False, empty_label="Not named",
                initial=given.site_id, label=f"Site, line {index + 1}",
            )  # fmt: skip

    @property
    def lot_rows(self) -> list[list[forms.BoundField]]:
        """The lines of the lots."""
        return [[self[f"{name}-l{i}"] for name in ("lot", "site")] for i in range(self.lot_lines)]

    def planned_lots(self) -> list[PlannedLot]:
        """The lots for the service."""
        values: dict[str, Any] = self.cleaned_data
        return [
            PlannedLot(lot=values[f"lot-l{line}"], site=values[f"site-l{line}"])
            for line in self._used_lots()
        ]

    def lot_pointers(self) -> Iterator[tuple[str, str]]:
        """Pointer of the service → pointer of the form's field."""
        for index, line in enumerate(self._used_lots()):
            for name in ("lot", "site"):
                yield f"/planned_lots/{index}/{name}", f"/{name}-l{line}"

    def _used_lots(self) -> list[int]:
        values = self.cleaned_data
        names = ("lot", "site")
        return [
            line for line in range(self.lot_lines) if any(values.get(f"{n}-l{line}") for n in names)
        ]
