"""How a file of any kind was read, and what of it is not read, as its page says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from secondsource.core.actors import Actor
from secondsource.core.templatetags.ui import count
from secondsource.exchange import bom, services
from secondsource.exchange.bulk.mapping import BulkMapping
from secondsource.exchange.models import Import
from secondsource.exchange.views.phrases import DELIMITERS, ENCODINGS, FORMATS, LEFT_OUT

MOST_LEFT_OUT = 20


def samples_of(imported: Import) -> dict[str, list[str]]:
    """The first cells of each column, by the name of its field."""
    found: dict[str, list[str]] = imported.totals.get("shown", {}).get("samples", {})
    return found


def facts_of(imported: Import, actor: Actor, result: bom.BomResult | None = None) -> dict[str, Any]:
    """The card *How the file was read*, and the sheets to point at the header in."""
    shown, may_see = services.shown_of(imported), services.may_see_cells(imported, actor)
    left_out = services.left_out(imported.totals, may_see)
    rows = result.left_out if result else [bom.LeftOut(**one) for one in left_out.get("rows", ())]
    facts = [("Kind", services.kind_of(imported).label), *_form(shown)]
    facts += _sheets(shown, left_out) if shown else ()
    facts += _tables(imported)
    if result:
        facts.append(("Lines", count(len(result.lines), "line")))
        below = sum(one.row != line.row for line in result.lines for one in line.alternates)
        facts += [("Rows of alternates below their line", str(below))] if below else []
        facts.append(("Rows left out", f"{len(rows):,}"))
    if named := [one["header"] or "(no header)" for one in left_out.get("columns", ())]:
        facts.append(("Columns not read", ", ".join(named)))
    return {
        "facts": facts if shown else [],
        "rows_left_out": list(_by_kind(rows)),
        "sheets": shown.get("sheets", []) if may_see else [],
    }


def _form(shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for label, name, words in (
        ("Format, by its content", "format", FORMATS),
        ("Encoding", "encoding", ENCODINGS),
        ("Delimiter", "delimiter", DELIMITERS),
    ):
        if said := shown.get(name):
            yield label, words.get(said, said)


def _sheets(shown: Mapping[str, Any], left_out: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    why = {one["sheet"]: f", not read: {one['why']}" for one in left_out.get("sheets", ())}
    for sheet in shown["sheets"]:
        name, hidden = sheet["name"], ", hidden" if sheet["hidden"] else ""
        rows = f"{count(sheet['rows'], 'row')}{hidden}{why.get(name, '')}"
        yield f"Sheet {name}" if name else "Rows", rows


def _tables(imported: Import) -> Iterator[tuple[str, str]]:
    """The tables that are read: sheet, header, first and last row."""
    if not imported.mapping:
        return
    if not services.is_bom(imported):
        mapping = BulkMapping.from_json(imported.mapping)
        yield "Header", f"row {mapping.first_row}"
        return
    for table in bom.Mapping.from_json(imported.mapping).tables:
        if table.use:
            header = ", ".join(str(row + 1) for row in table.header_rows)
            where = f" in {table.sheet_name}" if table.sheet_name else ""
            yield f"Header{where}", f"row {header}" if header else "none"
            yield "Rows below it", f"{table.first_row + 1} to {table.end_row}"


def _by_kind(rows: list[bom.LeftOut]) -> Iterator[tuple[Any, ...]]:
    """Rows that are not read: how many, in words, the first of them, how many more."""
    kinds: dict[str, list[bom.LeftOut]] = defaultdict(list)
    for one in rows:
        kinds[one.kind].append(one)
    for kind, some in kinds.items():
        more = max(0, len(some) - MOST_LEFT_OUT)
        yield len(some), *LEFT_OUT[kind], some[:MOST_LEFT_OUT], more
