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
        Item("Expected saving, one-time cost and payback estimated"),
        Item("Exposure without a second source stated"),
        Item("Timing against the product phases judged"),
    ),
    State.SPEC_REVIEW: (
        Item("Datasheets of incumbent and candidate compared", evidence=True),
        Item("Every deviation has a disposition by a named engineer"),
        Item("Declarations (RoHS, REACH) of the candidate on file", evidence=True),
        Item("Intellectual property clearance searched", risk=RiskClass.MEDIUM),
    ),
    State.FMEA: (
        Item("Failure modes of the change rated", evidence=True),
        Item("No action priority High left open"),
        Item("Process FMEA of placement and test updated", risk=RiskClass.MEDIUM),
    ),
    State.PILOT_BUILD: (
        Item("Pilot plan locked: models, margin, floor, quantity"),
        Item("Pilot lot received and inspected", evidence=True),
        Item("Pilot results of every product model judged", evidence=True),
        Item("Reliability test finished", evidence=True, risk=RiskClass.HIGH),
    ),
    State.APPROVAL: (
        Item("Rollback plan written: triggers, steps, owners"),
        Item("Rollback rehearsed", evidence=True),
        Item("Initial samples and warrant accepted", evidence=True, risk=RiskClass.MEDIUM),
        Item("Accepted risks signed by engineering and procurement"),
    ),
    State.TRANSITION: (
        Item("Change notice and BOM revision released"),
        Item("Cut-in date or serial recorded"),
        Item("Stock of the incumbent for the way back kept"),
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
