"""Serializers of accepted risks, customers' approvals and regulatory files."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parts.serializers import products
from qualification import approval
from qualification.models import AcceptedRisk, CustomerApproval
from qualification.models.approval import RISK_SIGNERS
from secondsource.core.api import fields
from secondsource.core.api.serializers import Input, RecordShape, Shape
from secondsource.core.models import Job

SIGNERS = [(function.value, function.label) for function in RISK_SIGNERS]


class RiskSignatureShape(Shape):
    """A function's signature of a risk, on a version of its words."""

    function = fields.Word(choices=SIGNERS)
    signed_by = fields.Text(source="signed_by.email")
    signed_at = fields.Moment()
    risk_version = fields.Whole()
    voided_at = fields.Moment(allow_null=True)
    void_reason = fields.Text()


class RiskShape(RecordShape):
    """An accepted risk; it is shared once both functions have signed its present words."""

    text = fields.Text()
    severity = fields.Text()
    mitigation = fields.Text()
    origin = fields.Word(choices=AcceptedRisk.Origin.choices)
    reference = fields.Text()
    raised_by = fields.Text(source="raised_by.email")
    signatures = RiskSignatureShape(many=True)
    shared = serializers.SerializerMethodField()
    withdrawn_at = fields.Moment(allow_null=True)
    withdrawn_reason = fields.Text()

    @extend_schema_field(bool)
    def get_shared(self, risk: AcceptedRisk) -> bool:
        """Whether engineering and procurement have signed."""
        return not approval.lacking_functions(risk)


class RiskChanges(Input):
    """The words of a risk; a change voids its signatures."""

    text = fields.Text(max_length=2_000, required=False)
    severity = fields.Text(max_length=200, required=False, allow_blank=True)
    mitigation = fields.Text(max_length=2_000, required=False, allow_blank=True)


class RiskInput(RiskChanges):
    """A new accepted risk."""

    text = fields.Text(max_length=2_000)
    origin = fields.Word(choices=AcceptedRisk.Origin.choices, required=False)
    reference = fields.Text(max_length=60, required=False, allow_blank=True)


class RiskSignatureInput(Input):
    """Sign a risk for a function; ``expected`` is the risk's version."""

    function = fields.Word(choices=SIGNERS)
    expected = fields.Whole(required=False, min_value=1)


class WithdrawInput(Input):
    """Withdraw a row, with a reason."""

    reason = fields.Text(max_length=300)
    expected = fields.Whole(required=False, min_value=1)


class NoRiskShape(RecordShape):
    """The lead's statement that no risk is accepted."""

    reason = fields.Text()
    stated_by = fields.Text(source="stated_by.email")
    stated_at = fields.Moment()
    withdrawn_at = fields.Moment(allow_null=True)


class NoRiskInput(Input):
    """State that no risk is accepted; ``expected`` is the case's version."""

    reason = fields.Text(max_length=2_000)
    expected = fields.Whole(required=False, min_value=1)


class CustomerApprovalShape(RecordShape):
    """What a customer was asked about the change, and the answer."""

    product = fields.Text(source="product.code")
    customer = fields.Text()
    kind = fields.Word(choices=CustomerApproval.Kind.choices)
    sent_on = fields.Day(allow_null=True)
    due = fields.Day(allow_null=True)
    silence_clause = fields.Text()
    answered_on = fields.Day(allow_null=True)
    answer = fields.Word(choices=CustomerApproval.Answer.choices, allow_blank=True)
    conditions = fields.Text()
    withdrawn_at = fields.Moment(allow_null=True)
    withdrawn_reason = fields.Text()


class CustomerApprovalChanges(Input):
    """What was sent to the customer and answered."""

    customer = fields.Text(max_length=120, required=False)
    kind = fields.Word(choices=CustomerApproval.Kind.choices, required=False)
    sent_on = fields.Day(required=False, allow_null=True)
    due = fields.Day(required=False, allow_null=True)
    silence_clause = fields.Text(max_length=200, required=False, allow_blank=True)
    answered_on = fields.Day(required=False, allow_null=True)
    answer = fields.Word(choices=CustomerApproval.Answer.choices, required=False, allow_blank=True)
    conditions = fields.Text(max_length=10_000, required=False, allow_blank=True)


class CustomerApprovalInput(CustomerApprovalChanges):
    """A customer of a product who is asked about the change."""

    product = fields.Key(products, "code")
    customer = fields.Text(max_length=120)


class RegulatoryFileShape(RecordShape):
    """A file with an authority; ``update_needed`` is null while nobody has decided."""

    name = fields.Text()
    authority = fields.Text()
    update_needed = fields.Flag(allow_null=True)
    reason = fields.Text()
    updated_on = fields.Day(allow_null=True)
    withdrawn_at = fields.Moment(allow_null=True)
    withdrawn_reason = fields.Text()


class RegulatoryFileChanges(Input):
    """The decision on a regulatory file, and the day of its update."""

    name = fields.Text(max_length=200, required=False)
    authority = fields.Text(max_length=120, required=False, allow_blank=True)
    update_needed = fields.Flag(required=False, allow_null=True)
    reason = fields.Text(max_length=2_000, required=False, allow_blank=True)
    updated_on = fields.Day(required=False, allow_null=True)


class RegulatoryFileInput(RegulatoryFileChanges):
    """A file with an authority that the change may touch."""

    name = fields.Text(max_length=200)


class DossierShape(RecordShape):
    """A dossier; ``groups`` are the hidden fields that it shows, ``job`` the state of its job."""

    number = fields.Whole()
    made_by = fields.Text(source="made_by.email")
    groups = fields.Texts()
    job = fields.Word(source="job.state", choices=Job.State.choices)
    case_version = fields.Whole(allow_null=True)
    pages = fields.Whole(allow_null=True)
    name = fields.Text(source="file.name", default=None, allow_null=True)
    sha256 = fields.Text(source="file.sha256", default=None, allow_null=True)


class DossierStarted(Shape):
    """The job that makes a dossier, and the dossier."""

    job = fields.Text()
    id = fields.Text()
    url = fields.Text()
