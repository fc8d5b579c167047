"""Reference designators: lists, ranges, groups and prose."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .characters import plain

_SEPARATORS = re.compile(r"[,;，；、\n]+")
_ONE = re.compile(r"([A-Za-z_$Ωμ]{1,12}?)(\d{1,6})([A-Za-z0-9_.]{0,8})")
_STRICT = re.compile(
    r"[A-Za-z]{1,8}\d{1,6}(?:[A-Za-z]{1,3}\d{1,6}){0,4}[A-Za-z]{0,3}(?:[_.][A-Za-z0-9]{1,8}){0,3}"
)
_RANGE = re.compile(
    r"([A-Za-z_]*?[A-Za-z_])(\d{1,6})(\D[\w]*)?\s*(?:-|\.{2,3}|…|~|:|÷)\s*([A-Za-z_]*)(\d{1,6})(\D[\w]*)?"
)
_SPACED_RANGE = re.compile(
    r"([A-Za-z]\d{1,6}\w{0,8})\s*(?:\s-\s|\.{2,3}|…|\s(?:to|bis|thru|through|à|a|до)\s)\s*([A-Za-z]+\d)"
)
_GROUP = re.compile(r"([A-Za-z]{1,5})\s*[\[(]\s*(\d[\d\s,:\-.]*)[\])]")
_COUNT = re.compile(r"\(\s*(?:x\s*)?\d+\s*(?:x|pcs|pieces|stk)?\s*\)\s*$", re.IGNORECASE)
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]{1,}")
_WORD = re.compile(r"[\w+\-./#$&\[\]()]{1,40}")
_NOTHING = re.compile(r"[\W_]*|n/?a|none|nil|no ref(?:des)?|tbd", re.IGNORECASE)
_JOINERS = frozenset({"and", "und", "et", "y", "e", "&", "+", "oraz", "i", "и"})
_LONGEST_RANGE = 3000
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Designators:
    """The names in a cell, or its words when it names things in prose (`White Wire`)."""

    names: tuple[str, ...] = ()
    prose: str = ""
    repeated: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)


EMPTY = Designators()


def read_designators(text: str, quantity: int | None = None) -> Designators:
    """The designators of a cell.

    The quantity decides where a cell can be read in two ways: `PC3/PB8` is one solder bridge
    when the quantity is 1, and two parts when it is 2.
    """
    cell = plain(text).strip()
    if not cell or _NOTHING.fullmatch(cell):
        return EMPTY
    simple = cell.replace(",", " ").replace(";", " ").split()
    if all(map(_STRICT.fullmatch, simple)):
        return _result(simple, [])
    readings = [_read(cell, slashes=False, inherit=True)]
    if quantity is not None and len(readings[0]) != quantity:
        readings += [
            _read(cell, slashes=True, inherit=True),
            _read(cell, slashes=False, inherit=False),
        ]
        readings.append(_capitals(cell))
        for reading in readings:
            if len(reading) == quantity:
                return reading
    return readings[0]


def _capitals(cell: str) -> Designators:
    """Names without digits between blanks, `RESET SETUP`, when the quantity counts them."""
    names = cell.split()
    capitals = all(_CAPITALS.fullmatch(name) for name in names)
    return _result(names, []) if capitals else EMPTY


def _read(cell: str, *, slashes: bool, inherit: bool) -> Designators:
    text = _SPACED_RANGE.sub(r"\1..\2", _COUNT.sub("", cell))
    text = _GROUP.sub(_ungroup, text)
    names: list[str] = []
    prose: list[str] = []
    for item in _SEPARATORS.split(text):
        item = item.strip()
        if not item or _NOTHING.fullmatch(item):
            continue
        found = _item(item, names, slashes=slashes, inherit=inherit)
        if found is None:
            prose.append(item)
        else:
            names.extend(found)
    return _result(names, prose)


def _result(names: list[str], prose: list[str]) -> Designators:
    unique = dict.fromkeys(names)
    repeated: tuple[str, ...] = ()
    if len(unique) < len(names):
        seen: set[str] = set()
        repeated = tuple(name for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return Designators(tuple(unique), ", ".join(prose), repeated)


def _ungroup(match: re.Match[str]) -> str:
    """`R[1:4]` and `C(1,2,5)` written out as `R1:R4` and `C1,C2,C5`."""
    prefix = match[1]
    return re.sub(r"\d+", lambda number: prefix + number[0], match[2])


def _item(item: str, before: list[str], *, slashes: bool, inherit: bool) -> list[str] | None:
    """The names in one item between separators; None when it is prose."""
    if len(item) > _LONGEST_NAME and " " not in item:
        return None
    if _STRICT.fullmatch(item):
        return [item]
    if " " in item or "\t" in item:
        return _words(item.split(), before, slashes=slashes, inherit=inherit)
    if (expanded := _range(item, inherit=inherit)) is not None:
        return expanded
    if before and inherit and item.isdigit() and (last := _ONE.fullmatch(before[-1])):
        return [last[1] + item]
    if slashes and re.search(r"[/&+|]", item):
        parts = re.split(r"[/&+|]", item)
        if all(_ONE.fullmatch(part) or part.isdigit() for part in parts):
            return _words(parts, before, slashes=False, inherit=True)
    if _WORD.fullmatch(item) and (item != item.lower() or any(ch.isdigit() for ch in item)):
        return [item]
    return None


def _words(
    parts: list[str], before: list[str], *, slashes: bool, inherit: bool
) -> list[str] | None:
    """Blanks as separators, only when every word is a designator by itself."""
    names: list[str] = []
    for part in parts:
        if part.casefold() in _JOINERS or not part:
            continue
        if _STRICT.fullmatch(part):
            names.append(part)
            continue
        if not any(ch.isdigit() for ch in part) or (part[0].isdigit() and not names):
            return None
        if part[0].isdigit() and not part.isdigit():
            return None
        found = _item(part, names or before, slashes=slashes, inherit=inherit)
        if found is None:
            return None
        names.extend(found)
    return names


@lru_cache(maxsize=65536)
def _range_cached(item: str, inherit: bool) -> tuple[str, ...] | None:
    match = _RANGE.fullmatch(item)
    if not match:
        return None
    prefix, low, suffix, second, high, ending = match.groups()
    if (second and second != prefix) or ((suffix or "") != (ending or "") and ending):
        return None
    if not second and not inherit:
        return None
    start, end = int(low), int(high)
    if end <= start or end - start > _LONGEST_RANGE:
        return None
    width = len(low) if low.startswith("0") else 0
    return tuple(f"{prefix}{number:0{width}d}{suffix or ''}" for number in range(start, end + 1))


def _range(item: str, *, inherit: bool) -> list[str] | None:
    """`C6..C9`, `Q1-Q6`, `R65_D..R68_D`; `R1-4` unless the quantity speaks against it."""
    found = _range_cached(item, inherit)
    return list(found) if found is not None else None


@lru_cache(maxsize=65536)
def reads_as_designators(text: str) -> bool:
    """Whether a cell is made of designators with letters and digits, however joined."""
    cell = plain(text).strip()
    if not cell or len(cell) > 20_000:
        return False
    cell = _SPACED_RANGE.sub(r"\1..\2", cell)
    items = [item for item in re.split(r"[,;\s]+", cell) if item and item not in _JOINERS]
    strict = sum(1 for item in items if _STRICT.fullmatch(item) or _range(item, inherit=False))
    return bool(items) and strict >= 0.7 * len(items)


def prefixes(names: tuple[str, ...]) -> set[str]:
    """The letters before the digits: {R, RT} for R29, RT1."""
    return {match[1].upper() for name in names if (match := re.match(r"([A-Za-z]+)\d", name))}
