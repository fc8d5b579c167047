"""What the words over a column say about its role."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from .characters import plain, without_accents
from .fitted import means_fitted
from .mapping import Role
from .vocabulary import (
    ALTERNATE_WORDS,
    ASSEMBLY_WORDS,
    DISTRIBUTORS,
    EXCLUSIONS,
    FAIR,
    GOOD,
    IGNORED_WORDS,
    MANUFACTURER_WORDS,
    NEGATIONS,
    NUMBER_WORDS,
    PHRASES,
    STRONG,
    SUPPLIER_WORDS,
    WEAK,
)

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_PN = re.compile(r"\bp\s*[/.]\s*n\b\.?", re.IGNORECASE)
_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_BREAKS = re.compile(r"[^\w#№]+|_")
_ORDINAL_SIGN = re.compile(r"(?<=\d)(?:[ºª°]|(?:e|er|ère|ème|eme)\b)")
_DOTTED = re.compile(r"([^\W\d_]{3,})\.")
_NUMMER = re.compile(r"(?<=[^\W\d_]{3})nr$")
ORDINALS = {
    "primary": 1, "main": 1, "first": 1, "erst": 1, "erster": 1, "original": 1, "haupt": 1,
    "premier": 1, "primero": 1, "primo": 1, "eerste": 1,
    "second": 2, "secondary": 2, "zweit": 2, "zweiter": 2, "deuxieme": 2, "segundo": 2,
    "secondo": 2, "seconda": 2, "segunda": 2,
    "tweede": 2, "zweite": 2, "drugi": 2, "third": 3, "dritt": 3, "dritter": 3, "tertiary": 3,
    "troisieme": 3, "tercero": 3, "terzo": 3, "derde": 3, "fourth": 4, "viert": 4, "vierter": 4,
}  # fmt: skip
# Letters before MPN that make it another one: AMPN, APN (alternate), DPN, SPN (distributor).
_ALTERNATE_SHORT = {"ampn", "apn", "ampn1", "amanufacturer", "amfr", "amfg", "altmpn"}
_RANKS = (("second", 2), ("2 nd", 2), ("third", 3), ("3 rd", 3), ("fourth", 4), ("4 th", 4))
_BIG, _PATH, _LONGEST = 20, 4, 60
# Scripts without blanks write `alternative manufacturer` and `alternate number` as one word.
_JOINED_ALTERNATE = re.compile("(セカンドソース|替代|替换|代替|代用|备选|備選|备用|互換|대체)(.+)")
# `Zweithersteller` is `zweit hersteller`: a word for the manufacturer of some length at the end.
_COMPOUND = re.compile(
    "(.{3,})(" + "|".join(sorted(w for w in MANUFACTURER_WORDS if len(w) > 7)) + ")"
)
# `Bestellmenge` and `Liefermenge` are quantities, whether of a board or not.
_QUANTITY_COMPOUND = re.compile(".{3,}(?:menge|anzahl|stuckzahl)")
_ABOUT_FITTING = frozenset(
    {"option", "options", "info", "status", "to", "be", "is", "y", "n", "flag", "variant", "t"}
)
_LITTLE = frozenset({"do", "be", "to", "from", "on", "in", "if", "is", "t", "the", "bom", "pcb",
                     "board", "assembly", "auf", "en", "y", "n", "part", "parts", "component",
                     "components", "this"})  # fmt: skip
# Beside a word for the manufacturer these name its part: Hersteller-Typ, Manufacturer Model.
_TYPES = frozenset({"typ", "type", "bezeichnung", "model", "symbol", "nomenclature"})


@dataclass(frozen=True, slots=True)
class Guess:
    """A role that header words may mean. `number` is the one written in the header, if any."""

    role: Role
    strength: float
    number: int | None = None
    alternate: bool = False


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """A header as lower-case words: `PartNumber 1` and `PART_NUMBER-1` become part, number, 1."""
    text = _ORDINAL_SIGN.sub("", text)
    text = _PN.sub(" pn ", plain(text).replace("\n", " ").replace("_", " "))
    text = (
        without_accents(_CAMEL.sub(" ", text)).casefold().replace("#", " # ").replace("q'ty", "qty")
    )
    text = _DIGITS.sub(" ", _BREAKS.sub(" ", text))
    return tuple(word if word in PHRASES else _NUMMER.sub("nummer", word) for word in text.split())


@lru_cache(maxsize=8192)
def guesses(text: str) -> tuple[Guess, ...]:
    """The roles that a header may mean, best first; empty when it says nothing.

    `Order lines/Quantity`, as systems write the rows of a record, is what its last word says.
    """
    path, stroke, last = text.rpartition("/")
    if stroke and min(len(path), len(last)) >= _PATH and not _guesses(path):
        return _guesses(last) or _guesses(text)
    return _guesses(text)


@lru_cache(maxsize=8192)
def _guesses(text: str) -> tuple[Guess, ...]:
    if not text.strip() or len(text) > _LONGEST:
        return ()
    tokens = _written_out(told_apart(words(text)), text)
    if fitting := _fitting(tokens):
        return fitting
    if source := _second_source(tokens):
        return source
    if _points_back(tokens):
        return (Guess(Role.IGNORE, STRONG),)
    number, tokens = _number(tokens)
    if not tokens:
        return ()
    if tokens[0] in _ALTERNATE_SHORT:
        role = Role.MANUFACTURER if "manu" in tokens[0] or "mf" in tokens[0] else Role.MPN
        return (Guess(role, GOOD, number, alternate=True),)
    if found := _ignored(tokens):
        return found
    tokens = _apart(tokens)
    alternate = any(token in ALTERNATE_WORDS for token in tokens)
    if alternate:
        return _alternate(tokens, number)
    return _plain_guesses(tokens, number)


def _written_out(tokens: tuple[str, ...], text: str) -> tuple[str, ...]:
    """`Herst.` as `hersteller`: a word with a dot that begins words of one meaning alone."""
    dotted = {without_accents(word).casefold() for word in _DOTTED.findall(text)}
    unknown = dotted - PHRASES.keys() - IGNORED_WORDS
    return tuple(_long(word) if word in unknown else word for word in tokens)


@lru_cache(maxsize=1024)
def _long(short: str) -> str:
    found = [word for word in PHRASES if word.startswith(short) and " " not in word]
    if not found:
        return short
    first = min(found, key=len)
    alike = len({PHRASES[word][0][0] for word in found}) == 1
    return first if alike or all(word.startswith(first) for word in found) else short


def told_apart(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Compounds as their words, and `#` only where it stands for a number and not before one."""
    found: list[str] = []
    for word, behind in zip_longest(tokens, tokens[1:], fillvalue=""):
        if word == "#" and behind.isdigit():
            continue
        match = None if word in PHRASES else _COMPOUND.fullmatch(word)
        found.extend(match.groups() if match else (word,))
    return tuple(found)


def _fitting(tokens: tuple[str, ...]) -> tuple[Guess, ...]:
    """`No Load`, `Do not stuff`, `Ne pas monter`, `Excluded`: a word of assembly and a no."""
    said = [token for token in tokens if token not in _LITTLE]
    rest = [token for token in said if token not in NEGATIONS]
    excluded = [token for token in rest if token in EXCLUSIONS]
    assembly = [token for token in rest if token in ASSEMBLY_WORDS]
    if excluded and len(rest) <= 2:
        return (Guess(Role.DNP, STRONG if len(rest) == 1 else GOOD),)
    if len(said) > len(rest):
        if not rest and any(len(token) > 6 for token in said):
            return (Guess(Role.DNP, STRONG),)  # a no and what is done in one word: neosazovat
        if assembly and len(assembly) == len(rest):
            return (Guess(Role.DNP, STRONG),)
        if assembly:
            return (Guess(Role.DNP, WEAK),)
        return ()
    if assembly and len(tokens) > 1 and all(_is_about_fitting(token) for token in tokens):
        return (Guess(Role.FITTED, STRONG),)
    if len(tokens) == 1 and means_fitted(tokens[0]) and tokens[0] not in PHRASES:
        return (Guess(Role.FITTED, STRONG),)
    return ()


def _is_about_fitting(token: str) -> bool:
    """`Fitted?`, `Fit option`, `Monté (O/N)`: letters alone are those that the cells hold."""
    return token in ASSEMBLY_WORDS or token in _ABOUT_FITTING or len(token) == 1


def _points_back(tokens: tuple[str, ...]) -> bool:
    """`Alt for`, `Ersatz für`: the column names the part of the line, no part beside it."""
    return (
        len(tokens) > 1
        and tokens[-1] in ("for", "of", "fur", "pour", "para", "per")
        and any(token in ALTERNATE_WORDS for token in tokens)
    )


def _apart(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """`替代料号` as `替代 料号`; what is known as one phrase stays one."""
    if len(tokens) != 1 or tokens[0] in PHRASES or tokens[0] in ALTERNATE_WORDS:
        return tokens
    match = _JOINED_ALTERNATE.fullmatch(tokens[0])
    return (match[1], match[2]) if match else tokens


def parted(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """`told_apart`, with the alternates of scripts without blanks apart as well."""
    return _apart(told_apart(tokens))


def _second_source(tokens: tuple[str, ...]) -> tuple[Guess, ...]:
    """`Second source`, `2nd source MPN`, `Third source manufacturer`."""
    if "source" not in tokens and "sources" not in tokens:
        return ()
    text = " ".join(tokens)
    rank = next((n for word, n in _RANKS if text.startswith(word)), 0)
    if rank < 2:
        return ()
    if any(token in MANUFACTURER_WORDS for token in tokens) and not set(tokens) & NUMBER_WORDS:
        return (Guess(Role.MANUFACTURER, STRONG, rank - 1, alternate=True),)
    if set(tokens) & NUMBER_WORDS:
        return (Guess(Role.MPN, STRONG, rank - 1, alternate=True),)
    return (Guess(Role.ALTERNATIVE, STRONG),)


def _number(tokens: tuple[str, ...]) -> tuple[int | None, tuple[str, ...]]:
    """The number in a header (MPN 2, Alternate 1 Mfg) and the words without it."""
    for position, token in enumerate(tokens):
        if token in ORDINALS and len(tokens) > 1:
            return ORDINALS[token], tokens[:position] + tokens[position + 1 :]
    numbers = [token for token in tokens if token.isdigit()]
    if len(numbers) == 1 and len(tokens) > 1 and "element" not in tokens:
        rest = tuple(token for token in tokens if not token.isdigit())
        if rest and rest[-1] in ("st", "nd", "rd", "th"):
            rest = rest[:-1]
        return int(numbers[0]), rest
    return None, tokens


def _ignored(tokens: tuple[str, ...]) -> tuple[Guess, ...]:
    if any(token in IGNORED_WORDS for token in tokens):
        phrase = " ".join(tokens)
        known = PHRASES.get(phrase)
        if known is None:
            return (Guess(Role.IGNORE, STRONG),)
    return ()


def _alternate(tokens: tuple[str, ...], number: int | None) -> tuple[Guess, ...]:
    """Headers that speak of alternates: the manufacturer's, the part number's, or both in one."""
    rest = tuple(token for token in tokens if token not in ALTERNATE_WORDS)
    manufacturer = any(token in MANUFACTURER_WORDS for token in rest)
    numbered = any(token in NUMBER_WORDS for token in rest)
    if any(token in SUPPLIER_WORDS or token in DISTRIBUTORS for token in rest):
        return (Guess(Role.SKU, GOOD, number),)
    if " ".join(tokens) in PHRASES and number is None:
        return (Guess(Role.ALTERNATIVE, STRONG),)
    if numbered or (rest and rest[-1] == "mpn"):
        both = (Guess(Role.MANUFACTURER, FAIR, number, alternate=True),) if manufacturer else ()
        return (Guess(Role.MPN, STRONG, number, alternate=True), *both)
    if manufacturer:
        return (Guess(Role.MANUFACTURER, STRONG, number, alternate=True),)
    return (Guess(Role.ALTERNATIVE, GOOD, number),)


def _plain_guesses(tokens: tuple[str, ...], number: int | None) -> tuple[Guess, ...]:
    manufacturer = any(token in MANUFACTURER_WORDS for token in tokens)
    supplier = any(token in SUPPLIER_WORDS for token in tokens)
    brand = any(token in DISTRIBUTORS for token in tokens) or tokens[:2] == ("digi", "key")
    numbered = [
        token for token in tokens if token in NUMBER_WORDS or (manufacturer and token in _TYPES)
    ]
    phrase = " ".join(tokens)
    if brand:
        return (Guess(Role.SKU, GOOD, number),)
    if known := PHRASES.get(phrase):
        return tuple(_weighed(role, strength, number) for role, strength in known)
    if manufacturer and numbered:
        both = set(tokens) & {"mpn", "part", "pn"} and tokens[0] in MANUFACTURER_WORDS
        combined = both and len(tokens) == 2 and tokens[1] == "mpn"
        role = Role.MANUFACTURER_MPN if combined else Role.MPN
        return (
            Guess(role, STRONG, number),
            Guess(Role.MPN, GOOD, number),
            Guess(Role.MANUFACTURER, WEAK, number),
        )
    if supplier and numbered:
        return (Guess(Role.SKU, STRONG, number),)
    if supplier:
        return (Guess(Role.SUPPLIER, GOOD, number),)
    if manufacturer:
        return (Guess(Role.MANUFACTURER, GOOD, number),)
    return _by_last_word(tokens, number)


def _weighed(role: Role, strength: float, number: int | None) -> Guess:
    """A quantity with a large number in its header is that of a build, not of one board."""
    if role == Role.QUANTITY and number is not None and number > 1:
        strength *= 0.4
    return Guess(role, strength, number)


def _by_last_word(tokens: tuple[str, ...], number: int | None) -> tuple[Guess, ...]:
    """Unknown phrases: a known pair or word at the end or the beginning still says something."""
    if len(tokens) > 1 and len(tokens[-1]) == 1 and tokens[-1] in "abcdefgh":
        lettered = PHRASES.get(" ".join(tokens[:-1]), ())
        if found := [one for one in lettered if one[0] in (Role.MPN, Role.MANUFACTURER)]:
            return tuple(Guess(role, 0.9 * strength, number) for role, strength in found)
    if len(tokens) == 1 and _QUANTITY_COMPOUND.fullmatch(tokens[0]):
        return (Guess(Role.QUANTITY, WEAK, number),)
    for length in (3, 2, 1):
        for part in (tokens[-length:], tokens[:length]):
            if len(part) == length < len(tokens) and (known := PHRASES.get(" ".join(part))):
                weight = 0.7 if length > 1 else 0.5
                return tuple(
                    Guess(role, strength * weight, number)
                    for role, strength in known
                    if role != Role.ITEM and strength * weight >= WEAK / 2
                )
    return ()


def is_build_quantity(guess: Guess) -> bool:
    """Whether a quantity header names a number of boards: `QTY 100`."""
    return guess.role == Role.QUANTITY and (guess.number or 0) > _BIG
