"""Datasheets of manufacturer parts for tests, through the services."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from secondsource.core import jobs
from secondsource.core.actors import Actor
from secondsource.core.models import Job
from suppliers import services
from suppliers.models import Datasheet, ManufacturerPart
from tests.datasheets import tried
from tests.datasheets.sheet import Sheet


def pdf(sheet: Sheet = tried.DIODE, name: str = "") -> SimpleUploadedFile:
    """A datasheet as an upload."""
    return SimpleUploadedFile(name or f"{sheet.name}.pdf", sheet.pdf, "application/pdf")


def attached(
    part: ManufacturerPart, actor: Actor, upload: SimpleUploadedFile | None = None
) -> Datasheet:
    """A datasheet whose job has run."""
    made = services.attach_datasheet(manufacturer_part=part, upload=upload or pdf(), actor=actor)
    jobs.run(str(made.job_id))
    return Datasheet.objects.select_related("job", "file").get(pk=made.pk)


def read(part: ManufacturerPart, actor: Actor, sheet: Sheet = tried.DIODE) -> Datasheet:
    """A datasheet that could be read."""
    made = attached(part, actor, pdf(sheet))
    assert made.job is not None
    assert made.job.state == Job.State.DONE, made.job.problem
    return made


def datasheet_rows(part: ManufacturerPart, actor: Actor) -> dict[str, str]:
    """One datasheet with its first line, by the names that addresses give them."""
    made = read(part, actor)
    line = made.lines.order_by("position")[0]
    return {"datasheets": made.key, "datasheet-lines": line.key}
