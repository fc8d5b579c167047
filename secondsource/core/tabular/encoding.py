"""Encodings of text files, with or without a byte order mark."""

import codecs
import re

import charset_normalizer

from .errors import TabularError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ["cp1252", "cp1250", "cp1251", "gb18030", "big5", "cp932", "cp949", "mac_roman"]
HIGH_PAIR = re.compile(rb"[\x80-\xff]{2}")
_SAMPLE = 64 * 1024
_FEW = 12


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding."""
    if marked := mark_of(data) or utf16_without_mark(data):
        return _decoded(data, marked), marked
    if b"\0" in data[:_SAMPLE]:
        raise TabularError("not_a_table", "The file is neither a text table nor a spreadsheet.")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _legacy(data)


def mark_of(data: bytes) -> str | None:
    """The encoding of a byte order mark."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise TabularError("damaged", f"The text is not valid {name.upper()}.") from error


def utf16_without_mark(data: bytes) -> str | None:
    """The UTF-16 encoding of a text without a mark, by the zero bytes of plain letters."""
    sample = data[:4096]
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > 0.4 * half and sample[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.4 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _legacy(data: bytes) -> tuple[str, str]:
    best = guess_legacy(_dense(data), pairs=len(HIGH_PAIR.findall(data)))
    for name in (best, "cp1252"):
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"


def guess_legacy(dense: bytes, *, pairs: int) -> str:
    """The one-byte encoding; cp1252 for a few signs such as µ, ± and ©.

    ``dense`` are the lines with characters beyond ASCII, ``pairs`` the number of adjacent ones.
    """
    high = len(dense) - len(dense.translate(None, bytes(range(128, 256))))
    if high > _FEW and (pairs or high > 60):
        best = charset_normalizer.from_bytes(dense[:_SAMPLE], cp_isolation=_LEGACY).best()
        if best is not None:
            return best.encoding
    return "cp1252"


def _dense(data: bytes) -> bytes:
    """The lines with characters beyond ASCII, by which encodings differ."""
    return b"\n".join(line for line in data.splitlines() if not line.isascii())
