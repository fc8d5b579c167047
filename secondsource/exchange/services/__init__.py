"""Imports: upload, preview, correct, confirm, undo."""

from secondsource.exchange.services.imports import (
    BEFORE,
    MAX_BYTES,
    choose_header,
    confirm,
    correct_mapping,
    discard,
    name_product,
    preview,
    undo,
    upload,
)
from secondsource.exchange.services.reading import Reading, reading_of

__all__ = [
    "BEFORE",
    "MAX_BYTES",
    "Reading",
    "choose_header",
    "confirm",
    "correct_mapping",
    "discard",
    "name_product",
    "preview",
    "reading_of",
    "undo",
    "upload",
]
