"""Services for datasheets: attached, read by a job, and their lines taken or dismissed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from parts.models import Requirement
from secondsource.core import attachments, audit, jobs
from secondsource.core.actors import Actor
from secondsource.core.errors import Duplicate, PermissionRefused, RuleRefused, ValuesRefused
from secondsource.core.models import Job
from secondsource.core.records import create
from secondsource.core.tabular import DEFAULT_LIMITS, TabularError, read_parameters
from suppliers.datasheet_reading import lines_of
from suppliers.models import Datasheet, DatasheetLine, ManufacturerPart, Parameter
from suppliers.services.manufacturer_parts import set_parameters

JOB = "suppliers.datasheet"
_PDF = "application/pdf"
_MAY_READ_AGAIN = (Job.State.FAILED, Job.State.CANCELLED)
#: A datasheet may be as large as any file; its process has memory in proportion to it.
_LIMITS = replace(DEFAULT_LIMITS, bytes=attachments.MAX_BYTES)
_FIELDS = ("name", "minimum", "typical", "maximum", "text", "unit", "condition")


@transaction.atomic
def attach_datasheet(
    *, manufacturer_part: ManufacturerPart, upload: UploadedFile, actor: Actor
) -> Datasheet:
    """Attach a PDF to a manufacturer part and queue the reading of its tables.

    Raises ``ValuesRefused`` by ``/file``, ``Duplicate`` for the same file again.
    """
    part = _locked(manufacturer_part)
    actor.require("suppliers.write_manufacturerpart", part)
    if actor.user is None:
        raise PermissionRefused("Only a person attaches a datasheet.")
    made = create(
        Datasheet(manufacturer_part=part), actor, duplicate="This datasheet is attached already."
    )
    made.file = attachments.attach(subject=made, upload=upload, actor=actor)
    if made.file.content_type != _PDF:
        raise ValuesRefused.one("/file", "no_pdf", "A datasheet is a PDF.")
    if part.datasheets.filter(file__sha256=made.file.sha256).exists():
        raise Duplicate(f"{made.file.name} is attached to {part.mpn} already.")
    made.job = _start(made, actor)
    audit.save_as(made, actor, made.file.name)
    audit.record(
        "suppliers.manufacturerpart.datasheet_attached", part, actor, note=made.file.name,
        data={"sha256": made.file.sha256},
    )  # fmt: skip
    return made


@transaction.atomic
def read_again(*, datasheet: Datasheet, actor: Actor) -> Datasheet:
    """Queue the reading again after it failed or was stopped."""
    _locked(datasheet.manufacturer_part)
    row = Datasheet.objects.select_related("job", "file").get(pk=datasheet.pk)
    actor.require("suppliers.write_manufacturerpart", row.manufacturer_part)
    if row.job and row.job.state not in _MAY_READ_AGAIN:
        raise RuleRefused.one("read_already", "This datasheet is read, or being read.")
    row.job = _start(row, actor)
    return audit.save_as(row, actor, "read again")


def _start(datasheet: Datasheet, actor: Actor) -> Job:
    payload = {"datasheet": str(datasheet.public_id)}
    return jobs.start(JOB, actor=actor, payload=payload, label=f"Reading {datasheet}"[:200])


@jobs.runs(JOB)
def run_reading(progress: jobs.Progress) -> dict[str, Any]:
    """The job behind :func:`attach_datasheet`: it offers lines and changes no parameter.

    Raises ``RuleRefused`` with what is wrong with the file, which stays attached.
    """
    sheets = Datasheet.objects.select_related("file", "manufacturer_part")
    sheet = sheets.select_for_update(of=("self",)).get(public_id=progress.payload["datasheet"])
    assert sheet.file is not None  # attached with it
    try:
        with sheet.file.file.open("rb") as stream:
            found = read_parameters(cast(BinaryIO, stream), sheet.file.name, _LIMITS)
    except FileNotFoundError:
        raise RuleRefused.one("file_missing", "The file is not in the store.") from None
    except TabularError as error:
        raise RuleRefused.one(error.code, str(error)) from None
    progress.report(1, 2)
    lines = lines_of(found.tables, _names_of(sheet.manufacturer_part))
    audit.bulk_create_as(
        DatasheetLine,
        (
            DatasheetLine(
                datasheet=sheet, position=position, name=line.name, minimum=line.minimum,
                typical=line.typical, maximum=line.maximum, unit=line.unit,
                condition=line.condition, page=line.page, snippet=line.snippet,
            )
            for position, line in enumerate(lines, 1)
        ),
        progress.actor,
        sheet.file.name,
    )  # fmt: skip
    rows = sum(len(table.rows) + table.left_out for table in found.tables)
    sheet.pages, sheet.pages_read = found.pages, found.pages_read
    sheet.left_out = rows - len(lines)
    audit.save_as(sheet, progress.actor, "read")
    return {"pages": found.pages_read, "lines": len(lines), "left_out": sheet.left_out}


def _names_of(part: ManufacturerPart) -> Iterable[str]:
    """Names of parameters that we require in the categories of the parts that this one is for."""
    categories = part.sources.values("part__category")
    needs = Requirement.objects.filter(part__category__in=categories)
    return needs.order_by("parameter").values_list("parameter", flat=True).distinct()


@transaction.atomic
def take_line(*, line: DatasheetLine, actor: Actor, expected: int | None = None) -> DatasheetLine:
    """Write a line to the parameters, in place of the one with its name and condition.

    ``expected`` is the version of the manufacturer part whose parameters the person saw.
    Raises ``RuleRefused`` for a line that is decided, ``Stale``.
    """
    row, part = _open_line(line, actor)
    written = {name: getattr(row, name) for name in _FIELDS}
    others = [one for one in part.parameters.all() if not is_same(one, row)]
    set_parameters(
        manufacturer_part=part, actor=actor, expected=expected,
        parameters=[*({name: getattr(one, name) for name in _FIELDS} for one in others), written],
    )  # fmt: skip
    return _decide(row, DatasheetLine.State.TAKEN, part, actor)


@transaction.atomic
def dismiss_line(*, line: DatasheetLine, actor: Actor) -> DatasheetLine:
    """Put a line aside; the parameters stay as they are."""
    row, part = _open_line(line, actor)
    return _decide(row, DatasheetLine.State.DISMISSED, part, actor)


def is_same(parameter: Parameter, line: DatasheetLine) -> bool:
    """Whether a parameter on record has the name and condition of a line."""
    mine, theirs = ((one.name.casefold(), one.condition.casefold()) for one in (parameter, line))
    return mine == theirs


def _open_line(line: DatasheetLine, actor: Actor) -> tuple[DatasheetLine, ManufacturerPart]:
    part = _locked(line.datasheet.manufacturer_part)
    actor.require("suppliers.decide_datasheetline", part)
    if actor.user is None:
        raise PermissionRefused("Only a person takes lines of a datasheet.")
    row = DatasheetLine.objects.select_related("datasheet__file").get(pk=line.pk)
    if row.state != DatasheetLine.State.OFFERED:
        raise RuleRefused.one("decided", f"This line is {row.get_state_display().lower()} already.")
    return row, part


def _decide(
    row: DatasheetLine, state: DatasheetLine.State, part: ManufacturerPart, actor: Actor
) -> DatasheetLine:
    row.state, row.decided_by = state, actor.user
    note = f"{row.name}: page {row.page} of {row.datasheet}"
    audit.record(f"suppliers.manufacturerpart.line_{state}", part, actor, note=note)
    return audit.save_as(row, actor, note[:100])


def _locked(part: ManufacturerPart) -> ManufacturerPart:
    return ManufacturerPart.objects.select_for_update(of=("self",)).get(pk=part.pk)
