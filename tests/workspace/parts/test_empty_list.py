"""The parts list before there is any part."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_without_any_part_it_says_how_to_begin(reader: Any) -> None:
    page = reader("viewer").get("/parts/").content.decode()
    assert "No parts yet" in page
    assert "An engineer can do that." in page
