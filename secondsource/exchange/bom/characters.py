"""Characters that look alike, and characters that nobody sees."""

import re
import unicodedata

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
