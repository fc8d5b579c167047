"""Imports: upload, preview, correct, confirm, undo; what a kind does of it, it declares."""

from secondsource.exchange.boms.kind import Bom
from secondsource.exchange.boms.reading import result_of
from secondsource.exchange.bulk.kinds import KINDS, offered_to
from secondsource.exchange.models import Import
from secondsource.exchange.services import exports
from secondsource.exchange.services.confirmation import confirm, refusal_of
from secondsource.exchange.services.intake import (
    MAX_BYTES,
    choose_companies,
    choose_header,
    correct_mapping,
    discard,
    keep_choices,
    upload,
)
from secondsource.exchange.services.removal import reasons_against_undo, undo
from secondsource.exchange.services.steps import BEFORE, UNDO, is_being_read, kind_of
from secondsource.exchange.services.visible_parts import (
    left_out,
    may_see_cells,
    rejected_rows,
    shown_of,
)
from secondsource.exchange.services.write_job import run_import

__all__ = [
    "BEFORE",
    "KINDS",
    "MAX_BYTES",
    "UNDO",
    "choose_companies",
    "choose_header",
    "confirm",
    "correct_mapping",
    "discard",
    "exports",
    "is_being_read",
    "is_bom",
    "keep_choices",
    "kind_of",
    "left_out",
    "may_see_cells",
    "offered_to",
    "reasons_against_undo",
    "refusal_of",
    "rejected_rows",
    "result_of",
    "run_import",
    "shown_of",
    "undo",
    "upload",
]


def is_bom(imported: Import) -> bool:
    """Whether the file is a bill of material."""
    return bool(imported.kind == Bom.name)
