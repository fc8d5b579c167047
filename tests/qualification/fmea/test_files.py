"""The FMEA as a table: out and in again without loss, refusals by row and column."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from qualification import fmea_upload, services
from qualification.fmea_files import COLUMNS, Differences
from qualification.models import FmeaAction, FmeaRow
from secondsource.core.errors import Stale
from tests.factories import Team
from tests.fmea_work import HIGH, complete, fmea_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(team: Team) -> Team:
    """Rows with several actions, an acceptance, and texts that look like formulas."""
    row = fmea_row(team, effect="=1+1; -20 °C\nsecond line", cause="-20 °C", prevention="'quoted'")
    complete(team, row)
    for text in ("Scan again", "@home"):
        services.add_action(
            row=row, actor=team.lead,
            values={"description": text, "target_detection": 2, "kind": "detection"},
        )  # fmt: skip
    high = fmea_row(team, failure_mode="One fab only")
    services.accept_row(row=high, reason="Held in stock", actor=team["quality"])
    fmea_row(team, failure_mode="Not rated", occurrence=None)
    return team


def page(team: Team, name: str = "") -> str:
    return f"/q/{team.case.key}/fmea/{name}"


def table(client: Any, team: Team, extension: str = "xlsx") -> bytes:
    return b"".join(client.get(page(team, f"file.{extension}")).streaming_content)


def upload(content: bytes, name: str = "fmea.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def edited(content: bytes, change: Callable[[Any, dict[str, int]], None]) -> bytes:
    """The workbook after a change of its sheet, which gets the columns by head."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.active
    change(sheet, {cell.value: cell.column for cell in sheet[1]})
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def client(team: Team, browse: Callable[[Any], Any]) -> Any:
    return browse(team.people["engineering"])


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_what_was_exported_differs_in_nothing(client: Any, team: Team, extension: str) -> None:
    content = table(client, team, extension)
    found = fmea_upload.differences(team.case, upload(content, f"fmea.{extension}"))
    assert (found.changes, found.refused, found.missing) == ([], [], [])
    assert found.lines == 5


def test_a_table_of_one_case_gives_another_the_same_rows(client: Any, team: Team) -> None:
    def forget(sheet: Any, column: dict[str, int]) -> None:
        for line in range(2, sheet.max_row + 1):
            for head in ("Row ID", "Action ID"):
                sheet.cell(line, column[head]).value = None
            if sheet.cell(line, column["State"]).value == "completed":
                sheet.cell(line, column["State"]).value = None

    content = edited(table(client, team), forget)
    other = Team()
    found = fmea_upload.differences(other.case, upload(content))
    assert found.refused == []
    services.import_fmea(case=other.case, found=found, name="f", actor=other.lead)

    def cells(of: Team) -> list[tuple[Any, ...]]:
        rows = FmeaRow.objects.filter(fmea__case=of.case)
        return list(
            rows.values_list(
                "failure_mode", "effect", "cause", "prevention", "severity", "occurrence",
                "action_priority",
            )
        )  # fmt: skip

    assert cells(other) == cells(team)
    actions = FmeaAction.objects.filter(row__fmea__case=other.case)
    assert list(actions.values_list("description", "kind", "target_detection")) == [
        ("Port the driver", "prevention", None),
        ("Scan again", "detection", 2),
        ("@home", "detection", 2),
    ]


def test_changes_are_shown_before_they_are_written(client: Any, team: Team) -> None:
    def change(sheet: Any, column: dict[str, int]) -> None:
        sheet.cell(2, column["D"]).value = 2
        sheet.cell(3, column["Action"]).value = "Scan twice"
        sheet.append([None, None, None, "New mode", None, 5, None, None, None, 4, 4])

    content = edited(table(client, team), change)
    shown = client.post(page(team, "import/"), {"file": upload(content)})
    html = shown.content.decode()
    assert "3 changes" in html
    assert FmeaRow.objects.count() == 3
    done = client.post(page(team, "import/"), {"preview": shown.context["preview"]})
    assert done.status_code == 302
    assert FmeaRow.objects.get(position=1).detection == 2
    assert FmeaRow.objects.get(position=4).action_priority == "L"
    assert FmeaAction.objects.filter(description="Scan twice").exists()
    again = client.post(page(team, "import/"), {"preview": shown.context["preview"]})
    assert "were added or removed since the file was compared" in again.content.decode()
    assert FmeaRow.objects.count() == 4


def test_refused_lines_are_named_and_missing_rows_left_alone(client: Any, team: Team) -> None:
    def change(sheet: Any, column: dict[str, int]) -> None:
        sheet.cell(2, column["O"]).value = "five"
        sheet.cell(5, column["S"]).value = 11
        sheet.cell(4, column["State"]).value = "completed"
        sheet.delete_rows(6)
        sheet.append(["00000000-0000-4000-8000-000000000000", None, None, "Stranger", None, 5])

    content = edited(table(client, team), change)
    html = client.post(page(team, "import/"), {"file": upload(content)}).content.decode()
    for told in (
        "Row 2, column O: “five” is not a whole number. Enter 1 to 10. The saved value is still 6.",
        "Row 5, column S: 11 is above 10. Enter 1 to 10. The saved value is still 8.",
        "Row 6, column Row ID: The FMEA has no row with this ID.",
        "will be left alone",
    ):
        assert told in html
    assert FmeaRow.objects.count() == 3


def test_a_row_that_changed_meanwhile_stops_the_writing(client: Any, team: Team) -> None:
    def change(sheet: Any, column: dict[str, int]) -> None:
        sheet.cell(2, column["D"]).value = 2
        sheet.cell(5, column["D"]).value = 2

    found = fmea_upload.differences(team.case, upload(edited(table(client, team), change)))
    row = FmeaRow.objects.get(position=2)
    services.change_row(row=row, values={"detection": 1}, actor=team["quality"])
    with pytest.raises(Stale):
        services.import_fmea(case=team.case, found=found, name="f", actor=team.lead)
    assert FmeaRow.objects.get(position=1).detection == HIGH["detection"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("fmea.csv", b"a,b\n1,2\n", "No sheet has the columns"),
        ("fmea.xlsx", b"no workbook", "file"),
    ],
)
def test_another_file_is_refused(
    client: Any, team: Team, name: str, content: bytes, told: str
) -> None:
    answer = client.post(page(team, "import/"), {"file": upload(content, name)})
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_a_preview_of_another_case_is_refused(client: Any, team: Team) -> None:
    text = fmea_upload.sealed(Team().case, Differences(), "f")
    answer = client.post(page(team, "import/"), {"preview": text})
    assert "This preview cannot be used any more." in answer.content.decode()


def test_the_columns_have_heads_of_their_own() -> None:
    heads = [column.label for column in COLUMNS]
    assert len(heads) == len(set(heads))


def test_columns_that_are_not_read_or_are_there_twice_are_told(client: Any, team: Team) -> None:
    def further(sheet: Any, column: dict[str, int]) -> None:
        sheet.cell(1, 60).value = "Remarks"

    def twice(sheet: Any, column: dict[str, int]) -> None:
        sheet.cell(1, 60).value = "S"

    found = fmea_upload.differences(team.case, upload(edited(table(client, team), further)))
    assert (found.not_read, found.changes) == (["Remarks"], [])
    found = fmea_upload.differences(team.case, upload(edited(table(client, team), twice)))
    assert [(one.line, one.column) for one in found.refused] == [(1, "S")]
    assert found.changes == []
