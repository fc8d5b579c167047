"""Resistance and capacitance as a text states them and as a part number encodes them.

Codes of part numbers follow IEC 60062 (three or four digits with a power of ten, letters as
decimal sign) as the data sheets of the named families apply them. Ohm and farad.
"""

import re
from collections.abc import Callable
from functools import lru_cache

RESISTANCE, CAPACITANCE = "resistance", "capacitance"

_MULTIPLIER = {"": 1.0, "R": 1.0, "K": 1e3, "M": 1e6, "m": 1e-3}
_FARAD = {"p": 1e-12, "n": 1e-9, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "m": 1e-3}


def _letter_code(code: str) -> float | None:
    """`120K`, `4K70`, `0R22`, `100R`: the letter is the decimal sign and the unit."""
    match = re.fullmatch(r"(\d*)([RKM])(\d*)", code)
    if not match or not (match[1] or match[3]):
        return None
    return float(f"{match[1] or 0}.{match[3] or 0}") * _MULTIPLIER[match[2]]


def _digit_code(code: str, below: tuple[int, ...] = ()) -> float | None:
    """`104` = 10 × 10⁴ and `2673` = 267 × 10³; a letter R is a decimal point.

    `below`: exponents for which a nine and those before it stand: -1, -2.
    """
    if code.isdigit():
        exponent = int(code[-1])
        exponent = below[9 - exponent] if 9 - exponent < len(below) else exponent
        return int(code[:-1]) * 10.0**exponent
    return _letter_code(code)


def _picofarad(code: str) -> float | None:
    value = _digit_code(code, below=(-1, -2))
    return value * 1e-12 if value is not None else None


_Decoder = Callable[[str], float | None]
_FAMILIES: tuple[tuple[str, str, _Decoder], ...] = (
    (RESISTANCE, r"(?:RC|AC|RT)\d{4}[A-Z]{2}[A-Z]?-?(?:07|10|13)(\d*[RKM]\d*)L", _letter_code),
    (RESISTANCE, r"CRCW\d{4}(\d*[RKM]\d*)[FJ].*", _letter_code),
    (RESISTANCE, r"RMC[FP]\d{4}[FJ]T(\d*[RKM]\d*)", _letter_code),
    (RESISTANCE, r"ERJ-?[23]RK?[FD]?F(\d{3}[\dR]|\d\dR\d)[XV]?", _digit_code),
    (RESISTANCE, r"ERJ-?[23](?:EK|RK)F(\d{4}|\d+R\d+)[XV]?", _digit_code),
    (RESISTANCE, r"ERJ-?[23]GEY?J(\d{3}|\dR\d)[XV]?", _digit_code),
    (RESISTANCE, r"RK73H\w{2}T\w{1,3}?(\d{4}|\d{2}R\d)F", _digit_code),
    (RESISTANCE, r"RK73B\w{2}T\w{1,3}?(\d{3}|\dR\d)J", _digit_code),
    (RESISTANCE, r"(?:MCR|TRR)\d\d[A-Z]{3,4}F(\d{4}|\d+R\d+)", _digit_code),
    (RESISTANCE, r"(?:MCR|TRR)\d\d[A-Z]{3,4}J(\d{3}|\d+R\d+)", _digit_code),
    (CAPACITANCE, r"G[A-Z]{2}\w{3}\w{2}\w{2}(\d{3}|\dR\d)[A-Z].*", _picofarad),
    (CAPACITANCE, r"CC\d{4}[A-Z]\w{2}\w{3}\d?\w?B[BN](\d{3}|\dR\d)", _picofarad),
    (CAPACITANCE, r"C\d{4}(?:X\dR|X\dS|C0G|COG|Y5V|JB)\d[A-Z](\d{3}|\dR\d)[A-Z].*", _picofarad),
    (CAPACITANCE, r"CL\d{2}[A-Z](\d{3}|\dR\d)[A-Z]\w{6}", _picofarad),
    (CAPACITANCE, r"C\d{4}C(\d{3})[A-Z]\w+", _picofarad),
    (CAPACITANCE, r"[A-Z]MK\d{3}(?:[A-Z]{2}|[A-Z]\d|[A-Z]{3})(\d{3})[A-Z].*", _picofarad),
    (CAPACITANCE, r"0[0-9]{3}[1-9ZYD][ACDGUYZ](\d{3})[A-Z]\w+", _picofarad),
)
# One pattern for all: each family has one group, so the last group tells the family.
_ANY_FAMILY = re.compile("|".join(f"(?:{pattern})" for _, pattern, _ in _FAMILIES))


@lru_cache(maxsize=16384)
def encoded(mpn: str) -> tuple[str, float] | None:
    """What a part number says by its code, for families whose code is known."""
    text = mpn.upper().replace(" ", "")
    match = _ANY_FAMILY.fullmatch(text)
    if match is None or match.lastindex is None:
        return None
    kind, _, decoder = _FAMILIES[match.lastindex - 1]
    value = decoder(match[match.lastindex])
    return None if value is None else (kind, value)


_OHMS = re.compile(
    r"(?<![\w.,/+-])(\d+(?:[.,]\d+)?)\s*(k|K|M|m)?\s*(?:(?:ohms?|OHMS?|Ohms?|Ω|Ω)|R)(?![A-Za-z0-9])"
)
_KILO = re.compile(r"(?<![\w.,/+-])(\d+(?:[.,]\d+)?)\s*([kKM])(?![A-Za-z0-9])")
_IEC_OHMS = re.compile(r"(?<![\w.,/+-])(\d+)([kKMRr])(\d+)(?![A-Za-z0-9])")
_FARADS = re.compile(r"(?<![\w.,/+-])(\d*[.,]?\d+)\s*([pnuµμ])[Ff]?(?![A-Za-z0-9])", re.IGNORECASE)
_IEC_FARADS = re.compile(r"(?<![\w.,/+-])(\d+)([pnuµμ])(\d+)(?![A-Za-z0-9])")


# `0402,22PF`: a comma behind a size or a unit stands between two things, and in no number.
_BETWEEN = re.compile(r"(\b0\d{3}|\b(?:1206|1210|1812|2010|2512)|[^\d\s]),(?=\S)")


@lru_cache(maxsize=16384)
def stated(text: str, kind: str) -> float | None:
    """The one value of this kind in a text; None when there is none or more than one."""
    text = _BETWEEN.sub(r"\1, ", text)
    found = _resistances(text) if kind == RESISTANCE else _capacitances(text)
    distinct = {float(f"{value:.6g}") for value in found}
    return distinct.pop() if len(distinct) == 1 else None


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _resistances(text: str) -> list[float]:
    found = [
        _number(number) * _MULTIPLIER[(unit or "").replace("k", "K")]
        for number, unit in _OHMS.findall(text)
    ]
    found += [_number(number) * _MULTIPLIER[unit.upper()] for number, unit in _KILO.findall(text)]
    found += [
        _number(f"{whole}.{part}") * _MULTIPLIER[unit.upper()]
        for whole, unit, part in _IEC_OHMS.findall(text)
    ]
    return found


def _capacitances(text: str) -> list[float]:
    found = [_number(number) * _FARAD[unit.lower()] for number, unit in _FARADS.findall(text)]
    return found + [
        _number(f"{whole}.{part}") * _FARAD[unit] for whole, unit, part in _IEC_FARADS.findall(text)
    ]


def differ(first: float, second: float) -> bool:
    """Whether two values are clearly not the same one: by more than 6 percent."""
    return abs(first - second) > 0.06 * max(abs(first), abs(second))


def shown(kind: str, value: float) -> str:
    """A value for people: `267 kΩ`, `100 nF`."""
    unit = "Ω" if kind == RESISTANCE else "F"
    steps = ((1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"))
    for size, prefix in steps:
        if abs(value) >= size * 0.9999999:
            return f"{value / size:.4g} {prefix}{unit}"
    return f"{value:.4g} {unit}"
