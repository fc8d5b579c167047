"""A file of bulk data comes in and is read, at once when it is small, else by job."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from secondsource.core import audit, jobs
from secondsource.core.actors import Actor
from secondsource.core.attachments import safe_name
from secondsource.core.errors import PermissionRefused, ValuesRefused
from secondsource.core.figures import unhurried
from secondsource.core.models import Job
from secondsource.core.stored_files import removed_on_failure
from secondsource.core.tabular import DEFAULT_LIMITS, TabularError, is_spreadsheet
from secondsource.exchange.bulk import column_map, rejects, staging, suggestions
from secondsource.exchange.bulk.kind import Counts, Kind
from secondsource.exchange.bulk.kinds import KINDS
from secondsource.exchange.bulk.mapping import BulkMapping, Missing
from secondsource.exchange.company_questions import answered
from secondsource.exchange.models import Import
from secondsource.exchange.services.bulk.confirmation import confirm_locked, reasons_against_writing
from secondsource.exchange.services.bulk.steps import (
    PERCENT,
    READ,
    S,
    figures_of,
    kind_of,
    locked,
    locked_for_job,
    require_before,
)

MAX_BYTES = 500 * 1024 * 1024
#: Files up to this size are read while the person waits.
AT_ONCE_BYTES = 1024 * 1024
_MOST_CORRECTIONS = 1000


def upload(
    *,
    file: UploadedFile,
    kind: str,
    actor: Actor,
    mapping: Mapping[str, Any] | None = None,
    then_confirm: bool | None = None,
) -> Import:
    """Keep a file of bulk data and read it, at once or by job.

    ``mapping``: see :func:`correct_mapping`. ``then_confirm``: import it as soon as it was read,
    the value being whether the good rows alone will do; when that is refused, the import says why.
    Raises ``ValuesRefused`` by ``/file`` (empty, too large) or ``/kind``.
    """
    if kind not in KINDS:
        raise ValuesRefused.one("/kind", "unknown", "There is no such kind of data.")
    actor.require(KINDS[kind].permission)
    if actor.user is None:
        raise PermissionRefused("Only a person uploads a file.")
    _check_size(file)
    imported = Import(
        kind=kind, name=safe_name(file.name or "file"), size=file.size or 0,
        sha256=_digest(file), uploaded_by=actor.user,
    )  # fmt: skip
    imported.file.save(str(imported.public_id), file, save=False)
    with removed_on_failure(imported.file), transaction.atomic():
        audit.save_as(imported, actor)
        audit.record("exchange.import.uploaded", imported, actor, note=imported.name)
        return _read(imported, actor, mapping=mapping, then_confirm=then_confirm)


def _check_size(file: UploadedFile) -> None:
    size = file.size or 0
    if not size:
        raise ValuesRefused.one("/file", "empty", "The file is empty.")
    if size > MAX_BYTES:
        raise _too_large(size, "the limit of 500 MB. Import it in parts")
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if size > DEFAULT_LIMITS.bytes and is_spreadsheet(head):
        raise _too_large(size, "the 20 MB of a spreadsheet. Save it as CSV, up to 500 MB")


def _too_large(size: int, than: str) -> ValuesRefused:
    return ValuesRefused.one("/file", "too_large", f"{size / 1e6:.0f} MB is above {than}.")


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
    then_confirm: bool | None = None,
) -> Import:
    """Read the file anew, at once or by job."""
    corrections = None
    if mapping is not None:
        corrections, header = _said(mapping)
    wanted = column_map.Wanted(
        allowed=[one.name for one in kind_of(imported).columns_for(actor)],
        corrections=corrections,
        header=header,
        then_confirm=then_confirm,
    )
    if imported.size <= AT_ONCE_BYTES:
        return _confirmed(_read_now(imported, actor, wanted), wanted, actor)
    imported.state, imported.problem = S.UPLOADED, None
    imported.job = jobs.start(
        READ, actor=actor, payload={"import": imported.pk, **wanted.as_json()},
        label=f"Read {imported.name}",
    )  # fmt: skip
    return audit.save_as(imported, actor)


def _confirmed(read: Import, wanted: column_map.Wanted, actor: Actor) -> Import:
    """Go on to writing when that was asked for and nothing speaks against it."""
    if wanted.then_confirm is not None and not reasons_against_writing(read, wanted.then_confirm):
        confirm_locked(read, actor, wanted.then_confirm)
    return read


@jobs.runs(READ, queue="exchange")
def run_read(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind the upload of a large file."""
    with unhurried():
        imported = locked_for_job(progress)
        wanted = column_map.Wanted.from_json(progress.payload)
        read = _read_now(imported, progress.actor, wanted, progress.report)
        _confirmed(read, wanted, progress.actor)
        return {"state": read.state, **figures_of(read)}


def _read_now(
    imported: Import,
    actor: Actor,
    wanted: column_map.Wanted,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Import:
    kind = kind_of(imported)
    rejects.forget(imported)
    imported.totals, imported.errors, imported.warnings, imported.problem = {}, [], [], None
    imported.state, imported.mapping = S.UPLOADED, {}
    try:
        with imported.file.open("rb") as file:
            stream = cast(BinaryIO, file)
            read = column_map.map_columns(kind, stream, imported, wanted, actor)
            imported.mapping, imported.totals = read.mapping.to_json(), {
                "shown": read.shown, "left_out": read.left_out,
            }  # fmt: skip
            if read.missing:
                imported.problem = _problem(read.missing)
            else:
                stage = staged(kind, read.mapping, stream, imported, actor, report)
                counts = kind.classify(stage)
                keep(imported, stage, counts, stream)
                imported.state = S.PREVIEWED
    except TabularError as error:
        imported.problem = {"code": error.code, "detail": str(error)}
    report(PERCENT, PERCENT)
    return audit.save_as(imported, actor)


def staged(
    kind: Kind, mapping: BulkMapping, stream: BinaryIO, imported: Import, actor: Actor,
    report: Callable[[int, int], None], share: int = 60,
) -> staging.Stage:  # fmt: skip
    """The file's rows, read and checked; ``share`` of the work in percent."""
    total = max(mapping.rows, 1)
    stage = staging.load(
        kind, mapping, stream, imported.name, actor,
        lambda rows: report(min(share * rows // total, share), PERCENT),
    )  # fmt: skip
    stage.companies = dict(imported.companies)
    stage.accepts = actor.origin == "web" and imported.state != S.RUNNING
    kind.find(stage)
    imported.companies = stage.companies
    kind.check(stage)
    stage.mark_bad()
    report(min(share + 15, PERCENT), PERCENT)
    return stage


def keep(imported: Import, stage: staging.Stage, counts: Counts, stream: BinaryIO) -> None:
    """What was read, for pages and answers; the rows that need a person as a file."""
    suggestions.suggest_parts(stage)
    codes = stage.fetch(
        f"SELECT code, count(*) FROM {staging.PROBLEM} GROUP BY code ORDER BY 2 DESC, 1"  # noqa: S608
    )
    sums = {name: str(value) for name, value in stage.kind.sums(stage).items() if value is not None}
    imported.totals = imported.totals | {
        "rows": stage.rows, "blank": stage.blank, "good": stage.good, "bad": stage.bad,
        "would": counts.as_json(), "sums": sums, "codes": [list(one) for one in codes],
    }  # fmt: skip
    imported.warnings = stage.notes
    imported.errors = rejects.write(stage, imported, stream)


def _problem(missing: Missing) -> dict[str, Any]:
    listed = [{"code": code, "detail": detail} for code, detail in missing.sentences()]
    return {"code": listed[0]["code"], "detail": listed[0]["detail"], "errors": listed}


@transaction.atomic
def choose_companies(
    *, imported: Import, answers: Mapping[str, str], actor: Actor, expected: int | None = None
) -> Import:
    """Say which names of an unconfirmed file mean a company on record, and read it so."""
    row = locked(imported, actor, expected)
    require_before(row)
    row.companies = answered(row.companies, answers)
    return _read(row, actor, mapping=row.mapping)


@transaction.atomic
def correct_mapping(
    *, imported: Import, mapping: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Import:
    """Read the file by corrected columns, and remember them for files of this shape.

    ``mapping`` is one as an import shows it, or ``{"columns": [{"header" or "index", "role",
    "number", "form"}]}`` with the columns to change alone.
    """
    row = locked(imported, actor, expected)
    require_before(row)
    return _read(row, actor, mapping=mapping)


def _said(mapping: Mapping[str, Any]) -> tuple[list[dict[str, Any]], tuple[int, int] | None]:
    """The columns that a person corrected, and the header where they say it stands."""
    columns = mapping.get("columns")
    if not isinstance(columns, list) or not all(isinstance(one, dict) for one in columns):
        raise ValuesRefused.one("/mapping", "malformed", "A mapping has a list of columns.")
    if len(columns) > _MOST_CORRECTIONS:
        raise ValuesRefused.one(
            "/mapping", "too_many", f"A mapping corrects at most {_MOST_CORRECTIONS:,} columns."
        )
    sheet, row = mapping.get("sheet", 0), mapping.get("header_row")
    if isinstance(sheet, int) and isinstance(row, int):
        return columns, (sheet, row)
    return columns, None


@transaction.atomic
def choose_header(
    *, imported: Import, sheet: int, row: int, actor: Actor, expected: int | None = None
) -> Import:
    """Read the file with the header where the person says (sheet and row count from 0)."""
    found = locked(imported, actor, expected)
    require_before(found)
    sheets = found.totals.get("shown", {}).get("sheets", [])
    if sheets and not (0 <= sheet < len(sheets) and 0 <= row < sheets[sheet]["rows"]):
        raise ValuesRefused.one("/header", "no_table", "There is no such row.")
    return _read(found, actor, header=(sheet, row))


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
    row = locked(imported, actor, expected)
    require_before(row)
    audit.record("exchange.import.discarded", row, actor, note=row.name)
    files = [(one.storage, str(one.name)) for one in (row.file, row.rejected) if one]
    audit.delete_as(row, actor, "discarded")
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name))
