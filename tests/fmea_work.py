"""The FMEA of a case, written through the services that the product uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from qualification import fmea_sheet, services
from qualification.models import Case, Fmea, FmeaRow

if TYPE_CHECKING:
    from tests.factories import Team

#: A row at AP-High and one at AP-Low.
HIGH = {"failure_mode": "Boot hangs", "severity": 8, "occurrence": 6, "detection": 6}
LOW = {"failure_mode": "Label smears", "severity": 3, "occurrence": 2, "detection": 2}


def fmea_row(team: Team, by: str = "engineering", **values: Any) -> FmeaRow:
    """A row of the case's FMEA."""
    return services.add_row(case=team.case, values={**HIGH, **values}, actor=team[by])


def complete(team: Team, row: FmeaRow, **values: Any) -> Any:
    """An action of this row, completed with evidence."""
    action = services.add_action(
        row=row, values={"description": "Port the driver", "owner": team.people["engineering"]},
        actor=team.lead,
    )  # fmt: skip
    done = {"status": "completed", "revised_occurrence": 2, "revised_detection": 2, **values}
    proof = SimpleUploadedFile("soak.txt", b"200 cycles")
    return services.change_action(action=action, values=done, upload=proof, actor=team.lead)


def finish_fmea(team: Team) -> None:
    """A rated failure mode, and the review where it was reopened."""
    if not FmeaRow.objects.filter(fmea__case=team.case).exists():
        fmea_row(team, **LOW)
    if Fmea.objects.filter(case=team.case, status="reopened").exists():
        services.review_fmea(case=team.case, note="Nothing new.", actor=team["quality"])


def fmea_rows(case: Case) -> None:
    """A rated failure mode of a case that can be past its FMEA."""
    sheet = Fmea.objects.create(case=case)
    row = FmeaRow(fmea=sheet, position=1, author=case.lead, **LOW)
    for name, value in fmea_sheet.judge(row, []).items():
        setattr(row, name, value)
    row.save()
