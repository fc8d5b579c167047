"""Where the approval of a case stands: accepted risks, customers' approvals, regulatory files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from parts.models import Product
from qualification import spec_review, work_files
from qualification.linked_work import LinkedWork, register
from qualification.models import (
    AcceptedRisk,
    Case,
    ChecklistItem,
    CustomerApproval,
    Disposition,
    FmeaRow,
    NoRiskStatement,
    RegulatoryFile,
    RiskSignature,
)
from qualification.models.approval import RISK_SIGNERS
from qualification.models.cases import State
from secondsource.accounts.rights import Function
from secondsource.core import clock
from secondsource.core.errors import Reason
from secondsource.core.formats import day

PAGE = "case_approval"
GATE = State.APPROVAL


# Accepted risks


def risks_of(case: Case) -> QuerySet[AcceptedRisk]:
    """The standing accepted risks of a case, with their signatures and signers."""
    signatures = RiskSignature.objects.select_related("signed_by")
    found: QuerySet[AcceptedRisk] = AcceptedRisk.objects.standing().filter(case=case)
    return found.select_related("raised_by").prefetch_related(
        Prefetch("signatures", queryset=signatures)
    )


def signed_by_function(risk: AcceptedRisk) -> dict[str, RiskSignature]:
    """The signatures that count: not void, and the signer still has a role for the function."""
    return {
        one.function: one
        for one in risk.signatures.all()
        if one.voided_at is None and one.signed_by.may_hold(one.function)
    }


def lacking_functions(risk: AcceptedRisk) -> list[Function]:
    """The functions that have not signed the risk."""
    signed = signed_by_function(risk)
    return [function for function in RISK_SIGNERS if function not in signed]


def shared_in_words(risk: AcceptedRisk) -> str:
    """``Shared by Mira (engineering) and Jonas (procurement)``; '' while one has not signed."""
    signed = signed_by_function(risk)
    if len(signed) < len(RISK_SIGNERS):
        return ""
    names = (f"{signed[function].signed_by.name} ({function})" for function in RISK_SIGNERS)
    return f"Shared by {' and '.join(names)}"


def statement_of(case: Case) -> NoRiskStatement | None:
    """The lead's statement that no risk is accepted."""
    found = NoRiskStatement.objects.standing().filter(case=case).select_related("stated_by")
    first: NoRiskStatement | None = found.first()
    return first


@dataclass(frozen=True)
class ProposedRisk:
    """A risk that was accepted in the work of the case and is not recorded yet.

    ``required``: the approval needs it recorded; another one is only offered.
    """

    origin: str
    reference: str
    name: str
    text: str
    severity: str
    mitigation: str
    required: bool = True


def proposed_risks(case: Case) -> list[ProposedRisk]:
    """What was accepted in the work of the case and is not recorded as a risk.

    Rows of the FMEA at AP-High and missed limits of the spec review have to be recorded; other
    deviations are offered.
    """
    known = AcceptedRisk.objects.standing().filter(case=case).exclude(reference="")
    recorded = set(known.values_list("reference", flat=True))
    found = [*_of_fmea(case), *_of_spec_review(case)]
    return [one for one in found if one.reference not in recorded]


def _of_fmea(case: Case) -> Iterator[ProposedRisk]:
    for row in FmeaRow.objects.filter(fmea__case=case, accepted_by__isnull=False):
        yield ProposedRisk(
            AcceptedRisk.Origin.FMEA_ROW, str(row.public_id), f"{row}, accepted at AP-High,",
            f"{row.failure_mode}: {row.effect}", f"Severity {row.severity} of 10",
            row.accepted_reason,
        )  # fmt: skip


def _of_spec_review(case: Case) -> Iterator[ProposedRisk]:
    verdicts = (Disposition.Verdict.DEVIATION, Disposition.Verdict.BLOCKS)
    accepted = case.dispositions.exclude(decision=Disposition.Decision.REJECT)
    for made in accepted.filter(verdict__in=verdicts):
        missed = made.verdict == Disposition.Verdict.BLOCKS
        what = "missed limit" if missed else "deviation"
        yield ProposedRisk(
            AcceptedRisk.Origin.DEVIATION, str(made.public_id),
            f"The accepted {what} of {made.parameter}",
            f"{made.parameter}: {made.candidate_value} where {made.required} is required",
            "", made.condition or made.reason, required=missed,
        )  # fmt: skip


def missing_risks(case: Case, *, stated: bool = False) -> list[Reason]:
    """Every reason why the accepted risks of a case are not settled.

    ``stated``: as if the lead had stated that there is none.
    """
    risks = list(risks_of(case))
    proposed = [one for one in proposed_risks(case) if one.required]
    reasons = [
        Reason(
            "risk_not_recorded",
            f"{one.name} is not recorded as a risk.",
            "Record it, so that engineering and procurement sign it.",
            one.reference,
        )
        for one in proposed
    ]
    reasons += [
        Reason(
            "risk_not_signed",
            f"The risk “{_short(risk.text)}” is not signed by {function}.",
            "Engineering and procurement sign it, each by another person.",
            str(risk.public_id),
        )
        for risk in risks
        for function in lacking_functions(risk)
    ]
    if not risks and not proposed and not stated and statement_of(case) is None:
        detail = "No accepted risk is recorded, and nobody has stated that there is none."
        fix = "Record the risks, or let the lead state that there is none."
        reasons.append(Reason("no_risk_statement", detail, fix))
    return reasons


def told_of_risks(case: Case) -> str:
    """Where the accepted risks stand, in a sentence."""
    risks = list(risks_of(case))
    if not risks:
        statement = statement_of(case)
        if statement is None:
            return "No risk recorded yet."
        return f"No accepted risk, stated by {statement.stated_by} on {day(statement.stated_at)}."
    shared = sum(not lacking_functions(risk) for risk in risks)
    noun = "risk" if len(risks) == 1 else "risks"
    return f"{shared} of {len(risks)} accepted {noun} signed by engineering and procurement."


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


# Customers' approvals and regulatory files


def products_of(case: Case) -> QuerySet[Product]:
    """The products that the case is about: those that use the part, within its scope.

    A case without products of its own takes those that the source is meant for.
    """
    using = Product.objects.filter(usages__part=case.part_id)
    for scope in (case.products, case.source.scope):
        if scope.exists():
            using = using.filter(pk__in=scope.values("pk"))
            break
    if case.plants.exists():
        using = using.filter(plants__in=case.plants.all())
    return using.order_by("code").distinct()


def customer_approvals_of(case: Case) -> QuerySet[CustomerApproval]:
    """The standing customers' approvals of a case, by product."""
    found: QuerySet[CustomerApproval] = CustomerApproval.objects.standing().filter(case=case)
    return found.select_related("product").order_by("product__code", "id")


def regulatory_files_of(case: Case) -> QuerySet[RegulatoryFile]:
    """The standing regulatory files of a case."""
    found: QuerySet[RegulatoryFile] = RegulatoryFile.objects.standing().filter(case=case)
    return found.order_by("id")


def unasked_products(case: Case, rows: Iterable[CustomerApproval]) -> list[Product]:
    """Products whose customers must approve changes, and for which nothing is recorded."""
    asked = {row.product_id for row in rows}
    needed = products_of(case).filter(customer_approval=True)
    return [product for product in needed if product.pk not in asked]


def missing_customers(case: Case) -> list[Reason]:
    """Every reason why customers or authorities still stand against the approval."""
    rows, today = list(customer_approvals_of(case)), clock.business_day()
    reasons = [
        Reason(
            "customer_not_asked",
            f"Customers of {product.code} must approve the change; none is recorded.",
            "Record the customer and send the notice or the PPAP.",
            product.code,
        )
        for product in unasked_products(case, rows)
    ]
    reasons += [_against(row) for row in rows if not row.is_approved(today)]
    for file in regulatory_files_of(case):
        if file.update_needed is None:
            detail = f"Nobody has decided whether {file} needs an update."
            reasons.append(Reason("file_undecided", detail, "Decide it.", str(file.public_id)))
        elif file.update_needed and file.updated_on is None:
            detail = f"{file} is not updated."
            fix = "Update it and enter the day."
            reasons.append(Reason("file_not_updated", detail, fix, str(file.public_id)))
    return reasons


def _against(row: CustomerApproval) -> Reason:
    """The reason why a customer does not approve yet."""
    who, about = f"{row.customer} ({row.product.code})", str(row.public_id)
    if row.answer == CustomerApproval.Answer.REFUSED:
        fix = "Agree on a change with the customer, or take the product out of the scope."
        return Reason("customer_refused", f"{who} has refused the change.", fix, about)
    if row.sent_on is None or row.due is None:
        detail = f"The {row.get_kind_display()} to {who} is not sent."
        return Reason("customer_not_sent", detail, "Send it and enter the day.", about)
    if row.due < clock.business_day():
        detail = f"{who} has not answered; the answer was due on {day(row.due)}."
        fix = "Ask again. Silence is no approval unless the customer's agreement says so."
        return Reason("customer_overdue", detail, fix, about)
    detail = f"{who} has not answered; the answer is due on {day(row.due)}."
    return Reason("customer_waiting", detail, "Enter the answer when it is there.", about)


def told_of_customers(case: Case) -> str:
    """Where customers and authorities stand, in a sentence."""
    rows, today = list(customer_approvals_of(case)), clock.business_day()
    unasked = unasked_products(case, rows)
    files = list(regulatory_files_of(case))
    told = []
    if rows or unasked:
        approved = sum(row.is_approved(today) for row in rows)
        told.append(f"{approved} of {len(rows) + len(unasked)} customers approve.")
    else:
        told.append("No product of this case needs its customer's approval.")
    if overdue := sum(row.is_overdue(today) for row in rows):
        told.append(f"{overdue} overdue.")
    if needed := [file for file in files if file.update_needed]:
        done = sum(file.updated_on is not None for file in needed)
        told.append(f"{done} of {len(needed)} regulatory files updated.")
    return " ".join(told)


def customers_conditions(case: Case) -> list[str]:
    """The conditions under which customers approve, for the approval of the source."""
    rows = customer_approvals_of(case).exclude(conditions="")
    return [f"{row.customer} ({row.product.code}): {row.conditions}" for row in rows]


def conditions_of(case: Case) -> str:
    """The conditions of the case's approval, one a line: of differences, then of customers."""
    said = [*spec_review.conditions(case), *customers_conditions(case)]
    return "\n".join(" ".join(one.split()) for one in said)


def risks_in_words(case: Case) -> str:
    """The risks that both functions signed, for the case's approval, one a line."""
    signed = (risk for risk in risks_of(case) if not lacking_functions(risk))
    said = (" – mitigation: ".join(filter(None, [risk.text, risk.mitigation])) for risk in signed)
    return "\n".join(" ".join(one.split()) for one in said)


def terms_of(case: Case) -> dict[str, Any]:
    """What the case's approval of the source is given with."""
    return {"conditions": conditions_of(case), "accepted_risks": risks_in_words(case)}


register(LinkedWork(ChecklistItem.Link.ACCEPTED_RISKS, PAGE, missing_risks, told_of_risks))
register(
    LinkedWork(ChecklistItem.Link.CUSTOMER_APPROVALS, PAGE, missing_customers, told_of_customers)
)
work_files.register(work_files.RowKind("customers", CustomerApproval, PAGE, GATE))
work_files.register(work_files.RowKind("regulatory", RegulatoryFile, PAGE, GATE))
