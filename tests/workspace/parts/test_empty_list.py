"""The parts list before there is any part."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.django_db


def test_without_any_part_it_says_how_to_begin(reader: Any) -> None:
    page = reader("viewer").get("/parts/").content.decode()
    assert "No parts yet" in page
    assert "Engineers import a bill of material" in page
    assert "Import a file" not in page


def test_who_may_import_gets_the_way_to_it(reader: Any) -> None:
    page = reader("engineer").get("/parts/").content.decode()
    assert '<a class="btn" href="/imports/new/">Import a file</a>' in page
