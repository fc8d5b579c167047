"""Calculators of measured parameters and of failure rates."""

from __future__ import annotations

from typing import Any

from qualification import capability, equivalence, reliability
from secondsource.workspace.calculators import field, output
from secondsource.workspace.calculators.declaration import Calculator, Values, in_area, says
from secondsource.workspace.calculators.output import figure, p_value, shown, unit, whole, yes_no
from secondsource.workspace.calculators.yields import differs

_DATA = [4.98, 5.01, 5.03, 4.99, 5.0, 5.02, 4.97, 5.01, 5.0, 5.04, 4.99, 5.02, 5.0, 4.98, 5.01]
_NEW = [10.02, 10.05, 9.98, 10.01, 10.03, 9.99, 10.04, 10.0, 10.02, 10.01]
_INCUMBENT = [10.0, 10.03, 9.97, 10.02, 9.99, 10.01, 9.98, 10.0]
INITIAL_STUDY = 100
"""Readings of an initial process study, AIAG PPAP, 4th ed. 2006, 2.2.11."""

_OPEN: dict[str, Any] = {"above": 0, "below": 1}
_VALUES = field.integer("n", "Values", 30, low=2)
_C = field.number("C", "Confidence", argument="confidence", default=0.95, **_OPEN)
_SAMPLES = (field.listed("new", "New source", _NEW, note="at least 2"),
            field.listed("incumbent", "Incumbent", _INCUMBENT, note="at least 2"))  # fmt: skip
_HEAT: dict[str, Any] = {
    "low": reliability.LEAST_CELSIUS, "high": reliability.MOST_CELSIUS, "unit": "°C junction",
}  # fmt: skip
_ENERGY: dict[str, Any] = {
    "argument": "activation_energy_ev", "unit": "eV", "above": 0, "high": 5, "default": 0.7,
}  # fmt: skip


def _tost(**given: Any) -> Values:
    found = equivalence.tost(**given)
    names = ("p_lower", "p_upper", "p", "diff", "interval", "equivalent", "enough", "method")
    at_90 = equivalence.tost(**{**given, "alpha": 0.05})
    return {**{name: getattr(found, name) for name in names}, "ci90": at_90.interval}


def _against_limits(known: Values) -> str:
    """The interval beside the limits, with the digits that decide at each end."""
    bounds = zip(known["interval"], (known["low"], known["high"]), strict=True)
    (low, least), (high, most) = (output.apart(output.as_figure, *pair) for pair in bounds)
    limits = f"{least} to {most}"
    if known["equivalent"]:
        return f"Equivalent: the interval {low} to {high} lies inside {limits}."
    return f"Not shown to be equivalent: {low} to {high} leaves {limits} (p {{p:alpha}})."


def _cautions(known: Values) -> str:
    """What an index does not say by itself."""
    few = f"An initial study takes at least {INITIAL_STUDY} values (PPAP)."
    stable = "Cp and Cpk hold for a stable process only."
    told = [few] if len(known["data"]) < INITIAL_STUDY else []
    return " ".join(told + ([stable] if known["Cpk"] is not None else []))


def _capable(known: Values) -> str:
    """The index with the digits that tell it from both of its bounds."""
    shown = (output.apart(output.as_figure, known["Ppk"], bound)[0] for bound in (1.33, 1.67))
    bound = ", at least {Ppk_lower} with 95 % confidence" if known["Ppk_lower"] else ""
    outside = " The mean lies outside the limits." if known["Ppk"] < 0 else ""
    values = output.many(len(known["data"]), "value")
    return f"Ppk {max(shown, key=len)} over {values}{bound}.{outside}"


_BOUND = "%s seen on {n:value}: the true one is at least {lower} with {confidence} confidence."
_CONSTANT = "Not enough data: the values of both do not vary."
CALCULATORS = in_area(
    "statistics",
    Calculator(
        "capability", "Process capability",
        "Pp and Ppk of a parameter, and Cp and Cpk within subgroups.",
        formula="Pp = (USL − LSL) ÷ 6s; Ppk = nearest limit ÷ 3s; within: s = mean range ÷ d₂",
        where="USL, LSL limits, s standard deviation of all values; Cp, Cpk with s within "
        "subgroups", source="AIAG SPC, 2nd ed. 2005; ISO 22514-2:2017",
        inputs=(field.listed("data", "Values", _DATA, note="at least 2, in the order measured"),
                field.number("LSL", "Lower limit", 4.9, argument="lower_limit", optional=True),
                field.number("USL", "Upper limit", 5.1, argument="upper_limit", optional=True),
                field.integer("subgroup", "Subgroup size", 5, low=2, high=8, optional=True)),
        outputs=shown(mean=figure("Mean"), s_overall=figure("s, overall"), Pp=figure("Pp", "pp"),
                      Ppk=figure("Ppk", "ppk"),
                      Ppk_lower=figure("Ppk, lower bound 95 %", "ppk_lower"),
                      Rbar=figure("Mean range", "mean_range"), d2=figure("d₂"),
                      s_within=figure("s, within subgroups"), Cp=figure("Cp", "cp"),
                      Cpk=figure("Cpk", "cpk"), subgroups=whole("Subgroups"),
                      enough=yes_no("Enough data")),
        compute=capability.capability,
        says=says("Not enough data: the values do not vary, so no index can be given.", "warn",
                  "Values with a finer resolution would decide it.", enough=False)
        .otherwise(_capable, "bad", _cautions, Ppk=lambda ppk: ppk < 1.33)
        .otherwise(_capable, "warn", _cautions, Ppk=lambda ppk: ppk <= 1.67)
        .otherwise(_capable, "good", _cautions),
    ),
    Calculator(
        "ppk-bound", "Lower bound of Ppk", "How low the true Ppk may be for this sample.",
        formula="Ĉ − z·√(1 ÷ 9n + Ĉ² ÷ 2(n − 1))",
        where="Ĉ index seen, n values, z normal quantile of the confidence",
        source="Bissell 1990, approximation",
        inputs=(field.number("Ppk", "Ppk seen", 1.74, argument="ppk", low=-1000, high=1000),
                _VALUES, _C),
        outputs=shown(lower=figure("Ppk, lower bound")),
        compute=capability.ppk_bound, says=says(_BOUND % "Ppk {Ppk}"),
    ),
    Calculator(
        "cp-bound", "Lower bound of Cp", "How low the true Cp may be for this sample, exactly.",
        formula="Ĉ·√(χ²(1 − C; n − 1) ÷ (n − 1))",
        where="Ĉ index seen, n values, C confidence, χ² quantile with n − 1 degrees of freedom",
        source="Chi-square distribution of the variance",
        inputs=(field.number("Cp", "Cp seen", 1.5, argument="cp", low=0, high=1000), _VALUES, _C),
        outputs=shown(lower=figure("Cp, lower bound")),
        compute=capability.cp_bound, says=says(_BOUND % "Cp {Cp}"),
    ),
    Calculator(
        "cpl-bound", "Lower bound of a one-sided index",
        "How low the true Cpl or Cpu may be, exactly, beside the approximation.",
        formula="solve F(3Ĉ√n; n − 1, 3c√n) = C for c, noncentral t",
        where="Ĉ index seen, n values, C confidence, F distribution of noncentral t, c the bound",
        source="Noncentral t distribution; Bissell 1990",
        inputs=(field.number("index", "Index seen", 1.5, low=-10, high=10),
                field.integer("n", "Values", 30, low=2, high=100000), _C),
        outputs=shown(lower=figure("Index, lower bound, exact"),
                      bissell=figure("Bissell's approximation")),
        compute=capability.one_sided_bound, says=says(_BOUND % "An index of {index}"),
    ),
    Calculator(
        "welch", "Difference of two means",
        "Whether a parameter differs; not a proof that it is the same.",
        formula="t = (x̄₁ − x̄₂) ÷ √(s₁²/n₁ + s₂²/n₂), Satterthwaite's degrees of freedom",
        where="x̄ mean, s standard deviation, n values; 1 new, 2 incumbent", source="Welch 1947",
        inputs=_SAMPLES,
        outputs=shown(t=figure("t"), df=figure("Degrees of freedom"), p=p_value("p"),
                      diff=figure("Difference, new less incumbent"), enough=yes_no("Enough data")),
        compute=equivalence.welch,
        says=says(_CONSTANT, "warn", enough=False)
        .otherwise("The means differ by {diff}: p {p:level}, below the customary 0.05.", "warn",
                   p=differs)
        .otherwise("A difference of {diff} is seen but not shown: p {p:level}, not below the "
                   "customary 0.05.",
                   note="That is no proof that the means are the same; ask for equivalence."),
    ),
    Calculator(
        "tost", "Equivalence of two means",
        "Whether a parameter is the same within limits set beforehand.",
        formula="both one-sided p < α, i.e. the 1 − 2α interval lies inside the limits",
        where="α significance of each of the two tests", source="Schuirmann 1987",
        inputs=(*_SAMPLES, field.number("low", "Lower limit of the difference", -0.03),
                field.number("high", "Upper limit of the difference", 0.03),
                field.number("alpha", "Significance, each side", above=0, below=0.5,
                             default=0.05)),
        outputs=shown(p_lower=p_value("p against the lower limit"),
                      p_upper=p_value("p against the upper limit"), p=p_value("p"),
                      diff=figure("Difference, new less incumbent"),
                      interval=figure("Interval at the chosen significance"),
                      ci90=figure("90 % interval"), equivalent=yes_no("Equivalent"),
                      enough=yes_no("Enough data")),
        compute=_tost,
        says=says(_CONSTANT, "warn", enough=False)
        .otherwise(_against_limits, "good", equivalent=True)
        .otherwise(_against_limits, "warn", "More values would narrow the interval."),
    ),
    Calculator(
        "arrhenius", "Acceleration by temperature",
        "How much faster a mechanism runs at stress than in use.",
        formula="AF = exp[(Ea ÷ k)(1/Tu − 1/Ts)], k = 8.617333262·10⁻⁵ eV/K, junction temperatures",
        where="Ea activation energy, Tu, Ts use and stress in kelvin, k Boltzmann's constant",
        source=f"JESD85, July 2001; {reliability.ACCELERATION}",
        inputs=(field.number("Ea_eV", "Activation energy", **_ENERGY),
                field.number("Tuse_C", "In use", 55, argument="use_c", **_HEAT),
                field.number("Tstress_C", "Under stress", 125, argument="stress_c", **_HEAT)),
        outputs=shown(AF=figure("Acceleration factor", "factor"),
                      decelerating=yes_no("Stress below use")),
        compute=reliability.arrhenius,
        says=says("The stress is colder than the use: a factor of {AF}, slower.", "warn",
                  decelerating=True)
        .otherwise("One hour at {Tstress_C} counts for {AF} hours at {Tuse_C}.",
                   note="One factor never mixes mechanisms."),
    ),
    Calculator(
        "fit-conversions", "FIT, MTBF and failures a year",
        "Add failure rates and express them in other ways; MTBF is not life.",
        formula="MTBF = 10⁹ ÷ Σ FIT h; p = 1 − exp(−8760 ÷ MTBF)",
        where="1 FIT = one failure in 10⁹ device-hours",
        source="JESD85, July 2001; series system, exponential",
        inputs=(field.listed("fit", "Failure rates", [10, 25, 65], unit="FIT",
                             note="each above 0"),),
        outputs=shown(sum_fit=unit("FIT", "Sum"), mtbf_h=unit("h", "MTBF", "mtbf_hours"),
                      mtbf_years=unit("years", "MTBF in years, not a life"),
                      annual_failure_prob=output.pct("Fails within a year",
                                                     "annual_failure_probability"),
                      ppm_per_year=figure("Failures a million a year")),
        compute=reliability.fit_conversion,
        says=says("Together {sum_fit}: of a million in the field {ppm_per_year} fail in a year.",
                  note="MTBF is a rate turned over, not a life."),
    ),
    Calculator(
        "htol-fit", "FIT from a life test",
        "The upper bound of the failure rate in use; zero failures are not 0 FIT.",
        formula="χ²(C; 2f + 2)·10⁹ ÷ (2·N·t·AF)",
        where="N devices, t hours, f failures, AF acceleration, C confidence",
        source="JESD85, July 2001",
        inputs=(field.integer("n", "Devices", 231, argument="devices", low=1),
                field.number("hours", "Hours", 1000, unit="h", low=0.001, high=1e6),
                field.integer("fails", "Failures", 0, argument="failures", low=0),
                field.number("Ea", "Activation energy", **_ENERGY),
                field.number("Tuse", "In use", 55, argument="use_c", **_HEAT),
                field.number("Tstress", "Under stress", 125, argument="stress_c", **_HEAT),
                field.number("C", "Confidence", argument="confidence", default=0.6, **_OPEN)),
        outputs=shown(AF=figure("Acceleration factor", "acceleration"),
                      equiv_device_hours=unit("h", "Device-hours at use conditions",
                                              "equivalent_device_hours"),
                      fit=unit("FIT", "Failure rate, upper bound", "fit_upper"),
                      mtbf_h=unit("h", "MTBF, lower bound", "mtbf_lower")),
        compute=reliability.stress_fit,
        says=says("With {fails:failure} the failure rate in use is below {fit} with {confidence} "
                  "confidence.",
                  note="A bound, not an estimate: without failures the rate is still not 0."),
    ),
    Calculator(
        "mtbf", "MTBF bound", "The least MTBF that device-hours and failures support.",
        formula="2T ÷ χ²(C; 2r + 2) ended by time, 2T ÷ χ²(C; 2r) ended by a failure",
        where="T device-hours, r failures, C confidence, χ² quantile", source=reliability.STANDARD,
        inputs=(field.number("total_device_hours", "Device-hours", 10000, unit="h", low=0.000001),
                field.integer("failures", "Failures", 2, low=0, high=1_000_000),
                field.number("confidence", "Confidence, one-sided", 0.9, default=0.6, **_OPEN),
                field.choice("termination", "Ended by", choices=("time", "failure"),
                             default="time")),
        outputs=shown(mtbf_lower=unit("h", "MTBF, lower bound"),
                      mtbf_point=unit("h", "MTBF, point estimate"),
                      fit_upper=unit("FIT", "Failure rate, upper bound")),
        compute=reliability.mtbf_bound,
        says=says("The MTBF is at least {mtbf_lower} with {confidence} confidence; without a "
                  "failure there is no point estimate.", note="MTBF is not life.", mtbf_point=None)
        .otherwise("The MTBF is at least {mtbf_lower} with {confidence} confidence; the point "
                   "estimate is {mtbf_point}.", note="MTBF is not life."),
    ),
    Calculator(
        "mtbf-demo", "MTBF demonstration", "Device-hours needed to show a target MTBF.",
        formula="target × χ²(C; 2r + 2) ÷ 2",
        where="r failures allowed, C confidence, χ² quantile", source=reliability.STANDARD,
        inputs=(field.number("target_mtbf", "Target MTBF", 100000, unit="h", low=0.001, high=1e12),
                field.number("C", "Confidence", argument="confidence", default=0.9, **_OPEN),
                field.integer("allowed_failures", "Failures allowed", low=0, high=1_000_000,
                              default=0)),
        outputs=shown(device_hours=whole("Device-hours"),
                      devices_for_1000h=whole("Devices for a test of 1,000 h")),
        compute=reliability.demonstration,
        says=says("{device_hours} device-hours with at most {allowed_failures:failure} show it: "
                  "{devices_for_1000h:device} for 1,000 h."),
    ),
)  # fmt: skip
