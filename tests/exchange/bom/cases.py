"""Small tables and what is read of them."""

from __future__ import annotations

from secondsource.exchange.bom import BomResult

from .invented import imported

Rows = list[list[str]]
MURATA, YAGEO, VISHAY = "GRM155R71C104KA88D", "RC0402FR-0710KL", "CRCW040210K0FKED"
TI, TI2 = "TPS62130RGTR", "TPS7A0533PDBVR"


def text(rows: str) -> Rows:
    return [line.split(";") for line in rows.strip().splitlines()]


def read_text(rows: str) -> BomResult:
    return imported(text(rows))


def asked(result: BomResult) -> list[str]:
    return [question.code for question in result.questions]


def parts(result: BomResult) -> list[list[tuple[str | None, str]]]:
    return [[(part.manufacturer, part.mpn) for part in line.parts] for line in result.lines]
