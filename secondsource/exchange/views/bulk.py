"""What the page of a bulk import shows: columns, figures, rows that need a person."""

from __future__ import annotations

from typing import Any

from secondsource.core.actors import Actor
from secondsource.core.formats import number as formatted
from secondsource.exchange import services
from secondsource.exchange.bulk.kind import Column, Kind
from secondsource.exchange.bulk.mapping import IGNORE, BulkMapping, MappedColumn
from secondsource.exchange.bulk.rejects import letter
from secondsource.exchange.models import Import
from secondsource.exchange.views.facts import facts_of, samples_of

S = Import.State
#: So many refused rows are shown on the page; all are in the download.
MOST_SHOWN = 50
#: Name, words, the choice that is made, all choices: (key, words).
Select = tuple[str, str, str, list[tuple[str, str]]]


def bulk_context(imported: Import, actor: Actor) -> dict[str, Any]:
    """Everything beside the frame that every import has."""
    kind, totals = services.kind_of(imported), imported.totals
    may_see = services.may_see_cells(imported, actor)
    found: dict[str, Any] = {"kind": kind, "totals": totals, "may_see": may_see}
    if services.is_being_read(imported):
        return found | {"being_read": True}
    if imported.mapping:
        mapping = BulkMapping.from_json(imported.mapping)
        columns = _columns(kind, mapping, samples_of(imported) if may_see else {}, actor)
        found["groups"] = column_groups(columns, "Columns of the file")
        found |= facts_of(imported, actor)
    if "would" in totals:
        would = totals["would"]
        found |= {
            "kpis": _kpis(imported),
            "sums": totals.get("sums", {}),
            "may_confirm": bool(would["created"] or would["updated"]),
        }
    errors = imported.errors[:MOST_SHOWN]
    return found | {
        "errors": errors if may_see else [one | {"value": ""} for one in errors],
        "codes": [(code.replace("_", " "), n) for code, n in totals.get("codes", [])],
    }


def column_row(
    column: Any, key: str, samples: dict[str, Any], *selects: Select, **more: Any
) -> dict[str, Any]:
    """A column of a file as the page shows it, with the choices of how it is read."""
    return {
        "column": column,
        "letter": letter(column.index),
        "samples": samples.get(key, ()),
        "selects": [
            {"name": name, "label": label, "chosen": chosen, "choices": choices}
            for name, label, chosen, choices in selects
            if choices
        ],
        **more,
    }


def column_groups(columns: list[dict[str, Any]], label: str) -> list[tuple[Any, str, str]]:
    """Columns that are read and, folded, those that are not: columns, words, label."""
    used = [one for one in columns if one["column"].role != IGNORE or one.get("unsure")]
    ignored = [one for one in columns if one not in used]
    words = f"{len(ignored)} column{'' if len(ignored) == 1 else 's'} not used"
    return [(used, "", label), (ignored, words, f"{label}, {words}")]


def _columns(
    kind: Kind, mapping: BulkMapping, samples: dict[str, Any], actor: Actor
) -> list[dict[str, Any]]:
    choices = [(IGNORE, "Not used")]
    for column in kind.columns_for(actor):
        choices += _choices(column)
    return [
        column_row(
            one,
            f"c{one.index}",
            samples,
            (f"c{one.index}", "read as", _key(kind, one), choices),
            (f"u{one.index}", "unit", one.unit, _units(kind, one)),
            (f"f{one.index}", "written as", one.form, _forms(kind, one)),
            at_name=f"q{one.index}" if one.role != IGNORE and kind.column(one.role).at else "",
            unsure=one.role != IGNORE and one.confidence < 0.6,
        )
        for one in mapping.columns
    ]


def _choices(column: Column) -> list[tuple[str, str]]:
    words = f"{column.label}{' (needed)' if column.required else ''}"
    if column.most == 1:
        return [(column.name, words)]
    return [(f"{column.name}:{n}", f"{words} {n}") for n in range(1, column.most + 1)]


def _key(kind: Kind, one: MappedColumn) -> str:
    if one.role == IGNORE or kind.column(one.role).most == 1:
        return one.role
    return f"{one.role}:{one.number}"


def _forms(kind: Kind, one: MappedColumn) -> list[tuple[str, str]]:
    """How the cells may be written, when that makes a difference in this column."""
    if one.role == IGNORE or not one.form:
        return []
    choices = list(kind.column(one.role).type.choices_of_form)
    return [("?", "say which"), *choices] if one.form == "?" else choices


def _units(kind: Kind, one: MappedColumn) -> list[tuple[str, str]]:
    """The units that the cells may be in."""
    choices = list(kind.column(one.role).type.choices_of_unit) if one.role != IGNORE else []
    if not choices or one.unit in dict(choices):
        return choices
    return [(one.unit, "say which" if one.unit == "?" else "as the cells say"), *choices]


def _rows_note(blank: int, more: int) -> str:
    """Blank rows, and rows that add to a record of another row: a second source of a part."""
    note = f"{formatted(blank)} blank left out" if blank else "no blank row"
    if more > 0:
        note += f", {formatted(more)} {'adds' if more == 1 else 'add'} to another row"
    return note


def _kpis(imported: Import) -> list[dict[str, Any]]:
    totals, written = imported.totals, imported.result if imported.state == S.DONE else None
    would = written or totals["would"]
    blank = totals["blank"]
    words = ("Created", "Changed", "As before") if written else ("New", "Changed", "As they are")
    bad = totals["bad"]
    more = totals["rows"] - bad - would["created"] - would["updated"] - would["unchanged"]
    first, second = ("created", words[0]), ("updated", words[1])
    if not would["created"]:
        first, second = second, first
    return [
        {"label": "Rows", "value": formatted(totals["rows"]),
         "note": _rows_note(blank, more)},
        {"label": first[1], "value": formatted(would[first[0]]),
         "note": f"{second[1].lower()}: {formatted(would[second[0]])}"},
        {"label": words[2], "value": formatted(would["unchanged"]), "note": "on record already"},
        {"label": "Not imported" if written else "Need you", "value": formatted(bad),
         "unit_tone": "bad" if bad else "",
         "note": "none imported" if bad else "every row can be read"},
    ]  # fmt: skip
