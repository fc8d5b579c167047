"""How two spellings of a maker's name or part number are compared; the original is always kept."""

from __future__ import annotations

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－⁃"), "-")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_LEGAL_FORMS = {
    "AB", "AG", "BV", "CO", "COMPANY", "CORP", "CORPORATION", "GMBH", "INC", "INCORPORATED",
    "INTL", "KG", "KK", "LLC", "LTD", "LIMITED", "NV", "OY", "PLC", "PTE", "SA", "SAS", "SE", "SPA",
    "SRL",
}  # fmt: skip


def clean(text: str) -> str:
    """Compatibility forms folded, dashes made hyphens, invisible characters and blanks gone."""
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return _INVISIBLE.sub("", folded).strip()


def normal_mpn(text: str) -> str:
    """The form in which part numbers are compared: :func:`clean`, no blanks, upper case."""
    return "".join(clean(text).split()).upper()


def normal_name(text: str) -> str:
    """The form in which company names are compared: letters and digits, no legal form."""
    spaced = re.sub(r"[^\w]+", " ", clean(text).replace(".", "")).upper()
    words = spaced.replace("_", " ").split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def code_from(name: str) -> str:
    """A code made of a name, safe in a URL: ``Texas Instruments Inc.`` → ``TEXAS-INSTRUMENTS``."""
    ascii_name = unicodedata.normalize("NFKD", normal_name(name)).encode("ascii", "ignore").decode()
    code = re.sub(r"[^A-Z0-9]+", "-", ascii_name).strip("-")
    return code[:36] or "MAKER"
