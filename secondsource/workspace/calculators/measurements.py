"""Calculators of measured parameters: capability and equivalence."""

from __future__ import annotations

from typing import Any

from qualification import capability, equivalence
from secondsource.workspace.calculators.base import Calculator, pick
from secondsource.workspace.calculators.fields import integer, listing, number

_AREA = "statistics"
_NEW = [10.02, 10.05, 9.98, 10.01, 10.03, 9.99, 10.04, 10.0, 10.02, 10.01]
_INCUMBENT = [10.0, 10.03, 9.97, 10.02, 9.99, 10.01, 9.98, 10.0]
_DATA = [4.98, 5.01, 5.03, 4.99, 5.0, 5.02, 4.97, 5.01, 5.0, 5.04, 4.99, 5.02, 5.0, 4.98, 5.01]


def _capability(**given: Any) -> dict[str, Any]:
    return pick(
        capability.capability(**given),
        mean="mean",
        s_overall="s_overall",
        Pp="pp",
        Ppk="ppk",
        Ppk_lower="ppk_lower",
        Rbar="mean_range",
        d2="d2",
        s_within="s_within",
        Cp="cp",
        Cpk="cpk",
        subgroups="subgroups",
        enough="enough",
    )


def _ppk_bound(**given: Any) -> dict[str, Any]:
    return pick(capability.ppk_bound(**given), lower="lower")


def _cp_bound(**given: Any) -> dict[str, Any]:
    return pick(capability.cp_bound(**given), lower="lower")


def _cpl_bound(**given: Any) -> dict[str, Any]:
    return pick(capability.one_sided_bound(**given), lower="lower", bissell="bissell")


def _welch(**given: Any) -> dict[str, Any]:
    found = equivalence.welch(**given)
    return pick(found, t="t", df="df", p="p", diff="diff", enough="enough")


def _tost(**given: Any) -> dict[str, Any]:
    found = equivalence.tost(**given)
    at_90 = equivalence.tost(**{**given, "alpha": 0.05})
    names = ("p_lower", "p_upper", "p", "diff", "interval", "equivalent", "enough")
    return {**pick(found, **{name: name for name in names}), "ci90": at_90.interval}


_N = integer("n", "Values", low=2, example=30)
_C = number(
    "C",
    "Confidence",
    argument="confidence",
    above=0,
    below=1,
    required=False,
    default=0.95,
    example=0.95,
)
_SAMPLES = (
    listing("new", "New source", note="at least 2", example=_NEW),
    listing("incumbent", "Incumbent", note="at least 2", example=_INCUMBENT),
)

CALCULATORS = (
    Calculator(
        name="capability",
        area=_AREA,
        title="Process capability",
        purpose="Pp and Ppk of a parameter, and Cp and Cpk within subgroups.",
        formula="Pp = (USL − LSL) ÷ 6s; Ppk = nearest limit ÷ 3s; within: s = mean range ÷ d₂",
        where=(
            "USL, LSL limits, s standard deviation of all values; Cp, Cpk with s within subgroups"
        ),
        source="AIAG SPC, 2nd ed. 2005; ISO 22514-2:2017",
        renames={"lower_limit": "LSL", "upper_limit": "USL"},
        fields=(
            listing("data", "Values", note="at least 2, in the order measured", example=_DATA),
            number("LSL", "Lower limit", argument="lower_limit", required=False, example=4.9),
            number("USL", "Upper limit", argument="upper_limit", required=False, example=5.1),
            integer("subgroup", "Subgroup size", low=2, high=8, required=False, example=5),
        ),
        outputs=("mean", "s_overall", "Pp", "Ppk", "Rbar", "d2", "s_within", "Cp", "Cpk"),
        compute=_capability,
    ),
    Calculator(
        name="ppk-bound",
        area=_AREA,
        title="Lower bound of Ppk",
        purpose="How low the true Ppk may be for this sample.",
        formula="Ĉ − z·√(1 ÷ 9n + Ĉ² ÷ 2(n − 1))",
        where="Ĉ index seen, n values, z normal quantile of the confidence",
        source="Bissell 1990, approximation",
        fields=(
            number("Ppk", "Ppk seen", argument="ppk", low=-1000, high=1000, example=1.74),
            _N,
            _C,
        ),
        outputs=("lower",),
        compute=_ppk_bound,
    ),
    Calculator(
        name="cp-bound",
        area=_AREA,
        title="Lower bound of Cp",
        purpose="How low the true Cp may be for this sample, exactly.",
        formula="Ĉ·√(χ²(1 − C; n − 1) ÷ (n − 1))",
        where=("Ĉ index seen, n values, C confidence, χ² quantile with n − 1 degrees of freedom"),
        source="Chi-square distribution of the variance",
        fields=(number("Cp", "Cp seen", argument="cp", low=0, high=1000, example=1.5), _N, _C),
        outputs=("lower",),
        compute=_cp_bound,
    ),
    Calculator(
        name="cpl-bound",
        area=_AREA,
        title="Lower bound of a one-sided index",
        purpose="How low the true Cpl or Cpu may be, exactly, beside the approximation.",
        formula="solve F(3Ĉ√n; n − 1, 3c√n) = C for c, noncentral t",
        where=("Ĉ index seen, n values, C confidence, F distribution of noncentral t, c the bound"),
        source="Noncentral t distribution; Bissell 1990",
        fields=(
            number("index", "Index seen", low=-10, high=10, example=1.5),
            integer("n", "Values", low=2, high=100000, example=30),
            _C,
        ),
        outputs=("lower", "bissell"),
        compute=_cpl_bound,
    ),
    Calculator(
        name="welch",
        area=_AREA,
        title="Difference of two means",
        purpose="Whether a parameter differs; not a proof that it is the same.",
        formula="t = (x̄₁ − x̄₂) ÷ √(s₁²/n₁ + s₂²/n₂), Satterthwaite's degrees of freedom",
        where="x̄ mean, s standard deviation, n values; 1 new, 2 incumbent",
        source="Welch 1947",
        fields=_SAMPLES,
        outputs=("t", "df", "p", "diff"),
        compute=_welch,
    ),
    Calculator(
        name="tost",
        area=_AREA,
        title="Equivalence of two means",
        purpose="Whether a parameter is the same within limits set beforehand.",
        formula="both one-sided p < α, i.e. the 1 − 2α interval lies inside the limits",
        where="α significance of each of the two tests",
        source="Schuirmann 1987",
        fields=(
            *_SAMPLES,
            number("low", "Lower limit of the difference", example=-0.03),
            number("high", "Upper limit of the difference", example=0.03),
            number(
                "alpha",
                "Significance, each side",
                above=0,
                below=0.5,
                required=False,
                default=0.05,
                example=0.05,
            ),
        ),
        outputs=("p_lower", "p_upper", "p", "ci90", "equivalent"),
        compute=_tost,
    ),
)
