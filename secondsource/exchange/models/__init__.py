"""What exchange remembers: uploads, corrected mappings, rows that imports wrote."""

from secondsource.exchange.models.exports import Export
from secondsource.exchange.models.imports import Import, ImportedRow, RememberedMapping

__all__ = ["Export", "Import", "ImportedRow", "RememberedMapping"]
