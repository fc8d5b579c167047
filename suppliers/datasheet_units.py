"""Units of datasheets in the spelling of this house: ``μA`` is ``µA``, ``kOhm`` is ``kΩ``."""

from __future__ import annotations

import re

_SPELT = (
    ("μ", "µ"),
    ("\u2126", "Ω"),
    ("º", "°"),
    ("˚", "°"),
    ("\u2044", "/"),
    ("\u2215", "/"),
)
_OHM = re.compile(r"(?i:ohms?)\b")
_WORDS = {
    "sec": "s", "msec": "ms", "usec": "µs", "nsec": "ns", "degC": "°C", "C": "", "deg C": "°C",
    "percent": "%", "Hertz": "Hz", "Volt": "V", "Volts": "V", "hours": "h", "hrs": "h",
}  # fmt: skip
_PREFIX = "[fpnµmkMGT]?"
_BASE = "(?:Hz|Pa|VA|Ah|Wh|V|A|W|Ω|F|H|s|J|S|m|g|N|B|bit|bps|SPS)"
_ONE = rf"(?:{_PREFIX}{_BASE}[²³]?|°C|K|%|ppm|ppb|dB[mcviV]?|h|min|LSB|MSPS|KB)"
_UNIT = re.compile(rf"{_ONE}(?:[/·]\(?(?:√Hz|{_ONE})\)?)?(?: ?(?:RMS|rms|P-P|p-p|PP|pp))?")


def unit_of(text: str) -> str:
    """The unit that a text is; '' if it is none that is known."""
    unit = " ".join(text.split()).strip("[]()")
    for written, meant in _SPELT:
        unit = unit.replace(written, meant)
    unit = _WORDS.get(unit, _OHM.sub("Ω", unit))
    unit = re.sub(r"\bu(?=[A-ZΩ]|s\b)", "µ", re.sub(r"\bK(?=Hz|Ω)", "k", unit))
    unit = re.sub(r"\s*([/·])\s*", r"\1", unit)
    return unit if _UNIT.fullmatch(unit) else ""
