"""Zip containers (xlsx, ods), checked before they are unpacked."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from .errors import TabularError
from .limits import Limits

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


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open a zip container after a check of its declared sizes.

    :func:`chunks` counts the real size of an entry. Readers that unpack by themselves are limited
    by the memory of the process only.
    """
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
    """The entry in pieces; its real size is counted."""
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


class _Defined(Exception):
    """The document has a type declaration."""


class _Begun(Exception):
    """The root element begins, so there is no type declaration."""


def defines_entities(content: bytes) -> bool:
    """Whether an XML document has a type declaration, in which entities are defined.

    The parser that reads the document decides, so spellings and encodings cannot hide it.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _raiser(_Defined)
    parser.StartElementHandler = _raiser(_Begun)
    try:
        parser.Parse(content, True)
    except _Defined:
        return True
    except (_Begun, expat.ExpatError):
        return False
    return False


def _raiser(error: type[Exception]):  # type: ignore[no-untyped-def]
    def handler(*_: object) -> None:
        raise error

    return handler


def column_number(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
