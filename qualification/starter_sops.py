"""The starter SOPs: what each family of parts adds to the steps for all parts.

Design choices [D], from the trade's common traps. Limits are the usual ones of a lead-free line; a
company drafts its own version where its line or its product differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from parts.models.catalogue import RiskClass
from qualification.families import Family
from qualification.gate_requirements import (
    CHECKLISTS,
    MANUFACTURING,
    TEST,
    RequiredItem,
    rank,
)
from qualification.models.cases import State
from qualification.models.steps import StepKind

LOW, MEDIUM, HIGH = RiskClass
VALUE, DOCUMENT = StepKind.VALUE, StepKind.DOCUMENT

#: The steps for all parts that the short SOP of low-risk passives leaves out.
NOT_FOR_LOW_PASSIVES = frozenset({"incumbent-stock"})

_REFLOW = RequiredItem(
    "reflow-peak", "Enter the peak reflow temperature that the candidate is rated for",
    kind=VALUE, unit="°C", lower=Decimal(245),
    guidance="A lead-free line reaches 245 °C and more. A part that is rated for less is damaged "
    "in soldering, often without a visible sign.",
)  # fmt: skip
_MSL = RequiredItem(
    "msl", "Compare the moisture sensitivity level with that of the incumbent",
    guidance="A higher level has a shorter floor life. Parts that lie open for longer crack when "
    "they are soldered; the line then needs dry storage or baking.",
)  # fmt: skip
_MSL_PLANNED = RequiredItem(
    "msl-handling", "Adapt dry storage and baking on the line to the candidate's level",
    risk=MEDIUM, functions=(MANUFACTURING,),
    guidance="The level on the label decides the floor life, not that of the part it replaces.",
)  # fmt: skip
_ESD = RequiredItem(
    "esd-class", "Enter the ESD voltage (HBM) that the candidate withstands",
    kind=VALUE, unit="V", lower=Decimal(1000),
    guidance="Handling on the line is laid out for a class. A weaker part fails early in the "
    "field after damage that no test at the end of the line shows.",
)  # fmt: skip
_ESG = RequiredItem(
    "esg", "File the ESG evidence of the candidate's sites", risk=MEDIUM, kind=DOCUMENT,
    guidance="Customers ask for audits of labour, environment and ethics by site. Expired evidence "
    "counts as missing.",
)  # fmt: skip
_TRADE = RequiredItem(
    "trade", "Check origin, tariff number and export control of the candidate", risk=MEDIUM,
    guidance="Another origin changes the duty, and sometimes whether the product may be shipped.",
)  # fmt: skip
_MINERALS = RequiredItem(
    "conflict-minerals", "File the conflict minerals declaration (CMRT, EMRT)", risk=MEDIUM,
    kind=DOCUMENT,
    guidance="Tin, tantalum, tungsten, gold and cobalt have to be traced to the smelter.",
)  # fmt: skip
_CHANNEL = RequiredItem(
    "channel", "Name the authorised channel of the candidate", risk=MEDIUM,
    guidance="Counterfeits come in by open-market buys when a part is short.",
)  # fmt: skip

_ALL_PARTS_OF_SPEC = (_ESG, _TRADE, _MINERALS, _CHANNEL)
_SEMICONDUCTOR_SPEC = (_REFLOW, _MSL, _ESD, *_ALL_PARTS_OF_SPEC)
_SEMICONDUCTOR: dict[State, tuple[RequiredItem, ...]] = {State.FMEA: (_MSL_PLANNED,)}

_FAMILY_STEPS: dict[Family, dict[State, tuple[RequiredItem, ...]]] = {
    Family.PASSIVES: {
        State.SPEC_REVIEW: (
            RequiredItem(
                "dc-bias", "Check the value under working voltage, temperature and ageing",
                guidance="A class 2 ceramic capacitor loses up to 80 % of its capacitance under DC "
                "bias, and each manufacturer another share. The printed value says nothing.",
            ),
            RequiredItem(
                "load-capacitance", "Match load capacitance and drive level of crystals",
                guidance="Another load capacitance shifts the frequency; too much drive ages the "
                "crystal, too little keeps it from starting in the cold.",
            ),
            _REFLOW,
            *_ALL_PARTS_OF_SPEC,
        ),
        State.PILOT_BUILD: (
            RequiredItem(
                "board-flex", "File the board flex and solderability test (AEC-Q200)",
                risk=MEDIUM, kind=DOCUMENT,
                guidance="Terminations of ceramic parts crack when the board bends.",
            ),
        ),
    },
    Family.CONNECTORS: {
        State.SPEC_REVIEW: (
            RequiredItem(
                "mating", "Mate samples with the counterparts of every product",
                guidance="Drawings agree and parts still do not mate: latch, keying, pin length.",
            ),
            RequiredItem(
                "contact-finish", "Compare contact finish and plating thickness",
                guidance="Gold against tin frets and corrodes; thin gold wears off early.",
            ),
            RequiredItem(
                "mating-cycles", "Enter the mating cycles that the candidate is rated for",
                kind=VALUE, unit="cycles", lower=Decimal(30),
                guidance="Service and test use up cycles before the customer does.",
            ),
            _REFLOW,
            *_ALL_PARTS_OF_SPEC,
        ),
        State.FMEA: (
            RequiredItem(
                "coplanarity", "Check coplanarity, pick-up cap and packaging for placement",
                risk=MEDIUM, functions=(MANUFACTURING,),
                guidance="A connector that is placed by hand or lifts at one end costs the yield.",
            ),
        ),
    },
    Family.DISCRETES: {
        State.SPEC_REVIEW: (
            RequiredItem(
                "ctr", "Compare the current transfer ratio of optocouplers over temperature",
                guidance="The ratio is binned and falls with age. A wider bin moves the loop gain.",
            ),
            RequiredItem(
                "safe-area", "Compare the safe operating area and the thermal resistance",
                guidance="Newer dies are smaller: the same rating on page one, less energy in a "
                "short.",
            ),
            *_SEMICONDUCTOR_SPEC,
        ),
        **_SEMICONDUCTOR,
    },
    Family.POWER: {
        State.SPEC_REVIEW: (
            RequiredItem(
                "dc-bias", "Check the output capacitance under bias at the candidate's frequency",
                guidance="Ceramic capacitors lose capacitance under DC bias; the loop is stable "
                "only with what is left.",
            ),
            RequiredItem(
                "loop-stability", "Measure phase margin and load step with our layout",
                evidence=True, risk=MEDIUM,
                guidance="Pin-compatible regulators differ in compensation and frequency.",
            ),
            RequiredItem(
                "phase-margin", "Enter the lowest measured phase margin", risk=MEDIUM,
                kind=VALUE, unit="°", lower=Decimal(45),
                guidance="Below 45° a supply rings, and with cold capacitors it oscillates.",
            ),
            *_SEMICONDUCTOR_SPEC,
        ),
        **_SEMICONDUCTOR,
    },
    Family.MEMORY: {
        State.SPEC_REVIEW: (
            RequiredItem(
                "timing-corners", "Compare timing, block sizes and identifiers with the driver",
                guidance="Drivers know a memory by its identifier and refuse an unknown one at the "
                "first boot.",
            ),
            RequiredItem(
                "endurance", "Enter the erase and write cycles that the candidate is rated for",
                kind=VALUE, unit="cycles", lower=Decimal(10_000),
                guidance="A log or a counter wears a cell out within the life of the product.",
            ),
            *_SEMICONDUCTOR_SPEC,
        ),
        **_SEMICONDUCTOR,
        State.PILOT_BUILD: (
            RequiredItem(
                "data-retention", "Test boot, update and data retention on every product model",
                risk=MEDIUM, functions=(TEST,), evidence=True,
                guidance="Write errors show at the corners of temperature and supply.",
            ),
        ),
    },
    Family.MCU: {
        State.SPEC_REVIEW: (
            RequiredItem(
                "errata", "Compare the errata with the features that the firmware uses",
                guidance="Compatible cores have other errata and other reset values.",
            ),
            RequiredItem(
                "toolchain", "Build and flash the firmware with the candidate's tools",
                evidence=True,
                guidance="Debuggers, programmers and licences often know one manufacturer only.",
            ),
            *_SEMICONDUCTOR_SPEC,
        ),
        **_SEMICONDUCTOR,
        State.PILOT_BUILD: (
            RequiredItem(
                "regression", "Run the firmware's regression tests on the candidate",
                functions=(TEST,), evidence=True,
                guidance="Start-up, timing and current at the corners of temperature and supply.",
            ),
        ),
    },
}  # fmt: skip


def starter_items(family: str, risk_class: str) -> Iterator[tuple[State, RequiredItem]]:
    """Gate and step of the starter SOP of a family ('' for all parts) and a risk class."""
    added = _FAMILY_STEPS[Family(family)] if family else {}
    short = family == Family.PASSIVES and risk_class == LOW
    for gate, steps in CHECKLISTS.items():
        for step in (*steps, *added.get(gate, ())):
            left_out = short and step.code in NOT_FOR_LOW_PASSIVES
            if rank(step.risk) <= rank(risk_class) and not left_out:
                yield gate, step
