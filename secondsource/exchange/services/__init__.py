"""Imports: upload, preview, correct, confirm, undo; a BOM's or bulk data's, as the kind says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from secondsource.core.actors import Actor
from secondsource.core.models import Job
from secondsource.exchange.models import Import
from secondsource.exchange.services import bulk, exports, imports
from secondsource.exchange.services.imports import (
    BEFORE,
    MAX_BYTES,
    keep_choices,
    name_product,
    preview,
    upload,
)
from secondsource.exchange.services.reader import Reading, reading_of

__all__ = [
    "BEFORE",
    "MAX_BYTES",
    "Reading",
    "bulk",
    "choose_companies",
    "choose_header",
    "confirm",
    "correct_mapping",
    "discard",
    "exports",
    "is_bom",
    "keep_choices",
    "name_product",
    "permission_of",
    "preview",
    "reading_of",
    "undo",
    "upload",
]


def is_bom(imported: Import) -> bool:
    """Whether the file is a bill of material."""
    return bool(imported.kind == Import.Kind.BOM)


def permission_of(kind: str) -> str:
    """The permission that importing this kind needs. Raises ``KeyError``."""
    return "exchange.import_bom" if kind == Import.Kind.BOM else bulk.KINDS[kind].permission


def correct_mapping(
    *, imported: Import, mapping: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Import:
    """Read the file by a corrected mapping, and remember it for files of this shape."""
    door = imports if is_bom(imported) else bulk
    return door.correct_mapping(imported=imported, mapping=mapping, actor=actor, expected=expected)


def choose_header(
    *, imported: Import, sheet: int, row: int, actor: Actor, expected: int | None = None
) -> Import:
    """Read the file with the header where the person says (sheet and row count from 0)."""
    door = imports if is_bom(imported) else bulk
    return door.choose_header(
        imported=imported, sheet=sheet, row=row, actor=actor, expected=expected
    )


def choose_companies(
    *, imported: Import, answers: Mapping[str, str], actor: Actor, expected: int | None = None
) -> Import:
    """Say which names of an unconfirmed file mean a company on record."""
    door = imports if is_bom(imported) else bulk
    return door.choose_companies(imported=imported, answers=answers, actor=actor, expected=expected)


def confirm(
    *,
    imported: Import,
    actor: Actor,
    expected: int | None = None,
    partial: bool = False,
    product_code: str = "",
    product_name: str = "",
    choices: Mapping[str, Any] | None = None,
) -> Job:
    """Start writing. ``partial`` is bulk data's (the good rows alone), all else a BOM's."""
    if is_bom(imported):
        return imports.confirm(
            imported=imported, actor=actor, product_code=product_code,
            product_name=product_name, choices=choices, expected=expected,
        )  # fmt: skip
    return bulk.confirm(imported=imported, actor=actor, partial=partial, expected=expected)


def undo(*, imported: Import, actor: Actor, expected: int | None = None) -> Import:
    """Take an import back. Raises ``RuleRefused`` with everything that was built on it."""
    door = imports if is_bom(imported) else bulk
    return door.undo(imported=imported, actor=actor, expected=expected)


def discard(*, imported: Import, actor: Actor, expected: int | None = None) -> None:
    """Remove an upload that was never confirmed, with its file."""
    door = imports if is_bom(imported) else bulk
    door.discard(imported=imported, actor=actor, expected=expected)
