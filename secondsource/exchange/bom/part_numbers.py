"""Part numbers: normalised, told apart from placeholders and distributors' numbers."""

import re
from functools import lru_cache

from .characters import one_line
from .wordlists import phrase_set, word_set

_PLACEHOLDERS = phrase_set(
    """
    any|any brand|any manufacturer|generic|tbd|tba|tbc|n/a|na|n.a.|n.a|none|no|
    not applicable|custom|dnp|dni|dnf|dnm|do not populate|do not fit|do not install|
    not fitted|nopop|no pop|various|multiple|unspecified|unknown|other|others|see note|
    see notes|default|std|standard|any equivalent|or equivalent|equivalent|tbd.|novalue|
    [novalue]|nil|null|nan|#n/a|#ref!|#value!|#name?|
    #null!|#num!|#div/0!|#nv|#wert!|#bezug!|leave empty|beliebig|divers|diverse|
    ohne|keine|cualquiera|quelconque|qualsiasi|任意|通用|无|無し|なし|любой"""
)
_LEADING_OR = re.compile(r"^(?:or|oder|alt\.?|alternative)\s*:?\s+(?=\S*\d)", re.IGNORECASE)
_ONLY_SIGNS = re.compile(r"[\W_]*")
_DIGIKEY = re.compile(r"\S+-ND", re.IGNORECASE)
_DIGIKEY_OPAQUE = re.compile(r"[A-Z]{0,4}\d{1,5}-[\w.+/#]+(?:-\d)?-ND", re.IGNORECASE)
_LCSC = re.compile(r"C\d{4,8}")
_MOUSER = re.compile(r"(\d{2,3})-([A-Z0-9][\w./+#-]{5,})", re.IGNORECASE)
_MOUSER_PREFIXES = word_set(
    """
    71 78 80 81 187 279 511 512 538 571 576 579 581 584 595 603 621 637 647 649 652 653 660
    667 700 710 711 726 755 757 771 791 810 815 841 851 859 863 871 895 963"""
)


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """A part number on one line with ordinary dashes and blanks; case is kept."""
    return _LEADING_OR.sub("", one_line(text).lstrip("'").strip())


@lru_cache(maxsize=65536)
def is_placeholder(text: str) -> bool:
    """Whether a cell says that no particular part is meant: ANY, GENERIC, TBD, ?, -."""
    folded = one_line(text).casefold()
    if folded[:1].isalnum():
        return folded in _PLACEHOLDERS or _any_value(folded)
    return folded in _PLACEHOLDERS or _ONLY_SIGNS.fullmatch(folded) is not None


def _any_value(folded: str) -> bool:
    """`any 1k 1%`, `generic 100nF`: words about a value, and no order code among them."""
    first, _, rest = folded.partition(" ")
    return first in ("any", "generic", "beliebig") and not any(
        len(word) > 6 and looks_like_mpn(word) for word in rest.split()
    )


@lru_cache(maxsize=65536)
def is_distributor_sku(mpn: str) -> bool:
    """Whether a number is an order number of a distributor (Digi-Key, Mouser, LCSC)."""
    if _DIGIKEY.fullmatch(mpn) or _LCSC.fullmatch(mpn):
        return True
    mouser = _MOUSER.fullmatch(mpn)
    return bool(mouser and mouser[1] in _MOUSER_PREFIXES and _mixed(mouser[2]))


@lru_cache(maxsize=65536)
def hides_the_part(mpn: str) -> bool:
    """Whether a distributor's number does not even contain the part number: 576-4305-1-ND."""
    return bool(_DIGIKEY_OPAQUE.fullmatch(mpn) or _LCSC.fullmatch(mpn))


def _mixed(text: str) -> bool:
    return any(ch.isdigit() for ch in text) and any(ch.isalpha() for ch in text)


_MONTH = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mrz|Mär|Mai|Okt|Dez|Fev|Avr|Mars|Juin|"
    r"Juil|Août)"
)
_SPOILED = re.compile(
    r"\d(?:[.,]\d+)?[Ee][+-]?\d+|\d{4}-\d\d-\d\d(?: .*)?|"
    r"\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}/\d{1,2}/\d{4}|"
    rf"\d{{1,2}}[-. ]{{1,2}}{_MONTH}(?:[-. ]+\d{{2,4}})?|{_MONTH}[-. ]+\d\d"
)
_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|NULL!|NUM!|DIV/0!|NV|WERT!|BEZUG!)|Err:\d+", re.IGNORECASE
)
_WORD_OF_TEXT = re.compile(r"[A-Za-z]?[a-z]{3,}")


@lru_cache(maxsize=65536)
def is_words(mpn: str) -> bool:
    """Whether a number is a description: FIDUCIAL, M3 Hole, Header 18, Female header 1*6p."""
    if not any(map(str.isdigit, mpn)):
        return len(mpn) > 3 and mpn.replace(" ", "").isalpha()
    return " " in mpn and any(map(_WORD_OF_TEXT.fullmatch, mpn.split(" ")))


_ALLOWED = re.compile(r"[\w\-/.+#,()=:&*%° ]{3,60}")
_VALUE = re.compile(
    r"[±<>~]?\s*\d+([.,]\d+)?\s*(?:[pnuµμmkKMGR]?(?:F|H|Hz|HZ|Ohm|ohm|OHM|OHMS|Ω|V|A|W)|[pnuµμmkKMGR]|%)?"
    r"(?:\s*[/,].*)?|\d+[kKMRrpnuµ]\d*"
)
_DESIGNATOR = re.compile(r"[A-Za-z]{1,4}\d{1,4}[A-Za-z]?(?:[\s,;]+[A-Za-z]{1,4}\d{1,4}[A-Za-z]?)*")
_PACKAGE = re.compile(r"(?:[A-Z]{1,4}_?)?(?:0201|0402|0603|0805|1206|1210|2010|2512)[A-Z]{0,2}")


@lru_cache(maxsize=65536)
def is_value(text: str) -> bool:
    """Whether a cell is the value of a part: 10k, 100nF/50V, 4R7."""
    return _VALUE.fullmatch(text) is not None and any(map(str.isalpha, text))


@lru_cache(maxsize=65536)
def looks_like_mpn(text: str) -> bool:
    """Whether a cell reads like an order code: letters and digits, few blanks, no value."""
    text = normalise(text)
    if not _ALLOWED.fullmatch(text) or text.count(" ") > 3 or not any(c.isdigit() for c in text):
        return False
    if _VALUE.fullmatch(text) or _PACKAGE.fullmatch(text) or "://" in text or "%" in text:
        return False
    longest = max(len(word) for word in text.split())
    return longest >= 5 and not (len(text) < 6 and _DESIGNATOR.fullmatch(text))


def is_cell_error(text: str) -> bool:
    """Whether a spreadsheet could not compute the cell."""
    return _ERROR.fullmatch(text.strip()) is not None


def is_spoiled(mpn: str) -> bool:
    """Whether a spreadsheet turned a code into a number or a date: 1E10 and 2-Mar."""
    return _SPOILED.fullmatch(mpn) is not None


@lru_cache(maxsize=65536)
def is_doubtful(mpn: str) -> bool:
    """Whether nothing can be ordered by a part number: 1, x16."""
    return (
        len(mpn) < 3
        or "--" in mpn
        or (len(mpn) <= 3 and mpn[0] in "xX")
        or not any(c.isalnum() for c in mpn)
    )
