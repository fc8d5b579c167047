"""Limits of table files."""

from dataclasses import dataclass

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one file and of the process that reads it.

    ``bytes`` as uploaded, ``unpacked_bytes`` of all entries of an archive. ``rows``, ``cells`` and
    ``text`` (characters) are totals over all sheets of a spreadsheet or of a text that is read as
    a whole; a text that is streamed may be longer, but no row has more than ``row_text``
    characters. ``columns`` bounds each row. ``memory`` (bytes) and ``seconds`` are the limits for
    the largest file; see :meth:`memory_for` and :meth:`seconds_for`. Of a PDF, the first ``pages``
    are read.
    """

    bytes: int = 20 * _MB
    unpacked_bytes: int = 200 * _MB
    columns: int = 1_000
    rows: int = 1_048_576
    cells: int = 5_000_000
    text: int = 100_000_000
    row_text: int = 2_000_000
    sheets: int = 1_000
    pages: int = 60
    memory: int = 1024 * _MB
    seconds: int = 600

    def memory_for(self, size: int) -> int:
        """Bytes of address space for reading a file of ``size`` bytes."""
        return min(self.memory, 256 * _MB + 40 * size)

    def seconds_for(self, size: int) -> int:
        """Seconds of processor time for a file of ``size`` bytes; the wait is three times that."""
        return min(self.seconds, 10 + size // _MB)


DEFAULT_LIMITS = Limits()
