"""Beginnings of part numbers that only one manufacturer uses."""

import re
from functools import lru_cache

from .characters import without_accents
from .manufacturers import canonical, is_manufacturer

_FAMILIES: tuple[tuple[str, str, str], ...] = (
    (r"(?:GRM|GJM|GCM|GRT|GRJ)\w{3}\w{4}\d", "Murata", "murata"),
    (r"(?:BLM\d\d|LQ[GWMP]\d\d)[A-Z]", "Murata", "murata"),
    (r"RC\d{4}[FJ][RK]-(?:07|10|13)", "Yageo", "yageo|yaego|yago|phycomp"),
    (r"CC\d{4}[A-Z]\w{2}\w{3}\d?\w?B[BN]", "Yageo", "yageo|yaego|yago|phycomp"),
    (r"CRCW\d{4}", "Vishay", "vishay|dale"),
    (r"ERJ-?[23689]", "Panasonic", "panasonic|matsushita"),
    (r"RK73[BHZ]", "KOA", "koa"),
    (r"RMC[FP]\d{4}", "Stackpole", "stackpole|sei"),
    (r"C(?:1005|1608|2012|3216|3225)(?:X\d[RS]|C0G|JB)\d", "TDK", "tdk"),
    (r"CL(?:05|10|21|31|32)[ABC]\d{3}[A-Z]", "Samsung", "samsung"),
    (r"(?:[EJLTU]MK)(?:063|105|107|212|316|325)", "Taiyo Yuden", "yuden|taiyo"),
    (r"LTST-", "Lite-On", "lite"),
    (r"STM32[A-Z]\d|M24\d{2,3}-[A-Z]", "STMicroelectronics", "st"),
    (r"MCR0[134][A-Z]{2}", "Rohm", "rohm"),
    (r"C0[2468]0[1235]C\d{3}[A-Z]\d[A-Z]{2}", "Kemet", "kemet|yageo"),
)
_ANY = re.compile("|".join(f"({pattern})" for pattern, _, _ in _FAMILIES))


def owner(mpn: str) -> str | None:
    """The manufacturer to whose family a part number belongs, if that is known."""
    match = _ANY.match(mpn.upper())
    return _FAMILIES[match.lastindex - 1][1] if match and match.lastindex else None


@lru_cache(maxsize=16384)
def contradicts(mpn: str, manufacturer: str) -> bool:
    """Whether a known manufacturer is beside a part number of another one's family."""
    match = _ANY.match(mpn.upper())
    if not match or match.lastindex is None or not is_manufacturer(manufacturer):
        return False
    words = _FAMILIES[match.lastindex - 1][2].split("|")
    folded = f"{without_accents(manufacturer).casefold()} {canonical(manufacturer)}"
    return not any(folded.startswith(word) or f" {word}" in folded for word in words)
