"""Forms of pilot builds: plan and result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms

from parts.models import Product
from qualification.house_rules import PilotPolicy
from qualification.models import Case, PilotModel, PilotParameter, PilotPlan
from qualification.pilot_lot_forms import LotLines
from qualification.pilot_sizes import Arm, Proposal, propose
from qualification.pilot_verdicts import draft_plan, locked_plan
from qualification.services.pilot_builds import BuildResult
from qualification.services.pilot_plans import (
    PlannedModel,
    PlannedParameter,
    PlannedPilot,
    floor_of,
)
from secondsource.accounts.models import Plant, User
from secondsource.core import policies
from secondsource.core.form_fields import (
    IsoDateField,
    PointDecimalField,
    PointFloatField,
    WholeField,
)
from secondsource.core.shares import ShareField

MOST_UNITS = 10_000_000
#: Empty lines of a plan's parameters and of a result's defects.
EXTRA_PARAMETERS, DEFECT_LINES = 3, 5
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class ModelLine:
    """A product of the plan's form with its fields; ``proposal`` is what its units should be."""

    product: Product
    included: forms.BoundField
    good: forms.BoundField
    started: forms.BoundField
    floor: forms.BoundField
    units: forms.BoundField
    rerun: forms.BoundField | None
    proposal: Proposal | None


class PilotPlanForm(LotLines):
    """A plan: a line for each product that uses the part, lines of lots and of parameters."""

    margin = PointDecimalField(
        max_digits=5, decimal_places=2, label="Margin of the difference",
        help_text="In yield points below the incumbent that are still accepted.",
    )  # fmt: skip
    confidence = ShareField(label="Confidence", help_text="One-sided, such as 95 %.")
    lots = WholeField(
        min_value=1, max_value=1000, label="Lots of the alternate",
        help_text="The least number of lots that the builds come from.",
    )  # fmt: skip
    reason = forms.CharField(
        max_length=300, required=False, label="Why a new version",
        help_text="Shown with the plan and in the history.",
    )  # fmt: skip
    note = forms.CharField(widget=forms.Textarea, max_length=2000, required=False)

    def __init__(
        self, *args: Any, case: Case, user: User, without: str = "", **options: Any
    ) -> None:
        self.draft, self.locked = draft_plan(case), locked_plan(case)
        shown = self.draft or self.locked
        options.setdefault("initial", self._initial(shown))
        super().__init__(*args, **options)
        self.fields["reason"].required = self.locked is not None
        if self.locked is None:
            del self.fields["reason"]
        rows = {row.product_id: row for row in shown.models.all()} if shown else {}
        using = Product.objects.visible_to(user).filter(usages__part=case.part_id)
        wanted = using.exclude(phase=Product.Phase.END_OF_LIFE) | Product.objects.filter(
            pk__in=rows
        )
        self.products = list(wanted.distinct().order_by("code"))
        for product in self.products:
            row = rows.get(product.pk)
            included = row is not None if shown else product.part_id is None
            included = included and product.code != without
            self._add_model(product, row, included=included)
        self.parameters = list(shown.parameters.all()) if shown else _of_requirements(case)
        self.parameter_lines = len(self.parameters) + EXTRA_PARAMETERS
        for index in range(self.parameter_lines):
            given = self.parameters[index] if index < len(self.parameters) else PilotParameter()
            self._add_parameter(index, given)
        self.add_lots(case, list(shown.planned_lots.all()) if shown else [])

    @staticmethod
    def _initial(shown: PilotPlan | None) -> dict[str, Any]:
        if shown is not None:
            again = {} if shown.locked_at else {"reason": shown.reason}
            return {
                "margin": shown.margin * _HUNDRED, "confidence": shown.confidence,
                "lots": shown.lots, "note": shown.note, **again,
            }  # fmt: skip
        policy, _ = policies.active(PilotPolicy)
        margin, alpha = Decimal(str(policy.margin)), Decimal(str(policy.alpha))
        return {"margin": margin * _HUNDRED, "confidence": 1 - alpha, "lots": 1}

    def _add_model(self, product: Product, row: PilotModel | None, *, included: bool) -> None:
        key, code = product.pk, product.code
        self.fields[f"in-{key}"] = forms.BooleanField(
            required=False, initial=included, label=f"Build {code}"
        )
        counts = {"good": "incumbent_good", "started": "incumbent_started"}
        for name, attribute in counts.items():
            self.fields[f"{name}-{key}"] = WholeField(
                min_value=0, max_value=2_000_000_000, required=False,
                initial=getattr(row, attribute) if row else None, label=f"Incumbent {name}, {code}",
            )  # fmt: skip
        self.fields[f"floor-{key}"] = ShareField(
            decimal_places=5, required=False, help_text="",
            initial=row.floor.normalize() if row else None, label=f"Floor, {code}",
        )  # fmt: skip
        self.fields[f"units-{key}"] = WholeField(
            min_value=1, max_value=MOST_UNITS, required=False,
            initial=row.units if row else None, label=f"Units, {code}",
        )  # fmt: skip
        if self.locked is not None:
            self.fields[f"rerun-{key}"] = forms.BooleanField(
                required=False, label=f"Count {code} again"
            )

    def _add_parameter(self, index: int, given: PilotParameter) -> None:
        values = {
            "name": given.name, "unit": given.unit, "low": given.lower_limit,
            "high": given.upper_limit, "difference": given.difference,
        }  # fmt: skip
        labels = {
            "name": "Parameter", "unit": "Unit", "low": "Lower limit", "high": "Upper limit",
            "difference": "Equal within",
        }  # fmt: skip
        for name, value in values.items():
            text = {"name": 80, "unit": 20}.get(name)
            options: dict[str, Any] = {"required": False, "initial": value}
            options["label"] = f"{labels[name]}, line {index + 1}"
            self.fields[f"{name}-p{index}"] = (
                forms.CharField(max_length=text, **options) if text else PointFloatField(**options)
            )

    @cached_property
    def proposals(self) -> dict[int, Proposal]:
        """Product → proposed units, from the values as typed or saved; for readable lines only."""
        known = self._known()
        arms = [arm for _, arm in known]
        if not arms:
            return {}
        found = propose(arms, margin=float(self._margin()), confidence=float(self._confidence()))
        return {pk: one for (pk, _), one in zip(known, found, strict=True)}

    def _known(self) -> list[tuple[int, Arm]]:
        arms = []
        for product in self.products:
            started, good = self._value("started", product), self._value("good", product)
            model = PlannedModel(
                product=product, units=1, floor=self._value("floor", product),
                incumbent_good=good or 0, incumbent_started=started or 0,
            )  # fmt: skip
            if not self._value("in", product) or (model.floor is None and not started):
                continue
            floor = float(floor_of(model, self._margin()))
            if 0 < floor < 1 and model.incumbent_good <= model.incumbent_started:
                arms.append((product.pk, Arm(product.code, floor, good or 0, started or 0)))
        return arms

    def _value(self, name: str, product: Product) -> Any:
        key = f"{name}-{product.pk}"
        return self.cleaned_data.get(key) if self.is_bound else self.fields[key].initial

    def _margin(self) -> Decimal:
        found = self.cleaned_data.get("margin") if self.is_bound else self.initial.get("margin")
        return Decimal(found or 2) / _HUNDRED

    def _confidence(self) -> Decimal:
        given = self.cleaned_data if self.is_bound else self.initial
        return Decimal(given.get("confidence") or "0.95")

    @property
    def model_lines(self) -> list[ModelLine]:
        """The lines of the products."""
        return [
            ModelLine(
                product=one, included=self[f"in-{one.pk}"], good=self[f"good-{one.pk}"],
                started=self[f"started-{one.pk}"], floor=self[f"floor-{one.pk}"],
                units=self[f"units-{one.pk}"],
                rerun=self[f"rerun-{one.pk}"] if self.locked else None,
                proposal=self.proposals.get(one.pk),
            )
            for one in self.products
        ]  # fmt: skip

    @property
    def parameter_rows(self) -> list[list[forms.BoundField]]:
        """The lines of the parameters."""
        names = ("name", "unit", "low", "high", "difference")
        return [
            [self[f"{name}-p{index}"] for name in names] for index in range(self.parameter_lines)
        ]

    def clean(self) -> dict[str, Any]:
        """A product that is built needs its units."""
        values = super().clean() or {}
        for product in self._included():
            name = f"units-{product.pk}"
            if values.get(name) is None and name not in self.errors:
                self.add_error(name, "How many units are built?")
        return values

    def _included(self) -> list[Product]:
        return [one for one in self.products if self.cleaned_data.get(f"in-{one.pk}")]

    def planned(self) -> PlannedPilot:
        """The plan for the service."""
        values = self.cleaned_data
        return PlannedPilot(
            models=[self._planned(one) for one in self._included()],
            parameters=[
                PlannedParameter(
                    name=values[f"name-p{i}"], unit=values[f"unit-p{i}"],
                    lower_limit=values[f"low-p{i}"], upper_limit=values[f"high-p{i}"],
                    difference=values[f"difference-p{i}"],
                )
                for i in self._used_lines()
            ],
            planned_lots=self.planned_lots(), margin=values["margin"] / _HUNDRED,
            confidence=values["confidence"], lots=values["lots"],
            reason=values.get("reason", ""), note=values["note"],
        )  # fmt: skip

    def _planned(self, product: Product) -> PlannedModel:
        values, key = self.cleaned_data, product.pk
        return PlannedModel(
            product=product, units=values[f"units-{key}"], floor=values[f"floor-{key}"],
            incumbent_good=values[f"good-{key}"] or 0,
            incumbent_started=values[f"started-{key}"] or 0,
            rerun=values.get(f"rerun-{key}", False),
        )  # fmt: skip

    def _used_lines(self) -> list[int]:
        names = ("name", "low", "high", "difference")
        return [
            index
            for index in range(self.parameter_lines)
            if any(self.cleaned_data.get(f"{n}-p{index}") not in (None, "") for n in names)
        ]

    def pointers(self) -> Mapping[str, str]:
        """Pointer of the service → pointer of the form's field."""
        pointers = (self._model_pointers(), self._parameter_pointers(), self.lot_pointers())
        return dict(pair for pairs in pointers for pair in pairs)

    def _model_pointers(self) -> Iterator[tuple[str, str]]:
        names = {"product": "in", "units": "units", "floor": "floor", "incumbent_good": "good",
                 "incumbent_started": "started"}  # fmt: skip
        for index, product in enumerate(self._included()):
            for name, field in names.items():
                yield f"/models/{index}/{name}", f"/{field}-{product.pk}"

    def _parameter_pointers(self) -> Iterator[tuple[str, str]]:
        names = {"name": "name", "unit": "unit", "lower_limit": "low", "upper_limit": "high",
                 "difference": "difference"}  # fmt: skip
        for index, line in enumerate(self._used_lines()):
            for name, field in names.items():
                yield f"/parameters/{index}/{name}", f"/{field}-p{line}"


def _of_requirements(case: Case) -> list[PilotParameter]:
    """Parameters to begin with: what the part requires with a limit."""
    return [
        PilotParameter(
            name=one.parameter, unit=one.unit, lower_limit=one.minimum, upper_limit=one.maximum
        )
        for one in case.part.requirements.all()
        if one.minimum != one.maximum and (one.minimum is not None or one.maximum is not None)
    ]


class ProductField(forms.ModelChoiceField):
    """A choice of products by code and name."""

    def label_from_instance(self, product: Any) -> str:
        """``KC-210 Motor drive``."""
        return f"{product.code} {product.name}"


class PilotResultForm(forms.Form):
    """The result of a build: units of one model, lot and day, with what failed."""

    product = ProductField(
        Product.objects.none(), label="Product model", empty_label="Choose a model"
    )
    built_on = IsoDateField(label="Built on")
    lot = forms.CharField(max_length=60, label="Lot of the alternate")
    plant = forms.ModelChoiceField(
        queryset=Plant.objects.none(), required=False, empty_label="Not named"
    )
    line = forms.CharField(
        max_length=40, required=False, label="Line or shift", help_text="Such as line 2, shift 1."
    )
    started = WholeField(min_value=1, max_value=MOST_UNITS, label="Started")
    good = WholeField(
        min_value=0, max_value=MOST_UNITS, label="Good at first pass",
        help_text="Units that passed after rework do not count.",
    )  # fmt: skip
    note = forms.CharField(max_length=300, required=False)

    def __init__(self, *args: Any, plan: PilotPlan, **options: Any) -> None:
        super().__init__(*args, **options)
        in_plan = plan.models.values("product")
        products: Any = self.fields["product"]
        products.queryset = Product.objects.filter(pk__in=in_plan).order_by("code")
        plants: Any = self.fields["plant"]
        plants.queryset = Plant.objects.order_by("code")
        for index in range(DEFECT_LINES):
            self.fields[f"defect-{index}"] = forms.CharField(
                max_length=120, required=False, label=f"Defect {index + 1}"
            )
            self.fields[f"count-{index}"] = WholeField(
                min_value=1,
                max_value=MOST_UNITS,
                required=False,
                label=f"Units with defect {index + 1}",
            )

    @property
    def defect_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The lines of what failed."""
        return [(self[f"defect-{i}"], self[f"count-{i}"]) for i in range(DEFECT_LINES)]

    def clean(self) -> dict[str, Any]:
        """A defect has a description and a number of units."""
        values = super().clean() or {}
        for i in range(DEFECT_LINES):
            described, counted = values.get(f"defect-{i}"), values.get(f"count-{i}")
            if described and counted is None and f"count-{i}" not in self.errors:
                self.add_error(f"count-{i}", "In how many units?")
            if counted and not described:
                self.add_error(f"defect-{i}", "Say what failed.")
        return values

    def _used_lines(self) -> Sequence[int]:
        return [i for i in range(DEFECT_LINES) if self.cleaned_data[f"defect-{i}"]]

    def result(self) -> BuildResult:
        """The result for the service."""
        values = self.cleaned_data
        names = ("product", "built_on", "lot", "plant", "line", "started", "good", "note")
        lines = self._used_lines()
        defects = [(values[f"defect-{i}"], values[f"count-{i}"]) for i in lines]
        return BuildResult(**{name: values[name] for name in names}, defects=defects)

    def pointers(self) -> Mapping[str, str]:
        """Pointer of the service → pointer of the form's field."""
        names = {"description": "defect", "count": "count"}
        return {
            f"/defects/{index}/{name}": f"/{field}-{line}"
            for index, line in enumerate(self._used_lines())
            for name, field in names.items()
        }
