"""The pilot of the design's picture: four models, one of each verdict."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from parts.models import Product
from qualification.models import PilotPlan
from qualification.models.cases import State
from qualification.services.pilot_builds import BuildResult, record_pilot_build
from qualification.services.pilot_plans import (
    PlannedModel,
    PlannedPilot,
    lock_pilot_plan,
    save_pilot_plan,
)
from secondsource.core import clock
from tests import factories
from tests.factories import Team

LOCKED, BUILT, SEEN = dt.date(2026, 7, 24), dt.date(2026, 8, 4), dt.date(2026, 8, 18)
#: Code → name, good, started, planned units, floor, incumbent's good and started.
MODELS = {
    "KC-210": ("Motor drive", 397, 400, 400, "0.968", 21_578, 21_840),
    "KC-340": ("Gateway", 297, 300, 300, "0.964", 9_456, 9_610),
    "KC-118": ("I/O module", 109, 110, 320, "0.971", 5_074, 5_120),
    "KC-515": ("HMI panel", 139, 150, 150, "0.966", 4_319, 4_380),
}
DEFECTS = {
    "KC-210": [("FCT: rail brown-out", 2), ("AOI: lead skew", 1)],
    "KC-340": [("AOI: lead skew", 1), ("ICT: open pin 49", 1), ("Other handling", 1)],
    "KC-118": [],
    "KC-515": [("FCT: USB enumeration", 8), ("ICT: flash verify timeout", 3)],
}


def planned(team: Team, **fields: object) -> PlannedPilot:
    """The plan of the picture."""
    models = [
        PlannedModel(
            product=product(team, code), units=units, floor=Decimal(floor),
            incumbent_good=good, incumbent_started=started,
        )
        for code, (_, _, _, units, floor, good, started) in MODELS.items()
    ]  # fmt: skip
    return PlannedPilot(**{"models": models, **fields})  # type: ignore[arg-type]


def product(team: Team, code: str) -> Product:
    """A product of the picture, which uses the case's part."""
    found = Product.objects.filter(code=code).first()
    if found is None:
        found = factories.product(code, uses={team.source.part: 1})
        Product.objects.filter(pk=found.pk).update(name=MODELS[code][0])
        found.refresh_from_db()
    return found


def locked(team: Team, **fields: object) -> PilotPlan:
    """The plan, locked by quality on the day of the picture."""
    with clock.at(LOCKED):
        plan = save_pilot_plan(
            case=team.case, planned=planned(team, **fields), actor=team["engineering"]
        )
        return lock_pilot_plan(plan=plan, actor=team["quality"])


def build(team: Team, code: str, started: int, good: int, **fields: object) -> None:
    """Enter the result of a build."""
    result = BuildResult(
        **{"product": product(team, code), "lot": "GD2631-A", "built_on": BUILT,
           "started": started, "good": good, **fields},
    )  # type: ignore[arg-type]  # fmt: skip
    with clock.at(max(SEEN, result.built_on)):
        record_pilot_build(case=team.case, result=result, actor=team["engineering"])


def built(team: Team) -> PilotPlan:
    """Plan and results of the picture, in a case at its pilot build."""
    team.jump_to(State.PILOT_BUILD)
    plan = locked(team)
    for code, (_, good, started, *_) in MODELS.items():
        build(team, code, started, good, defects=DEFECTS[code])
    team.reload()
    return plan
