"""The requirements of each gate: its checklist and the functions that sign.

Design choices [D]: the starter set that is copied to a case when it opens.
"""

from __future__ import annotations

from dataclasses import dataclass

from parts.models.catalogue import RiskClass
from qualification.models.cases import State
from secondsource.accounts.rights import Function

ENG, QUA, PRO, SPO = (
    Function.ENGINEERING,
    Function.QUALITY,
    Function.PROCUREMENT,
    Function.SPONSOR,
)


@dataclass(frozen=True)
class RequiredItem:
    """A checklist item; ``risk`` is the lowest risk class that requires it.

    With a ``link`` it is done when that work of the case is.
    """

    text: str
    evidence: bool = False
    risk: RiskClass = RiskClass.LOW
    link: str = ""


#: Functions required to pass the business case, besides the executive sponsor.
CORE_TEAM = (ENG, PRO, QUA)

#: The noun for a person with a function of the core team.
PERSONS = {ENG: "engineer", PRO: "buyer", QUA: "quality engineer"}


def with_article(noun: str) -> str:
    """``an engineer``, ``a buyer``."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


SIGNERS: dict[State, tuple[Function, ...]] = {
    State.BUSINESS_CASE: (ENG, PRO, QUA, SPO),
    State.SPEC_REVIEW: (ENG, QUA),
    State.FMEA: (ENG, QUA),
    State.PILOT_BUILD: (ENG, QUA),
    State.APPROVAL: (ENG, QUA, PRO, SPO),
    State.TRANSITION: (QUA, PRO),
}

CHECKLISTS: dict[State, tuple[RequiredItem, ...]] = {
    State.BUSINESS_CASE: (
        RequiredItem("Estimate saving, one-time cost and payback"),
        RequiredItem("State the exposure without a second source"),
        RequiredItem("Judge the timing against the product phases"),
    ),
    State.SPEC_REVIEW: (
        RequiredItem("Compare the datasheets of incumbent and candidate", evidence=True),
        RequiredItem("Decide on every deviation, with a named engineer"),
        RequiredItem("File the declarations (RoHS, REACH) of the candidate", evidence=True),
        RequiredItem("Search for intellectual property conflicts", risk=RiskClass.MEDIUM),
    ),
    State.FMEA: (
        RequiredItem("Rate the failure modes of the change", evidence=True),
        RequiredItem("Close every action of priority High"),
        RequiredItem("Update the process FMEA of placement and test", risk=RiskClass.MEDIUM),
    ),
    State.PILOT_BUILD: (
        RequiredItem("Lock the pilot plan: models, margin, floor, quantity"),
        RequiredItem("Receive and inspect the pilot lot", evidence=True),
        RequiredItem("Judge the pilot results of every product model", evidence=True),
        RequiredItem("Finish the reliability test", evidence=True, risk=RiskClass.HIGH),
    ),
    State.APPROVAL: (
        RequiredItem("Write the rollback plan: triggers, steps, owners"),
        RequiredItem("Rehearse the rollback", evidence=True),
        RequiredItem("Accept initial samples and warrant", evidence=True, risk=RiskClass.MEDIUM),
        RequiredItem("Sign accepted risks in engineering and procurement"),
    ),
    State.TRANSITION: (
        RequiredItem("Release the change notice and BOM revision"),
        RequiredItem("Record the cut-in date or serial"),
        RequiredItem("Keep incumbent stock for a rollback"),
    ),
}

_ORDER = {RiskClass.LOW: 0, RiskClass.MEDIUM: 1, RiskClass.HIGH: 2}


def rank(risk_class: str) -> int:
    """0 for low, 1 for medium, 2 for high."""
    return _ORDER[RiskClass(risk_class)]


def items_for(gate: State, risk_class: str, *, above: str = "") -> list[RequiredItem]:
    """The checklist of a gate for a risk class, without the items of the class ``above``."""
    lowest = rank(above) if above else -1
    return [item for item in CHECKLISTS[gate] if lowest < rank(item.risk) <= rank(risk_class)]
