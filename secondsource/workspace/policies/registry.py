"""The house rules: class, rights, and checks between values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from incentives import house_rules as incentive_rules
from parts import house_rules as part_rules
from qualification import house_rules as qualification_rules
from qualification.inspection import AQLS
from secondsource.accounts.models.plants import validate_code
from secondsource.core.errors import FieldProblem
from secondsource.core.money import is_currency
from secondsource.workspace import house_rules as workspace_rules
from secondsource.workspace.policies.labels import UNITS, WORDS
from suppliers import house_rules as supplier_rules

RISK, MONEY = "risk", "money"
_MODULES = (supplier_rules, qualification_rules, part_rules, workspace_rules, incentive_rules)
_OF_MONEY = {
    "company", "spend", "targets", "kpi", "savings", "bonus_pool", "contribution", "effort",
    "business_case", "tco",
}  # fmt: skip
#: Stored values that depend on a policy: figures of all sources and parts, or the company's row.
FOLLOWS = {"independence": "sources", "cover": "company", "company": "sources",
           "spend": "sources", "targets": "company"}  # fmt: skip
#: Values that rise in this order, an equal one allowed.
_RISING: dict[str, list[tuple[str, ...]]] = {
    "independence": [("independent_up_to", "nominal_from")],
    "risk": [
        ("medium_from", "high_from"),
        ("unlikely_from", "possible_from", "likely_from", "very_likely_from"),
        ("impact_2_from", "impact_3_from", "impact_4_from", "impact_5_from"),
        ("lead_time_zero_days", "lead_time_full_days"),
    ],
    "standing": [
        ("down_from_probation", "down_from_approved", "up_from_probation"),
        ("down_from_approved", "down_from_preferred", "up_from_approved"),
    ],
    "preferred": [("lead_good_wk", "lead_fair_wk")],
    "delivery": [("days_early", "days_late")],
    "response": [("contain_days", "cause_days", "close_days")],
    "savings": [
        ("window_least", "window_months", "window_most"),
        ("band_low_pct", "band_high_pct"),
    ],
    "bonus_pool": [("least_rate", "most_rate")],
}
#: Weights that add up to 1.
_SUMS: dict[str, list[tuple[str, ...]]] = {
    "risk": [("concentration", "exposure", "lifecycle", "lead_time", "quality", "geo", "esg")],
    "scorecard": [
        ("quality", "delivery", "cost", "response", "technology", "esg"),
        ("dppm_weight", "lar_weight", "scar_weight"),
        ("otd_weight", "otif_weight"),
    ],
}


@dataclass(frozen=True)
class PolicyValue:
    """One value of a policy; its type is that of its default."""

    name: str
    label: str
    unit: str
    default: Any

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The least and the greatest number; None for other types."""
        return UNITS[self.unit]


@dataclass(frozen=True)
class Policy:
    """A house rule with its title and labels."""

    rule: type[Any]
    area: str
    title: str
    about: str
    follows: str = ""
    labels: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of its versions."""
        return str(self.rule.policy_name)

    @property
    def draft_right(self) -> str:
        """Who drafts a version."""
        return f"accounts.draft_{self.area}_policy"

    @property
    def activate_right(self) -> str:
        """Who activates a version that somebody else drafted."""
        return f"accounts.activate_{self.area}_policy"

    @cached_property
    def values(self) -> list[PolicyValue]:
        """Its values in the order of the class."""
        return [
            PolicyValue(f.name, *self.labels.get(f.name, (_plain(f.name), "")), f.default)
            for f in fields(self.rule)
        ]

    def problems(self, chosen: Any) -> Iterator[FieldProblem]:
        """Problems between values, each at the last value concerned."""
        labels = {value.name: value.label for value in self.values}
        for names in _RISING.get(self.name, ()):
            for low, high in pairwise(names):
                if getattr(chosen, low) > getattr(chosen, high):
                    detail = f"This is below “{labels[low]}”."
                    yield FieldProblem(f"/values/{high}", "out_of_order", detail)
        for names in _SUMS.get(self.name, ()):
            total = sum((Decimal(str(getattr(chosen, name))) for name in names), Decimal(0))
            if total != 1:
                detail = f"The weights of this group add up to {total.normalize():f}, not to 1."
                yield FieldProblem(f"/values/{names[-1]}", "weights_not_one", detail)
        for name, check in _CHECKS.items():
            if hasattr(chosen, name) and (said := check(getattr(chosen, name))):
                yield FieldProblem(f"/values/{name}", "invalid", said)


def _prefix(text: str) -> str:
    good = validate_code.regex.match(text)  # type: ignore[union-attr]
    return "" if good else str(validate_code.message)


_CHECKS: dict[str, Callable[[str], str]] = {
    "aql": lambda text: "" if text in AQLS else f"Write one of {', '.join(AQLS)}.",
    "currency": lambda code: "" if is_currency(code) else "Write an ISO 4217 code such as EUR.",
    "unsorted_prefix": _prefix,
}


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _policies() -> Iterator[Policy]:
    for module in _MODULES:
        for rule in vars(module).values():
            name = getattr(rule, "policy_name", "")
            if not name or rule.__module__ != module.__name__:
                continue
            title, about, labels = WORDS.get(name, (_plain(name), rule.__doc__ or "", {}))
            area = MONEY if name in _OF_MONEY else RISK
            yield Policy(rule, area, title, about, FOLLOWS.get(name, ""), labels)


POLICIES: dict[str, Policy] = {policy.name: policy for policy in _policies()}
