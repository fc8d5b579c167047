"""A dossier of at least 60 pages: a case read, and its PDF set."""

from __future__ import annotations

from django.db import transaction

from qualification import services as qualification
from qualification.dossier import pdf
from qualification.dossier.model import Reading
from qualification.dossier.read import head, sections
from qualification.models import Case, ChecklistItem
from qualification.models.cases import GATES
from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.models import Attachment
from tests.bench import measure
from tests.bench.measure import Table
from tests.bench.pilots import free_source

#: Steps of each gate with a file, which make more than 60 pages.
STEPS, LEAST_PAGES, MOST_MS = 160, 60, 5_000
NOTE = "Measured on two lots at three temperatures; the report names every value and its limits. "


class _Undone(Exception):
    """Ends a transaction whose changes must not stay."""


def measured(table: Table, actor: Actor) -> None:
    """The dossier of a large case; the data are as they were."""
    try:
        with transaction.atomic():
            case = qualification.open_case(source=free_source(), actor=actor)
            _fill(case, actor)
            reading = Reading(Case.objects.get(pk=case.pk), actor)
            figure = measure.calls("dossier of 60 pages", lambda: _make(reading), runs=5)
            table.add(figure, most=MOST_MS)
            raise _Undone
    except _Undone:
        return


def _make(reading: Reading) -> None:
    made = pdf.typeset({"head": head(reading, 1), "sections": list(sections(reading))})
    assert made.pages >= LEAST_PAGES, made.pages


def _fill(case: Case, actor: Actor) -> None:
    items = [
        ChecklistItem(case=case, gate=gate, position=1000 + place, text=f"Step {place}", note=NOTE)
        for gate in GATES
        for place in range(STEPS)
    ]
    made = audit.bulk_create_as(ChecklistItem, items, actor, "bench")
    files = [
        Attachment(
            subject_type="qualification.checklistitem", subject_id=item.pk, file="none",
            name=f"report-{item.pk}.pdf", size=item.pk, sha256="0123456789abcdef" * 4,
            content_type="application/pdf", uploaded_by=actor.user,
        )
        for item in made
    ]  # fmt: skip
    audit.bulk_create_as(Attachment, files, actor, "bench")
