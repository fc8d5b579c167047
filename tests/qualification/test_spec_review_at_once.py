"""Two people decide on one difference at the same time."""

from __future__ import annotations

from typing import Any

import pytest

from qualification import services, spec_review
from qualification.models import Disposition
from qualification.models.cases import State
from qualification.services import ChosenLine
from tests.factories import Team
from tests.qualification.test_spec_review import CANDIDATE, INCUMBENT, NEEDS
from tests.spec_review_work import compare
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_decisions_on_one_reading_the_slower_is_refused(transactional_db: None) -> None:
    team = Team()
    compare(team, NEEDS, CANDIDATE, INCUMBENT)
    line = next(one for one in spec_review.lines(team.case) if one.name == "Supply")

    def decide_on_it(decision: str) -> Any:
        return lambda: services.decide(
            case=team.case, chosen=[ChosenLine("Supply", "", line.seen)], decision=decision,
            reason="why", actor=team["engineering"],
        )  # fmt: skip

    assert at_once(decide_on_it("accept"), decide_on_it("reject")) == ["done", "line_changed"]
    assert Disposition.objects.get().version == 1


def test_of_two_renewals_at_approval_the_slower_is_refused(transactional_db: None) -> None:
    team = Team()
    compare(team, NEEDS, CANDIDATE, INCUMBENT)
    team.jump_to(State.APPROVAL)
    compare(team, NEEDS, [{**CANDIDATE[0], "minimum": 2.9}, *CANDIDATE[1:]])

    def renew() -> Any:
        return services.decide(
            case=team.case, chosen=[ChosenLine("Supply")], decision="accept", reason="Measured",
            actor=team["engineering"],
        )  # fmt: skip

    assert at_once(renew, renew) == ["done", "gate_passed"]
