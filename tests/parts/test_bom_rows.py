"""Rows of a bill of material as the product's page draws them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from parts.models import BomLine, Part, PartFigures
from parts.views import bom_rows

ONE_SOURCE = {"approved_sources": 1, "counted_sources": 1, "supply": "single",
              "incumbent_mpn": "TPS1"}  # fmt: skip


def _line(**fields: Any) -> BomLine:
    """An unsaved line, as the drawing reads it."""
    part = Part(ipn="R-1", description=fields.pop("description", ""))
    figures = fields.pop("figures", PartFigures(**ONE_SOURCE))
    if figures is not None:
        part.figures = figures
    values = {"position": 7, "quantity": Decimal(2), "designators": ["R1", "R2"]} | fields
    return BomLine(part=part, **values)


def test_a_line() -> None:
    drawn = bom_rows.row(_line(description="Regulator"))
    assert drawn.startswith("<tr>")
    assert drawn.endswith("</tr>\n")
    assert '<a class="mpn" href="/parts/R-1/">R-1</a>' in drawn
    assert '<span class="sub mono">TPS1</span>' in drawn
    assert '<span title="R1, R2">R1, R2</span>' in drawn
    assert ">Regulator<" in drawn
    assert 'aria-label="Single source, nothing started: 1 approved"' in drawn


def test_the_value_stands_for_a_missing_description() -> None:
    assert ">10 kΩ<" in bom_rows.row(_line(value="10 kΩ"))


def test_what_is_missing_is_a_dash() -> None:
    drawn = bom_rows.row(_line(designators=[]))
    assert drawn.count("–") == 5


def test_a_part_whose_figures_were_never_computed() -> None:
    drawn = bom_rows.row(_line(figures=None))
    assert "<svg" not in drawn
    assert bom_rows.figures_of(_line(figures=None)) is None


@pytest.mark.parametrize("field", ["description", "value", "designators", "alternates", "mpn"])
def test_no_text_becomes_markup(field: str) -> None:
    bad = "<img src=x onerror=alert(1)>\"'"
    given: dict[str, Any] = {
        "designators": {"designators": [bad]},
        "alternates": {"alternates": [{"manufacturer": bad, "mpn": bad}]},
        "mpn": {"figures": PartFigures(incumbent_mpn=bad)},
    }.get(field, {field: bad})
    drawn = bom_rows.row(_line(**given))
    assert "<img" not in drawn
    assert "&lt;img" in drawn
    assert 'alert(1)>"' not in drawn


def test_pieces_that_are_not_fitted() -> None:
    drawn = bom_rows.row(_line(quantity=Decimal("5.5"), quantity_not_fitted=Decimal(2)))
    assert '>5.5<span class="sub">2 not fitted</span>' in drawn


def test_long_designators_are_cut_and_whole_on_hovering() -> None:
    names = [f"R{n}" for n in range(1, 30)]
    drawn = bom_rows.row(_line(designators=names))
    assert f'title="{", ".join(names)}"' in drawn
    assert ">R1, R2, R3, R4, R5,…<" in drawn


@pytest.mark.parametrize(("count", "more"), [(3, ""), (4, "+1"), (12, "+9")])
def test_three_alternates_and_how_many_more(count: int, more: str) -> None:
    given = [{"manufacturer": "M", "mpn": f"ALT-{n}"} for n in range(count)]
    drawn = bom_rows.row(_line(alternates=given))
    assert drawn.count("ALT-") == 3
    assert (f'<span class="t3">{more}</span>' in drawn) == bool(more)


def test_an_alternate_without_a_number() -> None:
    assert '<span class="mpn">–</span>' in bom_rows.row(_line(alternates=[{"manufacturer": "M"}]))
