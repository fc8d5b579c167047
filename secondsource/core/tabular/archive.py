"""Zip containers (xlsx, ods): looked at before anything is unpacked."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from .errors import TabularError
from .limits import Limits

_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    ValueError,
)
_CHUNK = 1024 * 1024
_WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml$", re.IGNORECASE)


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open a zip container after its declared sizes have passed the limits."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise TabularError("damaged", "The file is damaged: it cannot be unpacked.") from error
    if any(entry.flag_bits & 1 for entry in entries):
        raise TabularError("encrypted", "The file is protected by a password; save it without one.")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes:
        raise TabularError(
            "zip_bomb",
            f"The file would unpack to {unpacked // 1_000_000:,} MB; "
            f"at most {limits.unpacked_bytes // 1_000_000:,} MB are accepted.",
        )
    return archive


def chunks(archive: zipfile.ZipFile, name: str, limits: Limits) -> Iterator[bytes]:
    """The entry piece by piece; what it really holds is counted, not what it declares."""
    total = 0
    try:
        with archive.open(name) as stream:
            while piece := stream.read(_CHUNK):
                total += len(piece)
                if total > limits.unpacked_bytes:
                    raise TabularError("zip_bomb", "The file unpacks to more than it declares.")
                yield piece
    except TabularError:
        raise
    except _DAMAGED as error:
        raise TabularError(
            "damaged", "The file is damaged: a part of it cannot be read."
        ) from error


def check_sheet_extent(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse worksheets that a dense reader would blow up: one cell far out is enough."""
    for name in archive.namelist():
        if _WORKSHEET.match(name):
            _check_one(archive, name, limits)


def _check_one(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    widest = deepest = 0
    rest = b""
    for piece in chunks(archive, name, limits):
        text = rest + piece
        cut = text.rfind(b"<")
        head, rest = text[:cut], text[cut:]
        for column, row in _CELL.findall(head):
            widest = max(widest, column_number(column))
            deepest = max(deepest, int(row))
    if widest > limits.columns:
        raise TabularError(
            "too_many_columns",
            f"The table has {widest:,} columns; at most {limits.columns:,} can be read.",
        )
    if widest * deepest > 4 * limits.cells:
        raise TabularError(
            "too_many_cells",
            f"The sheet reaches to row {deepest:,}, column {widest:,}: too large to read.",
        )


def column_number(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
