"""An invented BOM in every dialect: the same lines, written differently."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from secondsource.exchange.bom import BomResult, guess, parse, read

Rows = list[list[str]]
Part = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """A line as its writer means it: parts with the primary one first."""

    designators: tuple[str, ...]
    value: str
    description: str
    parts: tuple[Part, ...]
    fitted: bool = True

    @property
    def quantity(self) -> int:
        return len(self.designators)


LINES = (
    Line(
        ("C1", "C2", "C7"),
        "100nF",
        "CAP CER 0.1UF 16V X7R 0402",
        (
            ("Murata", "GRM155R71C104KA88D"),
            ("Yageo", "CC0402KRX7R7BB104"),
            ("Samsung", "CL05B104KO5NNNC"),
        ),
    ),
    Line(("C3",), "10uF", "CAP CER 10UF 25V 0805", (("Murata", "GRM21BR61E106KA73L"),)),
    Line(
        ("R1", "R2", "R3", "R4"),
        "10k",
        "RES 10K 1% 0402",
        (("Yageo", "RC0402FR-0710KL"), ("Vishay", "CRCW040210K0FKED")),
    ),
    Line(("R9",), "4k7", "RES 4K7 1% 0402", (("Yageo", "RC0402FR-074K7L"),), fitted=False),
    Line(("D1", "D2"), "BAS16", "DIODE 100V SOT23", (("Nexperia", "BAS16,215"),)),
    Line(
        ("U1",),
        "LM75",
        "SENSOR TEMPERATURE I2C",
        (("NXP", "LM75BTP,147"), ("Texas Instruments", "LM75AIMM/NOPB")),
    ),
    Line(("U2",), "STM32F103", "MCU 64K FLASH", (("STMicroelectronics", "STM32F103C8T6"),)),
    Line(("J1",), "HDR", "HEADER 2X5 1.27MM", (("Harwin", "M50-3600542"),)),
    Line(("FB1", "FB2"), "600R", "FERRITE BEAD 0805", (("TDK", "MPZ2012S601AT000"),)),
    Line(("H1", "H2"), "M3", "MOUNTING HOLE", ()),
)
BASE = ["Item", "Qty", "Reference", "Value", "Description"]
WIDEST = max(len(line.parts) for line in LINES)


def _base(number: int, line: Line, joint: str = ",") -> list[str]:
    description = line.description if line.fitted else f"{line.description} DNP"
    names = joint.join(line.designators)
    return [str(number), str(line.quantity), names, line.value, description]


def _first(line: Line) -> list[str]:
    return list(line.parts[0]) if line.parts else ["", ""]


def _numbered(headers: Callable[[int], list[str]]) -> Rows:
    rows = [[*BASE, *(name for n in range(WIDEST) for name in headers(n))]]
    for number, line in enumerate(LINES, 1):
        cells = [cell for part in line.parts for cell in part]
        rows.append(_base(number, line) + cells + [""] * (2 * WIDEST - len(cells)))
    return rows


def alternate_columns() -> Rows:
    """Manufacturer, MPN, Alternate Manufacturer 1, Alternate MPN 1 …"""
    return _numbered(
        lambda n: (
            [f"Alternate Manufacturer {n}", f"Alternate MPN {n}"] if n else ["Manufacturer", "MPN"]
        )
    )


def counted_columns() -> Rows:
    """MFR1, MPN1, MFR2, MPN2 …"""
    return _numbered(lambda n: [f"MFR{n + 1}", f"MPN{n + 1}"])


def two_storeys() -> Rows:
    """Titles over pairs of columns, the pairs named below them."""
    rows = _numbered(lambda n: [f"Alternate {n}" if n else "Primary", ""])
    rows.insert(1, ["", "", "", "", "", *(["Manufacturer", "Part Number"] * WIDEST)])
    return rows


def listed_in_cells(separator: str) -> Callable[[], Rows]:
    """Manufacturers and numbers as parallel lists in two cells."""

    def rows() -> Rows:
        table = [[*BASE, "Manufacturer", "MPN"]]
        for number, line in enumerate(LINES, 1):
            manufacturers = separator.join(manufacturer for manufacturer, _ in line.parts)
            mpns = separator.join(mpn for _, mpn in line.parts)
            table.append([*_base(number, line), manufacturers, mpns])
        return table

    return rows


def continuation_rows() -> Rows:
    """Rows without quantity and reference below the line."""
    rows = [[*BASE, "Manufacturer", "MPN"]]
    for number, line in enumerate(LINES, 1):
        rows.append(_base(number, line) + _first(line))
        rows.extend(["", "", "", "", "", *part] for part in line.parts[1:])
    return rows


def repeated_rows() -> Rows:
    """The whole line again for each approved manufacturer."""
    rows = [[*BASE, "Manufacturer", "MPN"]]
    for number, line in enumerate(LINES, 1):
        rows.extend(_base(number, line) + list(part) for part in line.parts or (("", ""),))
    return rows


def alternative_column() -> Rows:
    """One free column with manufacturers and numbers."""
    rows = [[*BASE, "Manufacturer", "MPN", "Alternative"]]
    for number, line in enumerate(LINES, 1):
        free = "; ".join(f"{manufacturer} {mpn}" for manufacturer, mpn in line.parts[1:])
        rows.append([*_base(number, line), *_first(line), free])
    return rows


def manufacturer_with_number() -> Rows:
    """Manufacturer and number in one cell, several on several lines of it."""
    rows = [[*BASE, "Manufacturer/MPN"]]
    for number, line in enumerate(LINES, 1):
        rows.append([*_base(number, line), "\n".join(f"{a} {b}" for a, b in line.parts)])
    return rows


SHAPES: dict[str, Callable[[], Rows]] = {
    "alternate columns": alternate_columns,
    "counted columns": counted_columns,
    "two storeys": two_storeys,
    "lines in cells": listed_in_cells("\n"),
    "tildes in cells": listed_in_cells("~"),
    "semicolons in cells": listed_in_cells("; "),
    "bars in cells": listed_in_cells("|"),
    "continuation rows": continuation_rows,
    "repeated rows": repeated_rows,
    "alternative column": alternative_column,
    "manufacturer with number": manufacturer_with_number,
}


def as_csv(rows: Sequence[Iterable[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows as delimited text."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def imported(data: bytes | Rows) -> BomResult:
    """A file, or rows of one, read with the guessed mapping."""
    content = as_csv(data) if isinstance(data, list) else data
    workbook = read(content, "bom")
    return parse(workbook, guess(workbook))


def meaning(result: BomResult) -> list[tuple[tuple[str, ...], int, bool, tuple[Part, ...]]]:
    """What was understood, without where it stood."""
    return [
        (
            line.designators,
            int(line.quantity or 0),
            line.fitted,
            tuple((part.manufacturer or "", part.mpn) for part in line.parts),
        )
        for line in result.lines
    ]


MEANT = [(line.designators, line.quantity, line.fitted, line.parts) for line in LINES]
