"""The FMEA as a table: its columns, and what a table says that differs from the rows.

A line is a row with its first action; a line without cells is a further action of the row above.
What is computed or decided elsewhere (AP, acceptance, completion) is written and never read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from qualification import fmea_sheet
from qualification.fmea_sheet import CELLS, RATINGS
from qualification.models import FmeaAction, FmeaRow
from qualification.models.fmea import MOST_TEXT, PENDING
from qualification.services.fmea import rating_problem
from secondsource.accounts.models import User
from secondsource.core import dates
from secondsource.core.exports import plain
from secondsource.core.tables import Column


@dataclass(frozen=True)
class Line:
    """A line of the table: a row (None on lines of further actions) and an action."""

    row: FmeaRow | None
    action: FmeaAction | None


def lines_of(rows: Iterable[FmeaRow]) -> Iterator[Line]:
    """The lines of these rows."""
    for row in rows:
        actions = list(row.actions.all())
        yield Line(row, actions[0] if actions else None)
        yield from (Line(None, action) for action in actions[1:])


def _row(name: str) -> Any:
    return lambda line: getattr(line.row, name) if line.row else None


def _action(name: str) -> Any:
    return lambda line: getattr(line.action, name) if line.action else None


def _person(of: str, name: str) -> Any:
    def read(line: Line) -> str | None:
        person = getattr(getattr(line, of), name, None)
        return person.email if person else None

    return read


#: Cell → its head in the table.
HEADS = {
    "function": "Function", "failure_mode": "Failure mode", "effect": "Effect", "severity": "S",
    "cause": "Cause", "prevention": "Prevention", "detection_control": "Detection control",
    "occurrence": "O", "detection": "D",
}  # fmt: skip
ROW_ID, ACTION_ID = "Row ID", "Action ID"
#: Field of an action → its head in the table.
ACTION_HEADS = {
    "description": "Action", "kind": "Kind", "owner": "Owner", "due_date": "Due",
    "status": "State", "target_severity": "S target", "target_occurrence": "O target",
    "target_detection": "D target",
}  # fmt: skip


def _columns() -> Iterator[Column]:
    yield Column("row_id", ROW_ID, source=_row("key"))
    yield Column("number", "No.", source=_row("position"))
    for name, head in HEADS.items():
        yield Column(name, head, source=_row(name))
    yield Column("ap", "AP", source=_row("action_priority"))
    yield Column("rpn", "RPN", source=lambda line: line.row and fmea_sheet.rpn(
        fmea_sheet.ratings_of(line.row)))  # fmt: skip
    yield Column("ap_now", "AP now", source=_row("priority_now"))
    yield Column("accepted_by", "Accepted by", source=_person("row", "accepted_by"))
    yield Column("accepted_at", "Accepted at", source=_row("accepted_at"))
    yield Column("accepted_reason", "Accepted because", source=_row("accepted_reason"))
    yield Column("action_id", ACTION_ID, source=_action("key"))
    for name, head in ACTION_HEADS.items():
        source = _person("action", name) if name == "owner" else _action(name)
        yield Column(name, head, source=source)
    yield Column("completed_on", "Completed on", source=_action("completed_on"))
    yield Column("evidence", "Evidence", source=_action("evidence"))
    for name, head in zip(RATINGS, "SOD", strict=True):
        yield Column(f"revised_{name}", f"{head} after", source=_action(f"revised_{name}"))


COLUMNS = tuple(_columns())


# --- reading --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Refusal:
    """A line that is not taken: its number in the file, the head of the column, and why."""

    line: int
    column: str
    detail: str


@dataclass(frozen=True)
class Change:
    """A difference of the file: ``what`` is changed or added, ``cells`` head, before and after.

    ``row`` and ``action`` are ids with the version that the file was compared with; ``values`` are
    for the service. A new action of a new row has the number of that row's line in ``of_line``.
    """

    line: int
    what: str
    label: str
    cells: list[tuple[str, str, str]]
    values: dict[str, Any]
    kind: str
    pk: int | None = None
    version: int | None = None
    of_line: int | None = None


@dataclass
class Differences:
    """What a file would do: changes, refused lines, rows that it does not name, other columns.

    ``seen`` is the shape of the rows that the file was compared with (``fmea_sheet.shape``).
    """

    changes: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    missing: list[FmeaRow] = field(default_factory=list)
    not_read: list[str] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    lines: int = 0


class NotThisTable(ValueError):
    """The file has no line with the heads of the worksheet."""


def compare(
    table: list[list[str]], rows: Iterable[FmeaRow], people: Mapping[str, User]
) -> Differences:
    """The differences between a table and the rows. Raises ``NotThisTable``.

    ``people`` are possible owners by email address.
    """
    return _Reader(list(rows), people).read(table)


class _Reader:
    """Reads the lines of a table one after the other."""

    def __init__(self, rows: list[FmeaRow], people: Mapping[str, User]) -> None:
        self.rows = {row.key: row for row in rows}
        self.actions = {a.key: a for row in rows for a in row.actions.all()}
        self.people = {email.casefold(): user for email, user in people.items()}
        self.found = Differences()
        self.seen: set[str] = set()
        #: The row above: its id, or the line of a new one; None after a refused line.
        self.above: tuple[int | None, int | None] | None = None

    def read(self, table: list[list[str]]) -> Differences:
        """Read all lines after the head."""
        start = next((i for i, cells in enumerate(table) if _is_head(cells)), None)
        if start is None:
            raise NotThisTable
        heads = [cell.strip() for cell in table[start]]
        known = {column.label for column in COLUMNS}
        twice = [head for head in known if heads.count(head) > 1]
        for head in sorted(twice):
            self._refuse(start + 1, head, "Two columns have this head. Remove one of them.")
        if twice:
            return self.found
        self.found.not_read = [head for head in heads if head and head not in known]
        for number, cells in enumerate(table[start + 1 :], start + 2):
            given = {head: cell for head, cell in zip(heads, cells, strict=False) if head}
            if any(cell.strip() for cell in given.values()):
                self.found.lines += 1
                self._line(number, given)
        self.found.missing = [row for key, row in self.rows.items() if key not in self.seen]
        return self.found

    def _line(self, number: int, given: Mapping[str, str]) -> None:
        key = given.get(ROW_ID, "").strip()
        has_cells = any(given.get(head, "").strip() for head in HEADS.values())
        before = len(self.found.refused)
        if key or has_cells:
            self.above = None
            self._row(number, key, given)
        if len(self.found.refused) > before:
            return
        if given.get(ACTION_ID, "").strip() or given.get("Action", "").strip():
            self._action(number, given)

    def _refuse(self, line: int, column: str, detail: str) -> None:
        self.found.refused.append(Refusal(line, column, detail))

    def _row(self, number: int, key: str, given: Mapping[str, str]) -> None:
        row = self.rows.get(key)
        if key and row is None:
            self._refuse(number, ROW_ID, "The FMEA has no row with this ID. Clear it to add a row.")
            return
        if key in self.seen:
            self._refuse(number, ROW_ID, "This row is named twice.")
            return
        values = self._cells(number, row, given)
        if values is None:
            return
        if row is not None:
            self.seen.add(key)
            self.above = (row.pk, None)
            if values:
                self._add("changed", "row", number, str(row), row, values, HEADS)
        else:
            self.above = (None, number)
            self._add("added", "row", number, values.get("failure_mode", "New row"), None, values,
                      HEADS)  # fmt: skip

    def _cells(
        self, number: int, row: FmeaRow | None, given: Mapping[str, str]
    ) -> dict[str, Any] | None:
        """The cells that differ; None after a refused one."""
        values: dict[str, Any] = {}
        wrong = False
        for name, head in HEADS.items():
            if head not in given:
                continue
            text = given[head]
            saved: Any = getattr(row, name) if row else (None if name in RATINGS else "")
            if text.strip() == str(plain(saved)).strip():
                continue
            value: Any = fmea_sheet.rating_of(text) if name in RATINGS else _text(text)
            detail = rating_problem(value, saved) if name in RATINGS else _too_long(value)
            if detail:
                self._refuse(number, head, detail)
                wrong = True
            elif value != saved:
                values[name] = value
        return None if wrong else values

    def _action(self, number: int, given: Mapping[str, str]) -> None:
        if self.above is None:
            self._refuse(number, "Action", "There is no row above for this action.")
            return
        key = given.get(ACTION_ID, "").strip()
        action = self.actions.get(key)
        if key and (action is None or action.row_id != self.above[0]):
            self._refuse(number, ACTION_ID, "The row has no action with this ID.")
            return
        values = self._action_values(number, action, given)
        if values and action is not None:
            self._add("changed", "action", number, str(action), action, values, ACTION_HEADS)
        elif values:
            row_pk, line = self.above
            label = values.get("description", "New action")
            self._add("added", "action", number, label, None, values, ACTION_HEADS, row_pk, line)

    def _action_values(
        self, number: int, action: FmeaAction | None, given: Mapping[str, str]
    ) -> dict[str, Any] | None:
        """The fields of an action that differ; None after a refused one."""
        values: dict[str, Any] = {}
        for name, head in ACTION_HEADS.items():
            if head not in given:
                continue
            saved = getattr(action, name) if action else None
            shown = saved.email if isinstance(saved, User) else str(plain(saved))
            text = given[head].strip()
            if text == shown.strip() or (action is None and not text):
                continue
            value, detail = self._field(name, text)
            if detail:
                self._refuse(number, head, detail)
                return None
            values[name] = value
        return values

    def _field(self, name: str, text: str) -> tuple[Any, str]:
        """The value of an action's field, or why it is refused."""
        if name == "owner":
            person = self.people.get(text.casefold())
            return person, "" if person or not text else f"Nobody here has the address {text}."
        if name == "due_date":
            return _day(text)
        if name == "kind":
            known = text in FmeaAction.Kind.values
            return text, "" if known else f"One of {', '.join(FmeaAction.Kind.values)}."
        if name == "status":
            pending = text in (*PENDING, FmeaAction.Status.NOT_IMPLEMENTED)
            return text, "" if pending else _STATE
        if name.startswith("target_"):
            rating = fmea_sheet.rating_of(text)
            return rating, rating_problem(rating)
        return _text(text), "" if text else "Describe the action."

    def _add(
        self, what: str, kind: str, number: int, label: str, obj: Any, values: dict[str, Any],
        heads: Mapping[str, str], row_pk: int | None = None, of_line: int | None = None,
    ) -> None:  # fmt: skip
        cells = [
            (heads[name], _shown(getattr(obj, name, None)), _shown(value))
            for name, value in values.items()
        ]
        self.found.changes.append(
            Change(number, what, label, cells, values, kind, obj.pk if obj else row_pk,
                   obj.version if obj else None, of_line)
        )  # fmt: skip


_STATE = (
    "A table sets open, decision_pending, implementation_pending or not_implemented. An action is"
    " completed on its page, with evidence."
)
#: What ``exports.safe_text`` puts before text that looks like a formula.
_MARKED = re.compile(r"\A'(?=\s*[=+\-@＝＋－＠]|[\t\r\n])")
_MARKED_WITHIN = re.compile(r"([;\t\r\n]\s*)'(?=[=+\-@＝＋－＠])")


def _text(text: str) -> str:
    """The text of a cell without the marks of an export."""
    return _MARKED_WITHIN.sub(r"\1", _MARKED.sub("", text)).strip()


def _too_long(text: str) -> str:
    return f"At most {MOST_TEXT} characters." if len(text) > MOST_TEXT else ""


def _day(text: str) -> tuple[Any, str]:
    if not text:
        return None, ""
    try:
        return dt.date.fromisoformat(dates.read(text, "")), ""
    except ValueError as error:
        return None, str(error)


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else getattr(value, "email", None) or str(value)


def _is_head(cells: list[str]) -> bool:
    return {"Failure mode", "S", "O", "D"} <= {cell.strip() for cell in cells}


assert tuple(HEADS) == CELLS
