"""The lines of real files, written down as other people would, are the same lines."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondsource.exchange.bom import BomLine, PartRef
from tests.core.tabular.files import ods, xlsx

from .invented import as_csv
from .invented import imported as read_anew
from .real_files import expectations, imported

Rows = list[list[str]]
FOOTERS: tuple[Rows, ...] = (
    [],
    [[], ["Total"]],
    [[], ["Prepared by:", "", "Date:"], ["Approved by:"]],
    [[], ["Notes:"], ["see drawing"]],
)
HEADINGS = ("Top side", "Passive parts", "Section B", "Mechanical")
#: A column that says nothing about parts, with what stands in it.
STRANGERS = (("Unit price", "0.0123"), ("RoHS", "Yes"), ("Lead time", "12 weeks"), ("Link", ""))


def _names(line: BomLine, joint: str) -> str:
    return joint.join(line.designators)


def _base(line: BomLine, joint: str) -> list[str]:
    fitted = "" if line.fitted else "DNP"
    return [f"{line.quantity:f}", _names(line, joint), line.footprint, fitted]


BASE = ["Qty", "Designators", "Footprint", "DNP"]


def below(lines: list[BomLine], joint: str) -> Rows:
    """Alternates in rows of their own."""
    rows = [[*BASE, "Manufacturer", "MPN"]]
    for line in lines:
        first, *others = [*line.parts] or [PartRef(None, "", "")]
        rows.append([*_base(line, joint), first.manufacturer or "", first.mpn])
        rows += [["", "", "", "", part.manufacturer or "", part.mpn] for part in others]
    return rows


def beside(lines: list[BomLine], joint: str) -> Rows:
    """Alternates in numbered columns."""
    widest = max(len(line.parts) for line in lines)
    names = [word for n in range(1, widest + 1) for word in (f"Mfr {n}", f"MPN {n}")]
    rows = [[*BASE, *names]]
    for line in lines:
        cells = [word for part in line.parts for word in (part.manufacturer or "", part.mpn)]
        rows.append(_base(line, joint) + cells + [""] * (2 * widest - len(cells)))
    return rows


def inside(lines: list[BomLine], joint: str) -> Rows:
    """Alternates as lines of one cell, the manufacturers beside them."""
    rows = [[*BASE, "Hersteller", "Hersteller-Teilenummer"]]
    for line in lines:
        manufacturers = "\n".join(part.manufacturer or "-" for part in line.parts)
        rows.append(
            [*_base(line, joint), manufacturers, "\n".join(part.mpn for part in line.parts)]
        )
    return rows


SHAPES: dict[str, Callable[[list[BomLine], str], Rows]] = {
    "below": below, "beside": beside, "inside": inside,
}  # fmt: skip

#: Numbers that hold blanks or commas are not told from lists by everybody.
FILES = [
    name
    for name in expectations()
    if name not in ("rambo.txt", "ulx3s_bom.csv", "opencellular_oc2g_900mhz.xls")
] or [pytest.param("", marks=pytest.mark.skip(reason="../shared/data/bom is not there"))]


def plain_lines(name: str) -> list[BomLine]:
    """Lines that can be written down in a table at all: whole, with a number of designators."""
    return [
        line
        for line in imported(name).lines
        if line.quantity == len(line.designators) > 0
        and (line.fitted or not line.dnp_reason.startswith("NF("))
        and not any(
            part.is_sku or " " in part.mpn or not part.mpn.isprintable() for part in line.parts
        )
        and line.parts
    ]


def meaning(lines: Any) -> list[tuple[Any, ...]]:
    return [
        (line.quantity, line.designators, line.fitted, tuple(part.mpn for part in line.parts))
        for line in lines
    ]


def decorated(rows: Rows, how: dict[str, Any]) -> Rows:
    """Strange columns, headings over groups of lines and a footer."""
    chance = random.Random(how["seed"])
    header, *body = rows
    for title, cell in chance.sample(STRANGERS, how["strangers"]):
        at = chance.randint(0, len(header))
        header = [*header[:at], title, *header[at:]]
        body = [[*row[:at], cell if row[0] or row[1] else "", *row[at:]] for row in body]
    starts = [n for n, row in enumerate(body) if any(row[:3])]
    for at in sorted(chance.sample(starts, min(how["headings"], len(starts))), reverse=True):
        body.insert(at, [chance.choice(HEADINGS)])
    return [*([["Bill of materials"], []] * how["titled"]), header, *body, *how["footer"]]


ways = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "shape": st.sampled_from(sorted(SHAPES)),
        "joint": st.sampled_from((", ", ",", " ", ";", "\n")),
        "strangers": st.integers(0, 3),
        "headings": st.integers(0, 3),
        "titled": st.integers(0, 1),
        "footer": st.sampled_from(FOOTERS),
        "container": st.sampled_from(("csv", "xlsx", "ods")),
    }
)


def written(rows: Rows, container: str) -> bytes:
    if container == "xlsx":
        return xlsx({"BOM": rows})
    return ods(rows) if container == "ods" else as_csv(rows)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=3, deadline=None, derandomize=True)
@given(how=ways)
def test_the_same_lines(name: str, how: dict[str, Any]) -> None:
    lines = plain_lines(name)
    if len(lines) < 5:
        return
    rows = decorated(SHAPES[how["shape"]](lines, how["joint"]), how)
    assert meaning(read_anew(written(rows, how["container"])).lines) == meaning(lines)
