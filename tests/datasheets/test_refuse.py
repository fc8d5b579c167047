"""A file that is no readable PDF is refused, and its reader cannot hold up the worker."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from secondsource.core.tabular import DEFAULT_LIMITS, TabularError, read_parameters
from tests.datasheets import measured
from tests.datasheets.sheet import compiled, page

PDF = measured.BUCK.pdf


def refused(data: bytes | Path) -> str:
    with pytest.raises(TabularError) as refusal:
        read_parameters(data, "sheet.pdf")
    return refusal.value.code


def test_broken() -> None:
    assert refused(b"%PDF-1.7\n" + b"\x00\xff garbage" * 1_000) == "damaged"


def test_no_pdf() -> None:
    assert refused(b"Parameter;Min;Max;Unit\n") == "unsupported"


def test_cut_off_in_the_middle() -> None:
    assert refused(PDF[: len(PDF) // 3]) in ("damaged", "unreadable")


def test_300_megabytes_are_not_even_read(tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.write(PDF)
        file.truncate(300 * 1024 * 1024)
    began = time.monotonic()
    assert refused(large) == "too_large"
    assert time.monotonic() - began < 2


def test_a_password(tmp_path: Path) -> None:
    writer = PdfWriter()
    for one in PdfReader(_file(tmp_path)).pages:
        writer.add_page(one)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    assert refused(tmp_path / "locked.pdf") == "encrypted"


def test_more_pages_than_are_read() -> None:
    many = page("#for n in range(9) [#n #pagebreak()]")
    found = read_parameters(compiled(many), "long.pdf", replace(DEFAULT_LIMITS, pages=3))
    assert (found.pages, found.pages_read, found.tables) == (10, 3, ())


def _file(folder: Path) -> Path:
    path = folder / "sheet.pdf"
    path.write_bytes(PDF)
    return path
