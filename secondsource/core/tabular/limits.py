"""How much a table file may hold; larger is refused before it is unpacked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one file: bytes as uploaded, bytes unpacked, columns, cells."""

    bytes: int = 20 * 1024 * 1024
    unpacked_bytes: int = 200 * 1024 * 1024
    columns: int = 1_000
    cells: int = 5_000_000


DEFAULT_LIMITS = Limits()
