"""An import in a real browser: upload with progress, correction, confirmation, accessibility."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browsers import accessibility_faults, is_wider_than_screen
from tests.exchange.imports import BOM, do

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


@pytest.mark.django_db(transaction=True)
def test_from_upload_to_undo(
    sign_in: Callable[..., Page], live_server: Any, tmp_path: Path
) -> None:
    from parts.models import Part
    from secondsource.exchange.models import Import
    from tests import factories

    file = tmp_path / "bom.csv"
    file.write_text(BOM)
    page = sign_in(factories.person("engineer"), "/imports/new/")
    assert accessibility_faults(page) == []
    page.set_input_files("#id_file", file)
    page.fill("#id_product", "no/good")
    page.click("text=Read the file")
    page.wait_for_selector(".emsg")
    assert "bom.csv is kept" in page.inner_text("main")
    page.fill("#id_product", "PUMP")
    page.click("text=Read the file")
    page.wait_for_selector("#columns")
    assert page.inner_text(".kpi .v") == "3"
    assert accessibility_faults(page) == []
    page.select_option("[name=t0c7]", "ignore")
    page.select_option("[name=t0c6]", "ignore")
    page.click("text=Read again with these columns")
    page.wait_for_selector("text=Remembered for such files")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not is_wider_than_screen(page)
    page.select_option("#id_phase", "pilot")
    page.click("#confirm button.pri")
    page.wait_for_selector("text=Import running")
    do(Import.objects.get())
    page.wait_for_selector("text=Written")  # the page asked by itself and was sent on
    assert accessibility_faults(page) == []
    page.click("text=Undo import")
    page.click("button.dng")
    page.wait_for_selector("text=This import was taken back.")
    assert Part.objects.count() == 0
