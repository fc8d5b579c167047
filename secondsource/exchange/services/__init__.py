"""Imports: upload, preview, correct, confirm, undo."""

from secondsource.exchange.services.imports import (
    MAX_BYTES,
    confirm,
    correct_mapping,
    discard,
    preview,
    read_again,
    undo,
    upload,
)

__all__ = [
    "MAX_BYTES",
    "confirm",
    "correct_mapping",
    "discard",
    "preview",
    "read_again",
    "undo",
    "upload",
]
