"""A file comes in and is read, at once when it is small, else by job; corrected, or given up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from secondsource.core import audit, jobs
from secondsource.core.actors import Actor
from secondsource.core.attachments import safe_name
from secondsource.core.errors import FieldProblem, PermissionRefused, ValuesRefused
from secondsource.core.figures import unhurried
from secondsource.core.models import Job
from secondsource.core.stored_files import removed_on_failure
from secondsource.core.tabular import DEFAULT_LIMITS, TabularError, is_spreadsheet
from secondsource.exchange.bulk import rejects
from secondsource.exchange.bulk.column_map import Wanted
from secondsource.exchange.bulk.kind import Kind
from secondsource.exchange.bulk.kinds import KINDS
from secondsource.exchange.company_questions import answered
from secondsource.exchange.models import Import
from secondsource.exchange.services.confirmation import confirm_locked, refusal_to_write
from secondsource.exchange.services.steps import (
    PERCENT,
    READ,
    S,
    figures_of,
    kind_of,
    locked_before,
    locked_for_job,
)

#: The largest file of any kind.
MAX_BYTES = 500 * 1024 * 1024


def upload(
    *,
    file: UploadedFile,
    actor: Actor,
    kind: str = "bom",
    mapping: Mapping[str, Any] | None = None,
    then_confirm: bool | None = None,
    product_code: str = "",
    product_name: str = "",
) -> Import:
    """Keep a file and read it, at once or by job.

    A file that cannot be read is kept with its ``problem``, for another mapping or for the record.
    ``mapping``: see :func:`correct_mapping`. ``then_confirm``: import it as soon as it was read,
    the value being whether the good rows alone will do; when that is refused, the import says why.
    ``product_code`` and ``product_name`` are a BOM's.
    Raises ``ValuesRefused`` by ``/file`` (empty, too large), ``/kind`` or ``/product``.
    """
    if kind not in KINDS:
        raise ValuesRefused.one("/kind", "unknown", "There is no such kind of data.")
    declared = KINDS[kind]
    actor.require(declared.permission)
    if actor.user is None:
        raise PermissionRefused("Only a person uploads a file.")
    imported = Import(
        kind=kind, name=safe_name(file.name or "file"), size=file.size or 0,
        product_code=product_code, product_name=product_name.strip(), uploaded_by=actor.user,
    )  # fmt: skip
    if problems := [*_size_problems(file, declared), *declared.value_problems(imported, actor)]:
        raise ValuesRefused(problems)
    imported.sha256 = _digest(file)
    declared.start(imported)
    imported.file.save(str(imported.public_id), file, save=False)
    with removed_on_failure(imported.file), transaction.atomic():
        audit.save_as(imported, actor)
        audit.record("exchange.import.uploaded", imported, actor, note=imported.name)
        return _read(imported, actor, mapping=mapping, then_confirm=then_confirm)


def _size_problems(file: UploadedFile, kind: Kind) -> list[FieldProblem]:
    size = file.size or 0
    if not size:
        return [FieldProblem("/file", "empty", "The file is empty.")]
    if size > kind.max_megabytes * 1024 * 1024:
        advice = "" if kind.max_megabytes < 500 else " Import it in parts."
        return [_too_large(size, f"the limit of {kind.max_megabytes} MB.{advice}")]
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if size > DEFAULT_LIMITS.bytes and is_spreadsheet(head):
        return [_too_large(size, "the 20 MB of a spreadsheet. Save it as CSV, up to 500 MB.")]
    return []


def _too_large(size: int, than: str) -> FieldProblem:
    return FieldProblem("/file", "too_large", f"{size / 1e6:.0f} MB is above {than}")


def _digest(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _read(
    imported: Import,
    actor: Actor,
    *,
    mapping: Mapping[str, Any] | None = None,
    header: tuple[int, int] | None = None,
    again: bool = False,
    then_confirm: bool | None = None,
) -> Import:
    """Read the file, at once or by job; ``again``: by the mapping that it has."""
    kind = kind_of(imported)
    wanted = Wanted(
        allowed=[one.name for one in kind.columns_for(actor)],
        corrections=mapping, header=header, again=again, then_confirm=then_confirm,
    )  # fmt: skip
    kind.check_corrections(mapping)
    if imported.size <= kind.at_once_bytes:
        return _confirmed(_read_now(imported, actor, wanted), wanted, actor)
    imported.state, imported.problem = S.UPLOADED, None
    imported.job = jobs.start(
        READ, actor=actor, payload={"import": imported.pk, **wanted.as_json()},
        label=f"Read {imported.name}",
    )  # fmt: skip
    return audit.save_as(imported, actor)


def _confirmed(read: Import, wanted: Wanted, actor: Actor) -> Import:
    """Go on to writing when that was asked for and nothing speaks against it."""
    if wanted.then_confirm is None or refusal_to_write(read, wanted.then_confirm, actor):
        return read
    confirm_locked(read, actor, wanted.then_confirm)
    return read


@jobs.runs(READ, queue="exchange")
def run_read(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind the upload of a large file."""
    with unhurried():
        imported = locked_for_job(progress)
        wanted = Wanted.from_json(progress.payload)
        read = _read_now(imported, progress.actor, wanted, progress.report)
        _confirmed(read, wanted, progress.actor)
        return {"state": read.state, **figures_of(read)}


def _read_now(
    imported: Import,
    actor: Actor,
    wanted: Wanted,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Import:
    rejects.forget(imported)
    imported.totals, imported.errors, imported.warnings, imported.problem = {}, [], [], None
    imported.state = S.UPLOADED
    try:
        kind_of(imported).read(imported, actor, wanted, report)
    except TabularError as error:
        if wanted.header is not None and wanted.corrections is None:
            raise ValuesRefused.one("/header", error.code, str(error)) from None
        imported.problem = {"code": error.code, "detail": str(error)}
    report(PERCENT, PERCENT)
    return audit.save_as(imported, actor)


@transaction.atomic
def correct_mapping(
    *, imported: Import, mapping: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Import:
    """Read the file by a corrected mapping, and remember it for files of this shape.

    ``mapping`` is one as an import shows it, or the columns to change alone:
    ``{"columns": [{"header" or "index", "role", "number", "form", "unit", "at"}]}``; of a BOM see
    ``exchange.bom.corrections``, also under another ``sheet`` and ``header_row`` (from 0).
    """
    return _read(locked_before(imported, actor, expected), actor, mapping=mapping)


@transaction.atomic
def choose_header(
    *, imported: Import, sheet: int, row: int, actor: Actor, expected: int | None = None
) -> Import:
    """Read the file with the header where the person says (sheet and row count from 0)."""
    found = locked_before(imported, actor, expected)
    sheets = found.totals.get("shown", {}).get("sheets", [])
    if sheets and not (0 <= sheet < len(sheets) and 0 <= row < sheets[sheet]["rows"]):
        raise ValuesRefused.one("/header", "no_table", "There is no such row.")
    return _read(found, actor, header=(sheet, row))


@transaction.atomic
def choose_companies(
    *, imported: Import, answers: Mapping[str, str], actor: Actor, expected: int | None = None
) -> Import:
    """Say which names of an unconfirmed file mean a company on record, and read it so."""
    row = locked_before(imported, actor, expected)
    row.companies = answered(row.companies, answers)
    return _read(row, actor, again=True)


@transaction.atomic
def keep_choices(
    *,
    imported: Import,
    product_code: str,
    product_name: str,
    actor: Actor,
    choices: Mapping[str, Any] | None = None,
    read: bool = False,
    expected: int | None = None,
) -> Import:
    """Keep into which product an unconfirmed BOM goes and what else was typed for it.

    ``read``: preview it against that product; else it is judged on confirming.
    """
    row = locked_before(imported, actor, expected)
    row.product_code, row.product_name = product_code, product_name.strip()
    kind = kind_of(row)
    if problems := kind.value_problems(row, actor):
        raise ValuesRefused(problems)
    kind.start(row)
    if choices is not None:
        row.choices = dict(choices)
    return _read(row, actor, again=True) if read else audit.save_as(row, actor)


@jobs.when_not_done(READ)
def note_unread(job: Job) -> None:
    """A file that was not read to its end says so; it can be read again."""
    imported = Import.objects.filter(pk=job.payload["import"], job=job).first()
    if imported is not None:
        stopped = job.state == Job.State.CANCELLED
        detail = "Reading was stopped." if stopped else "The file could not be read to its end."
        refused = (job.problem or {}).get("errors")
        imported.problem = {"code": "not_read", "detail": detail}
        if refused and not stopped:
            imported.problem = {**refused[0], "errors": refused}
        audit.save_as(imported, Actor.named_job(READ), "not read")


@transaction.atomic
def discard(*, imported: Import, actor: Actor, expected: int | None = None) -> None:
    """Remove an upload that was never confirmed, with its files."""
    row = locked_before(imported, actor, expected)
    audit.record("exchange.import.discarded", row, actor, note=row.name)
    files = [(one.storage, str(one.name)) for one in (row.file, row.rejected) if one]
    audit.delete_as(row, actor, "discarded")
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name))
