"""Cells with several parts, manufacturers beside numbers, and alternates named in prose."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from .characters import one_line, without_accents
from .manufacturers import is_branch_word, is_manufacturer, leading_manufacturer
from .part_numbers import is_placeholder, looks_like_mpn, normalise

_HARD = ("~", "|", ";", "；")
_MAY_BE_LIST = re.compile(r"[\s~|;；]").search
_OR = re.compile(r"\s+(?:or|oder|ou|o|/|&)\s+", re.IGNORECASE)
_SIMILAR = re.compile(
    r"[\s,(]+(?:or|oder|ou|o)\s+(?:equivalent|equiv|similar|comparable|gleichwertig|vergleichbar|"
    r"ähnlich|équivalent|equivalente)\.?\)?\s*$",
    re.IGNORECASE,
)
_EQUIVALENT = re.compile(
    r"\s(or|oder|ou|o)\s+(?:equivalent|equiv\.?|similar|gleichwertig|équivalent|equivalente)\s*[:(]?\s*(?=\w)",
    re.IGNORECASE,
)
_COMMA = re.compile(r",\s+|，")
_TIGHT_COMMA = re.compile(r"[,，]")
_SLASH = re.compile(r"/")
_COUNTED = re.compile(r"(?:^|;)\s*\d+(?:\.\d+)?\s*:\s*\S|\S:\s*\d+\s*(?:;|$)")
_DASH = re.compile(r"^[-–,/]\s+")
_BRACKETS = re.compile(r"(\S+)\s*[(\[]([^()\[\]]+)[)\]]")
_PROSE = re.compile(
    r"""(?:\balternativ\w*|\balternate\w*|\balt\b\.?|\b2nd\s+sources?|\bsecond\s+sources?|\bersatz\w*|
    \bzweitquelle|\bsubstitut\w*|\bequivalent\w*|\breplacements?|\breplaced\s+by|\bsostitut\w*|
    \bremplac\w*|\bzamiennik\w*|\bnahrad\w*|\bsustitut\w*|替代\w*|代替\w*)
    \s*(?:parts?|mpn|types?|typ|source|for\ this)?\s*[:=：]\s*([^\n]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_OPEN_PROSE = re.compile(
    r"""\b(?:alternativ\w*|alternates?|alt\.?|2nd\s+source|second\s+source|ersatz(?:typ)?|substitutes?|
    (?:or|oder|ou|o)\s+(?:equivalent|equiv\.?|similar|gleichwertig|equivalente?)|equivalent\s+(?:to|is)|
    (?:can\s+be\s+)?replaced\s+(?:by|with)|replacement|zamiennik|zamiennie|nahrada|sustituto)
    (?:\s+(?:parts?|mpn|types?|typ|source|is|to|ist|by))?\s+(?=\S)([^\n:]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = re.compile(r"(?<!Inc)(?<!Corp)(?<!Co)(?<!Ltd)\.\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Named:
    """A manufacturer and a part number; `original` is the entry as it was written."""

    manufacturer: str | None
    mpn: str
    original: str = ""


def split_list(text: str) -> list[str]:
    """The entries of a cell that holds a list: lines, `~`, `|`, `;` or `or` between them."""
    if not _MAY_BE_LIST(text):
        return [text] if text else []
    text = _EQUIVALENT.sub(r" \1 ", _SIMILAR.sub("", text.strip()))
    if "\n" in text:
        return _joined_wraps([part.strip() for part in text.split("\n") if part.strip()])
    for separator in _HARD:
        if separator in text:
            parts = [part.strip() for part in text.split(separator)]
            return [part for part in parts if part] or [text]
    parts = [part.strip() for part in _OR.split(text)]
    # `Texas Instruments / SN65HVD75DR` is one part: a list has numbers in all or in none.
    alike = len({any(map(str.isdigit, part)) for part in parts}) == 1
    if len(parts) > 1 and alike and all(looks_like_mpn(part) or " " in part for part in parts):
        return parts
    return [text] if text else []


def _joined_wraps(parts: list[str]) -> list[str]:
    """A number wrapped in its cell after a dash is one number."""
    joined: list[str] = []
    for part in parts:
        if joined and joined[-1].endswith("-") and len(joined[-1]) > 1:
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def split_manufacturers(text: str, count: int) -> list[str]:
    """Manufacturers beside a list of `count` part numbers, in the same order."""
    parts = split_list(text)
    if len(parts) == 1 and count > 1:
        for pattern in (_OR, _COMMA, _TIGHT_COMMA, _SLASH):
            pieces = [piece.strip() for piece in pattern.split(parts[0])]
            if len(pieces) == count and all(pieces):
                return pieces
    return parts


def parts_of(mpn_cell: str, manufacturer_cell: str) -> list[Named]:
    """The parts that a part number cell names, with the manufacturers of the cell beside it."""
    mpns = split_list(mpn_cell)
    if len(mpns) > 1 and "\n" not in mpn_cell and not all(map(_may_be_entry, mpns)):
        mpns = [mpn_cell.strip()]
    if len(mpns) == 1:
        mpns = _by_comma(mpns[0], manufacturer_cell)
    elif "\n" in mpn_cell.strip() and not _is_list(mpns, manufacturer_cell):
        mpns = [" ".join(mpns)]
    if len(mpns) == 1:
        manufacturer = one_line(manufacturer_cell)
        return [Named(manufacturer if not is_placeholder(manufacturer) else None, mpns[0])]
    manufacturers = split_manufacturers(manufacturer_cell, len(mpns))
    if len(manufacturers) == 1:
        manufacturers *= len(mpns)
    manufacturers += [""] * (len(mpns) - len(manufacturers))
    return [
        _beside(manufacturer, mpn) for manufacturer, mpn in zip(manufacturers, mpns, strict=False)
    ]


def _may_be_entry(text: str) -> bool:
    """Whether a piece between signs may be a number by itself: `white,matt` is none."""
    return any(map(str.isdigit, text)) or is_placeholder(text)


def counts_parts(text: str) -> bool:
    """`A; 4:B`, as KiCost writes it: the line needs one A and four B, which are no alternates."""
    return ";" in text and _COUNTED.search(text) is not None


def _beside(manufacturer: str, mpn: str) -> Named:
    """An entry of a list with its manufacturer, unless it names its own: `… or Vishay CRCW…`."""
    words = tuple(one_line(mpn).split(" "))
    if len(words) > 1 and 0 < leading_manufacturer(words) < len(words):
        return replace(split_manufacturer(mpn), original=mpn)
    return Named(None if is_placeholder(manufacturer) else one_line(manufacturer), mpn)


def _is_list(mpns: list[str], manufacturer_cell: str) -> bool:
    """Lines are a list when there is a manufacturer for each or each is a part number by itself."""
    return len(split_list(manufacturer_cell)) == len(mpns) or all(
        looks_like_mpn(mpn) or is_placeholder(mpn) or (mpn.isdigit() and len(mpn) > 4)
        for mpn in mpns
    )


def _by_comma(text: str, manufacturer_cell: str) -> list[str]:
    """A comma separates numbers only with a manufacturer for each, or between two complete numbers.

    `RB751V40,115` and `DTMSS-27/0,022/30-H` are one number each.
    """
    if "," not in text and "，" not in text:
        return [text]
    pieces = [piece.strip() for piece in _TIGHT_COMMA.split(text)]
    manufacturers = split_manufacturers(manufacturer_cell, len(pieces))
    complete = all(_is_complete(piece) for piece in pieces)
    if len(manufacturers) == len(pieces) and all(len(piece) > 3 for piece in pieces):
        return pieces
    spaced = [piece.strip() for piece in _COMMA.split(text)]
    if len(spaced) > 1 and all(looks_like_mpn(piece) and len(piece) > 5 for piece in spaced):
        return spaced
    return pieces if complete else [text]


def _is_complete(piece: str) -> bool:
    letters = sum(ch.isalpha() for ch in piece)
    digits = sum(ch.isdigit() for ch in piece)
    return looks_like_mpn(piece) and len(piece) >= 7 and letters >= 2 and digits >= 2


def split_manufacturer(text: str) -> Named:
    """Manufacturer and number written in one cell: `YAGEO RC0402FR-071KL`, `BSS84 (Nexperia)`."""
    text = one_line(text).rstrip(".,")
    if (match := _BRACKETS.fullmatch(text)) and is_manufacturer(match[2]):
        return Named(match[2], match[1])
    words = tuple(text.split(" "))
    known = leading_manufacturer(tuple(word.rstrip(":,") for word in words))
    while 0 < known < len(words) - 1 and is_branch_word(words[known]):
        known += 1
    if 0 < known < len(words):
        return _named(words[:known], words[known:])
    if inner := _manufacturer_within(words):
        return inner
    for position, word in enumerate(words):
        if len(word) >= 4 and any(ch.isdigit() for ch in word):
            if position == 0:
                break
            return _named(words[:position], words[position:])
    return _manufacturer_behind(words, text)


def _manufacturer_within(words: tuple[str, ...]) -> Named | None:
    """`Resistor 10k 0402 Yageo RC0402FR-0710KL`: a known name, and a number that ends the text."""
    if len(words) < 3 or not looks_like_mpn(words[-1]):
        return None
    for start in range(1, len(words) - 1):
        if is_manufacturer(" ".join(words[start:-1])):
            return Named(" ".join(words[start:-1]), words[-1])
    return None


def _manufacturer_behind(words: tuple[str, ...], text: str) -> Named:
    """`BSS84AK Nexperia`, `Murata/GRM188R71H104KA93D` and `TDK:C1005X7R1C104K050BC`."""
    for start in range(1, len(words)):
        if is_manufacturer(" ".join(words[start:])):
            return Named(" ".join(words[start:]), " ".join(words[:start]).rstrip(","))
    for sign in ("/", ":"):
        manufacturer, found, rest = text.partition(sign)
        if found and is_manufacturer(manufacturer) and rest.strip():
            return Named(manufacturer.strip(), rest.strip())
    return Named(None, text)


def _named(manufacturer: Sequence[str], mpn: Sequence[str]) -> Named:
    name = " ".join(manufacturer).strip(" :,-/")
    number = _DASH.sub("", " ".join(mpn).strip(" :"))
    return Named(None if not name or is_placeholder(name) else name, number)


def combined_parts(text: str) -> list[Named]:
    """The parts of a cell with manufacturers and numbers together, one or several."""
    entries = split_list(text)
    if len(entries) == 1:
        pieces = [piece.strip() for piece in _TIGHT_COMMA.split(entries[0])]
        if len(pieces) > 1 and all(_has_manufacturer(piece) for piece in pieces):
            entries = pieces
    return [replace(split_manufacturer(entry), original=entry) for entry in entries]


def _has_manufacturer(piece: str) -> bool:
    named = split_manufacturer(piece)
    return named.manufacturer is not None and any(ch.isdigit() for ch in named.mpn)


def free_parts(text: str) -> list[Named]:
    """The parts of an `Alternative` cell, with or without manufacturers; prose yields none."""
    entries: list[str] = []
    for entry in split_list(text):
        pieces = [piece.strip() for piece in _COMMA.split(entry)]
        several = len(pieces) > 1 and all(_is_part(split_manufacturer(piece)) for piece in pieces)
        entries.extend(pieces if several else [entry])
    named = [split_manufacturer(entry) for entry in entries if not is_placeholder(entry)]
    return [part for part in named if _is_part(part)]


def _is_part(named: Named) -> bool:
    mpn = normalise(named.mpn)
    if is_placeholder(mpn):
        return False
    if named.manufacturer is not None:
        return len(mpn) >= 4 and any(ch.isdigit() for ch in mpn) and mpn.count(" ") <= 3
    return looks_like_mpn(mpn) or (mpn.isdigit() and len(mpn) >= 6)


def prose_parts(text: str) -> list[Named]:
    """The parts that a remark names: `100V, >2A, Alternative: Nexperia PMEG10030ELPX`."""
    found = [
        named for match in _PROSE.finditer(text) for named in _listed_parts(match[1], _is_part)
    ]
    if not found and _OPEN_PROSE.search(plain := without_accents(text)):
        # Without a colon only what is clearly a part counts: `or equivalent Murata GRM155…`.
        for match in _OPEN_PROSE.finditer(plain):
            found.extend(_listed_parts(match[1], _is_sure))
    return found


def bare_part(text: str) -> Named | None:
    """The part that a remark is, without a word what it is for: `Vishay BZX384C5V1`."""
    if " " not in text.strip() or "\n" in text:
        return None
    named = split_manufacturer(text)
    return named if named.manufacturer is not None and _is_sure(named) else None


def _listed_parts(text: str, accepted: Callable[[Named], bool]) -> Iterator[Named]:
    """The parts at the beginning of a sentence, up to the first thing that is none."""
    for entry in split_list(_SENTENCE_END.split(text)[0].strip(" ()[]")):
        for piece in _COMMA.split(entry):
            named = split_manufacturer(piece)
            if not accepted(named):
                break
            yield named


def _is_sure(named: Named) -> bool:
    """A part that nobody could take for a word of a sentence."""
    mpn = normalise(named.mpn)
    if named.manufacturer is not None and not is_manufacturer(named.manufacturer):
        return False
    return " " not in mpn and _is_complete(mpn) and _is_part(named)
