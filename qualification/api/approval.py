"""``/cases/{key}/accepted-risks|no-risk|customer-approvals|regulatory-files/``."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import approval_serializers as serializers
from qualification import services
from qualification.api.gates import OfCase
from qualification.dossier.read import seen_groups
from qualification.models import (
    AcceptedRisk,
    CustomerApproval,
    Dossier,
    NoRiskStatement,
    RegulatoryFile,
    RiskSignature,
)
from secondsource.core.api.etag import expect
from secondsource.core.api.history import History
from secondsource.core.api.jobs import job_url
from secondsource.core.api.views import Addable, Changeable, Readable
from secondsource.core.errors import RuleRefused


class RiskResource(OfCase, Readable, Addable, Changeable, History):
    """The accepted risks of a case, also withdrawn ones."""

    queryset = AcceptedRisk.objects.none()
    shape = serializers.RiskShape
    input_class = serializers.RiskInput
    changes_class = serializers.RiskChanges
    orderings = {"created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[AcceptedRisk]:
        """The risks with their signatures."""
        signatures = RiskSignature.objects.select_related("signed_by")
        return self.case.accepted_risks.select_related("raised_by", "case").prefetch_related(
            Prefetch("signatures", queryset=signatures)
        )

    def add(self, values: dict[str, Any]) -> AcceptedRisk:
        """Record a risk."""
        return services.record_risk(case=self.case, **values, actor=self.actor)

    def change(
        self, obj: AcceptedRisk, values: dict[str, Any], expected: int | None
    ) -> AcceptedRisk:
        """Change its words."""
        return services.change_risk(risk=obj, values=values, actor=self.actor, expected=expected)

    @extend_schema(request=serializers.RiskSignatureInput, responses=serializers.RiskShape)
    @action(detail=True, methods=["post"], permission="qualification.sign_case")
    def sign(self, request: Request, **kwargs: Any) -> Response:
        """Sign the risk for engineering or procurement."""
        found = self.get_object()
        values = self.take_expected(serializers.RiskSignatureInput, found)
        services.sign_risk(risk=found, **values, actor=self.actor)
        return self.show(self.fresh(found))

    @extend_schema(request=serializers.WithdrawInput, responses=serializers.RiskShape)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Withdraw the risk."""
        found = self.get_object()
        values = self.take_expected(serializers.WithdrawInput, found)
        return self.show(self.fresh(services.withdraw_risk(risk=found, **values, actor=self.actor)))


class NoRiskResource(OfCase, Readable, Addable, History):
    """The lead's statements that no risk is accepted."""

    queryset = NoRiskStatement.objects.none()
    shape = serializers.NoRiskShape
    input_class = serializers.NoRiskInput
    orderings = {"stated_at": "id"}
    ordering = ("stated_at",)

    def rows(self) -> QuerySet[NoRiskStatement]:
        """The statements of the case, also withdrawn ones."""
        return self.case.no_risk_statements.select_related("stated_by")

    def add(self, values: dict[str, Any]) -> NoRiskStatement:
        """State that no risk is accepted."""
        expect(self.request, self.case, values)
        return services.state_no_risk(case=self.case, **values, actor=self.actor)


class CustomerApprovalResource(OfCase, Readable, Addable, Changeable, History):
    """The customers' approvals of a case, also withdrawn ones."""

    queryset = CustomerApproval.objects.none()
    shape = serializers.CustomerApprovalShape
    input_class = serializers.CustomerApprovalInput
    changes_class = serializers.CustomerApprovalChanges
    orderings = {"due": "due", "created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[CustomerApproval]:
        """The rows with their products."""
        return self.case.customer_approvals.select_related("product", "case")

    def add(self, values: dict[str, Any]) -> CustomerApproval:
        """Add a customer."""
        product = values.pop("product")
        return services.add_customer_approval(
            case=self.case, product=product, values=values, actor=self.actor
        )

    def change(
        self, obj: CustomerApproval, values: dict[str, Any], expected: int | None
    ) -> CustomerApproval:
        """Change what was sent and answered."""
        return services.change_customer_approval(
            row=obj, values=values, actor=self.actor, expected=expected
        )

    @extend_schema(request=serializers.WithdrawInput, responses=serializers.CustomerApprovalShape)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Withdraw a row that was recorded by mistake."""
        found = self.get_object()
        values = self.take_expected(serializers.WithdrawInput, found)
        row = services.withdraw_customer_approval(row=found, **values, actor=self.actor)
        return self.show(self.fresh(row))


class RegulatoryFileResource(OfCase, Readable, Addable, Changeable, History):
    """The regulatory files of a case, also withdrawn ones."""

    queryset = RegulatoryFile.objects.none()
    shape = serializers.RegulatoryFileShape
    input_class = serializers.RegulatoryFileInput
    changes_class = serializers.RegulatoryFileChanges
    orderings = {"created_at": "id"}
    ordering = ("created_at",)

    def rows(self) -> QuerySet[RegulatoryFile]:
        """The files of the case."""
        return self.case.regulatory_files.select_related("case")

    def add(self, values: dict[str, Any]) -> RegulatoryFile:
        """Add a file."""
        return services.add_regulatory_file(case=self.case, values=values, actor=self.actor)

    def change(
        self, obj: RegulatoryFile, values: dict[str, Any], expected: int | None
    ) -> RegulatoryFile:
        """Decide on the file, or enter the day of its update."""
        return services.change_regulatory_file(
            row=obj, values=values, actor=self.actor, expected=expected
        )

    @extend_schema(request=serializers.WithdrawInput, responses=serializers.RegulatoryFileShape)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **kwargs: Any) -> Response:
        """Withdraw a row that was recorded by mistake."""
        found = self.get_object()
        values = self.take_expected(serializers.WithdrawInput, found)
        row = services.withdraw_regulatory_file(row=found, **values, actor=self.actor)
        return self.show(self.fresh(row))


class DossierResource(OfCase, Readable, History):
    """The dossiers of a case that show nothing hidden from the caller."""

    permission = {"read": "qualification.view_case", "write": "qualification.make_dossier"}
    queryset = Dossier.objects.none()
    shape = serializers.DossierShape
    orderings = {"number": "number"}
    ordering = ("-number",)
    honours_if_match = False

    def rows(self) -> QuerySet[Dossier]:
        """The dossiers of the case."""
        readable = Dossier.objects.readable_with(seen_groups(self.actor, self.case))
        found: QuerySet[Dossier] = readable.filter(case=self.case)
        return found.select_related("job", "file", "made_by", "case")

    @extend_schema(request=None, responses={202: serializers.DossierStarted})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a dossier by a job, for the rights of the caller."""
        made = services.start_dossier(case=self.case, actor=self.actor)
        url = job_url(request, made.job)
        body = {"job": url, "id": made.key, "url": self.location(made)}
        return Response(body, 202, headers={"Location": url})

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """The PDF. Refused while it is not written."""
        found = self.get_object()
        if found.file is None:
            raise RuleRefused.one(
                "not_ready", "The dossier is not written yet.", "Wait for its job."
            )
        return FileResponse(
            found.file.file.open("rb"),
            as_attachment=True,
            filename=found.file.name,
            content_type="application/octet-stream",
        )
