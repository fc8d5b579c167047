"""The steps of an import of bulk data, from the upload to its undo.

A small file is read in the request, a large one by job; either way the import holds, once read,
what confirming would do and the first rows that need a person. Confirming is always a job: the
file is read and checked again against the data as they are then, and written in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial as later
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from secondsource.core import audit, clock, jobs
from secondsource.core.actors import Actor
from secondsource.core.attachments import safe_name
from secondsource.core.errors import PermissionRefused, Reason, RuleRefused, ValuesRefused
from secondsource.core.figures import unhurried
from secondsource.core.models import Job
from secondsource.core.tabular import DEFAULT_LIMITS, TabularError, is_spreadsheet
from secondsource.exchange.bulk import reading, rejects, staging
from secondsource.exchange.bulk.kind import Counts, Kind
from secondsource.exchange.bulk.kinds import KINDS
from secondsource.exchange.bulk.mapping import BulkMapping, Missing
from secondsource.exchange.models import Import

MAX_BYTES = 500 * 1024 * 1024
#: Files up to this size are read while the person waits.
AT_ONCE_BYTES = 1024 * 1024
#: Imports up to so many rows are taken back while the person waits.
AT_ONCE_ROWS = 5_000
READ, WRITE, UNDO = "exchange.read_bulk", "exchange.import_bulk", "exchange.undo_bulk"
PERCENT = 100
S = Import.State
BEFORE = (S.UPLOADED, S.PREVIEWED, S.FAILED)


def kind_of(imported: Import) -> Kind:
    """The declaration of an import's kind."""
    return KINDS[imported.kind]


def upload(
    *,
    file: UploadedFile,
    kind: str,
    actor: Actor,
    corrections: Sequence[Mapping[str, Any]] | None = None,
) -> Import:
    """Keep a file of bulk data and read it, at once or by job.

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
    with transaction.atomic():
        audit.save_as(imported, actor)
        audit.record("exchange.import.uploaded", imported, actor, note=imported.name)
        return _read(imported, actor, corrections=corrections)


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


# --- reading ------------------------------------------------------------------------------------


def _read(
    imported: Import,
    actor: Actor,
    *,
    corrections: Sequence[Mapping[str, Any]] | None = None,
    header: tuple[int, int] | None = None,
) -> Import:
    """Read the file anew, at once or by job."""
    wanted = reading.Wanted(
        allowed=[one.name for one in kind_of(imported).columns_for(actor)],
        corrections=corrections,
        header=header,
    )
    if imported.size <= AT_ONCE_BYTES:
        return _read_now(imported, actor, wanted)
    imported.state, imported.problem = S.UPLOADED, None
    imported.job = jobs.start(
        READ, actor=actor, payload={"import": imported.pk, **wanted.as_json()},
        label=f"Read {imported.name}",
    )  # fmt: skip
    return audit.save_as(imported, actor)


@jobs.runs(READ)
def run_read(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind the upload of a large file."""
    with unhurried():
        imported = _locked_for_job(progress)
        wanted = reading.Wanted.from_json(progress.payload)
        read = _read_now(imported, progress.actor, wanted, progress.report)
        return {"state": read.state, **_figures(read)}


def _read_now(
    imported: Import,
    actor: Actor,
    wanted: reading.Wanted,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Import:
    kind = kind_of(imported)
    rejects.forget(imported)
    imported.totals, imported.errors, imported.problem = {}, [], None
    imported.state, imported.mapping = S.UPLOADED, {}
    try:
        with imported.file.open("rb") as file:
            stream = cast(BinaryIO, file)
            read = reading.map_columns(kind, stream, imported, wanted, actor)
            imported.mapping, imported.totals = read.mapping.to_json(), {"shown": read.shown}
            if read.missing:
                imported.problem = _problem(read.missing)
            else:
                stage = _staged(kind, read.mapping, stream, imported, actor, report)
                counts = kind.classify(stage)
                _keep(imported, stage, counts, stream)
                imported.state = S.PREVIEWED
    except TabularError as error:
        imported.problem = {"code": error.code, "detail": str(error)}
    report(PERCENT, PERCENT)
    return audit.save_as(imported, actor)


def _staged(
    kind: Kind, mapping: BulkMapping, stream: BinaryIO, imported: Import, actor: Actor,
    report: Callable[[int, int], None], share: int = 60,
) -> staging.Stage:  # fmt: skip
    """The file's rows, read and checked; ``share`` of the work in percent."""
    total = max(mapping.rows, 1)
    stage = staging.load(
        kind, mapping, stream, imported.name, actor,
        lambda rows: report(min(share * rows // total, share), PERCENT),
    )  # fmt: skip
    kind.find(stage)
    kind.check(stage)
    stage.mark_bad()
    report(min(share + 15, PERCENT), PERCENT)
    return stage


def _keep(imported: Import, stage: staging.Stage, counts: Counts, stream: BinaryIO) -> None:
    """What was read, for pages and answers; the rows that need a person as a file."""
    codes = stage.fetch(
        f"SELECT code, count(*) FROM {staging.PROBLEM} GROUP BY code ORDER BY 2 DESC, 1"  # noqa: S608
    )
    sums = {name: str(value) for name, value in stage.kind.sums(stage).items() if value is not None}
    imported.totals = imported.totals | {
        "rows": stage.rows, "blank": stage.blank, "good": stage.good, "bad": stage.bad,
        "would": counts.as_json(), "sums": sums, "codes": [list(one) for one in codes],
    }  # fmt: skip
    imported.errors = rejects.write(stage, imported, stream)


def _problem(missing: Missing) -> dict[str, Any]:
    listed = [{"code": code, "detail": detail} for code, detail in missing.sentences()]
    return {"code": listed[0]["code"], "detail": listed[0]["detail"], "errors": listed}


@transaction.atomic
def correct_mapping(
    *, imported: Import, mapping: Mapping[str, Any], actor: Actor, expected: int | None = None
) -> Import:
    """Read the file by corrected columns, and remember them for files of this shape.

    ``mapping`` is one as an import shows it, or ``{"columns": [{"header" or "index", "role",
    "number", "form"}]}`` with the columns to change alone.
    """
    row = _locked(imported, actor, expected)
    _require_before(row)
    columns = mapping.get("columns")
    if not isinstance(columns, list) or not all(isinstance(one, dict) for one in columns):
        raise ValuesRefused.one("/mapping", "malformed", "A mapping has a list of columns.")
    header = None
    if isinstance(mapping.get("header_row"), int) and isinstance(mapping.get("sheet", 0), int):
        header = (mapping.get("sheet", 0), mapping["header_row"])
    return _read(row, actor, corrections=columns, header=header)


@transaction.atomic
def choose_header(
    *, imported: Import, sheet: int, row: int, actor: Actor, expected: int | None = None
) -> Import:
    """Read the file with the header where the person says (sheet and row count from 0)."""
    locked = _locked(imported, actor, expected)
    _require_before(locked)
    sheets = locked.totals.get("shown", {}).get("sheets", [])
    if sheets and not (0 <= sheet < len(sheets) and 0 <= row < sheets[sheet]["rows"]):
        raise ValuesRefused.one("/header", "no_table", "There is no such row.")
    return _read(locked, actor, header=(sheet, row))


# --- writing ------------------------------------------------------------------------------------


@transaction.atomic
def confirm(
    *, imported: Import, actor: Actor, partial: bool = False, expected: int | None = None
) -> Job:
    """Start writing a file that was read. ``partial``: the good rows, though others need a person.

    Raises ``RuleRefused`` with every reason against it.
    """
    row = _locked(imported, actor, expected)
    reasons = _reasons_against_writing(row, partial)
    if reasons:
        raise RuleRefused(reasons)
    row.problem, row.partial, row.state = None, partial, S.RUNNING
    row.job = jobs.start(
        WRITE, actor=actor, payload={"import": row.pk, "origin": actor.origin},
        label=f"Import {row.name}",
    )  # fmt: skip
    audit.save_as(row, actor)
    audit.record(
        "exchange.import.confirmed", row, actor, data={"kind": row.kind, "partial": partial}
    )
    return row.job


def _reasons_against_writing(row: Import, partial: bool) -> list[Reason]:
    if row.state not in (S.PREVIEWED, S.FAILED) or "would" not in row.totals:
        detail = f"This import is {row.state}, not previewed."
        return [Reason("wrong_state", detail, "Preview it first.")]
    bad, would = row.totals["bad"], row.totals["would"]
    found = []
    if bad and not partial:
        found.append(_needs_you(row))
    if not would["created"] and not would["updated"]:
        found.append(Reason("nothing_to_do", "By this file nothing would change."))
    return found


def _needs_you(row: Import) -> Reason:
    bad, good = row.totals["bad"], row.totals["good"]
    rows = "1 row needs you" if bad == 1 else f"{bad:,} rows need you"
    fix = (
        f"Correct the file, or import the {good:,} good rows alone."
        if good
        else "Correct the file."
    )
    return Reason("rows_refused", f"{rows}: nothing is written.", fix)


@jobs.runs(WRITE)
def run_import(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind :func:`confirm`: everything in one transaction."""
    with unhurried():
        imported = _locked_for_job(progress)
        kind, actor = kind_of(imported), progress.actor
        actor.require(kind.permission)
        _one_at_a_time(kind)
        mapping = BulkMapping.from_json(imported.mapping)
        with imported.file.open("rb") as file:
            stream = cast(BinaryIO, file)
            stage = _staged(kind, mapping, stream, imported, actor, progress.report, share=50)
            if stage.bad and not imported.partial:
                _keep(imported, stage, kind.classify(stage), stream)
                raise RuleRefused([_needs_you(imported)])
            counts = kind.write(stage, imported)
            progress.report(90, PERCENT)
            _keep(imported, stage, counts, stream)
        return _finish(imported, counts, actor, progress)


def _one_at_a_time(kind: Kind) -> None:
    """Two imports of a kind at once would make the same rows twice; the second one waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"{WRITE} {kind.name}",))


def _finish(
    imported: Import, counts: Counts, actor: Actor, progress: jobs.Progress
) -> dict[str, Any]:
    imported.result = {**_figures(imported), **counts.as_json(), "partial": imported.partial}
    imported.state, imported.done_at = S.DONE, clock.now()
    audit.save_as(imported, actor)
    audit.record("exchange.import.done", imported, actor, data=imported.result)
    progress.report(PERCENT, PERCENT)
    return imported.result


def _figures(imported: Import) -> dict[str, Any]:
    totals = imported.totals
    return {"rows": totals.get("rows", 0), "rejected": totals.get("bad", 0)}


@jobs.when_not_done(WRITE)
def note_failure(job: Job) -> None:
    """A stopped import can be confirmed again; a failed one says why."""
    stopped = job.state == Job.State.CANCELLED
    imported = Import.objects.filter(pk=job.payload["import"], state=S.RUNNING).first()
    if imported is not None:
        imported.state = S.PREVIEWED if stopped else S.FAILED
        imported.problem = None if stopped else job.problem
        audit.save_as(imported, Actor.named_job(WRITE), "stopped" if stopped else "failed")


@jobs.when_not_done(READ)
def note_unread(job: Job) -> None:
    """A file that was not read to its end says so; it can be read again."""
    imported = Import.objects.filter(pk=job.payload["import"], job=job).first()
    if imported is not None:
        stopped = job.state == Job.State.CANCELLED
        detail = "Reading was stopped." if stopped else "The file could not be read to its end."
        imported.problem = {"code": "not_read", "detail": detail}
        audit.save_as(imported, Actor.named_job(READ), "not read")


# --- undo ---------------------------------------------------------------------------------------


def reasons_against_undo(imported: Import) -> list[Reason]:
    """Everything that was built on the import's rows."""
    return kind_of(imported).reasons_against_undo(imported)


@transaction.atomic
def undo(*, imported: Import, actor: Actor, expected: int | None = None) -> Import:
    """Take an import back: at once, or by job when it is large (then its state is ``running``).

    Raises ``RuleRefused`` with everything that was built on it.
    """
    row = _locked(imported, actor, expected)
    if row.state != S.DONE:
        raise RuleRefused([Reason("wrong_state", f"This import is {row.state}, not done.")])
    if row.result.get("created", 0) + row.result.get("updated", 0) <= AT_ONCE_ROWS:
        return _take_back(row, actor)
    reasons = reasons_against_undo(row)
    if reasons:
        raise RuleRefused(reasons)
    row.state = S.RUNNING
    row.job = jobs.start(
        UNDO, actor=actor, payload={"import": row.pk}, label=f"Take back {row.name}"
    )
    return audit.save_as(row, actor)


def _take_back(row: Import, actor: Actor) -> Import:
    kind = kind_of(row)
    _one_at_a_time(kind)
    kind.lock(row)
    reasons = kind.reasons_against_undo(row)
    if reasons:
        raise RuleRefused(reasons)
    kind.take_back(row, actor=actor)
    row.state, row.problem = S.UNDONE, None
    audit.save_as(row, actor, "undo")
    audit.record("exchange.import.undone", row, actor)
    return row


@jobs.runs(UNDO)
def run_undo(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind :func:`undo` of a large import."""
    with unhurried():
        imported = _locked_for_job(progress)
        progress.actor.require(kind_of(imported).permission)
        progress.report(5, PERCENT)
        _take_back(imported, progress.actor)
        progress.report(PERCENT, PERCENT)
        return {"state": S.UNDONE}


@jobs.when_not_done(UNDO)
def note_not_undone(job: Job) -> None:
    """What could not be taken back stays as it was, with the reasons."""
    imported = Import.objects.filter(pk=job.payload["import"], state=S.RUNNING).first()
    if imported is not None:
        imported.state = S.DONE
        imported.problem = None if job.state == Job.State.CANCELLED else job.problem
        audit.save_as(imported, Actor.named_job(UNDO), "not undone")


@transaction.atomic
def discard(*, imported: Import, actor: Actor) -> None:
    """Remove an upload that was never confirmed, with its files."""
    row = _locked(imported, actor, None)
    _require_before(row)
    audit.record("exchange.import.discarded", row, actor, note=row.name)
    files = [(one.storage, str(one.name)) for one in (row.file, row.rejected) if one]
    audit.delete_as(row, actor, "discarded")
    for storage, name in files:
        transaction.on_commit(later(storage.delete, name))


def _locked(imported: Import, actor: Actor, expected: int | None) -> Import:
    actor.require(kind_of(imported).permission)
    row = Import.objects.select_for_update(of=("self",)).get(pk=imported.pk)
    audit.check_version(row, expected)
    return row


def _locked_for_job(progress: jobs.Progress) -> Import:
    return Import.objects.select_for_update(of=("self",)).get(pk=progress.payload["import"])


def is_being_read(row: Import) -> bool:
    """Whether a job reads the file now."""
    job = row.job
    return bool(
        row.state == S.UPLOADED and job and job.kind == READ
        and job.state in (Job.State.QUEUED, Job.State.RUNNING)
    )  # fmt: skip


def _require_before(row: Import) -> None:
    if row.state not in BEFORE:
        detail = f"This import is {row.state}: it is not read again."
        raise RuleRefused([Reason("wrong_state", detail)])
    if is_being_read(row):
        raise RuleRefused(
            [Reason("being_read", "The file is being read just now.", "Wait for it.")]
        )
