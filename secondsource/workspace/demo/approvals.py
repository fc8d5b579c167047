"""The demonstration's approvals: accepted risks, customers, regulatory files. All invented."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qualification import approval
from qualification import services as qualification
from qualification.models import AcceptedRisk, Case
from secondsource.core import clock
from secondsource.workspace.demo.people import Cast

#: Product → its customers with what they are sent.
CUSTOMERS = {
    "DC-210": (("Halden Pumpen", "ppap"), ("Norrbruk Lifts", "change_notice")),
    "DC-515": (("Kestrel Rail Systems", "change_notice"),),
}
#: Days before the approval on which customers are asked, and days until an answer is due.
ASKED, DUE = dt.timedelta(days=12), dt.timedelta(days=30)
CONDITION = "First lot with 100 % functional test at 70 °C, report to the customer."
#: What the risk is, how bad it would be, what limits it.
RISK = (
    "The candidate is characterised on two lots; its spread over further lots is not known yet.",
    "A unit can fail the end-of-line test; no harm to people, no escape to the field.",
    "Tightened incoming inspection of the first five lots, and the ramp ends at 40 %.",
)


def ask_customers(case: Case, cast: Cast, *, whole: bool) -> None:
    """Ask the customers of each product; without ``whole`` the last one has not answered."""
    engineer, asked_on = cast["engineer"], clock.business_day() - ASKED
    affected = approval.products_of(case).filter(code__in=CUSTOMERS)
    asked = [(product, *one) for product in affected for one in CUSTOMERS[product.code]]
    for place, (product, name, kind) in enumerate(asked, 1):
        values: dict[str, Any] = {
            "customer": name, "kind": kind, "sent_on": asked_on, "due": asked_on + DUE,
        }  # fmt: skip
        if whole or place < len(asked):
            values |= {"answered_on": clock.business_day(), "answer": "approved"}
        if place == 1:
            values |= {"answer": "approved_with_conditions", "conditions": CONDITION}
            values["answered_on"] = clock.business_day()
        qualification.add_customer_approval(
            case=case, product=product, values=values, actor=engineer
        )
    files = (
        {"name": "CE technical file, EMC part", "authority": "Notified body (demonstration)",
         "update_needed": True, "updated_on": clock.business_day() if whole else None},
        {"name": "UL component list", "authority": "UL (demonstration)", "update_needed": False,
         "reason": "The part is not safety-relevant and not on the list."},
    )  # fmt: skip
    for file in files:
        qualification.add_regulatory_file(case=case, values=file, actor=engineer)


def record_risk(case: Case, cast: Cast) -> AcceptedRisk:
    """Record the accepted rows of the FMEA, and a risk that only procurement has signed."""
    for one in approval.proposed_risks(case):
        qualification.record_risk(
            case=case, text=one.text, severity=one.severity, mitigation=one.mitigation,
            origin=one.origin, reference=one.reference, actor=cast["engineer"],
        )  # fmt: skip
    text, severity, mitigation = RISK
    made = qualification.record_risk(
        case=case, text=text, severity=severity, mitigation=mitigation, actor=cast["engineer"]
    )
    qualification.sign_risk(risk=made, function="procurement", actor=cast["procurement"])
    return made


def share_risks(case: Case, cast: Cast) -> None:
    """Record the risks of the case, each shared by engineering and procurement."""
    record_risk(case, cast)
    for one in approval.risks_of(case):
        for function in approval.lacking_functions(one):
            who = "engineer" if function == "engineering" else str(function)
            qualification.sign_risk(risk=one, function=str(function), actor=cast[who])
