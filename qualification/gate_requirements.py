"""What each gate asks for: its checklist and the functions that sign.

Design choices [D]: the starter set that a case takes over when it opens. Versioned procedures
per category build on the same shape.
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
class Item:
    """A checklist line; ``risk`` names the lowest class that has to do it."""

    text: str
    evidence: bool = False
    risk: RiskClass = RiskClass.LOW


#: Functions without which no case leaves its business case, besides the executive sponsor.
CORE_TEAM = (ENG, PRO, QUA)

#: What somebody is called who holds a function of the core team.
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

CHECKLISTS: dict[State, tuple[Item, ...]] = {
    State.BUSINESS_CASE: (
        Item("Estimate saving, one-time cost and payback"),
        Item("State the exposure without a second source"),
        Item("Judge the timing against the product phases"),
    ),
    State.SPEC_REVIEW: (
        Item("Compare the datasheets of incumbent and candidate", evidence=True),
        Item("Decide on every deviation, with a named engineer"),
        Item("File the declarations (RoHS, REACH) of the candidate", evidence=True),
        Item("Search for intellectual property conflicts", risk=RiskClass.MEDIUM),
    ),
    State.FMEA: (
        Item("Rate the failure modes of the change", evidence=True),
        Item("Close every action of priority High"),
        Item("Update the process FMEA of placement and test", risk=RiskClass.MEDIUM),
    ),
    State.PILOT_BUILD: (
        Item("Lock the pilot plan: models, margin, floor, quantity"),
        Item("Receive and inspect the pilot lot", evidence=True),
        Item("Judge the pilot results of every product model", evidence=True),
        Item("Finish the reliability test", evidence=True, risk=RiskClass.HIGH),
    ),
    State.APPROVAL: (
        Item("Write the rollback plan: triggers, steps, owners"),
        Item("Rehearse the rollback", evidence=True),
        Item("Accept initial samples and warrant", evidence=True, risk=RiskClass.MEDIUM),
        Item("Sign accepted risks in engineering and procurement"),
    ),
    State.TRANSITION: (
        Item("Release the change notice and BOM revision"),
        Item("Record the cut-in date or serial"),
        Item("Keep incumbent stock for a rollback"),
    ),
}

_ORDER = {RiskClass.LOW: 0, RiskClass.MEDIUM: 1, RiskClass.HIGH: 2}


def rank(risk_class: str) -> int:
    """0 for low, 1 for medium, 2 for high."""
    return _ORDER[RiskClass(risk_class)]


def items_for(gate: State, risk_class: str, *, above: str = "") -> list[Item]:
    """The checklist of a gate for a risk class; ``above`` leaves out what that class asks too."""
    lowest = rank(above) if above else -1
    return [item for item in CHECKLISTS[gate] if lowest < rank(item.risk) <= rank(risk_class)]
