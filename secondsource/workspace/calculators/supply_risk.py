"""Calculators of supply risk: common cause, concentration, lead times, stock, cover, exposure."""

from __future__ import annotations

from typing import Any

from qualification import risk
from qualification.house_rules import RiskPolicy
from secondsource.core import inputs
from secondsource.core.charts import Chart
from secondsource.workspace.calculators import field, output
from secondsource.workspace.calculators.declaration import Calculator, Values, in_area, says
from secondsource.workspace.calculators.output import figure, pct, price, shown, unit, whole, yes_no
from secondsource.workspace.survival_chart import survival_chart
from suppliers import cover, independence, lead_time
from suppliers.house_rules import IndependencePolicy

_FACTORS = {
    "concentration": "Concentration", "exposure": "Exposure", "lifecycle": "Lifecycle",
    "lead_time": "Lead time", "quality": "Quality", "geo": "Geopolitics, hazard", "esg": "ESG",
}  # fmt: skip
_DAYS = (field.number("0", "Earliest", unit="d"), field.number("1", "Latest", unit="d"))
_WEEKS: dict[str, Any] = {"unit": "weeks", "low": 0, "high": cover.LONGEST_WK}
_DEVIATION: dict[str, Any] = {"low": 0, "high": 3650, "unit": "d"}


def _hhi(
    *, shares: list[float] | None = None, lines: list[independence.Line] | None = None
) -> Values:
    if (shares is None) == (lines is None):
        inputs.refuse("shares", "missing", "must be given, or lines instead, not both")
    if shares is not None:
        one = independence.hhi(shares)
        return {"hhi": one.hhi, "effective_n": one.effective_n, "method": one.method}
    found = independence.concentration(lines or [])
    return {
        "hhi": found.worst,
        "effective_n": found.effective_n,
        **found.levels,
        "worst": found.worst,
        "coverage": found.coverage,
        "method": found.method,
    }


def _impact(*, demand_wk: Any, **given: Any) -> Values:
    found = cover.performance_impact(demand_wk=demand_wk, **given)
    bare = isinstance(demand_wk, tuple)
    return {
        "lost_units": found.lost_units[0] if bare else found.lost_units,
        "performance_impact": found.performance_impact,
        "method": found.method,
    }


def _alternates(given: Values) -> list[cover.Alternate]:
    first = cover.Alternate(
        capacity_wk=given.get("alternative_capacity_wk", 0),
        independent=given.get("alternative_independent", True),
        lead_wk=given.get("alternative_lead_wk", 0),
    )
    return [*given.get("alternates", ()), first]


def _survive(
    *, inventory: Any, demand_wk: Any, ttr_wk: Any = None, **given: Any
) -> cover.SurvivalTime:
    most = {"alternative_capacity_wk": None, "alternative_lead_wk": cover.LONGEST_WK}
    for name, high in most.items():
        inputs.number(name, given.get(name, 0), low=0, high=high)
    return cover.time_to_survive(
        inventory=inventory, demand_wk=demand_wk, ttr_wk=ttr_wk, alternates=_alternates(given)
    )


def _survival(arguments: Values) -> Chart | None:
    """Stock and alternates until recovery, as on the page of a part."""
    stock = {name: arguments[name] for name in ("inventory", "demand_wk")}
    alone, recovery = cover.time_to_survive(**stock), arguments.get("ttr_wk")
    if alone.tts_wk is None:
        return None
    alternates = [one for one in _alternates(arguments) if one.capacity_wk != 0]
    helped = cover.time_to_survive(**stock, alternates=alternates)
    leads = [one.lead_wk for one in alternates]
    span = recovery or max(alone.tts_wk, helped.tts_wk or 0, *leads, 0) * 1.25 or 1
    named = {"stock alone": alone, "with alternates": helped} if alternates else {"stock": alone}
    weeks = output.in_unit("weeks")
    drawn = [
        (name, "never runs out" if one.tts_wk is None else weeks(one.tts_wk), one.stretches)
        for name, one in named.items()
    ]
    said = f"{drawn[-1][1].capitalize()}; {weeks(span)} {'to recovery' if recovery else 'drawn'}"
    return survival_chart(drawn, span, sentence=said, ticks=leads)


def _worst_node(known: Values) -> str:
    worst = max(known["PI"], key=lambda name: known["PI"][name])
    if not known["PI"][worst]:
        return "No node loses anything: each survives until it recovers."
    return f"{worst} hurts most: {output.as_money(known['PI'][worst])} of margin."


_CAPACITY: dict[str, Any] = {"low": 0, "default": 0}
CALCULATORS = in_area(
    "supply_risk",
    Calculator(
        "beta-factor", "Both sources down",
        "How much a second source helps when a part of the causes is shared.",
        formula="1 − (1 − βp)(1 − ((1 − β)p)²)",
        where="p chance that one is down, β part of the causes that both share",
        source="Beta-factor model, after IEC 61508-6:2010; the values of β are our own",
        inputs=(field.number("p_single", "One source down", 0.05, low=0, high=1),
                field.number("beta", "Common-cause fraction", 0.1, low=0, high=1)),
        outputs=shown(p_both_down=pct("Both down"),
                      reduction_factor=unit("times", "Better than one source by")),
        compute=independence.joint_failure, policy=IndependencePolicy,
        house_rule="The fractions by shared attribute are our own; here one is typed.",
        says=says("A source that never fails cannot be made better.", reduction_factor=None)
        .otherwise("Both are down with {p_both_down}: the second source gains nothing.", "bad",
                   reduction_factor=lambda gain: gain < 1.05)
        .otherwise("Both are down with {p_both_down}, {reduction_factor} rarer than one source "
                   "alone."),
    ),
    Calculator(
        "composite-risk", "Composite supply risk",
        "One figure over the factors that are known, with what each adds.",
        formula="Σ w·s ÷ Σ w over the known; < 30 low, < 60 medium, else high; coverage ≥ 0.7",
        where="w weight, s score of a factor", source="House weights and bands",
        inputs=(field.by_name("scores", "Score", _FACTORS,
                              {"concentration": 100, "exposure": 80, "lifecycle": 60,
                               "lead_time": 50, "quality": 20, "geo": 70, "esg": 30},
                              note="0 to 100, 100 = worst; empty: not known, and not 0"),
                field.by_name("weights", "Weight", _FACTORS, risk.policy_weights(),
                              default=risk.policy_weights(),
                              note="0 or more; left out, those of the policy"),
                field.flag("single_source", "Single source", default=False),
                field.flag("pdn_issued", "Discontinuance notice issued", default=False,
                           argument="notice_issued")),
        outputs=shown(score=figure("Score"), band=output.word("Band"),
                      coverage=pct("Known part of the weights"), veto=yes_no("High by veto"),
                      contributions=figure("Points", per="scores")),
        compute=risk.composite, policy=RiskPolicy,
        house_rule="Weights, bands and the least coverage are our own.",
        says=says("High by veto: single source and its discontinuance is announced.", "bad",
                  veto=True)
        .otherwise("Not rated: only {coverage} of the weights are known.", "warn",
                   "Further factors would decide it; a missing one is not 0.", score=None)
        .otherwise("{score:high_from} of 100: high.", "bad", band="high")
        .otherwise("{score:high_from} of 100: medium.", "warn", band="medium")
        .otherwise("{score:medium_from} of 100: low.", "good"),
    ),
    Calculator(
        "hhi", "Concentration",
        "How concentrated a part's volume is, at the worst of supplier, fab and country.",
        formula="Σ (100·share)², shares of one group merged first; effective number 10 000 ÷ HHI",
        source="Herfindahl-Hirschman; a trend, not the market bands of DOJ/FTC",
        inputs=(field.listed("shares", "Shares", [0.6, 0.4], optional=True, share=True,
                             note="sum to 1; or the sources with their origin below"),
                field.rows("lines", "Sources with their origin", optional=True,
                           of=independence.Line, note="what is not known stays empty",
                           columns=(field.number("share", "Share", share=True),
                                    *(field.text(level, output.as_word(level).capitalize(),
                                                 optional=True)
                                      for level in independence.LEVELS)))),
        outputs=shown(hhi=whole("HHI"), effective_n=figure("Effective number of sources"),
                      worst=whole("Worst level"), coverage=pct("Known, by level"),
                      **{level: whole(output.as_word(level).capitalize())
                         for level in independence.LEVELS}),
        compute=_hhi,
        says=says("HHI {hhi}: as good as one source.", "bad",
                  "At its worst level all volume hangs on one.", hhi=lambda hhi: hhi >= 9999)
        .otherwise("HHI {hhi}: as good as {effective_n} equal sources.",
                   note="Read it as a trend."),
    ),
    Calculator(
        "lead-time", "Lead time of two sources",
        "When the first and the last of two orders arrive, and what is there by a day.",
        formula="E[first] = ∫ S₁S₂ dt; all arrived F₁F₂; any arrived 1 − (1 − F₁)(1 − F₂)",
        where="F part arrived by the day, S = 1 − F; 1 incumbent, 2 second source",
        source="Order statistics; uniform ranges are our reading",
        inputs=(field.record("incumbent", "Incumbent", [40, 80], columns=_DAYS),
                field.record("second", "Second source", [20, 60], columns=_DAYS),
                field.choice("dependence", "Dependence", choices=("independent", "perfect"),
                             default="independent"),
                field.number("split_second", "Second source's share", 0.3, low=0, high=1,
                             default=0.5),
                field.number("due_day", "Due", 55, optional=True, **_DEVIATION)),
        outputs=shown(mean_incumbent=unit("days", "Mean, incumbent"),
                      mean_second=unit("days", "Mean, second source"),
                      E_first=unit("days", "First of the two, on average", "expected_first"),
                      E_last=unit("days", "Last of the two, on average", "expected_last"),
                      sd_first=unit("days", "Spread of the first"),
                      P_second_first=pct("Second source is first", "p_second_first"),
                      mean_unit_weighted=unit("days", "Mean of a unit"),
                      fraction=pct("Units there by the day"),
                      P_complete=pct("All there by the day", "p_complete"),
                      P_something=pct("Something there by the day", "p_something")),
        compute=lead_time.two_sources,
        house_rule="Reading a range as uniform is our own; a measured distribution is better.",
        says=says("The first of two orders arrives after {E_first} on average, the full kit after "
                  "{E_last}; one source alone takes {mean_incumbent}.",
                  note="The first lot helps only if it is big enough."),
    ),
    Calculator(
        "safety-stock", "Safety stock and reorder point",
        "Stock for a service level with uncertain demand and lead time.",
        formula="SS = z·√(L·σd² + d²·σL²); ROP = d·L + SS",
        where="z normal quantile of the service, L mean lead time, d demand a day, σd, σL their "
        "standard deviations", source="Normal demand, cycle service level (not fill rate)",
        inputs=(field.number("service", "Cycle service level", 0.95, low=0.5, below=1),
                field.number("L_mean_d", "Mean lead time", 60, argument="lead_mean_days",
                             **_DEVIATION),
                field.number("sd_demand_d", "Standard deviation of demand a day", 20,
                             argument="demand_sd_day", low=0),
                field.number("demand_d", "Demand a day", 100, argument="demand_day", low=0),
                field.number("sd_L_d", "Standard deviation of the lead time", 11.547,
                             argument="lead_sd_days", default=0, **_DEVIATION)),
        outputs=shown(z=figure("Safety factor z"), ss=whole("Safety stock", "safety_stock"),
                      reorder_point=whole("Reorder point")),
        compute=lead_time.safety_stock,
        says=says("Keep {ss} units of safety stock and reorder at {reorder_point}.",
                  note="For a cycle service level, which is not a fill rate."),
    ),
    Calculator(
        "performance-impact", "Performance impact",
        "The least margin lost over the time to recover, with one alternate for several.",
        formula="min Σ margin·lost, lost ≤ max(0, d·TTR − inventory), Σ(need − lost) ≤ c·TTR",
        where="d demand a week, TTR time to recover, c capacity of the alternate, need = d·TTR − "
        "stock", source="Simchi-Levi et al. 2014; linear programme, HiGHS",
        inputs=(field.number("TTR_wk", "Time to recover", 10, argument="ttr_wk", **_WEEKS),
                field.listed("demand_wk", "Demand a week", [100, 50], alone=True,
                             note="of each product, as stock and margin"),
                field.listed("finished_inventory", "Stock", [200, 0], alone=True),
                field.listed("unit_margin", "Margin a unit", [5, 20], alone=True),
                field.number("alternative_capacity_wk", "Alternate's capacity a week", 60,
                             **_CAPACITY)),
        outputs=shown(performance_impact=price("Margin lost"),
                      lost_units=whole("Units lost", per="demand_wk")),
        compute=_impact,
        says=says("Nothing is lost until recovery.", "good", performance_impact=0)
        .otherwise("{performance_impact} of margin are lost until recovery.", "bad"),
    ),
    Calculator(
        "rei", "Risk exposure index", "Which node hurts most; no probabilities needed.",
        formula="PI = max(0, TTR − TTS) × units × margin; REI = PI ÷ largest PI",
        where="TTR time to recover, TTS time to survive, units the uncovered rate a week",
        source="Simchi-Levi, Schmidt, Wei 2014/2015, single node",
        inputs=(field.rows(
                    "nodes", "Nodes",
                    [{"id": "A", "TTR_wk": 12, "TTS_wk": 4, "units_wk": 500, "margin": 40},
                     {"id": "C", "TTR_wk": 20, "TTS_wk": 15, "units_wk": 300, "margin": 120}],
                    of=cover.Node,
                    note="empty time to survive: it never runs out; units: the uncovered rate",
                    columns=(field.text("id", "Node"),
                             field.number("TTR_wk", "Time to recover", unit="weeks",
                                          argument="ttr_wk"),
                             field.number("TTS_wk", "Time to survive", unit="weeks",
                                          argument="tts_wk", optional=True),
                             field.number("units_wk", "Units a week"),
                             field.number("margin", "Margin a unit"))),),
        outputs=shown(PI=price("Margin lost", "impact", per="nodes"),
                      REI=figure("Index", "index", per="nodes")),
        compute=cover.exposure,
        says=says(_worst_node,
                  note="Suppliers state the time to recover too short; look at ±30 %."),
    ),
    Calculator(
        "time-to-survive", "Time to survive",
        "How long demand is met with the first source down; late help does not count.",
        formula="I < dL: I ÷ d; c ≥ d: never; else L + (I − dL) ÷ (d − c)",
        where="I stock, d demand a week, c capacity of the alternate a week, L its switch lead "
        "time; each further alternate delivers from its own lead time on",
        source="After Simchi-Levi et al. 2014; the switch lead time is our own",
        house_rule="The alternate that delivers only from its switch lead time on is our own form.",
        inputs=(field.listed("inventory", "Stock", [2000], alone=True, note="of each product"),
                field.listed("demand_wk", "Demand a week", [500], alone=True,
                             note="of each product"),
                field.number("alternative_capacity_wk", "Alternate's capacity a week", 300,
                             **_CAPACITY),
                field.flag("alternative_independent", "Alternate is independent", default=True),
                field.number("alternative_lead_wk", "Alternate's switch lead time", 3, default=0,
                             **_WEEKS),
                field.rows("alternates", "Further alternates", optional=True, of=cover.Alternate,
                           note="empty capacity: whatever is needed; empty units: no cap",
                           columns=(field.number("lead_wk", "Switch lead time", unit="weeks"),
                                    field.number("capacity_wk", "Capacity a week", optional=True),
                                    field.number("quantity", "Units at most", optional=True),
                                    field.flag("independent", "Independent", default=True))),
                field.number("TTR_wk", "Time to recover", 20, argument="ttr_wk", optional=True,
                             **_WEEKS)),
        outputs=shown(TTS_wk=unit("weeks", "Time to survive", "tts_wk"),
                      lost_units=whole("Units lost"),
                      at_risk=yes_no("Shorter than the time to recover")),
        compute=_survive, chart=_survival,
        says=says("The stock never runs out: the alternate carries the demand.", "good",
                  TTS_wk=None)
        .otherwise("The line runs for {TTS_wk}.",
                   note="Give the time to recover to see what is lost.", at_risk=None)
        .otherwise("The line runs for {TTS_wk:TTR_wk}, recovery takes {TTR_wk:TTS_wk}: "
                   "{lost_units:0} units are lost.", "bad", at_risk=True)
        .otherwise("The line runs for {TTS_wk:TTR_wk}, longer than recovery takes.", "good"),
    ),
)  # fmt: skip
