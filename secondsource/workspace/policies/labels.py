"""Titles and purposes of the house rules, labels and units of their values.

``policy → (title, about, {value: (label, unit)})``; the units and their bounds are ``UNITS``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

#: Unit → the least and the greatest value that make sense, None = not a number.
UNITS: dict[str, tuple[float, float] | None] = {
    "fraction": (0, 1),
    "%": (0, 100),
    "points": (0, 100),
    "days": (0, 3650),
    "days, early is negative": (-365, 365),
    "hours": (0.5, 24),
    "weeks": (0, 520),
    "months": (1, 120),
    "lots": (1, 1000),
    "level": (1, 5),
    "a year": (0, 10_000),
    "decades of DPPM": (0.1, 10),
    "defects per million": (0, 1_000_000),
    "units received": (0, 1e9),
    "times": (0, 1000),
    "scores": (1, 24),
    "company currency": (0, 1e15),
    "": None,
}

Values = dict[str, tuple[str, str]]
WORDS: dict[str, tuple[str, str, Values]] = {
    "independence": (
        "Independence of sources",
        "β, the share of failures that two sources have in common, by what they share, and the"
        " β from which they are partly independent or nominal.",
        {
            "beta_none": ("β with nothing in common", "fraction"),
            "beta_country": ("β with the same country", "fraction"),
            "beta_group": ("β with the same group of companies", "fraction"),
            "beta_freight_lane": ("β with the same freight lane", "fraction"),
            "beta_licence": ("β with the same licence", "fraction"),
            "beta_tool": ("β with the same tool", "fraction"),
            "beta_sub_tier": ("β with the same sub-tier supplier", "fraction"),
            "beta_assembly": ("β with the same assembly site", "fraction"),
            "beta_fab": ("β with the same fab", "fraction"),
            "beta_die": ("β with the same die", "fraction"),
            "independent_up_to": ("Independent up to a β of", "fraction"),
            "nominal_from": ("Nominal from a β of", "fraction"),
        },
    ),
    "risk": (
        "Supply risk",
        "Weights, bands and reference values of the composite supply risk and the risk matrix.",
        {
            "concentration": ("Weight of concentration", "fraction"),
            "exposure": ("Weight of exposure", "fraction"),
            "lifecycle": ("Weight of lifecycle", "fraction"),
            "lead_time": ("Weight of lead time", "fraction"),
            "quality": ("Weight of quality", "fraction"),
            "geo": ("Weight of geopolitics", "fraction"),
            "esg": ("Weight of ESG", "fraction"),
            "medium_from": ("Medium from", "points"),
            "high_from": ("High from", "points"),
            "least_coverage": ("Not rated below a coverage of", "fraction"),
            "lead_time_zero_days": ("Lead time without risk up to", "days"),
            "lead_time_full_days": ("Lead time of full risk from", "days"),
            "exposure_reference": ("Performance impact that counts as 100", "company currency"),
            "unlikely_from": ("Unlikely from", "points"),
            "possible_from": ("Possible from", "points"),
            "likely_from": ("Likely from", "points"),
            "very_likely_from": ("Very likely from", "points"),
            "impact_2_from": ("Second band of impact from", "company currency"),
            "impact_3_from": ("Third band of impact from", "company currency"),
            "impact_4_from": ("Fourth band of impact from", "company currency"),
            "impact_5_from": ("Fifth band of impact from", "company currency"),
            "recover_fab_wk": ("A fab recovers within", "weeks"),
            "recover_assembly_wk": ("An assembly site recovers within", "weeks"),
            "recover_test_wk": ("A test site recovers within", "weeks"),
            "recover_warehouse_wk": ("A warehouse recovers within", "weeks"),
        },
    ),
    "pilot": (
        "Pilot build",
        "What a pilot build must show to pass its gate.",
        {
            "margin": ("Yield that may be lost, in absolute points", "fraction"),
            "alpha": ("One-sided significance", "fraction"),
            "heterogeneity_p": ("Models differ below a p of", "fraction"),
            "equivalence_tolerance_share": ("Equivalence within this share of", "fraction"),
        },
    ),
    "timing": (
        "Cost of change by phase",
        "The relative cost of a change by the phase of the product.",
        {
            "concept": ("Concept", "times"),
            "development": ("Development", "times"),
            "design_freeze": ("Design freeze", "times"),
            "pilot": ("Pilot", "times"),
            "mass_production": ("Mass production", "times"),
        },
    ),
    "gate_plan": (
        "Plan of the gates",
        "Days for each gate by risk class; a new case gets its dates from them.",
        {
            "low_business_case": ("Business case, low risk", "days"),
            "low_spec_review": ("Spec review, low risk", "days"),
            "low_fmea": ("FMEA, low risk", "days"),
            "low_pilot_build": ("Pilot build, low risk", "days"),
            "low_approval": ("Approval, low risk", "days"),
            "medium_business_case": ("Business case, medium risk", "days"),
            "medium_spec_review": ("Spec review, medium risk", "days"),
            "medium_fmea": ("FMEA, medium risk", "days"),
            "medium_pilot_build": ("Pilot build, medium risk", "days"),
            "medium_approval": ("Approval, medium risk", "days"),
            "high_business_case": ("Business case, high risk", "days"),
            "high_spec_review": ("Spec review, high risk", "days"),
            "high_fmea": ("FMEA, high risk", "days"),
            "high_pilot_build": ("Pilot build, high risk", "days"),
            "high_approval": ("Approval, high risk", "days"),
        },
    ),
    "hold_point": (
        "Hold points",
        "The targets against which the figures of a hold point are held.",
        {
            "dppm_most": ("DPPM at most", "defects per million"),
            "otd_least": ("On-time delivery at least", "%"),
            "yield_least": ("Yield at least", "%"),
            "received_least": ("No proposal below", "units received"),
        },
    ),
    "rollback": (
        "Rollback plan",
        "The triggers with which the rollback plan of a new case begins.",
        {
            "dppm_above": ("DPPM above", "defects per million"),
            "dppm_days": ("DPPM counted over", "days"),
            "otd_below": ("On-time delivery below", "%"),
            "otd_days": ("On-time delivery counted over", "days"),
        },
    ),
    "start_small": (
        "Start small",
        "How candidates for a first case are ranked.",
        {
            "effort_days_low": ("Effort of a case of low risk", "days"),
            "effort_days_medium": ("Effort of a case of medium risk", "days"),
            "effort_days_high": ("Effort of a case of high risk", "days"),
            "exposure_weight": ("Share of the exposure that counts as saving", "fraction"),
            "saving_rate": ("Expected saving until there are quotes", "fraction"),
        },
    ),
    "preferred": (
        "Preferred parts",
        "When a part is preferred in a new design: all four facts good. One poor: avoid.",
        {
            "least_independent": ("Independent sources from which on good", "times"),
            "lead_good_wk": ("Lead time that is good, up to", "weeks"),
            "lead_fair_wk": ("Lead time that is not poor, up to", "weeks"),
            "least_offers": ("Suppliers with an offer from which on good", "times"),
        },
    ),
    "tco": (
        "Total cost of a unit",
        "What a quoted unit costs beside price, freight and duty when quotes are compared.",
        {
            "carry_rate": ("Cost of holding stock, a year", "fraction"),
            "days_held": ("Days that a unit is held", "days"),
            "quality_cost_rate": ("Inspection, scrap, rework, field: of the price", "fraction"),
            "duty_on_freight": ("Duty is on price and freight (CIF)", ""),
        },
    ),
    "business_case": (
        "Business case",
        "What the business case of a qualification proposes until somebody enters other values.",
        {
            "rate_per_hour": ("Cost of a working hour", "company currency"),
            "hours_a_day": ("Working hours of a day", "hours"),
            "planned_share": ("Share of the candidate", "fraction"),
            "discount_rate": ("Discount rate of a year", "fraction"),
            "horizon_months": ("Horizon", "months"),
        },
    ),
    "interim": (
        "Interim approvals",
        "How long a source may be bought before its approval.",
        {"days_at_most": ("At most", "days")},
    ),
    "component_tests": (
        "Component tests",
        "How old generic data of a family may be, and how sure the bound of failures is.",
        {
            "generic_months": ("Generic data at most", "months"),
            "confidence": ("Confidence of the bound", "fraction"),
        },
    ),
    "inspection": (
        "Incoming inspection",
        "The acceptance quality limit of ISO 2859-1 by which lots are inspected.",
        {"aql": ("Acceptance quality limit: 0.65, 1.0 or 1.5", "")},
    ),
    "ppap": (
        "PPAP level",
        "At which submission level a PPAP begins, by the risk class of the case.",
        {
            "level_low": ("Level with low risk", "level"),
            "level_medium": ("Level with medium risk", "level"),
            "level_high": ("Level with high risk", "level"),
        },
    ),
    "takeover": (
        "Take-over of approvals",
        "How long an approval that was given elsewhere holds.",
        {"months_at_most": ("At most", "months")},
    ),
    "delivery": (
        "On-time delivery",
        "The window around the first confirmed date in which a delivery is on time.",
        {
            "days_early": ("From", "days, early is negative"),
            "days_late": ("Until", "days, early is negative"),
        },
    ),
    "scorecard": (
        "Supplier score",
        "Weights of the supplier score and of the parts of quality and delivery.",
        {
            "quality": ("Weight of quality", "fraction"),
            "delivery": ("Weight of delivery", "fraction"),
            "cost": ("Weight of cost", "fraction"),
            "response": ("Weight of response", "fraction"),
            "technology": ("Weight of technology", "fraction"),
            "esg": ("Weight of ESG", "fraction"),
            "dppm_weight": ("Quality: weight of DPPM", "fraction"),
            "lar_weight": ("Quality: weight of accepted lots", "fraction"),
            "scar_weight": ("Quality: weight of repeated SCARs", "fraction"),
            "points_per_repeat_scar": ("Quality: points lost by a repeated SCAR", "points"),
            "dppm_decades_to_zero": ("Quality: no points after", "decades of DPPM"),
            "otd_weight": ("Delivery: weight of OTD", "fraction"),
            "otif_weight": ("Delivery: weight of OTIF", "fraction"),
        },
    ),
    "response": (
        "8D response",
        "How many days a supplier has for each part of the answer.",
        {
            "contain_days": ("Containment (D3) within", "days"),
            "cause_days": ("Root cause (D5) within", "days"),
            "close_days": ("Closure (D8) within", "days"),
        },
    ),
    "standing": (
        "Supplier standing",
        "The scores at which a supplier rises or falls, and how many in a row it takes.",
        {
            "up_from_probation": ("From probation to approved from", "points"),
            "up_from_approved": ("From approved to preferred from", "points"),
            "down_from_preferred": ("From preferred to approved below", "points"),
            "down_from_approved": ("From approved to probation below", "points"),
            "down_from_probation": ("From probation to phase-out below", "points"),
            "periods": ("In a row", "scores"),
        },
    ),
    "drift": (
        "Drift of a supplier",
        "When a supplier's recent measures differ from the earlier ones.",
        {
            "recent_months": ("Recent", "months"),
            "earlier_months": ("Compared with", "months"),
            "significance": ("Significance after Holm", "fraction"),
            "least_lots": ("At least", "lots"),
        },
    ),
    "split": (
        "Split between sources",
        "The least share of a second source, so that it stays able to deliver.",
        {
            "warm_share": ("Share that keeps a source warm", "fraction"),
            "frontier_step": ("Step of the frontier of cost and risk", "fraction"),
        },
    ),
    "nearshore": (
        "Nearshore",
        "The transit time up to which a site is nearshore.",
        {"transit_days": ("Transit up to", "days")},
    ),
    "lifecycle": (
        "Lifecycle risk",
        "The risk of each lifecycle status, 100 = worst, and how long a status is current.",
        {
            "introduction": ("Introduction", "points"),
            "growth": ("Growth", "points"),
            "mature": ("Mature", "points"),
            "decline": ("Decline", "points"),
            "nrnd": ("Not recommended for new designs", "points"),
            "phase_out": ("Phase-out", "points"),
            "last_time_buy": ("Last-time buy", "points"),
            "discontinued": ("Discontinued", "points"),
            "stale_after_days": ("A status is stale after", "days"),
        },
    ),
    "esg": (
        "CDP letters",
        "CDP letters on the scale of 0 to 100.",
        {
            "cdp_a": ("A", "points"),
            "cdp_a_minus": ("A−", "points"),
            "cdp_b": ("B", "points"),
            "cdp_b_minus": ("B−", "points"),
            "cdp_c": ("C", "points"),
            "cdp_c_minus": ("C−", "points"),
            "cdp_d": ("D", "points"),
            "cdp_d_minus": ("D−", "points"),
            "cdp_f": ("F", "points"),
        },
    ),
    "cover": (
        "Short cover",
        "When the stock of a part is short.",
        {"short_share_of_lead": ("Short below this share of the lead time", "fraction")},
    ),
    "company": (
        "Company",
        "The currency of all figures, and the category of parts that are not sorted yet.",
        {
            "currency": ("Currency of all figures", ""),
            "name": ("Name of the company", ""),
            "unsorted_category": ("Category of unsorted parts", ""),
            "unsorted_prefix": ("IPN prefix of unsorted parts", ""),
        },
    ),
    "spend": (
        "Spend",
        "The window of receipts over which a part's yearly spend is added up.",
        {"months": ("Receipts of the last", "months")},
    ),
    "targets": (
        "Targets of the dashboard",
        "What the company wants to reach in a year, and when a figure carries a warning.",
        {
            "conversions": ("Conversions", "a year"),
            "cost_reduction_pct": ("Reduction of material cost", "%"),
            "low_coverage": ("Amber below a coverage of", "fraction"),
        },
    ),
    "kpi": (
        "Shared target of a team",
        "What a team and its suppliers reach together in a year.",
        {
            "conversions": ("Conversions", "a year"),
            "cost_reduction_pct": ("Reduction of material cost", "%"),
        },
    ),
    "savings": (
        "Savings",
        "The window in which savings count, and the band outside which they are reviewed.",
        {
            "window_months": ("Window from the first production receipt", "months"),
            "window_least": ("Shortest window of a case", "months"),
            "window_most": ("Longest window of a case", "months"),
            "band_low_pct": ("Reviewed below", "%"),
            "band_high_pct": ("Reviewed above", "%"),
        },
    ),
    "bonus_pool": (
        "Bonus pool",
        "The rate of the pool, its limits, and what is held back until the case is closed.",
        {
            "least_rate": ("Least rate", "fraction"),
            "most_rate": ("Greatest rate", "fraction"),
            "rate": ("Proposed rate", "fraction"),
            "holdback": ("Held back until the case is closed", "fraction"),
            "cap": ("Greatest pool of a case, 0 for none", "company currency"),
            "floor": ("A smaller pool is carried forward", "company currency"),
            "leavers_paid": ("Who has left keeps the share", ""),
        },
    ),
    "contribution": (
        "Proposal of contributions",
        "Points for the first proposal of shares.",
        {
            "per_hour": ("An hour logged", "points"),
            "per_gate": ("A gate led and passed", "points"),
            "per_pilot_lot": ("A pilot lot run", "points"),
            "per_negotiation_round": ("A negotiation round held", "points"),
            "per_fmea_row": ("An FMEA row written", "points"),
            "per_sign_off": ("A sign-off", "points"),
            "least_function_share": ("Least share of a function that worked", "fraction"),
        },
    ),
    "effort": (
        "Effort by person",
        "Whether effort is shown by person, and for how long.",
        {"months": ("By person for", "months"), "by_person": ("Shown by person", "")},
    ),
}


def shown(value: Any) -> str:
    """``0.05``, ``1,000,000``, ``yes``, ``USD``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
