"""Actions of an FMEA: revised ratings come with completion, completion with evidence."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qualification import services
from qualification.models import Case, FmeaAction, FmeaRow
from qualification.models.cases import State
from secondsource.core import clock
from secondsource.core.errors import ValuesRefused
from tests import factories
from tests.factories import Team, text_file
from tests.fmea_work import complete, fmea_row

pytestmark = pytest.mark.django_db

DONE = {"status": "completed", "revised_occurrence": 2, "revised_detection": 2}


@pytest.fixture
def row(team: Team) -> FmeaRow:
    return fmea_row(team)


@pytest.fixture
def action(team: Team, row: FmeaRow) -> FmeaAction:
    values = {"description": "Port the driver", "owner": team.people["quality"]}
    return services.add_action(row=row, values=values, actor=team.lead)


def problems(team: Team, action: FmeaAction, values: dict[str, Any], **more: Any) -> list[str]:
    before = FmeaAction.objects.filter(pk=action.pk).values().get()
    with pytest.raises(ValuesRefused) as found:
        services.change_action(action=action, values=values, actor=team.lead, **more)
    assert FmeaAction.objects.filter(pk=action.pk).values().get() == before
    return [f"{problem.pointer} {problem.code}" for problem in found.value.problems]


def test_a_completed_action_rates_its_row_again(team: Team, row: FmeaRow) -> None:
    action = complete(team, row)
    row.refresh_from_db()
    assert (row.action_priority, row.priority_now) == ("H", "L")
    assert (action.revised_severity, action.completed_on) == (8, clock.business_day())
    assert action.evidence.name == "soak.txt"


def test_completion_without_evidence_is_refused(team: Team, action: FmeaAction) -> None:
    assert problems(team, action, DONE) == ["/evidence required"]
    with pytest.raises(IntegrityError), transaction.atomic():
        FmeaAction.objects.update(
            status="completed", completed_on=clock.business_day(), revised_severity=8,
            revised_occurrence=2, revised_detection=2,
        )  # fmt: skip


def test_completion_needs_new_ratings_and_a_day_that_has_come(
    team: Team, action: FmeaAction
) -> None:
    values = {"status": "completed", "completed_on": factories.days_ago(-1)}
    assert problems(team, action, values, upload=text_file()) == [
        "/completed_on in_future", "/revised_occurrence required", "/revised_detection required",
    ]  # fmt: skip


def test_revised_ratings_before_completion_are_refused(team: Team, action: FmeaAction) -> None:
    assert problems(team, action, {"revised_occurrence": 2}) == [
        "/revised_occurrence not_completed"
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        FmeaAction.objects.update(revised_occurrence=2)


def test_severity_changes_only_with_the_design(team: Team, action: FmeaAction) -> None:
    values = {**DONE, "revised_severity": 4}
    assert problems(team, action, values, upload=text_file()) == [
        "/revised_severity not_a_design_action"
    ]
    values["kind"] = "design"
    services.change_action(action=action, values=values, upload=text_file(), actor=team.lead)
    assert FmeaRow.objects.get().priority_now == "L"


def test_a_revised_rating_above_ten_is_refused(team: Team, action: FmeaAction) -> None:
    values = {**DONE, "revised_detection": 11, "target_occurrence": 0}
    assert problems(team, action, values, upload=text_file()) == [
        "/revised_detection not_a_rating", "/target_occurrence not_a_rating",
    ]  # fmt: skip


def test_a_row_still_high_after_its_action_stays_open(team: Team, row: FmeaRow) -> None:
    complete(team, row, revised_occurrence=6, revised_detection=6)
    row.refresh_from_db()
    assert row.is_open_high
    services.accept_row(row=row, reason="One fab only", actor=team["quality"])
    assert not FmeaRow.objects.get().is_open_high


def test_an_action_opened_again_loses_its_result(team: Team, row: FmeaRow) -> None:
    action = complete(team, row)
    services.change_action(
        action=action, values={"status": "implementation_pending"}, actor=team.lead
    )
    action.refresh_from_db()
    assert (action.completed_on, action.revised_occurrence) == (None, None)
    assert action.evidence is not None
    assert FmeaRow.objects.get().is_open_high


def test_evidence_can_come_before_completion(team: Team, action: FmeaAction) -> None:
    services.add_action_evidence(action=action, upload=text_file("a.txt"), actor=team.lead)
    done = services.change_action(action=action, values=DONE, actor=team.lead)
    assert done.evidence is not None
    assert done.evidence.name == "a.txt"


def test_an_owner_who_left_is_refused(team: Team, action: FmeaAction) -> None:
    gone = factories.person("engineer", is_active=False)
    assert problems(team, action, {"owner": gone, "description": " "}) == [
        "/description required", "/owner inactive",
    ]  # fmt: skip


def test_a_completed_action_is_not_removed(team: Team, row: FmeaRow, action: FmeaAction) -> None:
    services.remove_action(action=action, actor=team.lead)
    done = complete(team, row)
    with pytest.raises(ValuesRefused):
        services.remove_action(action=done, actor=team.lead)
    assert list(FmeaAction.objects.all()) == [done]


def test_the_page_says_why_an_action_is_not_removed(team: Team, row: FmeaRow, browse: Any) -> None:
    done = complete(team, row)
    client = browse(team.people["engineering"])
    url = f"/q/{team.case.key}/fmea/actions/{done.key}/remove/"
    assert "A completed action stays on record." in client.post(url, follow=True).content.decode()
    Case.objects.update(state=State.PILOT_BUILD)
    assert "has passed FMEA." in client.post(url, follow=True).content.decode()
    assert FmeaAction.objects.get() == done


def test_an_action_that_was_changed_meanwhile_is_not_removed(team: Team, api: Any) -> None:
    action = services.add_action(
        row=fmea_row(team), values={"description": "Scan"}, actor=team.lead
    )
    services.change_action(action=action, values={"description": "Soak"}, actor=team.lead)
    caller = api(user=team.people["engineering"])
    path = f"/cases/{team.case.key}/fmea-actions/{action.key}/"
    assert caller.send("DELETE", path, If_Match='"1"').status_code == 412
    assert FmeaAction.objects.count() == 1
