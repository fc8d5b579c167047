"""Serializers of pilot plans, results and verdicts."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from parts.serializers import plants, products
from qualification.models import PilotBuild
from qualification.pilot import PilotVerdict
from qualification.pilot_verdicts import ModelResult, PilotResults
from qualification.serializers import SiteOfCase
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape
from suppliers.serializers.companies import sites

VERDICTS = [("pass", "pass"), ("fail", "fail"), ("not_enough_data", "not enough data")]
MOST_UNITS = 10_000_000


class PilotModelShape(Shape):
    """A product model of a plan; ``counts_from`` is the plan from which its builds count."""

    product = fields.Text(source="product.code")
    floor = fields.DecimalText()
    units = fields.Whole()
    incumbent_good = fields.Whole()
    incumbent_started = fields.Whole()
    incumbent_days = fields.Whole()
    counts_from = fields.Whole()


class PilotParameterShape(Shape):
    """A measured parameter of a plan."""

    name = fields.Text()
    unit = fields.Text()
    lower_limit = fields.Number(allow_null=True)
    upper_limit = fields.Number(allow_null=True)
    difference = fields.Number(allow_null=True)
    counts_from = fields.Whole()


class PilotLotShape(Shape):
    """A lot of the alternate that a plan names, and the site that makes it."""

    lot = fields.Text()
    site = SiteOfCase(allow_null=True)


class PilotPlanShape(RecordShape):
    """A version of a case's pilot plan; a draft until somebody else of quality locks it."""

    number = fields.Whole()
    margin = fields.DecimalText()
    confidence = fields.DecimalText()
    heterogeneity_p = fields.DecimalText()
    lots = fields.Whole()
    reason = fields.Text()
    note = fields.Text()
    drafted_by = fields.Text(source="drafted_by.email")
    locked_at = fields.Moment(allow_null=True)
    locked_by = fields.Text(source="locked_by.email", allow_null=True)
    models = PilotModelShape(many=True)
    parameters = PilotParameterShape(many=True)
    planned_lots = PilotLotShape(many=True)


class PilotModelInput(Input):
    """A product model; without a floor it is the incumbent's yield less the margin."""

    product = fields.Key(products, "code")
    units = fields.Whole(min_value=1, max_value=MOST_UNITS)
    floor = fields.DecimalText(low=0, high=1, places=5, required=False, allow_null=True)
    incumbent_good = fields.Whole(min_value=0, max_value=2_000_000_000, required=False)
    incumbent_started = fields.Whole(min_value=0, max_value=2_000_000_000, required=False)
    incumbent_days = fields.Whole(min_value=1, max_value=3_660, required=False)
    rerun = fields.Flag(required=False)


class PilotParameterInput(Input):
    """A measured parameter with at least one limit."""

    name = fields.Text(max_length=80)
    unit = fields.Text(max_length=20, required=False, allow_blank=True)
    lower_limit = fields.Number(required=False, allow_null=True)
    upper_limit = fields.Number(required=False, allow_null=True)
    difference = fields.Number(required=False, allow_null=True)


class PilotLotInput(Input):
    """A lot to build from, and the manufacturer's site that makes it."""

    lot = fields.Text(max_length=60)
    site = fields.Key(sites, "public_id", required=False, allow_null=True)


class PilotPlanInput(Input):
    """The content of a plan; a change replaces the whole draft."""

    models = fields.Items(child=PilotModelInput(), max_length=200)
    parameters = fields.Items(child=PilotParameterInput(), max_length=200, required=False)
    planned_lots = fields.Items(child=PilotLotInput(), max_length=200, required=False)
    margin = fields.DecimalText(low=0, high=1, places=4, required=False)
    confidence = fields.DecimalText(low=0, high=1, places=4, required=False)
    lots = fields.Whole(min_value=1, max_value=1_000, required=False)
    reason = fields.Text(max_length=300, required=False, allow_blank=True)
    note = fields.Text(max_length=2_000, required=False, allow_blank=True)


class LockInput(Input):
    """The version of the draft that the caller read."""

    expected = fields.Whole(required=False, min_value=1)


class DefectShape(Shape):
    """What failed, and in how many units."""

    description = fields.Text()
    count = fields.Whole()


class PilotBuildShape(Shape):
    """The result of a build.

    A corrected one and its counter-entry do not count, nor does one from before the rollback of a
    case that was reopened since (``before_rollback``).
    """

    id = fields.PublicId()
    plan = fields.Whole(source="plan.number")
    product = fields.Text(source="product.code")
    plant = fields.Text(source="plant.code", allow_null=True)
    line = fields.Text()
    lot = fields.Text()
    built_on = fields.Day()
    started = fields.Whole()
    good = fields.Whole()
    defects = DefectShape(many=True)
    note = fields.Text()
    corrects = fields.Text(source="corrects.public_id", allow_null=True)
    corrected_by = serializers.SerializerMethodField()
    before_rollback = serializers.SerializerMethodField()
    entered_by = fields.Text(source="entered_by.email")
    created_at = fields.Moment()

    def get_corrected_by(self, build: PilotBuild) -> str | None:
        """The id of its counter-entry."""
        entry = getattr(build, "correction", None)
        return str(entry.public_id) if entry else None

    def get_before_rollback(self, build: PilotBuild) -> bool:
        """Whether it is history since the case was reopened."""
        return bool(vars(build).get("before_rollback"))


class DefectInput(Input):
    """What failed, and in how many units."""

    description = fields.Text(max_length=120)
    count = fields.Whole(min_value=1, max_value=MOST_UNITS)


class PilotBuildInput(Input):
    """The result of a build under the locked plan."""

    product = fields.Key(products, "code")
    lot = fields.Text(max_length=60)
    built_on = fields.Day()
    started = fields.Whole(min_value=1, max_value=MOST_UNITS)
    good = fields.Whole(min_value=0, max_value=MOST_UNITS)
    plant = fields.Key(plants, "code", required=False, allow_null=True)
    line = fields.Text(max_length=40, required=False, allow_blank=True)
    note = fields.Text(max_length=300, required=False, allow_blank=True)
    defects = fields.Items(child=DefectInput(), max_length=100, required=False)


class CorrectionInput(Input):
    """Why the result is wrong."""

    reason = fields.Text(max_length=300)


class LifeTestShape(Shape):
    """A reliability test with the bounds that it shows, one-sided at its confidence."""

    id = fields.PublicId(source="test.public_id")
    name = fields.Text(source="test.name")
    devices = fields.Whole(source="test.devices")
    hours = fields.DecimalText(source="test.hours")
    failures = fields.Whole(source="test.failures")
    use_c = fields.DecimalText(source="test.use_c", allow_null=True)
    stress_c = fields.DecimalText(source="test.stress_c", allow_null=True)
    activation_energy_ev = fields.DecimalText(source="test.activation_energy_ev")
    confidence = fields.DecimalText(source="test.confidence")
    device_hours = fields.Number()
    acceleration = fields.Number(allow_null=True)
    mtbf_lower = fields.Number()
    fit_upper = fields.Number()


class LifeTestInput(Input):
    """A life test that ended by time; both junction temperatures, or none."""

    name = fields.Text(max_length=80)
    devices = fields.Whole(min_value=1, max_value=MOST_UNITS)
    hours = fields.DecimalText(low=0, high=1_000_000, places=2)
    failures = fields.Whole(min_value=0, max_value=MOST_UNITS, required=False)
    use_c = fields.DecimalText(low=-200, high=500, places=2, required=False, allow_null=True)
    stress_c = fields.DecimalText(low=-200, high=500, places=2, required=False, allow_null=True)
    activation_energy_ev = fields.DecimalText(low=0, high=5, places=2, required=False)
    confidence = fields.DecimalText(low=0, high=1, places=4, required=False)


class ModelVerdictShape(Shape):
    """One product model against its floor."""

    model = fields.Text(source="code")
    verdict = fields.Word(choices=VERDICTS)
    started = fields.Whole()
    good = fields.Whole()
    point = fields.Number(source="judged.point", allow_null=True)
    lower = fields.Number(source="judged.lower", allow_null=True)
    upper = fields.Number(source="judged.upper", allow_null=True)
    floor = fields.DecimalText(source="model.floor")
    good_units_to_decide = fields.Whole(source="needed", allow_null=True)

    def to_representation(self, result: ModelResult) -> dict[str, Any]:
        """Without a unit there are no bounds."""
        shown: dict[str, Any] = super().to_representation(result)
        return {"point": None, "lower": None, "upper": None, **shown}


class PooledShape(Shape):
    """The stratified difference to the incumbent."""

    rd = fields.Number(allow_null=True)
    lower = fields.Number(allow_null=True)
    upper = fields.Number(allow_null=True)
    heterogeneity_p = fields.Number(allow_null=True)
    used = fields.Flag()
    method = fields.Text()
    verdict = fields.Text(allow_null=True)


class PilotVerdictShape(Shape):
    """The verdict of the newest locked plan; ``verdict`` and ``plan`` are null without one."""

    plan = fields.Whole(source="plan.number")
    verdict = fields.Word(choices=VERDICTS)
    models = ModelVerdictShape(many=True)
    pooled = serializers.SerializerMethodField()
    margin = fields.DecimalText(source="plan.margin")
    lots = fields.Whole()
    lots_planned = fields.Whole(source="plan.lots")
    open_ap_high = fields.Whole()

    def get_pooled(self, results: PilotResults) -> dict[str, Any] | None:
        """The pooled difference; null before the first unit."""
        judged: PilotVerdict | None = results.judged
        return None if judged is None else dict(PooledShape(judged.pooled).data)
