"""What the preview of a file shows: its columns, its lines with their parts, its warnings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from parts.models import BomRevision, Part
from secondsource.accounts.models import User
from secondsource.core.bulk import ids_in
from secondsource.exchange.bom import BomLine, BomResult, Mapping, Role
from secondsource.exchange.boms import effects
from secondsource.exchange.boms import plan as planning
from secondsource.exchange.boms.compare import Comparison, compare
from secondsource.exchange.bulk.rejects import letter
from secondsource.exchange.forms import role_choices, role_key
from secondsource.exchange.models import Import
from secondsource.exchange.views.bulk import column_groups, column_row
from secondsource.exchange.views.facts import samples_of

PAGE_LINES, MOST_WARNINGS, MOST_EFFECTS = 50, 100, 30
#: Roles of which nobody needs to be sure.
NUMBERS = (Role.MPN, Role.MANUFACTURER_MPN, Role.ALTERNATIVE)
HOW = {
    "ipn": "by IPN",
    "mpn": "by MPN",
    "designators": "same place in the last revision",
    "value": "same value and footprint in the last revision",
    "new": "new",
}


def tables(imported: Import) -> list[dict[str, Any]]:
    """The tables of the file with their columns, cells and roles."""
    if not imported.mapping:
        return []
    mapping, samples = Mapping.from_json(imported.mapping), samples_of(imported)
    choices = role_choices(mapping)
    found: list[dict[str, Any]] = [
        {
            "table": table,
            "name": f"t{position}",
            "header": ", ".join(str(row + 1) for row in table.header_rows),
            "first": table.first_row + 1,
            "last": table.end_row,
            "columns": [
                column_row(
                    column,
                    f"t{position}c{column.index}",
                    samples,
                    (
                        f"t{position}c{column.index}",
                        "read as",
                        role_key(column.role, column.number),
                        choices,
                    ),
                    name=f"t{position}c{column.index}",
                    unsure=bool(column.doubt) and not column.said,
                )
                for column in table.columns
            ],
        }
        for position, table in enumerate(mapping.tables)
    ]
    for one in found:
        label = f"Columns of rows {one['first']} to {one['last']}"
        one["groups"] = column_groups(one["columns"], label)
        one["has_numbers"] = any(cell["column"].role in NUMBERS for cell in one["columns"])
    return found


def questions(imported: Import) -> list[dict[str, Any]]:
    """What must be answered before the import, with the columns that it is about."""
    return [
        one
        | {
            "columns": [(f"t{one['table']}c{index}", letter(index)) for index in one["columns"]],
            "decimal": f"t{one['table']}decimal" if one["code"] == "decimal" else "",
        }
        for one in imported.totals.get("questions", [])
    ]


@dataclass
class Row:
    """A line as read, with the part it gets and what is to be looked at."""

    line: BomLine
    anchor: str
    how: str = ""
    ipn: str = ""
    is_new: bool = False
    warnings: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Preview:
    """Lines, warnings and consequences of a file as it is read now."""

    imported: Import
    result: BomResult
    plan: planning.Plan
    user: User
    page: int = 1
    only_warned: bool = False

    @property
    def lines(self) -> list[BomLine]:
        """All lines as read, or those with a warning."""
        found = list(self.result.lines)
        return [one for one in found if _place(one) in self.by_row] if self.only_warned else found

    @cached_property
    def by_row(self) -> dict[tuple[str, int], list[dict[str, Any]]]:
        """Warnings by sheet and row of their line; a row of an alternate belongs to its line."""
        found: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for warning in self.imported.warnings:
            for row in warning.get("rows") or [warning["row"]]:
                place = (warning.get("sheet", ""), row)
                if row is not None and warning not in found[self.line_of.get(place, place)]:
                    found[self.line_of.get(place, place)].append(warning)
        return found

    @cached_property
    def line_of(self) -> dict[tuple[str, int], tuple[str, int]]:
        """The line's place by the place of each row that belongs to it."""
        lines = self.result.lines
        found = {
            (line.sheet, other.row): _place(line) for line in lines for other in line.alternates
        }
        return found | {_place(line): _place(line) for line in lines}

    def rows(self) -> dict[str, Any]:
        """One page of lines with what the template shows around them."""
        lines, by_row = self.lines, self.by_row
        last = max(1, -(-len(lines) // PAGE_LINES))
        page = min(max(1, self.page), last)
        shown = lines[(page - 1) * PAGE_LINES : page * PAGE_LINES]
        planned = {_place(one.line): one for one in self.plan.lines}
        ipns = self._ipns(planned[_place(one)] for one in shown if _place(one) in planned)
        rows = [self._row(one, planned.get(_place(one)), ipns, by_row) for one in shown]
        return {
            "rows": rows, "page": page, "last": last, "total": len(lines),
            "start": (page - 1) * PAGE_LINES + 1 if lines else 0,
            "end": (page - 1) * PAGE_LINES + len(shown),
            "previous": self._url(page - 1) if page > 1 else "",
            "next": self._url(page + 1) if page < last else "",
            "only_warned": self.only_warned,
        }  # fmt: skip

    def _url(self, page: int) -> str:
        query = {"page": page} | ({"warned": 1} if self.only_warned else {})
        return f"?{urlencode(query)}#lines"

    def _ipns(self, planned: Iterable[planning.PlannedLine]) -> dict[int, str]:
        wanted = [one.part for one in planned if isinstance(one.part, int)]
        seen = Part.objects.visible_to(self.user).filter(pk__in=ids_in(wanted))
        return dict(seen.values_list("pk", "ipn"))

    def _row(
        self,
        line: BomLine,
        planned: planning.PlannedLine | None,
        ipns: dict[int, str],
        by_row: dict[tuple[str, int], list[dict[str, Any]]],
    ) -> Row:
        row = Row(line, anchor(*_place(line)), warnings=by_row.get(_place(line), []))
        if planned is not None:
            row.how, row.is_new = HOW[planned.matched_by], planned.matched_by == "new"
            if isinstance(planned.part, int):
                row.ipn = ipns.get(planned.part, "a part outside your scope")
            elif planned.part[0] == "ipn":
                row.ipn = planned.part[1]
        return row

    def warnings(self) -> dict[str, Any]:
        """The warnings by code and the first of them, each with the page of its row."""
        lines = enumerate(self.result.lines)
        page_of = {_place(one): index // PAGE_LINES + 1 for index, one in lines}
        shown = []
        for warning in self.imported.warnings[:MOST_WARNINGS]:
            place = (warning.get("sheet", ""), warning["row"])
            place = self.line_of.get(place, place)
            page = page_of.get(place)
            url = f"?page={page}#{anchor(*place)}" if page else ""
            column = letter(warning["column"] - 1) if warning["column"] else ""
            shown.append(warning | {"url": url, "letter": column, "code": _words(warning["code"])})
        every = self.imported.warnings
        return {
            "shown": shown,
            "total": len(every),
            "codes": Counter(_words(one["code"]) for one in every).most_common(),
        }

    def comparison(self) -> dict[str, Any] | None:
        """Against the product's current revision; None when there is none."""
        current = self.current()
        if current is None:
            return None
        before, after = effects.of_revision(current), effects.of_plan(self.plan)
        found: Comparison = compare(before, after)
        hit = effects.between(before, after, self.user)
        return {
            "current": current, "found": found, "counts": found.counts,
            "effects": hit[:MOST_EFFECTS], "more": max(0, len(hit) - MOST_EFFECTS),
            "cases": sum(len(effect.cases) for effect in hit), "next": self.next_number(),
        }  # fmt: skip

    def current(self) -> BomRevision | None:
        """The revision that this import would follow."""
        if self.imported.product is None:
            return None
        return BomRevision.objects.filter(product=self.imported.product, current=True).first()

    def next_number(self) -> int:
        """The number that the new revision would get."""
        rows = BomRevision.objects.filter(product=self.imported.product)
        return max(rows.values_list("number", flat=True), default=0) + 1


def _words(code: str) -> str:
    return code.replace("_", " ")


def _place(line: BomLine) -> tuple[str, int]:
    return line.sheet, line.row


def anchor(sheet: str, row: int) -> str:
    """The id of a line's row on the page."""
    prefix = "".join(one if one.isalnum() else "-" for one in sheet)
    return f"row-{prefix}-{row}" if prefix else f"row-{row}"


def preview_of(
    imported: Import, result: BomResult, user: User, *, page: int = 1, only_warned: bool = False
) -> Preview:
    """The preview of a file that was read."""
    plan = planning.make(result, imported.product, user, imported.companies)
    return Preview(imported, result, plan, user, page, only_warned)
