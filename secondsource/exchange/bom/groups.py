"""Columns that belong to one source of a line: a manufacturer and its number, once per source.

What is left of a header without the words for manufacturer and number names the group:
`Manufacturer 2` and `Part Number 2`, `AVL Mfr` and `AVL P/N`, `MPN B`, `Zweithersteller`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .header import ORDINALS, parted, words
from .mapping import Role
from .vocabulary import (
    ALTERNATE_WORDS,
    DISTRIBUTORS,
    GOOD,
    MANUFACTURER_WORDS,
    NUMBER_WORDS,
    PHRASES,
    SECONDARY_WORDS,
    SUPPLIER_WORDS,
)
from .wordlists import word_set

_NUMBERS = (Role.MPN, Role.MANUFACTURER)
_SOURCE = word_set(
    """
    mpn mfpn mfrpn mfgpn manpn name names typ type bezeichnung model symbol nomenclature source
    sources st nd rd th of de du des del von the s field text"""
)
_SHORT = {"ampn": "mpn", "apn": "pn", "amfr": "mfr", "amfg": "mfg", "amanufacturer": "mfr",
          "altmpn": "mpn"}  # fmt: skip
_LETTERS = "abcdefgh"
_SECOND = SECONDARY_WORDS - {"avl", "aml", "approved"}
_BESIDE_RANKS = SECONDARY_WORDS | {"st", "nd", "rd", "th"}
_MOST = 100
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class Group:
    """How the headers of one source are told from those of the others.

    `ranks`: numbers, ordinals and letters in the header; `words`: all that is not understood;
    `repeat`: how often the same header stood before. `alternate`: a word says so.
    """

    ranks: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    alternate: bool = False
    repeat: int = 0

    @property
    def is_understood(self) -> bool:
        """Whether all that tells it from others is a number or a word for an alternate."""
        return not self.words or set(self.words) <= SECONDARY_WORDS

    def place(self) -> tuple[bool, bool, int, tuple[int, ...]]:
        """The order of sources by their headers: what is named plainly comes first."""
        return (self.alternate, bool(self.words), self.repeat, self.ranks)


@dataclass(slots=True)
class Groups:
    """The groups of a table's columns, by index."""

    of: list[Group] = field(default_factory=list)

    def index(self, column: int) -> int:
        """The number of a column's group, the same for all columns in it."""
        return self.of.index(self.of[column])


def groups_of(headers: Sequence[str], concerned: Sequence[bool]) -> Groups:
    """The group of each column; only those `concerned` count as repetitions of each other."""
    parsed = [_parsed(header) for header in headers]
    lettered = _lettered([one for one, is_one in zip(parsed, concerned, strict=True) if is_one])
    seen: dict[tuple[str, ...], int] = {}
    found: list[Group] = []
    for header, tokens, is_one in zip(headers, parsed, concerned, strict=True):
        group = _group(tokens, lettered)
        if not is_one:  # words over anything else tell nothing apart, but a number behind them
            numbered = tokens and (tokens[-1].isdigit() or any(map(_is_later, tokens)))
            ranks = group.ranks if numbered else ()
            group = Group(ranks[-1:], (), group.alternate)
        key = words(header)
        if is_one and key:
            repeat = seen.get(key, 0)
            seen[key] = repeat + 1
            group = Group(group.ranks, group.words, group.alternate, repeat)
        found.append(group)
    return Groups(_without_shared(found, concerned))


def _is_later(word: str) -> bool:
    """`Second`, `third`: said of a source whatever else the header says."""
    return ORDINALS.get(word, 0) > 1


def _without_shared(groups: list[Group], concerned: Sequence[bool]) -> list[Group]:
    """Groups without the words that all of them have: `choice` in First choice, Second choice."""
    sets = [set(group.words) for group, one in zip(groups, concerned, strict=True) if one]
    shared = set.intersection(*sets) if len(sets) > 2 else set()
    if not shared:
        return groups
    return [
        replace(group, words=tuple(word for word in group.words if word not in shared))
        for group in groups
    ]


def _parsed(header: str) -> tuple[str, ...]:
    tokens = parted(words(header))
    if tokens and tokens[0] in _SHORT:
        return ("alt", _SHORT[tokens[0]], *tokens[1:])
    return tokens


def _lettered(headers: Sequence[tuple[str, ...]]) -> bool:
    """Whether letters number the headers: A and B, or I and II, stand behind the same words."""
    behind: dict[tuple[str, ...], set[str]] = {}
    for tokens in headers:
        for token in tokens:
            if (len(token) == 1 and token in _LETTERS) or token in _ROMAN:
                rest = tuple(other for other in tokens if other != token)
                behind.setdefault(rest, set()).add(token)
    return any(len(letters) > 1 for letters in behind.values())


def rank_of(header: str) -> tuple[int, str]:
    """Which of several sources a header names (0: it says none), and the words beside it.

    `MPN 2` and `2nd MPN` are the second, `alternate MPN 1` too.
    """
    tokens = _parsed(header)
    ranks, rest, alternate = _ranked(tokens, lettered=len(tokens) > 1 and len(tokens[-1]) == 1)
    alternate = alternate or bool(_SECOND.intersection(rest))
    number = sum(ranks) - len(ranks) + alternate + 1 if ranks or alternate else 0
    beside = (word for word in rest if word not in _BESIDE_RANKS)
    return (number, " ".join(beside)) if number < _MOST else (0, " ".join(tokens))


def _ranked(tokens: tuple[str, ...], *, lettered: bool) -> tuple[list[int], list[str], bool]:
    """The ranks that a header says, the words beside them, and whether it names an alternate."""
    ranks: list[int] = []
    rest: list[str] = []
    alternate = False
    for word in tokens:
        if word.isdigit():
            ranks.append(int(word[:4]))
        elif word in ORDINALS:
            ranks.append(ORDINALS[word])
        elif word in _ROMAN and (lettered or word != "i"):
            ranks.append(_ROMAN[word])
        elif lettered and word in _LETTERS:
            ranks.append(_LETTERS.index(word) + 1)
        elif word in ALTERNATE_WORDS:
            alternate = True
        else:
            rest.append(word)
    return ranks, rest, alternate


def _group(tokens: tuple[str, ...], lettered: bool) -> Group:
    ranks, rest, alternate = _ranked(tokens, lettered=lettered)
    secondary = [one for one in rest if one in SECONDARY_WORDS]
    if _is_phrase(" ".join(one for one in rest if one not in SECONDARY_WORDS)):
        rest = secondary
    return Group(tuple(ranks), tuple(one for one in rest if not _is_common(one)), alternate)


def _is_common(text: str) -> bool:
    """Whether a text is a word for a manufacturer or its number, as every source has it."""
    if text in MANUFACTURER_WORDS or text in NUMBER_WORDS or text in _SOURCE:
        return True
    return any(role in _NUMBERS and strength >= GOOD for role, strength in PHRASES.get(text, ()))


def _is_phrase(text: str) -> bool:
    """Whether a whole header is known for a manufacturer or a number."""
    return any(role in _NUMBERS for role, _ in PHRASES.get(text, ()))


def of_distributor(group: Group) -> bool:
    """Whether a group is named after a distributor, or as a supplier's."""
    text = " ".join(group.words)
    return text.startswith("digi key") or any(
        token in DISTRIBUTORS or token in SUPPLIER_WORDS for token in group.words
    )
