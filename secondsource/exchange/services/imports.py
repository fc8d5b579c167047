"""The steps of a BOM import, from the upload to its undo."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as AnyMapping
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from parts import services as catalogue
from parts.models import Product
from secondsource.accounts.models.plants import CODE_PATTERN
from secondsource.core import audit, clock, jobs
from secondsource.core.actors import Actor
from secondsource.core.attachments import safe_name
from secondsource.core.errors import (
    FieldProblem,
    PermissionRefused,
    Reason,
    RuleRefused,
    ValuesRefused,
)
from secondsource.core.models import Job
from secondsource.core.stored_files import removed_on_failure
from secondsource.core.tabular import TabularError, Workbook
from secondsource.exchange.bom import Mapping, as_remembered, guess, parse, under_known_header
from secondsource.exchange.boms import categories, removal
from secondsource.exchange.boms import plan as planning
from secondsource.exchange.company_questions import answered
from secondsource.exchange.models import Import, RememberedMapping
from secondsource.exchange.services import reader
from secondsource.exchange.services.bom_job import JOB

MAX_BYTES = 20 * 1024 * 1024
S = Import.State
#: States in which nothing was written yet: the file can be read again, confirmed, discarded.
BEFORE = (S.UPLOADED, S.PREVIEWED, S.FAILED)


def upload(
    *, file: UploadedFile, actor: Actor, product_code: str = "", product_name: str = ""
) -> Import:
    """Keep a file and read it as far as possible.

    A file that cannot be read is kept with its ``problem``, for another mapping or for the record.
    Raises ``ValuesRefused`` by ``/file`` (too large, empty) or ``/product``.
    """
    actor.require("exchange.import_bom")
    if actor.user is None:
        raise PermissionRefused("Only a person uploads a file.")
    _check_upload(file, product_code, actor)
    data = file.read()
    product = Product.objects.filter(code=product_code).first()
    imported = Import(
        name=safe_name(file.name or "file"), size=len(data), product=product,
        sha256=hashlib.sha256(data).hexdigest(), product_code=product_code,
        product_name=product_name.strip() or (product.name if product else ""),
        uploaded_by=actor.user,
    )  # fmt: skip
    imported.file.save(str(imported.public_id), ContentFile(data), save=False)
    with removed_on_failure(imported.file), transaction.atomic():
        audit.save_as(imported, actor)
        audit.record("exchange.import.uploaded", imported, actor, note=imported.name)
        return preview(imported=imported, actor=actor)


def _check_upload(file: UploadedFile, product_code: str, actor: Actor) -> None:
    problems = []
    if not file.size:
        problems.append(FieldProblem("/file", "empty", "The file is empty."))
    elif file.size > MAX_BYTES:
        problems.append(
            FieldProblem(
                "/file", "too_large", f"{file.size / 1e6:.0f} MB is above the limit of 20 MB."
            )
        )
    problems += _code_problems(product_code, actor)
    if problems:
        raise ValuesRefused(problems)


def _code_problems(code: str, actor: Actor) -> list[FieldProblem]:
    if not code:
        return []
    if len(code) > 40 or not re.fullmatch(CODE_PATTERN, code):
        return [
            FieldProblem(
                "/product", "code_form",
                "Up to 40 capital letters, digits, point, hyphen, underscore; a letter or digit"
                " first.",
            )
        ]  # fmt: skip
    known = Product.objects.filter(code=code)
    if known.exists() and not Product.objects.visible_to(actor.user).filter(code=code).exists():
        return [FieldProblem("/product", "taken", f"{code} cannot be used here. Choose another.")]
    return []


def preview(*, imported: Import, actor: Actor, mapping: Mapping | None = None) -> Import:
    """Read the file by ``mapping`` (None = remembered for this shape, else guessed).

    Keeps totals, warnings and what confirming would do; nothing is written besides.
    """
    _require_before_confirming(imported)
    workbook = None
    try:
        workbook = reader.workbook_of(imported)
        mapping = mapping or _guessed(workbook, actor)
        result = parse(workbook, mapping)
    except TabularError as error:
        return _unreadable(imported, workbook, error, actor)
    plan = planning.make(
        result, imported.product, actor.user, imported.companies, accept=actor.origin == "web"
    )
    imported.companies = plan.questions
    answer = result.as_dict()
    warnings = answer.pop("warnings") + [warning.as_dict() for warning in plan.warnings]
    imported.mapping, imported.problem = mapping.to_json(), None
    imported.totals = {name: _plain(value) for name, value in answer.items()} | {
        "would": plan.summary()
    }
    imported.warnings = sorted(warnings, key=lambda one: (one["sheet"], one["row"] or 0))
    imported.state = S.PREVIEWED
    audit.save_as(imported, actor)
    reader.keep(imported, workbook, mapping, result)
    return imported


def _unreadable(
    imported: Import, workbook: Workbook | None, error: TabularError, actor: Actor
) -> Import:
    """Keep the file with the reason, for another mapping when it holds tables at all."""
    imported.problem = {"code": error.code, "detail": str(error)}
    imported.state, imported.mapping = S.UPLOADED, {}
    imported.totals, imported.warnings = {}, []
    audit.save_as(imported, actor)
    if workbook is not None:
        reader.keep(imported, workbook, None, None)
    return imported


def _plain(value: Any) -> Any:
    """Whole numbers as integers, fractions of a unit as text."""
    if isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")


def _guessed(workbook: Workbook, actor: Actor) -> Mapping:
    """As read by itself, else under a header that the person pointed at in another file."""
    try:
        guessed = guess(workbook)
    except TabularError:
        rows = RememberedMapping.objects.filter(user=actor.user)
        found = under_known_header(workbook, set(rows.values_list("shape", flat=True)))
        if found is None:
            raise
        guessed = found
    return _as_remembered(guessed, actor)


def _as_remembered(guessed: Mapping, actor: Actor) -> Mapping:
    """As the person corrected a file of this shape last time, else as guessed."""
    row = RememberedMapping.objects.filter(user=actor.user, shape=guessed.shape).first()
    return as_remembered(guessed, Mapping.from_json(row.mapping)) if row else guessed


@transaction.atomic
def correct_mapping(
    *, imported: Import, mapping: AnyMapping[str, Any], actor: Actor, expected: int | None = None
) -> Import:
    """Read the file by a corrected mapping, and remember it for files of this shape."""
    row = _locked(imported, actor, expected)
    _require_before_confirming(row)
    try:
        corrected = Mapping.from_json(dict(mapping))
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, TabularError) as error:
        raise ValuesRefused.one(
            "/mapping", "malformed", f"The mapping is unclear: {error}."
        ) from None
    row = preview(imported=row, actor=actor, mapping=corrected)
    if row.state == S.PREVIEWED:
        RememberedMapping.objects.update_or_create(
            user=actor.user,
            shape=corrected.shape,
            defaults={"mapping": row.mapping, "updated_at": clock.now()},
        )
    return row


@transaction.atomic
def choose_header(
    *, imported: Import, sheet: int, row: int, actor: Actor, expected: int | None = None
) -> Import:
    """Read the file with the header where the person says (sheet and row count from 0)."""
    locked = _locked(imported, actor, expected)
    _require_before_confirming(locked)
    try:
        workbook = reader.workbook_of(locked)
        mapping = _as_remembered(guess(workbook, header=(sheet, row)), actor)
    except TabularError as error:
        raise ValuesRefused.one("/header", error.code, str(error)) from None
    return preview(imported=locked, actor=actor, mapping=mapping)


@transaction.atomic
def choose_companies(
    *, imported: Import, answers: AnyMapping[str, str], actor: Actor, expected: int | None = None
) -> Import:
    """Say which names of an unconfirmed file mean a company on record, and preview it so."""
    row = _locked(imported, actor, expected)
    _require_before_confirming(row)
    row.companies = answered(row.companies, answers)
    mapping = Mapping.from_json(row.mapping) if row.mapping else None
    return preview(imported=row, actor=actor, mapping=mapping)


@transaction.atomic
def name_product(
    *, imported: Import, code: str, name: str, actor: Actor, expected: int | None = None
) -> Import:
    """Say into which product an unconfirmed file goes, and preview it against that one."""
    row = _locked(imported, actor, expected)
    _require_before_confirming(row)
    if problems := _code_problems(code, actor):
        raise ValuesRefused(problems)
    row.product_code, row.product_name = code, name.strip()
    row.product = Product.objects.filter(code=code).first()
    mapping = Mapping.from_json(row.mapping) if row.mapping else None
    return preview(imported=row, actor=actor, mapping=mapping)


@transaction.atomic
def keep_choices(
    *,
    imported: Import,
    product_code: str,
    product_name: str,
    choices: AnyMapping[str, Any],
    actor: Actor,
    expected: int | None = None,
) -> Import:
    """Keep what was typed for an unconfirmed file, without reading it; judged on confirming."""
    row = _locked(imported, actor, expected)
    _require_before_confirming(row)
    if problems := _code_problems(product_code, actor):
        raise ValuesRefused(problems)
    row.product_code, row.product_name = product_code, product_name.strip()
    row.product = Product.objects.filter(code=product_code).first()
    row.choices = dict(choices)
    return audit.save_as(row, actor)


def _locked(imported: Import, actor: Actor, expected: int | None) -> Import:
    actor.require("exchange.import_bom")
    row = Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    audit.check_version(row, expected)
    return row


def _require_before_confirming(imported: Import) -> None:
    if imported.state not in BEFORE:
        raise RuleRefused(
            [Reason("wrong_state", f"This import is {imported.state}: it is not read again.")]
        )


def _require_previewed(row: Import) -> None:
    """A failed import was previewed too: it wrote nothing and can be confirmed again."""
    if row.state not in (S.PREVIEWED, S.FAILED):
        detail = f"This import is {row.state}, not previewed."
        raise RuleRefused([Reason("wrong_state", detail, "Preview it first.")])


@transaction.atomic
def confirm(
    *,
    imported: Import,
    actor: Actor,
    product_code: str = "",
    product_name: str = "",
    choices: AnyMapping[str, Any] | None = None,
    expected: int | None = None,
) -> Job:
    """Start the import of a previewed file into a product, which is made when it is new.

    ``choices``: see ``Import.choices``. A group that they do not name goes where it is guessed.
    """
    row = _locked(imported, actor, expected)
    _require_previewed(row)
    row.product_code = product_code or row.product_code
    row.product_name = product_name.strip() or row.product_name
    row.choices = dict(choices or {})
    problems = _code_problems(row.product_code, actor) + _choice_problems(row.choices)
    if not row.product_code:
        problems.append(FieldProblem("/product", "required", "Name the product of this BOM."))
    if not row.totals.get("lines"):
        problems.append(FieldProblem("/mapping", "no_lines", "By this mapping no line is read."))
    if problems:
        raise ValuesRefused(problems)
    if reasons := planning.refusals(row.warnings):
        raise RuleRefused(reasons)
    row.problem = None
    row.state = S.RUNNING
    row.job = jobs.start(
        JOB, actor=actor, payload={"import": row.pk, "origin": actor.origin},
        label=f"Import {row.name} into {row.product_code}",
    )  # fmt: skip
    audit.save_as(row, actor)
    audit.record("exchange.import.confirmed", row, actor, data={"product": row.product_code})
    return row.job


def _choice_problems(choices: AnyMapping[str, Any]) -> list[FieldProblem]:
    found = [
        FieldProblem(f"/categories/{key}", "unknown_category", detail)
        for key, detail in categories.problems(choices.get("categories", {}))
    ]
    if choices.get("phase") and choices["phase"] not in Product.Phase.values:
        found.append(FieldProblem("/phase", "invalid_choice", "Choose a phase."))
    return found


@transaction.atomic
def undo(*, imported: Import, actor: Actor, expected: int | None = None) -> Import:
    """Take an import back. Raises ``RuleRefused`` with everything that was built on it."""
    row = _locked(imported, actor, expected)
    if row.state != S.DONE:
        raise RuleRefused([Reason("wrong_state", f"This import is {row.state}, not done.")])
    removal.lock(row)
    reasons = removal.reasons_against(row)
    if reasons:
        raise RuleRefused(reasons)
    made_product = row.created.get("parts.product", [])
    removal.take_back(row, actor=actor)
    catalogue.remove_unused_categories(
        row.created.get("parts.category", []), actor, "undo of import"
    )
    row.revision, row.state = None, S.UNDONE
    removal.remove_product(row, made_product)
    audit.save_as(row, actor, "undo")
    audit.record("exchange.import.undone", row, actor)
    return row


@transaction.atomic
def discard(*, imported: Import, actor: Actor, expected: int | None = None) -> None:
    """Remove an upload that was never confirmed, with its file."""
    row = _locked(imported, actor, expected)
    _require_before_confirming(row)
    audit.record("exchange.import.discarded", row, actor, note=row.name)
    storage, name = row.file.storage, str(row.file.name)
    audit.delete_as(row, actor, "discarded")
    transaction.on_commit(lambda: storage.delete(name))
