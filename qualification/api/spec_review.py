"""``/cases/{key}/spec-review/`` and ``/cases/{key}/dispositions/``."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import services, spec_review
from qualification import spec_review_serializers as serializers
from qualification.api.gates import OfCase
from qualification.models import Disposition
from qualification.services import ChosenLine
from secondsource.core.api.history import History
from secondsource.core.api.views import Readable


class SpecReviewResource(OfCase):
    """The comparison of a case with the decisions on its differences."""

    permission = {"read": "qualification.view_case", "write": "qualification.judge_deviation"}
    queryset = Disposition.objects.none()
    shape = serializers.SpecReviewShape
    honours_if_match = False

    def rows(self) -> QuerySet[Disposition]:
        """The decisions of the case."""
        return self.case.dispositions.all()

    def input_for(self, method: str) -> Any:
        """A decision."""
        return serializers.DispositionInput if method == "POST" else None

    def review(self, request: Request, **kwargs: Any) -> Response:
        """Every line of the comparison."""
        return self._answer()

    @extend_schema(responses=serializers.SpecReviewShape)
    def decide(self, request: Request, **kwargs: Any) -> Response:
        """Decide on a line, or on several unknown values with one reason."""
        values = self.take(serializers.DispositionInput)
        chosen = [ChosenLine(**line) for line in values.pop("lines")]
        services.decide(case=self.case, chosen=chosen, actor=self.actor, **values)
        return self._answer()

    def _answer(self) -> Response:
        found = serializers.review(spec_review.lines(self.case))
        return Response(self.shape_for_reader(self.shape).to_representation(found))


class DispositionResource(OfCase, Readable, History):
    """The decisions of a spec review; they are made at ``/spec-review/``."""

    permission = {"read": "qualification.view_case", "write": "qualification.confirm_deviation"}
    queryset = Disposition.objects.none()
    shape = serializers.DispositionShape
    orderings = {"parameter": "parameter", "decided_at": "decided_at"}
    ordering = ("parameter",)

    def rows(self) -> QuerySet[Disposition]:
        """The decisions of the case."""
        return self.case.dispositions.select_related("decided_by", "confirmed_by", "case")

    @extend_schema(request=serializers.ConfirmationInput, responses=serializers.DispositionShape)
    @action(detail=True, methods=["post"], sparse=False)
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        """Confirm, for quality, that a missed limit is accepted."""
        found = self.get_object()
        values = self.take_expected(serializers.ConfirmationInput, found)
        made = services.confirm(disposition=found, actor=self.actor, **values)
        return self.show(self.fresh(made))
