"""Which role each column of a table has: all readings weighed together, and what stays in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from secondsource.exchange.assignment import Choice
from secondsource.exchange.assignment import assign as assigned

from . import doubts
from .designators import read_designators
from .evidence import SAMPLE, agreement, column_cells, examine
from .groups import groups_of
from .header import guesses, words
from .mapping import Column, Role
from .scores import MANY, SOURCE, Around, Draft, Slot, designators, named_roles, readings
from .sources import numbered
from .vocabulary import FAINT, FAIR, MORE_WORDS, WEAK

MORE_DESIGNATORS, LIKELY_DESIGNATORS = 0.9, 0.5
_TRIED, _FOOTER = 3, 12
_CONCERNED = frozenset({*SOURCE, Role.SKU, Role.ALTERNATIVE, Role.SUPPLIER})
_CERTAIN = {Role.QUANTITY: 2.0, Role.DESIGNATORS: 1.5}


@dataclass(slots=True)
class Reading:
    """What a column is read as, before it gets its number."""

    draft: Draft
    role: Role
    score: float
    margin: float
    other: Role | None
    why: str = ""


def assign(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """A role for each column of a table, from its headers and (up to 400 of) its rows."""
    filled = [row for row in without_footer(rows) if any(cell.strip() for cell in row)]
    sample = filled[:SAMPLE]
    drafts = _drafts(headers, sample)
    found = _together(drafts)
    _more_designators(found)
    _drop_shared_numbers(found)
    numbers = numbered(
        [(one.draft, one.role) for one in found if one.role in SOURCE],
    )
    in_doubt = doubts.of_columns(found, numbers)
    return tuple(
        Column(
            one.draft.index,
            one.draft.header,
            one.role,
            numbers.of.get(one.draft.index, 1),
            _confidence(one, in_doubt.get(one.draft.index, "")),
            one.why or _why(one),
            str(one.other or ""),
            in_doubt.get(one.draft.index, ""),
        )
        for one in found
    )


def without_footer(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The rows without a few narrow ones behind the last gap: totals, statistics, signatures."""
    while rows and any(cell.rstrip().endswith(":") for cell in rows[-1]):
        rows = rows[:-1]
    widths = [sum(bool(cell.strip()) for cell in row) for row in rows]
    gap = len(rows) - 1
    while gap > 0 and widths[gap] and gap > len(rows) - _FOOTER:
        gap -= 1
    if gap <= 0 or widths[gap]:
        return rows
    usual = max(widths[:gap], default=0)
    return rows[:gap] if all(2 * width <= usual + 1 for width in widths[gap:]) else rows


def _drafts(headers: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Draft]:
    width = max([len(headers), *(len(row) for row in sample)], default=0)
    names = [headers[index] if index < len(headers) else "" for index in range(width)]
    guessed = [guesses(name) for name in names]
    concerned = [
        any(guess.role in _CONCERNED and guess.strength > FAINT for guess in found)
        for found in guessed
    ]
    groups = groups_of(names, concerned)
    return [
        Draft(
            index,
            names[index],
            guessed[index],
            examine(column_cells(sample, index)),
            groups.of[index],
            groups.index(index),
        )
        for index in range(width)
    ]


def _together(drafts: list[Draft]) -> list[Reading]:
    """The best assignment, tried with each column that may hold the designators."""
    quantities = [one for one in drafts if one.strength(Role.QUANTITY) or not one.is_known]
    named = named_roles(drafts)
    numbers = [one for one in drafts if one.strength(Role.MPN)]
    scored = [(designators(one, quantities), one) for one in drafts]
    likely = [(score, one) for score, one in scored if score > 0 and not _only_names(one, named)]
    likely.sort(key=lambda pair: (-pair[0], pair[1].index))
    tried: list[tuple[float, Draft | None]] = [*likely[:_TRIED]]
    best: tuple[float, list[Choice[Slot]], Draft | None] | None = None
    for score, one in tried or [(0.0, None)]:
        around = Around(drafts, numbers, one, named)
        scores = [
            {(Role.DESIGNATORS, 0): score} if draft is one else readings(draft, around)
            for draft in drafts
        ]
        choices = assigned(scores, _room(drafts))
        total = sum(choice.score for choice in choices)
        if best is None or total > best[0]:
            best = (total, choices, one)
    assert best is not None
    return [
        Reading(
            draft,
            choice.slot[0] if choice.slot else Role.IGNORE,
            choice.score,
            choice.margin,
            choice.other[0] if choice.other else None,
        )
        for draft, choice in zip(drafts, best[1], strict=True)
    ]


def _room(drafts: Sequence[Draft]) -> dict[Slot, int]:
    """Roles that several columns may have; `AMPN` and `APN` are two alternates."""
    room: dict[Slot, int] = {(role, 0): len(drafts) for role in MANY}
    for draft in drafts:
        if draft.group.alternate:
            room[Role.MPN, draft.source] = len(drafts)
    room[Role.PREFERENCE, 0] = max(1, sum(draft.strength(Role.MPN) >= WEAK for draft in drafts))
    return room


def _only_names(draft: Draft, named: dict[Role, float]) -> bool:
    """`Référence` over nothing but words, where nothing else names the lines."""
    evidence = draft.evidence
    return (
        bool(evidence.filled)
        and not evidence.designators
        and not named.get(Role.DESCRIPTION)
        and named.get(Role.VALUE, 0.0) < FAIR
    )


def _more_designators(found: list[Reading]) -> None:
    """Designators go on in other columns: continued ones, those of the other side.

    Such a column is read when the quantities count its designators too, or when they say
    nothing of it and its header does; else it is only asked about.
    """
    first = next((one.draft for one in found if one.role == Role.DESIGNATORS), None)
    if first is None:
        return
    counted = next((one.draft for one in found if one.role == Role.QUANTITY), None)
    cells = first.evidence.cells
    names = {name for cell in cells for name in read_designators(cell).names}
    for one in found:
        evidence = one.draft.evidence
        if one.draft in (first, counted) or evidence.designators < LIKELY_DESIGNATORS:
            continue
        if evidence.codes >= 0.5 or one.draft.strength(Role.MPN) >= FAIR:
            continue
        own = {name for cell in evidence.cells for name in read_designators(cell).names}
        if own & names:
            continue
        together = [
            ", ".join(filter(None, pair)) for pair in zip(cells, evidence.cells, strict=True)
        ]
        gain = _counted(counted, together) - _counted(counted, cells)
        sure = evidence.typical_designators >= MORE_DESIGNATORS
        if gain >= 0.2 or (sure and (gain > 0 or (gain == 0 and _goes_on(one.draft)))):
            how = "quantities count these as well" if gain else "by its header"
            one.role, one.score, one.why = Role.DESIGNATORS, 1.0, f"{how}: more designators"
            names, cells = names | own, together


def _drop_shared_numbers(found: list[Reading]) -> None:
    """The same words beside different parts are not a number of ours: A2, ALU."""
    by_role = {one.role: one for one in reversed(found)}
    own = by_role.get(Role.IPN)
    names = (Role.DESCRIPTION, Role.VALUE, Role.DESIGNATORS, Role.ITEM)
    named = next((by_role[role] for role in names if role in by_role), None)
    beside = [one for one in (by_role.get(Role.MPN), named) if one is not None]
    if own is None or Role.MPN not in by_role:
        return
    cells = [one.draft.evidence.cells for one in (own, *beside)]
    parts: dict[str, set[tuple[str, ...]]] = {}
    for number, *others in zip(*cells, strict=True):
        if number and all(others):
            parts.setdefault(number, set()).add(tuple(others))
    if any(
        all(len(set(some)) > 1 for some in zip(*several, strict=True))
        for several in parts.values()
        if len(several) > 1
    ):
        own.role, own.why = Role.IGNORE, "different parts have the same number"


def _counted(quantities: Draft | None, names: list[str]) -> float:
    """The share of rows whose quantity is the number of the given designators."""
    return agreement(quantities.evidence.cells, names) if quantities else 0.0


def _goes_on(draft: Draft) -> bool:
    said = set(words(draft.header))
    return draft.strength(Role.DESIGNATORS) >= FAIR or bool(said & MORE_WORDS)


def _confidence(one: Reading, doubt: str) -> float:
    if one.role == Role.IGNORE:
        return 0.0
    sure = min(1.0, one.score / _CERTAIN.get(one.role, 1.0))
    return round(min(sure, 0.4) if doubt else max(sure, 0.3), 2)


def _why(one: Reading) -> str:
    """Why a column is read as it is, or not used."""
    draft = one.draft
    if one.role == Role.IGNORE:
        return _why_not(draft)
    named = draft.strength(one.role) > 0
    said = "by its header" if named else "by its content"
    if one.role == Role.DESIGNATORS:
        both = " and content" if named and draft.evidence.designators >= 0.15 else ""
        return f"{said}{both}: reads as reference designators"
    if one.role == Role.QUANTITY and one.score >= 1.6:
        return f"{said}; equals the number of designators"
    if one.role == Role.MPN:
        return said if named else "by its content: order codes"
    if one.role == Role.MANUFACTURER:
        return said if named else "by its content: names of manufacturers"
    if one.role == Role.MANUFACTURER_MPN:
        return f"{said}: manufacturer and number"
    if one.role == Role.IPN and not named:
        return "plain part number beside the manufacturer's"
    if one.role == Role.SKU and not named:
        return "by its content: order numbers of a distributor"
    if one.role == Role.FITTED and not named:
        return "by its content: fitted and not fitted"
    return said


def _why_not(draft: Draft) -> str:
    if not draft.header.strip():
        return "no header"
    if not draft.is_known:
        return "the header says nothing known"
    if draft.guesses[0].role == Role.IGNORE:
        return "by its header, nothing that a BOM needs"
    return "its header is no clear sign, or another column says it better"
