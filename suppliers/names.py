"""Normal forms in which names and part numbers are compared. The original is always kept."""

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


#: Normal forms of words for an unknown company.
_NOBODY = {
    "", "ANY", "BELIEBIG", "DIV", "DIVERS", "DIVERSE", "GENERIC", "KEINE", "KEINER", "MISC",
    "MISCELLANEOUS", "MULTIPLE", "N A", "NA", "NIL", "NO", "NO NAME", "NONAME", "NONE",
    "NOT ASSIGNED", "NOT APPLICABLE", "NOT AVAILABLE", "NOT DEFINED", "NOT GIVEN", "NOT KNOWN",
    "NOT NAMED", "NOT SPECIFIED", "NULL", "OTHER", "OTHERS", "SEVERAL", "T B A", "T B C",
    "T B D", "TBA", "TBC", "TBD", "TO BE ADVISED", "TO BE CONFIRMED", "TO BE DEFINED",
    "TO BE DETERMINED", "TO BE NAMED", "UNASSIGNED", "UNBEKANNT", "UNDEFINED", "UNKNOWN",
    "UNNAMED", "UNSPECIFIED", "VARIOUS", "XXX",
}  # fmt: skip
_COMPANY_WORDS = {
    "BRAND", "BRANDS", "COMPANIES", "COMPANY", "HERSTELLER", "MAKER", "MAKERS", "MANUFACTURER",
    "MANUFACTURERS", "MFG", "MFR", "NAME", "SUPPLIER", "SUPPLIERS", "VENDOR", "VENDORS",
}  # fmt: skip

#: Characters with which a part number cannot begin, including full-width ones.
_FORMULA = re.compile(r"[=@＝＠]|[-+＋－]\s*(\d+\s*[-+*/]|\w+\()")


def names_nobody(text: str) -> bool:
    """Whether a company's name is a placeholder: ``n/a``, ``-``, ``Manufacturer not named``."""
    normal = normal_name(text)
    words = [word for word in normal.split() if word not in _COMPANY_WORDS]
    return normal in _NOBODY or " ".join(words) in _NOBODY


def clean(text: str) -> str:
    """Fold compatibility forms, replace dashes, remove invisible characters and outer blanks."""
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return _INVISIBLE.sub("", folded).strip()


def looks_like_formula(text: str) -> bool:
    """Whether a cell holds a formula instead of a part number: ``=A1``, ``@SUM(A1)``, ``+1+1``."""
    return bool(_FORMULA.match(text.strip()))


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
    """A code from a name, safe in a URL: ``Texas Instruments Inc.`` → ``TEXAS-INSTRUMENTS``."""
    ascii_name = unicodedata.normalize("NFKD", normal_name(name)).encode("ascii", "ignore").decode()
    code = re.sub(r"[^A-Z0-9]+", "-", ascii_name).strip("-")
    return code[:36] or "MANUFACTURER"
