"""Accepted risks, customers' approvals and regulatory files, made through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parts.models import Product
from qualification import approval, services
from qualification.models import (
    AcceptedRisk,
    Case,
    CustomerApproval,
    NoRiskStatement,
    RegulatoryFile,
    RiskSignature,
)
from secondsource.core import audit, clock
from secondsource.core.actors import Actor

if TYPE_CHECKING:
    from tests.factories import Team


def risk(team: Team, text: str = "The reset is 2 ms longer", **values: Any) -> AcceptedRisk:
    """An accepted risk of the case that nobody has signed."""
    return services.record_risk(case=team.case, text=text, actor=team.lead, **values)


def sign_risk(team: Team, of: AcceptedRisk, *functions: str) -> None:
    """The signatures of these functions, of both by default."""
    for function in functions or ("engineering", "procurement"):
        services.sign_risk(risk=of, function=function, actor=team[function])


def finish_accepted_risks(team: Team) -> None:
    """Sign every risk; without one, state that there is none."""
    for proposed in approval.proposed_risks(team.case):
        risk(team, proposed.text, origin=proposed.origin, reference=proposed.reference)
    risks = list(approval.risks_of(team.case))
    for one in risks:
        if lacking := approval.lacking_functions(one):
            sign_risk(team, one, *map(str, lacking))
    if not risks and approval.statement_of(team.case) is None:
        services.state_no_risk(case=team.case, reason="Nothing differs.", actor=team.lead)


def affected_product(team: Team, **fields: Any) -> Product:
    """A product that uses the part and whose customers must approve changes."""
    from tests import factories  # it imports this module

    return factories.product(uses={team.source.part: 1}, customer_approval=True, **fields)


def customer(team: Team, of: Product, name: str = "Northwind", **values: Any) -> CustomerApproval:
    """A customer of the product who is asked; without values nothing is sent yet."""
    return services.add_customer_approval(
        case=team.case, product=of, values={"customer": name, **values}, actor=team.lead
    )


def regulatory_file(team: Team, **values: Any) -> RegulatoryFile:
    """A file with an authority; without values nobody has decided."""
    given = {"name": "CE technical file", "authority": "Notified body 0123", **values}
    return services.add_regulatory_file(case=team.case, values=given, actor=team.lead)


def approval_rows(case: Case, actor: Actor) -> dict[str, str]:
    """A row of each table of the approval: step of its address → its id."""
    made = audit.save_as(
        AcceptedRisk(case=case, text="The reset is 2 ms longer", raised_by=actor.user), actor
    )
    audit.save_as(
        RiskSignature(
            risk=made, function="engineering", signed_by=actor.user, signed_at=clock.now(),
            risk_version=1,
        ),
        actor,
    )  # fmt: skip
    statement = NoRiskStatement.objects.filter(case=case).first() or audit.save_as(
        NoRiskStatement(case=case, reason="None", stated_by=actor.user, stated_at=clock.now()),
        actor,
    )
    product = Product.objects.filter(usages__part=case.part_id).first()
    asked = audit.save_as(CustomerApproval(case=case, product=product, customer="Acme"), actor)
    file = audit.save_as(RegulatoryFile(case=case, name="CE technical file"), actor)
    user = actor.user
    made_by = Actor(user=user, origin="job")
    dossier = services.start_dossier(case=case, actor=made_by)
    pages = {
        "dossiers": dossier.key,
        "dossier": dossier.key,
        "risks": made.key,
        "customers": asked.key,
        "regulatory": file.key,
    }
    return pages | {
        "accepted-risks": made.key, "no-risk": statement.key, "customer-approvals": asked.key,
        "regulatory-files": file.key,
    }  # fmt: skip


def finish_customer_approvals(team: Team) -> None:
    """Ask every customer and get the approval; no regulatory file needs an update."""
    today = clock.business_day()
    said = {"sent_on": today, "due": today, "answered_on": today, "answer": "approved"}
    rows = list(approval.customer_approvals_of(team.case))
    for product in approval.unasked_products(team.case, rows):
        customer(team, product, **said)
    for row in rows:
        if not row.is_approved(today):
            services.change_customer_approval(
                row=row, values=said | {"conditions": ""}, actor=team.lead
            )
    for file in approval.regulatory_files_of(team.case).filter(updated_on=None):
        if file.update_needed is not False:
            done = {"update_needed": True, "updated_on": today}
            services.change_regulatory_file(row=file, values=done, actor=team.lead)
