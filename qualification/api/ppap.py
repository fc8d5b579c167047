"""``/cases/{key}/ppap/`` and ``/cases/{key}/ppap/elements/``."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from qualification import services
from qualification import work_serializers as shapes
from qualification.api.gates import OfCase
from qualification.models import PpapElement, PpapSubmission
from qualification.ppap_work import submission_of
from qualification.services import Judgement
from secondsource.core.api.etag import expect
from secondsource.core.api.history import History
from secondsource.core.api.views import Changeable, Readable
from secondsource.core.errors import ValuesRefused


class PpapResource(OfCase):
    """The submission of a case."""

    queryset = PpapSubmission.objects.none()
    shape = shapes.PpapShape

    def rows(self) -> QuerySet[PpapSubmission]:
        """The submission, once it is started."""
        return PpapSubmission.objects.filter(case=self.case).select_related("decided_by", "case")

    def input_for(self, method: str) -> Any:
        """A level."""
        return shapes.PpapLevelInput if method == "POST" else None

    def read(self, request: Request, **kwargs: Any) -> Response:
        """Level, completeness and warrant."""
        found = self.rows().first()
        if found is None:
            raise Http404
        return self.show(found)

    def start(self, request: Request, **kwargs: Any) -> Response:
        """Start the submission at a level, or change the level."""
        values = self._values(shapes.PpapLevelInput)
        made = services.set_ppap_level(case=self.case, actor=self.actor, **values)
        return self.show(self.fresh(made))

    def _values(self, input_class: Any) -> dict[str, Any]:
        values = self.take(input_class)
        found = submission_of(self.case)
        if found is not None:
            expect(self.request, found, values)
        return values


class WarrantResource(PpapResource):
    """The disposition of the warrant."""

    permission = {"read": "qualification.view_case", "write": "qualification.judge_ppap"}

    def input_for(self, method: str) -> Any:
        """A disposition."""
        return shapes.WarrantInput if method == "POST" else None

    @extend_schema(responses=shapes.PpapShape)
    def decide(self, request: Request, **kwargs: Any) -> Response:
        """Decide on the warrant, by quality."""
        values = self._values(shapes.WarrantInput)
        made = services.decide_warrant(case=self.case, actor=self.actor, **values)
        return self.show(self.fresh(made))


class PpapElementResource(OfCase, Readable, Changeable, History):
    """The elements of the submission."""

    queryset = PpapElement.objects.none()
    shape = shapes.PpapElementShape
    changes_class = shapes.PpapElementChange
    orderings = {"number": "number"}
    ordering = ("number",)

    def rows(self) -> QuerySet[PpapElement]:
        """The case's elements."""
        return self.case.ppap_elements.select_related("case")

    def change(self, obj: PpapElement, values: dict[str, Any], expected: int | None) -> PpapElement:
        """Set status and reason; quality accepts and rejects."""
        status, reason = values.get("status", obj.status), values.get("reason", obj.reason)
        said = {obj.number: Judgement(status, reason, expected)}
        try:
            services.set_ppap_elements(case=self.case, elements=said, actor=self.actor)
        except ValuesRefused as refusal:
            raise refusal.under({f"/{obj.number}": ""}) from refusal
        return obj
