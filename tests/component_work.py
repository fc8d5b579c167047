"""Component tests, inspections and PPAP of a case, finished through the product's services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qualification import services as qualification
from qualification.models import ComponentTest
from secondsource.core import clock

if TYPE_CHECKING:
    from tests.factories import Team


def passing_data(test: ComponentTest, **other: Any) -> dict[str, Any]:
    """Data of the manufacturer with which a test passes."""
    return {
        "origin": "manufacturer", "data_date": clock.business_day(), "lots_tested": test.lots or 1,
        "units_tested": test.asked_units or 10, "failures": 0,
        "cpk": None if test.cpk_above is None else test.cpk_above + 1,
    } | other  # fmt: skip


def finish_component_tests(team: Team) -> None:
    """The tests of a new lead finish, each with data of the manufacturer."""
    if not team.case.component_tests.exists():
        qualification.propose_tests(
            case=team.case, standard="jesd47", changes=["lead_finish"], actor=team.lead
        )
    for test in team.case.component_tests.filter(origin="", waived_by=None):
        qualification.record_result(test=test, values=passing_data(test), actor=team.lead)


def finish_inspections(team: Team) -> None:
    """A pilot lot that came in and was accepted."""
    today = clock.business_day()
    qualification.receive_sample(
        case=team.case, lot="PILOT", quantity=500, received_on=today, purpose="pilot",
        actor=team.lead,
    )  # fmt: skip
    qualification.record_inspection(
        case=team.case, lot="PILOT", size=500, inspected=50, defects=0, actor=team.lead
    )


def finish_ppap(team: Team) -> None:
    """Every element accepted and the warrant approved, by quality."""
    if not team.case.ppap_elements.exists():
        qualification.set_ppap_level(case=team.case, actor=team.lead)
    pending = team.case.ppap_elements.exclude(status__in=("not_required", "not_applicable"))
    accepted = {e.number: qualification.Judgement("accepted") for e in pending}
    qualification.set_ppap_elements(case=team.case, elements=accepted, actor=team["quality"])
    qualification.decide_warrant(case=team.case, disposition="approved", actor=team["quality"])
