"""Two people at once: a value, an activation, two proposed steps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from qualification import services
from qualification.models import Sop, SopItem
from qualification.models.cases import State
from qualification.sop_workflow import SOP_FLOW
from tests import factories, threads
from tests.factories import Team

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_enter_a_value() -> None:
    team = Team()
    team.jump_to(State.SPEC_REVIEW)
    item = services.add_item(
        case=team.case, gate="spec_review", text="Measure", kind="value", unit="V", actor=team.lead
    )

    def enter(value: int) -> Any:
        return services.set_value(
            item=item, value=Decimal(value), actor=team.lead, expected=item.version
        )

    assert threads.at_once(lambda: enter(5), lambda: enter(6)) == ["done", "stale"]
    item.refresh_from_db()
    assert (item.value in (5, 6), item.version) == (True, 2)


def test_two_activate() -> None:
    engineer, first, second = (factories.actor(r) for r in ("engineer", "quality", "quality"))
    sop = services.draft_sop(
        family="power", risk_class="medium", reason="a field failure", actor=engineer
    )
    services.add_sop_item(sop=sop, gate="fmea", text="Inrush", actor=engineer)
    SOP_FLOW.fire(sop.pk, "propose", actor=engineer)

    def activate(actor: Any) -> Any:
        return SOP_FLOW.fire(sop.pk, "activate", actor=actor, note="agreed")

    results = threads.at_once(lambda: activate(first), lambda: activate(second))
    assert results == ["done", "wrong_state"]
    states = Sop.objects.filter(family="power", risk_class="medium").order_by("number")
    assert list(states.values_list("state", flat=True)) == ["superseded", "active"]


def test_two_propose_a_step() -> None:
    team = Team()
    team.jump_to(State.SPEC_REVIEW)
    team.fire("reject", "quality", note="drift")

    def teach(by: str) -> Any:
        return services.write_lesson(
            case=team.case, gate="fmea", text="Drift", step=f"Step of {by}", actor=team[by]
        )

    results = threads.at_once(lambda: teach("engineering"), lambda: teach("quality"))
    assert results == ["done", "done"]
    steps = SopItem.objects.exclude(lesson=None).values_list("text", "sop__number")
    assert set(steps) == {("Step of engineering", 2), ("Step of quality", 2)}
