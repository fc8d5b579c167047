"""Services for the reliability tests of a pilot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from qualification.models import Case, ReliabilityTest
from qualification.services.pilot_builds import GATE, plan_for_results
from qualification.services.work import work_changed
from secondsource.core import audit, clock
from secondsource.core.actors import Actor
from secondsource.core.errors import FieldProblem, RuleRefused, refuse_values
from secondsource.core.formats import number

LEAST_C, MOST_C = Decimal(-200), Decimal(500)


@dataclass(frozen=True, kw_only=True)
class TestResult:
    """Devices, hours and failures of a life test that ended by time."""

    __test__ = False
    name: str
    devices: int
    hours: Decimal
    failures: int = 0
    use_c: Decimal | None = None
    stress_c: Decimal | None = None
    activation_energy_ev: Decimal = Decimal("0.7")
    confidence: Decimal = Decimal("0.6")


@transaction.atomic
def record_reliability_test(
    *,
    case: Case,
    result: TestResult,
    actor: Actor,
    replaces: ReliabilityTest | None = None,
    reason: str = "",
) -> ReliabilityTest:
    """Add a reliability test, or replace the row of one with a reason."""
    case, plan = plan_for_results(case, actor)
    assert actor.user is not None  # it refuses a job
    refuse_values(_problems(result, replaces, reason))
    if replaces is not None and ReliabilityTest.objects.filter(replaces=replaces).exists():
        raise RuleRefused.one("replaced", f"{replaces.name} was replaced already.")
    test = ReliabilityTest.objects.create(
        plan=plan, name=result.name.strip(), devices=result.devices, hours=result.hours,
        failures=result.failures, use_c=result.use_c, stress_c=result.stress_c,
        activation_energy_ev=result.activation_energy_ev, confidence=result.confidence,
        replaces=replaces, note=reason.strip(), entered_by=actor.user, created_at=clock.now(),
    )  # fmt: skip
    told = f"{test.name}: {number(test.failures)} of {number(test.devices)} failed"
    audit.record("qualification.pilot_reliability.recorded", case, actor, note=told)
    work_changed(case, GATE, actor, f"a reliability test was entered: {told}")
    return test


def _problems(
    result: TestResult, replaces: ReliabilityTest | None, reason: str
) -> Iterator[FieldProblem]:
    if not result.name.strip():
        yield FieldProblem("/name", "required", "Name the test.")
    if result.devices < 1:
        yield FieldProblem("/devices", "out_of_range", "At least one device.")
    elif not 0 <= result.failures <= result.devices:
        detail = f"From 0 to the devices, {number(result.devices)}."
        yield FieldProblem("/failures", "above_devices", detail)
    if not 0 < result.hours <= 1_000_000:
        yield FieldProblem("/hours", "out_of_range", "Above 0, at most 1,000,000 hours.")
    if (result.use_c is None) != (result.stress_c is None):
        yield FieldProblem("/stress_c", "both", "Give both temperatures, or none.")
    for name, value in (("use_c", result.use_c), ("stress_c", result.stress_c)):
        if value is not None and not LEAST_C <= value <= MOST_C:
            yield FieldProblem(f"/{name}", "out_of_range", f"From {LEAST_C} to {MOST_C} °C.")
    if not 0 < result.activation_energy_ev <= 5:
        yield FieldProblem("/activation_energy_ev", "out_of_range", "Above 0, at most 5 eV.")
    if not 0 < result.confidence < 1:
        yield FieldProblem("/confidence", "out_of_range", "Above 0 and below 100 %.")
    if replaces is not None and not reason.strip():
        yield FieldProblem("/reason", "required", "Say why the earlier row is replaced.")
