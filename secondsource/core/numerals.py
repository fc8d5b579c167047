"""Parsing of numbers in usual forms: 1,234.56 and 1.234,56.

``read`` is for cells, whose column determines the form; ``typed`` is for single fields and refuses
ambiguous numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Literal

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]+")
_SIGN = re.compile(
    r"^(?:[A-Z]{3}|US\$|[€$£¥])|(?:[A-Z]{3}|[€$£¥]|pcs\.?|pieces|st(?:k|ck)?\.?|ea)$", re.I
)
_POINT = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}|\d+)?(?:\.\d*)?")
_COMMA = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)?(?:,\d*)?")
_PLAIN = re.compile(r"-?\d{1,12}(?:\.\d{1,4})?")
_EXPONENT = re.compile(r"([+-]?[\d.,]+)E([+-]?\d{1,2})", re.I)

#: Patterns of numbers that are unambiguous.
_IS_POINT = re.compile(
    r"\d,\d{3}(?:,\d{3})+(?:\.|$)|,\d{3}\.\d|(?:^|\D)(?:0\d*)?\.\d+$|\.\d{1,2}$|\.\d{4,}$"
)
_IS_COMMA = re.compile(
    r"\d\.\d{3}(?:\.\d{3})+(?:,|$)|\.\d{3},\d|(?:^|\D)(?:0\d*)?,\d+$|,\d{1,2}$|,\d{4,}$"
)
_UNCLEAR = re.compile(r"^\D*\d{1,3}[.,]\d{3}\D*$")
_MORE = re.compile(r"\d{4,}[.,]\d{3}$")


_BLANK = r"[ \u00a0\u2007\u2009\u202f'’]"
_BY_BLANKS = re.compile(rf"([+-]?\d{{1,3}}(?:{_BLANK}\d{{3}})+)([.,]\d*)?")
_TYPED_POINT = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d*)(?:\.\d*)?")
_TYPED_COMMA = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d*)(?:,\d*)?")

#: ``pieces`` have no decimals, a ``quantity`` in metres or kilograms can have, and every other
#: ``number`` has a decimal point.
Kind = Literal["pieces", "quantity", "number"]


class UnreadableNumber(ValueError):
    """A text that is not a number of this form."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def typed(text: str, kind: Kind = "number") -> str:
    """The number typed into a field, with a decimal point and without grouping.

    ``1,000`` pieces are a thousand. Ambiguous numbers are refused with both readings, others with
    the corrected number. A text that is not a number is returned unchanged. Raises
    :class:`UnreadableNumber`.
    """
    bare = text.strip().replace("−", "-")
    if grouped := _BY_BLANKS.fullmatch(bare):
        bare = re.sub(_BLANK, "", grouped[1]) + (grouped[2] or "")
    if not any(map(str.isdigit, bare)):
        return text
    point = _as_point(bare, _TYPED_POINT, ",", ".")
    comma = _as_point(bare, _TYPED_COMMA, ".", ",")
    if kind == "pieces":
        return _pieces(bare, point, comma) or text
    if point and comma and Decimal(point) != Decimal(comma):
        if kind == "number" and "," not in bare:
            return point
        first, second = _short(point), _short(comma)
        raise UnreadableNumber(
            "two_readings", f"{bare} can mean {first} or {second}. Write {first} or {second}."
        )
    if not point and comma:
        raise UnreadableNumber("comma", f"Use a point: {comma}")
    return point or text


def _as_point(bare: str, pattern: re.Pattern[str], group: str, sign: str) -> str:
    return bare.replace(group, "").replace(sign, ".") if pattern.fullmatch(bare) else ""


def _pieces(bare: str, point: str, comma: str) -> str:
    """The number of pieces, which has no decimals."""
    readings = [one for one in (point, comma) if one]
    without = next((one for one in readings if "." not in one), "")
    if without or not readings:
        return without
    if len(readings) > 1 or comma or Decimal(point) != Decimal(point).to_integral():
        raise UnreadableNumber(
            "not_whole", f"{bare} is not a whole number. Write it without decimals."
        )
    return point


def _short(number: str) -> str:
    return f"{Decimal(number).normalize():f}"


def read(text: str, form: str, digits: int, places: int) -> str:
    """The number with a decimal point, without grouping.

    ``form`` is the decimal sign of the column; with any other value the cell determines it. Raises
    :class:`UnreadableNumber`.
    """
    if form == "." and _PLAIN.fullmatch(text):
        found = text
    elif places == 0 and (thousands := _thousands(text)):
        found = thousands
    else:
        found = _unsigned(text, form if form in (".", ",") else _own_form(text))
    whole, _, rest = found.lstrip("-").partition(".")
    rest = rest.rstrip("0")
    if len(rest) > places:
        what = "a whole number" if places == 0 else f"at most {places} decimals"
        raise UnreadableNumber("too_precise", f"Give {what}.")
    if len(whole.lstrip("0")) > digits - places:
        raise UnreadableNumber(
            "too_large", f"At most {digits - places} digits before the decimals."
        )
    return f"{'-' if found[0] == '-' else ''}{whole}{'.' if rest else ''}{rest}"


def _thousands(text: str) -> str:
    """The number for ``1,234`` in a column of whole numbers, '' for other texts."""
    bare = _SPACES.sub("", text)
    found = bool(_UNCLEAR.match(bare)) and not bare.lstrip("+-").startswith("0")
    return re.sub(r"[^\d-]", "", bare) if found else ""


def _own_form(text: str) -> str:
    found = form_of([text])
    if found == "?":
        raise UnreadableNumber("unclear_number", "Thousands or a decimal? Choose for the column.")
    return found or "."


def _unsigned(text: str, form: str) -> str:
    bare = _SPACES.sub("", text)
    negative = bare[:1] == "(" and bare[-1:] == ")"
    bare = bare.strip("()") if negative else bare
    if bare.endswith("-") and len(bare) > 1:
        negative, bare = True, bare[:-1]
    bare = _SIGN.sub("", bare.replace("−", "-"))
    if exponent := _EXPONENT.fullmatch(bare):
        bare = _shifted(exponent[1], int(exponent[2]), form, text)
        form = "."
    pattern, group, sign = (_POINT, ",", ".") if form == "." else (_COMMA, ".", ",")
    if not pattern.fullmatch(bare) or not any(map(str.isdigit, bare)):
        raise UnreadableNumber("no_number", _advice(text, bare, form))
    plain = bare.replace(group, "").replace(sign, ".").lstrip("+").rstrip(".")
    sign_first = "-" if negative != plain.startswith("-") else ""
    plain = plain.lstrip("-")
    return f"{sign_first}{'0' if plain[0] == '.' else ''}{plain}"


def _shifted(mantissa: str, exponent: int, form: str, text: str) -> str:
    """``1.2E+05`` without its exponent."""
    try:
        return format(Decimal(mantissa.replace(form, ".")).scaleb(exponent), "f")
    except InvalidOperation:
        raise UnreadableNumber("no_number", f"“{text.strip()[:40]}” is not a number.") from None


def _advice(text: str, bare: str, form: str) -> str:
    other, pattern = (",", _COMMA) if form == "." else (".", _POINT)
    if bare and pattern.fullmatch(bare) and any(map(str.isdigit, bare)):
        said = "a point" if form == "." else "a comma"
        grouping = "." if form == "." else ","
        better = bare.replace("." if other == "," else ",", "").replace(other, grouping)
        return f"Use {said}: {better}. This column is read with {said} before the decimals."
    return f"“{text.strip()[:40]}” is not a number."


def form_of(samples: Iterable[str]) -> str:
    """The decimal sign of a column's cells: ``.``, ``,``, '' when it makes no difference, ``?``.

    ``1,234`` alone is ambiguous.
    """
    point = comma = unclear = 0
    for text in samples:
        bare = _SPACES.sub("", text)
        if "." not in bare and "," not in bare:
            continue
        if _IS_POINT.search(bare) or (_MORE.search(bare) and "." in bare):
            point += 1
        elif _IS_COMMA.search(bare) or (_MORE.search(bare) and "," in bare):
            comma += 1
        elif _UNCLEAR.match(bare):
            unclear += 1
    if point or comma:
        return "." if point >= comma else ","
    return "?" if unclear else ""
