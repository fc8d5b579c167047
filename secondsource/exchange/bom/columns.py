"""Which role each column of a table has: by its header, its content, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from .designators import read_designators
from .evidence import SAMPLE, Evidence, agreement, column_cells, examine
from .header import Guess, guesses, is_build_quantity, words
from .mapping import Column, Role
from .part_numbers import is_distributor_sku
from .vocabulary import FAIR, GOOD, MORE_WORDS, STRONG, WEAK

_SINGLE = (Role.ITEM, Role.LEVEL, Role.DESCRIPTION, Role.VALUE, Role.FOOTPRINT, Role.SUPPLIER)
MORE_DESIGNATORS = 0.9
_MANY = (Role.REMARKS, Role.ALTERNATIVE, Role.SKU)


@dataclass(slots=True)
class _Draft:
    index: int
    header: str
    guesses: tuple[Guess, ...]
    evidence: Evidence
    role: Role | None = None
    number: int | None = None
    alternate: bool = False
    confidence: float = 0.0
    why: str = ""

    def guess(self, role: Role) -> Guess | None:
        return next((guess for guess in self.guesses if guess.role == role), None)

    def strength(self, role: Role) -> float:
        guess = self.guess(role)
        return guess.strength if guess else 0.0

    def take(self, role: Role, confidence: float, why: str) -> None:
        guess = self.guess(role)
        self.role, self.why, self.confidence = role, why, round(min(confidence, 1.0), 2)
        self.number = guess.number if guess else None
        self.alternate = bool(guess and guess.alternate)


def assign(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """A role for each column of a table, from its headers and (up to 400 of) its rows."""
    sample = [row for row in rows if any(cell.strip() for cell in row)][:SAMPLE]
    width = max([len(headers), *(len(row) for row in sample)], default=0)
    drafts = [
        _Draft(
            index,
            (header := headers[index] if index < len(headers) else ""),
            guesses(header),
            examine(column_cells(sample, index)),
        )
        for index in range(width)
    ]
    designators = _designators(drafts)
    _quantity(drafts, designators)
    if designators is not None:
        _more_designators(drafts, designators)
    _part_numbers(drafts)
    _manufacturers(drafts)
    _fitting(drafts)
    _internal_numbers(drafts)
    for role in _SINGLE:
        _single(drafts, role)
    for role in _MANY:
        _many(drafts, role)
    _by_content(drafts)
    _numbers(drafts, Role.MPN)
    _numbers(drafts, Role.MANUFACTURER)
    _numbers(drafts, Role.MANUFACTURER_MPN)
    return tuple(_column(draft) for draft in drafts)


def _column(draft: _Draft) -> Column:
    why = draft.why or _why_not(draft)
    return Column(
        draft.index,
        draft.header,
        draft.role or Role.IGNORE,
        draft.number or 1,
        draft.confidence,
        why,
    )


def _why_not(draft: _Draft) -> str:
    """Why a column is not used."""
    if not draft.header.strip():
        return "no header"
    if not draft.guesses:
        return "the header says nothing known"
    if draft.guesses[0].role == Role.IGNORE:
        return "by its header, nothing that a BOM needs"
    return "its header is no clear sign, or another column says it better"


def _free(drafts: list[_Draft]) -> list[_Draft]:
    return [draft for draft in drafts if draft.role is None]


def _designators(drafts: list[_Draft]) -> _Draft | None:
    best: tuple[float, _Draft] | None = None
    for draft in drafts:
        strength, share = draft.strength(Role.DESIGNATORS), draft.evidence.designators
        if draft.evidence.numbers > 0.5 or draft.evidence.links > 0.2:
            continue
        sure = strength >= WEAK and (share >= 0.15 or not draft.evidence.filled)
        named = strength == STRONG and draft.evidence.part_numbers < 0.4
        typical = draft.evidence.typical_designators >= 0.7
        if sure or named or (typical and (strength or not draft.guesses)):
            score = strength * 0.5 + share
            if best is None or score > best[0]:
                best = (score, draft)
    if best is None:
        best = _by_content_alone(drafts)
    if best is None:
        return None
    score, draft = best
    how = "by its header and content" if draft.strength(Role.DESIGNATORS) else "by its content"
    draft.take(Role.DESIGNATORS, score / 1.5, f"{how}: reads as reference designators")
    return draft


def _by_content_alone(drafts: list[_Draft]) -> tuple[float, _Draft] | None:
    """A column of nothing but usual designators, whatever stands over it."""
    found = [
        (draft.evidence.typical_designators, draft)
        for draft in drafts
        if draft.evidence.typical_designators >= 0.8
        and draft.evidence.distinct >= 0.8
        and not draft.strength(Role.MPN)
    ]
    return max(found, key=lambda pair: pair[0], default=None)


def _quantity(drafts: list[_Draft], designators: _Draft | None) -> None:
    best: tuple[float, _Draft, str] | None = None
    for draft in _free(drafts):
        strength, evidence = draft.strength(Role.QUANTITY), draft.evidence
        names = designators.evidence.cells if designators else [""] * len(evidence.cells)
        agrees = agreement(evidence.cells, names) if evidence.numbers >= 0.3 else 0.0
        by_header = strength > 0 and (evidence.numbers >= 0.3 or not evidence.filled)
        by_content = agrees >= 0.8 and not evidence.sequence and not draft.guesses
        if not (by_header or by_content):
            continue
        build = any(is_build_quantity(guess) for guess in draft.guesses)
        score = strength + agrees + 0.2 * evidence.numbers - (0.5 if build else 0)
        why = "by its header" if by_header else "by its content"
        if agrees >= 0.8:
            why += "; equals the number of designators"
        if best is None or score > best[0]:
            best = (score, draft, why)
    if best:
        best[1].take(Role.QUANTITY, best[0] / 2 + 0.2, best[2])
        return
    # Named beyond doubt, though hardly a cell can be read: asked about row by row.
    named = next((d for d in _free(drafts) if d.strength(Role.QUANTITY) == STRONG), None)
    if named:
        named.take(Role.QUANTITY, WEAK, "by its header; few of the cells are numbers")


def _more_designators(drafts: list[_Draft], first: _Draft) -> None:
    """Designators go on in other columns: continued ones, those of the other side.

    Such a column is read when the quantities count its designators too, or when they say
    nothing of it and its header does; else it is only asked about.
    """
    names = {name for cell in first.evidence.cells for name in read_designators(cell).names}
    cells = first.evidence.cells
    for draft in _free(drafts):
        evidence = draft.evidence
        if not evidence.filled or evidence.typical_designators < MORE_DESIGNATORS:
            continue
        own = {name for cell in evidence.cells for name in read_designators(cell).names}
        if own & names:
            continue
        together = [
            ", ".join(filter(None, pair)) for pair in zip(cells, evidence.cells, strict=True)
        ]
        gain = _counted(drafts, together) - _counted(drafts, cells)
        if gain > 0 or (gain == 0 and _goes_on(draft)):
            how = "quantities count these as well" if gain else "by its header"
            draft.take(Role.DESIGNATORS, 0.9 if gain else 0.7, f"{how}: more designators")
            names, cells = names | own, together


def _counted(drafts: list[_Draft], designators: list[str]) -> float:
    """The share of rows whose quantity is the number of the given designators."""
    column = next((draft for draft in drafts if draft.role == Role.QUANTITY), None)
    return agreement(column.evidence.cells, designators) if column else 0.0


def _goes_on(draft: _Draft) -> bool:
    said = set(words(draft.header))
    return draft.strength(Role.DESIGNATORS) >= FAIR or bool(said & MORE_WORDS)


def _part_numbers(drafts: list[_Draft]) -> None:
    """Manufacturer part numbers; a plain `Part Number` is one when nothing says it better."""
    for draft in _free(drafts):
        combined = draft.guess(Role.MANUFACTURER_MPN)
        if combined:
            draft.take(
                Role.MANUFACTURER_MPN, combined.strength, "by its header: manufacturer and number"
            )
    named = [d for d in _free(drafts) if d.strength(Role.MPN) > 0 and d.evidence.links < 0.5]
    explicit = [d for d in named if d.strength(Role.MPN) == STRONG or _is_alternate(d)]
    for draft in explicit:
        draft.take(Role.MPN, draft.strength(Role.MPN), "by its header")
    if any(not d.alternate for d in explicit) or _taken(drafts, Role.MANUFACTURER_MPN):
        _plain_numbers_beside(drafts, named)
        return
    if types := _types_of_manufacturers(drafts):
        for draft in types:
            draft.take(
                Role.MPN, 0.7, "by its header and content: order codes beside a manufacturer"
            )
            draft.number = draft.guesses[0].number
        return
    rest = [d for d in named if d.role is None and not d.evidence.sequence and _plausible(d)]
    rest = rest or _of_vendors(drafts)
    if rest:
        best = max(rest, key=lambda d: (d.strength(Role.MPN) + d.evidence.part_numbers, -d.index))
        best.take(
            Role.MPN, 0.5 * best.strength(Role.MPN) + 0.5, "by its header; no other part number"
        )


def _types_of_manufacturers(drafts: list[_Draft]) -> list[_Draft]:
    """`Typ 1` beside `Hersteller 1`: a type is a part number when it reads as order codes."""
    numbers = {g.number for d in drafts for g in d.guesses if g.role == Role.MANUFACTURER}
    return [
        d
        for d in _free(drafts)
        if set(words(d.header)) & {"typ", "type", "model"}
        and d.guesses
        and d.guesses[0].number in numbers
        and d.evidence.part_numbers >= 0.6
    ]


def _of_vendors(drafts: list[_Draft]) -> list[_Draft]:
    """`Vendor P/N` is the manufacturer's number where the vendors are manufacturers."""
    if not any("vendor" in words(d.header) and d.evidence.manufacturers >= 0.4 for d in drafts):
        return []
    return [
        d
        for d in _free(drafts)
        if d.strength(Role.SKU) and "vendor" in words(d.header) and d.evidence.part_numbers >= 0.5
    ]


def _plain_numbers_beside(drafts: list[_Draft], named: list[_Draft]) -> None:
    """Beside a manufacturer's number, a plain `Part Number` is the company's own."""
    for draft in named:
        if draft.role is None and _of_distributors(draft):
            draft.take(Role.SKU, 0.7, "by its content: order numbers of a distributor")
        elif draft.role is None and draft.strength(Role.MPN) in (GOOD, FAIR):
            other = draft.guess(Role.IPN) or draft.guess(Role.VALUE)
            if other is None and not _taken(drafts, Role.IPN) and not draft.evidence.sequence:
                draft.take(Role.IPN, 0.5, "plain part number beside the manufacturer's")


def _of_distributors(draft: _Draft) -> bool:
    filled = [cell for cell in draft.evidence.cells if cell]
    return bool(filled) and sum(map(is_distributor_sku, filled)) >= 0.6 * len(filled)


def _is_alternate(draft: _Draft) -> bool:
    guess = draft.guess(Role.MPN)
    return bool(guess and guess.alternate)


def _plausible(draft: _Draft) -> bool:
    """A faint header (`LibRef`, `Part`) needs cells that are clearly order codes."""
    strength, evidence = draft.strength(Role.MPN), draft.evidence
    if strength >= FAIR:
        return not evidence.filled or evidence.part_numbers >= 0.2 or evidence.distinct > 0.5
    return evidence.part_numbers >= 0.55 and evidence.distinct >= 0.7


def _manufacturers(drafts: list[_Draft]) -> None:
    for draft in _free(drafts):
        strength = draft.strength(Role.MANUFACTURER)
        if strength >= GOOD and max(draft.evidence.numbers, draft.evidence.links) < 0.5:
            draft.take(Role.MANUFACTURER, strength, "by its header")
    if any(d.role == Role.MANUFACTURER and not d.alternate for d in drafts):
        return
    if _taken(drafts, Role.MANUFACTURER_MPN):
        return
    for draft in _free(drafts):
        if draft.strength(Role.MANUFACTURER) > 0 and draft.evidence.manufacturers >= 0.2:
            draft.take(Role.MANUFACTURER, 0.7, "by its header and content: names of manufacturers")
            return


def _fitting(drafts: list[_Draft]) -> None:
    for role in (Role.DNP, Role.FITTED):
        for draft in _free(drafts):
            strength = draft.strength(role)
            if strength and (draft.evidence.flags >= 0.5 or not draft.evidence.filled):
                draft.take(role, strength, "by its header")


def _internal_numbers(drafts: list[_Draft]) -> None:
    if _taken(drafts, Role.IPN):
        return
    found = [d for d in _free(drafts) if d.strength(Role.IPN) > 0 and not _counts(d)]
    if found:
        best = max(found, key=lambda draft: draft.strength(Role.IPN))
        best.take(Role.IPN, best.strength(Role.IPN), "by its header")


def _counts(draft: _Draft) -> bool:
    """Whether the column numbers the rows; own numbers of some length may rise as well."""
    longest = max((len(cell) for cell in draft.evidence.cells), default=0)
    return draft.evidence.sequence and (draft.strength(Role.IPN) < GOOD or longest < 4)


def _single(drafts: list[_Draft], role: Role) -> None:
    found = [d for d in _free(drafts) if d.strength(role) > 0 and _fits(d, role)]
    if found:
        best = max(found, key=lambda d: (d.strength(role), d.evidence.filled > 0, -d.index))
        best.take(role, best.strength(role), "by its header")


def _fits(draft: _Draft, role: Role) -> bool:
    if role in (Role.ITEM, Role.LEVEL):
        return draft.evidence.numbers >= 0.6 or not draft.evidence.filled
    return draft.evidence.links < 0.5


def _many(drafts: list[_Draft], role: Role) -> None:
    for draft in _free(drafts):
        strength = draft.strength(role)
        if not strength or draft.evidence.links > 0.5:
            continue
        if role == Role.ALTERNATIVE and draft.evidence.yes_no > 0.5:
            draft.why = "holds only yes or no"
            continue
        draft.take(role, strength, "by its header")


def _by_content(drafts: list[_Draft]) -> None:
    """Columns whose header says nothing, for roles that are still missing."""
    unknown = [d for d in _free(drafts) if not d.guesses and d.evidence.filled]
    if not _taken(drafts, Role.MPN) and not _taken(drafts, Role.MANUFACTURER_MPN):
        codes = [
            d
            for d in unknown
            if d.evidence.part_numbers >= 0.6
            and d.evidence.distinct >= 0.5
            and not d.evidence.links
        ]
        if codes:
            best = max(codes, key=lambda d: d.evidence.part_numbers)
            best.take(Role.MPN, 0.6 * best.evidence.part_numbers, "by its content: order codes")
    if not _taken(drafts, Role.MANUFACTURER) and not _taken(drafts, Role.MANUFACTURER_MPN):
        for draft in unknown:
            if draft.role is None and draft.evidence.manufacturers >= 0.5:
                draft.take(Role.MANUFACTURER, 0.6, "by its content: names of manufacturers")
                break
    for draft in _free(drafts):
        if draft.evidence.flags >= 0.8 and draft.evidence.says_not_fitted:
            draft.take(Role.FITTED, 0.6, "by its content: fitted and not fitted")
    for draft in unknown:
        if draft.role is None and draft.evidence.prose_hints:
            draft.take(Role.REMARKS, 0.5, "by its content: notes about parts")


def _taken(drafts: list[_Draft], role: Role) -> bool:
    return any(draft.role == role for draft in drafts)


def _numbers(drafts: list[_Draft], role: Role) -> None:
    """Give each column of a part its number: the primary part is 1, alternates follow."""
    mine = [draft for draft in drafts if draft.role == role]
    used: set[int] = set()
    ordered = sorted(mine, key=lambda d: (d.alternate, d.number is None and d.alternate, d.index))
    for draft in ordered:
        if draft.alternate:
            wanted = (draft.number + 1) if draft.number else 2
        else:
            wanted = draft.number or 1
        while wanted in used:
            wanted += 1
        used.add(wanted)
        draft.number = wanted
    primary = [draft for draft in mine if not draft.alternate]
    if primary and 1 not in used:
        lowest = min(primary, key=lambda draft: draft.number or 0)
        lowest.number = 1
