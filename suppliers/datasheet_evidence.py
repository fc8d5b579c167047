"""Where a parameter on record was read: the taken line with the same content."""

from __future__ import annotations

from suppliers.models import DatasheetLine, ManufacturerPart, Parameter

_READ = ("name", "condition", "minimum", "typical", "maximum", "unit")


def evidence_of(part: ManufacturerPart) -> list[tuple[Parameter, DatasheetLine | None]]:
    """The parameters of a part, each with the newest taken line that says the same."""
    taken = DatasheetLine.objects.filter(
        datasheet__manufacturer_part=part, state=DatasheetLine.State.TAKEN
    ).select_related("datasheet__file")
    lines = {_content(line): line for line in taken.order_by("pk")}
    return [(one, lines.get(_content(one))) for one in part.parameters.all()]


def _content(row: Parameter | DatasheetLine) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _READ)
