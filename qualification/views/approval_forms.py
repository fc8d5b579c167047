"""Pages with a form of the approval: risks, customers, regulatory files."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse

from qualification import services
from qualification.approval import ProposedRisk, proposed_risks
from qualification.approval_forms import (
    CustomerApprovalForm,
    NoRiskForm,
    RegulatoryFileForm,
    RiskForm,
    SignRiskForm,
)
from qualification.forms import ReasonForm
from qualification.models import AcceptedRisk, CustomerApproval, RegulatoryFile
from qualification.models.approval import RISK_SIGNERS
from qualification.views.base import CaseForm, OnCase, OnPartOfCase
from secondsource.accounts.rights import Function


class ApprovalForm(CaseForm):
    """A form of the approval; it leads back to its card."""

    card: ClassVar[str] = ""

    def get_cancel_url(self) -> str:
        """The card on the approval's page."""
        return f"{reverse('case_approval', args=[self.case.number])}#{self.card}"


class OfRisk(ApprovalForm, OnPartOfCase):
    """A form about an accepted risk."""

    part_of = AcceptedRisk
    argument = "risk"
    card = "risks"


class NewRiskPage(ApprovalForm, OnCase):
    """Record an accepted risk."""

    form_class = RiskForm
    submit_label = "Record risk"
    success_message = "Risk recorded."
    page_title = "Accepted risk of {self.object.key}"
    card = "risks"

    @property
    def proposal(self) -> ProposedRisk | None:
        """The proposed risk of ``?from=``. Raises ``Http404`` if it is not proposed any more."""
        wanted = self.request.GET.get("from", "")
        found = [one for one in proposed_risks(self.case) if one.reference == wanted]
        if wanted and not found:
            raise Http404("This risk is recorded already, or not accepted any more.")
        return found[0] if found else None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the words of the proposed risk."""
        one = self.proposal
        words = ("text", "severity", "mitigation")
        initial = {name: getattr(one, name) for name in words} if one else {}
        return {"initial": initial, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Record it."""
        one = self.proposal
        where = {"origin": one.origin, "reference": one.reference} if one else {}
        services.record_risk(case=self.case, actor=self.actor, **where, **form.cleaned_data)
        return self.get_cancel_url()


class RiskPage(OfRisk):
    """Change the words of a risk."""

    template_name = "qualification/risk.html"
    form_class = RiskForm
    submit_label = "Save risk"
    success_message = "Risk saved."
    page_title = "Accepted risk of {self.case.key}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present words."""
        words = {name: getattr(self.object, name) for name in ("text", "severity", "mitigation")}
        return {"initial": words, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save them."""
        services.change_risk(
            risk=self.object, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()


class SignRiskPage(OfRisk):
    """Sign a risk for engineering or procurement."""

    permission_required = "qualification.sign_case"
    template_name = "qualification/risk_sign.html"
    form_class = SignRiskForm
    submit_label = "Sign"
    success_message = "Signed."

    @property
    def function(self) -> Function:
        """The function in the URL. Raises ``Http404``."""
        found = next((one for one in RISK_SIGNERS if one == self.kwargs["function"]), None)
        if found is None:
            raise Http404("Risks are signed by engineering and procurement.")
        return found

    def get_page_title(self) -> str:
        """The function."""
        return f"Sign the risk for {self.function.label.lower()}"

    def save(self, form: Any) -> str:
        """Sign the version that was shown."""
        services.sign_risk(
            risk=self.object, function=str(self.function), actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the function."""
        return super().get_context_data(function=self.function, **context)


class NoRiskPage(ApprovalForm, OnCase):
    """State that no risk is accepted."""

    permission_required = "qualification.lead_case"
    form_class = NoRiskForm
    submit_label = "State it"
    success_message = "Stated that no risk is accepted."
    page_title = "No accepted risk in {self.object.key}"
    card = "risks"

    def save(self, form: Any) -> str:
        """State it on the version that was shown."""
        services.state_no_risk(
            case=self.case, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.get_cancel_url()


class NewCustomerPage(ApprovalForm, OnCase):
    """Add a customer who is asked about the change."""

    template_name = "qualification/customer.html"
    form_class = CustomerApprovalForm
    submit_label = "Add customer"
    success_message = "Customer added."
    page_title = "Customer's approval for {self.object.key}"
    card = "customers"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the case, and the product of the link."""
        initial = {"product": self.request.GET.get("product", "")}
        reader: Any = self.request.user
        return {"case": self.case, "reader": reader, "initial": initial} | super().get_form_kwargs()

    def save(self, form: Any) -> str:
        """Add the row."""
        values = dict(form.cleaned_data)
        services.add_customer_approval(
            case=self.case, product=values.pop("product"), values=values, actor=self.actor
        )
        return self.get_cancel_url()


class CustomerPage(ApprovalForm, OnPartOfCase):
    """Change what was sent to a customer and answered."""

    part_of = CustomerApproval
    argument = "row"
    template_name = "qualification/customer.html"
    form_class = CustomerApprovalForm
    submit_label = "Save"
    success_message = "Customer's approval saved."
    card = "customers"

    def get_page_title(self) -> str:
        """Customer and product."""
        return f"{self.object.customer}, {self.object.product.code}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present values."""
        reader: Any = self.request.user
        given = {"case": self.case, "reader": reader, "row": self.object}
        return given | super().get_form_kwargs()

    def save(self, form: Any) -> str:
        """Save what differs."""
        services.change_customer_approval(
            row=self.object, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()


class NewRegulatoryFilePage(ApprovalForm, OnCase):
    """Add a regulatory file."""

    template_name = "qualification/regulatory_file.html"
    form_class = RegulatoryFileForm
    submit_label = "Add file"
    success_message = "Regulatory file added."
    page_title = "Regulatory file of {self.object.key}"
    card = "regulatory"

    def save(self, form: Any) -> str:
        """Add the row."""
        services.add_regulatory_file(case=self.case, values=form.cleaned_data, actor=self.actor)
        return self.get_cancel_url()


class RegulatoryFilePage(ApprovalForm, OnPartOfCase):
    """Decide on a regulatory file, or enter the day of its update."""

    part_of = RegulatoryFile
    argument = "row"
    template_name = "qualification/regulatory_file.html"
    form_class = RegulatoryFileForm
    submit_label = "Save"
    success_message = "Regulatory file saved."
    card = "regulatory"

    def get_page_title(self) -> str:
        """The file."""
        return str(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Adds the present values."""
        return {"row": self.object, **super().get_form_kwargs()}

    def save(self, form: Any) -> str:
        """Save what differs."""
        services.change_regulatory_file(
            row=self.object, values=form.cleaned_data, actor=self.actor, expected=self.expected
        )
        return self.get_cancel_url()


class Withdraw(ApprovalForm, OnPartOfCase):
    """Base of the pages that withdraw a row with a reason."""

    form_class = ReasonForm
    submit_label = "Withdraw"
    danger = True
    success_message = "Withdrawn. It stays on record."

    def get_page_title(self) -> str:
        """The row."""
        return f"Withdraw “{self.object}”"


class WithdrawRiskPage(Withdraw):
    """Withdraw an accepted risk."""

    part_of = AcceptedRisk
    argument = "risk"
    card = "risks"

    def save(self, form: Any) -> str:
        """Withdraw it."""
        services.withdraw_risk(
            risk=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.get_cancel_url()


class WithdrawCustomerPage(Withdraw):
    """Withdraw a customer's approval that was recorded by mistake."""

    part_of = CustomerApproval
    argument = "row"
    card = "customers"

    def save(self, form: Any) -> str:
        """Withdraw it."""
        services.withdraw_customer_approval(
            row=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.get_cancel_url()


class WithdrawRegulatoryFilePage(Withdraw):
    """Withdraw a regulatory file that was recorded by mistake."""

    part_of = RegulatoryFile
    argument = "row"
    card = "regulatory"

    def save(self, form: Any) -> str:
        """Withdraw it."""
        services.withdraw_regulatory_file(
            row=self.object, actor=self.actor, expected=self.expected, **form.cleaned_data
        )
        return self.get_cancel_url()
