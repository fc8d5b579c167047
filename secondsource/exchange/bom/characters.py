"""Characters that look alike, and characters that nobody sees."""

import re
import unicodedata
from collections.abc import Iterable

_DASHES = "‐‑‒–—―−﹘﹣－"
_BLANKS = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_BLANKS, " "),
        **dict.fromkeys(_INVISIBLE, None),
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code != 0xFF0D},
    }
)
#: Cells of a column that are shown.
_SHOWN = 3
_MOJIBAKE = re.compile(r"Ã[\x80-\xbf]|Â[\x80-\xbf]|[\x80-\x9f]|\ufffd|(?:Ù\W?){2,}")


def plain(text: str) -> str:
    """Dashes, blanks and full-width signs made ordinary, invisible characters removed."""
    if text.isascii():
        return text
    return text.translate(_PLAIN)


def one_line(text: str) -> str:
    """`plain`, on one line, with one blank between words."""
    return " ".join(plain(text).split())


def tidy(text: str) -> str:
    """`one_line` for each line of a cell; line breaks stay."""
    if "\n" not in text:
        return one_line(text)
    return "\n".join(map(one_line, text.splitlines())).strip()


def is_mojibake(text: str) -> bool:
    """Whether the text was once decoded with the wrong encoding."""
    return not text.isascii() and bool(_MOJIBAKE.search(text))


def without_accents(text: str) -> str:
    """Latin letters without their accents; other scripts untouched."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    kept = "".join(ch for ch in decomposed if not "\u0300" <= ch <= "\u036f")
    return unicodedata.normalize("NFC", kept)


def shortened(text: str, most: int = 40) -> str:
    """A text as it is shown beside others."""
    return text if len(text) <= most else text[: most - 1] + "…"


def first_cells(cells: Iterable[str]) -> list[str]:
    """The first different cells of a column that hold something."""
    found: dict[str, None] = {}
    for cell in map(one_line, cells):
        if cell:
            found.setdefault(shortened(cell))
            if len(found) == _SHOWN:
                break
    return list(found)


def sample(cells: Iterable[str]) -> str:
    """The first cells of a column in one text."""
    cells = list(cells)
    more = len({one_line(cell) for cell in cells} - {""}) > _SHOWN
    return ", ".join(first_cells(cells)) + (" …" if more else "")


def row_text(cells: Iterable[str]) -> str:
    """All that stands in a row."""
    return shortened(" | ".join(filter(None, map(one_line, cells))), 300)
