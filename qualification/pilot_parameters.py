"""Capability and equivalence of the measured parameters of a pilot, and what its life tests show.

The figures are those of ``capability``, ``equivalence`` and ``reliability``; they are kept in the
cache until measurements are added or taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import caches
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery

from qualification import reliability
from qualification.capability import Capability, capability
from qualification.equivalence import EquivalenceTest, default_limit, tost
from qualification.house_rules import PilotPolicy
from qualification.models import (
    Case,
    Measurement,
    MeasurementBatch,
    PilotParameter,
    PilotPlan,
    ReliabilityTest,
)
from qualification.reopened import before_rollback
from secondsource.core import policies
from secondsource.core.inputs import InputError

_DAY = 24 * 3600
_ALTERNATE, _INCUMBENT = Measurement.Arm.ALTERNATE, Measurement.Arm.INCUMBENT


@dataclass(frozen=True)
class ParameterResult:
    """A parameter: values of each arm, capability of the alternate, equivalence with the incumbent.

    A result is None where there are too few values, or no difference to compare with; ``problem``
    says why values cannot be judged.
    """

    parameter: PilotParameter
    alternate: int = 0
    incumbent: int = 0
    capability: Capability | None = None
    difference: float | None = None
    equivalence: EquivalenceTest | None = None
    problem: str = ""


def counted_measurements(plan: PilotPlan) -> QuerySet[Measurement]:
    """The measurements that count for a plan."""
    parameter = PilotParameter.objects.filter(plan=plan, name=OuterRef("parameter"))
    return Measurement.objects.filter(
        batch__in=_counted_batches(plan),
        batch__plan__number__lte=plan.number,
        batch__plan__number__gte=Subquery(parameter.values("counts_from")),
    )


def _counted_batches(plan: PilotPlan) -> QuerySet[MeasurementBatch]:
    """Batches that were not taken back, since the last rollback of a reopened case."""
    return MeasurementBatch.objects.filter(
        ~before_rollback(plan.case_id, "created_at"), plan__case=plan.case_id, taken_back_at=None
    )


def parameters_of(plan: PilotPlan) -> list[ParameterResult]:
    """The results of all parameters of a plan."""
    parameters = list(plan.parameters.all())
    if not parameters:
        return []
    key = _state(plan)
    known: dict[str, Any] | None = caches["optional"].get(key)
    if known is None:
        known = _judged(plan, parameters)
        caches["optional"].set(key, known, _DAY)
    return [ParameterResult(one, **known[one.name]) for one in parameters]


def _state(plan: PilotPlan) -> str:
    """A key that changes with the measurements that count."""
    found = _counted_batches(plan).aggregate(n=Count("pk"), last=Max("pk"))
    return f"pilot-parameters:{plan.pk}:{plan.version}:{found['n']}:{found['last']}"


def _judged(plan: PilotPlan, parameters: list[PilotParameter]) -> dict[str, Any]:
    values: dict[tuple[str, str], list[float]] = {}
    rows = counted_measurements(plan).order_by("pk").values_list("parameter", "arm", "value")
    for name, arm, value in rows.iterator(chunk_size=20_000):
        values.setdefault((name, arm), []).append(value)
    policy, _ = policies.active(PilotPolicy)
    return {
        one.name: _judge(
            one,
            values.get((one.name, _ALTERNATE), []),
            values.get((one.name, _INCUMBENT), []),
            plan,
            policy.equivalence_tolerance_share,
        )
        for one in parameters
    }


def _judge(
    one: PilotParameter, new: list[float], old: list[float], plan: PilotPlan, share: float
) -> dict[str, Any]:
    found: dict[str, Any] = {"alternate": len(new), "incumbent": len(old)}
    found["difference"] = bound = _difference(one, share)
    try:
        if len(new) >= 2:
            found["capability"] = capability(
                new, lower_limit=one.lower_limit, upper_limit=one.upper_limit,
                confidence=float(plan.confidence),
            )  # fmt: skip
        if len(new) >= 2 and len(old) >= 2 and bound is not None:
            found["equivalence"] = tost(
                new=new, incumbent=old, low=-bound, high=bound, alpha=plan.alpha
            )
    except InputError as error:
        found["problem"] = str(error)
    return found


def _difference(one: PilotParameter, share: float) -> float | None:
    """The difference of the plan, else a share of the tolerance; None for a one-sided limit."""
    if one.difference is not None:
        return one.difference
    if one.lower_limit is None or one.upper_limit is None:
        return None
    return default_limit(lower_limit=one.lower_limit, upper_limit=one.upper_limit, share=share)


@dataclass(frozen=True)
class LifeTest:
    """A reliability test with the bounds that it shows."""

    test: ReliabilityTest
    device_hours: float
    mtbf_lower: float
    fit_upper: float
    acceleration: float | None


def life_tests_of(case: Case) -> list[LifeTest]:
    """The reliability tests of a case that were not replaced."""
    tests = ReliabilityTest.objects.filter(plan__case=case, replaced_by=None)
    return [_life(test) for test in tests.select_related("entered_by").order_by("pk")]


def _life(test: ReliabilityTest) -> LifeTest:
    confidence, hours = float(test.confidence), test.devices * float(test.hours)
    if test.use_c is None or test.stress_c is None:
        bound = reliability.mtbf_bound(
            total_device_hours=hours, failures=test.failures, confidence=confidence
        )
        return LifeTest(test, hours, bound.mtbf_lower, bound.fit_upper, None)
    shown = reliability.stress_fit(
        devices=test.devices, hours=float(test.hours), failures=test.failures,
        activation_energy_ev=float(test.activation_energy_ev), use_c=float(test.use_c),
        stress_c=float(test.stress_c), confidence=confidence,
    )  # fmt: skip
    return LifeTest(test, hours, shown.mtbf_lower, shown.fit_upper, shown.acceleration)
