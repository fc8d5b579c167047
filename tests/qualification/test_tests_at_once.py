"""Two people write component tests, inspections and PPAP at once."""

from __future__ import annotations

import pytest

from qualification import services
from qualification.models import ComponentTest, InspectionLot, PpapElement
from tests.component_work import passing_data
from tests.factories import Team
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alone(transactional_db: None) -> Team:
    """A case whose rows other connections see."""
    return Team()


def test_of_two_proposals_at_once_each_test_is_listed_once(alone: Team) -> None:
    def propose() -> None:
        services.propose_tests(
            case=alone.case, standard="jesd47", changes=["lead_finish"], actor=alone.lead
        )

    assert at_once(propose, propose) == ["done", "done"]
    assert sorted(ComponentTest.objects.values_list("code", flat=True)) == ["SD", "WHISKER"]


def test_of_two_results_on_one_reading_the_slower_is_stale(alone: Team) -> None:
    services.propose_tests(
        case=alone.case, standard="jesd47", changes=["lead_finish"], actor=alone.lead
    )
    test = alone.case.component_tests.get(code="SD")

    def record() -> None:
        services.record_result(
            test=test, values=passing_data(test), actor=alone.lead, expected=test.version
        )

    assert at_once(record, record) == ["done", "stale"]


def test_of_two_rejected_lots_at_once_both_count(alone: Team) -> None:
    def inspect(lot: str) -> None:
        services.record_inspection(
            case=alone.case, lot=lot, size=20, inspected=20, defects=5, actor=alone.lead
        )

    inspect("L0")
    assert at_once(lambda: inspect("L1"), lambda: inspect("L2")) == ["done", "done"]
    levels = InspectionLot.objects.order_by("id").values_list("level", flat=True)
    assert list(levels) == ["normal", "normal", "tightened"]


def test_of_two_starts_of_a_ppap_at_once_there_is_one(alone: Team) -> None:
    def start() -> None:
        services.set_ppap_level(case=alone.case, level=3, actor=alone.lead)

    assert at_once(start, start) == ["done", "done"]
    assert PpapElement.objects.count() == 18
