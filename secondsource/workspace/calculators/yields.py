"""Calculators of sample sizes, yields and the pilot verdict."""

from __future__ import annotations

from typing import Any

from qualification import pilot, proportions, sample_size, strata
from qualification.house_rules import PilotPolicy
from secondsource.workspace.calculators import field, output
from secondsource.workspace.calculators.declaration import Calculator, Values, in_area, says
from secondsource.workspace.calculators.output import p_value, pct, points, shown, whole, yes_no

_OPEN: dict[str, Any] = {"above": 0, "below": 1}
_CONFIDENCE = field.number("C", "Confidence", 0.95, argument="confidence", **_OPEN)
_RELIABILITY = field.number("R", "Reliability", 0.99, argument="reliability", **_OPEN)
_ALPHA = field.number("alpha", "Significance, one-sided", default=0.05, policy="alpha", **_OPEN)
_WIDTH: dict[str, Any] = {"low": 0, "below": 1, "shown_as": output.as_width}
_MARGIN = field.number("margin", "Margin", default=0.02, policy="margin",
                       note="absolute: 0.02 is two points", **_WIDTH)  # fmt: skip
_OPTIONAL_MARGIN = field.number("margin", "Margin", 0.02, optional=True, **_WIDTH)
_FOUR = (
    field.integer("x1", "New good", 196, low=0),
    field.integer("n1", "New built", 200, low=1),
    field.integer("x2", "Incumbent good", 1970, low=0),
    field.integer("n2", "Incumbent built", 2000, low=1),
)
_STRATA = field.rows(
    "strata", "Product models",
    [[[97, 3], [485, 15]], [[188, 12], [570, 30]], [[49, 1], [294, 6]]], of=strata.stratum,
    columns=(field.integer("0.0", "New good"), field.integer("0.1", "New failed"),
             field.integer("1.0", "Incumbent good"), field.integer("1.1", "Incumbent failed")),
)  # fmt: skip
_NO_PROOF = "That is no proof that the yields are the same; ask for non-inferiority."


def differs(p: float | None) -> bool:
    """Whether a plain test of difference reads as different; the sentence names the level."""
    return p is not None and p < 0.05


def _clopper_pearson(*, passed: int, built: int, alpha: float = 0.05) -> Values:
    found = proportions.clopper_pearson(passed=passed, built=built, alpha=alpha)
    return {
        "point": found.point,
        "two_sided": [found.lower, found.upper],
        "one_sided_lower_95": proportions.lower_bound(found.passed, found.built, 0.05),
        "one_sided_upper_95": proportions.upper_bound(found.passed, found.built, 0.05),
        "method": found.method,
    }


def _difference(**given: Any) -> Values:
    found = strata.risk_difference(**given)
    at_95 = strata.risk_difference(given["strata"], alpha=0.05)
    return {
        "pooled_naive_rd": found.crude,
        "rd": found.difference,
        "se_sato": found.standard_error,
        "lower95_one_sided": at_95.lower,
        "lower": found.lower,
        "upper": found.upper,
        "noninferior": found.noninferior,
        "method": found.method,
    }


def _undecided(known: Values) -> str:
    needs = [
        f" {one['model']} needs {output.many(one['good_units_to_decide'], 'more good unit')}"
        for one in known["models"]
        if one["good_units_to_decide"]
    ]
    return f"Not enough data.{','.join(needs)}{'.' if needs else ''}"


def _pooled(known: Values) -> str:
    p, least = known["p_homogeneity"], known["heterogeneity_p"]
    side = "below" if p is not None and p < least else "not below"
    level = f"(p {{p_homogeneity:heterogeneity_p}} that they share one effect, {side} {least:g})"
    models = "Do not pool the models" if side == "below" else "The models may be pooled"
    found = "differs" if differs(known["p_no_corr"]) else "is not shown to differ"
    below = "below" if differs(known["p_no_corr"]) else "not below"
    return (
        f"{models}{'' if p is None else ' ' + level}; within them the new source {found} "
        f"(p {{p_no_corr:level}}, {below} the customary 0.05)."
    )


def _reasons(known: Values) -> str:
    return " ".join(known["reasons"])


_BETWEEN = "New less incumbent: {%s}, between {lower:margin} and {upper}."
_CALCULATORS = (
    Calculator(
        "success-run", "Success run", "Units to test without a failure to show a reliability.",
        formula="n = ⌈ln(1 − C) ÷ ln R⌉, classical (the Bayes form needs one less)",
        where="C confidence, R reliability", source="Success-run theorem, VDA and SAE use",
        inputs=(_CONFIDENCE, _RELIABILITY),
        outputs=shown(n=whole("Units to test"), raw=output.figure("Before rounding up")),
        compute=sample_size.success_run,
        says=says("Test {n:unit} without a failure to show a reliability of {R} with {C} "
                  "confidence.", note="One failure on the way, and this plan has shown nothing."),
    ),
    Calculator(
        "binomial-plan", "Test plan with failures",
        "Units to test when some failures are allowed.",
        formula="smallest n with P(X ≤ f | n, 1 − R) ≤ 1 − C",
        where="X failures, f allowed, C confidence, R reliability", source="Exact binomial",
        inputs=(_CONFIDENCE, _RELIABILITY,
                field.integer("allowed_failures", "Failures allowed", 1, low=0, high=10000)),
        outputs=shown(n=whole("Units to test")), compute=sample_size.binomial_plan,
        says=says("Test {n:unit}: with up to {allowed_failures:failure} they show a reliability of "
                  "{R} with {C} confidence."),
    ),
    Calculator(
        "noninferiority-size", "Units for non-inferiority",
        "Units to show that the new yield is not worse by more than the margin.",
        formula="n = (z₁₋α + z_power)²·2p(1 − p) ÷ m² an arm; unequal arms n·(1 + 1/r) ÷ 2",
        where="p yield of both, m margin, α significance, r incumbent units per new unit",
        source="Normal approximation",
        inputs=(field.number("p_both", "Yield of both", 0.98, **_OPEN),
                field.number("margin", "Margin", 0.02, low=0.000001, below=1,
                             shown_as=output.as_width), _ALPHA,
                field.number("power", "Power, the chance to show it", default=0.8, **_OPEN),
                field.number("ratio", "Incumbent units per new unit", above=0, high=1e6, default=1),
                field.integer("incumbent_units", "Incumbent units at hand", low=1, optional=True)),
        outputs=shown(n=whole("New units"), n_incumbent=whole("Incumbent units")),
        compute=sample_size.noninferiority_size,
        policy=PilotPolicy, house_rule="The significance is our own.",
        says=says("Build {n:new unit} against {n_incumbent:incumbent unit} to show that a yield of "
                  "{p_both} is not worse by {margin}."),
    ),
    Calculator(
        "clopper-pearson", "Exact interval of a yield",
        "What a number of good units says about the true yield.",
        formula="beta quantiles: B(α/2; x, n − x + 1) and B(1 − α/2; x + 1, n − x)",
        where="x good, n built, α significance, B quantile of the beta distribution",
        source="Clopper and Pearson 1934",
        inputs=(field.integer("pass", "Good", 498, argument="passed", low=0),
                field.integer("n", "Built", 500, argument="built", low=1),
                field.number("alpha", "Significance, two-sided", default=0.05, **_OPEN)),
        outputs=shown(point=pct("Yield seen"), two_sided=pct("Interval, two-sided"),
                      one_sided_lower_95=pct("Lower bound, one-sided 95 %"),
                      one_sided_upper_95=pct("Upper bound, one-sided 95 %")),
        compute=_clopper_pearson,
        says=says("{pass} of {n} good is {point}; the true yield is in the interval {two_sided}, "
                  "at least {one_sided_lower_95} with 95 % one-sided confidence."),
    ),
    Calculator(
        "fisher-exact", "Fisher's exact test", "Whether two small failure counts differ.",
        formula="hypergeometric; two-sided: all tables no more probable than the one seen",
        source="Fisher 1935",
        inputs=(field.record("table", "Units", [[5, 95], [2, 298]],
                             columns=(field.integer("0.0", "New source, failed"),
                                      field.integer("0.1", "New source, good"),
                                      field.integer("1.0", "Incumbent, failed"),
                                      field.integer("1.1", "Incumbent, good"))),),
        outputs=shown(p_two_sided=p_value("p, two-sided"),
                      p_greater_new_fails_more=p_value("p, new fails more")),
        compute=proportions.fisher_exact,
        says=says("The failure counts differ: p {p_two_sided:level}, below the customary 0.05.",
                  "warn", p_two_sided=differs)
        .otherwise("A difference is not shown: p {p_two_sided:level}, not below the customary "
                   "0.05.", note="That is no proof that they are equal."),
    ),
    Calculator(
        "two-proportion-z", "Two yields, large counts",
        "Whether two yields differ; not a proof that they are the same.",
        formula="z = (p₁ − p₂) ÷ √(p(1 − p)(1/n₁ + 1/n₂)), p pooled",
        where="p yield, n built; 1 new, 2 incumbent", source="Textbook", inputs=_FOUR,
        outputs=shown(z=output.figure("z"), p_two_sided=p_value("p, two-sided"),
                      enough=yes_no("Enough data")),
        compute=proportions.two_proportion_z,
        says=says("Not enough data: no unit failed, or none was good, so nothing can be compared.",
                  "warn", "Units of both kinds would decide it.", enough=False)
        .otherwise("The yields differ: z {z}, p {p_two_sided:level}, below the customary 0.05.",
                   "warn", p_two_sided=differs)
        .otherwise("A difference is not shown: z {z}, p {p_two_sided:level}, not below the "
                   "customary 0.05.", note=_NO_PROOF),
    ),
    Calculator(
        "farrington-manning", "Non-inferiority of a yield",
        "Whether the new yield is less than a margin below the incumbent's.",
        formula="z = (p₁ − p₂ + m) ÷ √(q₁(1 − q₁)/n₁ + q₂(1 − q₂)/n₂), q fitted at −m",
        where="p yields seen, q yields fitted under the null, m margin, n built; 1 new, "
        "2 incumbent", source="Farrington and Manning 1990, closed form",
        inputs=(field.integer("pass_new", "New good", 196, argument="passed_new", low=0),
                field.integer("n_new", "New built", 200, argument="built_new", low=1),
                field.integer("pass_inc", "Incumbent good", 1970, argument="passed_incumbent",
                              low=0),
                field.integer("n_inc", "Incumbent built", 2000, argument="built_incumbent", low=1),
                _MARGIN, _ALPHA),
        outputs=shown(z=output.figure("z"), p_one_sided=p_value("p, one-sided"),
                      p1_null=pct("New yield fitted at the margin", "new_null"),
                      p2_null=pct("Incumbent's yield fitted at the margin", "incumbent_null"),
                      noninferior=yes_no("Not worse by more than the margin")),
        compute=proportions.farrington_manning,
        policy=PilotPolicy, house_rule="The margin and the significance are our own.",
        says=says("Shown: the new yield is less than {margin} below the incumbent's (z {z}, p "
                  "{p_one_sided:alpha}).", "good", noninferior=True)
        .otherwise("Not shown that the new yield is less than {margin} below the incumbent's (z "
                   "{z}, p {p_one_sided:alpha}).", "warn",
                   "More units, or a margin that was wider from the start, would decide it."),
    ),
    Calculator(
        "newcombe", "Interval of a yield difference",
        "New minus incumbent, from two Wilson limits.",
        formula="L = d − √((p₁ − l₁)² + (u₂ − p₂)²)",
        where="d difference, p yields, l₁, u₂ Wilson limits; 1 new, 2 incumbent",
        source="Newcombe 1998, method 10",
        inputs=(*_FOUR, field.number("alpha_two_sided", "Significance, two-sided",
                                     argument="alpha", default=0.1, **_OPEN), _OPTIONAL_MARGIN),
        outputs=shown(difference=points("Difference, new less incumbent"),
                      lower=points("Lower bound"), upper=points("Upper bound"),
                      noninferior=yes_no("Not worse by more than the margin")),
        compute=proportions.newcombe,
        says=says(_BETWEEN % "difference", noninferior=None)
        .otherwise(_BETWEEN % "difference" + " Not worse by {margin}.", "good", noninferior=True)
        .otherwise(_BETWEEN % "difference" + " Not worse by {margin} is not shown.", "warn"),
    ),
    Calculator(
        "cmh", "Common effect over models",
        "Whether the models share an effect, and whether they may be pooled.",
        formula="Cochran-Mantel-Haenszel χ²; Breslow-Day with Tarone's correction",
        source="Mantel and Haenszel 1959; Breslow and Day 1980; Tarone 1985", inputs=(_STRATA,),
        outputs=shown(chi2_no_corr=output.figure("χ² without correction", "chi2"),
                      p_no_corr=p_value("p without correction", "p"),
                      chi2_corr=output.figure("χ² with correction", "chi2_corrected"),
                      p_corr=p_value("p with correction", "p_corrected"),
                      or_mh=output.figure("Common odds ratio", "odds_ratio"),
                      breslow_day_tarone=output.figure("Breslow–Day–Tarone"),
                      p_homogeneity=p_value("p that the models share one effect"),
                      informative_strata=whole("Models with information", "informative")),
        compute=strata.common_effect,
        policy=PilotPolicy, house_rule="The least p at which models may be pooled is our own.",
        says=says("Not enough data: no model has both good and failed units in it.", "warn",
                  chi2_no_corr=None).otherwise(_pooled),
    ),
    Calculator(
        "mh-risk-difference", "Stratified yield difference",
        "New minus incumbent within models; crude pooling can mislead.",
        formula="Σ(x₁n₂ − x₂n₁)/N ÷ Σ n₁n₂/N, variance (RD·P + Q) ÷ W²",
        where="x good, n built, N = n₁ + n₂ per model; 1 new, 2 incumbent; P, Q, W after Sato",
        source="Mantel-Haenszel; Sato 1989", inputs=(_STRATA, _OPTIONAL_MARGIN, _ALPHA),
        outputs=shown(pooled_naive_rd=points("Crude difference, all models thrown together"),
                      rd=points("Stratified difference"), se_sato=output.width("Standard error"),
                      lower95_one_sided=points("Lower bound, one-sided 95 %"),
                      lower=points("Lower bound"), upper=points("Upper bound"),
                      noninferior=yes_no("Not worse by more than the margin")),
        compute=_difference, policy=PilotPolicy, house_rule="The significance is our own.",
        says=says("Not enough data: an arm has no failure in any model, so the variance proves "
                  "nothing.", "warn",
                  "The pilot verdict then takes Farrington–Manning on the summed counts.",
                  lower=None)
        .otherwise(_BETWEEN % "rd", noninferior=None)
        .otherwise(_BETWEEN % "rd" + " Not worse by {margin}.", "good", noninferior=True)
        .otherwise(_BETWEEN % "rd" + " Not worse by {margin} is not shown.", "warn"),
    ),
    Calculator(
        "pilot-verdict", "Pilot verdict",
        "Pass, fail or not enough data over all product models, with what would decide it.",
        formula="every lower bound ≥ its floor, pooled lower bound > −m, no AP-High open",
        where="m margin; bounds one-sided, per model exact, the pooled difference stratified",
        source="House gate from Clopper-Pearson 1934, Sato 1989, Breslow-Day-Tarone",
        inputs=(field.rows(
                    "models", "Product models",
                    [{"model": "M1", "passed": 496, "built": 500, "incumbent_passed": 19700,
                      "incumbent_built": 20000, "floor": 0.965},
                     {"model": "M2", "passed": 109, "built": 110, "incumbent_passed": 5074,
                      "incumbent_built": 5120, "floor": 0.971}],
                    of=pilot.ModelBuild, most=pilot.MOST_MODELS,
                    note="a floor left empty is the incumbent's yield less the margin",
                    columns=(field.text("model", "Model"), field.integer("passed", "Good"),
                             field.integer("built", "Started"),
                             field.integer("incumbent_passed", "Incumbent good", default=0),
                             field.integer("incumbent_built", "Incumbent started", default=0),
                             field.number("floor", "Floor", optional=True, share=True))),
                _MARGIN, field.integer("open_ap_high", "Open AP-High rows", low=0, default=0)),
        outputs=shown(
            verdict=output.word("Verdict"),
            models=output.plain("By product model", columns=shown(
                model=output.plain("Model"), point=pct("Yield"),
                lower=pct("Lower", against="floor"), upper=pct("Upper", against="floor"),
                floor=pct("Floor", against="lower"),
                good_units_to_decide=whole("More good units"), verdict=output.word("Verdict"))),
            pooled=output.plain("Difference to the incumbent", columns=shown(
                method=output.word("Method"), rd=points("Difference"), lower=points("Lower"),
                upper=points("Upper"), heterogeneity_p=p_value("p of homogeneity"),
                used=yes_no("Used"), verdict=output.word("Verdict"))),
            reasons=output.plain("Why")),
        compute=lambda policy, **given: pilot.pilot_verdict(
            alpha=policy.alpha, heterogeneity_p=policy.heterogeneity_p, **given),
        policy=PilotPolicy,
        house_rule="The gate, its margin, its significance and the test for pooling are our own.",
        says=says("Pass: every model reaches its floor.", "good", _reasons, verdict="pass")
        .otherwise("Fail.", "bad", _reasons, verdict="fail")
        .otherwise(_undecided, "warn", _reasons),
    ),
)  # fmt: skip
CALCULATORS = in_area("statistics", *_CALCULATORS)
