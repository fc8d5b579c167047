"""The page of a case's approval: accepted risks, customers, regulatory files, signatures."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from qualification import approval, guards, work_files
from qualification.consequences import in_words
from qualification.dossier.read import seen_groups
from qualification.models import AcceptedRisk, Case, CustomerApproval, Dossier, RegulatoryFile
from qualification.models.approval import RISK_SIGNERS
from qualification.models.cases import GATES, OPEN_STATES, State
from qualification.services.gates import functions_of
from qualification.views.base import OnCase
from qualification.views.list import incumbent
from secondsource.accounts.rights import Function
from secondsource.core import clock
from secondsource.core.actors import Actor
from secondsource.core.chips import StateChip
from secondsource.core.formats import day
from secondsource.core.views import DetailPage

GATE = State.APPROVAL
#: Dossiers on the page; the API lists all.
MOST_DOSSIERS = 10


class ApprovalPage(OnCase, DetailPage):
    """The evidence for the approval of a case, and what is missing."""

    permission_required = "qualification.view_case"
    template_name = "qualification/approval.html"
    page_title = "Approval of {self.object.key}"

    def get_queryset(self) -> Any:
        """Cases with their team, on which the rights depend."""
        return super().get_queryset().prefetch_related("team__user", "interims__approval")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds a card for each kind of work, and the signatures of all gates."""
        case = self.case
        rows = list(approval.customer_approvals_of(case))
        asked = work_files.by_row(case, "customers")
        updated = work_files.by_row(case, "regulatory")
        is_open = case.state in OPEN_STATES and case.state != State.ON_HOLD
        ahead = is_open and guards.is_ahead(case, GATE)
        return super().get_context_data(
            incumbent=incumbent(case),
            is_passed=is_open and not ahead,
            may_write=ahead and self.actor.may("qualification.write_case", case),
            risks=self._risks(ahead),
            proposed=approval.proposed_risks(case),
            statement=approval.statement_of(case),
            may_state=ahead and self.actor.may("qualification.lead_case", case),
            customers=[(row, customer_chip(row), asked.get(row.pk, [])) for row in rows],
            unasked=approval.unasked_products(case, rows),
            files=[
                (row, file_chip(row), updated.get(row.pk, []))
                for row in approval.regulatory_files_of(case)
            ],
            conditions=approval.conditions_of(case),
            signatures=self._signatures(),
            interim=case.interim,
            may_make_dossier=self.actor.may("qualification.make_dossier", case),
            dossiers=dossiers_for(case, self.actor)[:MOST_DOSSIERS],
            **context,
        )

    def _risks(self, ahead: bool) -> list[dict[str, Any]]:
        """Each risk with its signatures, and the functions for which the reader can sign."""
        case, user = self.case, self.actor.user
        may_sign = ahead and user is not None and self.actor.may("qualification.sign_case", case)
        mine = functions_of(case, user) if may_sign and user else []
        return [
            {
                "risk": risk,
                "shared": approval.shared_in_words(risk),
                "signers": [_signer(case, risk, function, mine, user) for function in RISK_SIGNERS],
            }
            for risk in approval.risks_of(case)
        ]

    def _signatures(self) -> list[tuple[str, list[Any]]]:
        """All signatures by gate, also void ones, the latest gate first."""
        given = list(self.case.sign_offs.select_related("signed_by").order_by("id"))
        by_gate = [(in_words(gate), [s for s in given if s.gate == gate]) for gate in GATES]
        return [(label, rows) for label, rows in reversed(by_gate) if rows]


def dossiers_for(case: Case, actor: Actor) -> QuerySet[Dossier]:
    """The dossiers of a case that show nothing hidden from the actor."""
    readable: QuerySet[Dossier] = Dossier.objects.readable_with(seen_groups(actor, case))
    return readable.filter(case=case).select_related("case", "job", "file", "made_by")


def _signer(
    case: Case, risk: AcceptedRisk, function: Function, mine: list[str], user: Any
) -> dict[str, Any]:
    """A function's signature of a risk, or who can give it."""
    signed = approval.signed_by_function(risk)
    if function in signed:
        return {"label": function.label, "signed": signed[function]}
    people = [
        m.user.name
        for m in case.team.all()
        if m.function == function and m.user.is_active and m.user.may_hold(function)
    ]
    other = any(one.signed_by_id == user.pk for one in signed.values()) if user else False
    url = ""
    if str(function) in mine and not other:
        url = reverse("case_risk_sign", args=[case.number, risk.public_id, str(function)])
    return {"label": function.label, "people": ", ".join(people), "url": url}


def customer_chip(row: CustomerApproval) -> StateChip:
    """The state of a customer's approval."""
    today = clock.business_day()
    if row.answer == CustomerApproval.Answer.REFUSED:
        return StateChip("Refused", "bad", "ban")
    if row.approved_by_silence(today):
        return StateChip(f"Approved by silence {day(row.due)}", "good", "circle-check")
    if row.answer:
        words = "Approved" if row.answer == CustomerApproval.Answer.APPROVED else "With conditions"
        return StateChip(f"{words} {day(row.answered_on)}", "good", "circle-check")
    if row.sent_on is None:
        return StateChip("Not sent", "warn", "send")
    if row.is_overdue(today):
        return StateChip(f"Overdue since {day(row.due)}", "bad", "circle-alert")
    return StateChip(f"Due {day(row.due)}", "warn", "hourglass")


def file_chip(row: RegulatoryFile) -> StateChip:
    """The state of a regulatory file."""
    if row.update_needed is None:
        return StateChip("Not decided", "warn", "circle-alert")
    if not row.update_needed:
        return StateChip("No update needed", "", "minus")
    if row.updated_on is None:
        return StateChip("To update", "warn", "hourglass")
    return StateChip(f"Updated {day(row.updated_on)}", "good", "circle-check")
