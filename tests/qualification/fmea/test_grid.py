"""The worksheet: a cell is saved alone, the answer is its row with the priority of the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qualification import services
from qualification.models import FmeaRow
from qualification.models.cases import State
from tests import factories
from tests.factories import Team, text_file
from tests.fmea_work import LOW, fmea_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(team: Team) -> FmeaRow:
    return fmea_row(team, occurrence=5)


@pytest.fixture
def client(team: Team, browse: Callable[[Any], Any]) -> Any:
    return browse(team.people["engineering"])


def url(row: FmeaRow, name: str = "") -> str:
    return f"/q/{row.fmea.case.key}/fmea/{row.public_id}/{name}"


def save(client: Any, row: FmeaRow, cell: str, value: str, expected: int = 1) -> Any:
    data = {"cell": cell, "value": value, "expected": expected}
    return client.post(url(row, "cell/"), data)


def test_a_saved_cell_answers_with_the_priority_of_the_server(client: Any, row: FmeaRow) -> None:
    answer = save(client, row, "detection", " 2 ")
    assert answer.status_code == 200
    html = answer.content.decode()
    assert 'class="ap M"' in html
    assert 'data-version="2"' in html
    assert ">0 open</b>" in html
    row.refresh_from_db()
    assert (row.detection, row.action_priority) == (2, "M")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("11", "11 is above 10. Enter 1 to 10. The saved value is still 5."),
        ("0", "0 is below 1. Enter 1 to 10. The saved value is still 5."),
        ("2.5", "“2.5” is not a whole number. Enter 1 to 10. The saved value is still 5."),
    ],
)
def test_a_refused_rating_stays_in_its_cell_with_the_reason(
    client: Any, row: FmeaRow, typed: str, told: str
) -> None:
    answer = save(client, row, "occurrence", typed)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert told in html
    assert f">{typed}</a>" in html
    row.refresh_from_db()
    assert row.occurrence == 5


def test_of_two_who_edit_one_cell_the_second_sees_both_values(
    client: Any, row: FmeaRow, team: Team
) -> None:
    services.change_row(row=row, values={"occurrence": 4}, actor=team["quality"])
    answer = save(client, row, "occurrence", "6")
    assert answer.status_code == 409
    html = answer.content.decode()
    name = team.people["quality"].name
    assert f"{name} changed it at " in html
    assert "saved is 4, you have 6." in html
    row.refresh_from_db()
    assert row.occurrence == 4
    assert save(client, row, "occurrence", "6", row.version).status_code == 200


def test_two_who_edit_two_cells_of_a_row_do_not_disturb_each_other(
    client: Any, row: FmeaRow, team: Team
) -> None:
    services.change_row(row=row, values={"effect": "Line down"}, actor=team["quality"])
    assert save(client, row, "occurrence", "6").status_code == 200
    row.refresh_from_db()
    assert (row.effect, row.occurrence) == ("Line down", 6)


def test_a_passed_gate_refuses_a_cell(client: Any, team: Team) -> None:
    team.jump_to(State.PILOT_BUILD)
    row = FmeaRow.objects.get()
    answer = save(client, row, "effect", "Scrap")
    assert answer.status_code == 422
    assert "has passed FMEA" in answer.content.decode()


def test_readers_see_rows_without_links_to_forms(
    browse: Callable[[Any], Any], row: FmeaRow
) -> None:
    reader = browse(factories.person("viewer"))
    html = reader.get(f"/q/{row.fmea.case.key}/fmea/").content.decode()
    assert "Boot hangs" in html
    assert "fmea.js" not in html
    assert "/fmea/new/" not in html
    assert save(reader, row, "effect", "x").status_code == 403


def test_filters_show_open_work_and_high(client: Any, row: FmeaRow, team: Team) -> None:
    fmea_row(team, **LOW)
    services.change_row(row=row, values={"occurrence": 6}, actor=team.lead)
    page = f"/q/{team.case.key}/fmea/"
    html = client.get(page).content.decode()
    assert [word in html for word in ("All 2", "Open 1", "High 1")] == [True] * 3
    html = client.get(f"{page}?show=high").content.decode()
    assert "Boot hangs" in html
    assert LOW["failure_mode"] not in html


def test_a_row_is_written_without_script(client: Any, team: Team) -> None:
    page = f"/q/{team.case.key}/fmea/new/"
    data = {"failure_mode": "Drift", "severity": "8", "occurrence": "6", "detection": "6"}
    assert client.post(page, data).status_code == 302
    row = FmeaRow.objects.get()
    assert (row.failure_mode, row.action_priority) == ("Drift", "H")
    client.post(url(row), {**data, "detection": "1", "expected": row.version})
    row.refresh_from_db()
    assert row.action_priority == "M"
    assert client.post(url(row), {**data, "expected": 1}).status_code == 409


def test_a_copy_for_the_grid_answers_with_its_row(client: Any, row: FmeaRow) -> None:
    answer = client.post(url(row, "duplicate/"), {"grid": "1"})
    copy = FmeaRow.objects.exclude(pk=row.pk).get()
    assert f'id="row-{copy.public_id}"' in answer.content.decode()


def test_an_action_is_completed_by_its_form_with_evidence(
    client: Any, row: FmeaRow, team: Team
) -> None:
    data = {"description": "Port the driver", "kind": "prevention", "status": "open"}
    client.post(url(row, "actions/new/"), data)
    action = row.actions.get()
    page = f"/q/{team.case.key}/fmea/actions/{action.public_id}/"
    done = {**data, "status": "completed", "revised_occurrence": "2", "revised_detection": "2"}
    refused = client.post(page, {**done, "expected": action.version})
    assert refused.status_code == 422
    assert "attach a file" in refused.content.decode()
    client.post(page, {**done, "expected": action.version, "evidence": text_file("soak.txt")})
    row.refresh_from_db()
    assert row.priority_now == "L"
    found = client.get(f"{page}evidence/")
    assert b"".join(found.streaming_content) == b"measured"


def test_starters_are_offered_by_category_and_none_is_ticked(client: Any, team: Team) -> None:
    page = f"/q/{team.case.key}/fmea/starters/"
    html = client.get(page).content.decode()
    assert "Lower ESD class" in html
    assert " checked" not in html.split("<main")[1]
    client.post(page, {"modes": ["esd", "lots"]})
    assert FmeaRow.objects.count() == 2
    assert client.post(page, {}).status_code == 422


def test_a_hundred_rows_need_as_many_queries_as_one(client: Any, row: FmeaRow, team: Team) -> None:
    page = f"/q/{team.case.key}/fmea/"

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(page)
        return len(found)

    client.get(page)
    one = queries()
    for _ in range(5):
        other = fmea_row(team)
        services.add_action(
            row=other, values={"description": "x", "owner": team.people["quality"]},
            actor=team.lead,
        )  # fmt: skip
    assert queries() <= one + 1  # the owners, which the first row did not have


def test_a_copy_without_the_right_is_refused(row: FmeaRow, browse: Any) -> None:
    answer = browse(factories.person("viewer")).post(url(row, "duplicate/"), {"grid": "1"})
    assert (answer.status_code, FmeaRow.objects.count()) == (403, 1)


def test_a_copy_in_a_case_on_hold_is_refused(client: Any, row: FmeaRow, team: Team) -> None:
    team.jump_to(State.FMEA)
    team.fire("hold", note="no samples")
    answer = client.post(url(row, "duplicate/"), {"grid": "1"})
    assert (answer.status_code, FmeaRow.objects.count()) == (422, 1)
    assert "is on hold. Resume it first." in answer.content.decode()
