"""Two people on one row at the same moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qualification import services
from qualification.models import FmeaRow
from qualification.models.cases import State
from secondsource.core.actors import Actor
from tests.factories import Team
from tests.fmea_work import fmea_row
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def row(transactional_db: None) -> FmeaRow:
    team = Team()
    return fmea_row(team)


def test_of_two_edits_on_one_reading_one_is_stale(row: FmeaRow) -> None:
    lead = Actor(user=row.fmea.case.lead)

    def edit(value: int) -> Callable[[], FmeaRow]:
        return lambda: services.change_row(
            row=row, values={"occurrence": value}, actor=lead, expected=row.version
        )

    assert at_once(edit(3), edit(4)) == ["done", "stale"]
    assert FmeaRow.objects.get().version == row.version + 1


def test_an_edit_and_the_end_of_the_gate_do_not_both_succeed(transactional_db: None) -> None:
    team = Team()
    team.jump_to(State.FMEA)
    team.do_items()
    team.sign()
    row = FmeaRow.objects.get()

    def edit() -> None:
        services.change_row(row=row, values={"effect": "Scrap"}, actor=team.lead)

    done = at_once(edit, lambda: team.fire("pass"))
    assert done in (["done", "gate_passed"], ["done", "not_signed,not_signed"])
