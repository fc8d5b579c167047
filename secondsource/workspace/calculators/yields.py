"""Calculators of yields: intervals, non-inferiority, strata, the pilot verdict."""

from __future__ import annotations

from typing import Any

from qualification import pilot, proportions
from qualification.house_rules import PilotPolicy
from qualification.strata import Stratum, common_effect, risk_difference, stratum
from secondsource.core import inputs
from secondsource.workspace.calculators.base import Calculator, pick, records
from secondsource.workspace.calculators.fields import column, integer, listing, number, rows

_AREA = "statistics"


def _clopper_pearson(*, passed: int, built: int, alpha: float = 0.05) -> dict[str, Any]:
    found = proportions.clopper_pearson(passed=passed, built=built, alpha=alpha)
    return {
        "point": found.point,
        "two_sided": [found.lower, found.upper],
        "one_sided_lower_95": proportions.lower_bound(found.passed, found.built, 0.05),
        "one_sided_upper_95": proportions.upper_bound(found.passed, found.built, 0.05),
        "method": found.method,
    }


def _fisher(*, table: list[list[int]]) -> dict[str, Any]:
    return pick(
        proportions.fisher_exact(table),
        p_two_sided="p_two_sided",
        p_greater_new_fails_more="p_greater_new_fails_more",
    )


def _two_proportion(**given: Any) -> dict[str, Any]:
    found = proportions.two_proportion_z(**given)
    return pick(found, z="z", p_two_sided="p_two_sided", enough="enough")


def _farrington_manning(**given: Any) -> dict[str, Any]:
    return pick(
        proportions.farrington_manning(**given),
        z="z",
        p_one_sided="p_one_sided",
        p1_null="new_null",
        p2_null="incumbent_null",
        noninferior="noninferior",
    )


def _newcombe(**given: Any) -> dict[str, Any]:
    found = proportions.newcombe(**given)
    names = ("difference", "lower", "upper", "noninferior")
    return pick(found, **{name: name for name in names})


def _cmh(*, strata: list[Stratum]) -> dict[str, Any]:
    return pick(
        common_effect(strata),
        chi2_no_corr="chi2",
        p_no_corr="p",
        chi2_corr="chi2_corrected",
        p_corr="p_corrected",
        or_mh="odds_ratio",
        breslow_day_tarone="breslow_day_tarone",
        p_homogeneity="p_homogeneity",
        informative_strata="informative",
    )


def _difference(
    *, strata: list[Stratum], margin: float | None = None, alpha: float = 0.05
) -> dict[str, Any]:
    found = risk_difference(strata, margin=margin, alpha=alpha)
    at_95 = risk_difference(strata, alpha=0.05)
    return {
        **pick(found, pooled_naive_rd="crude", rd="difference", se_sato="standard_error"),
        "lower95_one_sided": at_95.lower,
        "lower": found.lower,
        "upper": found.upper,
        "noninferior": found.noninferior,
    }


def _strata(path: str, value: Any) -> list[Stratum]:
    entries = inputs.sequence(path, value)
    return [stratum(f"{path}.{i}", entry) for i, entry in enumerate(entries)]


def _models(path: str, value: Any) -> list[pilot.ModelBuild]:
    required = ("model", "passed", "built")
    optional = ("incumbent_passed", "incumbent_built", "floor")
    entries = records(path, value, required=required, optional=optional, most=pilot.MOST_MODELS)
    return [pilot.ModelBuild(**entry) for entry in entries]


def _verdict(
    *, models: list[pilot.ModelBuild], policy: PilotPolicy, **given: Any
) -> dict[str, Any]:
    found = pilot.pilot_verdict(
        models, alpha=policy.alpha, heterogeneity_p=policy.heterogeneity_p, **given
    )
    return pick(found, verdict="verdict", models="models", pooled="pooled", reasons="reasons")


MARGIN = number(
    "margin",
    "Margin",
    low=0,
    below=1,
    required=False,
    default=0.02,
    policy="margin",
    example=0.02,
    note="absolute: 0.02 is two points",
)
ALPHA = number(
    "alpha",
    "Significance, one-sided",
    above=0,
    below=1,
    required=False,
    default=0.05,
    policy="alpha",
    example=0.05,
)
_FOUR = (
    integer("x1", "New good", low=0, example=196),
    integer("n1", "New built", low=1, example=200),
    integer("x2", "Incumbent good", low=0, example=1970),
    integer("n2", "Incumbent built", low=1, example=2000),
)
_STRATA = rows(
    "strata",
    "Product models",
    columns=(
        column((0, 0), "New good", "integer"),
        column((0, 1), "New failed", "integer"),
        column((1, 0), "Incumbent good", "integer"),
        column((1, 1), "Incumbent failed", "integer"),
    ),
    example=[[[97, 3], [485, 15]], [[188, 12], [570, 30]], [[49, 1], [294, 6]]],
    read=_strata,
)

CALCULATORS = (
    Calculator(
        name="clopper-pearson",
        area=_AREA,
        title="Exact interval of a yield",
        purpose="What a number of good units says about the true yield.",
        formula="beta quantiles: B(α/2; x, n − x + 1) and B(1 − α/2; x + 1, n − x)",
        where="x good, n built, α significance, B quantile of the beta distribution",
        source="Clopper and Pearson 1934",
        fields=(
            integer("pass", "Good", argument="passed", low=0, example=498),
            integer("n", "Built", argument="built", low=1, example=500),
            number(
                "alpha",
                "Significance, two-sided",
                above=0,
                below=1,
                required=False,
                default=0.05,
                example=0.05,
            ),
        ),
        outputs=("two_sided", "one_sided_lower_95"),
        compute=_clopper_pearson,
    ),
    Calculator(
        name="fisher-exact",
        area=_AREA,
        title="Fisher's exact test",
        purpose="Whether two small failure counts differ.",
        formula="hypergeometric; two-sided: all tables no more probable than the one seen",
        source="Fisher 1935",
        fields=(
            listing(
                "table",
                "Units",
                heads=("New source", "Incumbent"),
                columns=(column(0, "Failed", "integer"), column(1, "Good", "integer")),
                example=[[5, 95], [2, 298]],
            ),
        ),
        outputs=("p_two_sided", "p_greater_new_fails_more"),
        compute=_fisher,
    ),
    Calculator(
        name="two-proportion-z",
        area=_AREA,
        title="Two yields, large counts",
        purpose="Whether two yields differ; not a proof that they are the same.",
        formula="z = (p₁ − p₂) ÷ √(p(1 − p)(1/n₁ + 1/n₂)), p pooled",
        where="p yield, n built; 1 new, 2 incumbent",
        source="Textbook",
        fields=_FOUR,
        outputs=("z", "p_two_sided"),
        compute=_two_proportion,
    ),
    Calculator(
        name="farrington-manning",
        area=_AREA,
        title="Non-inferiority of a yield",
        purpose="Whether the new yield is less than a margin below the incumbent's.",
        formula="z = (p₁ − p₂ + m) ÷ √(q₁(1 − q₁)/n₁ + q₂(1 − q₂)/n₂), q fitted at −m",
        where=(
            "p yields seen, q yields fitted under the null, m margin, n built; 1 new, 2 incumbent"
        ),
        source="Farrington and Manning 1990, closed form",
        fields=(
            integer("pass_new", "New good", argument="passed_new", low=0, example=196),
            integer("n_new", "New built", argument="built_new", low=1, example=200),
            integer("pass_inc", "Incumbent good", argument="passed_incumbent", low=0, example=1970),
            integer("n_inc", "Incumbent built", argument="built_incumbent", low=1, example=2000),
            MARGIN,
            ALPHA,
        ),
        outputs=("z", "p_one_sided", "p1_null", "p2_null", "noninferior"),
        policy=PilotPolicy,
        house_rule="The margin and the significance are our own.",
        compute=_farrington_manning,
    ),
    Calculator(
        name="newcombe",
        area=_AREA,
        title="Interval of a yield difference",
        purpose="New minus incumbent, from two Wilson limits.",
        formula="L = d − √((p₁ − l₁)² + (u₂ − p₂)²)",
        where="d difference, p yields, l₁, u₂ Wilson limits; 1 new, 2 incumbent",
        source="Newcombe 1998, method 10",
        fields=(
            *_FOUR,
            number(
                "alpha_two_sided",
                "Significance, two-sided",
                argument="alpha",
                above=0,
                below=1,
                required=False,
                default=0.1,
                example=0.1,
            ),
            number("margin", "Margin", low=0, below=1, required=False, example=0.02),
        ),
        outputs=("lower", "upper", "noninferior"),
        compute=_newcombe,
    ),
    Calculator(
        name="cmh",
        area=_AREA,
        title="Common effect over models",
        purpose="Whether the models share an effect, and whether they may be pooled.",
        formula="Cochran-Mantel-Haenszel χ²; Breslow-Day with Tarone's correction",
        source="Mantel and Haenszel 1959; Breslow and Day 1980; Tarone 1985",
        fields=(_STRATA,),
        outputs=(
            "chi2_no_corr",
            "p_no_corr",
            "chi2_corr",
            "p_corr",
            "or_mh",
            "breslow_day_tarone",
            "p_homogeneity",
        ),
        compute=_cmh,
        policy=PilotPolicy,
        house_rule="The least p at which models may be pooled is our own.",
    ),
    Calculator(
        name="mh-risk-difference",
        area=_AREA,
        title="Stratified yield difference",
        purpose="New minus incumbent within models; crude pooling can mislead.",
        formula="Σ(x₁n₂ − x₂n₁)/N ÷ Σ n₁n₂/N, variance (RD·P + Q) ÷ W²",
        where="x good, n built, N = n₁ + n₂ per model; 1 new, 2 incumbent; P, Q, W after Sato",
        source="Mantel-Haenszel; Sato 1989",
        fields=(
            _STRATA,
            number("margin", "Margin", low=0, below=1, required=False, example=0.02),
            ALPHA,
        ),
        outputs=("pooled_naive_rd", "rd", "se_sato", "lower95_one_sided", "noninferior"),
        policy=PilotPolicy,
        house_rule="The significance is our own.",
        compute=_difference,
    ),
    Calculator(
        name="pilot-verdict",
        area=_AREA,
        title="Pilot verdict",
        purpose="Pass, fail or not enough data over all product models, with what would decide it.",
        formula="every lower bound ≥ its floor, pooled lower bound > −m, no AP-High open",
        where="m margin; bounds one-sided, per model exact, the pooled difference stratified",
        source="House gate from Clopper-Pearson 1934, Sato 1989, Breslow-Day-Tarone",
        fields=(
            rows(
                "models",
                "Product models",
                note="a floor left empty is the incumbent's yield less the margin",
                columns=(
                    column("model", "Model", "text"),
                    column("passed", "Good", "integer"),
                    column("built", "Started", "integer"),
                    column("incumbent_passed", "Incumbent good", "integer", required=False),
                    column("incumbent_built", "Incumbent started", "integer", required=False),
                    column("floor", "Floor", required=False, share=True),
                ),
                example=[
                    {
                        "model": "M1",
                        "passed": 496,
                        "built": 500,
                        "incumbent_passed": 19700,
                        "incumbent_built": 20000,
                        "floor": 0.965,
                    },
                    {
                        "model": "M2",
                        "passed": 109,
                        "built": 110,
                        "incumbent_passed": 5074,
                        "incumbent_built": 5120,
                        "floor": 0.971,
                    },
                ],
                read=_models,
            ),
            MARGIN,
            integer(
                "open_ap_high", "Open AP-High rows", low=0, required=False, default=0, example=0
            ),
        ),
        outputs=("verdict", "models", "pooled"),
        policy=PilotPolicy,
        hands_policy=True,
        house_rule="The gate, its margin, its significance and the test for pooling are our own.",
        compute=_verdict,
    ),
)
