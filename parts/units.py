"""Units of quantity and whether they are divisible.

Only lengths, areas, volumes, masses and times have fractions. Unknown units count whole pieces.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from secondsource.core.errors import FieldProblem
from secondsource.core.form_fields import QuantityField

MEASURED = frozenset(
    {
        "m", "mm", "cm", "dm", "km", "in", "ft", "yd",
        "m2", "m²", "cm2", "cm²", "mm2", "mm²", "sqm",
        "m3", "m³", "l", "ml", "cl", "dl", "gal",
        "kg", "g", "mg", "t", "lb", "lbs", "oz",
        "h", "hr", "min",
        "meter", "meters", "metre", "metres", "liter", "liters", "litre", "litres", "gram", "grams",
    }
)  # fmt: skip


def allows_fractions(unit: str) -> bool:
    """Whether a quantity in this unit may have a fraction."""
    return unit.strip().rstrip(".").casefold() in MEASURED


def measure(fields: Mapping[str, object], unit: str) -> None:
    """Set the unit of the quantity fields of a form."""
    for field in fields.values():
        if isinstance(field, QuantityField):
            field.unit, field.divisible = unit, allows_fractions(unit)


def fraction_problems(unit: str, quantities: Mapping[str, Decimal | None]) -> list[FieldProblem]:
    """A problem for each quantity, by its pointer, with a fraction that the unit does not allow."""
    if allows_fractions(unit):
        return []
    return [
        FieldProblem(pointer, "not_whole", f"A quantity in {unit} is a whole number.")
        for pointer, value in quantities.items()
        if value is not None and value != int(value)
    ]
