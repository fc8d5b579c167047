"""One warning for one cause: what is said of many rows is said once, with its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .result import Warning

#: From so many on, warnings of one cause are one.
_MANY = 4
_SHOWN = 6


def gathered(warnings: Iterable[Warning], apart: frozenset[str] = frozenset()) -> list[Warning]:
    """The warnings by sheet and row, those of one code and column as one; but not codes `apart`."""
    causes: dict[tuple[str, str, int | None], list[Warning]] = {}
    for one in warnings:
        causes.setdefault((one.sheet, one.code, one.column), []).append(one)
    found: list[Warning] = []
    for (_, code, _), several in causes.items():
        rows = sorted({row for one in several for row in (one.row, *one.rows) if row is not None})
        if len(several) < _MANY or code in apart:
            found.extend(several)
        else:
            first = min(several, key=lambda one: one.row or 0)
            found.append(replace(first, detail=_detail(first, rows), rows=tuple(rows)))
    return sorted(found, key=lambda one: (one.sheet, one.row or 0))


def _detail(first: Warning, rows: list[int]) -> str:
    others = [row for row in rows if row != first.row]
    shown = ", ".join(map(str, others[:_SHOWN]))
    more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    return f"{first.detail} The same in rows {shown}{more}."
