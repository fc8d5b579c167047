"""Calculators of failure modes, part approval, declarations, moisture, notices, zero failures."""

from __future__ import annotations

from datetime import date
from typing import Any

from qualification import fmea, ppap, sample_size
from secondsource.core import inputs
from secondsource.workspace.calculators import field, output
from secondsource.workspace.calculators.declaration import (
    Calculator,
    Values,
    in_area,
    judged,
    says,
)
from secondsource.workspace.calculators.output import on_day, shown, unit, whole, word
from suppliers import declarations, msl, notices

_LEVELS = tuple(msl.FLOOR_LIFE_HOURS)
_RATING: dict[str, Any] = {"low": 1, "high": 10}
_PPM = ("Pb", "Cd", "Hg", "CrVI", "PBB", "PBDE", "DEHP", "BBP", "DBP", "DIBP")


def _action_priority(*, revised: Any = None, **given: Any) -> Values:
    initial = fmea.rate(**given)
    answer = {"action_priority": initial.action_priority, "rpn": initial.rpn,
              "method": initial.method}  # fmt: skip
    if revised is None:
        return answer
    after = fmea.rate(**revised)
    both = fmea.before_after(initial=initial, revised=after)
    shown = {"action_priority": after.action_priority, "rpn": after.rpn}
    return {**answer, "revised": shown, "severity_changed": both.severity_changed}


def _elements(*, level: int) -> Values:
    found = ppap.submission(level=level)
    asks = {
        number: word
        for word, numbers in (("submit", found.submit), ("retain", found.retain),
                              ("on request", found.on_request))
        for number in numbers
    }  # fmt: skip
    return {
        "S": found.submit,
        "R": found.retain,
        "on_request": found.on_request,
        "count_S": len(found.submit),
        "count_R": len(found.retain),
        "count_star": len(found.on_request),
        "elements": [
            {"name": f"{e.number} {e.name}", "asks": asks[e.number],
             "second_source": e.second_source} for e in ppap.ELEMENTS
        ],
        "method": found.method,
    }  # fmt: skip


def _indices(*, index: Any) -> list[str]:
    values = inputs.series("index", index, most=inputs.MAX_LIST)
    return [ppap.index_verdict(index=value) for value in values]


def _declarations(**given: Any) -> Values:
    if not given:
        inputs.refuse("Pb_ppm", "missing", "must be given, or another substance")
    judged: dict[str, list[str]] = {}
    for name, values in given.items():
        substance, most = name.split("_")[0], 100 if name == "SVHC_ww_pct" else 1_000_000
        for place, value in enumerate(inputs.sequence(name, values)):
            found = inputs.decimal(f"{name}.{place}", value, low=0, high=most)
            verdict: str = (
                declarations.reach(svhc_pct=found)
                if substance == "SVHC"
                else declarations.rohs(substance=substance, ppm=found)
            )
            judged.setdefault(substance, []).append(str(verdict))
    return judged


def _over(known: Values) -> list[str]:
    return [name for name in _PPM if "exceeds" in known.get(name, ())]


def _must_tell(known: Values) -> bool:
    return "art33_duty" in known.get("SVHC", ())


def _declared_tone(known: Values) -> str:
    return "bad" if _over(known) else "warn" if _must_tell(known) else "good"


def _declared(known: Values) -> str:
    over = _over(known)
    told = [f"{', '.join(over)} above the RoHS limit"] if over else []
    told += ["the supplier must tell about an SVHC (REACH Art. 33)"] if _must_tell(known) else []
    text = "; ".join(told) or "every value complies; a limit that is just met complies"
    return f"{text[:1].upper()}{text[1:]}."


def _floor_life(*, levels: Any) -> Values:
    entries = inputs.sequence("levels", levels)
    words = [inputs.choice(f"levels.{i}", one, _LEVELS) for i, one in enumerate(entries)]
    return {word: msl.floor_life(word) for word in words}


def _discontinuance(
    *, issued: date | None = None, pdn_issued: date | None = None, **dates: Any
) -> notices.DiscontinuanceTimeline:
    notice = issued or pdn_issued
    if notice is None:
        inputs.refuse("issued", "missing", "must be given, or pdn_issued alone")
    return notices.discontinuance_timeline(issued=notice, **dates)


def _too_early(known: Values) -> str:
    short = [
        f"the {what} is {output.many(known[name], 'day')} too early"
        for what, name in (
            ("last-time buy", "ltb_days_short"),
            ("last shipment", "lts_days_short"),
        )
        if known[name]
    ]
    return f"{' and '.join(short).capitalize()}: ask for more time."


_NO_RISK = "A priority for action, not a level of accepted risk."
CALCULATORS = (
    *in_area(
        "fmea",
        Calculator(
            "action-priority", "Action priority",
            "How urgent an action is for one cause, mode and effect; and after the action.",
            formula="AP = table(S, O, D); RPN = S × O × D, shown for information and never a gate",
            where="S severity of the worst effect, O occurrence of the cause, D detection before "
            "the customer; AP from the handbook's table", source=fmea.METHOD.standard,
            inputs=(field.integer("S", "Severity", 8, argument="severity", **_RATING),
                    field.integer("O", "Occurrence", 5, argument="occurrence", **_RATING),
                    field.integer("D", "Detection", 7, argument="detection", **_RATING),
                    field.record("revised", "After the completed action", {"S": 8, "O": 3, "D": 3},
                                 optional=True, of=dict,
                                 note="once the action is completed with evidence",
                                 columns=(
                                     field.integer("S", "Severity", argument="severity", **_RATING),
                                     field.integer("O", "Occurrence", argument="occurrence",
                                                   **_RATING),
                                     field.integer("D", "Detection", argument="detection",
                                                   **_RATING)))),
            outputs=shown(action_priority=word("Action priority"),
                          rpn=whole("RPN, for information"),
                          revised=output.plain("After the action", columns=shown(
                              action_priority=word("Action priority"), rpn=whole("RPN"))),
                          severity_changed=output.yes_no("Severity changed")),
            compute=_action_priority,
            says=says("Severity moved: only a change of the design or the chain of effects may do "
                      "that.", "warn", _NO_RISK, severity_changed=True)
            .otherwise("High: define an action, or record why the controls are adequate.", "bad",
                       _NO_RISK, action_priority="H")
            .otherwise("Medium: an action should be taken, or the reason why not recorded.",
                       "warn", _NO_RISK, action_priority="M")
            .otherwise("Low: an action could be taken.", "good", _NO_RISK),
        ),
    ),
    *in_area(
        "ppap",
        Calculator(
            "ppap-elements", "PPAP elements by level",
            "Which of the 18 elements a submission level asks to submit, retain or keep ready.",
            formula="S submit and retain, R retain, * submit on request", source=ppap.STANDARD,
            inputs=(field.integer("level", "Submission level", 3, low=1, high=5),),
            outputs=shown(S=output.plain("Submit and retain"), R=output.plain("Retain"),
                          on_request=output.plain("Submit on request"),
                          count_S=whole("Number to submit"), count_R=whole("Number to retain"),
                          count_star=whole("Number on request"),
                          elements=output.plain("Elements", columns=shown(
                              name=output.plain("Element"), asks=output.plain("Level asks"),
                              second_source=output.plain("For a second source")))),
            compute=_elements,
            says=says("Level {level}: {count_S:element} to submit, {count_R} to retain.",
                      count_star=0)
            .otherwise("Level {level}: {count_S:element} to submit, {count_R} to retain, "
                       "{count_star} on request, as the customer defines."),
        ),
        Calculator(
            "process-index", "Initial process index",
            "Whether an initial Ppk or Cpk is acceptable.",
            formula="> 1.67 accept; 1.33 to 1.67 conditional; < 1.33 reject",
            source=ppap.STANDARD + ", 2.2.11",
            inputs=(field.listed("index", "Index", [1.68, 1.67, 1.33, 1.2]),),
            outputs=shown(value=word("Verdict", per="index")),
            compute=_indices, method=ppap.INDEX_METHOD, says=judged("accept"),
        ),
        Calculator(
            "production-run", "Significant production run",
            "Whether a run is long and large enough to take the samples from.",
            formula="at least 1 hour and 300 consecutive parts, unless the customer agrees "
            "otherwise", source=ppap.STANDARD,
            inputs=(field.rows("runs", "Runs", [{"hours": 4, "parts": 320},
                                                {"hours": 0.5, "parts": 400}], of=dict,
                               columns=(field.number("hours", "Hours", low=0, high=8784),
                                        field.integer("parts", "Consecutive parts"))),),
            outputs=shown(value=word("Verdict", per="runs")),
            compute=lambda runs: [ppap.run_verdict(**run) for run in runs],
            method=ppap.RUN_METHOD, says=judged("ok"),
        ),
    ),
    *in_area(
        "qualification",
        Calculator(
            "declarations", "Substance limits",
            "RoHS maxima by homogeneous material, the REACH duty by article; values between "
            "commas.",
            formula="RoHS: found ≤ limit complies; REACH Art. 33: duty above 0.1 % by weight",
            source=declarations.METHOD.standard,
            inputs=(*(field.listed(f"{name}_ppm", name, example, unit="ppm", optional=True,
                                   entry="decimal", alone=True,
                                   note=f"at most {declarations.ROHS_LIMIT_PPM[name]} ppm complies")
                      for name, example in {**dict.fromkeys(_PPM), "Pb": [1000, 1000.1],
                                            "Cd": [100, 101]}.items()),
                    field.listed("SVHC_ww_pct", "SVHC in the article", [0.1, 0.1001],
                                 unit="% w/w", optional=True, entry="decimal", alone=True,
                                 note="above 0.1 % the supplier must tell")),
            outputs=shown(**{name: word("Verdict", per=f"{name}_ppm") for name in _PPM},
                          SVHC=word("Verdict", per="SVHC_ww_pct")),
            compute=_declarations, method=declarations.METHOD,
            says=says(_declared, _declared_tone),
        ),
        Calculator(
            "last-time-buy", "Last-time buy",
            "How many units cover the rest of the product's life.",
            formula="⌈(μM + zσ√M − stock − open orders) ÷ (1 − scrap)⌉, at least 0",
            where="μ demand a month, σ its standard deviation, M months, z normal quantile of the "
            "service level", source="House rule",
            house_rule="The safety term and the scrap allowance are our own.",
            inputs=(field.number("monthly_demand", "Demand a month", 1200, low=0),
                    field.number("months", "Months to cover", 30, above=0, high=600),
                    field.number("sd_month", "Standard deviation a month", 250, low=0, default=0),
                    field.number("service", "Service level", low=0.5, below=1, default=0.95),
                    field.number("stock", "Stock", 4000, low=0, default=0),
                    field.number("scrap_rate", "Scrap rate", 0.02, low=0, high=0.99, default=0),
                    field.number("open_orders", "Open orders", low=0, default=0)),
            outputs=shown(z=output.figure("Safety factor z"),
                          qty=whole("Units to buy", "quantity")),
            compute=notices.last_time_buy,
            says=says("Nothing to buy: stock and open orders cover the rest.", "good", qty=0)
            .otherwise("Buy {qty:unit} to cover {months} months at a service level of {service}."),
        ),
        Calculator(
            "msl-floor-life", "Floor life by moisture level",
            "Hours out of the dry bag at 30 °C and 60 % relative humidity.",
            formula="table; none = unlimited, 0 = bake before use", source=msl.METHOD.standard,
            inputs=(field.listed("levels", "Levels", list(_LEVELS), entry="text", alone=True,
                                 note="of " + ", ".join(_LEVELS)),),
            outputs=shown(**{level: output.floor_life(f"Level {level}") for level in _LEVELS}),
            compute=_floor_life, method=msl.METHOD,
            says=says("Hours out of the dry bag at 30 °C and 60 % relative humidity."),
        ),
        Calculator(
            "msl-remaining", "Floor life left",
            "What is left after the bag was opened, and whether to bake.",
            formula="max(0, life − Σ exposure)", source=msl.METHOD.standard,
            inputs=(field.choice("msl", "Level", "3", choices=_LEVELS, argument="level"),
                    field.listed("exposed_h", "Exposure by opening", [24, 48], unit="h",
                                 argument="exposed_hours", alone=True, note="0 or more")),
            outputs=shown(remaining_h=unit("h", "Floor life left", "remaining_hours"),
                          must_bake=output.yes_no("Bake before use"),
                          overrun_h=unit("h", "Over the floor life", "overrun_hours")),
            compute=msl.remaining,
            says=says("Bake before use: the floor life is used up.", "bad", must_bake=True)
            .otherwise("Unlimited: this level needs no dry bag.", "good", remaining_h=None)
            .otherwise("{remaining_h} are left before the parts must be baked.", "good"),
        ),
        Calculator(
            "pcn-timeline", "Change notice deadlines",
            "When to answer a product change notice and when changed product may ship.",
            formula="answer within 30 days; first shipment at least 90 days after the notice",
            source="J-STD-046, July 2016",
            inputs=(field.day("pcn_issued", "Notice issued", "2026-01-15", argument="issued"),),
            outputs=shown(ack_due=on_day("Answer by", "acknowledge_by"),
                          earliest_first_ship_of_changed=on_day("Changed product not before",
                                                                "earliest_first_ship")),
            compute=notices.change_timeline,
            says=says("Answer by {ack_due}; changed product not before "
                      "{earliest_first_ship_of_changed}.",
                      note="Without an answer in time the change counts as accepted (J-STD-046)."),
        ),
        Calculator(
            "pdn-timeline", "Discontinuance deadlines",
            "Whether a notice leaves the time that the standard asks for.",
            formula="last buy ≥ notice + 6 months; last shipment ≥ notice + 12 months",
            source="J-STD-048, Nov 2014; months clamped to the month's end",
            inputs=(field.day("issued", "Notice issued", "2026-03-01", optional=True),
                    field.day("ltb", "Last-time buy", "2026-08-01", argument="last_buy",
                              optional=True),
                    field.day("lts", "Last shipment", "2027-03-01", argument="last_ship",
                              optional=True),
                    field.day("pdn_issued", "Notice issued, no dates yet", optional=True,
                              note="alone, for the earliest dates")),
            outputs=shown(ltb_ok=output.yes_no("Last-time buy late enough", "last_buy_ok"),
                          lts_ok=output.yes_no("Last shipment late enough", "last_ship_ok"),
                          ltb_days_short=unit("days", "Last-time buy too early by",
                                              "last_buy_days_short"),
                          lts_days_short=unit("days", "Last shipment too early by",
                                              "last_ship_days_short"),
                          earliest_last_time_buy=on_day("Last-time buy not before"),
                          earliest_last_time_ship=on_day("Last shipment not before")),
            compute=_discontinuance,
            says=says(_too_early, "bad", ltb_ok=False).otherwise(_too_early, "bad", lts_ok=False)
            .otherwise("Last-time buy not before {earliest_last_time_buy}, last shipment not "
                       "before {earliest_last_time_ship}.", ltb_ok=None, lts_ok=None)
            .otherwise("The notice leaves the time that the standard asks for.", "good"),
        ),
        Calculator(
            "zero-failure-bound", "What a test without failures shows",
            "The upper bound of the failure probability; a qualification sample proves little.",
            formula="p = 1 − (1 − C)^(1/n); with failures the exact binomial bound",
            where="n units, C confidence",
            source="Exact binomial (Clopper-Pearson 1934); JESD47 on sample sizes",
            inputs=(field.integer("n", "Units", 231, low=1),
                    field.integer("fails", "Failures", low=0, default=0),
                    field.number("confidence", "Confidence", above=0, below=1, default=0.9)),
            outputs=shown(p_upper=output.pct("Failure probability, upper bound"),
                          dppm=output.figure("The same a million")),
            compute=sample_size.failure_bound,
            says=says("{fails:failure} in {n:unit} show a failure probability below {p_upper} with "
                      "{confidence} confidence, {dppm} a million.",
                      note="This bound is all that the sample shows; no failure is not 0 a "
                      "million."),
        ),
    ),
)  # fmt: skip
