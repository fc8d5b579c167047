"""Calculators of component qualification: declarations, moisture, notices, zero failures."""

from __future__ import annotations

from datetime import date
from typing import Any

from qualification import sample_size
from secondsource.core import inputs
from secondsource.workspace.calculators.base import Calculator, pick
from secondsource.workspace.calculators.fields import (
    Field,
    choice,
    day,
    integer,
    listed,
    listing,
    number,
)
from suppliers import declarations, msl, notices


def _declarations(**given: Any) -> dict[str, Any]:
    if not given:
        inputs.refuse("Pb_ppm", "missing", "must be given, or another substance")
    answer: dict[str, Any] = {}
    for name, values in given.items():
        substance = name.split("_")[0]
        judged = []
        for place, value in enumerate(inputs.sequence(name, values)):
            path = f"{name}.{place}"
            if substance == "SVHC":
                found = inputs.decimal(path, value, low=0, high=100)
                judged.append(str(declarations.reach(svhc_pct=found)))
            else:
                found = inputs.decimal(path, value, low=0, high=1_000_000)
                judged.append(str(declarations.rohs(substance=substance, ppm=found)))
        answer[substance] = judged
    return {**answer, "method": declarations.METHOD}


def _last_buy(**given: Any) -> dict[str, Any]:
    return pick(notices.last_time_buy(**given), z="z", qty="quantity")


def _floor_life(*, levels: list[str]) -> dict[str, Any]:
    entries = inputs.sequence("levels", levels)
    words = [
        inputs.choice(f"levels.{i}", entry, msl.FLOOR_LIFE_HOURS) for i, entry in enumerate(entries)
    ]
    return {**{word: msl.floor_life(word) for word in words}, "method": msl.METHOD}


def _floor_life_left(**given: Any) -> dict[str, Any]:
    found = msl.remaining(**given)
    return pick(
        found,
        remaining_h="remaining_hours",
        must_bake="must_bake",
        overrun_h="overrun_hours",
    )


def _change(**given: Any) -> dict[str, Any]:
    found = notices.change_timeline(**given)
    return pick(
        found,
        ack_due="acknowledge_by",
        earliest_first_ship_of_changed="earliest_first_ship",
    )


def _discontinuance(
    *,
    issued: date | None = None,
    last_buy: date | None = None,
    last_ship: date | None = None,
    pdn_issued: date | None = None,
) -> dict[str, Any]:
    notice = issued or pdn_issued
    if notice is None:
        inputs.refuse("issued", "missing", "must be given, or pdn_issued alone")
    found = notices.discontinuance_timeline(issued=notice, last_buy=last_buy, last_ship=last_ship)
    return pick(
        found,
        ltb_ok="last_buy_ok",
        lts_ok="last_ship_ok",
        ltb_days_short="last_buy_days_short",
        lts_days_short="last_ship_days_short",
        earliest_last_time_buy="earliest_last_time_buy",
        earliest_last_time_ship="earliest_last_time_ship",
    )


def _bound(**given: Any) -> dict[str, Any]:
    return pick(sample_size.failure_bound(**given), p_upper="p_upper", dppm="dppm")


def _ppm(substance: str, example: Any = None) -> Field:
    limit = declarations.ROHS_LIMIT_PPM[substance]
    return listing(
        f"{substance}_ppm",
        substance,
        unit="ppm",
        required=False,
        note=f"at most {limit} ppm complies",
        entry="decimal",
        example=example,
        read=listed,
    )


_MSL = tuple(msl.FLOOR_LIFE_HOURS)

CALCULATORS = (
    Calculator(
        name="declarations",
        area="qualification",
        title="Substance limits",
        purpose="RoHS maxima by homogeneous material, the REACH duty by article; values between "
        "commas.",
        formula="RoHS: found ≤ limit complies; REACH Art. 33: duty above 0.1 % by weight",
        source=declarations.METHOD.standard,
        fields=(
            _ppm("Pb", [1000, 1000.1]),
            _ppm("Cd", [100, 101]),
            _ppm("Hg"),
            _ppm("CrVI"),
            _ppm("PBB"),
            _ppm("PBDE"),
            _ppm("DEHP"),
            _ppm("BBP"),
            _ppm("DBP"),
            _ppm("DIBP"),
            listing(
                "SVHC_ww_pct",
                "SVHC in the article",
                unit="% w/w",
                required=False,
                note="above 0.1 % the supplier must tell",
                entry="decimal",
                example=[0.1, 0.1001],
                read=listed,
            ),
        ),
        outputs=("Pb", "Cd", "SVHC"),
        compute=_declarations,
    ),
    Calculator(
        name="last-time-buy",
        area="qualification",
        title="Last-time buy",
        purpose="How many units cover the rest of the product's life.",
        formula="⌈(μM + zσ√M − stock − open orders) ÷ (1 − scrap)⌉, at least 0",
        where=(
            "μ demand a month, σ its standard deviation, M months, z normal quantile "
            "of the service level"
        ),
        source="House rule",
        fields=(
            number("monthly_demand", "Demand a month", low=0, example=1200),
            number("months", "Months to cover", above=0, high=600, example=30),
            number(
                "sd_month",
                "Standard deviation a month",
                low=0,
                required=False,
                default=0,
                example=250,
            ),
            number(
                "service",
                "Service level",
                low=0.5,
                below=1,
                required=False,
                default=0.95,
                example=0.95,
            ),
            number("stock", "Stock", low=0, required=False, default=0, example=4000),
            number(
                "scrap_rate",
                "Scrap rate",
                low=0,
                high=0.99,
                required=False,
                default=0,
                example=0.02,
            ),
            number("open_orders", "Open orders", low=0, required=False, default=0, example=0),
        ),
        outputs=("z", "qty"),
        compute=_last_buy,
        house_rule="The safety term and the scrap allowance are our own.",
    ),
    Calculator(
        name="msl-floor-life",
        area="qualification",
        title="Floor life by moisture level",
        purpose="Hours out of the bag at 30 °C and 60 % relative humidity.",
        formula="table; none = unlimited, 0 = bake before use",
        source=msl.METHOD.standard,
        fields=(
            listing(
                "levels",
                "Levels",
                note="of " + ", ".join(_MSL),
                entry="text",
                example=list(_MSL),
                read=listed,
            ),
        ),
        outputs=_MSL,
        compute=_floor_life,
    ),
    Calculator(
        name="msl-remaining",
        area="qualification",
        title="Floor life left",
        purpose="What is left after the bag was opened, and whether to bake.",
        formula="max(0, life − Σ exposure)",
        source=msl.METHOD.standard,
        fields=(
            choice("msl", "Level", _MSL, argument="level", example="3"),
            listing(
                "exposed_h",
                "Exposure by opening",
                argument="exposed_hours",
                unit="h",
                note="hours, 0 or more",
                example=[24, 48],
                read=listed,
            ),
        ),
        outputs=("remaining_h", "must_bake", "overrun_h"),
        compute=_floor_life_left,
    ),
    Calculator(
        name="pcn-timeline",
        area="qualification",
        title="Change notice deadlines",
        purpose="When to answer a product change notice and when changed product may ship.",
        formula="answer within 30 days; first shipment at least 90 days after the notice",
        source="J-STD-046, July 2016",
        fields=(day("pcn_issued", "Notice issued", argument="issued", example="2026-01-15"),),
        outputs=("ack_due", "earliest_first_ship_of_changed"),
        compute=_change,
    ),
    Calculator(
        name="pdn-timeline",
        area="qualification",
        title="Discontinuance deadlines",
        purpose="Whether a notice leaves the time that the standard asks for.",
        formula="last buy ≥ notice + 6 months; last shipment ≥ notice + 12 months",
        source="J-STD-048, Nov 2014; months clamped to the month's end",
        fields=(
            day("issued", "Notice issued", required=False, example="2026-03-01"),
            day("ltb", "Last-time buy", argument="last_buy", required=False, example="2026-08-01"),
            day("lts", "Last shipment", argument="last_ship", required=False, example="2027-03-01"),
            day(
                "pdn_issued",
                "Notice issued, no dates yet",
                required=False,
                note="alone, for the earliest dates",
            ),
        ),
        outputs=(
            "ltb_ok",
            "lts_ok",
            "ltb_days_short",
            "earliest_last_time_buy",
            "earliest_last_time_ship",
        ),
        compute=_discontinuance,
    ),
    Calculator(
        name="zero-failure-bound",
        area="qualification",
        title="What a test without failures shows",
        purpose="The upper bound of the failure probability; a qualification sample proves little.",
        formula="p = 1 − (1 − C)^(1/n); with failures the exact binomial bound",
        where="n units, C confidence",
        source="Exact binomial (Clopper-Pearson 1934); JESD47 on sample sizes",
        fields=(
            integer("n", "Units", low=1, example=231),
            integer("fails", "Failures", low=0, required=False, default=0, example=0),
            number(
                "confidence",
                "Confidence",
                above=0,
                below=1,
                required=False,
                default=0.9,
                example=0.9,
            ),
        ),
        outputs=("p_upper", "dppm"),
        compute=_bound,
    ),
)
