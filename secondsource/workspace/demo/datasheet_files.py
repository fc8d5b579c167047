"""A datasheet as a PDF in the demonstration (invented), which the worker reads once it runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import typst
from django.core.files.uploadedfile import SimpleUploadedFile

from secondsource.workspace.demo.people import Cast
from suppliers import services as sourcing
from suppliers.models import Source

_SOURCE = Path(__file__).with_name("datasheet.typ")


def attach_datasheet(sources: Mapping[tuple[str, int], Source], cast: Cast) -> None:
    """Attach it to the candidate of the buck converter."""
    made = sources["BUCK", 1].manufacturer_part
    content = typst.compile(_SOURCE.read_bytes(), ignore_system_fonts=True)
    sourcing.attach_datasheet(
        manufacturer_part=made,
        upload=SimpleUploadedFile(f"{made.mpn}.pdf", content, "application/pdf"),
        actor=cast["engineer"],
    )
