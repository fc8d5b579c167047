"""The steps of an import of bulk data, from the upload to its undo.

A small file is read in the request, a large one by job; either way the import holds, once read,
what confirming would do and the first rows that need a person. Confirming is always a job: the
file is read and checked again against the data as they are then, and written in one transaction.
"""

from secondsource.exchange.bulk.kinds import KINDS, offered_to
from secondsource.exchange.services.bulk.confirmation import confirm, refusal_of
from secondsource.exchange.services.bulk.intake import (
    AT_ONCE_BYTES,
    MAX_BYTES,
    choose_companies,
    choose_header,
    correct_mapping,
    discard,
    upload,
)
from secondsource.exchange.services.bulk.removal import reasons_against_undo, undo
from secondsource.exchange.services.bulk.steps import UNDO, is_being_read, kind_of
from secondsource.exchange.services.bulk.visible_parts import left_out, may_see_cells, rejected_rows
from secondsource.exchange.services.bulk.write_job import run_import

__all__ = [
    "AT_ONCE_BYTES",
    "KINDS",
    "MAX_BYTES",
    "UNDO",
    "choose_companies",
    "choose_header",
    "confirm",
    "correct_mapping",
    "discard",
    "is_being_read",
    "kind_of",
    "left_out",
    "may_see_cells",
    "offered_to",
    "reasons_against_undo",
    "refusal_of",
    "rejected_rows",
    "run_import",
    "undo",
    "upload",
]
