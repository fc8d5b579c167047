"""The grid of requirements: every field has its place, on a desk and on a phone."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests import factories as make
from tests.browsers import accessibility_faults, is_wider_than_screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 390])
def test_no_field_covers_another(sign_in, width: int) -> None:
    part = make.part(ipn="R-1")
    page = sign_in(make.person("engineer"), f"/parts/{part.ipn}/requirements/")
    page.set_viewport_size({"width": width, "height": 844})
    fields = page.locator("tbody tr").first.locator("input, select").all()
    boxes = [box for field in fields if (box := field.bounding_box())]
    assert len(boxes) == 10
    assert not [pair for pair in combinations(boxes, 2) if _overlap(*pair)]
    assert accessibility_faults(page) == []
    assert not is_wider_than_screen(page)


def _overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    across = a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
    return across and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]
