"""The requirements of each gate that ship with the product: its steps and the functions that sign.

Design choices [D]. ``CHECKLISTS`` are the steps of the starter SOPs for all parts; what families of
parts add is in ``starter_sops``. A case takes its steps over from an SOP when it opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from parts.models.catalogue import RiskClass
from qualification.models.cases import State
from qualification.models.steps import StepKind
from secondsource.accounts.rights import Function

ENG, QUA, PRO, SPO = (
    Function.ENGINEERING,
    Function.QUALITY,
    Function.PROCUREMENT,
    Function.SPONSOR,
)
MANUFACTURING, TEST = Function.MANUFACTURING, Function.TEST


@dataclass(frozen=True)
class RequiredItem:
    """A step; ``risk`` is the lowest risk class that requires it.

    With a ``link`` it is done when that work of the case is. ``code`` never changes.
    """

    code: str
    text: str
    evidence: bool = False
    risk: RiskClass = RiskClass.LOW
    link: str = ""
    kind: StepKind = StepKind.TICK
    guidance: str = ""
    unit: str = ""
    lower: Decimal | None = None
    upper: Decimal | None = None
    functions: tuple[Function, ...] = ()


#: Functions required to pass the business case, besides the executive sponsor.
CORE_TEAM = (ENG, PRO, QUA)

#: The noun for a person with a function in a team.
PERSONS = {
    ENG: "engineer",
    PRO: "buyer",
    QUA: "quality engineer",
    MANUFACTURING: "manufacturing engineer",
    TEST: "test engineer",
    Function.FINANCE: "controller",
}


def with_article(noun: str) -> str:
    """``an engineer``, ``a buyer``."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


#: The functions that sign each gate, in the order of signing; steps of an SOP can add more.
SIGNERS: dict[State, tuple[Function, ...]] = {
    State.BUSINESS_CASE: (ENG, PRO, QUA, SPO),
    State.SPEC_REVIEW: (ENG, QUA),
    State.FMEA: (ENG, QUA),
    State.PILOT_BUILD: (ENG, QUA),
    State.APPROVAL: (ENG, QUA, PRO, SPO),
    State.TRANSITION: (QUA, PRO),
}


def signers(gate: State, functions: set[str]) -> list[Function]:
    """The functions that sign a gate with steps for these functions; the sponsor signs last."""
    base = SIGNERS[gate]
    more = [f for f in Function if str(f) in functions and f not in base]
    return sorted([*base, *more], key=lambda function: function == SPO)


CHECKLISTS: dict[State, tuple[RequiredItem, ...]] = {
    State.BUSINESS_CASE: (
        RequiredItem("business-case", "Complete the business case", link="business_case"),
    ),
    State.SPEC_REVIEW: (
        RequiredItem(
            "datasheets", "Compare the datasheets of incumbent and candidate", evidence=True
        ),
        RequiredItem(
            "deviations", "Decide on every deviation, with a named engineer", link="deviations"
        ),
        RequiredItem(
            "declarations",
            "File the declarations (RoHS, REACH) of the candidate",
            link="declarations",
        ),
        RequiredItem(
            "clearance",
            "Search for intellectual property conflicts",
            risk=RiskClass.MEDIUM,
            link="clearance",
        ),
    ),
    State.FMEA: (
        RequiredItem("failure-modes", "Rate the failure modes of the change", link="fmea"),
        RequiredItem(
            "process-fmea",
            "Update the process FMEA of placement and test",
            risk=RiskClass.MEDIUM,
        ),
    ),
    State.PILOT_BUILD: (
        RequiredItem(
            "pilot-plan", "Lock the pilot plan: models, margin, floor, quantity", link="pilot_plan"
        ),
        RequiredItem(
            "component-tests",
            "Complete the component qualification tests",
            risk=RiskClass.MEDIUM,
            link="component_tests",
        ),
        RequiredItem("pilot-lot", "Receive and inspect the pilot lot", link="inspections"),
        RequiredItem(
            "pilot-results", "Judge the pilot results of every product model", link="pilot_results"
        ),
        RequiredItem(
            "reliability", "Finish the reliability test", evidence=True, risk=RiskClass.HIGH
        ),
    ),
    State.APPROVAL: (
        RequiredItem(
            "rollback-plan",
            "Write the rollback plan: triggers, steps, owners",
            link="rollback_plan",
        ),
        RequiredItem(
            "introduction",
            "Plan the introduction: change notice, BOM revision, cut-in, run-out",
            link="introduction",
        ),
        RequiredItem(
            "samples",
            "Accept initial samples and warrant",
            risk=RiskClass.MEDIUM,
            link="ppap",
        ),
        RequiredItem(
            "customer-approvals",
            "Get the approval of customers and update regulatory files",
            link="customer_approvals",
        ),
        RequiredItem(
            "accepted-risks",
            "Sign accepted risks in engineering and procurement",
            link="accepted_risks",
        ),
    ),
    State.TRANSITION: (
        RequiredItem("change-notice", "Release the change notice and BOM revision"),
        RequiredItem("incumbent-stock", "Keep incumbent stock for a rollback"),
    ),
}

_ORDER = {RiskClass.LOW: 0, RiskClass.MEDIUM: 1, RiskClass.HIGH: 2}


def rank(risk_class: str) -> int:
    """0 for low, 1 for medium, 2 for high."""
    return _ORDER[RiskClass(risk_class)]
