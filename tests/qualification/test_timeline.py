"""What the history of a case says."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

import incentives
import qualification
from qualification import services
from qualification.models import CostKind
from qualification.views.timeline import _WORDS, timeline
from secondsource.workspace.parts import timeline as part_timeline
from tests import factories

_ACT = re.compile(
    r'audit\.record\(\s*"(qualification\.(?!sop)\w+\.\w+)"'
    r'|"(incentives\.(?:baseline|saving)\.\w+)"'
)


def test_every_act_of_a_case_has_words() -> None:
    apps = (Path(app.__path__[0]) for app in (qualification, incentives))
    code = "".join(file.read_text() for app in apps for file in app.rglob("*.py"))
    acts = {of_case or of_money for of_case, of_money in _ACT.findall(code)}
    assert len(acts) > 50
    assert acts - set(_WORDS) == set()
    of_part = acts - set(part_timeline._SAYINGS)
    untold = {act for act in of_part if act.split(".")[1] not in part_timeline._WORK}
    assert untold == {"qualification.case.signed"}


@pytest.mark.django_db
def test_costs_and_scope_are_told_in_words() -> None:
    team = factories.Team()
    services.plan_cost(
        case=team.case, kind=CostKind.SAMPLES, amount=Decimal(90), actor=team["procurement"]
    )
    told = [entry["what"] for entry in timeline(team.case)]
    assert "added the planned cost “samples”" in told
